package board

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"jobhome/kiosk/internal/sqlite"
	"jobhome/kiosk/internal/swapfile"
)

var fileOpts = sqlite.Opts{Synchronous: sqlite.Normal, Conns: 4}

// openFile opens the board's present file and brings its schema up to date.
// held says that the caller has the right to write.
func openFile(ctx context.Context, path string, held bool) (_ *swapfile.File, err error) {
	crashed := swapfile.Crashed(path)
	f, err := swapfile.Open(path, fileOpts)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = f.Close()
		}
	}()
	if crashed { // worth a full look
		if err := sqlite.Check(ctx, f.DB); err != nil {
			return nil, err
		}
	}
	return f, migrate(ctx, path, f, held)
}

// migrate writes, and so takes the right to write, only when there is something
// to write.
func migrate(ctx context.Context, path string, f *swapfile.File, held bool) error {
	var have int
	if err := f.DB.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return err
	}
	if have < len(schema) && !held {
		h, err := swapfile.Lock(ctx, path)
		if err != nil {
			return err
		}
		defer h.Unlock()
		if gone, err := f.Replaced(); err != nil || gone {
			return errors.Join(err, swapfile.ErrReplaced)
		}
	}
	return sqlite.Migrate(ctx, f.DB, schema)
}

// reopen opens the file that took the place of old, unless that was done
// meanwhile. Connections of old that are in use go on and are closed afterwards.
func (b *Board) reopen(ctx context.Context, old *swapfile.File, held bool) error {
	b.opening.Lock()
	defer b.opening.Unlock()
	if b.file.Load() != old {
		return nil
	}
	if b.closed {
		return os.ErrClosed
	}
	f, err := openFile(ctx, b.path, held)
	if err != nil {
		return fmt.Errorf("open the board that took this one's place: %w", err)
	}
	b.file.Store(f)
	_ = old.Close()
	return nil
}

// alone waits for the right to write, of which there is one for all processes,
// and makes sure of the board's file. The caller calls end.
func (b *Board) alone(ctx context.Context) (h *swapfile.Held, end func(), err error) {
	if h, err = swapfile.Lock(ctx, b.path); err != nil {
		return nil, nil, err
	}
	b.write.Lock()
	end = func() {
		b.write.Unlock()
		h.Unlock()
	}
	if err := b.renew(ctx, true); err != nil {
		end()
		return nil, nil, err
	}
	return h, end, nil
}

// renew opens the board's file again if another has taken its place.
func (b *Board) renew(ctx context.Context, held bool) error {
	f := b.file.Load()
	gone, err := f.Replaced()
	if err != nil || !gone {
		return err
	}
	return b.reopen(ctx, f, held)
}

// onFile runs f on the board's file, and again on the file that took its place
// when that is why f failed.
func (b *Board) onFile(ctx context.Context, held bool, f func(*sql.DB) error) error {
	for {
		file := b.file.Load()
		err := f(file.DB)
		switch {
		case err == nil || ctx.Err() != nil:
			return err
		case b.file.Load() != file: // it was closed meanwhile
		case !errors.Is(err, swapfile.ErrReplaced):
			return err
		default:
			if err := b.reopen(ctx, file, held); err != nil && !errors.Is(err, swapfile.ErrReplaced) {
				return err
			}
		}
	}
}

// conn is a connection to the board's file. It stays good when the file is
// replaced while it is in use, and then reads what the file held.
func (b *Board) conn(ctx context.Context, held bool) (conn *sql.Conn, err error) {
	err = b.onFile(ctx, held, func(db *sql.DB) error {
		conn, err = db.Conn(ctx)
		return err
	})
	return conn, err
}

// close closes the board's file.
func (b *Board) close() error {
	b.opening.Lock()
	defer b.opening.Unlock()
	b.closed = true
	return b.file.Load().Close()
}

// basis is the snapshot if it is of an earlier state of the file that q reads,
// else an empty one: a person may delete a board and another process fill a new
// one of the same name.
func (s *snapshot) basis(ctx context.Context, q querier) (*snapshot, error) {
	var known int
	err := q.QueryRowContext(ctx, `SELECT count(*) FROM state WHERE number = ? AND mark = ?`, s.state.number, s.state.mark).
		Scan(&known)
	if err == nil && known == 0 {
		s = newSnapshot()
	}
	return s, err
}
