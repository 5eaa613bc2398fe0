package main

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/sync/hub/postings"
)

// newOffice is a hub that does not serve.
func newOffice(t *testing.T) *office {
	t.Helper()
	d := &demonstration{demoFlags: demoFlags{dir: t.TempDir(), public: "127.0.0.1:1", terminals: "127.0.0.1:2", staff: "127.0.0.1:3"}, out: io.Discard}
	s := d.settings()
	if err := makeKeys(s.Data, time.Now()); err != nil {
		t.Fatal(err)
	}
	o, err := openOffice(t.Context(), s, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(o.close)
	return o
}

// take imports postings of one source and has them approved.
func take(t *testing.T, o *office, source string, all ...kiosk.Posting) {
	t.Helper()
	_, err := o.judged().Import(t.Context(), "wangfang", postings.Batch{Source: source, Full: true, Shrunk: true, Items: func(yield func(kiosk.Posting, error) bool) {
		for _, p := range all {
			p.Source = kiosk.Source{Name: source, Ref: p.ID}
			if !yield(p, nil) {
				return
			}
		}
	}})
	if err == nil {
		err = approveAll(t.Context(), o.postings, "liqiang")
	}
	if err != nil {
		t.Fatal(err)
	}
}

// head is the newest head of the board, as it was published.
func (o *office) head(t *testing.T) (rows int, version string) {
	t.Helper()
	all, err := o.boards.Boards(t.Context())
	if err != nil || len(all) != 1 || all[0].Err != "" {
		t.Fatal(all, err)
	}
	return all[0].Postings, all[0].Version
}

func TestRoundPublishesWhatWasApproved(t *testing.T) {
	o := newOffice(t)
	some := lawful(40)
	take(t, o, "甲", some[:20]...)
	if err := o.boards.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	rows, first := o.head(t)
	if rows == 0 {
		t.Fatal("what was approved is not on the board")
	}
	tried := o.boards.tried
	if err := o.boards.round(t.Context()); err != nil || o.boards.tried != tried {
		t.Fatal("published without a reason", err)
	}
	take(t, o, "乙", some[20:]...)
	if err := o.boards.round(t.Context()); err != nil {
		t.Fatal(err)
	}
	if more, second := o.head(t); more <= rows || second == first {
		t.Fatalf("%d rows at %s, and then %d at %s: the second approval waits for the hour", rows, first, more, second)
	}
	o.boards.fault = errors.New("of the last time")
	tried = o.boards.tried
	if err := o.boards.round(t.Context()); err != nil || o.boards.tried == tried || o.boards.fault != nil {
		t.Fatal("what failed was not tried again", err)
	}
}

func TestLostTreeGoesOnAbove(t *testing.T) {
	o := newOffice(t)
	some := lawful(30)
	old := filepath.Join(t.TempDir(), "old")
	for n := 10; n <= 30; n += 10 {
		take(t, o, "甲", some[:n]...)
		if err := o.boards.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n == 10 {
			if err := os.CopyFS(old, os.DirFS(o.settings.Feed)); err != nil {
				t.Fatal(err)
			}
		}
	}
	last, err := o.boards.versions.last(t.Context(), demoBoard)
	if err != nil || last.N != 3 {
		t.Fatal(last, err)
	}
	lose := func(copy string) {
		t.Helper()
		for _, dir := range []string{"b", "o", "p"} {
			if err := os.RemoveAll(filepath.Join(o.settings.Feed, dir)); err != nil {
				t.Fatal(err)
			}
		}
		if copy != "" {
			if err := os.CopyFS(o.settings.Feed, oldParts(copy)); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, step := range []struct {
		copy string
		do   func() error
	}{
		{"", func() error { return o.boards.Publish(t.Context()) }},
		{old, func() error { return o.boards.Publish(t.Context()) }},
		{"", func() error { _, err := o.judged().Revoke(t.Context(), "w", firstID(t, o), "虚假"); return err }},
		{old, func() error { _, err := o.judged().Revoke(t.Context(), "w", firstID(t, o), "虚假"); return err }},
	} {
		lose(step.copy)
		if err := step.do(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		now, err := o.boards.versions.last(t.Context(), demoBoard)
		if err != nil || now.Compare(last) <= 0 {
			t.Fatalf("step %d: version %s after %s, %v", i, now, last, err)
		}
		if _, version := o.head(t); version != now.String() {
			t.Fatalf("step %d: the head is %s and %s is remembered", i, version, now)
		}
		last = now
	}
	if err := o.boards.versions.keep(t.Context(), demoBoard, last); err != nil {
		t.Fatal(err)
	}
	lower := last
	lower.N--
	if err := o.boards.versions.keep(t.Context(), demoBoard, lower); err != nil {
		t.Fatal(err)
	}
	if now, err := o.boards.versions.last(t.Context(), demoBoard); err != nil || now != last {
		t.Fatalf("%s after a lower version was kept, %v", now, err)
	}
}

func TestOnePublishesAtATime(t *testing.T) {
	dir := t.TempDir()
	if path := os.Getenv("JOBHOME_HUB_TURN"); path != "" { // the other program
		if err := newTurn(path).do(t.Context(), func() error {
			_, _ = os.Stdout.WriteString("has it\n")
			_, err := io.ReadAll(os.Stdin)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return
	}
	other := exec.Command(os.Args[0], "-test.run=^TestOnePublishesAtATime$")
	other.Env = append(os.Environ(), "JOBHOME_HUB_TURN="+dir)
	in, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, 7)); err != nil {
		t.Fatal(err)
	}
	mine := newTurn(dir)
	mine.wait = 3 * turnLook
	if err := mine.do(t.Context(), func() error { return nil }); !errors.Is(err, errTurn) {
		t.Errorf("published while another program does: %v", err)
	}
	mine.wait = turnWait
	done := make(chan error, 1)
	go func() { done <- mine.do(t.Context(), func() error { return nil }) }()
	_ = other.Process.Kill() // whoever dies is in nobody's way
	_ = in.Close()
	_ = other.Wait()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

func TestCopiesOfOtherSourcesAreFolded(t *testing.T) {
	o := newOffice(t)
	p := lawful(30)
	twin := p[0]
	twin.ID = "twin"
	take(t, o, "甲", p[0], p[1])
	take(t, o, "乙", twin, p[2])
	clusters := func() (names []string) {
		list, _, err := o.postings.Search(t.Context(), postings.Query{Limit: 100})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range list {
			if r.Cluster != "" {
				names = append(names, r.Cluster)
			}
		}
		return names
	}
	if c := clusters(); len(c) != 2 || c[0] != c[1] {
		t.Fatalf("the same offer of two sources is in clusters %q", c)
	}
	if err := o.boards.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rows, _ := o.head(t); rows != 3 {
		t.Fatalf("%d rows of 3 offers that 4 postings make", rows)
	}
	// The second source's posting becomes another job: it stands for itself again.
	twin.Title = "仓库保管员"
	take(t, o, "乙", twin, p[2])
	if c := clusters(); len(c) != 0 {
		t.Fatalf("what is different now is still in clusters %q", c)
	}
	if err := o.boards.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	if rows, _ := o.head(t); rows != 4 {
		t.Fatalf("%d rows of 4 offers", rows)
	}
}

// lawful are postings of the demonstration that may be published and hold for long.
func lawful(n int) []kiosk.Posting {
	all := slices.DeleteFunc(demo.Postings(time.Now(), 4*n, 1), func(p kiosk.Posting) bool {
		blocked := slices.ContainsFunc(findings(&p), func(f postings.Finding) bool { return f.Level == postings.Block })
		return blocked || p.ValidThrough.Before(time.Now().Add(48*time.Hour))
	})
	return all[:n]
}

// oldParts are the boards of a copy of a tree, without its roots.
func oldParts(dir string) fs.FS { return withoutRoots{os.DirFS(dir)} }

type withoutRoots struct{ fs.FS }

func (w withoutRoots) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(w.FS, name)
	return slices.DeleteFunc(all, func(e fs.DirEntry) bool { return name == "." && e.Name() == "root" }), err
}

// firstID is one of the postings on the board.
func firstID(t *testing.T, o *office) string {
	t.Helper()
	list, _, err := o.postings.Search(t.Context(), postings.Query{Status: postings.Published, Limit: 1})
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	return list[0].ID
}
