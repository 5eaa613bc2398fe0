package ledger

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"jobhome/kiosk"
)

// request is the payload of a wish to be called. It is only ever written sealed.
type request struct {
	V       int       `json:"v"`
	Posting string    `json:"posting"`
	Site    string    `json:"site"`
	Phone   string    `json:"phone"`
	Consent string    `json:"consent"`
	At      time.Time `json:"at"`
}

func (r request) dated(at time.Time) any { r.V, r.At = 1, at; return r }

// Request writes a resident's wish to be called, sealed. Without a Sealer
// nothing is written, and the error wraps ErrNoSealer. The phone number is
// nowhere in the ledger afterwards, and cannot be read back.
func (l *Ledger) Request(ctx context.Context, r kiosk.Request) error {
	if err := r.Check(); err != nil {
		return fmt.Errorf("ledger: request: %w", err)
	}
	p := request{Posting: r.Posting, Site: r.Site, Phone: r.Phone, Consent: r.Consent}
	if err := l.tx(ctx, func(tx *writing) error { return tx.send(ctx, kindCallBack, r.At, p) }); err != nil {
		return fmt.Errorf("ledger: request: %w", err)
	}
	return nil
}

// complaint is the payload of a resident's word that a posting is bad.
type complaint struct {
	V       int             `json:"v"`
	Posting string          `json:"posting"`
	Site    string          `json:"site"`
	Why     kiosk.Complaint `json:"why"`
	At      time.Time       `json:"at"`
}

func (c complaint) dated(at time.Time) any { c.V, c.At = 1, at; return c }

// Complain writes a resident's word that a posting is bad.
func (l *Ledger) Complain(ctx context.Context, b kiosk.BadPosting) error {
	if b.Posting == "" || b.Site == "" || b.At.IsZero() || !slices.Contains(kiosk.Complaints(), b.Why) {
		return fmt.Errorf("ledger: complain: no posting, site or time, or %q is no complaint", b.Why)
	}
	p := complaint{Posting: b.Posting, Site: b.Site, Why: b.Why}
	if err := l.tx(ctx, func(tx *writing) error { return tx.send(ctx, kindBad, b.At, p) }); err != nil {
		return fmt.Errorf("ledger: complain: %w", err)
	}
	return nil
}

// mostSurvey is the greatest payload of a survey, in bytes.
const mostSurvey = 16 << 10

// survey is a payload that its survey makes, see Survey.
type survey json.RawMessage

func (s survey) dated(time.Time) any { return json.RawMessage(s) }

// Survey writes the answers of one survey. The payload is the survey's own: one
// JSON object of at most 16 KiB that names its version in "v" and holds choices,
// not free text, so that it names nobody.
func (l *Ledger) Survey(ctx context.Context, payload []byte, at time.Time) error {
	var head struct {
		V int `json:"v"`
	}
	if len(payload) > mostSurvey {
		return fmt.Errorf("ledger: survey: %d bytes are more than %d", len(payload), mostSurvey)
	}
	if err := json.Unmarshal(payload, &head); err != nil {
		return fmt.Errorf("ledger: survey: %w", err)
	}
	if head.V < 1 || at.IsZero() {
		return errors.New("ledger: survey: no version or no time")
	}
	if err := l.tx(ctx, func(tx *writing) error { return tx.send(ctx, kindSurvey, at, survey(payload)) }); err != nil {
		return fmt.Errorf("ledger: survey: %w", err)
	}
	return nil
}

// Rate notes a resident's rating of a referral and writes an outgoing record.
// The same rating twice, as from a double touch, writes one record; another
// rating replaces the first with a record of its own, and the last one counts.
func (l *Ledger) Rate(ctx context.Context, code kiosk.Code, rating kiosk.Rating, at time.Time) error {
	switch rating {
	case kiosk.Good, kiosk.Fair, kiosk.Poor:
	default:
		return fmt.Errorf("ledger: rate: %q is none of good, fair, poor", rating)
	}
	err := l.tx(ctx, func(tx *writing) error {
		r, _, err := get(ctx, tx, code)
		if err != nil {
			return err
		}
		res, err := tx.ExecContext(ctx, `UPDATE referral SET rating = ? WHERE code = ? AND rating <> ?`, rating, code, rating)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return tx.send(ctx, kindRating, at, outgoing{Code: code, Posting: r.Posting, Site: r.Site, Rating: rating})
	})
	if err != nil {
		return fmt.Errorf("ledger: rate: %w", err)
	}
	return nil
}
