package feed

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"jobhome/sync/wire"
)

// spoilFile changes the first byte of a file.
func spoilFile(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil && len(text) > 0 {
		text[0] ^= 1
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil || len(text) == 0 {
		t.Fatalf("%d bytes, %v", len(text), err)
	}
}

// stick writes a tree to a directory.
func (t tree) stick(to *testing.T) string {
	to.Helper()
	dir := to.TempDir()
	for path, text := range t {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			to.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			to.Fatal(err)
		}
	}
	return dir
}

// A terminal that never had a network lives by sticks; it says what each did, and
// a stick that was kept and put in again does nothing.
func TestSticks(t *testing.T) {
	h := newHub(t, 60)
	c := h.terminal(nil)
	if rep := c.Sync(t.Context()); rep.Code != Unreachable {
		t.Errorf("%+v", rep)
	}
	first := h.tree.stick(t)
	c.opts.Budget = 1 // of the network, not of sticks
	rep := c.FromDir(t.Context(), first)
	if c.is(rep, Applied); rep.Added != 60 || rep.To.N != 1 {
		t.Errorf("%+v", rep)
	}
	c.is(c.FromDir(t.Context(), first), UpToDate)
	h.next(usual)
	h.next(usual)
	second := h.tree.stick(t)
	c.is(c.FromDir(t.Context(), second), Applied)
	c.equals(h)
	c.unchanged(func() { c.is(c.FromDir(t.Context(), first), Rollback) })
	c.is(c.FromDir(t.Context(), second), UpToDate)
	c.is(c.FromDir(t.Context(), t.TempDir()), Missing)
	c.is(c.FromDir(t.Context(), filepath.Join(first, "none")), Unreachable)
	if !c.st.NotUntil.IsZero() || c.st.Used != 0 {
		t.Errorf("a stick delays the network until %s, or costs %d bytes", c.st.NotUntil, c.st.Used)
	}
	d := h.terminal(nil)
	d.is(d.FromDir(t.Context(), first), Applied) // the control: a stick is good for who has not seen more
}

// A stick is a hostile thing: links that lead out of it, pipes that nobody writes
// to, and folders in the place of files.
func TestStickThatIsATrap(t *testing.T) {
	h := newHub(t, 30)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, h.tree["b/"+boardName+"/head"], 0o600); err != nil {
		t.Fatal(err)
	}
	for what, lay := range map[string]func(path string) error{
		"a link to another file":  func(path string) error { return os.Symlink(secret, path) },
		"a link up":               func(path string) error { return os.Symlink("../../../../../../../.."+secret, path) },
		"a pipe":                  func(path string) error { return syscall.Mkfifo(path, 0o644) },
		"a folder":                func(path string) error { return os.Mkdir(path, 0o755) },
		"a link to a device":      func(path string) error { return os.Symlink("/dev/zero", path) },
		"a link to itself":        func(path string) error { return os.Symlink("head", path) },
		"nothing wrong (control)": func(path string) error { return os.WriteFile(path, h.tree["b/"+boardName+"/head"], 0o644) },
	} {
		dir := h.tree.stick(t)
		path := filepath.Join(dir, "b", boardName, "head")
		if err := errors.Join(os.Remove(path), lay(path)); err != nil {
			t.Fatal(err)
		}
		c := h.terminal(nil)
		ended := time.AfterFunc(time.Minute, func() { panic(what + " holds the terminal up") })
		rep := c.FromDir(t.Context(), dir)
		ended.Stop()
		if want := what == "nothing wrong (control)"; rep.OK() != want || len(c.board.rows) > 0 != want {
			t.Errorf("%s: %s, %v", what, rep.Code, rep.Err)
		}
	}
	d, err := OpenDir(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{"../x", "/etc/passwd", "a/../../x", "", "./x"} {
		if _, err := d.Get(t.Context(), bad, Range{Limit: 1}); err == nil || errors.Is(err, ErrNone) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Whatever stands in the place of an object and is no plain file is refused before
// it is read: reading a pipe that somebody holds open and writes nothing to, or a
// device, could last for ever.
func TestStickWithoutPlainFiles(t *testing.T) {
	for what, lay := range map[string]func(path string) error{
		"a pipe": func(path string) error {
			if err := syscall.Mkfifo(path, 0o644); err != nil {
				return err
			}
			f, err := os.OpenFile(path, os.O_RDWR, 0)
			if err == nil {
				t.Cleanup(func() { _ = f.Close() })
			}
			return err
		},
		"a folder": func(path string) error { return os.Mkdir(path, 0o755) },
	} {
		h := newHub(t, 30)
		dir := h.tree.stick(t)
		for path := range h.tree {
			if path = filepath.Join(dir, path); filepath.Base(path) != "head" && filepath.Ext(path) != ".json" {
				if err := errors.Join(os.Remove(path), lay(path)); err != nil {
					t.Fatal(err)
				}
			}
		}
		ended := time.AfterFunc(time.Minute, func() { panic(what + " holds the terminal up") })
		d, err := OpenDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Get(t.Context(), h.head.Base.Path(), Range{Limit: 1}); err == nil || errors.Is(err, ErrNone) {
			t.Errorf("%s was opened: %v", what, err)
		}
		c := h.terminal(nil)
		if rep := c.FromDir(t.Context(), dir); rep.OK() || len(c.board.rows) > 0 {
			t.Errorf("%s: %s, %v", what, rep.Code, rep.Err)
		}
		ended.Stop()
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

// A stick has no partial files to trust: what it gives is copied and proven there.
func TestDirGoesOn(t *testing.T) {
	o := wire.Object{}
	dir := tree{o.Path(): []byte("0123456789")}.stick(t)
	d, err := OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := d.Get(t.Context(), o.Path(), Range{From: 4, Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(rep.Body)
	if err = errors.Join(err, rep.Body.Close(), d.Close()); err != nil || string(text) != "456789" || rep.From != 4 {
		t.Errorf("%q from %d, %v", text, rep.From, err)
	}
}
