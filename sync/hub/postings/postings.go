// Package postings keeps the hub's postings from intake to revocation: who
// brought them in, what the law says about them, who looked at them, and what of
// them is on a board right now. DESIGN.md has the states and the rules.
package postings

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
)

// The errors that a caller can act on.
var (
	ErrUnknown = errors.New("no posting has this id")
	// ErrMoved tells that the posting is no longer what the caller looked at: it was
	// changed, or has gone on to another state.
	ErrMoved = errors.New("the posting has changed in the meantime")
	// ErrState tells that the posting is in a state that does not allow this.
	ErrState = errors.New("the posting's state does not allow this")
	// ErrBlocked tells that a finding says that the law forbids the posting.
	ErrBlocked = errors.New("the posting has a finding that forbids it")
	// ErrEyes tells that somebody else has to approve the posting.
	ErrEyes = errors.New("somebody else has to approve what one has written or submitted")
	// ErrEnded tells that the posting's last day is over.
	ErrEnded = errors.New("the posting is no longer valid")
	// ErrCursor tells that changes were asked for after something that is no moment.
	ErrCursor = errors.New("this is no moment after which changes can be told")
	// ErrWho tells that nobody is named for what is to be done, or no reason.
	ErrWho = errors.New("who does this and why must be said")
)

// Opts says how postings are kept.
type Opts struct {
	// Lint says what the law and good custom have against a posting. It is asked
	// about every content before anybody sees it, so it must be there.
	Lint func(p *kiosk.Posting) []Finding
	// Rules are those of each channel; a channel without any has the usual ones.
	Rules map[kiosk.Channel]Rule
	// Audit, when there is one, is told of everything that a person or a source
	// does, in the same transaction: where it fails nothing is done.
	Audit func(ctx context.Context, tx *hubdb.Tx, e Event) error
	Now   func() time.Time // nil: time.Now
}

// Rule is what a channel asks for before something is published.
type Rule struct {
	// OneMayApprove lets whoever submitted a posting also approve it. Policy posts
	// always need a second pair of eyes.
	OneMayApprove bool
	// Prolong is how far beyond today a source may move the end of a posting that
	// was approved, when nothing else changed, without a new review.
	Prolong time.Duration
}

const day = 24 * time.Hour

// usual is the rule of a channel that has none: a second pair of eyes
// everywhere, and ends that sources move from day to day only where that is usual.
func usual(c kiosk.Channel) Rule {
	switch c {
	case kiosk.Market, kiosk.Internship:
		return Rule{Prolong: 35 * day}
	case kiosk.Gig:
		return Rule{Prolong: 7 * day}
	}
	return Rule{}
}

// Event is something that was done, for the audit log.
type Event struct {
	Who     string
	Action  string // "posting.approve", "posting.import", …
	Subject string // the posting's id, or the source's name
	Note    string
}

// Postings are those of one hub. Its methods may be called from any goroutine.
type Postings struct {
	db *hubdb.DB
	o  Opts
}

// New makes the tables, or brings them up to date.
func New(ctx context.Context, db *hubdb.DB, o Opts) (*Postings, error) {
	if o.Lint == nil {
		return nil, errors.New("postings: nobody says what the law has against a posting")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := db.Migrate(ctx, "post", schema); err != nil {
		return nil, fmt.Errorf("postings: %w", err)
	}
	return &Postings{db, o}, nil
}

func (p *Postings) rule(c kiosk.Channel) Rule {
	r, ok := p.o.Rules[c]
	if !ok {
		r = usual(c)
	}
	if c == kiosk.Policy {
		r.OneMayApprove = false
	}
	return r
}

func (p *Postings) audit(ctx context.Context, tx *hubdb.Tx, e Event) error {
	if p.o.Audit == nil {
		return nil
	}
	return p.o.Audit(ctx, tx, e)
}
