package outbox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/record"
	"jobhome/sync/trust"
)

// Why an ack is not believed, or not acted on, for errors.Is.
var (
	// ErrAck tells that an ack is not the hub's word about the batch.
	ErrAck = errors.New("the answer is not the hub's word about this batch")
	// ErrStuck tells that the hub has answered and taken nothing.
	ErrStuck = errors.New("the hub has taken nothing")
	// ErrAhead tells that the hub has more records of this ledger than the ledger
	// has written: it was copied back from an older card. Nothing is deleted.
	ErrAhead = errors.New("the hub has records that this ledger has not written; it is an old copy")
)

// sent is a batch that is on its way.
type sent struct {
	laid
	text []byte // the signed envelope
	all  bool   // nothing waits behind it
}

// prepare writes and signs a batch. Status and the question about referrals go
// with it unless it is bare.
func (b *Outbox) prepare(ctx context.Context, list []record.Record, bare bool) (sent, error) {
	batch := record.Batch{Kiosk: b.o.Kiosk, Incarnation: b.o.Incarnation, Nonce: rand.Text(), Records: list}
	s := sent{laid: laid{Nonce: batch.Nonce, Floor: b.o.Trust.Floor()}}
	if len(list) > 0 {
		s.First, s.Last = list[0].Seq, list[len(list)-1].Seq
	}
	if !bare {
		if err := b.adorn(ctx, &batch); err != nil {
			return sent{}, err
		}
	}
	payload, err := json.Marshal(batch)
	if err != nil {
		return sent{}, err
	}
	e, err := trust.Seal(trust.TypeBatch, payload, b.o.Signer)
	if err != nil {
		return sent{}, err
	}
	s.text, err = e.Write()
	return s, err
}

// mostAsked is how many referrals one batch asks about.
const mostAsked = 200

// adorn adds what may be lost: how the terminal is, and which referrals it would
// like to hear of, other ones each time.
func (b *Outbox) adorn(ctx context.Context, batch *record.Batch) (err error) {
	if b.o.Status != nil {
		if batch.Status, err = json.Marshal(b.o.Status(ctx)); err != nil {
			return err
		}
	}
	if b.o.Outcomes == nil {
		return nil
	}
	if batch.Known, err = b.o.Outcomes.Awaited(ctx, b.state.Asked, mostAsked); err != nil {
		return err
	}
	b.state.Asked = ""
	if len(batch.Known) == mostAsked {
		b.state.Asked = batch.Known[mostAsked-1]
	}
	return nil
}

// readAck proves an ack, without saying to which batch it is.
func (b *Outbox) readAck(text []byte) (record.Ack, error) {
	e, err := trust.ReadEnvelope(text)
	if err != nil {
		return record.Ack{}, fmt.Errorf("%w: %w", ErrAck, err)
	}
	root := b.o.Trust.Root()
	payload, err := root.Open(e, trust.TypeAck)
	if err != nil {
		return record.Ack{}, fmt.Errorf("%w: %w", ErrAck, err)
	}
	var ack record.Ack
	if err := json.Unmarshal(payload, &ack); err != nil {
		return record.Ack{}, fmt.Errorf("%w: %w", ErrAck, err)
	}
	if ack.Kiosk != b.o.Kiosk || ack.Incarnation != b.o.Incarnation {
		return record.Ack{}, fmt.Errorf("%w: it is for %q, %q", ErrAck, ack.Kiosk, ack.Incarnation)
	}
	return ack, nil
}

// slack is by how much the hub's word may be of a time before the floor: a head
// that is signed again within a second says the next one, and the parts of a hub
// need not have the same clock. What is older is somebody's copy.
const slack = 2 * time.Minute

// fits says whether a proven ack answers the batch.
func (s laid) fits(ack record.Ack) error {
	switch {
	case ack.Nonce != s.Nonce:
		return fmt.Errorf("%w: it answers another one", ErrAck)
	case ack.HubTime.Before(s.Floor.Add(-slack)):
		return fmt.Errorf("%w: it is of %s, and it was later already", ErrAck, ack.HubTime.Format(time.RFC3339))
	}
	return nil
}

// apply does what an ack says about its batch. What the hub rejected is put aside
// first, and only then is deleted what it has: a power cut in between costs one
// more round. It returns how many records the hub now has that waited before.
func (b *Outbox) apply(ctx context.Context, s sent, ack record.Ack) (int, error) {
	if s.all && s.Last > 0 && ack.Watermark > s.Last {
		return 0, fmt.Errorf("number %d, not %d: %w", ack.Watermark, s.Last, ErrAhead)
	}
	done := 0
	if s.First > 0 {
		for _, v := range ack.Verdicts {
			if v.State == record.Rejected && v.Seq >= s.First && v.Seq <= s.Last {
				b.o.Log.Warn("outbox: the hub rejects a record", "seq", v.Seq, "code", v.Code)
				if err := b.o.Ledger.Quarantine(ctx, v.Seq, code(v.Code)); err != nil {
					return 0, err
				}
			}
		}
		var err error
		if done, err = b.delete(ctx, s, ack.Watermark); err != nil {
			return 0, err
		}
	}
	if err := b.outcomes(ctx, ack.Outcomes); err != nil {
		return done, err
	}
	if ack.HubTime.Before(b.o.Trust.Floor()) {
		return done, nil // by stick, and something newer was faster
	}
	return done, b.o.Trust.Heard(ctx, ack)
}

// delete deletes what the hub has of the batch. Where older records wait whose
// verdicts this ack does not hold, nothing is deleted: they are sent again.
func (b *Outbox) delete(ctx context.Context, s sent, watermark uint64) (int, error) {
	upTo := min(watermark, s.Last)
	if upTo < s.First {
		return 0, nil
	}
	oldest, err := b.o.Ledger.Pending(ctx, 1)
	if err != nil || len(oldest) == 0 || oldest[0].Seq < s.First || oldest[0].Seq > upTo {
		return 0, err
	}
	return int(upTo - oldest[0].Seq + 1), b.o.Ledger.Delivered(ctx, upTo)
}

// outcomes keeps the words that this program understands.
func (b *Outbox) outcomes(ctx context.Context, notes []record.OutcomeNote) error {
	notes = slices.DeleteFunc(slices.Clone(notes), func(n record.OutcomeNote) bool {
		return !n.Outcome.Valid() || n.Outcome == kiosk.NoOutcome || n.At.IsZero()
	})
	if b.o.Outcomes == nil || len(notes) == 0 {
		return nil
	}
	return b.o.Outcomes.SetOutcomes(ctx, notes)
}

// code is a reason as it is kept: never empty, never long.
func code(s string) string {
	if s == "" {
		return "rejected"
	}
	return s[:min(len(s), 64)]
}
