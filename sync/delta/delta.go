// Package delta packs the versions of a board into bytes and reads them again: a
// whole board (the base), what changed between two versions (a delta, in two
// forms), and the list of what was revoked. It knows no network, no file and no
// signature; who calls it has checked the hash of the bytes before. All packing is
// Zstandard (RFC 8878). README.md describes the formats.
//
// Decoders trust nothing: what they read is in the one form that the encoders
// write, ids are sorted and stand once, nothing follows the end, and nothing is
// allocated for what has not been read within the limit.
package delta

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"

	"jobhome/kiosk"
	"jobhome/sync/wire"
)

// Change leads from one version of a board to another. Each list is sorted by id,
// and no id stands in two of them.
type Change struct {
	Upsert []wire.Row // new rows, and rows whose body changed
	Remove []string
	Dates  []Date // rows of which nothing but the refresh date changed
}

// Date is a new refresh date of a row.
type Date struct {
	ID        string
	Refreshed int64 // Unix seconds; 0: not said
}

// Known is the board at the version that a delta starts from.
type Known interface {
	// IDs are the ids of all rows, ascending. It stops after an error.
	IDs() iter.Seq2[string, error]
	// Rows are those of the rows that are there, in the order of the ids, which
	// are ascending.
	Rows(ids []string) ([]wire.Row, error)
}

// Rows is a board in memory, ascending by id.
type Rows []wire.Row

// IDs implements Known.
func (r Rows) IDs() iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for i := range r {
			if !yield(r[i].ID, nil) {
				return
			}
		}
	}
}

// Rows implements Known.
func (r Rows) Rows(ids []string) ([]wire.Row, error) {
	var out []wire.Row
	for _, id := range ids {
		if i, ok := slices.BinarySearchFunc(r, id, compareID); ok {
			out = append(out, r[i])
		}
	}
	return out, nil
}

func compareID(r wire.Row, id string) int { return cmp.Compare(r.ID, id) }

// Sum is the sum of the board.
func (r Rows) Sum() (sum wire.Sum) {
	for i := range r {
		sum = sum.Add(wire.RowSum(r[i]))
	}
	return sum
}

// Between is the change that leads from one board to another.
func Between(from, to Rows) Change {
	var c Change
	for len(from) > 0 || len(to) > 0 {
		switch {
		case len(to) == 0 || len(from) > 0 && from[0].ID < to[0].ID:
			c.Remove = append(c.Remove, from[0].ID)
			from = from[1:]
			continue
		case len(from) == 0 || to[0].ID < from[0].ID:
			c.Upsert = append(c.Upsert, to[0])
			to = to[1:]
			continue
		case string(from[0].Body) != string(to[0].Body):
			c.Upsert = append(c.Upsert, to[0])
		case from[0].Refreshed != to[0].Refreshed:
			c.Dates = append(c.Dates, Date{to[0].ID, to[0].Refreshed})
		}
		from, to = from[1:], to[1:]
	}
	return c
}

// Apply is the board after the change. A row that is to go or to get another date
// and is not there is an error.
func (r Rows) Apply(c Change) (Rows, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	out := make(Rows, 0, max(0, len(r)+len(c.Upsert)-len(c.Remove)))
	up, gone, dates := c.Upsert, c.Remove, c.Dates
	for _, row := range r {
		for len(up) > 0 && up[0].ID < row.ID {
			out, up = append(out, up[0]), up[1:]
		}
		switch {
		case len(gone) > 0 && gone[0] == row.ID:
			gone = gone[1:]
			continue
		case len(dates) > 0 && dates[0].ID == row.ID:
			row.Refreshed, dates = dates[0].Refreshed, dates[1:]
		case len(up) > 0 && up[0].ID == row.ID:
			row, up = up[0], up[1:]
		}
		out = append(out, row)
	}
	if len(gone) > 0 || len(dates) > 0 {
		return nil, errors.New("delta: the change is about rows that the board does not have")
	}
	return append(out, up...), nil
}

// Check returns what is wrong with the form of the change, or nil.
func (c *Change) Check() error {
	var last string
	up, gone, dates := c.Upsert, c.Remove, c.Dates
	for len(up)+len(gone)+len(dates) > 0 {
		next := ""
		take := func(id string, is bool) {
			if is && (next == "" || id < next) {
				next = id
			}
		}
		if len(up) > 0 {
			take(up[0].ID, true)
		}
		if len(gone) > 0 {
			take(gone[0], true)
		}
		if len(dates) > 0 {
			take(dates[0].ID, true)
		}
		if err := kiosk.CheckPostingID(next); err != nil {
			return fmt.Errorf("delta: %w", err)
		}
		if next <= last {
			return fmt.Errorf("delta: id %s stands twice or out of order", next)
		}
		last = next
		switch {
		case len(up) > 0 && up[0].ID == next:
			if err := checkRow(up[0]); err != nil {
				return err
			}
			up = up[1:]
		case len(gone) > 0 && gone[0] == next:
			gone = gone[1:]
		default:
			if err := checkDate(dates[0].Refreshed); err != nil {
				return err
			}
			dates = dates[1:]
		}
	}
	return nil
}
