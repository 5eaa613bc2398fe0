package feed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"jobhome/sync/wire"
)

// Code says in one word what became of a round, for the screen and the hub.
type Code string

// What becomes of a round. All but the first three are troubles, after which the
// board is usable as it was, or as far as it came.
const (
	UpToDate Code = "up-to-date" // there was nothing newer
	Applied  Code = "applied"    // the board is at the newest version
	Waiting  Code = "waiting"    // the bytes of today are used up; it goes on tomorrow

	Unreachable Code = "unreachable" // the source gave nothing
	Busy        Code = "busy"        // the server wants to be left alone for a while
	Missing     Code = "missing"     // the source does not have this board, or not all of it
	Local       Code = "local"       // this machine's disk or board failed

	BadRoot   Code = "root"      // the chain of roots is broken
	Unsigned  Code = "signature" // the head is not signed by the keys of the root
	BadHead   Code = "head"      // the head is not in the form that is read, or contradicts itself
	OtherName Code = "board"     // the head is of another board
	BadEpoch  Code = "epoch"     // the head is of another epoch than the root
	Rollback  Code = "rollback"  // the head is older than one that was accepted
	Fork      Code = "fork"      // it is another head of the accepted version
	Frozen    Code = "frozen"    // the hub has told of a newer head than the source has
	WideLane  Code = "lane"      // too much of the board would be taken down at once
	BadObject Code = "object"    // a file has not the bytes that the head names
	BadRows   Code = "rows"      // a row is wrong
	BadSum    Code = "sum"       // the rows do not add up to what the head says
)

// Report is what one round did.
type Report struct {
	Code Code
	Err  error // nil for the first three codes

	From, To wire.Version // of the board, before and after
	Newest   wire.Version // the newest head that is known, from the source or the hub
	Steps    int          // transactions that brought the board forward
	Added    int          // postings added or changed; after a whole board all of them
	Removed  int
	Dated    int   // postings of which only the refresh date changed
	Revoked  int   // postings taken down by the lane
	Gets     int   // questions to the source
	Bytes    int64 // read from it

	AsOf    time.Time // when the hub issued the head that is accepted: 数据截至
	Expired bool      // it says of itself that there should be a newer one by now
	At      time.Time
}

// OK tells whether the round ended without trouble.
func (r *Report) OK() bool { return r.Err == nil }

// refusal is an error with its code.
type refusal struct {
	code Code
	err  error
}

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

func refuse(code Code, format string, args ...any) error {
	return &refusal{code, fmt.Errorf("feed: "+format, args...)}
}

// as gives an error a code unless it has one.
func as(code Code, err error) error {
	var r *refusal
	switch {
	case err == nil || errors.As(err, &r) || errors.Is(err, errBudget):
		return err
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		code = Unreachable // whoever called it wants to end
	}
	return &refusal{code, err}
}

// fetching gives an error of a source its code.
func fetching(err error) error {
	var later *Later
	switch {
	case errors.Is(err, ErrNone):
		return as(Missing, err)
	case errors.As(err, &later):
		return as(Busy, err)
	}
	return as(Unreachable, err)
}

func codeOf(err error) Code {
	var r *refusal
	if errors.As(err, &r) {
		return r.code
	}
	return Local
}
