package board

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"jobhome/kiosk/internal/swapfile"
	"jobhome/kiosk/segment"
)

// A file is written anew when it has become crowded: of its rows more than
// crowdedGone in a hundred are gone, or it has more than crowdedCommits.
const (
	crowdedGone    = 40
	crowdedLeast   = 100 // rows that are gone; fewer are not worth a new file
	crowdedCommits = 5000
)

// crowded reports whether the file that q reads, of which s is, should be
// written anew.
func (s *snapshot) crowded(ctx context.Context, q querier) (bool, error) {
	begin, err := firstOf(ctx, q)
	all := s.state.next - begin.first
	gone := all - s.state.living
	return gone > crowdedLeast && gone*100 > all*crowdedGone || s.state.number-begin.number > crowdedCommits, err
}

// Compact writes the postings, without those that are gone, into a new file that
// takes the old one's place. Readers go on, here and in other processes; whoever
// wants to write waits. After an error the board is in the file that it was in.
// It needs room for the new file beside the old one.
func (b *Board) Compact(ctx context.Context) error {
	h, end, err := b.alone(ctx)
	if err != nil {
		return fmt.Errorf("board: compact: %w", err)
	}
	defer end()
	if err := b.compact(ctx, h); err != nil {
		return fmt.Errorf("board: compact: %w", err)
	}
	return nil
}

func (b *Board) compact(ctx context.Context, h *swapfile.Held) error {
	if err := b.load(ctx, true); err != nil {
		return err
	}
	s := b.snap.Load() // of the file as it stays until it is replaced
	err := h.Replace(ctx, func(ctx context.Context, to string) error {
		db, err := swapfile.Build(to)
		if err != nil {
			return err
		}
		return errors.Join(b.copyLiving(ctx, s, db), db.Close())
	})
	if err = errors.Join(err, b.renew(ctx, true)); err != nil {
		return err
	}
	if err := b.load(ctx, true); err != nil {
		return err
	}
	b.saved = nil // its rowids are others now
	b.keepSaved(b.snap.Load(), 2)
	return nil
}

// copyLiving makes a new file of the living rows of s. They get other rowids,
// above all that were given, but keep their order, and the one commit of the
// file names that of s: so what is in memory of that, here and elsewhere, is
// made of the new file by counting, see [snapshot.basis].
func (b *Board) copyLiving(ctx context.Context, s *snapshot, db *sql.DB) error {
	if err := prepare(ctx, db); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, "VACUUM"); err != nil { // of what earlier schemas had
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, `DELETE FROM delta`); err != nil {
		return err
	}
	w, err := newWriter(ctx, tx, s.state.next)
	if err != nil {
		return err
	}
	if err := b.atOneMoment(ctx, true, func(q querier) error { return s.copyTo(ctx, q, w) }); err != nil {
		return err
	}
	d := delta{state: s.state, origin: s.state.mark}
	d.number++
	d.first, d.next = s.state.next, w.next
	if err := d.append(ctx, tx, 0); err != nil {
		return err
	}
	return tx.Commit()
}

// copyTo writes the living rows of s, which q reads.
func (s *snapshot) copyTo(ctx context.Context, q querier, w *writer) error {
	if len(s.rowids) < dictLeast { // too few to make another of
		if err := errors.Join(w.findDict(ctx, q), w.setDict(ctx)); err != nil {
			return err
		}
	}
	r, some := reader{q: q}, 0
	for at := 0; at < len(s.rowids); at += some {
		some = min(dictSample, len(s.rowids)-at) // as many as are held in memory
		part := s.rowids[at : at+some]
		had := 0
		var failed error
		err := r.some(ctx, part, func(_ int64, row *segment.Row) {
			if failed == nil {
				_, failed = w.add(ctx, *row)
				had++
			}
		})
		if err := errors.Join(err, failed); err != nil {
			return err
		}
		if had != len(part) {
			return fmt.Errorf("%d of %d postings are there: %w", had, len(part), segment.ErrDamaged)
		}
	}
	return w.flush(ctx)
}
