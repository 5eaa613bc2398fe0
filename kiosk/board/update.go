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
	tx      *sql.Tx
	rep     *Report
	have    map[string]known
	seen    map[string]int      // ids given, with their line
	keep    map[string]struct{} // ids of bad lines
	line    int
	next    int64 // the next rowid
	indexed int64 // rows of the index, those that no posting has any more too
	insert  *sql.Stmt
	remove  *sql.Stmt
	pending []wordsRow // to be indexed
}

type known struct{ rowid, digest, words int64 }

type wordsRow struct {
	rowid  int64
	folded string
}

// update runs f in one transaction, and shows its result to readers when it
// was committed. The new snapshot is made before the commit, so that file and
// memory change at the same moment.
func (b *Board) update(ctx context.Context, dry bool, f func(*updater) error, rep *Report) error {
	b.write.Lock()
	defer b.write.Unlock()
	conn, err := b.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	// A cache that holds what a whole import touches writes each page once.
	if _, err := conn.ExecContext(ctx, "PRAGMA cache_size = -32768"); err != nil {
		return err
	}
	defer func() {
		_, _ = conn.ExecContext(context.Background(), "PRAGMA cache_size = -2000; PRAGMA shrink_memory")
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	u := &updater{tx: tx, rep: rep, seen: map[string]int{}, keep: map[string]struct{}{}}
	if err := u.begin(ctx); err != nil {
		return err
	}
	if err := f(u); err != nil {
		return err
	}
	if dry {
		return nil
	}
	s, err := load(ctx, tx, b.site)
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	b.snap.Store(s)
	// Not a failure when it does not come to pass: the next commit does it.
	_, _ = conn.ExecContext(ctx, "PRAGMA wal_checkpoint(PASSIVE)")
	return nil
}

func (u *updater) begin(ctx context.Context) (err error) {
	rows, err := u.tx.QueryContext(ctx, `SELECT id, rowid, digest, words_digest FROM posting`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	u.have = map[string]known{}
	for rows.Next() {
		var id string
		var k known
		if err := rows.Scan(&id, &k.rowid, &k.digest, &k.words); err != nil {
			return err
		}
		u.have[id] = k
	}
	if err := rows.Err(); err != nil {
		return err
	}
	err = u.tx.QueryRowContext(ctx, `SELECT (SELECT value FROM meta WHERE key = 'next'),
		(SELECT value FROM meta WHERE key = 'indexed')`).Scan(&u.next, &u.indexed)
	if err != nil {
		return err
	}
	if u.insert, err = u.tx.PrepareContext(ctx, insertPosting); err != nil {
		return err
	}
	u.remove, err = u.tx.PrepareContext(ctx, `DELETE FROM posting WHERE rowid = ?`)
	return err
}

// put adds or changes one posting. One whose searched words changed gets a new
// rowid, because the index cannot forget; see DESIGN.md.
func (u *updater) put(ctx context.Context, p *kiosk.Posting) error {
	u.seen[p.ID] = u.line
	text := folded(p)
	k := known{digest: digest(p), words: sum([]byte(text))}
	old, had := u.have[p.ID]
	switch {
	case had && old.digest == k.digest:
		u.rep.Same++
		return nil
	case had && old.words == k.words:
		k.rowid = old.rowid
	default:
		k.rowid = u.next
		u.next++
		u.pending = append(u.pending, wordsRow{k.rowid, text})
	}
	if had {
		u.rep.Changed++
		if err := u.drop(ctx, old, k.rowid != old.rowid); err != nil {
			return err
		}
	} else {
		u.rep.Added++
	}
	args := append([]any{k.rowid, k.digest, k.words}, values(p)...)
	if _, err := u.insert.ExecContext(ctx, args...); err != nil {
		return fmt.Errorf("store posting %s: %w", p.ID, err)
	}
	u.have[p.ID] = k
	return nil
}

func (u *updater) drop(ctx context.Context, k known, wordsToo bool) error {
	if _, err := u.remove.ExecContext(ctx, k.rowid); err != nil {
		return err
	}
	if !wordsToo {
		return nil
	}
	_, err := u.tx.ExecContext(ctx, `DELETE FROM words WHERE rowid = ?`, k.rowid)
	return err
}

// finish removes what Replace asks to remove, indexes the new words, and notes
// the time.
func (u *updater) finish(ctx context.Context, replace bool, now time.Time) error {
	if replace {
		for id, k := range u.have {
			_, given := u.seen[id]
			if _, keep := u.keep[id]; given || keep {
				continue
			}
			if err := u.drop(ctx, k, true); err != nil {
				return err
			}
			delete(u.have, id)
			u.rep.Removed++
		}
	}
	if err := u.index(ctx); err != nil {
		return fmt.Errorf("index words: %w", err)
	}
	_, err := u.tx.ExecContext(ctx, `UPDATE meta SET value = CASE key
		WHEN 'updated' THEN ? WHEN 'next' THEN ? WHEN 'indexed' THEN ? END`, now.Unix(), u.next, u.indexed)
	return err
}

// index stores and indexes the pending words. When more than a third of the
// index would be rows that no posting has any more, it is made anew.
func (u *updater) index(ctx context.Context) error {
	store, err := u.tx.PrepareContext(ctx, `INSERT INTO words (rowid, folded) VALUES (?,?)`)
	if err != nil {
		return err
	}
	for _, w := range u.pending {
		if _, err := store.ExecContext(ctx, w.rowid, w.folded); err != nil {
			return err
		}
	}
	live := int64(len(u.have))
	if u.indexed+int64(len(u.pending)) > live+live/2+100 {
		if err := u.remake(ctx); err != nil {
			return err
		}
	}
	add, err := u.tx.PrepareContext(ctx, `INSERT INTO term (docid, body) VALUES (?,?)`)
	if err != nil {
		return err
	}
	for _, w := range u.pending {
		if _, err := add.ExecContext(ctx, w.rowid, terms(w.folded)); err != nil {
			return err
		}
	}
	u.indexed += int64(len(u.pending))
	return nil
}

// remake empties the index and makes every posting's words pending.
func (u *updater) remake(ctx context.Context) error {
	if _, err := u.tx.ExecContext(ctx, "DROP TABLE term; "+createTerm); err != nil {
		return err
	}
	rows, err := u.tx.QueryContext(ctx, `SELECT rowid, folded FROM words ORDER BY rowid`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	u.pending, u.indexed = u.pending[:0], 0
	for rows.Next() {
		var w wordsRow
		if err := rows.Scan(&w.rowid, &w.folded); err != nil {
			return err
		}
		u.pending = append(u.pending, w)
	}
	return rows.Err()
}

// digest is a number that changes whenever anything of the posting does.
func digest(p *kiosk.Posting) int64 {
	var text []byte
	for _, v := range values(p) {
		text = fmt.Append(text, v, "\x00")
	}
	return sum(text)
}

func sum(text []byte) int64 {
	h := sha256.Sum256(text)
	return int64(binary.LittleEndian.Uint64(h[:]))
}
