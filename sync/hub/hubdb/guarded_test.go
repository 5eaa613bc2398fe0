package hubdb_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jobhome/sync/hub/hubdb"
)

// A guarded update reads one state, of the time when it began to wait for its guard:
// where that is no longer so it is sent back. Any other is watched for what it reads.
func TestLevels(t *testing.T) {
	each(t, func(t *testing.T, db *hubdb.DB) {
		if db.Dialect() != "postgres" {
			t.Skip("SQLite has one level")
		}
		for want, update := range map[string]func(context.Context, func(*hubdb.Tx) error) error{
			"serializable": db.Update, "repeatable read": db.UpdateGuarded,
		} {
			var level string
			err := update(t.Context(), func(tx *hubdb.Tx) error {
				return tx.QueryRow(t.Context(), `SHOW transaction_isolation`).Scan(&level)
			})
			if err != nil || level != want {
				t.Errorf("%s, not %s; %v", level, want, err)
			}
		}
	})
}

// Those who take the same row go one after the other, also in what they read before
// and beside it. Those who take rows of their own are never sent back, although they
// read all of the same table.
func TestGuardedUpdates(t *testing.T) {
	const writers, rounds = 4, 6
	for _, c := range []struct {
		name  string
		guard func(writer int) string
		again bool // f may be called again
	}{
		{"one guard", func(int) string { return "guard" }, true},
		{"a guard each", func(writer int) string { return fmt.Sprint("guard ", writer) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			each(t, func(t *testing.T, db *hubdb.DB) {
				ctx := t.Context()
				err := db.Update(ctx, func(tx *hubdb.Tx) error {
					for w := range writers {
						if _, err := tx.Exec(ctx, `INSERT INTO t_thing (name, body, good, at) VALUES (?, ?, ?, 0) ON CONFLICT DO NOTHING`,
							c.guard(w), []byte{}, true); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				var calls atomic.Int64
				var wg sync.WaitGroup
				for w := range writers {
					wg.Go(func() {
						for range rounds {
							if err := db.UpdateGuarded(ctx, func(tx *hubdb.Tx) error { calls.Add(1); return next(t, tx, c.guard(w)) }); err != nil {
								t.Error(err)
							}
						}
					})
				}
				wg.Wait()
				if n := calls.Load(); !c.again && n != writers*rounds {
					t.Errorf("%d of %d were called again", n-writers*rounds, writers*rounds)
				}
				var n, wrong int
				err = db.View(ctx, func(tx *hubdb.Tx) error {
					return tx.QueryRow(ctx, `SELECT count(*), count(CASE WHEN g.at <> (SELECT count(*) FROM t_thing l
						WHERE l.name {{like}} g.name || ': %') THEN 1 END) FROM t_thing g WHERE g.name NOT {{like}} '%: %'`).Scan(&n, &wrong)
				})
				if err != nil || wrong > 0 {
					t.Errorf("%d of %d guards have another count than lines, %v", wrong, n, err)
				}
			})
		})
	}
}

// next adds one to the guard and a line with the count, which nobody else may have
// written.
func next(t *testing.T, tx *hubdb.Tx, guard string) error {
	ctx := t.Context()
	var at, lines int
	err := tx.QueryRow(ctx, `SELECT at, (SELECT count(*) FROM t_thing l WHERE l.name {{like}} g.name || ': %')
		FROM t_thing g WHERE g.name = ? {{for_update}}`, guard).Scan(&at, &lines)
	if err != nil {
		return err
	}
	if at != lines {
		t.Errorf("%s stands at %d and has %d lines", guard, at, lines)
	}
	time.Sleep(2 * time.Millisecond) // so that the others are here as well
	if _, err := tx.Exec(ctx, `INSERT INTO t_thing (name, body, good, at) VALUES (?, ?, ?, ?)`,
		fmt.Sprint(guard, ": ", lines), []byte{}, true, lines); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE t_thing SET at = ? WHERE name = ?`, lines+1, guard)
	return err
}
