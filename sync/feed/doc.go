// Package feed is the terminal's side of the feed of postings: it fetches the
// signed files of a hub from a web server or a stick, proves them, brings the
// board to the newest version in transactions, and remembers what it has seen. It
// trusts no server, no medium and no clock; ../DESIGN.md says what is checked and
// in which order, README.md what is kept and how each attack fares.
//
// It knows no database: a [Board] is what it asks of one.
package feed

import (
	"context"
	"iter"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// Board is what is kept in step: the postings that residents search.
type Board interface {
	// Sequence is the last one that was applied; 0: none was.
	Sequence(ctx context.Context) (int64, error)
	// IDs are those of all postings, ascending.
	IDs(ctx context.Context) ([]string, error)
	// Rows are those of the postings that are there, in the order of the ids,
	// which are ascending. No more than 256 are asked for at once.
	Rows(ctx context.Context, ids []string) ([]wire.Row, error)
	// Apply makes one change in one transaction: all of it or nothing.
	Apply(ctx context.Context, c Change) error
}

// Change is one transaction of a board. Everything in it was proven before.
type Change struct {
	// Upsert are new and changed postings, ascending by id. It may be gone through
	// more than once. After an error, which it gives as its last element, nothing
	// of the change may stay.
	Upsert iter.Seq2[kiosk.Posting, error]
	// Remove are ids; those that are not there are no error.
	Remove []string
	// Dates are new refresh dates of postings that are there, and of which nothing
	// else changed.
	Dates []delta.Date
	// Replace says that Upsert is the whole board: all other postings go. Sequence
	// may then be any, also one below the last.
	Replace bool
	// Sequence is noted with the change; 0: the last one stays, because only
	// postings that were taken down go.
	Sequence int64
	At       time.Time // when the board was brought up to date
}
