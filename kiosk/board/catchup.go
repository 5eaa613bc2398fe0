package board

import (
	"context"
	"database/sql"
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/index"
)

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// state is a commit: the number that it has and a mark that no other has.
type state struct{ number, mark int64 }

func stateOf(ctx context.Context, q querier) (st state, err error) {
	err = q.QueryRowContext(ctx, `SELECT number, mark FROM state ORDER BY number DESC LIMIT 1`).Scan(&st.number, &st.mark)
	return st, err
}

// catchUp makes the snapshot of what q reads out of s, which is that of an
// earlier state of the same file or an empty one. Because a rowid is never used
// twice and a posting that changes gets a new one, it need only leave out the
// rows that are gone and read those above the last rowid.
func (s *snapshot) catchUp(ctx context.Context, q querier, site kiosk.Site) (*snapshot, error) {
	next := &snapshot{}
	var err error
	if next.state, err = stateOf(ctx, q); err != nil {
		return nil, err
	}
	if next.state == s.state {
		if s.room == nil {
			s.derive(site) // it was only read
		}
		return s, nil
	}
	var updated, cleared int64
	err = q.QueryRowContext(ctx, `SELECT (SELECT value FROM meta WHERE key = 'updated'),
		(SELECT value FROM meta WHERE key = 'cleared')`).Scan(&updated, &cleared)
	if err != nil {
		return nil, err
	}
	next.updated = moment(updated)
	if s.state.number < cleared {
		s = newSnapshot() // what is gone since then is no longer written down
	}
	gone, err := s.gone(ctx, q)
	if err != nil {
		return nil, err
	}
	texts, words := s.text.Next(gone), s.strings.Next()
	next.keep(s, gone, words)
	if err := next.read(ctx, q, s.lastRowid(), adder{texts, words}); err != nil {
		return nil, err
	}
	if next.text, err = texts.Done(); err != nil {
		return nil, err
	}
	all := words.Done()
	next.strings = &all
	next.derive(site)
	return next, nil
}

func (s *snapshot) lastRowid() int64 {
	if len(s.rowids) == 0 {
		return 0
	}
	return s.rowids[len(s.rowids)-1]
}

// gone returns the rows of s that the file says are gone.
func (s *snapshot) gone(ctx context.Context, q querier) (index.Bits, error) {
	gone := index.NewBits(len(s.rowids))
	if len(s.rowids) == 0 {
		return gone, nil
	}
	rows, err := q.QueryContext(ctx, `SELECT rowid FROM gone`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var rowid int64
		if err := rows.Scan(&rowid); err != nil {
			return nil, err
		}
		if i, ok := slices.BinarySearch(s.rowids, rowid); ok {
			gone.Set(i)
		}
	}
	return gone, rows.Err()
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

// read adds the postings after a rowid.
func (s *snapshot) read(ctx context.Context, q querier, after int64, to adder) error {
	rows, err := q.QueryContext(ctx, selectPostings+
		`WHERE rowid > ? AND rowid NOT IN (SELECT rowid FROM gone) ORDER BY rowid`, after)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		p, k, err := scanPosting(rows)
		if err != nil {
			return err
		}
		f := pack(&p, to.words)
		f.digest, f.arrived = k.digest, k.arrived
		s.rowids, s.facts = append(s.rowids, k.rowid), append(s.facts, f)
		to.texts.Add(folded(&p))
	}
	s.rowids, s.facts = slices.Clip(s.rowids), slices.Clip(s.facts)
	return rows.Err()
}

// adder takes in the words of postings.
type adder struct {
	texts *index.Maker
	words *index.StringsMaker
}
