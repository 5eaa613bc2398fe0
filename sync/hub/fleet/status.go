package fleet

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"jobhome/sync/hub/hubdb"
	"jobhome/sync/record"
)

// prior is the status that the hub had of a terminal before a batch.
type prior struct {
	at    int64
	text  string
	boots int64
	skew  int64
}

// note writes down that the terminal was heard, and its status if that is newer
// than the one before: a stick may bring last week's.
func (in *intake) note(ctx context.Context, tx *hubdb.Tx, p prior) error {
	s, ok := in.status()
	if ok && !in.from.Stick {
		p.skew = s.At.Sub(in.now).Milliseconds()
	}
	if s.At.After(in.now) {
		s.At = in.now // its clock is wrong; the next one must be newer all the same
	}
	if !ok || ms(s.At) <= p.at {
		_, err := tx.Exec(ctx, `UPDATE fleet_terminal SET seen = ?, stick = ?, skew = ? WHERE id = ?`,
			ms(in.now), in.from.Stick, p.skew, in.id)
		return err
	}
	var before record.Status
	if p.text != "" {
		if err := json.Unmarshal([]byte(p.text), &before); err != nil {
			return err
		}
	}
	if s.Boot != before.Boot {
		p.boots++
	}
	if err := in.count(ctx, tx, s, before); err != nil {
		return err
	}
	if err := in.noteEmpty(ctx, tx, s); err != nil {
		return err
	}
	s.Empty = nil // what was typed is not kept with the terminal
	_, err := tx.Exec(ctx, `UPDATE fleet_terminal SET seen = ?, stick = ?, skew = ?, status_at = ?, status = ?, boots = ? WHERE id = ?`,
		ms(in.now), in.from.Stick, p.skew, ms(s.At), asJSON(s), p.boots, in.id)
	return err
}

var addCounts = newBulk(`INSERT INTO fleet_count (terminal, day, name, site, n)
	SELECT CAST(? AS TEXT), CAST(? AS BIGINT), r.name, CAST(? AS TEXT), r.n FROM {rows} WHERE true
	ON CONFLICT (terminal, day, name) DO UPDATE SET n = fleet_count.n + excluded.n`, "name TEXT", "n BIGINT")

// heard is the name under which the statuses of a day are counted.
const heard = ""

var counterName = regexp.MustCompile(`^[a-z][a-z_-]{0,31}$`)

// Bounds of what a status may count.
const (
	mostCounters = 32
	mostCount    = 1_000_000 // a day's worth of anything, and far more
)

// count adds to the day of the status what was counted since the status before.
func (in *intake) count(ctx context.Context, tx *hubdb.Tx, s, before record.Status) error {
	names, counts := []string{heard}, []int64{1}
	for name, n := range s.Counters {
		if s.Boot == before.Boot {
			if m := before.Counters[name]; m <= n {
				n -= m
			}
		}
		if n > 0 && n <= mostCount && counterName.MatchString(name) && len(names) <= mostCounters {
			names, counts = append(names, name), append(counts, n)
		}
	}
	return addCounts.exec(ctx, tx, []any{in.id, day(s.At), in.site}, names, counts)
}

var addEmpty = newBulk(`INSERT INTO fleet_empty (words, day, terminal, site)
	SELECT r.words, CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS TEXT) FROM {rows} WHERE true ON CONFLICT DO NOTHING`, "words TEXT")

// noteEmpty counts searches without a result, once a day and terminal.
func (in *intake) noteEmpty(ctx context.Context, tx *hubdb.Tx, s record.Status) error {
	var words []string
	seen := map[string]bool{}
	for _, w := range s.Empty {
		if w = searchWords(w); w != "" && !seen[w] && len(words) < 50 {
			seen[w] = true
			words = append(words, w)
		}
	}
	if len(words) == 0 {
		return nil
	}
	return addEmpty.exec(ctx, tx, []any{day(s.At), in.id, in.site}, words)
}

// searchWords is a search as it is counted, or empty for what is not kept at all:
// long texts, and rows of digits, which may be somebody's number.
func searchWords(s string) string {
	s = strings.Join(strings.Fields(strings.ToLower(s)), " ")
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if utf8.RuneCountInString(s) > 32 || digits > 4 || !plain(s, 128) {
		return ""
	}
	return s
}

// Empty is a search that found nothing on at least K days of terminals.
type Empty struct {
	Words string
	Times int // days of terminals on which it was asked
}

// K is the number of people, or days of terminals, below which a figure is not
// shown.
const K = 5

// EmptySearches are the most frequent first.
func (f *Fleet) EmptySearches(ctx context.Context, s Scope, limit int) ([]Empty, error) {
	like, err := within(s.Area)
	if err != nil {
		return nil, fmt.Errorf("fleet: empty searches: %w", err)
	}
	var list []Empty
	err = f.view(ctx, "empty searches", func(tx *hubdb.Tx) error {
		list = nil
		return tx.Each(ctx, func(scan func(...any) error) error {
			var e Empty
			err := scan(&e.Words, &e.Times)
			list = append(list, e)
			return err
		}, `SELECT e.words, count(*) FROM fleet_empty e JOIN fleet_site s ON s.id = e.site
			WHERE s.area LIKE ? AND e.day >= ? AND e.day < ? GROUP BY e.words HAVING count(*) >= ?
			ORDER BY 2 DESC, 1 LIMIT ?`, like, day(s.From), day(s.To), K, limit)
	})
	return list, err
}
