package gate

import (
	"bytes"
	"crypto/ed25519"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"jobhome/sync/hub/ca"
)

func TestRefusals(t *testing.T) {
	h := one(t, nil)
	a, b, nobody := h.enrolled(), h.enrolled(), h.terminal()
	nobody.is("no certificate", nobody.ask("POST", "/v1/records", []byte("{}")), noCertificate)
	nobody.is("no certificate", nobody.ask("POST", "/v1/renew", []byte("{}")), noCertificate)
	a.is("another's batch", a.ask("POST", "/v1/records", b.batch(1)), otherTerminal)
	forged := *a
	forged.private = b.private
	a.is("another's signature", a.ask("POST", "/v1/records", forged.batch(1)), badSignature)
	a.is("no envelope", a.ask("POST", "/v1/records", []byte("{")), malformed)
	a.is("no batch", a.ask("POST", "/v1/records", a.sign([]byte(`{"kiosk":"`+a.id+`","incarnation":""}`))), badBatch)
	a.is("too large", a.ask("POST", "/v1/records", bytes.Repeat([]byte(" "), mostBatch+1)), tooLarge)
	a.is("another key", a.ask("POST", "/v1/renew", asJSON(enrolment{CSR: b.csr()})), otherTerminal)
	a.is("no request", a.ask("POST", "/v1/renew", asJSON(enrolment{CSR: []byte("x")})), badRequest)
	a.is("nothing here", a.ask("GET", "/v2", nil), notFound)
	a.is("metrics are inside", a.ask("GET", "/metrics", nil), notFound)
	get := a.ask("GET", "/v1/records", nil)
	a.is("method", get, methodNotAllowed)
	if get.Header.Get("Allow") != "POST" {
		t.Errorf("Allow %q", get.Header.Get("Allow"))
	}
	req, _ := http.NewRequestWithContext(t.Context(), "POST", h.url+"/v1/records", strings.NewReader("{}"))
	req.Header.Set("Content-Type", "text/plain")
	a.is("no JSON", a.do(req), notJSON)

	foreign, err := ca.Open(t.TempDir(), h.clock())
	if err != nil {
		t.Fatal(err)
	}
	cert, err := foreign.Terminal(a.id, a.private.Public().(ed25519.PublicKey), h.clock())
	if err != nil {
		t.Fatal(err)
	}
	stranger := h.terminal()
	stranger.private, stranger.id, stranger.cert = a.private, a.id, cert.Raw
	stranger.is("another authority", stranger.ask("POST", "/v1/records", stranger.batch(1)), foreignCertificate)

	for range mostAtOnce {
		h.working <- struct{}{}
	}
	a.is("all are busy", a.ask("POST", "/v1/records", a.batch(1)), busy)
	if err := h.db.Close(); err != nil {
		t.Fatal(err)
	}
	a.is("no database", a.ask("GET", "/healthz", nil), busy)
	a.is("no database", a.ask("POST", "/v1/records", nil), internal)
}

func TestTooMany(t *testing.T) {
	h := one(t, nil)
	k := h.terminal()
	body := asJSON(enrolment{"0000-0000-0000", k.csr()})
	for range 10 {
		k.is("guessed", k.ask("POST", "/v1/enrol", body), badCode)
	}
	k.is("guessed too often", k.ask("POST", "/v1/enrol", body), tooMany)
	h.wait(10 * time.Second)
	k.is("after a while", k.ask("POST", "/v1/enrol", body), badCode)
	h.wait(time.Hour)
	k = h.enrolled()
	text := k.batch(0)
	for range 120 {
		k.ack(k.ask("POST", "/v1/records", text))
	}
	k.is("too often", k.ask("POST", "/v1/records", text), tooMany)
	h.wait(time.Second)
	k.ack(k.ask("POST", "/v1/records", text))
}

func TestLimiter(t *testing.T) {
	l, now := newLimiter(3, time.Second), time.Now()
	for i, want := range []time.Duration{0, 0, 0, time.Second} {
		if got := l.take("a", now); got != want {
			t.Errorf("%d: %v, want %v", i, got, want)
		}
	}
	if l.take("b", now) != 0 {
		t.Error("another key waits")
	}
	if now = now.Add(1500 * time.Millisecond); l.take("a", now) != 0 || l.take("a", now) != time.Second/2 {
		t.Error("not once more after a step")
	}
	for i := range mostKeys {
		l.take(strconv.Itoa(i), now)
	}
	if l.take("new", now) == 0 || len(l.free) > mostKeys {
		t.Errorf("%d keys", len(l.free))
	}
	if now = now.Add(time.Minute); l.take("new", now) != 0 || len(l.free) != 1 {
		t.Errorf("%d keys", len(l.free))
	}
	for remote, want := range map[string]string{"10.0.0.1:9": "10.0.0.1", "[2001:db8::1:2:3:4]:9": "2001:db8::/64", "[::ffff:10.0.0.1]:9": "::ffff:10.0.0.1"} {
		if got := network(remote); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
}
