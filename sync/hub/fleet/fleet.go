// Package fleet is what a hub knows of its sites and terminals: who they are and
// by which key, what residents did there, exactly once, what the office made of
// it, and how each terminal is. It gives out enrolment codes and certificates,
// takes signed batches of records from the network and from sticks alike, and
// answers them with signed acks. It knows no HTTP. DESIGN.md tells the tables and
// the decisions; ../../DESIGN.md what travels.
package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/ca"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/record"
	"jobhome/sync/seal"
	"jobhome/sync/trust"
)

// The reasons for which something is refused.
var (
	// ErrUnknown tells that there is no such site, terminal, referral or request.
	ErrUnknown = errors.New("the hub does not know it")
	// ErrRevoked tells that a terminal was revoked, or a key with it.
	ErrRevoked = errors.New("the terminal was revoked")
	// ErrSignature tells that a batch is not signed with its terminal's key.
	ErrSignature = errors.New("not signed with the terminal's key")
	// ErrOther tells that a batch, or a certificate, is another terminal's.
	ErrOther = errors.New("it is another terminal's")
	// ErrBatch tells that something signed is no batch.
	ErrBatch = errors.New("no batch of records")
	// ErrCode tells that an enrolment code was never given out, was used or has
	// expired. Which of them is not said.
	ErrCode = errors.New("the enrolment code is not valid")
	// ErrInvalid tells that staff asked for something that cannot be.
	ErrInvalid = errors.New("it cannot be written down")
	// ErrForgotten tells that a phone number was deleted when its time was over.
	ErrForgotten = errors.New("the phone number was deleted")
)

// Opts is what a fleet needs from elsewhere.
type Opts struct {
	Now    func() time.Time
	CA     *ca.CA
	Signer trust.Signer // of acks; its key has the role ack in the root
	Ring   seal.Ring    // opens what terminals sealed
	// SealKey names the key of Ring that AddCall seals to.
	SealKey string
	// News tells what goes into an ack for the terminals of a board. It may be nil.
	News func(ctx context.Context, board string) (News, error)
	// Audit is called before somebody is told a phone number. When it fails,
	// nothing is told.
	Audit func(ctx context.Context, who, action, subject string) error
	Keep  Keep
	// StaleAfter is the time without a word after which a terminal counts as
	// stale; 0 stands for 26 hours: they call once a day.
	StaleAfter time.Duration
}

// News is what a hub tells its terminals with an ack.
type News struct {
	Heads   []record.HeadNote // the first one is the board's own
	Revoked []string          // postings that were taken down lately
}

// Fleet is open on a database. Its methods may be called from any goroutine.
type Fleet struct {
	db    *hubdb.DB
	o     Opts
	turns turns
}

// New opens the fleet's part of a database and makes its tables where need be.
func New(ctx context.Context, db *hubdb.DB, o Opts) (*Fleet, error) {
	switch {
	case o.Now == nil || o.CA == nil || o.Signer == nil || o.Audit == nil:
		return nil, errors.New("fleet: no clock, no authority, no signer or nobody who audits")
	case len(o.Ring) == 0:
		// Every record would be rejected for good.
		return nil, errors.New("fleet: no key to open records with")
	}
	if _, ok := o.Ring[o.SealKey]; !ok {
		return nil, fmt.Errorf("fleet: the ring has no key %q", o.SealKey)
	}
	if o.StaleAfter == 0 {
		o.StaleAfter = 26 * time.Hour
	}
	o.Keep = o.Keep.orDefault()
	if err := db.Migrate(ctx, "fleet", schema); err != nil {
		return nil, fmt.Errorf("fleet: %w", err)
	}
	return &Fleet{db: db, o: o}, nil
}

// update runs f in a transaction and says in its error what was being done.
func (f *Fleet) update(ctx context.Context, what string, do func(tx *hubdb.Tx) error) error {
	if err := f.db.Update(ctx, do); err != nil {
		return fmt.Errorf("fleet: %s: %w", what, err)
	}
	return nil
}

func (f *Fleet) view(ctx context.Context, what string, do func(tx *hubdb.Tx) error) error {
	if err := f.db.View(ctx, do); err != nil {
		return fmt.Errorf("fleet: %s: %w", what, err)
	}
	return nil
}

// Check asks the database whether it answers.
func (f *Fleet) Check(ctx context.Context) error { return f.db.Check(ctx) }

// beijing is the time zone of days and months.
var beijing = time.FixedZone("UTC+8", 8*3600)

// day counts days in Beijing from 1970-01-01.
func day(t time.Time) int64 {
	return time.Date(t.In(beijing).Year(), t.In(beijing).Month(), t.In(beijing).Day(), 0, 0, 0, 0, time.UTC).Unix() / 86400
}

// ms is a time as it is stored.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// at is a stored time.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).In(beijing)
}

// within is the pattern of LIKE for an area and all in it; empty: everywhere. An
// area is digits only.
func within(a kiosk.Area) (string, error) {
	if a != "" {
		if err := a.Check(); err != nil {
			return "", fmt.Errorf("%w: %w", ErrInvalid, err)
		}
	}
	return string(a) + "%", nil
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // what is written here has texts and numbers only
	}
	return string(b)
}
