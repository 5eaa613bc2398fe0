package datafs

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	imageSize = 144 << 20 // two groups: a copy of the superblock in the second
	secret    = "REFERRAL-OF-A-RESIDENT-"
)

var errPower = errors.New("the power is gone")

// world is an image file in place of the partition, and the real programs. The
// power goes before step number cut, counted over all writes, programs and
// clearings; 0: it stays.
type world struct {
	*os.File
	path, marker string
	step, cut    int
	ran          []string
	said         []string
	status       map[string]int // instead of running a program
}

func newWorld(t *testing.T) *world {
	t.Helper()
	for _, p := range []string{"mkfs.ext4", "e2fsck", "tune2fs", "dumpe2fs", "debugfs"} {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("no %s here", p)
		}
	}
	w := &world{path: filepath.Join(t.TempDir(), "data"), marker: filepath.Join(t.TempDir(), "reset")}
	f, err := os.Create(w.path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	if err := f.Truncate(imageSize); err != nil {
		t.Fatal(err)
	}
	w.File = f
	return w
}

func (w *world) tick() error {
	w.step++
	if w.cut > 0 && w.step >= w.cut {
		return errPower
	}
	return nil
}

func (w *world) WriteAt(b []byte, off int64) (int, error) {
	if err := w.tick(); err != nil {
		return 0, err
	}
	return w.File.WriteAt(b, off)
}

// Discard is what a card without it says; the page cache needs no Sync.
func (w *world) Discard() error { return errors.Join(w.tick(), ErrNoDiscard) }
func (w *world) Sync() error    { return w.tick() }

func (w *world) run(ctx context.Context, name string, args ...string) ([]byte, int, error) {
	if err := w.tick(); err != nil {
		return nil, 0, err
	}
	w.ran = append(w.ran, name)
	if s, ok := w.status[name+" "+args[0]]; ok {
		return nil, s, nil
	}
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return out, exit.ExitCode(), nil
	}
	return out, 0, err
}

// cutMarker is a FileMarker whose clearing is a step.
type cutMarker struct {
	FileMarker
	w *world
}

func (m cutMarker) Clear() error {
	if err := m.w.tick(); err != nil {
		return err
	}
	return m.FileMarker.Clear()
}

func (w *world) fs() FS {
	return FS{
		Path: w.path, Size: imageSize, Dev: w, Run: w.run,
		Markers: []Marker{cutMarker{FileMarker(w.marker), w}},
		Say:     func(s string) { w.said = append(w.said, s) },
	}
}

// ready expects an outcome.
func (w *world) ready(t *testing.T, want Outcome) {
	t.Helper()
	got, err := w.fs().Ready(t.Context())
	if got != want || err != nil {
		t.Fatalf("%q, %v; want %q\nran %q\nsaid %q", got, err, want, w.ran, w.said)
	}
	if out, err := exec.Command("e2fsck", "-f", "-n", w.path).CombinedOutput(); err != nil {
		t.Fatalf("after %s: e2fsck: %v\n%s", want, err, out)
	}
	if out, _ := exec.Command("e2label", w.path).Output(); strings.TrimSpace(string(out)) != Label {
		t.Fatalf("after %s: the label is %s", want, out)
	}
}

