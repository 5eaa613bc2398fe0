package board

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/jsonl"
)

func file(t testing.TB, ps []kiosk.Posting) []byte {
	t.Helper()
	var buf bytes.Buffer
	if err := demo.WriteJSONL(&buf, ps); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func boardIDs(b *Board) []string {
	var ids []string
	for _, p := range stored(b) {
		ids = append(ids, p.ID)
	}
	return ids
}

// stored is what the board has in memory, in the order of ids.
func stored(b *Board) (all []kiosk.Posting) {
	s := b.snap.Load()
	for _, i := range s.byID.Rows {
		all = append(all, s.posting(i))
	}
	return all
}

func TestImportCounts(t *testing.T) {
	b := open1(t)
	ctx := t.Context()
	ps := demo.Postings(now, 120, 4)
	o := ImportOpts{Now: now}
	check := func(step string, got Report, err error, want Report) {
		t.Helper()
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s: %+v, %v\nwant %+v", step, got, err, want)
		}
	}
	dry := o
	dry.DryRun = true
	rep, err := b.Import(ctx, bytes.NewReader(file(t, ps)), dry)
	check("dry run", rep, err, Report{Lines: 120, Good: 120, Added: 120})
	if len(boardIDs(b)) != 0 || !b.Freshness().IsZero() {
		t.Fatal("a dry run changed the board")
	}
	rep, err = b.Import(ctx, bytes.NewReader(file(t, ps)), o)
	check("first", rep, err, Report{Lines: 120, Good: 120, Added: 120})
	ps[3].Title, ps[4].Pay.Max = "新的名称", ps[4].Pay.Max+100
	if ps[4].Pay.Unit == kiosk.Negotiable {
		t.Fatal("choose another seed")
	}
	rep, err = b.Import(ctx, bytes.NewReader(file(t, ps[:100])), o)
	check("again", rep, err, Report{Lines: 100, Good: 100, Changed: 2, Same: 98})
	if got := collectIDs(t, b, kiosk.Query{Text: "新的名称", Now: ps[3].Published}); !slices.Equal(got, []string{ps[3].ID}) {
		t.Errorf("the changed posting is found as %v", got)
	}
	o.Replace = true
	rep, err = b.Import(ctx, bytes.NewReader(file(t, ps[:90])), o)
	check("replace", rep, err, Report{Lines: 90, Good: 90, Same: 90, Removed: 30})
	if got := boardIDs(b); len(got) != 90 {
		t.Errorf("%d postings after replacing", len(got))
	}
	if _, err = b.Import(ctx, strings.NewReader("junk\n"), o); !errors.Is(err, ErrNothingGood) || len(boardIDs(b)) != 90 {
		t.Errorf("a file of junk: %v, %d postings", err, len(boardIDs(b)))
	}
}

