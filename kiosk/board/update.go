package board

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"time"

	"jobhome/kiosk"
)

// updater changes the board inside one transaction.
type updater struct {
	tx     *sql.Tx
	rep    *Report
	have   map[string]known
	seen   map[string]int      // ids given, with their line
	keep   map[string]struct{} // ids of bad lines
	line   int
	next   int64 // the next rowid
	now    int64 // when new ones arrive; 0: when they were published
	insert *sql.Stmt
	remove *sql.Stmt
}

type known struct{ rowid, digest, arrived int64 }

// update runs f in one transaction, and shows its result to readers when it
// was committed. When too much of the file is gone postings then, it is written
// anew without them; that it cannot be is no failure, the next update tries again.
func (b *Board) update(ctx context.Context, dry bool, f func(*updater) error, rep *Report) error {
	h, end, err := b.alone(ctx)
	if err != nil {
		return err
	}
	defer end()
	crowded, err := b.commit(ctx, dry, f, rep)
	if err == nil && crowded {
		_ = b.compact(ctx, h)
	}
	return err
}

// commit is one transaction of an update. The new snapshot is made before the
// commit, so that file and memory change at the same moment.
func (b *Board) commit(ctx context.Context, dry bool, f func(*updater) error, rep *Report) (crowded bool, err error) {
	conn, err := b.conn(ctx, true)
	if err != nil {
		return false, err
	}
	defer func() { _ = conn.Close() }()
	// A cache that holds what a whole import touches writes each page once.
	if _, err := conn.ExecContext(ctx, "PRAGMA cache_size = -32768"); err != nil {
		return false, err
	}
	defer func() {
		_, _ = conn.ExecContext(context.Background(), "PRAGMA cache_size = -2000; PRAGMA shrink_memory")
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	last, err := b.snap.Load().basis(ctx, tx)
	if err != nil {
		return false, err
	}
	if last, err = last.catchUp(ctx, tx, b.site); err != nil { // another process may have imported
		return false, err
	}
	u := &updater{tx: tx, rep: rep, seen: map[string]int{}, keep: map[string]struct{}{}, have: last.known()}
	if err := u.begin(ctx); err != nil {
		return false, err
	}
	if err := f(u); err != nil {
		return false, err
	}
	if dry {
		return false, nil
	}
	s, err := last.catchUp(ctx, tx, b.site)
	if err != nil {
		return false, err
	}
	crowded, err = u.crowded(ctx)
	if err != nil {
		return false, err
	}
	if err := tx.Commit(); err != nil {
		return false, err
	}
	b.snap.Store(s)
	b.keepSaved(s)
	// Not a failure when it does not come to pass: the next commit does it.
	_, _ = conn.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return crowded, nil
}

func (u *updater) begin(ctx context.Context) (err error) {
	err = u.tx.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'next'`).Scan(&u.next)
	if err != nil {
		return err
	}
	if u.insert, err = u.tx.PrepareContext(ctx, insertPosting); err != nil {
		return err
	}
	u.remove, err = u.tx.PrepareContext(ctx, `INSERT INTO gone VALUES (?)`)
	return err
}

// arriving says when new postings come to the board. Those of the first import
// into an empty board are as old as they say: nobody has seen it without them.
func (u *updater) arriving(now time.Time) {
	if len(u.have) > 0 {
		u.now = now.Unix()
	}
}

// follow takes the sequence of a delta down, which must be above the last one.
func (u *updater) follow(ctx context.Context, sequence int64) error {
	if sequence == 0 {
		return nil
	}
	last, err := sequenceOf(ctx, u.tx)
	if err != nil {
		return err
	}
	if sequence <= last {
		return fmt.Errorf("%w: %d, the board has %d", ErrSequence, sequence, last)
	}
	_, err = u.tx.ExecContext(ctx, `UPDATE meta SET value = ? WHERE key = 'sequence'`, sequence)
	return err
}

func sequenceOf(ctx context.Context, q querier) (n int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = 'sequence'`).Scan(&n)
	return n, err
}

// take removes postings by their ids.
func (u *updater) take(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if _, given := u.seen[id]; given {
			return fmt.Errorf("posting %s is to be both added and removed", id)
		}
		k, ok := u.have[id]
		if !ok {
			continue
		}
		if err := u.drop(ctx, k); err != nil {
			return err
		}
		delete(u.have, id)
		u.rep.Removed++
	}
	return nil
}

// put adds or changes one posting. One that changed gets a new rowid, so that a
// rowid stands for the same words for ever; see DESIGN.md.
func (u *updater) put(ctx context.Context, p *kiosk.Posting) error {
	u.seen[p.ID] = u.line
	k := known{u.next, digest(p), u.now}
	old, had := u.have[p.ID]
	switch {
	case had && old.digest == k.digest:
		u.rep.Same++
		return nil
	case had:
		u.rep.Changed++
		k.arrived = old.arrived
		if err := u.drop(ctx, old); err != nil {
			return err
		}
	default:
		u.rep.Added++
		if k.arrived == 0 {
			k.arrived = seconds(p.Published)
		}
	}
	args := append([]any{k.rowid, k.digest, k.arrived}, values(p)...)
	if _, err := u.insert.ExecContext(ctx, args...); err != nil {
		return fmt.Errorf("store posting %s: %w", p.ID, err)
	}
	u.next++
	u.have[p.ID] = k
	return nil
}

func (u *updater) drop(ctx context.Context, k known) error {
	_, err := u.remove.ExecContext(ctx, k.rowid)
	return err
}

// states is the number of the last commits whose marks are kept.
const states = 500

// finish removes what Replace asks to remove, and notes the time and that there
// is a new state.
func (u *updater) finish(ctx context.Context, replace bool, now time.Time) error {
	if replace {
		for id, k := range u.have {
			_, given := u.seen[id]
			if _, keep := u.keep[id]; given || keep {
				continue
			}
			if err := u.drop(ctx, k); err != nil {
				return err
			}
			delete(u.have, id)
			u.rep.Removed++
		}
	}
	_, err := u.tx.ExecContext(ctx, `UPDATE meta SET value = CASE key
		WHEN 'updated' THEN ? WHEN 'next' THEN ? END WHERE key IN ('updated', 'next')`, now.Unix(), u.next)
	if err != nil {
		return err
	}
	_, err = u.tx.ExecContext(ctx, `INSERT INTO state SELECT max(number) + 1, random() FROM state;
		DELETE FROM state WHERE number <= (SELECT max(number) FROM state) - ?`, states)
	return err
}

// crowded reports whether more than two fifths of the rows are gone postings. To
// delete each at once would touch a page of the file for each, all over the file.
func (u *updater) crowded(ctx context.Context) (bool, error) {
	const few = 100 // are not worth a new file
	var gone int
	err := u.tx.QueryRowContext(ctx, `SELECT count(*) FROM gone`).Scan(&gone)
	return gone > few && 5*gone > 2*(gone+len(u.have)), err
}

// digest is a number that changes whenever anything of the posting does.
func digest(p *kiosk.Posting) int64 {
	var text []byte
	all := values(p)
	if p.Certificates == 0 {
		all = all[1:] // as it was before there were any
	}
	for _, v := range all {
		text = fmt.Append(text, v, "\x00")
	}
	return sum(text)
}

func sum(text []byte) int64 {
	h := sha256.Sum256(text)
	return int64(binary.LittleEndian.Uint64(h[:]))
}
