package board

import (
	"context"
	"errors"
	"fmt"

	"jobhome/kiosk/internal/sqlite"
	"jobhome/kiosk/internal/swapfile"
)

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
	name, err := swapfile.Name(b.path)
	if err != nil {
		return err
	}
	err = h.Replace(ctx, func(ctx context.Context, to string) error { return copyLiving(ctx, name, to) })
	if err = errors.Join(err, b.renew(ctx, true)); err != nil {
		return err
	}
	b.saved = nil // it may be of a state that cannot be gone on from
	b.keepSaved(b.snap.Load())
	return nil
}

// copyLiving makes the file to out of the file from. Rowids, the state and its
// mark stay, so that what is in memory, here and elsewhere, is of the new file too.
func copyLiving(ctx context.Context, from, to string) error {
	db, err := swapfile.Build(to)
	if err != nil {
		return err
	}
	if err = sqlite.Migrate(ctx, db, schema); err == nil {
		_, err = db.ExecContext(ctx, `ATTACH ? AS old;
			BEGIN;
			INSERT INTO posting (rowid, digest, arrived, `+columns+`, description)
				SELECT rowid, digest, arrived, `+columns+`, description FROM old.posting
				WHERE rowid NOT IN (SELECT rowid FROM old.gone) ORDER BY rowid;
			DELETE FROM state;
			INSERT INTO state SELECT * FROM old.state;
			DELETE FROM meta;
			INSERT INTO meta SELECT * FROM old.meta;
			UPDATE meta SET value = (SELECT max(number) FROM state) WHERE key = 'cleared';
			COMMIT;
			DETACH old`, from)
	}
	return errors.Join(err, db.Close())
}
