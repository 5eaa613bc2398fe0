package fleet

import (
	"bytes"
	"encoding/json"
	mrand "math/rand/v2"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/record"
	"jobhome/sync/trust"
)

func TestReferralFromIssueToOutcome(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		c := code(t)
		ack := k.send(k.batch(k.referral(c), k.state(c, kiosk.Unconfirmed), k.state(c, kiosk.Printed), k.rating(c, kiosk.Poor), k.rating(c, kiosk.Good)))
		if ack.Watermark != 5 || ack.Kiosk != k.id || ack.Incarnation != k.incarnation || ack.Nonce != "n1" || !ack.HubTime.Equal(noon) ||
			len(ack.Heads) != 1 || len(ack.Revoked) != 1 || ack.Orders != nil {
			t.Errorf("ack %+v", ack)
		}
		r := h.find(c)
		if r.State != kiosk.Printed || r.Rating != kiosk.Good || r.Posting != "p-1" || !r.Issued.Equal(noon) || r.Terminal != k.id || r.Attempts != 1 {
			t.Errorf("referral %+v", r)
		}
		h.wait(time.Hour)
		if err := h.SetOutcome(t.Context(), r, kiosk.Contacted, "li"); err != nil {
			t.Fatal(err)
		}
		if err := h.SetOutcome(t.Context(), r, kiosk.Hired, "li"); err != nil {
			t.Fatal(err)
		}
		refused(t, "no outcome", h.SetOutcome(t.Context(), r, "maybe", "li"), ErrInvalid)
		refused(t, "no referral", h.SetOutcome(t.Context(), Referral{Incarnation: r.Incarnation, Code: "2222222222"}, kiosk.Hired, "li"), ErrUnknown)
		// It comes by itself to the terminal that issued it …
		got := k.send(k.batch()).Outcomes
		if len(got) != 1 || got[0].Code != c || got[0].Outcome != kiosk.Hired || got[0].At.Before(noon) {
			t.Errorf("own terminal: %+v", got)
		}
		// … later only when asked for, and then to any.
		h.wait(72 * time.Hour)
		k.send(k.batch())
		h.wait(72 * time.Hour)
		if got = k.send(k.batch()).Outcomes; len(got) != 0 {
			t.Errorf("unasked: %+v", got)
		}
		for _, at := range []*term{k, h.enrol("360482001")} {
			b := at.batch()
			b.Known = []kiosk.Code{"2222222222", c}
			if got = at.send(b).Outcomes; len(got) != 1 || got[0].Outcome != kiosk.Hired {
				t.Errorf("%s asked: %+v", at.id, got)
			}
		}
	})
}

// Two terminals drew the same code: each is told of its own, a third of none, and
// staff see both.
func TestSameCodeTwice(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		c := code(t)
		a, b, third := h.enrol("360482001"), h.enrol("360482001"), h.enrol("360482001")
		a.send(a.batch(a.referral(c)))
		b.send(b.batch(b.referral(c)))
		list, err := h.Find(t.Context(), "36", string(c))
		if err != nil || len(list) != 2 {
			t.Fatalf("%d, %v", len(list), err)
		}
		for _, r := range list {
			o := kiosk.Hired
			if r.Terminal == b.id {
				o = kiosk.Filled
			}
			if err := h.SetOutcome(t.Context(), r, o, "li"); err != nil {
				t.Fatal(err)
			}
		}
		ask := func(k *term) kiosk.Outcome {
			q := k.batch()
			q.Known = []kiosk.Code{c}
			if got := k.send(q).Outcomes; len(got) > 0 {
				return got[0].Outcome
			}
			return ""
		}
		h.wait(96 * time.Hour)
		if x, y, z := ask(a), ask(b), ask(third); x != kiosk.Hired || y != kiosk.Filled || z != "" {
			t.Errorf("told %q, %q, %q", x, y, z)
		}
	})
}

