package fleet

import (
	"context"
	"fmt"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
)

// Scope bounds a question of staff: an area and all in it, from a time to before
// another.
type Scope struct {
	Area     kiosk.Area // empty: everywhere
	From, To time.Time  // a zero To stands for now
}

// Referral is one as the office sees it. It names nobody. Incarnation and Code
// together name it for ever; a code alone does not, for two terminals may draw the
// same.
type Referral struct {
	Incarnation int64
	Code        kiosk.Code
	Terminal    string
	Site        string
	Posting     string
	Issued      time.Time // zero: only what came later was heard of so far
	State       kiosk.ReferralState
	StateAt     time.Time
	Attempts    int
	Rating      kiosk.Rating
	Outcome     kiosk.Outcome
	OutcomeAt   time.Time
	OutcomeBy   string
}

const selectReferral = `SELECT f.incarnation, f.code, i.terminal, f.site, f.posting, f.issued, f.state, f.state_at, f.attempts,
	f.rating, f.outcome, f.outcome_at, f.outcome_by
	FROM fleet_referral f JOIN fleet_incarnation i ON i.id = f.incarnation JOIN fleet_site s ON s.id = f.site `

func (f *Fleet) referrals(ctx context.Context, query string, args ...any) ([]Referral, error) {
	var list []Referral
	err := f.view(ctx, "referrals", func(tx *hubdb.Tx) error {
		list = nil
		return tx.Each(ctx, func(scan func(...any) error) error {
			var r Referral
			var issued, state, outcome int64
			err := scan(&r.Incarnation, &r.Code, &r.Terminal, &r.Site, &r.Posting, &issued, &r.State, &state, &r.Attempts,
				&r.Rating, &r.Outcome, &outcome, &r.OutcomeBy)
			r.Issued, r.StateAt, r.OutcomeAt = at(issued), at(state), at(outcome)
			list = append(list, r)
			return err
		}, selectReferral+query, args...)
	})
	return list, err
}

// Find returns what has the code of a slip, as people write it, in an area: one
// referral as good as always, none, or several, newest first. The error wraps
// kiosk.ErrCode when it is no code.
func (f *Fleet) Find(ctx context.Context, in kiosk.Area, code string) ([]Referral, error) {
	c, err := kiosk.ParseCode(code)
	if err != nil {
		return nil, fmt.Errorf("fleet: find: %w", err)
	}
	like, err := within(in)
	if err != nil {
		return nil, fmt.Errorf("fleet: find: %w", err)
	}
	return f.referrals(ctx, `WHERE f.code = ? AND s.area LIKE ? ORDER BY f.issued DESC`, string(c), like)
}

// Referrals are those that were issued in a scope, newest first, at most limit.
func (f *Fleet) Referrals(ctx context.Context, s Scope, limit int) ([]Referral, error) {
	like, err := within(s.Area)
	if err != nil {
		return nil, fmt.Errorf("fleet: referrals: %w", err)
	}
	return f.referrals(ctx, `WHERE s.area LIKE ? AND f.issued >= ? AND f.issued < ? ORDER BY f.issued DESC, f.code LIMIT ?`,
		like, ms(s.From), f.until(s), limit)
}

// until is the end of a scope. The very moment counts: what happened now did.
func (f *Fleet) until(s Scope) int64 {
	if s.To.IsZero() {
		return ms(f.o.Now()) + 1
	}
	return ms(s.To)
}

// SetOutcome writes down what has become of a referral, of which Incarnation and
// Code are used. It travels to the terminal with one of its next acks.
func (f *Fleet) SetOutcome(ctx context.Context, r Referral, o kiosk.Outcome, by string) error {
	if !o.Valid() || o == kiosk.NoOutcome || by == "" || !plain(by, 100) {
		return fmt.Errorf("fleet: outcome: %w: %.40q by %.40q", ErrInvalid, o, by)
	}
	return f.update(ctx, "outcome", func(tx *hubdb.Tx) error {
		// Of two words the later one counts, at the terminal too: their times differ.
		n, err := tx.Exec(ctx, `UPDATE fleet_referral SET outcome = ?, outcome_by = ?,
			outcome_at = CASE WHEN outcome_at >= ? THEN outcome_at + 1 ELSE ? END WHERE incarnation = ? AND code = ?`,
			string(o), by, ms(f.o.Now()), ms(f.o.Now()), r.Incarnation, string(r.Code))
		if err == nil && n == 0 {
			err = fmt.Errorf("referral %s: %w", r.Code, ErrUnknown)
		}
		return err
	})
}
