package ledger

import (
	"context"
	"errors"
	"fmt"
)

// Sealer closes a payload so that only the hub can read it, bound to the place
// of its record, and says to which of the hub's keys. See sync/seal.
type Sealer interface {
	Seal(incarnation string, seq uint64, kind string, payload []byte) (key string, sealed []byte, err error)
}

// SealWith has every record from now on sealed by s, and seals those that wait
// in clear, all in one transaction. Records that are sealed already stay as
// they are, for nobody here can open them: the hub keeps its old keys. When it
// fails, nothing has changed.
func (l *Ledger) SealWith(ctx context.Context, s Sealer) error {
	before := l.sealer.Load()
	set := false
	err := l.tx(ctx, func(tx *writing) error {
		// It is set before the commit: whoever writes next finds it.
		l.sealer.Store(&s)
		set = true
		return tx.sealPlain(ctx)
	})
	if err != nil {
		if set {
			l.sealer.CompareAndSwap(&s, before)
		}
		return fmt.Errorf("ledger: seal what waits: %w", err)
	}
	return nil
}

// sealPlain seals the records that are not, one after the other. A void record
// says nothing that needs it.
func (tx *writing) sealPlain(ctx context.Context) error {
	for last := uint64(0); ; {
		var list []Record
		rows, err := tx.QueryContext(ctx, `SELECT seq, kind, payload FROM outbox
			WHERE seq > ? AND key = '' AND kind <> ? ORDER BY seq LIMIT 100`, last, kindVoid)
		if err != nil {
			return err
		}
		for rows.Next() {
			var r Record
			if err := rows.Scan(&r.Seq, &r.Kind, &r.Payload); err != nil {
				return errors.Join(err, rows.Close())
			}
			list = append(list, r)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(list) == 0 {
			return err
		}
		for _, r := range list {
			if err := tx.seal(&r); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `UPDATE outbox SET key = ?, payload = ? WHERE seq = ?`, r.Key, r.Payload, r.Seq); err != nil {
				return err
			}
			last = r.Seq
		}
	}
}

// seal closes a record's payload where there is a Sealer. Where there is none, a
// record that could name somebody is refused with ErrNoSealer.
func (tx *writing) seal(r *Record) error {
	s := tx.l.sealer.Load()
	if s == nil {
		if r.Kind == kindCallBack {
			return ErrNoSealer
		}
		return nil
	}
	key, sealed, err := (*s).Seal(tx.l.incarnation, r.Seq, r.Kind, r.Payload)
	switch {
	case err != nil:
		return fmt.Errorf("seal record %d: %w", r.Seq, err)
	case key == "":
		return fmt.Errorf("seal record %d: the sealer names no key", r.Seq)
	}
	r.Key, r.Payload = key, sealed
	return nil
}
