package staff

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const right, wrong = "271828", "314159"

// quick is the PIN hashed once only, for tests that try it often.
func quick(t *testing.T) PIN {
	t.Helper()
	p := PIN{rounds: 1, salt: [saltBytes]byte{1, 2, 3}}
	h, err := p.of(right)
	if err != nil {
		t.Fatal(err)
	}
	p.hash = h
	return p
}

// noon has no monotonic part, as a clock that jumps.
var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func reopen(t *testing.T, dir string, now time.Time) *Lock {
	t.Helper()
	return Open(Opts{Dir: dir, PIN: quick(t)}, now)
}

// use tries wrong PINs, each as soon as the lock allows, and returns the time.
func use(t *testing.T, l *Lock, now time.Time, n int) time.Time {
	t.Helper()
	for range n {
		now = now.Add(l.Wait(now))
		if r := l.Try(now, wrong); r.OK || !errors.Is(r.Err, ErrWrong) {
			t.Fatalf("a wrong PIN gives %+v", r)
		}
	}
	return now
}

func TestRightPIN(t *testing.T) {
	p, err := HashPIN(right, rand.NewChaCha8([32]byte{1}))
	if err != nil {
		t.Fatal(err)
	}
	l := Open(Opts{Dir: t.TempDir(), PIN: p}, noon)
	if r := l.Try(noon, wrong); r.OK || r.Left != 4 || r.Wait != 0 || !errors.Is(r.Err, ErrWrong) {
		t.Errorf("%+v", r)
	}
	if r := l.Try(noon, right); r != (Result{OK: true, Left: 5}) {
		t.Errorf("%+v", r)
	}
}

func TestLockTable(t *testing.T) {
	l := reopen(t, t.TempDir(), noon)
	now := noon
	for i, tt := range []struct {
		left int
		wait time.Duration
	}{
		{4, 0},
		{3, 0},
		{2, 0},
		{1, 0},
		{1, time.Minute},
		{1, 2 * time.Minute},
		{1, 4 * time.Minute},
		{1, 8 * time.Minute},
		{1, 16 * time.Minute},
		{1, 30 * time.Minute},
		{1, 30 * time.Minute},
	} {
		r := l.Try(now, wrong)
		if r.OK || r.Left != tt.left || r.Wait != tt.wait || !errors.Is(r.Err, ErrWrong) || l.Wait(now) != tt.wait {
			t.Errorf("wrong try %d: %+v, want %+v", i+1, r, tt)
		}
		if tt.wait == 0 {
			continue
		}
		for _, early := range []time.Duration{0, tt.wait / 2, tt.wait - 1} {
			// Not even the right one is looked at, nor does it cost a try.
			if r := l.Try(now.Add(early), right); r.OK || r.Wait != tt.wait-early || !errors.Is(r.Err, ErrLocked) {
				t.Errorf("wrong try %d, after %v: %+v", i+1, early, r)
			}
		}
		now = now.Add(tt.wait)
	}
	if r := l.Try(now, right); !r.OK || r.Left != 5 || r.Err != nil {
		t.Errorf("right: %+v", r)
	}
	if r := l.Try(now, wrong); r.Left != 4 || r.Wait != 0 {
		t.Errorf("after the right one: %+v", r)
	}
	l.tries.wrong = mostTries - 1
	for range 3 {
		l.tries = l.tries.more(now)
	}
	if l.tries.wrong != mostTries || l.tries.wait(now) != mostLock {
		t.Errorf("counted to %+v", l.tries)
	}
}

// What cannot be the PIN is refused for nothing.
func TestNoPINAtAll(t *testing.T) {
	l := reopen(t, t.TempDir(), noon)
	for _, s := range []string{"", "1", "12345", "1234567890123", "27182a", "271828\n", "２７１８２８"} {
		if r := l.Try(noon, s); r.OK || r.Left != 5 || !errors.Is(r.Err, ErrForm) {
			t.Errorf("%q: %+v", s, r)
		}
	}
	shut := Open(Opts{Dir: t.TempDir()}, noon)
	for _, s := range []string{"", right} {
		if r := shut.Try(noon, s); r.OK || !errors.Is(r.Err, ErrNoPIN) {
			t.Errorf("without a PIN %q: %+v", s, r)
		}
	}
}

// Restarting between any two tries changes nothing.
func TestRestart(t *testing.T) {
	dir := t.TempDir()
	now := noon
	for i := range 12 {
		l := reopen(t, dir, now)
		want := l.Wait(now)
		now = now.Add(want)
		l = reopen(t, dir, now)
		if w := l.Wait(now); w != 0 {
			t.Fatalf("after %d wrong tries and the lock %v more", i, w)
		}
		if l.tries.wrong != i {
			t.Fatalf("%d wrong tries are %d after a restart", i, l.tries.wrong)
		}
		r := l.Try(now, wrong)
		if again := reopen(t, dir, now).Try(now, right); r.Wait > 0 && (again.OK || again.Wait != r.Wait) {
			t.Errorf("wrong try %d: %v to wait, after a restart %+v", i+1, r.Wait, again)
		} else if r.Wait == 0 { // the right one has begun a new count: make it up
			if !again.OK {
				t.Errorf("wrong try %d: then %+v", i+1, again)
			}
			use(t, reopen(t, dir, now), now, i+1)
		}
	}
}

