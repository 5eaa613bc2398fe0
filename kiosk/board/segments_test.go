package board

import (
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/internal/sqlite"
	"jobhome/kiosk/segment"
)

// TestSequences applies a feed and begins it anew.
func TestSequences(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	ps := demo.Postings(now, 60, 9)
	apply := func(ps []kiosk.Posting, o ImportOpts, want error, after int64) {
		t.Helper()
		o.Now = now
		before := stored(b)
		_, err := b.Apply(t.Context(), ps, o)
		if n := sequence(t, b); !errors.Is(err, want) || n != after {
			t.Fatalf("%+v: %v, the sequence is %d, want %v, %d", o, err, n, want, after)
		}
		if want != nil && !reflect.DeepEqual(stored(b), before) {
			t.Errorf("%+v was refused and changed something", o)
		}
	}
	apply(ps[:40], ImportOpts{Sequence: 7}, nil, 7)
	apply(ps[40:], ImportOpts{Sequence: 7}, ErrSequence, 7)
	apply(ps[40:], ImportOpts{Sequence: 6, Replace: true}, ErrSequence, 7)
	apply(ps[40:], ImportOpts{Sequence: 6, Restart: true}, ErrSequence, 7)
	apply(ps[40:], ImportOpts{Sequence: 6, DryRun: true}, ErrSequence, 7)
	apply(ps[40:], ImportOpts{}, nil, 7) // by hand
	apply(nil, ImportOpts{Sequence: 9, Remove: []string{ps[3].ID, "nobody", ps[3].ID}}, nil, 9)
	if got := boardIDs(b); len(got) != 59 || slices.Contains(got, ps[3].ID) {
		t.Errorf("%d postings after one was removed", len(got))
	}
	if _, err := b.Apply(t.Context(), ps[:1], ImportOpts{Remove: []string{ps[0].ID}}); err == nil {
		t.Error("a posting was given and removed")
	}
	_ = b.Close()
	if b, err = Open(path, demo.Site()); err != nil || sequence(t, b) != 9 {
		t.Fatalf("opened again: %v", err)
	}
	apply(ps[:30], ImportOpts{Sequence: 2, Replace: true, Restart: true}, nil, 2)
	apply(ps[:31], ImportOpts{Sequence: 3}, nil, 3)
	if got := boardIDs(b); len(got) != 31 {
		t.Errorf("%d postings", len(got))
	}
}

