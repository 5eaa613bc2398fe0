package board

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"math/rand/v2"
	"slices"

	"jobhome/kiosk/segment"
)

// state is what the file is after a commit: a row of delta without the rows
// that went.
type state struct {
	number   int64 // of the commit, from 1
	mark     int64 // random, not 0: no other commit has it
	sequence int64 // the last one of the feed that was applied; 0: none
	at       int64 // when the board was brought up to date, Unix seconds; 0: never
	first    int64 // the first rowid that the commit could give
	next     int64 // the first that the next one can
	living   int64 // rows that are not gone
	sum      uint32
}

// delta is a commit: what it leaves and the rows that went with it.
type delta struct {
	state
	// origin is the mark of the commit before, of which a file that begins with
	// this one has the living rows in their order, see [Board.Compact]; 0: of none.
	origin int64
	gone   []byte // see packRows
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// chain is the checksum of a delta that stands after one with the checksum
// before. The first in a file stands after 0.
func (d *delta) chain(before uint32) uint32 {
	b := binary.LittleEndian.AppendUint32(nil, before)
	for _, n := range append(d.numbers(), &d.origin) {
		b = binary.LittleEndian.AppendUint64(b, uint64(*n))
	}
	return crc32.Update(crc32.Checksum(b, castagnoli), castagnoli, d.gone)
}

const deltaColumns = `number, mark, sequence, at, first, next, living, sum`

// numbers are all of a state but its checksum, in the order of deltaColumns.
func (st *state) numbers() []*int64 {
	return []*int64{&st.number, &st.mark, &st.sequence, &st.at, &st.first, &st.next, &st.living}
}

func (st *state) dest() (dest []any) {
	for _, n := range st.numbers() {
		dest = append(dest, n)
	}
	return append(dest, &st.sum)
}

// stateOf is the state of the last commit.
func stateOf(ctx context.Context, q querier) (st state, err error) {
	err = first(ctx, q, `SELECT `+deltaColumns+` FROM delta ORDER BY number DESC LIMIT 1`).scan(st.dest()...)
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("the file has no commit: %w", segment.ErrDamaged)
	}
	return st, err
}

// past is the state of an earlier commit of this very file, if it is one.
func past(ctx context.Context, q querier, number, mark int64) (st state, ok bool, err error) {
	err = first(ctx, q, `SELECT `+deltaColumns+` FROM delta WHERE number = ? AND mark = ?`, number, mark).scan(st.dest()...)
	if errors.Is(err, sql.ErrNoRows) {
		return state{}, false, nil
	}
	return st, err == nil, err
}

// firstOf is the first commit of the file, without what went with it.
func firstOf(ctx context.Context, q querier) (d delta, err error) {
	err = first(ctx, q, `SELECT `+deltaColumns+`, origin FROM delta ORDER BY number LIMIT 1`).scan(append(d.dest(), &d.origin)...)
	return d, err
}

// append writes the delta that follows before, or begins a file with the zero
// before, and gives it its number, mark and checksum.
func (d *delta) append(ctx context.Context, tx *sql.Tx, before uint32) error {
	d.mark = 1 + rand.Int64N(math.MaxInt64)
	d.sum = d.chain(before)
	if d.gone == nil {
		d.gone = []byte{}
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO delta (`+deltaColumns+`, origin, gone) VALUES (?,?,?,?,?,?,?,?,?,?)`,
		d.number, d.mark, d.sequence, d.at, d.first, d.next, d.living, d.sum, d.origin, d.gone)
	return err
}

// after reads the commits that follow a state, in their order, each checked
// against the one before, and the rows that went with them, ascending. After
// the zero state are all.
func (st state) after(ctx context.Context, q querier) (all []state, gone []int64, err error) {
	rows, err := q.QueryContext(ctx, `SELECT `+deltaColumns+`, origin, gone FROM delta WHERE number > ? ORDER BY number`, st.number)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var d delta
		if err := scanRow(ctx, rows, append(d.dest(), &d.origin, &d.gone)...); err != nil {
			return nil, nil, err
		}
		if gone, err = d.follow(st, gone); err != nil {
			return nil, nil, err
		}
		st = d.state
		all = append(all, st)
	}
	slices.Sort(gone)
	return all, gone, rows.Err()
}

// follow checks a delta that follows a state, and adds the rows that it took.
func (d *delta) follow(before state, gone []int64) ([]int64, error) {
	bad := func(what string) ([]int64, error) {
		return nil, fmt.Errorf("commit %d: %s: %w", d.number, what, segment.ErrDamaged)
	}
	had := len(gone)
	gone, ok := unpackRows(d.gone, d.first, gone)
	switch {
	case d.sum != d.chain(before.sum):
		return bad("another checksum")
	case !ok:
		return bad("rows that cannot have been")
	case d.first < 1 || d.next < d.first || before.number > 0 && (d.number != before.number+1 || d.first != before.next):
		return bad("does not follow the one before")
	case d.living != before.living+d.next-d.first-int64(len(gone)-had):
		return bad("another number of postings")
	}
	return gone, nil
}

// packRows writes ascending rowids as the gaps between them, as uvarints.
func packRows(rows []int64) (packed []byte) {
	last := int64(0)
	for _, n := range rows {
		packed = binary.AppendUvarint(packed, uint64(n-last))
		last = n
	}
	return packed
}

// unpackRows adds to rows what packRows has packed, all of them below limit.
func unpackRows(packed []byte, limit int64, rows []int64) ([]int64, bool) {
	last := int64(0)
	for len(packed) > 0 {
		gap, size := binary.Uvarint(packed)
		if size <= 0 || gap == 0 || limit <= last || gap >= uint64(limit-last) {
			return rows, false
		}
		last += int64(gap)
		rows, packed = append(rows, last), packed[size:]
	}
	return rows, true
}