// A power cut while a try is judged costs that try: the file has counted it by
// then, and forgets it only when the PIN was right.
func TestCountedBeforeJudged(t *testing.T) {
	p := PIN{rounds: rounds}
	h, err := p.of(right)
	if err != nil {
		t.Fatal(err)
	}
	p.hash = h
	dir := t.TempDir()
	l := Open(Opts{Dir: dir, PIN: p}, noon)
	done := make(chan Result, 1)
	go func() { done <- l.Try(noon, right) }()
	for counted := false; ; {
		select {
		case r := <-done:
			if !counted || !r.OK {
				t.Errorf("counted %v, %+v", counted, r)
			}
			if again := reopen(t, dir, noon); again.tries != (tries{}) {
				t.Errorf("the right PIN leaves %+v", again.tries)
			}
			return
		default:
			cut := reopen(t, dir, noon)
			counted = counted || cut.tries.wrong == 1
		}
	}
}

// Whatever is left of the file, or in its place, the page is not open and not
// locked for long; and the file is sound again.
func TestBrokenFile(t *testing.T) {
	sound := tries{wrong: 7, until: noon.Add(4 * time.Minute)}.encode()
	broken := map[string][]byte{
		"empty": {}, "nothing": nil, "garbage": []byte("\x00\xff\x00garbage"), "zeros": make([]byte, len(sound)),
		"long": bytes.Repeat(sound, 10), "twice": append(bytes.Clone(sound), sound...), "newer": bytes.Replace(sound, []byte("tries1"), []byte("tries2"), 1),
		"fewer": bytes.Replace(sound, []byte(" 7 "), []byte(" 0 "), 1),
	}
	for i := range sound {
		broken["cut at "+string(rune('0'+i))] = sound[:i]
		flipped := bytes.Clone(sound)
		flipped[i] ^= 1
		broken["flipped at "+string(rune('0'+i))] = flipped
	}
	for name, b := range broken {
		dir := t.TempDir()
		path := filepath.Join(dir, triesFile)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		l := reopen(t, dir, noon)
		if r := l.Try(noon, right); r.OK || r.Wait != time.Minute || r.Left != 1 || !errors.Is(r.Err, ErrLocked) {
			t.Errorf("%s: %+v", name, r)
		}
		later := noon.Add(time.Minute)
		if l = reopen(t, dir, later); l.tries.wrong != 5 { // written anew, and not broken any more
			t.Errorf("%s: after a restart %+v", name, l.tries)
		}
		if r := l.Try(later, wrong); r.Wait != 2*time.Minute {
			t.Errorf("%s: then %+v", name, r)
		}
		if r := l.Try(later.Add(2*time.Minute), right); !r.OK {
			t.Errorf("%s: then %+v", name, r)
		}
	}
}

// The clock may be wrong after a start and jump later; nobody is locked out for
// longer than the lock was made, whatever it says.
func TestClockJumps(t *testing.T) {
	for _, jump := range []time.Duration{
		-56 * 365 * 24 * time.Hour, -365 * 24 * time.Hour, -time.Hour, -time.Minute, time.Second, time.Hour, 20 * 365 * 24 * time.Hour,
	} {
		dir := t.TempDir()
		l := reopen(t, dir, noon)
		now := use(t, l, noon, 8) // locked for 8 minutes
		for _, again := range []*Lock{l, reopen(t, dir, now.Add(jump))} {
			there := now.Add(jump)
			w := again.Wait(there)
			if w > 8*time.Minute || jump < 0 && w != 8*time.Minute || jump == time.Second && w != 8*time.Minute-time.Second {
				t.Errorf("jump %v: %v to wait", jump, w)
			}
			if w := again.Wait(there.Add(time.Minute)); w > 7*time.Minute {
				t.Errorf("jump %v: a minute later %v to wait", jump, w)
			}
			if r := again.Try(there.Add(8*time.Minute), right); !r.OK {
				t.Errorf("jump %v: after the lock %+v", jump, r)
			}
			if err := os.WriteFile(again.path, l.tries.encode(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// While the program runs, setting the clock does not open the lock.
func TestSettingTheClockDoesNotOpen(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	reopenAt := func() *Lock { return reopen(t, dir, now) }
	l := reopenAt()
	use(t, l, now, 5)
	for _, l := range []*Lock{l, reopenAt()} {
		if l.tries.until == l.tries.until.Round(0) {
			t.Error("the lock goes by the clock that can be set")
		}
	}
}

// On a disk that takes nothing more, the PIN opens, which is when staff need
// the page most, but each wrong one locks.
func TestNothingCanBeWritten(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, triesFile+".new"), 0o700); err != nil { // in the way
		t.Fatal(err)
	}
	l := reopen(t, dir, noon)
	now := noon
	r := l.Try(now, wrong)
	if r.OK || r.Wait != time.Minute || !errors.Is(r.Err, ErrWrong) || !strings.Contains(r.Err.Error(), "count tries") {
		t.Errorf("%+v", r)
	}
	if r := l.Try(now.Add(time.Minute), wrong); r.Wait != 2*time.Minute {
		t.Errorf("%+v", r)
	}
	if r := l.Try(now.Add(3*time.Minute), right); !r.OK || r.Err == nil {
		t.Errorf("%+v", r)
	}
}

func TestFileIsPrivate(t *testing.T) {
	dir := t.TempDir()
	l := reopen(t, dir, noon)
	use(t, l, noon, 3)
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("%v, %v", entries, err)
	}
	info, err := entries[0].Info()
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	b, _ := os.ReadFile(l.path)
	if s := string(b); strings.Contains(s, wrong) || strings.Contains(s, right) {
		t.Errorf("the file holds %q", s)
	}
}

func FuzzDecodeTries(f *testing.F) {
	f.Add(tries{}.encode())
	f.Add(tries{wrong: 6, until: noon}.encode())
	f.Add([]byte("tries1 -1 0 00000000\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, ok := decodeTries(b)
		if ok && !bytes.Equal(got.encode(), b) || !ok && got != (tries{}) || got.wrong < 0 || got.wrong > mostTries {
			t.Errorf("%q is read as %+v, %v", b, got, ok)
		}
	})
}