func sequence(t *testing.T, b *Board) int64 {
	t.Helper()
	n, err := b.Sequence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestARowThatIsLostOrForeignIsFound takes away and adds rows of every table.
func TestARowThatIsLostOrForeignIsFound(t *testing.T) {
	spoil := []string{
		"DELETE FROM delta WHERE number = (SELECT min(number) FROM delta)",
		"DELETE FROM delta WHERE number = 4",
		"DELETE FROM delta WHERE number = (SELECT max(number) FROM delta)",
		"DELETE FROM delta",
		"UPDATE delta SET gone = x'' WHERE number = 4",
		"UPDATE delta SET living = living + 1 WHERE number = 4",
		"UPDATE delta SET sequence = 8 WHERE number = 4",
		"UPDATE delta SET mark = 8 WHERE number = 4",
		"UPDATE delta SET origin = 8 WHERE number = 4",
		"UPDATE delta SET sequence = 'x' WHERE number = 4",
		"UPDATE segment SET count = 'x' WHERE first = 33",
		"DELETE FROM segment WHERE first = 1",
		"DELETE FROM segment WHERE first = (SELECT max(first) FROM segment)",
		"UPDATE segment SET first = 100000 WHERE first = 33",
		"UPDATE segment SET count = count - 1 WHERE first = 33",
		"INSERT INTO segment SELECT 100000, count, size, dict, sum, data FROM segment WHERE first = 33",
		"UPDATE segment SET data = substr(data, 2) WHERE first = 33",
		"UPDATE segment SET dict = 0 WHERE first = 33",
		"DELETE FROM dict",
		"UPDATE dict SET data = substr(data, 2)",
		"SELECT 1", // and this is sound
	}
	sound, ps := closed(t, 300)
	b := openAt(t, sound)
	changed := slices.Clone(ps)
	changed[5].Title, changed[50].Title = "新的名称", "另一个"
	apply(t, b, ps[:290], true)
	apply(t, b, changed, true)
	_ = b.Close()
	raw, err := os.ReadFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range spoil {
		path := filepath.Join(t.TempDir(), "board.db")
		if err := os.WriteFile(path, raw, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := sqlite.Open(path, sqlite.Opts{Synchronous: sqlite.Normal, Conns: 2})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
		_, err = newSnapshot().catchUp(t.Context(), db, demo.Site())
		if sound := text == "SELECT 1"; errors.Is(err, segment.ErrDamaged) == sound || sound && err != nil {
			t.Errorf("%s: %v", text, err)
		}
		_ = db.Close()
		if b, err = Open(path, demo.Site()); err != nil {
			t.Fatal(err)
		}
		if aside := b.Aside() != (Aside{}); aside == (text == "SELECT 1") {
			t.Errorf("%s: put aside: %v", text, aside)
		}
		_ = b.Close()
	}
}

// TestRandomCommits makes many small commits, some of which change nothing,
// with restarts with and without the saved index.
func TestRandomCommits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	r := rand.New(rand.NewPCG(8, 8))
	pool := demo.Postings(now, 350, 8)
	have := map[string]kiosk.Posting{}
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	rewritten := 0
	for round := range 24 {
		var put []kiosk.Posting
		o := ImportOpts{Now: now, Sequence: int64(round + 1)}
		for _, i := range r.Perm(len(pool))[:r.IntN(120)*r.IntN(2)] {
			p := pool[i]
			if _, had := have[p.ID]; had && r.IntN(3) == 0 {
				o.Remove = append(o.Remove, p.ID)
				delete(have, p.ID)
				continue
			}
			p.Headcount = 1 + r.IntN(50)
			p.Description = strings.Repeat(p.Description, 1+r.IntN(2))
			put = append(put, p)
			have[p.ID] = p
		}
		if _, err := b.Apply(t.Context(), put, o); err != nil {
			t.Fatal(err)
		}
		var deltas int
		if err := b.db().QueryRow("SELECT count(*) FROM delta").Scan(&deltas); err != nil {
			t.Fatal(err)
		}
		if deltas == 1 {
			rewritten++
		}
		if round%4 != 3 {
			continue
		}
		_ = b.Close()
		if r.IntN(2) == 0 {
			removeIndex(t, path)
		}
		if b, err = Open(path, demo.Site()); err != nil {
			t.Fatal(err)
		}
		fresh := open1(t)
		var all []kiosk.Posting
		for _, p := range have {
			all = append(all, p)
		}
		if _, err := fresh.Apply(t.Context(), all, ImportOpts{Now: now}); err != nil {
			t.Fatal(err)
		}
		sameAnswers(t, b, fresh)
		for id, want := range have {
			if p, ok, err := b.Get(t.Context(), id); err != nil || !ok || !reflect.DeepEqual(p, want) {
				t.Fatalf("round %d: posting %s: %v, %v", round, id, ok, err)
			}
		}
		if n := sequence(t, b); n != int64(round+1) || b.Aside() != (Aside{}) {
			t.Errorf("sequence %d, %+v", n, b.Aside())
		}
	}
	if rewritten == 0 {
		t.Error("the file was never rewritten")
	}
}

// A posting never has the words that are in memory and the description of
// another board that has taken the file's name, with the same ids and rowids.
func TestDescriptionsAreOfTheSameWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b, ps := openAt(t, path), demo.Postings(now, 20, 1)
	apply(t, b, ps, true)
	b.db().SetMaxIdleConns(0)
	for _, end := range []string{"", "-wal", "-shm", ".index"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
	}
	for i := range ps {
		ps[i].Title, ps[i].Description = ps[i].Title+"甲", "另一个岗位板"
	}
	apply(t, openAt(t, path), ps, true)
	for i := range ps {
		if p, ok, err := b.Get(t.Context(), ps[i].ID); err != nil || !ok || !reflect.DeepEqual(p, ps[i]) {
			t.Fatalf("%q with %q, %v, %v", p.Title, p.Description, ok, err)
		}
	}
}

func FuzzUnpackRows(f *testing.F) {
	f.Add(packRows([]int64{1, 2, 300, 70000}), int64(70001))
	f.Add([]byte{0}, int64(5))
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01"), int64(1<<62))
	f.Fuzz(func(t *testing.T, packed []byte, limit int64) {
		rows, ok := unpackRows(packed, limit, nil)
		if !ok {
			return
		}
		last := int64(0)
		for _, n := range rows {
			if n <= last || n >= limit {
				t.Fatalf("row %d after %d, below %d", n, last, limit)
			}
			last = n
		}
		if again, ok := unpackRows(packRows(rows), limit, nil); !ok || !slices.Equal(rows, again) {
			t.Fatalf("%d come back as %d", rows, again)
		}
	})
}
