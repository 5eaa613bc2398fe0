// Package feedtest checks that a board does what sync/feed asks of one. Whoever
// writes an adapter runs it over the real thing.
package feedtest

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/sync/delta"
	"jobhome/sync/feed"
	"jobhome/sync/wire"
)

var at = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

// Board checks boards that open makes, each empty and of its own.
func Board(t *testing.T, open func(t *testing.T) feed.Board) {
	for _, v := range []struct {
		name string
		test func(b *board)
	}{
		{"an empty board", (*board).empty},
		{"rows come back byte for byte", (*board).sameBytes},
		{"a change", (*board).change},
		{"an error leaves nothing", (*board).failure},
		{"revocations keep the sequence", (*board).revocations},
		{"a whole board, older than the last", (*board).replace},
	} {
		t.Run(v.name, func(t *testing.T) {
			v.test(&board{t: t, Board: open(t), postings: demo.Postings(at, 300, 7)})
		})
	}
}

// board is one that is tested, with what it should hold.
type board struct {
	t *testing.T
	feed.Board
	postings []kiosk.Posting // ascending by id, to take from
	want     delta.Rows
	sequence int64
}

func (b *board) ctx() context.Context { return b.t.Context() }

func (b *board) rows(postings []kiosk.Posting) (rows delta.Rows) {
	b.t.Helper()
	for i := range postings {
		row, err := wire.RowOf(&postings[i])
		if err != nil {
			b.t.Fatal(err)
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(x, y wire.Row) int { return bytes.Compare([]byte(x.ID), []byte(y.ID)) })
	return rows
}

// apply makes a change, which must succeed.
func (b *board) apply(c feed.Change) {
	b.t.Helper()
	if c.Upsert == nil {
		c.Upsert = All(nil)
	}
	c.At = at
	if err := b.Apply(b.ctx(), c); err != nil {
		b.t.Fatal(err)
	}
	if c.Sequence != 0 {
		b.sequence = c.Sequence
	}
}

// fill applies the first n postings.
func (b *board) fill(n int) {
	b.t.Helper()
	b.apply(feed.Change{Upsert: All(b.postings[:n]), Sequence: wire.Version{Epoch: 1, N: 5}.Sequence()})
	b.want = b.rows(b.postings[:n])
}

// check compares the board with what it should hold.
func (b *board) check() {
	b.t.Helper()
	ids, err := b.IDs(b.ctx())
	if err != nil {
		b.t.Fatal(err)
	}
	var want []string
	for _, r := range b.want {
		want = append(want, r.ID)
	}
	if !slices.Equal(ids, want) {
		b.t.Fatalf("it has %d ids, wanted %d: %.200q", len(ids), len(want), ids)
	}
	var rows delta.Rows
	for some := range slices.Chunk(ids, 256) {
		part, err := b.Rows(b.ctx(), some)
		if err != nil {
			b.t.Fatal(err)
		}
		rows = append(rows, part...)
	}
	same := func(x, y wire.Row) bool {
		return x.ID == y.ID && bytes.Equal(x.Body, y.Body) && x.Refreshed == y.Refreshed
	}
	if !slices.EqualFunc(rows, b.want, same) {
		b.t.Fatalf("%d rows, not those %d that were put in", len(rows), len(b.want))
	}
	if n, err := b.Sequence(b.ctx()); err != nil || n != b.sequence {
		b.t.Fatalf("sequence %d, wanted %d: %v", n, b.sequence, err)
	}
}

func (b *board) empty() {
	b.check()
	rows, err := b.Rows(b.ctx(), []string{"never-heard-of"})
	if err != nil || len(rows) != 0 {
		b.t.Errorf("%d rows, %v", len(rows), err)
	}
}

func (b *board) sameBytes() {
	b.fill(300)
	b.check()
	some := []string{"0", b.want[3].ID, b.want[200].ID, "zzz"}
	rows, err := b.Rows(b.ctx(), some)
	if err != nil || len(rows) != 2 || rows[0].ID != some[1] || rows[1].ID != some[2] {
		b.t.Errorf("%d rows, %v", len(rows), err)
	}
}

func (b *board) change() {
	b.fill(50)
	edited := slices.Clone(b.postings[:2])
	edited[0].Headcount, edited[1].Headcount = 4711, 4712
	date := delta.Date{ID: b.postings[9].ID, Refreshed: at.Add(-time.Hour).Unix()}
	c := feed.Change{
		Upsert: All(append(edited, b.postings[50:60]...)), Remove: []string{"never-heard-of", b.postings[5].ID},
		Dates: []delta.Date{date}, Sequence: b.sequence + 1,
	}
	b.apply(c)
	dated := b.postings[9]
	dated.Refreshed = time.Unix(date.Refreshed, 0).In(dated.Published.Location())
	all := append(slices.Clone(edited), b.postings[2:5]...)
	all = append(append(all, b.postings[6:9]...), dated)
	b.want = b.rows(append(all, b.postings[10:60]...))
	b.check()
	if err := b.Apply(b.ctx(), c); err == nil {
		b.t.Error("the same sequence was applied again")
	}
	b.check()
}

var errTorn = errors.New("the postings break off")

func (b *board) failure() {
	b.fill(50)
	for _, replace := range []bool{false, true} {
		torn := func(yield func(kiosk.Posting, error) bool) {
			for _, p := range b.postings[60:70] {
				if !yield(p, nil) {
					return
				}
			}
			yield(kiosk.Posting{}, errTorn)
		}
		c := feed.Change{Upsert: torn, Remove: []string{b.want[0].ID}, Sequence: b.sequence + 1, Replace: replace, At: at}
		if replace {
			c.Remove = nil
		}
		if err := b.Apply(b.ctx(), c); !errors.Is(err, errTorn) {
			b.t.Errorf("%v", err)
		}
		b.check()
	}
}

func (b *board) revocations() {
	b.fill(50)
	b.apply(feed.Change{Remove: []string{b.want[7].ID, b.want[8].ID}})
	b.want = slices.Delete(b.want, 7, 9)
	b.check()
}

func (b *board) replace() {
	b.fill(50)
	b.apply(feed.Change{Upsert: All(b.postings[40:120]), Replace: true, Sequence: b.sequence - 2})
	b.want = b.rows(b.postings[40:120])
	b.check()
	b.apply(feed.Change{Upsert: All(b.postings[:300]), Replace: true, Sequence: b.sequence})
	b.want = b.rows(b.postings)
	b.check()
}

// All gives the postings of a list, for a change.
func All(postings []kiosk.Posting) iter.Seq2[kiosk.Posting, error] {
	return func(yield func(kiosk.Posting, error) bool) {
		for i := range postings {
			if !yield(postings[i], nil) {
				return
			}
		}
	}
}
