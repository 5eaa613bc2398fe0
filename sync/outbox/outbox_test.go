package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/outbox"
	"jobhome/sync/outbox/outboxtest"
	"jobhome/sync/record"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// rig is a terminal and its hub.
type rig struct {
	*testing.T
	hub    *outboxtest.Hub
	ledger *outboxtest.Memory
	trust  *outboxtest.Trust
	state  *outboxtest.State
	faults []outboxtest.Fault // of the next requests
	always outboxtest.Fault   // of those behind them
	heard  []record.Batch
	box    *outbox.Outbox
}

func newRig(t *testing.T) *rig {
	t.Helper()
	hub, err := outboxtest.Open(filepath.Join(t.TempDir(), "hub.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = hub.Close() })
	r := &rig{T: t, hub: hub, ledger: &outboxtest.Memory{}, trust: &outboxtest.Trust{}, state: &outboxtest.State{}}
	hub.Arrived = func(b *record.Batch) { r.heard = append(r.heard, *b) }
	hub.Faulty = func(string) outboxtest.Fault {
		if len(r.faults) == 0 {
			return r.always
		}
		f := r.faults[0]
		r.faults = r.faults[1:]
		return f
	}
	r.box = r.open()
	return r
}

// open is what happens at a start.
func (r *rig) open() *outbox.Outbox {
	r.Helper()
	b, err := outbox.New(outbox.Options{
		Hub: "https://hub.example", Kiosk: "k-1", Incarnation: "i-1",
		Client: &http.Client{Transport: outboxtest.Transport{Handler: r.hub}},
		Signer: trust.NewSigner(outboxtest.Key("k-1")),
		Ledger: r.ledger, Outcomes: r.ledger, Trust: r.trust, State: r.state,
		Status: func(context.Context) record.Status { return record.Status{Program: "test"} },
	})
	if err != nil {
		r.Fatal(err)
	}
	return b
}

func (r *rig) round() {
	r.Helper()
	if err := r.box.Round(r.Context()); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) waiting() int {
	p, _ := r.ledger.Pending(r.Context(), 1<<20)
	return len(p)
}

// once checks that the hub has n records, from 1 on, each with one effect but
// those that are named, which have none.
func (r *rig) once(n int, none ...uint64) {
	r.Helper()
	all, err := r.hub.Stored()
	if err != nil || len(all) != n {
		r.Fatalf("the hub has %d records, %v; want %d", len(all), err, n)
	}
	without := map[uint64]bool{}
	for _, seq := range none {
		without[seq] = true
	}
	for i, s := range all {
		if want := map[bool]int{true: 0, false: 1}[without[s.Seq]]; s.Seq != uint64(i+1) || s.Effects != want {
			r.Errorf("record %d of the hub has number %d and took effect %d times", i+1, s.Seq, s.Effects)
		}
	}
}

func TestRoundBringsEverythingInOrder(t *testing.T) {
	r := newRig(t)
	r.ledger.Write(173)
	r.round()
	r.once(173)
	if r.waiting() != 0 || len(r.heard) != 4 {
		t.Errorf("%d wait after %d batches", r.waiting(), len(r.heard))
	}
	if r.heard[0].Status == nil || r.heard[1].Status != nil || r.heard[0].Nonce == r.heard[1].Nonce {
		t.Error("the status goes with the first batch of a round, and every nonce is another")
	}
	r.round()
	if b := r.heard[4]; len(r.heard) != 5 || len(b.Records) != 0 || b.Status == nil {
		t.Errorf("with nothing waiting, a heartbeat: %+v", b)
	}
}

// Whatever the hub or the line does, records stay until the hub's signed word.
func TestEveryFault(t *testing.T) {
	for f := range outboxtest.Faults {
		t.Run(fmt.Sprint(int(f)), func(t *testing.T) {
			r := newRig(t)
			r.ledger.Write(7)
			r.round()
			r.ledger.Write(5)
			r.always = f
			err := r.box.Round(t.Context())
			fine := f == outboxtest.NoFault || f == outboxtest.Repeat
			if (err == nil) != fine {
				t.Errorf("the round ended with %v", err)
			}
			if n := r.waiting(); n != map[bool]int{true: 0, false: 5}[fine] {
				t.Errorf("%d records wait", n)
			}
			if len(r.ledger.Aside()) != 0 {
				t.Errorf("put aside: %v", r.ledger.Aside())
			}
			if b := r.box.Report(); (b.Err == nil) != fine {
				t.Errorf("the report says %v", b.Err)
			}
			forged := map[outboxtest.Fault]bool{
				outboxtest.Page: true, outboxtest.Half: true, outboxtest.Huge: true, outboxtest.Unsigned: true, outboxtest.WrongKey: true,
				outboxtest.AsBatch: true, outboxtest.OtherKiosk: true, outboxtest.OtherLedger: true, outboxtest.StaleNonce: true, outboxtest.Yesterday: true,
			}
			if forged[f] != errors.Is(err, outbox.ErrAck) {
				t.Errorf("the error is %v", err)
			}
			if n := len(r.trust.Acks()); !fine && n != 1 {
				t.Errorf("%d acks were believed", n)
			}
			r.always = outboxtest.NoFault
			r.round()
			r.once(12)
		})
	}
}

// Poison never blocks what stands behind it, and is put aside alone.
func TestPoison(t *testing.T) {
	r := newRig(t)
	bad := map[uint64]bool{1: true, 30: true, 31: true, 140: true}
	r.hub.Poison = func(rec record.Record) bool { return bad[rec.Seq] && rec.Kind != record.Void }
	r.ledger.Write(140)
	r.round()
	if r.waiting() != 0 || len(r.ledger.Aside()) != len(bad) {
		t.Errorf("%d wait, put aside: %v", r.waiting(), r.ledger.Aside())
	}
	for seq, why := range r.ledger.Aside() {
		if !bad[seq] || why != "http-422" {
			t.Errorf("record %d was put aside: %s", seq, why)
		}
	}
	r.once(140)
	if len(r.heard) > 120 {
		t.Errorf("%d requests", len(r.heard))
	}
}

// A record that the hub cannot even hear to be missing holds up the others: no
// more is done than to say so.
func TestPoisonThatStays(t *testing.T) {
	r := newRig(t)
	r.hub.Poison = func(rec record.Record) bool { return rec.Seq == 3 }
	r.ledger.Write(5)
	if err := r.box.Round(t.Context()); !errors.Is(err, outbox.ErrStuck) {
		t.Errorf("the round ended with %v", err)
	}
	if r.waiting() != 3 || len(r.ledger.Aside()) != 1 {
		t.Errorf("%d wait, put aside: %v", r.waiting(), r.ledger.Aside())
	}
}

// A status that the hub does not read stays behind, and the records do not.
func TestPoisonedStatus(t *testing.T) {
	r := newRig(t)
	r.hub.Faulty = func(string) outboxtest.Fault {
		if r.heard[len(r.heard)-1].Status != nil {
			return outboxtest.BadWay
		}
		return outboxtest.NoFault
	}
	r.round()
	r.ledger.Write(5)
	r.round()
	r.once(5)
	if len(r.ledger.Aside()) != 0 {
		t.Errorf("put aside: %v", r.ledger.Aside())
	}
}

// A hub that turns sick while it is being asked about poison has said nothing
// about the records.
func TestNothingIsPutAsideByASickHub(t *testing.T) {
	r := newRig(t)
	r.ledger.Write(4)
	ok, bad := outboxtest.NoFault, outboxtest.BadWay
	// all; the empty one; bare; two; one; and then the empty one does not get through
	r.faults = []outboxtest.Fault{bad, ok, bad, bad, bad}
	r.always = bad
	if err := r.box.Round(t.Context()); err == nil {
		t.Error("the round went through")
	}
	if r.waiting() != 4 || len(r.ledger.Aside()) != 0 {
		t.Errorf("%d wait, put aside: %v", r.waiting(), r.ledger.Aside())
	}
}

func TestTooLarge(t *testing.T) {
	r := newRig(t)
	r.hub.Most = 7
	r.ledger.Write(100)
	r.round()
	r.once(100)
	tooLarge := 0
	for _, b := range r.heard {
		if len(b.Records) > 7 {
			tooLarge++
		}
	}
	if tooLarge != 3 || len(r.ledger.Aside()) != 0 {
		t.Errorf("%d batches were too large, put aside: %v", tooLarge, r.ledger.Aside())
	}
}

func TestRejected(t *testing.T) {
	r := newRig(t)
	r.hub.Reject = func(rec record.Record) string {
		if rec.Seq == 2 {
			return "cannot-open"
		}
		return ""
	}
	r.faults = []outboxtest.Fault{outboxtest.DropAck}
	r.ledger.Write(3)
	if r.box.Round(t.Context()) == nil {
		t.Error("the ack was not lost")
	}
	r.round()
	r.once(3, 2)
	if a := r.ledger.Aside(); r.waiting() != 0 || len(a) != 1 || a[2] != "cannot-open" {
		t.Errorf("%d wait, put aside: %v", r.waiting(), a)
	}
}

// A hub that has not had a record in front says so by its watermark.
func TestGapAtTheHub(t *testing.T) {
	r := newRig(t)
	r.ledger.Write(10)
	_ = r.ledger.Delivered(t.Context(), 4) // which nobody has confirmed
	if err := r.box.Round(t.Context()); !errors.Is(err, outbox.ErrStuck) {
		t.Errorf("the round ended with %v", err)
	}
	if r.waiting() != 6 {
		t.Errorf("%d wait", r.waiting())
	}
}

// A ledger that was copied back from an older card must not have its new records
// taken for the old ones of the same numbers.
func TestOldCopyOfALedger(t *testing.T) {
	r := newRig(t)
	r.ledger.Write(9)
	r.round()
	r.ledger = &outboxtest.Memory{}
	r.ledger.Write(6)
	if err := r.open().Round(t.Context()); !errors.Is(err, outbox.ErrAhead) {
		t.Errorf("the round ended with %v", err)
	}
	if r.waiting() != 6 {
		t.Errorf("%d wait", r.waiting())
	}
}

func TestOutcomesAndHeads(t *testing.T) {
	r := newRig(t)
	var codes []kiosk.Code
	for i := range 450 {
		codes = append(codes, kiosk.Code(fmt.Sprintf("C%09d", i)))
	}
	r.ledger.Await(codes...)
	at := time.Now()
	r.hub.Answer = func(b *record.Batch, ack *record.Ack) {
		ack.Heads = []record.HeadNote{{Board: "city", Version: wire.Version{Epoch: 1, N: 7}}}
		for _, c := range b.Known {
			ack.Outcomes = append(ack.Outcomes, record.OutcomeNote{Code: c, Outcome: kiosk.Contacted, At: at})
		}
		ack.Outcomes = append(ack.Outcomes, record.OutcomeNote{Code: "X", Outcome: "of-2031", At: at})
	}
	for range 3 {
		r.round()
	}
	if heard := r.ledger.Heard(); len(heard) != 450 || heard[449].Code != codes[449] {
		t.Errorf("heard of %d referrals", len(heard))
	}
	if acks := r.trust.Acks(); len(acks) != 3 || acks[0].Heads[0].Version.N != 7 {
		t.Errorf("acks %+v", acks)
	}
}

func TestStateThatIsLost(t *testing.T) {
	r := newRig(t)
	r.state.Bytes = []byte("\x00\x00")
	r.ledger.Write(2)
	r.box = r.open()
	r.round()
	r.once(2)
}

func TestNewRefuses(t *testing.T) {
	good := outbox.Options{
		Hub: "https://h", Kiosk: "k", Incarnation: "i", Client: &http.Client{}, Signer: trust.NewSigner(outboxtest.Key("k")),
		Ledger: &outboxtest.Memory{}, Trust: &outboxtest.Trust{}, State: &outboxtest.State{},
	}
	if _, err := outbox.New(good); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*outbox.Options){
		"hub": func(o *outbox.Options) { o.Hub = "hub" }, "kiosk": func(o *outbox.Options) { o.Kiosk = "../k" },
		"ledger": func(o *outbox.Options) { o.Ledger = nil }, "incarnation": func(o *outbox.Options) { o.Incarnation = "" },
	} {
		o := good
		change(&o)
		if _, err := outbox.New(o); err == nil {
			t.Errorf("taken without a %s", name)
		}
	}
}
