// Package board is the job board as this terminal has it: postings in one
// SQLite file that may be thrown away and fetched again, searched by Chinese
// text, filtered, counted, sorted and paged in memory. DESIGN.md says how,
// README.md describes the file format that a board is imported from.
package board

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/internal/sqlite"
	"jobhome/kiosk/internal/swapfile"
	"jobhome/kiosk/segment"
)

// Board is an open board. Its methods may be called from any goroutine.
// Readers work on an immutable snapshot and never wait for a writer.
type Board struct {
	file    atomic.Pointer[swapfile.File] // see conn
	opening sync.Mutex                    // one at a time opens another file
	closed  bool                          // held by opening
	path    string
	site    kiosk.Site
	aside   Aside
	write   sync.Mutex // one import at a time; see alone
	saved   []int64    // the rowids of the saved index; held by write
	snap    atomic.Pointer[snapshot]
	dict    atomic.Pointer[dictionary] // what the last text was read with
}

// Aside tells that Open found a board that could not be used and put it aside.
// The zero Aside: it found none.
type Aside struct {
	Path   string // where the unusable file is now
	Reason error
}

// Open opens the board at path, or makes an empty one. Distances are measured
// from the site. A board that is damaged or was written by a newer or another program is
// renamed to path.bad-<time> and an empty one is opened; see [Board.Aside].
func Open(path string, site kiosk.Site) (*Board, error) {
	b, err := open(path, site)
	if err == nil || !unusable(err) {
		return b, err
	}
	aside, moved := setAside(path, time.Now())
	if moved != nil {
		return nil, fmt.Errorf("board: put an unusable board aside: %w", errors.Join(moved, err))
	}
	if b, moved = open(path, site); moved != nil {
		return nil, moved
	}
	b.aside = Aside{aside, err}
	return b, nil
}

func open(path string, site kiosk.Site) (_ *Board, err error) {
	ctx := context.Background()
	f, err := openFile(ctx, path, false)
	for tries := 0; errors.Is(err, swapfile.ErrReplaced) && tries < 20; tries++ {
		f, err = openFile(ctx, path, false)
	}
	if err != nil {
		return nil, fmt.Errorf("board: %w", err)
	}
	b := &Board{path: path, site: site}
	b.file.Store(f)
	if err := b.start(ctx); err != nil {
		_ = b.close()
		return nil, fmt.Errorf("board: load: %w", err)
	}
	b.keepSaved(b.snap.Load(), 4)
	return b, nil
}

// unusable reports whether err says that the file, or a row of it, is not what
// was written, or not what this program writes.
func unusable(err error) bool {
	return sqlite.Damaged(err) || errors.Is(err, segment.ErrDamaged) ||
		errors.Is(err, sqlite.ErrNewer) || errors.Is(err, sqlite.ErrForeign)
}

// start reads the saved index, if it is of use, and the rest from the file.
func (b *Board) start(ctx context.Context) error {
	conn, err := b.conn(ctx, false)
	if err != nil {
		return err
	}
	last := startFrom(ctx, conn, indexPath(b.path))
	_ = conn.Close()
	b.snap.Store(last)
	b.saved = last.rowids
	return b.load(ctx, false)
}

// setAside renames the files of an unusable board. Of boards put aside before
// only this one is kept, so that they never fill the card.
func setAside(path string, now time.Time) (string, error) {
	old, _ := filepath.Glob(path + ".bad-*")
	for _, f := range old {
		_ = os.Remove(f)
	}
	bad := path + ".bad-" + now.Format("20060102T150405")
	name, err := swapfile.Name(path)
	if err != nil {
		return "", err
	}
	if err := os.Rename(name, bad); err != nil {
		return "", err
	}
	for _, file := range []string{path, name + "-wal", name + "-shm", indexPath(path)} {
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
	}
	return bad, sqlite.SyncDir(filepath.Dir(path))
}

// Close closes the file.
func (b *Board) Close() error { return b.close() }

// Aside tells whether Open had to put an unusable board aside, and why.
func (b *Board) Aside() Aside { return b.aside }

// Freshness returns when the board was last brought up to date; zero when it
// never was.
func (b *Board) Freshness() time.Time { return moment(b.snap.Load().state.at) }

// Sequence is that of the feed's last delta that was applied; 0: none was.
func (b *Board) Sequence(ctx context.Context) (int64, error) {
	st, err := b.fileState(ctx)
	if err != nil {
		return 0, fmt.Errorf("board: read the sequence: %w", err)
	}
	return st.sequence, nil
}

// Get returns a posting with its description. It is given even when it has
// expired, because a slip may still point to it: see [kiosk.Posting.Open]. What
// is damaged on the disk gives an error that wraps [segment.ErrDamaged].
func (b *Board) Get(ctx context.Context, id string) (kiosk.Posting, bool, error) {
	p, ok, err := b.get(ctx, id)
	for tries := 0; errors.Is(err, sql.ErrNoRows) && tries < 5; tries++ { // another process has changed it since
		if err = b.Refresh(ctx); err == nil {
			p, ok, err = b.get(ctx, id)
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("posting %s has no row: %w", id, segment.ErrDamaged)
	}
	if err != nil {
		return kiosk.Posting{}, false, fmt.Errorf("board: get: %w", err)
	}
	return p, ok, nil
}

func (b *Board) get(ctx context.Context, id string) (kiosk.Posting, bool, error) {
	s := b.snap.Load()
	row := s.find(id)
	if row < 0 {
		return kiosk.Posting{}, false, nil
	}
	p := s.posting(row)
	texts, err := b.descriptions(ctx, s, []int32{row})
	if err != nil {
		return p, false, err
	}
	text, ok := texts[row]
	if !ok {
		return p, false, sql.ErrNoRows
	}
	p.Description = text
	return p, true, nil
}
