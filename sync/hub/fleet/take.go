package fleet

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"jobhome/sync/hub/hubdb"
	"jobhome/sync/record"
)

// intake is one batch on its way into the database. take may run several times;
// it sets whole what it sets.
type intake struct {
	*Fleet
	trusted
	batch
	from      From
	now       time.Time
	items     []item // the records above the watermark that look found
	watermark int64

	incarnation int64
	highest     int64
	verdicts    []record.Verdict
	lastSeen    time.Time // before this batch
	orders      string
}

// look finds out how far the incarnation is, so that what is long known need not
// be opened again.
func (in *intake) look(ctx context.Context) error {
	return in.db.View(ctx, func(tx *hubdb.Tx) error {
		in.watermark = 0
		return tx.Each(ctx, func(scan func(...any) error) error { return scan(&in.watermark) },
			`SELECT watermark FROM fleet_incarnation WHERE terminal = ? AND name = ?`, in.id, in.Incarnation)
	})
}

// write is take in a transaction of its own.
func (in *intake) write(ctx context.Context) error {
	return in.db.UpdateGuarded(ctx, func(tx *hubdb.Tx) error { return in.take(ctx, tx) })
}

// take writes the batch down: records, their effects, the watermark and the
// terminal's status, all or nothing. The terminal's row guards all of it
// (hubdb.UpdateGuarded): who writes an incarnation or a record of the terminal, or
// revokes it, has that row; retention takes away only what is below the watermark.
func (in *intake) take(ctx context.Context, tx *hubdb.Tx) error {
	prior, err := in.lock(ctx, tx)
	if err != nil {
		return err
	}
	in.verdicts = nil
	if len(in.seqs) > 0 {
		if err := in.begin(ctx, tx); err != nil {
			return err
		}
		fresh, err := in.insert(ctx, tx)
		if err != nil {
			return err
		}
		if err := in.judge(ctx, tx, fresh); err != nil {
			return err
		}
		if err := in.effects(ctx, tx, fresh); err != nil {
			return err
		}
		if err := in.advance(ctx, tx, fresh); err != nil {
			return err
		}
	}
	return in.note(ctx, tx, prior)
}

// lock takes the terminal's row, so that its batches come one after the other,
// asks once more whether it is to be believed, and says how far the incarnation is.
func (in *intake) lock(ctx context.Context, tx *hubdb.Tx) (prior, error) {
	var p prior
	var key []byte
	var revoked, seen int64
	err := tx.QueryRow(ctx, `SELECT key, revoked, site, seen, status_at, status, boots, skew, orders,
		coalesce((SELECT id FROM fleet_incarnation WHERE terminal = t.id AND name = ?), 0),
		coalesce((SELECT watermark FROM fleet_incarnation WHERE terminal = t.id AND name = ?), 0),
		coalesce((SELECT highest FROM fleet_incarnation WHERE terminal = t.id AND name = ?), 0)
		FROM fleet_terminal t WHERE id = ? {{for_update}}`, in.Incarnation, in.Incarnation, in.Incarnation, in.id).
		Scan(&key, &revoked, &in.site, &seen, &p.at, &p.text, &p.boots, &p.skew, &in.orders,
			&in.incarnation, &in.watermark, &in.highest)
	switch {
	case err != nil:
		return p, err
	case revoked != 0 || !bytes.Equal(key, in.key):
		return p, fmt.Errorf("terminal %s: %w", in.id, ErrRevoked)
	}
	in.lastSeen = at(seen)
	return p, nil
}

// begin makes the row of an incarnation that is heard of for the first time.
func (in *intake) begin(ctx context.Context, tx *hubdb.Tx) error {
	if in.incarnation != 0 {
		return nil
	}
	return tx.QueryRow(ctx, `INSERT INTO fleet_incarnation (terminal, name, watermark, highest, begun) VALUES (?,?,0,0,?)
		RETURNING id`, in.id, in.Incarnation, ms(in.now)).Scan(&in.incarnation)
}

var insertRecords = newBulk(`INSERT INTO fleet_record (incarnation, seq, kind, code, at, received)
	SELECT CAST(? AS BIGINT), r.seq, r.kind, r.code, r.at, CAST(? AS BIGINT) FROM {rows} WHERE true
	ON CONFLICT DO NOTHING RETURNING seq`, "seq BIGINT", "kind TEXT", "code TEXT", "at BIGINT")

