package board

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"slices"

	"jobhome/kiosk"
	"jobhome/kiosk/segment"
)

// updater changes the board inside one transaction.
type updater struct {
	*writer
	opts   ImportOpts
	rep    *Report
	before state
	have   map[string]known
	seen   map[string]int      // ids given, with their line
	keep   map[string]struct{} // ids of bad lines
	line   int
	gone   []int64 // rows that were removed or changed
	empty  bool    // the board was
}

// known is what the board has of an id.
type known struct{ rowid, digest, arrived int64 }

// update runs f in one transaction, and shows its result to readers when it
// was committed. When too much of the file is gone postings then, it is written
// anew without them; that it cannot be is no failure, the next update tries again.
func (b *Board) update(ctx context.Context, o ImportOpts, f func(*updater) error, rep *Report) error {
	h, end, err := b.alone(ctx)
	if err != nil {
		return err
	}
	defer end()
	crowded, err := b.commit(ctx, &updater{opts: o, rep: rep}, f)
	if err == nil && crowded {
		_ = b.compact(ctx, h)
	}
	return err
}

// commit is one transaction of an update. The new snapshot is made before the
// commit, so that file and memory change at the same moment.
func (b *Board) commit(ctx context.Context, u *updater, f func(*updater) error) (crowded bool, err error) {
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
	s, err := b.change(ctx, tx, u, f)
	if err != nil || u.opts.DryRun {
		return false, err
	}
	if crowded, err = s.crowded(ctx, tx); err != nil {
		return false, err
	}
	if err := tx.Commit(); err != nil {
		return false, err
	}
	b.snap.Store(s)
	b.keepSaved(s, 2)
	// Not a failure when it does not come to pass: the next commit does it.
	_, _ = conn.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return crowded, nil
}

// change runs f and returns the snapshot of what it leaves.
func (b *Board) change(ctx context.Context, tx *sql.Tx, u *updater, f func(*updater) error) (*snapshot, error) {
	last, err := b.snap.Load().catchUp(ctx, tx, b.site) // another process may have imported
	if err != nil {
		return nil, err
	}
	if o := u.opts; o.Sequence != 0 && o.Sequence <= last.state.sequence && !(o.Replace && o.Restart) {
		return nil, fmt.Errorf("%w: %d, the board has %d", ErrSequence, o.Sequence, last.state.sequence)
	}
	if u.writer, err = newWriter(ctx, tx, last.state.next); err != nil {
		return nil, err
	}
	u.before, u.have, u.seen, u.keep = last.state, last.known(), map[string]int{}, map[string]struct{}{}
	// Those of the first import into an empty board are as old as they say:
	// nobody has seen it without them.
	u.empty = len(u.have) == 0
	if err := f(u); err != nil || u.opts.DryRun {
		return nil, err
	}
	return last.catchUp(ctx, tx, b.site)
}

// put adds or changes one posting. One that changed gets a new rowid, so that a
// rowid stands for the same words for ever; see DESIGN.md.
func (u *updater) put(ctx context.Context, p *kiosk.Posting) error {
	u.seen[p.ID] = u.line
	k := known{digest: digest(p), arrived: u.opts.Now.Unix()}
	old, had := u.have[p.ID]
	switch {
	case had && old.digest == k.digest:
		u.rep.Same++
		return nil
	case had:
		u.rep.Changed++
		u.gone = append(u.gone, old.rowid)
		k.arrived = old.arrived
	default:
		u.rep.Added++
		if u.empty {
			k.arrived = seconds(p.Published)
		}
	}
	var err error
	if k.rowid, err = u.add(ctx, segment.Row{Posting: *p, Arrived: k.arrived}); err != nil {
		return fmt.Errorf("store posting %s: %w", p.ID, err)
	}
	u.have[p.ID] = k
	return nil
}

// take removes postings by their ids.
func (u *updater) take(ids []string) error {
	for _, id := range ids {
		if _, given := u.seen[id]; given {
			return fmt.Errorf("posting %s is to be both added and removed", id)
		}
		u.drop(id)
	}
	return nil
}

// drop removes a posting, if there is one of the id.
func (u *updater) drop(id string) {
	if k, ok := u.have[id]; ok {
		u.gone = append(u.gone, k.rowid)
		delete(u.have, id)
		u.rep.Removed++
	}
}

// finish removes what Replace asks to remove, and writes down the commit.
func (u *updater) finish(ctx context.Context) error {
	if u.opts.Replace {
		for id := range u.have {
			_, given := u.seen[id]
			if _, keep := u.keep[id]; !given && !keep {
				u.drop(id)
			}
		}
	}
	if err := u.flush(ctx); err != nil {
		return err
	}
	slices.Sort(u.gone)
	d := delta{state: state{
		number: u.before.number + 1, sequence: u.before.sequence, at: u.opts.Now.Unix(),
		first: u.before.next, next: u.next, living: int64(len(u.have)),
	}, gone: packRows(u.gone)}
	if u.opts.Sequence != 0 {
		d.sequence = u.opts.Sequence
	}
	return d.append(ctx, u.tx, u.before.sum)
}

// digest is a number that changes whenever anything of the posting does.
func digest(p *kiosk.Posting) int64 {
	h := sha256.Sum256(segment.AppendPosting(nil, p))
	return int64(binary.LittleEndian.Uint64(h[:]))
}
