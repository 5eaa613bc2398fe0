package commission

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"jobhome/drivers/sim"
	"jobhome/kiosk/config"
	"jobhome/kiosk/profile"
	"jobhome/sync/enrol"
	"jobhome/sync/trust"
)

// root is a hub's first root of trust, as it lies in the feed.
func root(t *testing.T) []byte {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	signer := trust.NewSigner(private)
	r := trust.Root{Format: trust.Format, N: 1, Epoch: 1, Issued: time.Now().UTC().Truncate(time.Second), Keys: map[string]trust.Key{}, Roles: map[string]trust.Role{}}
	r.Expires = r.Issued.Add(24 * time.Hour)
	for _, role := range []string{trust.RoleRoot, trust.RoleHead, trust.RoleAck} {
		r.SetRole(role, 1, signer.Key())
	}
	e, err := r.Sign(signer)
	if err != nil {
		t.Fatal(err)
	}
	text, err := e.Write()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const site = `[terminal]
id = "chashan-1"
[site]
id = "chashan"
name = "茶山街道就业之家"
tier = "town"
area = "360482001"
lat = 29.2483
lon = 115.8089
staff_phone = "0792-5550100"
base_url = "https://jobs.example.cn"
[wifi]
ssid = "茶山"
passphrase = "secret-passphrase"
`

func parse(t *testing.T, text string) *profile.Profile {
	t.Helper()
	p, err := profile.Parse("site.txt", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return &p
}

func withHub(t *testing.T, feed string, rootText []byte, code string) *profile.Profile {
	t.Helper()
	name, err := profile.RootOf(rootText)
	if err != nil {
		t.Fatal(err)
	}
	text := site + "[hub]\nboard = \"demo\"\nfeed = \"" + feed + "\"\nroot = \"" + name.String() + "\"\n"
	if code != "" {
		text += "url = \"https://127.0.0.1:1\"\n[enrol]\ncode = \"" + code + "\"\npin = \"q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\"\n"
	}
	return parse(t, text)
}

func newPlace(t *testing.T) Place {
	t.Helper()
	dir := t.TempDir()
	pl := Place{Dir: filepath.Join(dir, "kiosk"), Settings: filepath.Join(dir, "kiosk", "terminal.toml"), Sticks: filepath.Join(dir, "sticks")}
	for _, d := range []string{pl.Dir, pl.Sticks} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return pl
}

// What was taken are settings that the terminal starts with; no secret is in
// them, and no file is for others to read.
func TestAdopt(t *testing.T) {
	pl := newPlace(t)
	text := root(t)
	if !pl.Needed() || pl.Fresh() || pl.Pending() {
		t.Fatal("a terminal that knows nothing does not ask")
	}
	if err := os.WriteFile(pl.path(OfferedFile), []byte(site), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := pl.Adopt(withHub(t, "http://127.0.0.1:1/feed", text, "7K3M-9WXH-4FAB")); err != nil {
		t.Fatal(err)
	}
	s, err := config.Load(pl.Settings)
	if err != nil {
		t.Fatal(err)
	}
	if s.Site.ID != "chashan" || s.DataDir != pl.Dir || s.Hub.Root != pl.path(rootFile) || s.Hub.Sticks != pl.Sticks {
		t.Errorf("%+v", s)
	}
	if pl.Needed() || !pl.Fresh() || !pl.Pending() {
		t.Error("it asks again, or forgets what is left to do")
	}
	network, err := os.ReadFile(pl.path(networkFile))
	if m, errParse := profile.ParseMachine(networkFile, network); err != nil || errParse != nil || m.WiFi.Passphrase != "secret-passphrase" {
		t.Errorf("%v %v", err, errParse)
	}
	entries, _ := os.ReadDir(pl.Dir)
	for _, e := range entries {
		info, _ := e.Info()
		b, _ := os.ReadFile(pl.path(e.Name()))
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", e.Name(), info.Mode().Perm())
		}
		if bytes.Contains(b, []byte("secret-passphrase")) != (e.Name() == networkFile) || bytes.Contains(b, []byte("7K3M")) != (e.Name() == pendingFile) {
			t.Errorf("%s has a secret that is not its own, or lacks it", e.Name())
		}
	}
	if err := pl.Seen(); err != nil || pl.Fresh() {
		t.Errorf("%v, fresh %v", err, pl.Fresh())
	}
}

// Wherever writing is cut, the terminal asks again, or goes on by itself at the
// next start until it is whole.
func TestAdoptCut(t *testing.T) {
	text := root(t)
	for _, at := range []string{takenFile, pendingFile, networkFile, freshFile, "terminal.toml"} {
		pl := newPlace(t)
		p := withHub(t, "http://127.0.0.1:1/feed", text, "7K3M-9WXH-4FAB")
		if err := os.WriteFile(pl.path(OfferedFile), []byte(site), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Mkdir(pl.path(at+".new"), 0o700); err != nil { // nothing can be written there: as if the power went
			t.Fatal(err)
		}
		if err := pl.Adopt(p); err == nil {
			t.Fatalf("%s: nothing went wrong", at)
		}
		if !pl.Needed() {
			t.Errorf("cut before %s: it starts half set up", at)
		}
		if err := os.Remove(pl.path(at + ".new")); err != nil {
			t.Fatal(err)
		}
		err := pl.Resume()
		if asks := at == takenFile; err != nil || pl.Needed() != asks {
			t.Errorf("after a cut at %s: %v, asks again: %v", at, err, pl.Needed())
		} else if !asks && (!pl.Fresh() || !pl.Pending() || there(pl.path(takenFile)) || there(pl.path(OfferedFile))) {
			t.Errorf("after a cut at %s something is left, or is not there", at)
		}
	}
	pl := newPlace(t) // torn by a disk that lies
	if err := os.WriteFile(pl.path(takenFile), []byte("[site"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := pl.Resume(); err == nil || !pl.Needed() || there(pl.path(takenFile)) {
		t.Errorf("%v", err)
	}
}

// serveRoot is a feed that has a root.
func serveRoot(t *testing.T, text []byte) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/feed/root/1.json" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(text)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/feed"
}

// The root is fetched and proven by its fingerprint, from the network or a stick.
func TestRootIsProven(t *testing.T) {
	text, other := root(t), root(t)
	for name, c := range map[string]struct {
		network, stick []byte
		err            error
	}{
		"network":          {network: text},
		"stick":            {stick: text},
		"another's feed":   {network: other, err: ErrRoot},
		"another's, stick": {network: other, stick: text},
		"nobody has it":    {err: errNoRoot},
		"garbage":          {network: []byte("{}"), err: trust.ErrForm},
	} {
		t.Run(name, func(t *testing.T) {
			pl := newPlace(t)
			feed := ""
			if c.network != nil {
				feed = serveRoot(t, c.network)
			}
			if c.stick != nil {
				dir := filepath.Join(pl.Sticks, "sda1", "jobhome", "root")
				if err := os.MkdirAll(dir, 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "1.json"), c.stick, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := pl.Adopt(withHub(t, feed, text, "")); err != nil {
				t.Fatal(err)
			}
			err := pl.Enrol(t.Context(), pl.path("hub"))
			got, _ := os.ReadFile(pl.path(rootFile))
			if !errors.Is(err, c.err) || pl.Pending() != (c.err != nil) || bytes.Equal(got, text) != (c.err == nil) {
				t.Errorf("%v, pending %v, root %.20q", err, pl.Pending(), got)
			}
		})
	}
}

// A hub that does not answer is asked again: the invitation waits.
func TestInvitationWaits(t *testing.T) {
	pl := newPlace(t)
	text := root(t)
	if err := pl.Adopt(withHub(t, serveRoot(t, text), text, "7K3M-9WXH-4FAB")); err != nil {
		t.Fatal(err)
	}
	err := pl.Enrol(t.Context(), pl.path("hub"))
	if err == nil || Refused(err) || errors.Is(err, enrol.ErrPin) || !pl.Pending() {
		t.Errorf("%v, pending %v", err, pl.Pending())
	}
	if strings.Contains(err.Error(), "7K3M") {
		t.Error("the error tells the code: ", err)
	}
}

// A stick and the file that keeper laid down are offered, each once, and again
// when they have changed.
func TestWatch(t *testing.T) {
	pl := newPlace(t)
	dir := filepath.Join(pl.Sticks, "sda1", "jobhome")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{pl.path(OfferedFile): "offered", filepath.Join(dir, "site.txt"): "stick"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var got []string
	pl.Watch(ctx, func(_ string, text []byte) {
		got = append(got, string(text))
		if len(got) == 2 {
			_ = os.WriteFile(filepath.Join(dir, "site.txt"), []byte("mended"), 0o600)
		}
		if len(got) == 3 {
			stop()
		}
	})
	if strings.Join(got, " ") != "offered stick mended" {
		t.Errorf("%q", got)
	}
}

// reports are the boot reports of somebody who types the text.
func reports(text string) [][]byte {
	var all [][]byte
	for i := range len(text) {
		for key := byte(0x04); key <= 0x38; key++ {
			for _, shift := range []bool{false, true} {
				if keyOf(key, shift) == text[i] {
					mod := byte(0)
					if shift {
						mod = 0x02
					}
					all = append(all, []byte{mod, 0, key, 0, 0, 0, 0, 0}, make([]byte, 8))
				}
			}
		}
	}
	return append(all, []byte{0, 0, keyEnter, 0, 0, 0, 0, 0}, make([]byte, 8))
}

// A scanner that types gives the same code as one on a line, with numbered
// reports or without, and twice the same letter as two.
func TestTypist(t *testing.T) {
	code, err := parse(t, site).Text()
	if err != nil {
		t.Fatal(err)
	}
	for _, numbered := range []bool{false, true} {
		var k typist
		got := ""
		for _, r := range reports(code) {
			if numbered {
				r = append([]byte{1}, r...)
			}
			if text, done := k.report(r); done {
				got = text
			}
		}
		if got != code {
			t.Errorf("numbered %v: %q", numbered, got)
		}
	}
	var k typist
	for range 9 {
		k.report([]byte{0, 0, 0x04, 0x05, 0, 0, 0, 0}) // held down
	}
	if text, done := k.report([]byte{0, 0, 0x04, 0x05, keyEnter, 0, 0, 0}); text != "ab" || !done {
		t.Errorf("%q %v", text, done)
	}
	if !isKeyboard([]byte{0x05, 0x01, 0x09, 0x06, 0xA1, 0x01}) || isKeyboard([]byte{0x05, 0x01, 0x09, 0x02, 0xA1, 0x01}) {
		t.Error("a mouse is taken for a keyboard, or the other way round")
	}
}

// A scanner on any line is heard without a setting; what is no profile is not
// handed on, and nothing is written to the line.
func TestListener(t *testing.T) {
	dev := t.TempDir()
	pty, err := sim.OpenPTY()
	if err != nil {
		t.Skip("no pseudo terminal: ", err)
	}
	t.Cleanup(func() { _ = pty.Close() })
	if err := pty.Link(filepath.Join(dev, "ttyACM0")); err != nil {
		t.Fatal(err)
	}
	code, err := parse(t, site).Text()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	var mu sync.Mutex
	var heard []string
	l := &Listener{Dev: dev, Sys: dev, Heard: func(text string) {
		mu.Lock()
		defer mu.Unlock()
		if heard = append(heard, text); len(heard) == 2 {
			stop()
		}
	}, Count: func(n int) {
		if n == 1 {
			go func() { _, _ = pty.Write([]byte("6901234567892\rjobhome-site:1?HALF\r" + code + "\r")) }()
		}
	}}
	l.Run(ctx)
	mu.Lock()
	defer mu.Unlock()
	if len(heard) != 2 || heard[0] != "jobhome-site:1?HALF" || heard[1] != code {
		t.Errorf("%q", heard)
	}
}
