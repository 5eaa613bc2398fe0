// Package courier lets sync/outbox carry the records of a kiosk/ledger. The two do
// not know each other: the ledger must not fail because of a network, and the
// outbox sees no database. Here the words of one become those of the other.
package courier

import (
	"context"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/ledger"
	"jobhome/sync/record"
)

// Asking is for how long after it was issued the office is asked about a referral.
const Asking = 90 * 24 * time.Hour

// Courier is a ledger as sync/outbox asks for it.
type Courier struct{ Ledger *ledger.Ledger }

// Pending returns the oldest records that wait, at most limit.
func (c Courier) Pending(ctx context.Context, limit int) ([]record.Record, error) {
	list, err := c.Ledger.Pending(ctx, limit)
	if err != nil {
		return nil, err
	}
	records := make([]record.Record, len(list))
	for i, r := range list {
		records[i] = record.Record{Seq: r.Seq, Kind: r.Kind, Key: r.Key, Sealed: r.Payload, At: r.Created.UTC()}
	}
	return records, nil
}

// Delivered deletes the records up to a number.
func (c Courier) Delivered(ctx context.Context, upTo uint64) error {
	return c.Ledger.Delivered(ctx, upTo)
}

// Quarantine puts a record aside.
func (c Courier) Quarantine(ctx context.Context, seq uint64, why string) error {
	return c.Ledger.Quarantine(ctx, seq, why)
}

// Awaited returns referrals of the last 90 days whose last word is still to come.
func (c Courier) Awaited(ctx context.Context, after kiosk.Code, limit int) ([]kiosk.Code, error) {
	return c.Ledger.Awaited(ctx, time.Now().Add(-Asking), after, limit)
}

// SetOutcomes keeps what the office says about referrals.
func (c Courier) SetOutcomes(ctx context.Context, notes []record.OutcomeNote) error {
	list := make([]ledger.Note, len(notes))
	for i, n := range notes {
		list[i] = ledger.Note{Code: n.Code, Outcome: n.Outcome, At: n.At}
	}
	return c.Ledger.SetOutcomes(ctx, list...)
}
