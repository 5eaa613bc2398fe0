package board

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/internal/sqlite"
)

var now = time.Date(2026, 11, 23, 10, 42, 0, 0, zone)

func open1(t testing.TB) *Board {
	t.Helper()
	b, err := Open(filepath.Join(t.TempDir(), "board.db"), demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

// shared is a demo board that several tests read and none changes.
var shared struct {
	sync.Mutex
	board    *Board
	postings []kiosk.Posting
}

const sharedSize = 3000

func demoBoard(t testing.TB) (*Board, []kiosk.Posting) {
	t.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.board == nil {
		dir, err := os.MkdirTemp("", "board")
		if err != nil {
			t.Fatal(err)
		}
		removeAtEnd = append(removeAtEnd, dir)
		b, err := Open(filepath.Join(dir, "board.db"), demo.Site())
		if err != nil {
			t.Fatal(err)
		}
		ps := demo.Postings(now, sharedSize, 5)
		if _, err := b.Apply(t.Context(), ps, ImportOpts{Now: now}); err != nil {
			t.Fatal(err)
		}
		shared.board, shared.postings = b, ps
	}
	return shared.board, shared.postings
}

func TestGetGivesEverythingBack(t *testing.T) {
	b, ps := demoBoard(t)
	for i := 0; i < len(ps); i += 37 {
		got, ok, err := b.Get(t.Context(), ps[i].ID)
		if err != nil || !ok || !reflect.DeepEqual(got, ps[i]) {
			t.Fatalf("Get = %+v, %v, %v\nwant  %+v", got, ok, err, ps[i])
		}
	}
	if _, ok, err := b.Get(t.Context(), "nobody"); ok || err != nil {
		t.Errorf("Get of an unknown id: %v, %v", ok, err)
	}
	if !b.Freshness().Equal(now) {
		t.Errorf("Freshness = %v", b.Freshness())
	}
	st := b.Stats(now)
	open := 0
	for i := range ps {
		if ps[i].Open(now) {
			open++
		}
	}
	if st.Postings != len(ps) || st.Open != open || st.Employers == 0 || st.Bytes == 0 || open == len(ps) {
		t.Errorf("Stats = %+v, open %d", st, open)
	}
}

func TestBoardSurvivesReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "board.db")
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	ps := demo.Postings(now, 200, 2)
	if _, err := b.Apply(t.Context(), ps, ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	q := kiosk.Query{Text: "工", Now: now, Limit: 500}
	before, err := b.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	_ = b.Close()
	if b, err = Open(path, demo.Site()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	after, err := b.Search(t.Context(), q)
	if err != nil || !reflect.DeepEqual(before, after) || after.Total == 0 {
		t.Errorf("after reopening %d postings, before %d, %v", after.Total, before.Total, err)
	}
	if b.Aside() != (Aside{}) {
		t.Errorf("a sound board was put aside: %+v", b.Aside())
	}
}

func TestUnusableBoardIsPutAside(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, path string){
		"junk": func(t *testing.T, path string) {
			if err := os.WriteFile(path, bytes.Repeat([]byte("junk"), 4096), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"newer": func(t *testing.T, path string) {
			db, err := sqlite.Open(path, sqlite.Opts{Synchronous: sqlite.Normal})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec("PRAGMA user_version = 99"); err != nil {
				t.Fatal(err)
			}
			_ = db.Close()
		},
		"torn": func(t *testing.T, path string) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := 8192; i < len(raw); i++ {
				raw[i] = 0x55
			}
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "board.db")
			for round := range 2 {
				b, err := Open(path, demo.Site())
				if err != nil {
					t.Fatal(err)
				}
				if _, err := b.Apply(t.Context(), demo.Postings(now, 50, 2), ImportOpts{Now: now}); err != nil {
					t.Fatal(err)
				}
				_ = b.Close()
				spoil(t, path)
				if b, err = Open(path, demo.Site()); err != nil {
					t.Fatal(err)
				}
				a := b.Aside()
				if a.Reason == nil || !strings.HasPrefix(a.Path, path+".bad-") || b.Stats(now).Postings != 0 {
					t.Errorf("round %d: Aside = %+v with %d postings", round, a, b.Stats(now).Postings)
				}
				if _, err := os.Stat(a.Path); err != nil {
					t.Error(err)
				}
				_ = b.Close()
			}
			if bad, _ := filepath.Glob(path + ".bad-*"); len(bad) != 1 {
				t.Errorf("%d boards were kept aside, want the last one", len(bad))
			}
		})
	}
}

func TestReadersSeeOldOrNewWhileImporting(t *testing.T) {
	b := open1(t)
	ctx := t.Context()
	old, fresh := demo.Postings(now, 300, 2), demo.Postings(now, 300, 3)
	if _, err := b.Apply(ctx, old, ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	total := func() int {
		r, err := b.Search(ctx, kiosk.Query{Now: now})
		if err != nil {
			t.Error(err)
		}
		return r.Total
	}
	n := map[int]bool{total(): true}
	done := make(chan error)
	go func() {
		_, err := b.Apply(ctx, fresh, ImportOpts{Now: now, Replace: true})
		done <- err
	}()
	var seen []int
	for running := true; running; {
		select {
		case err := <-done:
			if err != nil {
				t.Fatal(err)
			}
			running = false
		default:
			seen = append(seen, total())
			if _, err := b.Search(ctx, kiosk.Query{Text: "操作", Now: now}); err != nil {
				t.Fatal(err)
			}
		}
	}
	n[total()] = true
	for _, s := range seen {
		if !n[s] {
			t.Fatalf("a reader saw %d postings, neither the old nor the new board", s)
		}
	}
}
