package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"jobhome/images/netconf"
)

const siteText = `[site]
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
[screen]
rotation = "90"
`

const networkText = "[network]\naddress = \"10.0.0.2/24\"\ngateway = \"10.0.0.1\"\n"

// rig is a machine of directories.
type rig struct {
	*testing.T
	*site
	ran      []string
	writable bool
}

func newRig(t *testing.T) *rig {
	t.Helper()
	dir := t.TempDir()
	r := &rig{T: t}
	r.site = &site{
		esp: filepath.Join(dir, "esp"), data: filepath.Join(dir, "data"), run: filepath.Join(dir, "run"), radios: filepath.Join(dir, "net"), bootID: filepath.Join(dir, "boot_id"),
		remount: func(w bool) error { r.writable = w; return nil },
		command: func(_ context.Context, name string, args ...string) error {
			r.ran = append(r.ran, strings.Join(append([]string{name}, args...), " "))
			return nil
		},
	}
	for _, d := range []string{r.esp + "/jobhome", r.data, r.run, r.radios + "/wlan0/phy80211", r.radios + "/eth0"} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	r.write(r.bootID, "this-boot\n")
	return r
}

func (r *rig) write(path, text string) {
	r.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		r.Fatal(err)
	}
}

func (r *rig) read(path string) string {
	r.Helper()
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.Fatal(err)
	}
	return string(b)
}

func (r *rig) started() {
	r.Helper()
	if err := r.start(io.Discard); err != nil {
		r.Fatal(err)
	}
	if r.writable {
		r.Error("the boot partition is left writable")
	}
}

func (r *rig) esptext() string { return r.read(filepath.Join(r.esp, "jobhome", "site.txt")) }
func (r *rig) offered() string { return r.read(filepath.Join(r.data, offeredFile)) }

// The profile comes from the boot partition to the terminal, its network comes up
// at once, and nothing of it is left where everybody can read it, however the first
// start was cut.
func TestSiteIsTakenOverWhateverWasCut(t *testing.T) {
	path := func(r *rig) string { return filepath.Join(r.esp, "jobhome", "site.txt") }
	for name, before := range map[string]func(*rig){
		"nothing done": func(r *rig) { r.write(path(r), siteText) },
		"half a copy": func(r *rig) {
			r.write(path(r), siteText)
			r.write(filepath.Join(r.data, offeredFile+".keeper"), siteText[:40])
		},
		"copied": func(r *rig) { r.write(path(r), siteText); r.write(filepath.Join(r.data, offeredFile), siteText) },
		"blanked": func(r *rig) {
			r.write(path(r), strings.Repeat(" ", len(siteText)))
			r.write(filepath.Join(r.data, offeredFile), siteText)
		},
		"note not cut": func(r *rig) {
			r.write(path(r), taken+strings.Repeat(" ", 99))
			r.write(filepath.Join(r.data, offeredFile), siteText)
		},
		"everything done": func(r *rig) { r.write(path(r), taken); r.write(filepath.Join(r.data, offeredFile), siteText) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			before(r)
			r.started()
			r.started()
			if r.offered() != siteText {
				t.Errorf("the terminal has %q", r.offered())
			}
			if strings.Contains(r.esptext(), "secret-pass") || !bare([]byte(r.esptext())) {
				t.Errorf("the boot partition has %q", r.esptext())
			}
			if wpa := r.read(filepath.Join(r.run, netconf.Supplicant)); !strings.Contains(wpa, `psk="secret-passphrase"`) {
				t.Errorf("wpa_supplicant gets %q", wpa)
			}
			if env := r.read(filepath.Join(r.run, netconf.Screen)); !strings.Contains(env, "JOBHOME_TRANSFORM=270") {
				t.Error(env)
			}
			info, err := os.Stat(filepath.Join(r.run, netconf.Supplicant))
			if err != nil || info.Mode().Perm() != 0o600 {
				t.Error(info.Mode(), err)
			}
		})
	}
}

// A profile with a mistake stays where it can be mended, and its copy lets the
// terminal say what is wrong; the network that there was comes up.
func TestSiteWithAMistake(t *testing.T) {
	r := newRig(t)
	r.write(filepath.Join(r.data, networkFile), networkText)
	bad := strings.Replace(siteText, "town", "shop", 1)
	r.write(filepath.Join(r.esp, "jobhome", "site.txt"), bad)
	var said strings.Builder
	if err := r.start(&said); err != nil {
		t.Fatal(err)
	}
	if r.esptext() != bad || r.offered() != bad || !strings.Contains(said.String(), `site.tier = "shop"`) || strings.Contains(said.String(), "secret-pass") {
		t.Errorf("%q, said %s", r.esptext(), &said)
	}
	if wire := r.read(filepath.Join(r.run, netconf.Wire)); !strings.Contains(wire, "Address=10.0.0.2/24") {
		t.Error(wire)
	}
}

