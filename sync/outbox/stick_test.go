package outbox_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"jobhome/sync/outbox"
	"jobhome/sync/outbox/outboxtest"
	"jobhome/sync/record"
)

func (r *rig) write(dir string) outbox.Stick {
	r.Helper()
	s, err := r.box.WriteTo(r.Context(), dir)
	if err != nil {
		r.Fatal(err)
	}
	return s
}

func (r *rig) read(dir string) outbox.Stick {
	r.Helper()
	s, err := r.box.ReadAcks(r.Context(), dir)
	if err != nil {
		r.Fatal(err)
	}
	return s
}

func (r *rig) carry(dir string) {
	r.Helper()
	if err := r.hub.Stick(dir); err != nil {
		r.Fatal(err)
	}
}

func files(t *testing.T, dir string) (names []string) {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		rel, _ := filepath.Rel(dir, path)
		names = append(names, rel)
	}
	return names
}

// A terminal that never has a network: there and back, with a restart on the way.
func TestStickThereAndBack(t *testing.T) {
	r := newRig(t)
	dir := t.TempDir()
	r.hub.Reject = func(rec record.Record) string {
		if rec.Seq == 600 {
			return "bad-payload"
		}
		return ""
	}
	r.ledger.Write(1203)
	if s := r.write(dir); s.Files != 3 || s.Records != 1203 {
		t.Errorf("laid down: %+v", s)
	}
	want := "up/k-1/i-1-1-500.json up/k-1/i-1-1001-1203.json up/k-1/i-1-501-1000.json"
	if got := strings.Join(files(t, dir), " "); got != want {
		t.Errorf("files %s\nwant  %s", got, want)
	}
	r.carry(dir)
	r.ledger.Write(10)
	r.box = r.open()
	if s := r.read(dir); s.Files != 3 || s.Records != 1203 || s.Old+s.Foreign != 0 {
		t.Errorf("read: %+v", s)
	}
	if r.waiting() != 10 || len(r.ledger.Aside()) != 1 {
		t.Errorf("%d wait, put aside: %v", r.waiting(), r.ledger.Aside())
	}
	if s := r.write(dir); s.Records != 10 {
		t.Errorf("laid down: %+v", s)
	}
	if got := strings.Join(files(t, dir), " "); got != "up/k-1/i-1-1204-1213.json" {
		t.Errorf("what was confirmed lies there still: %s", got)
	}
	r.carry(dir)
	r.read(dir)
	r.once(1213, 600)
	r.write(dir)
	if got := strings.Join(files(t, dir), " "); got != "up/k-1/i-1-0-0.json" {
		t.Errorf("with nothing waiting: %s", got)
	}
	// Of acks that come together the trust may hear the newest alone.
	if n := len(r.trust.Acks()); n < 2 || n > 4 {
		t.Errorf("%d acks were believed", n)
	}
}

// The same records by both ways, and the acks in any order.
func TestStickAndNetwork(t *testing.T) {
	r := newRig(t)
	dir := t.TempDir()
	r.ledger.Write(700)
	r.write(dir)
	r.faults = []outboxtest.Fault{outboxtest.NoFault, outboxtest.DropAck}
	if r.box.Round(t.Context()) == nil { // 50 are confirmed, 50 more have arrived
		t.Fatal("no ack was lost")
	}
	if r.waiting() != 650 {
		t.Fatalf("%d wait", r.waiting())
	}
	r.carry(dir)
	r.round()
	r.ledger.Write(3)
	if s := r.read(dir); s.Files != 2 || s.Records != 0 {
		t.Errorf("read: %+v", s)
	}
	if r.waiting() != 3 {
		t.Errorf("%d wait", r.waiting())
	}
	r.round()
	r.once(703)
}

// The ack of the second file alone says nothing about the first.
func TestStickThatLostAnAck(t *testing.T) {
	r := newRig(t)
	dir := t.TempDir()
	r.ledger.Write(600)
	r.write(dir)
	r.carry(dir)
	acks, _ := filepath.Glob(filepath.Join(dir, "down", "k-1", "*-0.json"))
	if len(acks) != 1 || os.Remove(acks[0]) != nil {
		t.Fatalf("acks %v", acks)
	}
	if s := r.read(dir); s.Records != 0 || r.waiting() != 600 {
		t.Errorf("read %+v, %d wait", s, r.waiting())
	}
	r.write(dir)
	r.carry(dir)
	if s := r.read(dir); s.Records != 600 || r.waiting() != 0 {
		t.Errorf("read %+v, %d wait", s, r.waiting())
	}
	r.once(600)
}

