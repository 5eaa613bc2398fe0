package main

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"math"
	"runtime"
	"runtime/debug"
	"slices"

	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// our measures both forms of our delta, and a fresh base.
func our(from, to delta.Rows) ([]row, error) {
	change := delta.Between(from, to)
	dict, err := delta.EncodeDict(change, from)
	if err != nil {
		return nil, err
	}
	plain, err := delta.EncodePlain(change)
	if err != nil {
		return nil, err
	}
	var base bytes.Buffer
	if _, err := delta.EncodeBase(&base, all(to)); err != nil {
		return nil, err
	}
	memory, err := needed(dict, from, to)
	if err != nil {
		return nil, err
	}
	edits := slices.DeleteFunc(slices.Clone(change.Upsert), func(r wire.Row) bool {
		_, ok := slices.BinarySearchFunc(from, r, func(a, b wire.Row) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
		return !ok
	})
	edited, err := delta.EncodeDict(delta.Change{Upsert: edits}, from)
	if err != nil {
		return nil, err
	}
	return []row{
		{"our delta, with rows of the board as dictionary", int64(len(dict.Bytes)), memory, "static file"},
		{"our delta, plain", int64(len(plain.Bytes)), 0, "static file, read with zstd -d"},
		{"our base", int64(base.Len()), 0, "static file"},
		{"our delta of the edited rows only", int64(len(edited.Bytes)), 0, fmt.Sprintf("%d rows", len(edits))},
	}, nil
}

func all(rows delta.Rows) iter.Seq2[wire.Row, error] {
	return func(yield func(wire.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// stored is a board that hands out copies of its rows, as a database does, and
// looks how much memory is in use whenever it is asked.
type stored struct {
	rows delta.Rows
	most uint64
}

func (s *stored) IDs() iter.Seq2[string, error] { return s.rows.IDs() }

func (s *stored) Rows(ids []string) ([]wire.Row, error) {
	rows, err := s.rows.Rows(ids)
	for i := range rows {
		rows[i].Body = bytes.Clone(rows[i].Body)
	}
	s.look()
	return rows, err
}

func (s *stored) look() {
	runtime.GC()
	s.most = max(s.most, live())
}

func live() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// needed is what reading the delta needs at most: the greatest of what is in use
// after each time that rows are read, and of all that is allocated from the last
// of them to the end, with nothing collected.
func needed(p delta.Packed, from, to delta.Rows) (int64, error) {
	known := &stored{rows: from}
	runtime.GC()
	before := live()
	debug.SetGCPercent(-1)
	defer debug.SetGCPercent(100)
	c, err := delta.DecodeDict(p.Bytes, p.Raw, known)
	if err != nil {
		return 0, err
	}
	most := max(known.most, live())
	after, err := from.Apply(c)
	if err != nil {
		return 0, err
	}
	if after.Sum() != to.Sum() {
		return 0, errors.New("the delta leads elsewhere")
	}
	return int64(min(most-before, math.MaxInt64)), nil
}