// debugfs does something to the filesystem.
func (w *world) debugfs(t *testing.T, request string) string {
	t.Helper()
	out, err := exec.Command("debugfs", "-w", "-R", request, w.path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// plant puts a file with something secret into the filesystem.
func (w *world) plant(t *testing.T) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ledger")
	if err := os.WriteFile(file, bytes.Repeat([]byte(secret), 100_000), 0o600); err != nil {
		t.Fatal(err)
	}
	w.debugfs(t, "write "+file+" ledger.db")
	if w.secrets(t) == 0 {
		t.Fatal("the image does not hold what was planted")
	}
}

// secrets counts blocks with something of what was planted.
func (w *world) secrets(t *testing.T) (n int) {
	t.Helper()
	for _, b := range w.blocks(t) {
		if bytes.Contains(b, []byte(secret)) {
			n++
		}
	}
	return n
}

// blocks is what the image holds but zeros, by its place.
func (w *world) blocks(t *testing.T) map[int64][]byte {
	t.Helper()
	all, zero := map[int64][]byte{}, make([]byte, block)
	chunk := make([]byte, 256*block)
	for at := int64(0); at < imageSize; at += int64(len(chunk)) {
		if _, err := w.File.ReadAt(chunk, at); err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(chunk); i += block {
			if b := chunk[i : i+block]; !bytes.Equal(b, zero) {
				all[at+int64(i)] = bytes.Clone(b)
			}
		}
	}
	return all
}

// restore makes the image hold what it held.
func (w *world) restore(t *testing.T, all map[int64][]byte) {
	t.Helper()
	if err := errors.Join(w.Truncate(0), w.Truncate(imageSize)); err != nil {
		t.Fatal(err)
	}
	for at, b := range all {
		if _, err := w.File.WriteAt(b, at); err != nil {
			t.Fatal(err)
		}
	}
}

func (w *world) has(t *testing.T, file string) bool {
	t.Helper()
	return strings.Contains(w.debugfs(t, "stat "+file), "Type: regular")
}

// spoil overwrites part of the image.
func (w *world) spoil(t *testing.T, at int64, n int) {
	t.Helper()
	if _, err := w.File.WriteAt(bytes.Repeat([]byte{0xA5}, n), at); err != nil {
		t.Fatal(err)
	}
}

func TestMakesAndKeeps(t *testing.T) {
	w := newWorld(t)
	w.ready(t, Made)
	w.plant(t)
	w.ready(t, Clean)
	if !w.has(t, "ledger.db") {
		t.Error("the file is gone")
	}
	out, err := exec.Command("dumpe2fs", "-h", w.path).CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Total journal size:       4096k", "Errors behavior:          Remount read-only", "metadata_csum"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

func TestRepairs(t *testing.T) {
	for name, damage := range map[string]func(w *world){
		"a wrong count":       func(w *world) { w.debugfs(t, "set_super_value free_blocks_count 7") },
		"no superblock":       func(w *world) { w.spoil(t, superStart, superSize) },
		"no descriptors":      func(w *world) { w.spoil(t, 0, 2*block) },
		"a file in the tree ": func(w *world) { w.debugfs(t, "clri ledger.db") },
	} {
		w := newWorld(t)
		w.ready(t, Made)
		w.plant(t)
		w.debugfs(t, "set_super_value state 0") // not cleanly unmounted, so that it is looked through
		damage(w)
		w.ready(t, Repaired)
		if kept := w.has(t, "ledger.db"); !kept && !strings.HasPrefix(name, "a file") {
			t.Errorf("%s: the file is gone", name)
		}
	}
}

// What e2fsck gives up is made again, and it is said.
func TestLost(t *testing.T) {
	w := newWorld(t)
	w.ready(t, Made)
	w.status = map[string]int{"e2fsck -p": 4, "e2fsck -f": 12}
	w.ready(t, Lost)
	if n := len(w.said); n == 0 || !strings.Contains(w.said[n-1], "cannot be mended") {
		t.Errorf("said %q", w.said)
	}
	w.status = map[string]int{"mkfs.ext4 -q": 1}
	w.spoil(t, superStart, superSize)
	w.spoil(t, perGroup*block, superSize)
	if got, err := w.fs().Ready(t.Context()); err == nil {
		t.Errorf("%s, though mkfs failed", got)
	}
}

func TestProgramMissing(t *testing.T) {
	w := newWorld(t)
	w.ready(t, Made)
	f := w.fs()
	f.Run = func(context.Context, string, ...string) ([]byte, int, error) { return nil, 0, exec.ErrNotFound }
	if _, err := f.Ready(t.Context()); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("%v", err) // above all, nothing was made over what is there
	}
	w.ready(t, Clean)
}

func (w *world) ask(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(w.marker, nil, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestReset(t *testing.T) {
	w := newWorld(t)
	w.ready(t, Made)
	w.plant(t)
	w.ask(t)
	w.ready(t, Reset)
	if n := w.secrets(t); n > 0 {
		t.Errorf("%d pieces of what was planted are left", n)
	}
	if _, err := os.Stat(w.marker); err == nil {
		t.Error("the marker is still there")
	}
	w.ready(t, Clean)
}

// A reset of what cannot be read resets all the same.
func TestResetOfDamage(t *testing.T) {
	w := newWorld(t)
	w.ready(t, Made)
	w.spoil(t, superStart+magicAt+2, 64<<10)
	w.ask(t)
	w.ready(t, Reset)
}

// Power goes before every step of a reset: until it is done it is begun again,
// and what was there never comes back.
func TestResetCutAtEveryStep(t *testing.T) {
	w := newWorld(t)
	w.ready(t, Made)
	w.plant(t)
	before := w.blocks(t)
	for cut := 1; ; cut++ {
		w.restore(t, before)
		w.ask(t)
		w.step, w.cut = 0, cut
		_, err := w.fs().Ready(t.Context())
		w.cut = 0
		if err == nil {
			if cut < 10 {
				t.Errorf("a reset had only %d steps", cut)
			}
			return
		}
		if !errors.Is(err, errPower) {
			t.Fatal(err)
		}
		w.ready(t, Reset)
		if n := w.secrets(t); n > 0 {
			t.Fatalf("cut %d: %d pieces are left", cut, n)
		}
	}
}

// Power goes before every step of making, and in the midst of mkfs.
func TestMakeCutAtEveryStep(t *testing.T) {
	for cut := 1; ; cut++ {
		w := newWorld(t)
		w.cut = cut
		_, err := w.fs().Ready(t.Context())
		w.cut = 0
		if err == nil {
			break
		}
		got, err := w.fs().Ready(t.Context())
		last := cut >= 7 // the label is there: only its Sync was missing
		if err != nil || got != Made && !(last && got == Clean) {
			t.Errorf("cut %d: %s, %v", cut, got, err)
		}
		w.ready(t, Clean)
	}
	w := newWorld(t)
	w.ready(t, Made)
	if err := w.fs().must(t.Context(), "tune2fs", "-L", unfinished, w.path); err != nil {
		t.Fatal(err)
	}
	w.spoil(t, 2*block, 64<<10) // tables that had not been written
	w.ready(t, Made)
}

func TestUnreadableMarkerDoesNotAsk(t *testing.T) {
	w := newWorld(t)
	w.ready(t, Made)
	f := w.fs()
	f.Markers = []Marker{FileMarker(w.path + "/under/a/file")}
	if got, err := f.Ready(t.Context()); got != Clean || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if len(w.said) == 0 || !strings.Contains(w.said[0], "reset") {
		t.Errorf("said %q", w.said)
	}
}

func TestUsedSpans(t *testing.T) {
	got, err := usedSpans([]byte("\nBlock size:               4096\n\n" +
		"Group 0: (Blocks 0-32767) csum 0xc8ab\n  Primary superblock at 0, Group descriptors at 1-1\n" +
		"  Reserved GDT blocks at 2-37\n  Block bitmap at 38 (+38), csum 0x3f2a61ff\n  Inode bitmap at 41 (+41)\n" +
		"  Inode table at 44-143 (+44)\n  31516 free blocks\n  Free blocks: 200-299, 32767\n" +
		"Group 1: (Blocks 32768-40000)\n  Free blocks: \n"))
	want := []span{{39, 40}, {42, 43}, {144, 199}, {300, 32766}, {32768, 40000}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	for _, bad := range []string{"", "\nBlock size:               1024\nGroup 0: (Blocks 0-9)\n", "\nBlock size:               4096\n"} {
		if _, err := usedSpans([]byte(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
