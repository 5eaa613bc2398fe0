package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
)

// Complaint is how often residents have said the same of one posting. It names
// nobody, and one terminal may have said it several times.
type Complaint struct {
	Posting string
	Why     kiosk.Complaint
	Times   int
	Sites   int // different ones
	Last    time.Time
}

// saidSchema is for complaints that were made on a page of the hub, not at a
// terminal.
const saidSchema = `
CREATE TABLE fleet_said (
	id      {{serial}},
	posting {{text}} NOT NULL,
	site    {{text}} NOT NULL,
	why     {{text}} NOT NULL,
	at      {{int}} NOT NULL
);
CREATE INDEX fleet_said_posting ON fleet_said (posting, at);
`

// AddComplaint writes down what somebody said of a posting on a page of the hub.
func (f *Fleet) AddComplaint(ctx context.Context, b kiosk.BadPosting) error {
	if b.Posting == "" || !plain(b.Posting, 128) || !slices.Contains(kiosk.Complaints(), b.Why) || b.At.IsZero() {
		return fmt.Errorf("fleet: add complaint: %w", ErrInvalid)
	}
	return f.update(ctx, "add complaint", func(tx *hubdb.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO fleet_said (posting, site, why, at) VALUES (?,?,?,?)`, b.Posting, b.Site, string(b.Why), ms(b.At))
		return err
	})
}

// Complaints are those of a scope, the most frequent first, at most limit.
func (f *Fleet) Complaints(ctx context.Context, s Scope, limit int) ([]Complaint, error) {
	like, err := within(s.Area)
	if err != nil {
		return nil, fmt.Errorf("fleet: complaints: %w", err)
	}
	var list []Complaint
	err = f.view(ctx, "complaints", func(tx *hubdb.Tx) error {
		list = nil
		return tx.Each(ctx, func(scan func(...any) error) error {
			var c Complaint
			var last int64
			err := scan(&c.Posting, &c.Why, &c.Times, &c.Sites, &last)
			c.Last = at(last)
			list = append(list, c)
			return err
		}, `SELECT c.posting, c.why, count(*), count(DISTINCT c.site), max(c.at) FROM
			(SELECT posting, why, site, at FROM fleet_complaint UNION ALL SELECT posting, why, site, at FROM fleet_said) c
			JOIN fleet_site s ON s.id = c.site WHERE s.area LIKE ? AND c.at >= ? AND c.at < ?
			GROUP BY c.posting, c.why ORDER BY 3 DESC, 5 DESC, 1, 2 LIMIT ?`, like, ms(s.From), f.until(s), limit)
	})
	return list, err
}

// Surveys calls take for the answers of every survey in a scope, as they came.
func (f *Fleet) Surveys(ctx context.Context, s Scope, take func(site string, answers json.RawMessage) error) error {
	like, err := within(s.Area)
	if err != nil {
		return fmt.Errorf("fleet: surveys: %w", err)
	}
	return f.view(ctx, "surveys", func(tx *hubdb.Tx) error {
		return tx.Each(ctx, func(scan func(...any) error) error {
			var site, answers string
			if err := scan(&site, &answers); err != nil {
				return err
			}
			return take(site, json.RawMessage(answers))
		}, `SELECT v.site, v.answers FROM fleet_survey v JOIN fleet_site s ON s.id = v.site
			WHERE s.area LIKE ? AND v.at >= ? AND v.at < ? ORDER BY v.incarnation, v.seq`, like, ms(s.From), f.until(s))
	})
}
