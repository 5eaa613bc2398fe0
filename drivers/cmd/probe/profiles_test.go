package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/drivers/sim"
)

// A printer that can tell its name is known by it, and printed on accordingly.
func TestPrinterTellsItsName(t *testing.T) {
	t.Parallel() // it waits most of the time
	p, url := simPrinter(t, sim.PrinterOpts{Maker: "EPSON", Model: "TM-T88V"})
	url, _, _ = strings.Cut(url, "&")
	url += "&profile=auto"
	code, r, stderr := probe(t, url, "status")
	if code != 0 || r["profile"] != "epson-tm" || r["maker"] != "EPSON" || r["model"] != "TM-T88V" || r["ready"] != true {
		t.Errorf("status: exit %d, %v, %q", code, r, stderr)
	}
	code, r, stderr = probe(t, url, "test")
	if code != 0 || r["profile"] != "epson-tm" || r["maker"] != "EPSON" || r["model"] != "TM-T88V" || r["state"] != "printed" {
		t.Errorf("test: exit %d, %v, %q", code, r, stderr)
	}
	if s := p.Slips(); len(s) != 1 || !strings.Contains(s[0].Text, "epson-tm  512 点  42 列") {
		t.Errorf("%d slips", len(s))
	}
}

// A name that no profile has is told all the same.
func TestPrinterOfAnUnknownName(t *testing.T) {
	_, url := simPrinter(t, sim.PrinterOpts{Maker: "无名厂", Model: "X-1"})
	url, _, _ = strings.Cut(url, "&")
	code, r, stderr := probe(t, url, "status", "-profile", "auto")
	if code != 0 || r["profile"] != "generic80" || r["maker"] == nil || r["model"] != "X-1" {
		t.Errorf("exit %d, %v, %q", code, r, stderr)
	}
}

// Own profiles are used by name and found by what the printer says; bad ones are
// told and do not stop.
func TestOwnProfiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"village.toml": "title = \"ours\"\ninherits = \"generic80\"\n[identity]\nanswers = true\nmatch = [{ maker = \"VILLAGE\", model = \"V\" }]\n[serial]\nbaud = 57600\n",
		"bad.toml":     "colour = 1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	_, url := simPrinter(t, sim.PrinterOpts{Maker: "VILLAGE", Model: "V1"})
	url, _, _ = strings.Cut(url, "&")
	for _, profile := range []string{"village", "auto"} {
		code, r, stderr := probe(t, url, "status", "-profiles", dir, "-profile", profile)
		if code != 0 || r["profile"] != "village" || r["maker"] != "VILLAGE" || !strings.Contains(stderr, "bad.toml") {
			t.Errorf("%s: exit %d, %v, %q", profile, code, r, stderr)
		}
	}
	c, err := parsePrinter([]string{"uart:/dev/x?profile=village", "status", "-profiles", dir})
	if err != nil || c.line.Baud != 57600 {
		t.Errorf("%d baud, %v", c.line.Baud, err)
	}
	for _, c := range []struct{ args, want string }{
		{"uart:/dev/x?profile=no status -profiles " + dir, "village"},
		{"uart:/dev/x?profile=bad status -profiles " + dir, "colour"},
		{"uart:/dev/x status -profiles " + dir + "/none", "no such file"},
	} {
		code, _, stderr := probe(t, strings.Fields(c.args)...)
		if code != 2 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %q", c.args, code, stderr)
		}
	}
}
