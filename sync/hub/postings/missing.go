package postings

import (
	"context"
	"encoding/json"
	"fmt"
)

// finish closes what is missing and writes the report.
func (im *importing) finish(ctx context.Context) error {
	if im.b.Full {
		if err := im.closeMissing(ctx); err != nil {
			return err
		}
	}
	return im.p.update(ctx, im.who, "import "+im.b.Source, func(w *work) error {
		report, err := json.Marshal(im.report)
		if err != nil {
			return err
		}
		complete := int64(0)
		if im.b.Full {
			complete = w.now.UnixMilli()
		}
		_, err = w.tx.Exec(w.ctx, `UPDATE post_source SET report = ?, complete = CASE WHEN complete > ? THEN complete ELSE ? END WHERE source = ?`,
			string(report), complete, complete, im.b.Source)
		if err != nil {
			return err
		}
		r := &im.report
		return im.p.audit(w.ctx, w.tx, Event{im.who, "posting.import", im.b.Source, fmt.Sprintf(
			"new %d, changed %d, moved %d, refreshed %d, same %d, reopened %d, held %d, closed %d, withheld %d, bad %d",
			r.New, r.Changed, r.Moved, r.Refreshed, r.Same, r.Reopened, r.Held, r.Closed, r.Withheld, r.Bad)})
	})
}

// closeMissing closes what the source no longer has, unless that is so much that
// the file was more likely cut off.
func (im *importing) closeMissing(ctx context.Context) error {
	if err := im.keepUnread(ctx); err != nil {
		return err
	}
	missing, all, err := im.missing(ctx)
	if err != nil {
		return err
	}
	if len(missing) > mostMissing && len(missing)*100 > all*mostMissingPercent && !im.b.Shrunk {
		im.report.Withheld = len(missing)
		return nil
	}
	for len(missing) > 0 {
		n := min(chunk, len(missing))
		if err := im.closeThese(ctx, missing[:n]); err != nil {
			return err
		}
		missing = missing[n:]
	}
	return nil
}

// keepUnread marks the rows that could not be read.
func (im *importing) keepUnread(ctx context.Context) error {
	for rest := im.b.Unread; len(rest) > 0; {
		n := min(chunk, len(rest))
		err := im.p.update(ctx, im.who, "import "+im.b.Source, func(w *work) error {
			args := append([]any{im.run, im.b.Source, im.run}, texts(rest[:n], chunk)...)
			_, err := w.tx.Exec(w.ctx, `UPDATE post_posting SET seen = ? WHERE source = ? AND seen < ? AND ref IN (`+places(chunk)+`)`, args...)
			return err
		})
		if err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// missing lists what this run has not seen of what the source offers, and counts
// all that it offers.
func (im *importing) missing(ctx context.Context) (ids []string, all int, err error) {
	err = im.p.update(ctx, im.who, "import "+im.b.Source, func(w *work) error {
		ids, all = nil, 0
		return w.tx.Each(w.ctx, func(scan func(dest ...any) error) error {
			var id string
			var seen int64
			if err := scan(&id, &seen); err != nil {
				return err
			}
			if all++; seen < im.run {
				ids = append(ids, id)
			}
			return nil
		}, `SELECT id, seen FROM post_posting WHERE source = ? AND (status IN ('review', 'approved', 'published') OR live > 0) ORDER BY id`, im.b.Source)
	})
	return ids, all, err
}

func (im *importing) closeThese(ctx context.Context, ids []string) error {
	closed := im.report.Closed
	return im.p.update(ctx, im.who, "import "+im.b.Source, func(w *work) error {
		im.report.Closed = closed
		list, err := w.list(`WHERE p.id IN (`+places(chunk)+`)`, texts(ids, chunk)...)
		if err != nil {
			return err
		}
		for _, s := range list {
			if !s.status.open() || s.seen >= im.run {
				continue // somebody was quicker
			}
			s.end(Closed, w.act, Missing)
			if err := w.saved(s, "close", Missing); err != nil {
				return err
			}
			im.report.Closed++
		}
		return nil
	})
}
