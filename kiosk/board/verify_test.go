package board

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/internal/sqlite"
	"jobhome/kiosk/segment"
)

// TestVerifyNamesThePostingsOfABadSegment changes a byte of one segment.
func TestVerifyNamesThePostingsOfABadSegment(t *testing.T) {
	path, ps := closed(t, 300)
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	if d, err := b.Verify(t.Context()); err != nil || len(d.Found)+len(d.Postings) > 0 {
		t.Fatalf("a sound board: %+v, %v", d, err)
	}
	if st, err := b.Storage(t.Context()); err != nil || st.Segments != (300+perSegment-1)/perSegment || st.Tombstones != 0 || st.Commits != 2 ||
		st.Dictionary == 0 || st.Stored == 0 || st.Raw < 2*st.Stored {
		t.Errorf("%+v, %v", st, err)
	}
	var data []byte
	if err := b.db().QueryRow("SELECT data FROM segment WHERE first = 33").Scan(&data); err != nil {
		t.Fatal(err)
	}
	data[len(data)/2] ^= 4
	if _, err := b.db().Exec("UPDATE segment SET data = ? WHERE first = 33", data); err != nil {
		t.Fatal(err)
	}
	d, err := b.Verify(t.Context())
	if err != nil || len(d.Found) == 0 {
		t.Fatalf("%+v, %v", d, err)
	}
	var want []string
	for i := range ps[32 : 32+perSegment] {
		want = append(want, ps[32+i].ID)
	}
	if !slices.Equal(d.Postings, want) {
		t.Errorf("the postings %v, want %v", d.Postings, want)
	}
	if err := b.Check(t.Context()); !errors.Is(err, segment.ErrDamaged) {
		t.Errorf("Check = %v", err)
	}
	for i := range ps {
		_, ok, err := b.Get(t.Context(), ps[i].ID)
		if bad := i >= 32 && i < 32+perSegment; bad != errors.Is(err, segment.ErrDamaged) || bad == ok {
			t.Fatalf("posting %d: %v, %v", i, ok, err)
		}
	}
	if _, err := b.Search(t.Context(), kiosk.Query{Text: "工", Now: now, Limit: 100}); err != nil {
		t.Error(err) // hits come without excerpts
	}
}

// tornFiles is a board of three commits that was not closed, and what it was
// after each.
func tornFiles(t *testing.T) (db, wal []byte, states []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "board.db")
	b, err := Open(path, demo.Site())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	states = []string{key(stored(b))}
	ps := demo.Postings(now, 60, 2)
	for round := range 3 {
		ps[round].Title = "新的名称"
		if _, err := b.Apply(t.Context(), ps[10*round:30+10*round], ImportOpts{Now: now, Replace: round == 2}); err != nil {
			t.Fatal(err)
		}
		states = append(states, key(stored(b)))
	}
	if db, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	if wal, err = os.ReadFile(path + "-wal"); err != nil || len(wal) == 0 || len(db) == 0 {
		t.Fatal(len(wal), len(db), err)
	}
	return db, wal, states
}

// openTorn opens a board of these files and says what is wrong, and whether it
// was put aside. It must be one of the states, or be put aside and empty, and then
// be sound.
func openTorn(t *testing.T, db, wal []byte, states []string) (wrong string, aside bool) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "board.db")
	if err := errors.Join(os.WriteFile(path, db, 0o600), os.WriteFile(path+"-wal", wal, 0o600)); err != nil {
		t.Fatal(err)
	}
	b, err := Open(path, demo.Site())
	if err != nil {
		return err.Error(), false
	}
	defer func() { _ = b.Close() }()
	have := stored(b)
	aside = b.Aside() != (Aside{})
	switch err := b.Check(t.Context()); {
	case aside && len(have) > 0:
		wrong = fmt.Sprintf("put aside, and it has %d postings", len(have))
	case !slices.Contains(states, key(have)):
		wrong = fmt.Sprintf("%d postings, which was never a state", len(have))
	case err != nil:
		wrong = err.Error()
	}
	return wrong, aside
}

// TestTornFiles cuts the file and its log at sampled places, zeroes sectors and
// changes bytes of both: what opens is a state that was committed, or nothing.
func TestTornFiles(t *testing.T) {
	db, wal, states := tornFiles(t)
	var aside int
	try := func(what string, at int, db, wal []byte) {
		t.Helper()
		wrong, put := openTorn(t, db, wal, states)
		if wrong != "" {
			t.Errorf("%s at %d: %s", what, at, wrong)
		}
		if put {
			aside++
		}
	}
	for cut := 0; cut < len(wal); cut += 3989 {
		try("log cut", cut, db, wal[:cut])
	}
	for at := 0; at < len(wal); at += 10 * 512 {
		torn := slices.Clone(wal)
		clear(torn[at:min(at+512, len(torn))])
		try("log zeroed", at, db, torn)
	}
	for cut := 0; cut < len(db); cut += 6007 {
		try("file cut", cut, db[:cut], nil)
	}
	aside = 0
	for at := 0; at < len(db); at += 5 * 512 {
		torn := slices.Clone(db)
		clear(torn[at : at+512])
		try("file zeroed", at, torn, nil)
	}
	for at := 0; at < len(db); at += 1499 {
		torn := slices.Clone(db)
		torn[at] ^= byte(1 << (at % 8))
		try("byte changed", at, torn, nil)
	}
	if aside == 0 {
		t.Error("no damage of the file was found")
	}
}

// TestTornFilesAreToldFromWholeOnes is the control of TestTornFiles: of what is
// whole nothing is wrong, and of half a commit, with a checksum that somebody
// made for it, that is said.
func TestTornFilesAreToldFromWholeOnes(t *testing.T) {
	db, wal, states := tornFiles(t)
	if wrong, aside := openTorn(t, db, wal, states[len(states)-1:]); wrong != "" || aside {
		t.Errorf("a sound board: %s, put aside: %v", wrong, aside)
	}
	path := filepath.Join(t.TempDir(), "board.db")
	if err := errors.Join(os.WriteFile(path, db, 0o600), os.WriteFile(path+"-wal", wal, 0o600)); err != nil {
		t.Fatal(err)
	}
	file, err := sqlite.Open(path, sqlite.Opts{Synchronous: sqlite.Normal})
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := state{}.after(t.Context(), file)
	if err != nil || len(all) < 2 {
		t.Fatal(len(all), err)
	}
	last, before := delta{state: all[len(all)-1]}, all[len(all)-2]
	last.living = before.living + last.next - last.first // as if nothing had been removed
	_, err = file.Exec("UPDATE delta SET gone = x'', living = ?, sum = ? WHERE number = ?", last.living, last.chain(before.sum), last.number)
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
	if db, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	if wrong, aside := openTorn(t, db, nil, states); wrong == "" || aside {
		t.Errorf("half a commit went unnoticed: %q, put aside: %v", wrong, aside)
	}
}
