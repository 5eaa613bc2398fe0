package people

import (
	"context"
	"fmt"
	"time"

	"jobhome/sync/hub/hubdb"
)

// Filter chooses entries of the log. Zero fields choose all.
type Filter struct {
	Actor   string
	Action  string // or the beginning of it that ends in a dot, e.g. "posting."
	Subject string
	Before  int64 // entries with a lower Seq: the next page
	Limit   int   // 0: 100
}

// Entries returns the entries that the filter chooses, the newest first.
func (p *People) Entries(ctx context.Context, f Filter) (all []Entry, err error) {
	query := entryColumns + ` WHERE seq > 0`
	var args []any
	add := func(clause string, arg any) {
		query += clause
		args = append(args, arg)
	}
	if f.Actor != "" {
		add(` AND actor = ?`, f.Actor)
	}
	if n := len(f.Action); n > 0 && f.Action[n-1] == '.' {
		add(` AND substr(action, 1, ?)`, n)
		add(` = ?`, f.Action)
	} else if n > 0 {
		add(` AND action = ?`, f.Action)
	}
	if f.Subject != "" {
		add(` AND subject = ?`, f.Subject)
	}
	if f.Before > 0 {
		add(` AND seq < ?`, f.Before)
	}
	if f.Limit <= 0 {
		f.Limit = 100
	}
	add(` ORDER BY seq DESC LIMIT ?`, f.Limit)
	err = p.db.View(ctx, func(tx *hubdb.Tx) error {
		all, err = entries(ctx, tx, query, args...)
		return err
	})
	return all, wrap("read the audit log", err)
}

const entryColumns = `SELECT seq, at, actor, action, subject, note, hash FROM people_audit`

func entries(ctx context.Context, tx *hubdb.Tx, query string, args ...any) (all []Entry, err error) {
	err = tx.Each(ctx, func(scan func(...any) error) error {
		var e Entry
		var at int64
		err := scan(&e.Seq, &at, &e.Actor, &e.Action, &e.Subject, &e.Note, &e.Hash)
		e.At = time.UnixMilli(at)
		all = append(all, e)
		return err
	}, query, args...)
	return all, err
}

// Verdict is what Verify found.
type Verdict struct {
	From    int64  // the first entry that is still kept
	Head    Mark   // where the log ends
	Entries int64  // that were read
	Broken  int64  // the first entry that does not fit; 0 when all fit
	Why     string // what does not fit: gap, hash, head, mark
}

// Whole reports whether everything fitted.
func (v Verdict) Whole() bool { return v.Broken == 0 }

// Verify reads the whole log and checks that its entries follow each other
// without a gap, that each has the hash of its words and of the entry before,
// that it ends where its head says, and that it has every one of the marks that
// were kept elsewhere. Marks of a part that was pruned are passed over. Whoever
// can write the database can make a log that fits itself: only marks show that.
func (p *People) Verify(ctx context.Context, marks ...Mark) (v Verdict, err error) {
	err = p.db.View(ctx, func(tx *hubdb.Tx) error {
		v, err = verify(ctx, tx, marks)
		return err
	})
	return v, wrap("verify the audit log", err)
}

const verifyPage = 1000

func verify(ctx context.Context, tx *hubdb.Tx, marks []Mark) (v Verdict, err error) {
	at := Mark{}
	err = tx.QueryRow(ctx, `SELECT seq, hash, from_seq, from_hash FROM people_audit_head WHERE id = 1`).
		Scan(&v.Head.Seq, &v.Head.Hash, &at.Seq, &at.Hash)
	if err != nil {
		return v, err
	}
	v.From = at.Seq + 1
	broken := func(seq int64, why string) (Verdict, error) {
		v.Broken, v.Why = seq, why
		return v, nil
	}
	for {
		page, err := entries(ctx, tx, entryColumns+` WHERE seq > ? ORDER BY seq LIMIT ?`, at.Seq, verifyPage)
		if err != nil {
			return v, err
		}
		for _, e := range page {
			switch {
			case e.Seq != at.Seq+1:
				return broken(at.Seq+1, "gap")
			case e.Hash != e.chain(at.Hash):
				return broken(e.Seq, "hash")
			}
			at = Mark{e.Seq, e.Hash}
			v.Entries++
			for _, m := range marks {
				if m.Seq == e.Seq && m.Hash != e.Hash {
					return broken(e.Seq, "mark")
				}
			}
		}
		if len(page) < verifyPage {
			break
		}
	}
	if at != v.Head {
		return broken(at.Seq+1, "head")
	}
	for _, m := range marks {
		if m.Seq > at.Seq {
			return broken(m.Seq, "mark")
		}
	}
	return v, nil
}

// Prune deletes entries from before a time, and says so in the log. It returns
// ErrKeep when that would leave less than six months, and deletes nothing from
// a log that is not whole.
func (p *People) Prune(ctx context.Context, by Account, before time.Time) (n int64, err error) {
	if before.After(p.now().Add(-KeepAudit)) {
		return 0, ErrKeep
	}
	if !by.console {
		return 0, fmt.Errorf("prune the audit log: %w", ErrNotYours)
	}
	err = p.db.Update(ctx, func(tx *hubdb.Tx) error {
		v, err := verify(ctx, tx, nil)
		if err != nil {
			return err
		}
		if !v.Whole() {
			return fmt.Errorf("entry %d does not fit (%s)", v.Broken, v.Why)
		}
		last, err := entries(ctx, tx, entryColumns+` WHERE at < ? ORDER BY seq DESC LIMIT 1`, before.UnixMilli())
		if err != nil || len(last) == 0 {
			return err
		}
		n = last[0].Seq - v.From + 1
		if _, err := tx.Exec(ctx, `DELETE FROM people_audit WHERE seq <= ?`, last[0].Seq); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE people_audit_head SET from_seq = ?, from_hash = ? WHERE id = 1`, last[0].Seq, last[0].Hash)
		if err != nil {
			return err
		}
		end := Mark{last[0].Seq, last[0].Hash}
		return p.Append(ctx, tx, Entry{Actor: by.Name, Action: "audit.prune", Subject: "log", Note: end.String()})
	})
	return n, wrap("prune the audit log", err)
}
