package fleet

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/hubdb/hubdbtest"
	"jobhome/sync/record"
)

// What BenchmarkIngest takes in.
const (
	benchRows   = 10_000
	benchBatch  = 500
	benchAtOnce = 4
	benchRounds = 5
)

// BenchmarkIngest compares how records get into the hub with how the same rows get
// into a bare table of the same database, in turns, and prints the middle of the
// rounds. JOBHOME_HUB_POSTGRES is the address of an empty database with its usual
// durability; without it PostgreSQL is left out.
//
//	go test -run '^$' -bench Ingest -benchtime 1x ./sync/hub/fleet
func BenchmarkIngest(b *testing.B) {
	for range b.N {
		b.Run("sqlite", func(b *testing.B) {
			bare, err := sql.Open("sqlite3", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_journal_mode=WAL&_synchronous=FULL&_txlock=immediate")
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = bare.Close() }()
			bare.SetMaxOpenConns(1)
			compare(b, hubdbtest.SQLite(b), way{"bare-INSERT", func(round int) (time.Duration, error) { return insertRows(b.Context(), bare, round) }})
		})
		b.Run("postgres", func(b *testing.B) {
			address := os.Getenv("JOBHOME_HUB_POSTGRES")
			if address == "" {
				b.Skip("JOBHOME_HUB_POSTGRES is not set")
			}
			pool, err := pgxpool.New(b.Context(), address)
			if err != nil {
				b.Fatal(err)
			}
			defer pool.Close()
			compare(b, address, way{"raw-COPY", func(round int) (time.Duration, error) { return copyRows(b.Context(), pool, round) }})
		})
	}
}

// way is one of the ways in which rows get into a database.
type way struct {
	name string
	run  func(round int) (time.Duration, error)
}

// compare runs the peer and the hub's ways in turns.
func compare(b *testing.B, address string, peer way) {
	db, err := hubdb.Open(b.Context(), address)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	h := newHub(b, db)
	ways := []way{
		peer,
		{"dedupe-path", func(int) (time.Duration, error) { return h.ingest((*term).empty, false) }},
		{"effects-path", func(int) (time.Duration, error) { return h.ingest((*term).pair, false) }},
		{"whole", func(int) (time.Duration, error) { return h.ingest((*term).empty, true) }},
		{"whole-sealed-effects", func(int) (time.Duration, error) { return h.ingest((*term).pair, true) }},
	}
	times := make([][]time.Duration, len(ways))
	for round := range benchRounds {
		for i, w := range ways {
			d, err := w.run(round)
			if err != nil {
				b.Fatalf("%s: %v", w.name, err)
			}
			times[i] = append(times[i], d)
		}
	}
	middle := func(i int) float64 { return slices.Sorted(slices.Values(times[i]))[benchRounds/2].Seconds() }
	for i, w := range ways {
		b.ReportMetric(benchRows/middle(i), w.name+"-rows/s")
		b.Logf("%-22s %8.0f rows/s %6.2f of the peer", w.name, benchRows/middle(i), middle(0)/middle(i))
	}
}

// spread runs f for every batch, several at once, and gives the time.
func spread(f func(batch int) error) (time.Duration, error) {
	next, fail := make(chan int), make(chan error, benchAtOnce)
	start := time.Now()
	for range benchAtOnce {
		go func() {
			var errs error
			for i := range next {
				errs = errors.Join(errs, f(i))
			}
			fail <- errs
		}()
	}
	for i := range benchRows / benchBatch {
		next <- i
	}
	close(next)
	var errs error
	for range benchAtOnce {
		errs = errors.Join(errs, <-fail)
	}
	return time.Since(start), errs
}

// bareTable is fleet_record without anything around it.
const bareTable = `CREATE TABLE %s (incarnation BIGINT NOT NULL, seq BIGINT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL,
	at BIGINT NOT NULL, received BIGINT NOT NULL, PRIMARY KEY (incarnation, seq))`

func copyRows(ctx context.Context, pool *pgxpool.Pool, round int) (time.Duration, error) {
	table := fmt.Sprintf("bench_copy_%d_%d", os.Getpid(), round)
	if _, err := pool.Exec(ctx, fmt.Sprintf(bareTable, table)); err != nil {
		return 0, err
	}
	now := time.Now().UnixMilli()
	d, err := spread(func(batch int) error {
		_, err := pool.CopyFrom(ctx, pgx.Identifier{table}, []string{"incarnation", "seq", "kind", "code", "at", "received"},
			pgx.CopyFromSlice(benchBatch, func(i int) ([]any, error) {
				return []any{int64(batch % benchAtOnce), int64(batch/benchAtOnce*benchBatch + i), record.Referral, "", now, now}, nil
			}))
		return err
	})
	_, dropErr := pool.Exec(ctx, "DROP TABLE "+table)
	return d, errors.Join(err, dropErr)
}

// insertRows writes a batch as one statement, as the hub does.
func insertRows(ctx context.Context, db *sql.DB, round int) (time.Duration, error) {
	table := fmt.Sprintf("bare_%d", round)
	if _, err := db.ExecContext(ctx, fmt.Sprintf(bareTable, table)+" WITHOUT ROWID"); err != nil {
		return 0, err
	}
	now := time.Now().UnixMilli()
	return spread(func(batch int) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		args := make([]any, 0, 6*benchBatch)
		for i := range benchBatch {
			args = append(args, batch%benchAtOnce, batch/benchAtOnce*benchBatch+i, record.Referral, "", now, now)
		}
		values := strings.Repeat(",(?,?,?,?,?,?)", benchBatch)[1:]
		if _, err := tx.ExecContext(ctx, "INSERT INTO "+table+" VALUES "+values, args...); err != nil {
			return err
		}
		return tx.Commit()
	})
}

// ingest takes in as many records as the peer, of as many terminals as there are
// batches at once. Sealing and signing is the terminals' work and is done before.
// Of the whole everything counts from the signed envelope to the signed ack; if
// not, the transaction alone: records, effects, watermark and the terminal's row.
func (h *hub) ingest(records func(t *term) record.Record, whole bool) (time.Duration, error) {
	ctx := h.t.Context()
	terms := make([]*term, benchAtOnce)
	for i := range terms {
		terms[i] = h.enrol("360482001")
	}
	work := make([]func() error, benchRows/benchBatch)
	for i := range work {
		t := terms[i%benchAtOnce]
		list := make([]record.Record, benchBatch)
		for j := range list {
			list[j] = records(t)
		}
		e := t.sign(t.batch(list...))
		if whole {
			work[i] = func() error { _, err := h.Accept(ctx, From{}, e); return err }
			continue
		}
		trust, b, err := h.believe(ctx, From{}, e)
		if err != nil {
			return 0, err
		}
		in := &intake{Fleet: h.Fleet, trusted: trust, batch: b, now: h.clock(), items: h.readAll(b, 0, h.clock())}
		work[i] = func() error {
			done, err := h.turns.take(ctx, in.id)
			if err != nil {
				return err
			}
			defer done()
			return in.write(ctx)
		}
	}
	return spread(func(batch int) error { return work[batch]() })
}

// empty is a record without an effect.
func (t *term) empty() record.Record {
	t.seq++
	return record.Record{Seq: t.seq, Kind: void, Sealed: []byte(`{"v":1,"why":"bench"}`), At: noon}
}

// pair is a referral, and the next time how its printing ended.
func (t *term) pair() record.Record {
	if t.seq%2 == 0 {
		t.last = code(t.hub.t)
		return t.referral(t.last)
	}
	return t.state(t.last, "printed")
}