// A stick is never trusted.
func TestStickWithForeignAcks(t *testing.T) {
	r := newRig(t)
	dir := t.TempDir()
	r.ledger.Write(5)
	r.write(dir)
	r.carry(dir)
	down := filepath.Join(dir, "down", "k-1")
	acks := files(t, filepath.Dir(filepath.Dir(down)))
	text, err := os.ReadFile(filepath.Join(dir, acks[0]))
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{
		"ack-garbage.json": []byte("?"), "ack-cut.json": text[:len(text)/2], "ack-huge.json": make([]byte, 2<<20),
		"ack-batch.json": mustRead(t, filepath.Join(dir, "up", "k-1", "i-1-1-5.json")),
	} {
		if err := os.WriteFile(filepath.Join(down, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(down, "ack-dir.json"), 0o755); err != nil {
		t.Fatal(err)
	}
	keep := filepath.Join(t.TempDir(), "kept")
	if err := os.WriteFile(keep, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if s := r.read(dir); s.Files != 1 || s.Records != 5 || s.Foreign != 4 {
		t.Errorf("read: %+v", s)
	}
	if err := os.WriteFile(filepath.Join(down, "ack-again.json"), text, 0o644); err != nil { // replayed
		t.Fatal(err)
	}
	r.ledger.Write(5)
	if s := r.read(dir); s.Old != 1 || s.Files != 0 || r.waiting() != 5 {
		t.Errorf("read %+v, %d wait", s, r.waiting())
	}
}

func mustRead(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestNoStick(t *testing.T) {
	r := newRig(t)
	gone := filepath.Join(t.TempDir(), "stick")
	if _, err := r.box.WriteTo(t.Context(), gone); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("written to: %v", err)
	}
	if _, err := r.box.ReadAcks(t.Context(), gone); !errors.Is(err, outbox.ErrGone) {
		t.Errorf("read: %v", err)
	}
	if s := r.read(t.TempDir()); s != (outbox.Stick{}) {
		t.Errorf("an empty stick: %+v", s)
	}
}

// mount puts a file system of memory at a new directory, as root only.
func mount(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("no file system can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return dir
}

// A full stick holds whole files, the rest stays here, and more room is enough.
func TestFullStick(t *testing.T) {
	r := newRig(t)
	dir := mount(t, "size=256k")
	r.ledger.Write(2000)
	s, err := r.box.WriteTo(t.Context(), dir)
	if !errors.Is(err, outbox.ErrFull) || s.Files == 0 || s.Records != 500*s.Files || s.Records >= 2000 {
		t.Fatalf("laid down: %+v, %v", s, err)
	}
	if names := files(t, dir); len(names) != s.Files {
		t.Errorf("files %v", names)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT, "size=8m"); err != nil {
		t.Fatal(err)
	}
	r.carry(dir)
	if got := r.read(dir); got.Records != s.Records {
		t.Errorf("read: %+v", got)
	}
	if again := r.write(dir); again.Records != 2000-s.Records {
		t.Errorf("laid down: %+v", again)
	}
	r.carry(dir)
	r.read(dir)
	r.once(2000)
}

// A stick with its switch at "lock" still brings acks.
func TestReadOnlyStick(t *testing.T) {
	r := newRig(t)
	dir := mount(t, "size=8m")
	r.ledger.Write(3)
	r.write(dir)
	r.carry(dir)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if s := r.read(dir); s.Records != 3 || r.waiting() != 0 {
		t.Errorf("read %+v, %d wait", s, r.waiting())
	}
	if s := r.read(dir); s.Old != 1 || s.Files != 0 {
		t.Errorf("read again: %+v", s)
	}
	r.ledger.Write(1)
	if _, err := r.box.WriteTo(t.Context(), dir); !errors.Is(err, outbox.ErrReadOnly) {
		t.Errorf("written to: %v", err)
	}
}

// What cannot be remembered is not laid down: nobody would know its ack.
func TestStickWhenTheStateIsNotWritten(t *testing.T) {
	r := newRig(t)
	dir := t.TempDir()
	r.ledger.Write(1)
	r.state.Err = errors.New("no")
	if _, err := r.box.WriteTo(t.Context(), dir); !errors.Is(err, r.state.Err) {
		t.Errorf("written to: %v", err)
	}
	if names := files(t, dir); len(names) != 0 {
		t.Errorf("files %v", names)
	}
}

// Links and pipes that lie on a stick lead nowhere: nothing is laid, removed or
// read outside it, and nothing waits for a pipe.
func TestStickWithLinksOutOfIt(t *testing.T) {
	r := newRig(t)
	r.ledger.Write(3)
	plain := t.TempDir()
	r.write(plain)
	r.carry(plain) // the hub's word lies in down/
	for _, part := range []string{"up", "down", "up/k-1", "down/k-1"} {
		dir, outside := t.TempDir(), t.TempDir()
		kept := filepath.Join(outside, "i-1-1-3.json")
		if part == "up" || part == "down" {
			kept = filepath.Join(outside, "k-1", "i-1-1-3.json")
		}
		if err := os.CopyFS(filepath.Dir(kept), os.DirFS(filepath.Join(plain, "down", "k-1"))); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(
			os.WriteFile(kept, []byte("mine"), 0o600),
			os.MkdirAll(filepath.Dir(filepath.Join(dir, part)), 0o755),
			os.Symlink(outside, filepath.Join(dir, part)),
		); err != nil {
			t.Fatal(err)
		}
		before := len(files(t, filepath.Dir(outside)))
		if strings.HasPrefix(part, "up") {
			if s, err := r.box.WriteTo(t.Context(), dir); err == nil || s.Files != 0 {
				t.Errorf("%s is a link: laid %+v, %v", part, s, err)
			}
		} else if s, err := r.box.ReadAcks(t.Context(), dir); err == nil || s.Files != 0 {
			t.Errorf("%s is a link: read %+v, %v", part, s, err)
		}
		if text, err := os.ReadFile(kept); err != nil || string(text) != "mine" || len(files(t, filepath.Dir(outside))) != before {
			t.Errorf("%s: outside is %q, %v", part, text, err)
		}
	}
	dir := t.TempDir()
	up := filepath.Join(dir, "up", "k-1")
	if err := errors.Join(os.MkdirAll(up, 0o755), syscall.Mkfifo(filepath.Join(up, "i-1-1-3.json.new"), 0o644)); err != nil {
		t.Fatal(err)
	}
	if s := r.write(dir); s.Records != 3 {
		t.Errorf("with a pipe in the way: %+v", s)
	}
}
