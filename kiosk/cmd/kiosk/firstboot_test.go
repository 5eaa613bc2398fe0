package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/kiosk/config"
	"jobhome/kiosk/profile"
)

// sheet is the profile of the rig's terminal, as the hub's office gives it out.
func (r *rig) sheet(h *hub) profile.Profile {
	r.Helper()
	s, err := config.Load(r.settings)
	if err != nil {
		r.Fatal(err)
	}
	text, err := os.ReadFile(s.Hub.Root)
	if err != nil {
		r.Fatal(err)
	}
	root, err := profile.RootOf(text)
	if err != nil {
		r.Fatal(err)
	}
	code := h.code()
	return profile.Profile{ID: "demo-1", Wanted: s, Machine: profile.Machine{WiFi: profile.WiFi{SSID: "茶山", Passphrase: "secret-passphrase"}}, Root: root, Code: code[0], Pin: code[1]}
}

// put lays a site's file on a stick.
func (r *rig) put(dir string, text []byte) {
	r.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		r.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "site.txt"), text, 0o600); err != nil {
		r.Fatal(err)
	}
}

// A terminal that knows nothing asks, says what is wrong with a file, takes a good
// one when somebody says yes, comes up with its devices shown and tested, enrols by
// itself and takes its board; the next start goes straight to the attract page.
func TestFirstBoot(t *testing.T) {
	t.Parallel()
	h := newHub(t, "300")
	h.start()
	r := newRig(t, rigOpts{change: h.settings, sticks: t.TempDir()})
	p := r.sheet(h)
	var file bytes.Buffer
	if err := p.Write(&file); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{r.settings, filepath.Join(r.data, "board.db")} {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	stick := filepath.Join(r.opts.sticks, "sda1", "jobhome")
	r.startAt(say("setup.title"), "-data", r.data)
	r.shot("nothing known")
	r.put(stick, bytes.Replace(file.Bytes(), []byte("tier = \""), []byte("tier = \"no "), 1))
	r.see(say("setup.wrong.value"))
	r.shot("a mistake in the file")
	r.put(stick, file.Bytes())
	r.see(say("setup.ask.title"))
	r.see(p.Wanted.Site.Name)
	r.shot("is it right")
	r.hides("secret-passphrase")
	r.hides(p.Code)
	r.touch(say("setup.take"))
	r.eventually("the terminal starts anew", func() bool { return r.logged("the terminal is enrolled") })
	r.person = meet(t, r.desk, "jobhome")
	r.see(say("staff.title"))
	r.shot("devices")
	r.eventually("the board comes by itself", func() bool { return r.logged("the board is in step") })
	r.touch(say("staff.leave"))
	r.see(say("attract.title"))
	r.stop()
	log, err := os.ReadFile(r.log)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"secret-passphrase", p.Code, p.Pin} {
		if strings.Contains(string(log), secret) {
			t.Error("the log tells a secret")
		}
	}
	r.startAt(say("attract.title"), "-data", r.data)
	r.stop()
}
