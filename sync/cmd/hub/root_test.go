package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/sync/trust"
)

// hub runs one command line on a data directory of its own.
type hub struct {
	t    *testing.T
	dir  string
	file string
}

func newHub(t *testing.T) *hub {
	h := &hub{t: t, dir: t.TempDir()}
	h.file = filepath.Join(h.dir, "hub.toml")
	text := strings.Replace(Example, "/var/lib/jobhub", filepath.Join(h.dir, "data"), 1)
	if err := os.WriteFile(h.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *hub) data(path ...string) string {
	return filepath.Join(append([]string{h.dir, "data"}, path...)...)
}

func (h *hub) run(want int, args ...string) string {
	h.t.Helper()
	var out bytes.Buffer
	m := &Main{Out: &out, Err: &out}
	if got := m.Run(h.t.Context(), append([]string{"-settings", h.file}, args...)); got != want {
		h.t.Fatalf("hub %v ended with %d, not %d: %s", args, got, want, out.String())
	}
	return out.String()
}

func (h *hub) keys() *keys {
	h.t.Helper()
	k, err := loadKeys(h.data())
	if err != nil {
		h.t.Fatal(err)
	}
	return k
}

func TestInitMakesARootOnce(t *testing.T) {
	h := newHub(t)
	h.run(1, "root", "show")
	h.run(0, "init")
	k := h.keys()
	if k.root.N != 1 || k.root.Epoch != 1 || len(k.ring) != 1 || k.root.Roles[trust.RoleRoot].Threshold != 2 {
		t.Errorf("%+v", k.root)
	}
	h.run(1, "init")
	if again := h.keys(); again.head.Key().ID() != k.head.Key().ID() {
		t.Error("a second init made other keys")
	}
	for _, name := range []string{"keys/head.pem", "keys/ack.pem", "root-keys/1.pem"} {
		if info, err := os.Stat(h.data(name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

func TestRootIsRenewedByTwoOfThree(t *testing.T) {
	h := newHub(t)
	h.run(0, "init")
	old := h.keys()
	draft := filepath.Join(h.dir, "draft.json")
	h.run(0, "root", "next", "-head", "-seal", draft)
	h.run(1, "root", "accept", draft)
	h.run(0, "root", "sign", h.data("root-keys", "1.pem"), draft)
	h.run(0, "root", "sign", h.data("root-keys", "1.pem"), draft) // the same twice counts once
	h.run(1, "root", "accept", draft)
	h.run(0, "root", "sign", h.data("keys", "ack.pem"), draft) // no root key
	h.run(1, "root", "accept", draft)
	if k := h.keys(); k.root.N != 1 || k.head.Key().ID() != old.head.Key().ID() {
		t.Fatal("a root that was refused has changed something")
	}
	h.run(0, "root", "sign", h.data("root-keys", "3.pem"), draft)
	h.run(0, "root", "accept", draft)
	k := h.keys()
	switch {
	case k.root.N != 2 || k.root.Epoch != 2:
		t.Errorf("root %d of epoch %d", k.root.N, k.root.Epoch)
	case k.head.Key().ID() == old.head.Key().ID() || k.ack.Key().ID() != old.ack.Key().ID():
		t.Error("the head's key is the old one, or the ack's is not")
	case len(k.ring) != 2 || k.root.Seal[0].ID == old.root.Seal[0].ID || k.root.Seal[1].ID != old.root.Seal[0].ID:
		t.Errorf("seal keys %v", k.ring.IDs())
	case len(k.was) != 2:
		t.Errorf("%d keys have signed heads, not 2", len(k.was))
	}
	h.run(1, "root", "accept", draft) // it does not follow itself
}

// A draft whose keys were made anew since would leave the hub without the keys
// that its root names.
func TestOlderDraftIsRefused(t *testing.T) {
	h := newHub(t)
	h.run(0, "init")
	older, newer := filepath.Join(h.dir, "older.json"), filepath.Join(h.dir, "newer.json")
	h.run(0, "root", "next", "-head", older)
	h.run(0, "root", "next", "-head", newer)
	for _, draft := range []string{older, newer} {
		for _, key := range []string{"1.pem", "2.pem"} {
			h.run(0, "root", "sign", h.data("root-keys", key), draft)
		}
	}
	if out := h.run(1, "root", "accept", older); !strings.Contains(out, errNotHeld.Error()) {
		t.Error(out)
	}
	if k := h.keys(); k.root.N != 1 {
		t.Errorf("root %d", k.root.N)
	}
	h.run(0, "root", "accept", newer)
	h.keys()
}

// A power cut while a root is accepted leaves keys of the new root under the old
// one; accepting once more ends it.
func TestAcceptGoesOnAfterAPowerCut(t *testing.T) {
	h := newHub(t)
	h.run(0, "init")
	draft := filepath.Join(h.dir, "draft.json")
	h.run(0, "root", "next", "-head", "-ack", draft)
	for _, key := range []string{"1.pem", "2.pem"} {
		h.run(0, "root", "sign", h.data("root-keys", key), draft)
	}
	if err := os.Rename(h.data("keys", "next", "head.pem"), h.data("keys", "head.pem")); err != nil {
		t.Fatal(err)
	}
	if _, err := loadKeys(h.data()); err == nil {
		t.Fatal("a key that the root does not name is used")
	}
	h.run(0, "root", "accept", draft)
	if k := h.keys(); k.root.N != 2 {
		t.Errorf("root %d", k.root.N)
	}
}
