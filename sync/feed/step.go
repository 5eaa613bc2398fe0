package feed

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"

	"jobhome/kiosk"
	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// maxDelta is the greatest delta that is unpacked: it is held in memory.
const maxDelta = 128 << 20

// forward takes the board over one delta. The form that is packed with rows is
// tried first when there is one.
func (r *round) forward(ctx context.Context, d *wire.Delta) error {
	if d.Dict != nil {
		err := r.forwardBy(ctx, d, true)
		if !alternative(err) {
			return err
		}
	}
	return r.forwardBy(ctx, d, false)
}

// alternative tells whether another way is worth trying after an error: the bytes
// are wrong, and neither the line nor this machine.
func alternative(err error) bool {
	if errors.Is(err, errBudget) || err == nil {
		return false
	}
	switch codeOf(err) {
	case BadObject, BadRows, BadSum, Missing:
		return true
	}
	return false
}

func (r *round) forwardBy(ctx context.Context, d *wire.Delta, dict bool) error {
	o := d.Plain
	if dict {
		o = *d.Dict
	}
	if o.Raw > maxDelta || o.Size > maxDelta {
		return refuse(BadObject, "%s has %d bytes, unpacked %d, more than a delta may have", o.Path(), o.Size, o.Raw)
	}
	path, err := r.object(ctx, o, false)
	if err != nil {
		return err
	}
	packed, err := os.ReadFile(path)
	if err != nil {
		return as(Local, fmt.Errorf("feed: %w", err))
	}
	v, err := r.look(ctx)
	if err != nil {
		return err
	}
	var c delta.Change
	if dict {
		c, err = delta.DecodeDict(packed, o.Raw, v)
	} else {
		c, err = delta.DecodePlain(packed, o.Raw)
	}
	if err != nil {
		return as(BadObject, err)
	}
	s := step{round: r, view: v, next: place{d.To, r.st.Current.Rows, r.st.Current.Sum, maps.Clone(r.st.Current.Hidden)}}
	if err := s.work(&c); err != nil {
		return err
	}
	if s.next.Rows != d.Rows || s.next.Sum != d.Sum {
		return refuse(BadSum, "version %s does not come out of %s: %d rows and should be %d", d.To, d.From, s.next.Rows, d.Rows)
	}
	err = r.commit(ctx, s.next, Change{
		Upsert: postings(s.upsert), Remove: s.remove, Dates: s.dates, Sequence: d.To.Sequence(), At: r.now,
	})
	if err == nil {
		r.rep.Added += len(s.upsert)
		r.rep.Removed += len(s.remove)
		r.rep.Dated += len(s.dates)
	}
	return err
}

// step works out what a change does to the board, without doing it.
type step struct {
	*round
	view *view
	next place

	upsert []kiosk.Posting
	remove []string
	dates  []delta.Date
}

func (s *step) work(c *delta.Change) error {
	old, err := s.before(c)
	if err != nil {
		return err
	}
	for _, id := range c.Remove {
		sum, there := s.take(old, id)
		if !there {
			return refuse(BadSum, "row %s is removed and is not there", id)
		}
		s.next.Sum = s.next.Sum.Sub(sum)
		s.next.Rows--
		if _, ok := s.next.Hidden[id]; ok {
			delete(s.next.Hidden, id)
			continue
		}
		s.remove = append(s.remove, id)
	}
	for _, d := range c.Dates {
		if err := s.date(old, d); err != nil {
			return err
		}
	}
	for _, row := range c.Upsert {
		if err := s.put(old, row); err != nil {
			return err
		}
	}
	return nil
}

// before are the rows that the change is about, as far as the board has them.
func (s *step) before(c *delta.Change) (map[string]wire.Row, error) {
	var ids []string
	ids = append(ids, c.Remove...)
	for _, d := range c.Dates {
		ids = append(ids, d.ID)
	}
	for _, row := range c.Upsert {
		ids = append(ids, row.ID)
	}
	slices.Sort(ids)
	rows, err := s.view.Rows(ids)
	if err != nil {
		return nil, err
	}
	old := make(map[string]wire.Row, len(rows))
	for _, row := range rows {
		old[row.ID] = row
	}
	return old, nil
}

// take is what a row adds to the sum as it is.
func (s *step) take(old map[string]wire.Row, id string) (wire.Sum, bool) {
	if t, ok := s.next.Hidden[id]; ok {
		return t.Sum, true
	}
	row, ok := old[id]
	if !ok {
		return wire.Sum{}, false
	}
	return wire.RowSum(row), true
}

func (s *step) date(old map[string]wire.Row, d delta.Date) error {
	was, there := s.take(old, d.ID)
	if !there {
		return refuse(BadSum, "row %s is dated and is not there", d.ID)
	}
	now := wire.Sum{Bodies: was.Bodies, Dates: wire.RowSum(wire.Row{ID: d.ID, Refreshed: d.Refreshed}).Dates}
	s.next.Sum = s.next.Sum.Sub(was).Add(now)
	if t, ok := s.next.Hidden[d.ID]; ok {
		t.Sum, t.Refreshed = now, d.Refreshed
		s.next.Hidden[d.ID] = t
		return nil
	}
	row := old[d.ID]
	row.Refreshed = d.Refreshed
	if _, err := row.Posting(); err != nil {
		return as(BadRows, err)
	}
	s.dates = append(s.dates, d)
	return nil
}

func (s *step) put(old map[string]wire.Row, row wire.Row) error {
	p, err := row.Posting()
	if err != nil {
		return as(BadRows, err)
	}
	now := wire.RowSum(row)
	was, there := s.take(old, row.ID)
	if !there {
		s.next.Rows++
	}
	s.next.Sum = s.next.Sum.Sub(was).Add(now)
	if !s.lane[row.ID] {
		s.upsert = append(s.upsert, p)
		return nil
	}
	// It was taken down: whatever a version says, it stays away.
	if s.next.Hidden == nil {
		s.next.Hidden = hidden{}
	}
	s.next.Hidden.add(row)
	return nil
}

// commit makes a proven change, and takes note of it: where it leads to before,
// so that a power cut in between loses nothing, and that it is there after.
func (r *round) commit(ctx context.Context, next place, c Change) error {
	r.st.Next = &next
	if err := r.keep(); err != nil {
		return err
	}
	if err := r.to.Apply(ctx, c); err != nil {
		return as(Local, fmt.Errorf("feed: apply version %s: %w", next.At, err))
	}
	if c.Replace {
		r.st.Proven = r.now
	}
	r.st.Current, r.st.Next, r.at = next, nil, next.At
	r.rep.Steps++
	r.rep.To = next.At
	return r.keep()
}

// postings are those of a list.
func postings(list []kiosk.Posting) iter.Seq2[kiosk.Posting, error] {
	return func(yield func(kiosk.Posting, error) bool) {
		for i := range list {
			if !yield(list[i], nil) {
				return
			}
		}
	}
}
