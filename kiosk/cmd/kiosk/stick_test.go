package main

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"jobhome/kiosk/config"
	"jobhome/kiosk/link"
	"jobhome/sync/hub/fleet"
	"jobhome/ui/uitest"
)

// A terminal that never has a network shows what a stick brings, lays on it what
// residents ask for, and deletes that after the stick has brought the hub's word.
// A stick that is somebody's own is left alone.
func TestStickInsteadOfANetwork(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("sticks are mounted, which needs root")
	}
	t.Parallel()
	h := newHub(t, "60")
	h.start()
	sticks := t.TempDir()
	r := newRig(t, rigOpts{portrait: true, change: h.settings})
	r.commission(h)
	h.kill()
	r.settings = writeSettings(t, r.dir, offline(t, r.settings, sticks))
	hubs, own := newStick(t, sticks, "HUB"), newStick(t, sticks, "PHOTOS")
	if err := os.CopyFS(hubs.folder(), os.DirFS(filepath.Join(h.dir, "data", "feed"))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(own.dir, "grandchild.jpg"), []byte("JFIF"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.start()
	own.plug()
	r.whileTheBoardIsBusy(func() {
		hubs.plug()
		r.told("stick.reading")
		r.shot("reading")
	})
	r.served("stick.done")
	r.shot("done")
	r.pull(hubs)
	r.toPosting()
	r.callMe("13907924321")
	r.touch(say("bar.end"))
	r.see(say("attract.title"))

	hubs.plug()
	r.served("stick.done")
	r.pull(hubs)
	office := h.office()
	hubs.takenIn(office, 1)
	if all := calls(t, office); len(all) != 1 || all["13907924321"].Posting == "" {
		t.Errorf("the office has these requests: %+v", all)
	}
	if n := r.waiting(); n != 1 {
		t.Errorf("%d records wait before the hub's word has come", n)
	}
	hubs.plug()
	r.served("stick.done")
	r.eventually("the request is confirmed", func() bool { return r.waiting() == 0 })
	r.pull(hubs)

	hubs.readOnly = true
	hubs.plug()
	r.served("stick.full")
	r.shot("read-only")
	if names := own.names(); !slices.Equal(names, []string{"grandchild.jpg"}) {
		t.Errorf("somebody's own stick has %q", names)
	}
	r.stop()
}

// served waits until the stick that was put in last is served, and the page says so.
func (r *rig) served(key string) {
	r.Helper()
	r.eventually("the stick is served", func() bool {
		return r.times("a stick was served") > r.times("a stick was taken out")
	})
	r.told(key)
}

// told waits for what the inviting page says of a stick.
func (r *rig) told(key string) {
	r.Helper()
	r.find(uitest.Query{NameContains: say(key), Greyed: true})
	r.fits()
}

// pull pulls a stick out, which nothing in the terminal may hold up, and waits until
// the terminal has seen it.
func (r *rig) pull(s *stick) {
	r.Helper()
	before := r.times("a stick was taken out")
	if err := unix.Unmount(s.at, 0); err != nil {
		r.Fatal(err)
	}
	if err := os.Remove(s.at); err != nil {
		r.Fatal(err)
	}
	r.eventually("the stick is missed", func() bool { return r.times("a stick was taken out") > before })
}

// times counts words in the terminal's log.
func (r *rig) times(words string) int {
	r.Helper()
	b, err := os.ReadFile(r.log)
	if err != nil {
		r.Fatal(err)
	}
	return bytes.Count(b, []byte(words))
}

// offline are the settings in a file, for a terminal that has sticks only.
func offline(t *testing.T, file, sticks string) config.Settings {
	t.Helper()
	s, _, err := (&Main{Settings: file}).load()
	if err != nil {
		t.Fatal(err)
	}
	s.Hub.URL, s.Hub.Feed, s.Hub.Sticks = "", "", sticks
	return s
}

// stick is a file system in memory that is put into the terminal whole.
type stick struct {
	*testing.T
	dir      string // where the tests reach it
	at       string // where it is mounted for the terminal
	readOnly bool
}

func newStick(t *testing.T, sticks, label string) *stick {
	t.Helper()
	s := &stick{T: t, dir: t.TempDir(), at: filepath.Join(sticks, label)}
	if err := unix.Mount("tmpfs", s.dir, "tmpfs", 0, "size=32m"); err != nil {
		t.Skip("no stick can be mounted here: ", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(s.dir, unix.MNT_DETACH) })
	t.Cleanup(func() { _ = unix.Unmount(s.at, unix.MNT_DETACH) })
	return s
}

func (s *stick) folder() string { return filepath.Join(s.dir, link.StickFolder) }

func (s *stick) plug() {
	s.Helper()
	err := os.MkdirAll(s.at, 0o755)
	if err == nil {
		err = unix.Mount(s.dir, s.at, "", unix.MS_BIND, "")
	}
	if err == nil && s.readOnly {
		err = unix.Mount("", s.at, "", unix.MS_BIND|unix.MS_REMOUNT|unix.MS_RDONLY, "")
	}
	if err != nil {
		s.Fatal(err)
	}
}

func (s *stick) names() (names []string) {
	s.Helper()
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		s.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// takenIn has the office take the batches in that lie on the stick.
func (s *stick) takenIn(office *fleet.Fleet, want int) {
	s.Helper()
	n := 0
	err := office.Stick(s.Context(), s.folder(), func(path string, err error) {
		n++
		if err != nil {
			s.Errorf("%s: %v", path, err)
		}
	})
	if err != nil || n != want {
		s.Fatalf("%d batches lie on the stick, want %d; %v", n, want, err)
	}
}

// whileTheBoardIsBusy holds the board's database meanwhile, so that a stick takes
// as long as one that is slow.
func (r *rig) whileTheBoardIsBusy(do func()) {
	r.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(r.data, "board.db")+"?_txlock=immediate&_busy_timeout=5000")
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	tx, err := db.BeginTx(r.Context(), nil)
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	do()
}