// What the terminal wrote is applied, and only what has changed is told.
func TestSiteApply(t *testing.T) {
	r := newRig(t)
	r.started()
	if wire := r.read(filepath.Join(r.run, netconf.Wire)); !strings.Contains(wire, "DHCP=yes") {
		t.Fatal(wire)
	}
	r.write(filepath.Join(r.data, networkFile), networkText+"[wifi]\nssid = \"x\"\npassphrase = \"12345678\"\n[screen]\nrotation = \"270\"\n")
	if err := r.apply(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"systemctl --no-block restart systemd-networkd.service", "systemctl --no-block restart jobhome-wifi@wlan0.service", "udevadm control --reload",
		"udevadm trigger --subsystem-match=input --action=change", "systemctl --no-block try-restart kiosk.service",
	}
	if !slices.Equal(r.ran, want) {
		t.Errorf("%q", r.ran)
	}
	r.ran = nil
	if err := r.apply(t.Context(), io.Discard); err != nil || r.ran != nil {
		t.Errorf("%v, %q", err, r.ran)
	}
	r.write(filepath.Join(r.data, networkFile), networkText)
	if err := r.apply(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(r.run, netconf.Supplicant)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the old passphrase is still there: ", err)
	}
}

// The terminal's directory is a stranger's: links out of it are not followed, what
// is no plain file is not read, and what is too long neither.
func TestHostileDirectory(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside")
	for name, before := range map[string]func(*rig) error{
		"link out": func(r *rig) error {
			r.write(outside, networkText)
			return os.Symlink(outside, filepath.Join(r.data, networkFile))
		},
		"directory": func(r *rig) error { return os.Mkdir(filepath.Join(r.data, networkFile), 0o700) },
		"too long": func(r *rig) error {
			r.write(filepath.Join(r.data, networkFile), networkText+strings.Repeat("#\n", mostFile))
			return nil
		},
		"injections": func(r *rig) error {
			r.write(filepath.Join(r.data, networkFile), "[network]\ntime_servers = \"a\\nDNS=1.1.1.1\"\n")
			return nil
		},
		"no data": func(r *rig) error { return os.Remove(r.data) },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			if err := before(r); err != nil {
				t.Fatal(err)
			}
			r.started()
			if wire := r.read(filepath.Join(r.run, netconf.Wire)); !strings.Contains(wire, "DHCP=yes") || strings.Contains(wire, "DNS=1") {
				t.Errorf("%s", wire)
			}
		})
	}
	r := newRig(t)
	r.write(outside, "untouched")
	for _, name := range []string{offeredFile, offeredFile + ".keeper"} {
		if err := os.Symlink(outside, filepath.Join(r.data, name)); err != nil {
			t.Fatal(err)
		}
	}
	r.write(filepath.Join(r.esp, "jobhome", "site.txt"), siteText)
	r.started()
	if r.read(outside) != "untouched" || r.offered() != siteText {
		t.Errorf("outside has %q", r.read(outside))
	}
}

// A wish of this boot marks and restarts; an old one is forgotten.
func TestReset(t *testing.T) {
	mark := func(r *rig) string { return r.read(filepath.Join(r.esp, "jobhome", resetFile)) }
	for name, c := range map[string]struct {
		wish   string
		marked bool
		err    error
	}{
		"no wish":            {"", false, nil},
		"wish":               {"this-boot\n", true, nil},
		"of an earlier boot": {"that-boot\n", false, errNotOfThisBoot},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.started()
			if got := r.read(filepath.Join(r.run, bootFile)); got != "this-boot\n" {
				t.Errorf("the terminal is told of the boot %q", got)
			}
			if c.wish != "" {
				r.write(filepath.Join(r.data, resetFile), c.wish)
			}
			err := (&reset{r.site}).run(t.Context(), io.Discard)
			if !errors.Is(err, c.err) {
				t.Fatal(err)
			}
			if got := mark(r) != ""; got != c.marked || got != slices.Contains(r.ran, "systemctl --no-block reboot") || r.writable {
				t.Errorf("marked %v, ran %q, writable %v", got, r.ran, r.writable)
			}
			if c.err != nil && r.read(filepath.Join(r.data, resetFile)) != "" {
				t.Error("the old wish is still there")
			}
		})
	}
}
