package fleet

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"jobhome/sync/hub/ca"
)

func TestCodeText(t *testing.T) {
	for range 40 {
		text, err := newCode(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		want := strings.ReplaceAll(text, "-", "")
		typed := strings.ToLower(strings.NewReplacer("0", "o", "1", "l", "2", "z", "-", " ").Replace(text))
		if got, err := parseCode(typed); err != nil || got != want {
			t.Fatalf("%q typed as %q: %q, %v", text, typed, got, err)
		}
		// Every wrong character and every two that were swapped are found.
		for i := range want {
			for _, c := range codeAlphabet {
				if wrong := want[:i] + string(c) + want[i+1:]; wrong != want {
					if _, err := parseCode(wrong); err == nil {
						t.Fatalf("%q passed for %q", wrong, want)
					}
				}
			}
			for j := range i {
				b := []byte(want)
				if b[i], b[j] = b[j], b[i]; string(b) != want {
					if _, err := parseCode(string(b)); err == nil {
						t.Fatalf("%q passed for %q", b, want)
					}
				}
			}
		}
	}
	if bits := 11 * 4.954; bits < 50 || len(codeAlphabet) != 31 {
		t.Errorf("%d characters", len(codeAlphabet))
	}
}

func TestEnrol(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		ctx := t.Context()
		c, err := h.NewCode(ctx, Draft{Site: "360482001", By: "li"})
		if err != nil || c.Terminal != "360482001-1" || !c.Expires.Equal(noon.Add(24*time.Hour)) || c.Pin == "" {
			t.Fatalf("%+v, %v", c, err)
		}
		a, b := &term{hub: h}, &term{hub: h}
		enrol := func(code string, k *term) (Enrolled, error) { return h.Enrol(ctx, code, k.request()) }
		got, err := enrol(strings.ToLower(c.Code), a)
		if err != nil || got.Terminal != c.Terminal || got.Site.Board != "gongqing" || !got.RenewAt.After(noon.Add(240*24*time.Hour)) {
			t.Fatalf("%+v, %v", got, err)
		}
		if id, err := h.Identify(ctx, got.Cert, false); err != nil || id != c.Terminal {
			t.Errorf("%q, %v", id, err)
		}
		if again, err := enrol(c.Code, a); err != nil || again.Terminal != c.Terminal {
			t.Errorf("the answer was lost, and the terminal asked again: %v", err)
		}
		_, err = enrol(c.Code, b)
		refused(t, "spent by another", err, ErrCode)
		_, err = enrol("0123-4567-89AB", b)
		refused(t, "never given out", err, ErrCode)
		_, err = h.Enrol(ctx, c.Code, []byte("x"))
		refused(t, "no request", err, ca.ErrRequest)

		second, err := h.NewCode(ctx, Draft{Site: "360482001", By: "li", Life: time.Hour})
		if err != nil || second.Terminal != "360482001-2" {
			t.Fatalf("%+v, %v", second, err)
		}
		_, err = enrol(second.Code, a)
		refused(t, "the key of another terminal", err, ErrOther)
		third, err := h.NewCode(ctx, Draft{Site: "360482001", Terminal: second.Terminal, By: "li", Life: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		_, err = enrol(second.Code, b)
		refused(t, "replaced by a later code", err, ErrCode)
		h.wait(time.Hour)
		_, err = enrol(third.Code, b)
		refused(t, "expired", err, ErrCode)
		h.wait(24 * time.Hour)
		_, err = enrol(c.Code, a)
		refused(t, "its day is over, also for who has used it", err, ErrCode)
		for _, d := range []Draft{{Site: "x", By: "li"}, {Site: "360482001"}, {Site: "360482001", By: "li", Life: 25 * time.Hour}, {Site: "360482001", By: "li", Terminal: "../x"}} {
			if _, err := h.NewCode(ctx, d); !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrUnknown) {
				t.Errorf("%+v: %v", d, err)
			}
		}
		h.codesAreNowhere(c.Code, third.Code)
	})
}

func (h *hub) codesAreNowhere(codes ...string) {
	for _, c := range codes {
		h.phonesAreNowhere(c, strings.ReplaceAll(c, "-", ""))
	}
}

func TestRenewAndRevoke(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		ctx := t.Context()
		k := h.enrol("360482001")
		other := h.enrol("360482001")
		_, err := h.Renew(ctx, k.enrolled.Cert, other.request())
		refused(t, "another key", err, ErrOther)
		h.wait(3 * ca.TerminalLife)
		_, err = h.Identify(ctx, k.enrolled.Cert, false)
		refused(t, "expired", err, ca.ErrExpired)
		got, err := h.Renew(ctx, k.enrolled.Cert, k.request())
		if err != nil || got.Terminal != k.id || got.Site.ID != "360482001" {
			t.Fatalf("an expired one is not renewed: %v", err)
		}
		if id, err := h.Identify(ctx, got.Cert, false); err != nil || id != k.id {
			t.Errorf("%q, %v", id, err)
		}
		refused(t, "nobody", h.Revoke(ctx, "x", "li"), ErrUnknown)
		c, err := h.NewCode(ctx, Draft{Site: "360482001", Terminal: k.id, By: "li"})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := h.Revoke(ctx, k.id, "li"); err != nil {
				t.Fatal(err)
			}
		}
		_, err = h.Identify(ctx, got.Cert, false)
		refused(t, "revoked", err, ErrRevoked)
		_, err = h.Renew(ctx, got.Cert, k.request())
		refused(t, "revoked, renewed", err, ErrRevoked)
		_, err = h.Enrol(ctx, c.Code, k.request())
		refused(t, "a code from before", err, ErrCode)
		// It was found again: with a new code and a new key it is back.
		if c, err = h.NewCode(ctx, Draft{Site: "360482001", Terminal: k.id, By: "li"}); err != nil {
			t.Fatal(err)
		}
		_, err = h.Enrol(ctx, c.Code, k.request())
		refused(t, "the key that was lost", err, ErrRevoked)
		old := got.Cert
		k.private = nil
		if got, err = h.Enrol(ctx, c.Code, k.request()); err != nil {
			t.Fatal(err)
		}
		_, err = h.Identify(ctx, old, true)
		refused(t, "the certificate from before", err, ErrOther)
		if ack := k.send(k.batch(k.referral(code(t)))); ack.Watermark != 1 {
			t.Errorf("%+v", ack)
		}
		list, err := h.Terminals(ctx, "")
		if err != nil || len(list) != 2 || !list[0].Revoked.IsZero() {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestOrders(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		refused(t, "no JSON", h.SetOrders(t.Context(), k.id, []byte("{")), ErrInvalid)
		refused(t, "nobody", h.SetOrders(t.Context(), "x", []byte("{}")), ErrUnknown)
		if err := h.SetOrders(t.Context(), k.id, []byte(`{"quiet":[22,7]}`)); err != nil {
			t.Fatal(err)
		}
		if ack := k.send(k.batch()); !bytes.Equal(ack.Orders, []byte(`{"quiet":[22,7]}`)) {
			t.Errorf("orders %s", ack.Orders)
		}
	})
}
