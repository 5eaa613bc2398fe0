package board

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"jobhome/kiosk/internal/sqlite"
	"jobhome/kiosk/internal/swapfile"
)

var fileOpts = sqlite.Opts{Synchronous: sqlite.Full, Conns: 4}

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
	done, err := migrated(ctx, f.DB)
	if err != nil || done {
		return err
	}
	if !held {
		h, err := swapfile.Lock(ctx, path)
		if err != nil {
			return err
		}
		defer h.Unlock()
		if gone, err := f.Replaced(); err != nil || gone {
			return errors.Join(err, swapfile.ErrReplaced)
		}
	}
	return prepare(ctx, f.DB)
}

// migrated reports whether a file has the last schema and nothing of an earlier
// one. The error wraps [sqlite.ErrForeign] when it has not the tables of it.
func migrated(ctx context.Context, db *sql.DB) (bool, error) {
	var version int
	var have string
	err := first(ctx, db, `SELECT user_version, (SELECT coalesce(group_concat(name, ' '), '') FROM
		(SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)) FROM pragma_user_version`).
		scan(&version, &have)
	if err != nil || version != len(schema) {
		return false, err
	}
	for _, name := range tables {
		if !slices.Contains(strings.Fields(have), name) {
			return false, fmt.Errorf("the board has no table %s: %w", name, sqlite.ErrForeign)
		}
	}
	return !slices.Contains(strings.Fields(have), "posting"), nil
}

// prepare brings a file to the last schema, with the postings that it has.
func prepare(ctx context.Context, db *sql.DB) error {
	if err := sqlite.Migrate(ctx, db, schema); err != nil {
		return err
	}
	if err := takeOver(ctx, db); err != nil {
		if sqlite.Misfits(err) {
			err = errors.Join(err, sqlite.ErrForeign)
		}
		return fmt.Errorf("take over the postings of an older schema: %w", err)
	}
	return nil
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
