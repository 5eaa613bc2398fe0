package board

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"jobhome/kiosk/index"
	"jobhome/kiosk/internal/sqlite"
	"jobhome/kiosk/segment"
)

// Damage is what [Board.Verify] finds.
type Damage struct {
	Found    []string // each thing that is not as it was written, for a log
	Postings []string // ids of postings whose text cannot be read, in the order of the file
}

// Check reads the whole file and reports damage.
func (b *Board) Check(ctx context.Context) error {
	d, err := b.Verify(ctx)
	if err != nil {
		return err
	}
	if len(d.Found) > 0 {
		return fmt.Errorf("board: %d postings cannot be read; %s: %w", len(d.Postings), d.Found[0], segment.ErrDamaged)
	}
	return nil
}

// Verify reads the whole file: the pages of SQLite, and then as of one moment
// the chain of commits, every segment and dictionary. Its error is that the file
// could not be read for another reason than damage.
func (b *Board) Verify(ctx context.Context) (Damage, error) {
	var d Damage
	err := b.onFile(ctx, false, func(db *sql.DB) error { return sqlite.Check(ctx, db) })
	if err := d.note(err); err != nil {
		return d, fmt.Errorf("board: %w", err)
	}
	err = b.atOneMoment(ctx, false, func(q querier) error {
		s, err := b.snap.Load().catchUp(ctx, q, b.site)
		if err := d.note(err); err != nil {
			return err
		}
		if s == nil {
			s = b.snap.Load() // its postings are named all the same
		}
		commits, _, err := state{}.after(ctx, q)
		if err := d.note(err); err != nil {
			return err
		}
		if err := d.readSegments(ctx, q, s, commits); err != nil {
			return err
		}
		return d.readDicts(ctx, q)
	})
	if err != nil {
		return d, fmt.Errorf("board: verify: %w", err)
	}
	return d, nil
}

// note takes damage down and returns any other error.
func (d *Damage) note(err error) error {
	if err == nil || !unusable(err) {
		return err
	}
	d.Found = append(d.Found, err.Error())
	return nil
}

// readSegments reads all segments and notes the rows of s that none has.
func (d *Damage) readSegments(ctx context.Context, q querier, s *snapshot, commits []state) error {
	list, err := q.QueryContext(ctx, selectSegment+`ORDER BY first`)
	if err != nil {
		return err
	}
	defer func() { _ = list.Close() }()
	sound, r := index.NewBits(len(s.rowids)), reader{q: q}
	for list.Next() {
		seg, dict, err := r.scanSegment(ctx, list)
		if err == nil {
			_, err = segment.Decode(seg, dict)
		}
		if err != nil {
			if err := d.note(err); err != nil {
				return err
			}
			continue
		}
		at, _ := slices.BinarySearch(s.rowids, seg.First)
		for ; at < len(s.rowids) && s.rowids[at] < seg.First+int64(seg.Count); at++ {
			sound.Set(at)
		}
	}
	if err := d.note(list.Err()); err != nil {
		return err
	}
	for i := range s.rowids {
		if !sound.Has(i) {
			d.Postings = append(d.Postings, s.word(&s.facts[i], wordID))
		}
	}
	return d.readEnds(ctx, q, commits)
}

// readEnds looks whether the segments are those of the commits, without a gap.
func (d *Damage) readEnds(ctx context.Context, q querier, commits []state) error {
	if len(commits) == 0 {
		return nil
	}
	var rows, foreign int64
	begin, next := commits[0].first, commits[len(commits)-1].next
	err := first(ctx, q, `SELECT coalesce(sum(count), 0), count(CASE WHEN first < ? OR first + count > ? THEN 1 END) FROM segment`,
		begin, next).scan(&rows, &foreign)
	if err != nil {
		return d.note(err)
	}
	if rows != next-begin || foreign > 0 {
		d.Found = append(d.Found, fmt.Sprintf("the segments have %d rows and not %d, %d of no commit", rows, next-begin, foreign))
	}
	return nil
}

func (d *Damage) readDicts(ctx context.Context, q querier) error {
	rows, err := q.QueryContext(ctx, `SELECT id, data, sum FROM dict`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id int64
		var data []byte
		var sum uint32
		if err := scanRow(ctx, rows, &id, &data, &sum); err != nil {
			if err := d.note(err); err != nil {
				return err
			}
			continue
		}
		if sum != dictSum(data) {
			d.Found = append(d.Found, fmt.Sprintf("dictionary %d has another checksum", id))
		}
	}
	return d.note(rows.Err())
}