// Whatever is repeated, in whatever pieces and order, has its effect once, and the
// later record of a referral counts. The model is the records in order.
func TestRepeatedInPieces(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		dice := mrand.New(mrand.NewPCG(1, 2))
		var all []record.Record
		want := map[kiosk.Code]kiosk.ReferralState{}
		for range 30 {
			c := code(t)
			all = append(all, k.referral(c), k.state(c, kiosk.Unconfirmed), k.rating(c, kiosk.Fair))
			want[c] = kiosk.Unconfirmed
			if dice.IntN(2) == 0 {
				all = append(all, k.state(c, kiosk.Printed))
				want[c] = kiosk.Printed
			}
		}
		all = append(all, k.call("13800138000"), k.sealed(record.Bad, fields{"v": 1, "posting": "p-1", "why": "fee", "at": noon}),
			k.sealed(record.Survey, fields{"v": 2, "q1": "b"}))
		seen := map[uint64]bool{}
		for len(seen) < len(all) {
			i := dice.IntN(len(all))
			part := all[i:min(len(all), i+1+dice.IntN(20))]
			ack := k.send(k.batch(part...))
			for j, v := range ack.Verdicts {
				if fresh := v.State == record.Accepted; v.Seq != part[j].Seq || fresh == seen[v.Seq] || v.State == record.Rejected {
					t.Fatalf("verdict %+v of a record that was seen: %v", v, seen[v.Seq])
				}
				seen[v.Seq] = true
			}
			mark := uint64(0)
			for seen[mark+1] {
				mark++
			}
			if ack.Watermark != mark {
				t.Fatalf("watermark %d, want %d", ack.Watermark, mark)
			}
		}
		for c, s := range want {
			if r := h.find(c); r.State != s || r.Rating != kiosk.Fair || r.Issued.IsZero() || r.Posting != "p-1" {
				t.Errorf("referral %+v, want %s", r, s)
			}
		}
		for table, n := range map[string]int{"fleet_referral": 30, "fleet_callback": 1, "fleet_complaint": 1, "fleet_survey": 1, "fleet_record": len(all)} {
			if got := h.count(table); got != n {
				t.Errorf("%s has %d rows, want %d", table, got, n)
			}
		}
	})
}

// The same batches at the same time, over several connections: one effect.
func TestRepeatedAtTheSameTime(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		var all []record.Record
		for range 40 {
			all = append(all, k.referral(code(t)))
		}
		e := k.sign(k.batch(append(all, k.call("13800138000"))...))
		fail := make(chan error)
		for range 8 {
			go func() { _, err := h.Accept(t.Context(), From{Terminal: k.id}, e); fail <- err }()
		}
		for range 8 {
			if err := <-fail; err != nil {
				t.Error(err)
			}
		}
		if n, m := h.count("fleet_referral"), h.count("fleet_callback"); n != 40 || m != 1 {
			t.Errorf("%d referrals, %d requests", n, m)
		}
	})
}

func TestGapStopsTheWatermark(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		var r []record.Record
		for range 9 {
			r = append(r, k.referral(code(t)))
		}
		for _, step := range []struct {
			send []record.Record
			want uint64
		}{
			{r[2:4], 0},
			{r[5:9], 0},
			{r[0:1], 1},
			{nil, 1},
			{r[1:2], 4},
			{r[6:7], 4},
			{r[4:5], 9},
		} {
			ack := k.send(k.batch(step.send...))
			if len(step.send) > 0 && ack.Watermark != step.want {
				t.Errorf("watermark %d, want %d", ack.Watermark, step.want)
			}
		}
	})
}

