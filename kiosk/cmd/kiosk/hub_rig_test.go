package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk/config"
	"jobhome/kiosk/ledger"
	"jobhome/sync/hub/ca"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/seal"
	"jobhome/sync/trust"
)

// hub is bin/hub as a process that can be killed and started again, and what its
// office finds in its database.
type hub struct {
	*testing.T
	dir    string
	args   []string
	public string
	gate   string
	cmd    *exec.Cmd
}

// newHub prepares a hub with n made-up postings, on addresses that are free.
func newHub(t *testing.T, n string) *hub {
	t.Helper()
	h := &hub{T: t, dir: t.TempDir(), public: freeAddress(t), gate: freeAddress(t)}
	h.args = []string{
		"demo", "-dir", h.dir, "-n", n, "-public", h.public, "-terminals", h.gate, "-staff", freeAddress(t),
	}
	return h
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// settings makes a terminal the hub's.
func (h *hub) settings(s *config.Settings) {
	s.Site.BaseURL = "http://" + h.public
	s.Hub = config.Hub{
		URL: "https://" + h.gate, Feed: "http://" + h.public + "/feed", Board: "demo",
		Root: filepath.Join(h.dir, "data", "root", "1.json"),
	}
}

// start starts the hub, and returns when it serves.
func (h *hub) start() {
	h.Helper()
	path, err := hubProgram()
	if err != nil {
		h.Fatal("build the hub: ", err)
	}
	h.cmd = exec.Command(path, h.args...)
	var wrong strings.Builder
	h.cmd.Stderr = &wrong
	out, err := h.cmd.StdoutPipe()
	if err != nil {
		h.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		h.Fatal(err)
	}
	h.Cleanup(h.kill)
	late := time.AfterFunc(patience, func() { _ = h.cmd.Process.Kill() })
	defer late.Stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.Contains(lines.Text(), "/desk/") {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return
		}
	}
	_ = h.cmd.Wait()
	h.cmd = nil
	h.Fatalf("the hub does not serve:\n%s", &wrong)
}

// kill takes the hub's power away.
func (h *hub) kill() {
	if h.cmd == nil {
		return
	}
	_ = h.cmd.Process.Kill()
	_ = h.cmd.Wait()
	h.cmd = nil
}

// code is what enrols the demonstration's terminal.
func (h *hub) code() []string {
	h.Helper()
	text, err := os.ReadFile(filepath.Join(h.dir, "code"))
	if err != nil {
		h.Fatal(err)
	}
	return strings.Fields(string(text))
}

// office opens what the hub's office works with.
func (h *hub) office() *fleet.Fleet {
	h.Helper()
	data := filepath.Join(h.dir, "data")
	db, err := hubdb.Open(h.Context(), "sqlite:"+filepath.Join(data, "hub.db"))
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { _ = db.Close() })
	authority, errCA := ca.Open(filepath.Join(data, "ca"), time.Now())
	ring, errRing := seal.ReadRing(filepath.Join(data, "keys", "seal"))
	text, errKey := os.ReadFile(filepath.Join(data, "keys", trust.RoleAck+".pem"))
	signer, err := trust.ReadSigner(text)
	if err := errors.Join(errCA, errRing, errKey, err); err != nil {
		h.Fatal(err)
	}
	o := fleet.Opts{
		Now: time.Now, CA: authority, Signer: signer, Ring: ring,
		Audit: func(context.Context, string, string, string) error { return nil },
	}
	for id := range ring {
		o.SealKey = id
	}
	f, err := fleet.New(h.Context(), db, o)
	if err != nil {
		h.Fatal(err)
	}
	return f
}

// calls are the requests to be called that wait in the office, with their numbers.
func calls(t *testing.T, f *fleet.Fleet) map[string]fleet.Call {
	t.Helper()
	list, err := f.Calls(t.Context(), fleet.Scope{}, true, 99)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]fleet.Call{}
	for _, c := range list {
		phone, err := f.OpenCall(t.Context(), "", c.ID, "wangfang")
		if _, twice := all[phone]; err != nil || twice {
			t.Fatalf("request %d: %v; the number came twice: %v", c.ID, err, twice)
		}
		all[phone] = c
	}
	return all
}

// page fetches a page as a phone does.
func page(t *testing.T, url string) (status int, text string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// commission enrols the terminal, which then has no posting yet.
func (r *rig) commission(h *hub) {
	r.Helper()
	for _, ending := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(filepath.Join(r.data, "board.db"+ending)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			r.Fatal(err)
		}
	}
	must(r.T, append([]string{"-settings", r.settings, "commission"}, h.code()...)...)
}

// waiting is how many records wait in the ledger, of a terminal that may run.
func (r *rig) waiting() int {
	r.Helper()
	l, err := ledger.Open(filepath.Join(r.data, "ledger.db"))
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	n, aside, err := l.Backlog(r.Context())
	if err != nil || aside != 0 {
		r.Fatalf("%d records were put aside, %v", aside, err)
	}
	return n
}
