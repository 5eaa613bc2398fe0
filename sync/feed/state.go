package feed

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"jobhome/kiosk/durable"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// stateFormat is the form of the state's file. One of another form is not read:
// then the terminal begins again at its first root, and at its board's version.
const stateFormat = 1

// state is what a terminal remembers of its feed. It is written only after what it
// tells of has been proven (CVE-2025-2888). A copy of it may share maps and slices
// with the original: they are replaced, never changed.
type state struct {
	Format int    `json:"format"`
	Board  string `json:"board"`
	Root   []byte `json:"root,omitempty"` // the newest root, as it travelled; empty: the first one

	// The head that was accepted: no older one is, ever.
	Version  wire.Version `json:"version"`
	Rows     int          `json:"rows"`
	Sum      wire.Sum     `json:"sum"`
	Hash     wire.Hash    `json:"hash"` // of its signed bytes
	Expires  time.Time    `json:"expires"`
	ETag     string       `json:"etag,omitempty"` // set when the board is at it
	Floor    trust.Floor  `json:"floor"`
	Newest   wire.Version `json:"newest"` // of what the hub has told
	Current  place        `json:"current"`
	Next     *place       `json:"next,omitempty"` // where a transaction that may have ended leads
	Proven   time.Time    `json:"proven"`         // when Current was last compared with all rows
	Day      string       `json:"day,omitempty"`  // on which Used bytes were read
	Used     int64        `json:"used,omitempty"`
	Wait     int64        `json:"wait,omitempty"` // milliseconds of the last back-off
	NotUntil time.Time    `json:"not_until"`      // when the next round may be, after a trouble
}

// place is a board at a version, as the hub has it: with the rows that were taken
// down here but are still in that version.
type place struct {
	At     wire.Version `json:"at"`
	Rows   int          `json:"rows"`
	Sum    wire.Sum     `json:"sum"`
	Hidden hidden       `json:"hidden,omitempty"`
}

// hidden are rows that were taken down, by their ids.
type hidden map[string]taken

// taken is such a row: what it adds to the sum and, of the first ones, what it is,
// because the next delta may be packed with it. With its version it is forgotten.
type taken struct {
	Sum       wire.Sum `json:"sum"`
	Body      []byte   `json:"body,omitempty"`
	Refreshed int64    `json:"refreshed,omitempty"`
}

// mostBodies bounds the state: 256 postings have about 400 kB.
const mostBodies = 256

// add remembers a row.
func (h hidden) add(row wire.Row) {
	t := taken{Sum: wire.RowSum(row), Refreshed: row.Refreshed}
	if len(h) < mostBodies {
		t.Body = row.Body
	}
	h[row.ID] = t
}

// loadState reads the state, or begins a new one when there is none that can be
// read.
func loadState(path, board string) (state, error) {
	fresh := state{Format: stateFormat, Board: board}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return fresh, fmt.Errorf("feed: read the state: %w", err)
	}
	var s state
	if err := json.Unmarshal(text, &s); err != nil || s.Format != stateFormat || s.Board != board {
		return fresh, nil
	}
	return s, nil
}

func (s *state) save(path string) error {
	text, err := json.Marshal(s)
	if err == nil {
		err = durable.Replace(path, text)
	}
	if err != nil {
		return fmt.Errorf("feed: write the state: %w", err)
	}
	return nil
}

// settle takes the place over that a transaction led to before the power went, if
// it did. The board is then looked through before it is relied upon.
func (s *state) settle(board wire.Version) {
	if s.Next != nil && s.Next.At == board {
		s.Current, s.Proven = *s.Next, time.Time{}
	}
	s.Next = nil
}