func TestWhoIsRefused(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		a, b := h.enrol("360482001"), h.enrol("360482001")
		accept := func(from From, e trust.Envelope) error { _, err := h.Accept(t.Context(), from, e); return err }
		mine := a.batch(a.referral(code(t)))
		refused(t, "another's certificate", accept(From{Terminal: b.id}, a.sign(mine)), ErrOther)
		refused(t, "signed by another", accept(From{}, b.sign(mine)), ErrSignature)
		refused(t, "not signed", accept(From{}, trust.Envelope{PayloadType: trust.TypeBatch, Payload: a.sign(mine).Payload}), ErrSignature)
		head := a.sign(mine)
		head.PayloadType = trust.TypeHead
		refused(t, "another type", accept(From{}, head), trust.ErrType)
		nobody := *a
		nobody.id = "x-9"
		refused(t, "nobody", accept(From{}, nobody.sign(nobody.batch())), ErrUnknown)
		text, _ := json.Marshal(mine)
		for name, bad := range map[string][]byte{
			"two names":   bytes.Replace(text, []byte(`{`), []byte(`{"KIOSK":"`+b.id+`",`), 1),
			"no JSON":     []byte(`{"kiosk":"` + a.id + `"`),
			"rest":        append(bytes.Clone(text), "{}"...),
			"incarnation": bytes.Replace(text, []byte(a.incarnation), []byte("a/../b"), 1),
			"number 0":    bytes.Replace(text, []byte(`"seq":1`), []byte(`"seq":0`), 1),
			"too great":   bytes.Replace(text, []byte(`"seq":1`), []byte(`"seq":9007199254740993`), 1),
			"no number":   bytes.Replace(text, []byte(`"seq":1`), []byte(`"sequel":1`), 1),
			"twice":       bytes.Replace(text, []byte(`"records":[`), []byte(`"records":[{"seq":1},`), 1),
		} {
			if bytes.Equal(bad, text) {
				t.Fatalf("%s: nothing was changed", name)
			}
			if err := accept(From{}, a.signText(bad)); name != "two names" {
				refused(t, name, err, ErrBatch)
			} else if err != nil {
				t.Errorf("%s: the last name counts, and it is the right one: %v", name, err)
			}
		}
		if err := h.Revoke(t.Context(), a.id, "li"); err != nil {
			t.Fatal(err)
		}
		refused(t, "revoked", accept(From{Terminal: a.id}, a.sign(mine)), ErrRevoked)
		refused(t, "revoked, on a stick", accept(From{Stick: true}, a.sign(mine)), ErrRevoked)
		if n := h.count("fleet_record"); n != 1 { // of "two names"
			t.Errorf("%d records", n)
		}
	})
}

// A terminal that was set up anew begins at 1 with another incarnation.
func TestNewIncarnation(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		k.send(k.batch(k.referral(code(t)), k.referral(code(t))))
		k.incarnation, k.seq = "anew", 0
		ack := k.send(k.batch(k.referral(code(t))))
		if ack.Watermark != 1 || ack.Verdicts[0].State != record.Accepted || h.count("fleet_referral") != 3 {
			t.Errorf("ack %+v", ack)
		}
	})
}

// A clock that is years off changes nothing but the times, which are ours then.
func TestClockSkew(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		for _, off := range []time.Duration{9 * 365 * 24 * time.Hour, -20 * 365 * 24 * time.Hour, -time.Minute} {
			k := h.enrol("360482001")
			c := code(t)
			r := k.sealed(record.Referral, fields{"v": 1, "code": c, "posting": "p-1", "at": noon.Add(off)})
			r.At = noon.Add(off)
			b := k.batch(r)
			b.Status, _ = json.Marshal(record.Status{At: noon.Add(off), Boot: 1})
			if ack := k.send(b); ack.Watermark != 1 || !ack.HubTime.Equal(noon) {
				t.Errorf("off by %v: %+v", off, ack)
			}
			want := noon
			if off == -time.Minute {
				want = noon.Add(off)
			}
			if got := h.find(c); !got.Issued.Equal(want) {
				t.Errorf("off by %v: issued %v", off, got.Issued)
			}
			list, err := h.Terminals(t.Context(), "")
			if err != nil || list[len(list)-1].Skew != off || list[len(list)-1].Status.At.After(noon) {
				t.Errorf("off by %v: %+v, %v", off, list[len(list)-1], err)
			}
		}
	})
}

// What retention took away stays unique, and its verdict the same.
func TestSweptRecordsStayUnique(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		r := []record.Record{k.sealed(record.Survey, []int{}), k.referral(code(t)), k.referral(code(t)), k.referral(code(t)), k.referral(code(t))}
		k.send(k.batch(r[0], r[1], r[2], r[4])) // 4 is missing
		h.wait(91 * 24 * time.Hour)
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := h.count("fleet_record"); n != 2 {
			t.Errorf("%d rows are left, want the rejected one and the one above the gap", n)
		}
		ack := k.send(k.batch(r...))
		want := []record.VerdictState{record.Rejected, record.Duplicate, record.Duplicate, record.Accepted, record.Duplicate}
		for i, v := range ack.Verdicts {
			if v.State != want[i] {
				t.Errorf("verdict %+v, want %s", v, want[i])
			}
		}
		if ack.Watermark != 5 || h.count("fleet_referral") != 4 {
			t.Errorf("watermark %d, %d referrals", ack.Watermark, h.count("fleet_referral"))
		}
		h.wait(4 * 365 * 24 * time.Hour)
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := h.count("fleet_referral"); n != 0 {
			t.Errorf("%d referrals are kept for ever", n)
		}
	})
}