// insert writes down the records that are not there yet and returns them. A
// record at or below the watermark is there, even when retention has taken its
// row away: that is how its number stays unique for ever.
func (in *intake) insert(ctx context.Context, tx *hubdb.Tx) ([]item, error) {
	var seqs, times []int64
	var kinds, codes []string
	for i := range in.items {
		if it := &in.items[i]; it.seq > in.watermark {
			seqs, times = append(seqs, it.seq), append(times, it.at)
			kinds, codes = append(kinds, it.kind), append(codes, it.why)
		}
	}
	if len(seqs) == 0 {
		return nil, nil
	}
	query, args, err := insertRecords.call(tx, []any{in.incarnation, ms(in.now)}, seqs, kinds, codes, times)
	if err != nil {
		return nil, err
	}
	var written []int64
	err = tx.Each(ctx, func(scan func(...any) error) error {
		var seq int64
		err := scan(&seq)
		written = append(written, seq)
		return err
	}, query, args...)
	if err != nil || len(written) == 0 {
		return nil, err
	}
	slices.Sort(written)
	fresh := make([]item, 0, len(written))
	for _, it := range in.items {
		if _, ok := slices.BinarySearch(written, it.seq); ok {
			fresh = append(fresh, it)
		}
	}
	return fresh, nil
}

// judge gives every record of the batch its verdict: what was new, by itself;
// what was not, as it was judged then.
func (in *intake) judge(ctx context.Context, tx *hubdb.Tx, fresh []item) error {
	in.verdicts = make([]record.Verdict, 0, len(in.seqs))
	next := 0
	for _, seq := range in.seqs {
		v := record.Verdict{Seq: uint64(seq), State: record.Duplicate}
		if next < len(fresh) && fresh[next].seq == seq {
			if v.State = record.Accepted; fresh[next].why != "" {
				v.State, v.Code = record.Rejected, fresh[next].why
			}
			next++
		}
		in.verdicts = append(in.verdicts, v)
	}
	if len(fresh) == len(in.seqs) {
		return nil
	}
	first, last := in.seqs[0], in.seqs[len(in.seqs)-1]
	return tx.Each(ctx, func(scan func(...any) error) error {
		var seq int64
		var code string
		if err := scan(&seq, &code); err != nil {
			return err
		}
		if i, ok := slices.BinarySearch(in.seqs, seq); ok {
			in.verdicts[i].State, in.verdicts[i].Code = record.Rejected, code
		}
		return nil
	}, `SELECT seq, code FROM fleet_record WHERE incarnation = ? AND seq BETWEEN ? AND ? AND code <> ''`, in.incarnation, first, last)
}

// advance moves the watermark up to the first gap.
func (in *intake) advance(ctx context.Context, tx *hubdb.Tx, fresh []item) error {
	if len(fresh) == 0 {
		return nil
	}
	mark, rejected := in.watermark, 0
	for _, it := range fresh {
		if it.seq == mark+1 {
			mark++
		}
		if it.why != "" {
			rejected++
		}
	}
	highest := max(in.highest, fresh[len(fresh)-1].seq)
	if mark > in.watermark && mark < highest {
		// A gap was filled: behind it there may be more.
		var err error
		if mark, err = in.follow(ctx, tx, mark); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE fleet_incarnation SET watermark = ?, highest = ?, rejected = rejected + ? WHERE id = ?`,
		mark, highest, rejected, in.incarnation)
	in.watermark, in.highest = mark, highest
	return err
}

var errGap = errors.New("a gap")

// follow goes on from a watermark while there are records.
func (in *intake) follow(ctx context.Context, tx *hubdb.Tx, mark int64) (int64, error) {
	for {
		before := mark
		err := tx.Each(ctx, func(scan func(...any) error) error {
			var seq int64
			if err := scan(&seq); err != nil {
				return err
			}
			if seq != mark+1 {
				return errGap
			}
			mark++
			return nil
		}, `SELECT seq FROM fleet_record WHERE incarnation = ? AND seq > ? ORDER BY seq LIMIT 1000`, in.incarnation, mark)
		if errors.Is(err, errGap) || err == nil && mark == before {
			return mark, nil
		}
		if err != nil {
			return mark, err
		}
	}
}
