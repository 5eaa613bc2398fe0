package overlay

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// most is the greatest exposure that a service of ours may have, in tenths of
// what systemd-analyze(1) says.
const most = 20

// wider are the services that may be more exposed, and why.
var wider = map[string]struct {
	most int
	why  string
}{
	"jobhome-wifi@.service": {23, "it speaks to a radio, over raw sockets"},
}

// units are the paths of our units of a kind in the overlay.
func units(t *testing.T, kind string) []string {
	t.Helper()
	all, err := fs.Glob(Files, "usr/lib/systemd/system/*."+kind)
	if err != nil || len(all) == 0 {
		t.Fatalf("no %s in the overlay: %v", kind, err)
	}
	return all
}

// analyze returns the program that judges units, or skips.
func analyze(t *testing.T) string {
	t.Helper()
	p, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	return p
}

// Each service is kept from what it does not need.
func TestServicesAreSandboxed(t *testing.T) {
	program := analyze(t)
	for _, u := range units(t, "service") {
		threshold := most
		if w, ok := wider[path.Base(u)]; ok {
			threshold = w.most
		}
		out, err := exec.Command(program, "security", "--offline=true", "--no-pager", fmt.Sprint("--threshold=", threshold), u).CombinedOutput()
		if err != nil {
			lines := strings.Split(strings.TrimSpace(string(out)), "\n")
			t.Errorf("%s: %v: %s", path.Base(u), err, lines[len(lines)-1])
		}
	}
}

// Every setting is one that systemd knows, and every unit that is named is there.
// What verify says of programs and of Debian's own units counts for nothing: this
// is not the image.
func TestUnitsAreWellFormed(t *testing.T) {
	program := analyze(t)
	var all []string
	for _, kind := range []string{"service", "timer"} {
		all = append(all, units(t, kind)...)
	}
	out, _ := exec.Command(program, append([]string{"verify", "--man=no"}, all...)...).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		foreign := !strings.Contains(line, "images/overlay") // a unit of this computer
		newer := strings.Contains(line, "'RestartMode'") || strings.Contains(line, "'WantsMountsFor'")
		if line != "" && !foreign && !newer {
			t.Error(line)
		}
	}
}

// A unit that another one of ours starts, or is to wait for, is in the overlay or
// known to come with Debian.
func TestNamedUnitsAreThere(t *testing.T) {
	ours := map[string]bool{}
	for _, kind := range []string{"service", "timer", "mount", "path", "socket"} {
		found, _ := fs.Glob(Files, "usr/lib/systemd/system/*."+kind)
		for _, u := range found {
			ours[path.Base(u)] = true
		}
	}
	for _, u := range append(units(t, "service"), units(t, "timer")...) {
		text, err := fs.ReadFile(Files, u)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			switch key {
			case "OnFailure", "PartOf", "BindsTo", "Wants", "Requires", "Conflicts", "Unit":
			default:
				continue
			}
			for _, name := range strings.Fields(value) {
				mine := strings.HasPrefix(name, "keeper-") || strings.HasPrefix(name, "calm") || strings.HasPrefix(name, "kiosk") || strings.HasPrefix(name, "seatd")
				if mine && !ours[name] {
					t.Errorf("%s: %s=%s, which is not in the overlay", path.Base(u), key, name)
				}
			}
		}
	}
}

// The files that are embedded are those that lie here: nothing is left out.
func TestEverythingIsEmbedded(t *testing.T) {
	for _, top := range []string{"usr", "etc"} {
		err := filepath.WalkDir(top, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			want, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			if got, err := fs.ReadFile(Files, filepath.ToSlash(p)); err != nil || string(got) != string(want) {
				t.Errorf("%s is not embedded: %v", p, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	}
}
