package main

import (
	"bytes"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/kiosk/config"
	"jobhome/kiosk/profile"
	"jobhome/kiosk/staff"
	"jobhome/sync/enrol"
	"jobhome/ui/uitest"
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

// forget makes the terminal one that was just flashed.
func (r *rig) forget() {
	r.Helper()
	for _, name := range []string{r.settings, filepath.Join(r.data, "board.db")} {
		if err := os.Remove(name); err != nil {
			r.Fatal(err)
		}
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
	r.forget()
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

// typeOn types on the keyboard of the first boot, whose layers it turns.
func (r *rig) typeOn(text string) {
	r.Helper()
	layer := 0
	names := []string{say("setup.layer.ABC"), say("setup.layer.123"), say("setup.layer.abc")} // each is the next one's
	for i, c := range text {
		want := 0
		switch {
		case c >= 'A' && c <= 'Z':
			want = 1
		case c >= '0' && c <= '9':
			want = 2
		}
		for layer != want {
			r.touch(names[layer])
			layer = (layer + 1) % 3
			r.find(uitest.Query{Name: names[layer]})
		}
		r.touch(string(c))
		r.find(uitest.Query{Name: text[:i+1], Greyed: true})
	}
}

// Where nothing can be scanned and there is no stick, whoever has the label's PIN
// types the hub's address, the code and the check code; the hub says the rest.
func TestFirstBootTyped(t *testing.T) {
	t.Parallel()
	h := newHub(t, "50")
	h.start()
	pin, err := staff.HashPIN(rightPIN, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "first.pin")
	if err := os.WriteFile(file, []byte(pin.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newRig(t, rigOpts{change: h.settings, firstPIN: file})
	r.forget()
	code := h.code()
	seal, err := enrol.Seal(code[1])
	if err != nil {
		t.Fatal(err)
	}
	r.startAt(say("setup.title"), "-data", r.data)
	r.touchFirst(uitest.Query{Role: "button", NamePrefix: say("setup.type")})
	r.see(say("setup.pin"))
	r.pin(rightPIN)
	r.see(say("setup.line.ssid"))
	r.touch(say("setup.next"))
	for _, line := range []struct{ name, text, next string }{
		{"host", h.gate, "setup.next"}, {"code", code[0], "setup.next"}, {"seal", seal, "setup.connect"},
	} {
		r.see(say("setup.line." + line.name))
		r.typeOn(line.text)
		r.shot(line.name)
		r.touch(say(line.next))
	}
	r.see(say("setup.ask.title"))
	r.shot("what the hub said")
	r.see(h.gate)
	r.touch(say("setup.take"))
	r.eventually("the board comes by itself", func() bool { return r.logged("the board is in step") })
	r.person = meet(t, r.desk, "jobhome")
	r.see(say("staff.title"))
	r.stop()
	if s, err := config.Load(r.settings); err != nil || s.Hub.URL != "https://"+h.gate || s.Hub.Board != "demo" {
		t.Errorf("%v, %+v", err, s.Hub)
	}
}

// toReset turns to the last sheet of the staff page, and asks for the reset.
func (r *rig) toReset() {
	r.Helper()
	for sheet := 2; sheet <= 3; sheet++ {
		r.touch(say("bar.contrast")) // else the same touch twice would be a shaking hand's
		r.touch(say("page.next"))
		r.see(say("page.of", sheet, 3))
	}
	r.touch(say("reset.ask"))
}

// Staff wipe everything from their page: the wish is written down for keeper, who
// believes one of this boot only.
func TestFactoryReset(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{change: withStaff(t)})
	r.startAt(say("attract.title"), "-data", r.data)
	r.touch(say("bar.help"))
	r.touch(say("bar.staff"))
	r.pin(rightPIN)
	r.see(say("staff.title"))
	r.toReset()
	r.see(say("reset.title"))
	r.see(say("reset.none"))
	r.touch(say("reset.keep"))
	r.see(say("staff.title"))
	r.toReset()
	r.see(say("reset.none"))
	r.touch(say("reset.wipe"))
	r.see(say("reset.wiping"))
	wish, err := os.ReadFile(filepath.Join(r.data, "reset"))
	id, errID := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil || errID != nil || !bytes.Equal(wish, id) {
		t.Errorf("%q, %v, %v", wish, err, errID)
	}
}