func TestImportReportsEveryBadLine(t *testing.T) {
	b := open1(t)
	ps := demo.Postings(now, 6, 4)
	if _, err := b.Apply(t.Context(), ps[5:], ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	good := strings.Split(strings.TrimSpace(string(file(t, ps))), "\n")
	lines := []string{
		"\ufeff" + good[0],
		"not json",
		"",
		good[1] + "\r",
		good[0],                              // the same id once more
		strings.Repeat("x", jsonl.MaxLine+5), // too long
		strings.Replace(good[2], `"channel":"`, `"channel":"x`, 1),
		good[2], // good after a bad line of the same id
		strings.Replace(good[5], `"area":"`, `"area":"x`, 1), // bad, but the board has it
		strings.Repeat(" ", jsonl.MaxLine) + good[3],
		good[4],
	}
	rep, err := b.Import(t.Context(), strings.NewReader(strings.Join(lines, "\n")), ImportOpts{Now: now, Replace: true})
	if err != nil {
		t.Fatal(err)
	}
	var bad []string
	for _, l := range rep.Bad {
		bad = append(bad, fmt.Sprintf("%d %s", l.Line, l.Field))
		if l.Reason == "" {
			t.Errorf("line %d without a reason", l.Line)
		}
	}
	if got := strings.Join(bad, "; "); got != "2 ; 5 id; 6 ; 7 channel; 9 area; 10 " {
		t.Errorf("bad lines %q", got)
	}
	want := []string{ps[0].ID, ps[1].ID, ps[2].ID, ps[4].ID, ps[5].ID}
	if got := boardIDs(b); !slices.Equal(got, want) {
		t.Errorf("board %v, want %v", got, want)
	}
}

type brokenReader struct{ left []byte }

func (r *brokenReader) Read(p []byte) (int, error) {
	if len(r.left) == 0 {
		return 0, errors.New("the stick was pulled out")
	}
	n := copy(p, r.left)
	r.left = r.left[n:]
	return n, nil
}

func TestImportThatFailsChangesNothing(t *testing.T) {
	b := open1(t)
	ps := demo.Postings(now, 200, 4)
	if _, err := b.Apply(t.Context(), ps[:50], ImportOpts{Now: now}); err != nil {
		t.Fatal(err)
	}
	before := boardIDs(b)
	if _, err := b.Import(t.Context(), &brokenReader{file(t, ps)}, ImportOpts{Replace: true}); err == nil {
		t.Error("a reader that fails was not reported")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Import(ctx, bytes.NewReader(file(t, ps)), ImportOpts{}); err == nil {
		t.Error("a cancelled import was not reported")
	}
	if _, err := b.Apply(t.Context(), slices.Concat(ps[50:60], ps[50:51]), ImportOpts{}); err == nil {
		t.Error("a posting given twice was not reported")
	}
	if _, err := b.Apply(t.Context(), []kiosk.Posting{ps[60], {ID: "x"}}, ImportOpts{}); err == nil {
		t.Error("a bad posting was not reported")
	}
	if got := boardIDs(b); !slices.Equal(got, before) || !b.Freshness().Equal(now) {
		t.Errorf("the board changed from %d to %d postings", len(before), len(got))
	}
	if err := b.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestSearchEqualsTheOracleAfterEveryDelta changes the words of all postings
// again and again.
func TestSearchEqualsTheOracleAfterEveryDelta(t *testing.T) {
	b := open1(t)
	ps := demo.Postings(now, 200, 4)
	for round := range 6 {
		for i := range ps {
			ps[i].Title = fmt.Sprintf("缝纫工%d组", round+i%3)
		}
		if _, err := b.Apply(t.Context(), ps, ImportOpts{Now: now}); err != nil {
			t.Fatal(err)
		}
		o := newOracle(ps)
		for _, text := range []string{"缝纫工", fmt.Sprintf("工%d组", round), "组", "操作工"} {
			q := kiosk.Query{Text: text, Now: now}
			if got, want := collectIDs(t, b, q), o.ids(q); !slices.Equal(got, want) {
				t.Fatalf("round %d: %q finds %d, want %d", round, text, len(got), len(want))
			}
		}
	}
}

func FuzzImport(f *testing.F) {
	ps := demo.Postings(now, 3, 4)
	f.Add(file(f, ps))
	f.Add([]byte("{\"id\":\"a\"}\n\n\xff\n"))
	f.Add([]byte("\ufeff[]\r\n{}\nnull"))
	f.Fuzz(func(t *testing.T, data []byte) {
		b := open1(t)
		if _, err := b.Apply(t.Context(), ps[:1], ImportOpts{Now: now}); err != nil {
			t.Fatal(err)
		}
		rep, err := b.Import(t.Context(), bytes.NewReader(data), ImportOpts{Now: now})
		if err != nil {
			t.Fatal(err)
		}
		badLines := map[int]bool{}
		for _, l := range rep.Bad {
			badLines[l.Line] = true
		}
		if rep.Good+len(badLines) != rep.Lines || rep.Added+rep.Changed+rep.Same != rep.Good {
			t.Errorf("the report does not add up: %+v", rep)
		}
		if n := len(boardIDs(b)); n != 1+rep.Added {
			t.Errorf("%d postings after adding %d to 1", n, rep.Added)
		}
	})
}

const killSize = 150

func TestKilledDuringImportLeavesTheOldOrTheNewBoard(t *testing.T) {
	rounds := 8
	if testing.Short() {
		rounds = 2
	}
	path := filepath.Join(t.TempDir(), "board.db")
	dice := rand.New(rand.NewPCG(3, 1))
	whole := map[string]bool{"": true}
	for seed := range uint64(2) {
		whole[key(demo.Postings(now, killSize, seed))] = true
	}
	for round := range rounds {
		killWhileImporting(t, path, time.Duration(dice.IntN(60))*time.Millisecond)
		b, err := Open(path, demo.Site())
		if err != nil {
			t.Fatal(err)
		}
		if b.Aside() != (Aside{}) {
			t.Fatalf("round %d: %+v", round, b.Aside())
		}
		if err := b.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		have := stored(b)
		if !whole[key(have)] {
			t.Fatalf("round %d: %d postings, neither the old nor the new board", round, len(have))
		}
		if len(have) > 0 {
			o := newOracle(demoSame(have))
			for _, text := range []string{"操作", "工", "cnc"} {
				q := kiosk.Query{Text: text, Now: now}
				if got, want := collectIDs(t, b, q), o.ids(q); !slices.Equal(got, want) {
					t.Fatalf("round %d: %q finds %d, want %d", round, text, len(got), len(want))
				}
			}
		}
		_ = b.Close()
	}
}

// key tells two boards apart by their titles in the order of ids.
func key(ps []kiosk.Posting) string {
	var b strings.Builder
	for i := range ps {
		b.WriteString(ps[i].ID + ps[i].Title + ps[i].Employer.Name)
	}
	return b.String()
}

// demoSame returns the generated board that the stored one is, descriptions too.
func demoSame(ps []kiosk.Posting) []kiosk.Posting {
	for seed := range uint64(2) {
		if d := demo.Postings(now, killSize, seed); key(d) == key(ps) {
			return d
		}
	}
	return nil
}

func killWhileImporting(t *testing.T, path string, after time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), "BOARD_KILL_TEST="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Error("the terminal never applied a board")
	}
	<-time.After(after) // any moment of the next import will do
	_ = cmd.Process.Kill()
	for lines.Scan() {
	}
	_ = cmd.Wait()
}
