package recipe

import (
	"bytes"
	"strings"
	"testing"
)

// Every target has a lock that says what it is made of, and is written as it was
// read.
func TestLocks(t *testing.T) {
	for _, target := range Targets() {
		l, err := ReadLock(target.Name)
		if err != nil {
			t.Error(err)
			continue
		}
		var b bytes.Buffer
		if err := l.Write(&b); err != nil {
			t.Fatal(err)
		}
		again, err := ParseLock("again", &b)
		if err != nil || len(again.Root) != len(l.Root) || len(again.Sysroot) != len(l.Sysroot) {
			t.Errorf("%s: written and read again: %v", target.Name, err)
		}
		have := map[string]bool{}
		for _, p := range l.Root {
			have[p.Name] = true
			if p.Arch != target.Arch && p.Arch != "all" {
				t.Errorf("%s: %s is for %s", target.Name, p.Name, p.Arch)
			}
		}
		for _, name := range append(append([]string{}, Common...), target.Packages...) {
			if name, _, _ = strings.Cut(name, "/"); !have[name] {
				t.Errorf("%s: the lock lacks %s; make it again", target.Name, name)
			}
		}
	}
}

func TestLockSaysWhatIsWrong(t *testing.T) {
	good := "root cage 0.2 arm64 1000 " + strings.Repeat("ab", 32) + " debian/pool/c.deb"
	if _, err := ParseLock("x.lock", strings.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for name, line := range map[string]string{
		"fields": "root cage 0.2",
		"part":   strings.Replace(good, "root", "rot", 1),
		"size":   strings.Replace(good, " 1000 ", " -1 ", 1),
		"sum":    strings.Replace(good, "ab ", "a ", 1),
		"path":   strings.Replace(good, "debian/", "../", 1),
		"empty":  "# nothing",
	} {
		if _, err := ParseLock("x.lock", strings.NewReader(line)); err == nil || !strings.Contains(err.Error(), "x.lock") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeeps(t *testing.T) {
	target, err := Find("uefi-amd64")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		pkg, name string
		want      bool
	}{
		{"systemd", "usr/lib/systemd/systemd", true},
		{"systemd", "usr/bin/journalctl", true},
		{"systemd", "usr/bin/systemd-nspawn", false},
		{"bash", "usr/bin/bash", false},
		{"util-linux", "usr/sbin/agetty", false},
		{"cage", "usr/share/doc/cage/copyright", false},
		{"cage", "usr/bin/cage", true},
		{"firmware-realtek", "usr/lib/firmware/rtl_nic/rtl8168h-2.fw", true},
		{"firmware-realtek", "usr/lib/firmware/rtl_bt/rtl8821a_fw.bin", false},
	} {
		if got := target.Keeps(c.pkg, c.name); got != c.want {
			t.Errorf("%s of %s is kept: %v", c.name, c.pkg, got)
		}
	}
	if _, err := Find("toaster"); err == nil || !strings.Contains(err.Error(), "rpi-arm64") {
		t.Errorf("an unknown target: %v", err)
	}
}

// Nobody can log in, nothing that is started is masked, and every user has a
// number of its own.
func TestSystem(t *testing.T) {
	ids := map[string]bool{}
	for line := range strings.Lines(string(Accounts()["etc/passwd"])) {
		f := strings.Split(strings.TrimSpace(line), ":")
		if f[1] != "!" || f[6] != "/usr/sbin/nologin" || ids[f[2]] {
			t.Errorf("account %q", line)
		}
		ids[f[2]] = true
	}
	never := map[string]bool{}
	for _, u := range masked {
		never[u] = true
	}
	for _, units := range enabled {
		for _, u := range units {
			if never[u] {
				t.Errorf("%s is started and masked", u)
			}
		}
	}
	for _, u := range []string{"getty@.service", "debug-shell.service", "ctrl-alt-del.target", "rescue.service"} {
		if !never[u] {
			t.Errorf("%s could start", u)
		}
	}
}

func TestShowIsRead(t *testing.T) {
	text := "Package: a\nVersion: 2\nArchitecture: arm64\nSize: 7\nSHA256: x\nFilename: pool/main/a/a_2.deb\nDescription: one\n more: lines\n\n" +
		"Package: a\nVersion: 2\nSize: 7\nFilename: pool/main/a/a_2.deb\n\n" +
		"Package: k\nVersion: 1\nArchitecture: all\nSize: 9\nSHA256: y\nFilename: pool/updates/main/k/k_1.deb\n"
	all, err := parseShow([]byte(text), Mirrors{}, 2)
	if err != nil || len(all) != 2 {
		t.Fatalf("%v, %v", all, err)
	}
	m := Mirrors{Debian: "http://m/debian", Security: "http://s/debian-security"}
	if a, k := m.URL(all[0]), m.URL(all[1]); a != "http://m/debian/pool/main/a/a_2.deb" || k != "http://s/debian-security/pool/updates/main/k/k_1.deb" {
		t.Errorf("%s, %s", a, k)
	}
	if _, err := parseShow([]byte(text), Mirrors{}, 3); err == nil {
		t.Error("a package that is not shown is not missed")
	}
}
