package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Source is where the tree of files lies. Nothing that it gives is believed.
type Source interface {
	// Get opens a file by its path in the tree. It may be that nobody reads to the
	// end. An error is ErrNone, a *Later, or one that says why it cannot be had.
	Get(ctx context.Context, path string, want Range) (Reply, error)
}

// Range is which part of a file is wanted.
type Range struct {
	From  int64  // bytes that are here already
	Limit int64  // bytes wanted from there on, above 0; more are never read
	Part  bool   // there are more than these: a server should not begin to send them
	ETag  string // of the file as it was seen last: it is wanted only when it has changed
}

// Reply is what a source gives.
type Reply struct {
	Body      io.ReadCloser // nil when Unchanged
	From      int64         // where Body begins: 0 when the source cannot begin later
	ETag      string        // of a web server; empty: it has none
	Unchanged bool
}

// ErrNone tells that a source does not have a file.
var ErrNone = errors.New("the file is not there")

// Later tells that a server wants to be left alone for a while.
type Later struct{ After time.Duration }

// Error says how long.
func (l *Later) Error() string {
	return fmt.Sprintf("the server wants to be asked again in %s", l.After)
}
