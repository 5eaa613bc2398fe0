package board

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
	"jobhome/kiosk/segment"
)

// catchUp makes the snapshot of what q reads out of s, which is that of an
// earlier state or an empty one. Because a rowid is never used twice and a
// posting that changes gets a new one, it need only leave out the rows that the
// commits since then took, and read those that they added.
func (s *snapshot) catchUp(ctx context.Context, q querier, site kiosk.Site) (*snapshot, error) {
	now, err := stateOf(ctx, q)
	if err != nil {
		return nil, err
	}
	if s.state != now {
		if s, err = s.basis(ctx, q); err != nil {
			return nil, err
		}
	}
	if s.state == now {
		if s.room == nil {
			s.derive(site) // it was only read
		}
		return s, nil
	}
	commits, gone, err := s.state.after(ctx, q)
	if err != nil {
		return nil, err
	}
	if len(commits) == 0 || commits[len(commits)-1] != now {
		return nil, fmt.Errorf("commit %d is of another history: %w", now.number, segment.ErrDamaged)
	}
	left := s.gone(gone)
	to := adder{s.text.Next(left), s.strings.Next(), gone}
	next := &snapshot{state: now}
	next.keep(s, left, to.words)
	r := reader{q: q}
	for _, st := range commits {
		if err := next.read(ctx, &r, st, to); err != nil {
			return nil, err
		}
	}
	next.rowids, next.facts = slices.Clip(next.rowids), slices.Clip(next.facts)
	if err := noneFrom(ctx, q, now.next); err != nil {
		return nil, err
	}
	if int64(len(next.rowids)) != now.living {
		return nil, fmt.Errorf("%d postings, and not %d: %w", len(next.rowids), now.living, segment.ErrDamaged)
	}
	if next.text, err = to.texts.Done(); err != nil {
		return nil, err
	}
	all := to.words.Done()
	next.strings = &all
	next.derive(site)
	return next, nil
}

// basis is what a snapshot of the file that q reads can be made out of: s when
// it is of an earlier state of it; s with other rowids when the file was made of
// that very state by compacting; else an empty one, for a person may delete a
// board and another process fill a new one of the same name.
func (s *snapshot) basis(ctx context.Context, q querier) (*snapshot, error) {
	st, ok, err := past(ctx, q, s.state.number, s.state.mark)
	if err != nil || ok && st == s.state {
		return s, err
	}
	begin, err := firstOf(ctx, q)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	if s.state.mark == 0 || begin.origin != s.state.mark || begin.living != int64(len(s.rowids)) {
		return newSnapshot(), nil
	}
	moved := &snapshot{state: begin.state, facts: s.facts, strings: s.strings, text: s.text}
	moved.rowids = make([]int64, len(s.rowids))
	for i := range moved.rowids {
		moved.rowids[i] = begin.first + int64(i)
	}
	return moved, nil
}

// gone returns the rows of s that are among some rowids.
func (s *snapshot) gone(rowids []int64) index.Bits {
	gone := index.NewBits(len(s.rowids))
	for _, rowid := range rowids {
		if i, ok := slices.BinarySearch(s.rowids, rowid); ok {
			gone.Set(i)
		}
	}
	return gone
}

// keep takes over the rows of the last snapshot that are not gone.
func (s *snapshot) keep(last *snapshot, gone index.Bits, words *index.StringsMaker) {
	room := len(last.facts) + len(last.facts)/16
	s.facts, s.rowids = make([]facts, 0, room), make([]int64, 0, room)
	for i := range last.facts {
		if gone.Has(i) {
			continue
		}
		f := last.facts[i]
		for w := range f.words {
			f.words[w] = words.Keep(f.words[w])
		}
		s.facts = append(s.facts, f)
		s.rowids = append(s.rowids, last.rowids[i])
	}
}

// read adds the postings that a commit added and that are not gone.
func (s *snapshot) read(ctx context.Context, r *reader, st state, to adder) error {
	return r.each(ctx, st, func(rowid int64, row *segment.Row) error {
		if _, is := slices.BinarySearch(to.gone, rowid); is {
			return nil
		}
		p := &row.Posting
		f := pack(p, to.words)
		f.digest, f.arrived = digest(p), row.Arrived
		s.rowids, s.facts = append(s.rowids, rowid), append(s.facts, f)
		to.texts.Add(folded(p))
		return nil
	})
}

// adder takes in the words of postings.
type adder struct {
	texts *index.Maker
	words *index.StringsMaker
	gone  []int64 // rows that are left out, ascending
}
