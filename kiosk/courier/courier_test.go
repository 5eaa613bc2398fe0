package courier_test

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/courier"
	"jobhome/kiosk/ledger"
	"jobhome/sync/outbox"
	"jobhome/sync/outbox/outboxtest"
	"jobhome/sync/record"
	"jobhome/sync/seal"
	"jobhome/sync/trust"
)

var (
	_ outbox.Ledger   = courier.Courier{}
	_ outbox.Outcomes = courier.Courier{}
)

// A walk-in's records go all the way: written, sealed, sent, opened, confirmed;
// and the office's word comes back.
func TestAllTheWay(t *testing.T) {
	ctx, dir := t.Context(), t.TempDir()
	l, err := ledger.Open(filepath.Join(dir, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	hub, err := outboxtest.Open(filepath.Join(dir, "hub.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hub.Close() }()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	before, err := l.Issue(ctx, kiosk.Referral{Posting: "p-1", Site: "s-1", Issued: now}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.SealWith(ctx, seal.Terminal{Kiosk: "k-1", Key: key.Key()}); err != nil {
		t.Fatal(err)
	}
	want := kiosk.Request{Posting: "p-1", Site: "s-1", Phone: "13912345678", Consent: "c", At: now}
	if err := l.Request(ctx, want); err != nil {
		t.Fatal(err)
	}
	said := record.OutcomeNote{Code: before.Code, Outcome: kiosk.Interviewed, At: now}
	hub.Answer = func(b *record.Batch, ack *record.Ack) {
		if len(b.Known) == 1 && b.Known[0] == before.Code {
			ack.Outcomes = []record.OutcomeNote{said}
		}
	}
	way := courier.Courier{Ledger: l}
	box, err := outbox.New(outbox.Options{
		Hub: "https://hub.example", Kiosk: "k-1", Incarnation: l.Incarnation(),
		Client: &http.Client{Transport: outboxtest.Transport{Handler: hub}}, Signer: trust.NewSigner(outboxtest.Key("k-1")),
		Ledger: way, Outcomes: way, Trust: &outboxtest.Trust{}, State: outbox.File(filepath.Join(dir, "outbox.json")),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := box.Round(ctx); err != nil {
		t.Fatal(err)
	}
	all, err := hub.Stored()
	if err != nil || len(all) != 2 {
		t.Fatalf("the hub has %+v, %v", all, err)
	}
	ring := seal.Ring{key.Key().ID(): key}
	for i, kind := range []string{record.Referral, record.CallBack} {
		s := all[i]
		payload, err := ring.Open(s.Key, seal.About{Kiosk: s.Kiosk, Incarnation: s.Incarnation, Seq: s.Seq, Kind: s.Kind}, s.Sealed)
		var got struct {
			Code  kiosk.Code
			Phone string
		}
		if err == nil {
			err = json.Unmarshal(payload, &got)
		}
		if err != nil || s.Kind != kind || kind == record.Referral && got.Code != before.Code || kind == record.CallBack && got.Phone != want.Phone {
			t.Errorf("record %d: %s, %s, %v", i+1, s.Kind, payload, err)
		}
	}
	if pending, aside, err := l.Backlog(ctx); pending != 0 || aside != 0 || err != nil {
		t.Errorf("backlog %d, %d aside, %v", pending, aside, err)
	}
	if o, at, err := l.Outcome(ctx, before.Code); o != said.Outcome || at.UnixMilli() != now.UnixMilli() || err != nil {
		t.Errorf("outcome %s, %v, %v", o, at, err)
	}
}
