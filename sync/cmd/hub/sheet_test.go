package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/kiosk/profile"
)

// What is written for a stick, or as a code, is what a terminal takes; the
// passphrase comes from a file only, and it is noted that a code was given out.
func TestProfile(t *testing.T) {
	h := newHub(t)
	h.run(0, "init")
	h.run(0, "site", "put", "-name", "茶山街道就业之家", "-area", "360482001", "-phone", "0792-5550100", "-board", "360482", "chashan")
	dir := t.TempDir()
	secret, out := filepath.Join(dir, "secret"), filepath.Join(dir, "jobhome", "site.txt")
	if err := os.WriteFile(secret, []byte("secret-passphrase\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	flags := []string{"profile", "-ssid", "茶山", "-passphrase-file", secret, "-printer", "usblp:/dev/usb/lp0?profile=auto", "-rotation", "90"}
	h.run(0, append(flags, "-o", out, "chashan", "chashan-3")...)
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(out)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	p, err := profile.Parse("site.txt", text)
	if err != nil || p.ID != "chashan-3" || p.Machine.WiFi.Passphrase != "secret-passphrase" || p.Root.N != 1 || p.Code == "" || p.Wanted.Hub.Board != "360482" {
		t.Errorf("%v\n%+v", err, p)
	}
	code := h.run(0, append(flags, "-code", "chashan")...)
	if q, err := profile.Parse("code", []byte(code)); err != nil || q.ID != "chashan-1" || q.Code == p.Code || q.Root != p.Root {
		t.Errorf("%v\n%+v", err, q)
	}
	if wrong := h.run(1, "profile", "-rotation", "45", "chashan"); !strings.Contains(wrong, "screen.rotation") {
		t.Error(wrong)
	}
	h.run(1, "profile", "nowhere")
	h.run(2, "profile")
}
