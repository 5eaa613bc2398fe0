package publish

import (
	"context"
	"errors"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/sync/delta"
	"jobhome/sync/internal/churn"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

const board = "360482"

func publish(t testing.TB, p *Publisher, rows delta.Rows, now time.Time) wire.Head {
	t.Helper()
	h, err := p.Publish(context.Background(), board, Content{Rows: rows}, now)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// Five days of the shape that a province's feed was seen to have. Terminals that
// come every day, every other day, by one form or the other, or only at the end,
// have the hub's board, row by row.
func TestFiveDays(t *testing.T) {
	const n = 1000
	days := []churn.Day{ // of a hundred: added 0.2–1.2, removed 0.5–0.9, only dated 21–45
		{New: 2, Gone: 9, Edited: 2, Dated: 450},
		{New: 12, Gone: 5, Edited: 3, Dated: 210, OwnMinute: 21},
		{New: 6, Gone: 7, Edited: 1, Dated: 320, OwnMinute: 320},
		{New: 4, Gone: 6, Edited: 0, Dated: 350},
		{New: 10, Gone: 8, Edited: 5, Dated: 280, OwnMinute: 150},
	}
	b := churn.New(start, n, 100, 7)
	store := newMemory()
	p := publisher(t, store, Options{})
	publish(t, p, rowsOfBoard(t, b), b.Now())
	key := signer(1).Key()
	terminals := map[string]*terminal{}
	for _, name := range []string{"daily", "plain", "second", "last"} {
		terminals[name] = &terminal{store: store, key: key, plain: name == "plain"}
		if _, err := terminals[name].sync(board); err != nil {
			t.Fatal(err)
		}
	}
	for i, d := range days {
		if err := b.Next(d); err != nil {
			t.Fatal(err)
		}
		want := rowsOfBoard(t, b)
		h := publish(t, p, want, b.Now())
		for name, m := range terminals {
			if name == "second" && i%2 == 0 || name == "last" && i < len(days)-1 {
				continue
			}
			if _, err := m.sync(board); err != nil {
				t.Fatalf("day %d, %s: %v", i+1, name, err)
			}
			if m.version != h.Version || m.bases != 0 || m.gets > 3 || m.rows.Sum() != want.Sum() || !reflect.DeepEqual(m.rows, want) {
				t.Errorf("day %d, %s: version %s, %d bases, %d gets, %d rows", i+1, name, m.version, m.bases, m.gets, len(m.rows))
			}
		}
		fresh := &terminal{store: store, key: key}
		if _, err := fresh.sync(board); err != nil || fresh.rows.Sum() != want.Sum() {
			t.Errorf("day %d, from nothing: %v", i+1, err)
		}
	}
}

// Whoever comes back after up to 60 days needs head, revocations and four deltas,
// and not many more bytes than the days would have had one by one. It takes a
// minute with JOBHOME_PUBLISH_DAYS set; otherwise it is about a month.
func TestSixtyDays(t *testing.T) {
	b := churn.New(start, 60, 80, 3)
	store := newMemory()
	p := publisher(t, store, Options{})
	key := signer(1).Key()
	var was []*terminal
	var sizes []int64 // of each day by itself
	days := 33
	if os.Getenv("JOBHOME_PUBLISH_DAYS") != "" {
		days = 75
	}
	for day := range days {
		if day > 0 {
			if err := b.Next(churn.Day{New: 1, Gone: 1, Edited: 1, Dated: 9}); err != nil {
				t.Fatal(err)
			}
		}
		h := publish(t, p, rowsOfBoard(t, b), b.Now())
		m := &terminal{store: store, key: key}
		if day > 0 {
			m = was[day-1].clone()
		}
		if _, err := m.sync(board); err != nil {
			t.Fatalf("day %d: %v", day, err)
		}
		if day > 0 && (m.gets != 3 || m.bases != 0) {
			t.Errorf("day %d: %d gets", day, m.gets)
		}
		was, sizes = append(was, m), append(sizes, m.bytes)
		if day < min(60, days-1) || day%5 != 4 && day != days-1 {
			continue
		}
		for back := 1; back <= min(60, day); back++ {
			m, chain := was[day-back].clone(), int64(0)
			for _, s := range sizes[day-back+1:] {
				chain += s
			}
			if _, err := m.sync(board); err != nil || m.version != h.Version {
				t.Fatalf("day %d, %d days back: %s, %v", day, back, m.version, err)
			}
			if m.gets > 6 || m.bases != 0 || m.bytes > chain+chain/10 {
				t.Errorf("day %d, %d days back: %d gets, %d bases, %d bytes, %d by the chain", day, back, m.gets, m.bases, m.bytes, chain)
			}
		}
		if oldest := h.Deltas[0].From; len(h.Deltas) > 66 {
			t.Errorf("%d deltas from %s on", len(h.Deltas), oldest)
		}
	}
}

func TestSameRowsAgain(t *testing.T) {
	b := churn.New(start, 200, 0, 1)
	rows := rowsOfBoard(t, b)
	store := newMemory()
	p := publisher(t, store, Options{Good: 24 * time.Hour})
	first := publish(t, p, rows, start)
	puts := store.puts
	if h := publish(t, p, rows, start.Add(time.Hour)); !reflect.DeepEqual(h, first) || store.puts != puts {
		t.Errorf("an hour later %d files were written", store.puts-puts)
	}
	later := publish(t, p, rows, start.Add(7*time.Hour))
	if later.Version.N != 1 || !later.Issued.Equal(start.Add(7*time.Hour)) || later.Base != first.Base || later.Sum != first.Sum || len(later.Deltas) > 0 {
		t.Errorf("seven hours later: %s issued %s", later.Version, later.Issued)
	}
	// A clock that was put back does not issue a head before the last one.
	h, err := p.Revoke(context.Background(), board, []string{rows[3].ID}, start)
	if err != nil || !h.Issued.After(later.Issued) || h.Version.N != 1 || h.Revoked.Count != 1 || h.Sum != first.Sum {
		t.Errorf("%+v, %v", h, err)
	}
	// The row goes with the next version, whoever still hands it in.
	revoked := Content{Rows: rows, Revoked: []string{rows[3].ID}}
	h, err = p.Publish(context.Background(), board, revoked, start.Add(8*time.Hour))
	if err != nil || h.Version.N != 2 || h.Rows != len(rows)-1 {
		t.Errorf("%+v, %v", h, err)
	}
	if h, err = p.Revoke(context.Background(), board, []string{rows[9].ID}, start.Add(9*time.Hour)); err != nil || h.Revoked.Count != 2 {
		t.Errorf("%+v, %v", h, err)
	}
	m := &terminal{store: store, key: signer(1).Key()}
	if _, err := m.sync(board); err != nil {
		t.Error(err)
	}
}

// After a cut at any write, terminals old and new can still follow the head that
// is there, and the next publication mends everything.
func TestCutsAnywhere(t *testing.T) {
	b := churn.New(start, 100, 60, 5)
	store := newMemory()
	p := publisher(t, store, Options{Again: time.Hour})
	var versions []delta.Rows
	for day := range 8 {
		if day > 0 {
			if err := b.Next(churn.Day{New: 2, Gone: 2, Edited: 1, Dated: 20}); err != nil {
				t.Fatal(err)
			}
		}
		versions = append(versions, rowsOfBoard(t, b))
		if day < 7 {
			publish(t, p, versions[day], b.Now())
		}
	}
	old := &terminal{store: store, key: signer(1).Key()}
	if _, err := old.sync(board); err != nil {
		t.Fatal(err)
	}
	want := versions[7]
	for cut := 0; ; cut++ {
		torn := store.clone()
		torn.left = cut
		_, err := publisher(t, torn, Options{}).Publish(context.Background(), board, Content{Rows: want, Revoked: []string{"zz"}}, b.Now())
		if err == nil {
			if cut < 5 {
				t.Errorf("only %d writes", cut)
			}
			break
		}
		if !errors.Is(err, errCut) {
			t.Fatal(err)
		}
		torn.left = -1
		follows(t, torn, old)
		// Not the same that was cut, but what has come meanwhile.
		other := slices.Clone(want)[1:]
		if _, err := publisher(t, torn, Options{}).Publish(context.Background(), board, Content{Rows: other}, b.Now()); err != nil {
			t.Fatalf("after a cut at write %d: %v", cut, err)
		}
		for _, m := range follows(t, torn, old) {
			if m.rows.Sum() != other.Sum() || m.version.N != 8 {
				t.Errorf("after a cut at write %d: version %s, %d rows", cut, m.version, len(m.rows))
			}
		}
	}
}

// follows brings an old terminal of each form, and a new one, to the head.
func follows(t *testing.T, store Store, old *terminal) (out []*terminal) {
	t.Helper()
	for _, m := range []*terminal{old.clone(), old.clone(), {key: old.key}} {
		m.store, m.plain = store, len(out) == 1
		if _, err := m.sync(board); err != nil {
			t.Error(err)
		}
		if len(out) < 2 && m.bases > 0 {
			t.Error("a terminal of the last version had to take the base")
		}
		out = append(out, m)
	}
	return out
}

func TestNewEpochGoesOn(t *testing.T) {
	b := churn.New(start, 200, 20, 1)
	store := newMemory()
	publish(t, publisher(t, store, Options{}), rowsOfBoard(t, b), b.Now())
	m := &terminal{store: store, key: signer(1).Key()}
	if _, err := m.sync(board); err != nil {
		t.Fatal(err)
	}
	if err := b.Next(churn.Day{New: 5, Gone: 5}); err != nil {
		t.Fatal(err)
	}
	stranger := publisher(t, store, Options{Epoch: 2, Signers: []trust.Signer{signer(2)}})
	if _, err := stranger.Publish(context.Background(), board, Content{Rows: rowsOfBoard(t, b)}, b.Now()); !errors.Is(err, trust.ErrThreshold) {
		t.Errorf("a head of an unknown key: %v", err)
	}
	p := publisher(t, store, Options{Epoch: 2, Signers: []trust.Signer{signer(2)}, Was: []trust.Key{signer(1).Key()}})
	h := publish(t, p, rowsOfBoard(t, b), b.Now())
	if h.Version != (wire.Version{Epoch: 2, N: 1}) {
		t.Errorf("version %s", h.Version)
	}
	m.key = signer(2).Key()
	if _, err := m.sync(board); err != nil || m.bases != 0 {
		t.Errorf("%d bases, %v", m.bases, err)
	}
	back := publisher(t, store, Options{Was: []trust.Key{signer(2).Key()}})
	if _, err := back.Publish(context.Background(), board, Content{}, b.Now()); err == nil || !strings.Contains(err.Error(), "above that of the root") {
		t.Errorf("an older epoch: %v", err)
	}
}

// A tree that was lost, or came back from an old copy, goes on above what
// terminals have.
func TestLostTree(t *testing.T) {
	b := churn.New(start, 200, 20, 1)
	store := newMemory()
	p := publisher(t, store, Options{})
	publish(t, p, rowsOfBoard(t, b), start)
	for what, s := range map[string]*memoryStore{"lost": newMemory(), "old": store} {
		above := wire.Version{Epoch: 1, N: 40}
		h, err := publisher(t, s, Options{}).Publish(context.Background(), board, Content{Rows: rowsOfBoard(t, b), Above: above}, start)
		if err != nil || h.Version.N != 41 {
			t.Errorf("%s: version %s, %v", what, h.Version, err)
		}
		m := &terminal{store: s, key: signer(1).Key(), version: above}
		if _, err := m.sync(board); err != nil || m.bases != 1 {
			t.Errorf("%s: %d bases, %v", what, m.bases, err)
		}
	}
}

// What is damaged in the tree is not believed, and mended by a new base.
func TestDamagedTree(t *testing.T) {
	b := churn.New(start, 60, 60, 1)
	store := newMemory()
	p := publisher(t, store, Options{})
	for range 3 {
		publish(t, p, rowsOfBoard(t, b), b.Now())
		if err := b.Next(churn.Day{New: 5, Gone: 5, Dated: 30}); err != nil {
			t.Fatal(err)
		}
	}
	want := rowsOfBoard(t, b)
	for path := range maps.Clone(store.files) {
		for _, how := range []string{"gone", "other"} {
			torn := store.clone()
			if torn.files[path] = append([]byte("x"), torn.files[path]...); how == "gone" {
				delete(torn.files, path)
			}
			above := wire.Version{Epoch: 1, N: 3} // what the hub's database knows
			h, err := publisher(t, torn, Options{}).Publish(context.Background(), board, Content{Rows: want, Above: above}, b.Now())
			if path == headPath(board) && how == "other" {
				if err == nil {
					t.Error("a damaged head was passed over")
				}
				continue
			}
			if err != nil || h.Version.N != 4 {
				t.Errorf("%s %s: %s, %v", path, how, h.Version, err)
			}
			m := &terminal{store: torn, key: signer(1).Key()}
			if _, err := m.sync(board); err != nil || m.rows.Sum() != want.Sum() {
				t.Errorf("%s %s: %v", path, how, err)
			}
		}
	}
}
