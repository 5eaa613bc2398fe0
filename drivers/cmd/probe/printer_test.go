package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/drivers/glyph"
	"jobhome/drivers/sim"
)

// simPrinter is a simulated printer on a pseudo terminal, and its URL.
func simPrinter(t *testing.T, o sim.PrinterOpts) (*sim.Printer, string) {
	t.Helper()
	pty, err := sim.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	p := sim.NewPrinter(o)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = p.Serve(pty) // ends when the printer is closed
	}()
	t.Cleanup(func() {
		p.Close()
		<-done
	})
	return p, "uart:" + pty.Path() + "?baud=115200&profile=xprinter"
}

// probe runs the command and decodes what it prints.
func probe(t *testing.T, args ...string) (code int, report map[string]any, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = printerCommand(args, &out, &errs)
	if out.Len() > 0 {
		if err := json.Unmarshal(out.Bytes(), &report); err != nil || strings.Count(out.String(), "\n") != 1 {
			t.Fatalf("not one line of JSON: %q, %v", out.String(), err)
		}
	}
	return code, report, errs.String()
}

func TestPrinterStatus(t *testing.T) {
	p, url := simPrinter(t, sim.PrinterOpts{})
	tests := []struct {
		name  string
		do    func()
		code  int
		words string
		hint  string
	}{
		{"well", func() {}, 0, "ready", ""},
		{"low", func() { p.LowPaper(true) }, 0, "ready, paper low", ""},
		{"out", func() { p.EndPaper(0) }, 1, "offline, paper out, paper low", "put paper in"},
		{"loaded", p.LoadPaper, 0, "ready", ""},
		{"cover", p.OpenCover, 1, "offline, cover open", "Close the cover"},
		{"off", p.PowerOff, 1, "unknown", "switched on"},
	}
	for _, tt := range tests {
		tt.do()
		code, r, stderr := probe(t, url, "status")
		if code != tt.code || r["words"] != tt.words || r["ready"] != (tt.code == 0) || !strings.Contains(stderr, tt.hint) {
			t.Errorf("%s: exit %d, %v, %q", tt.name, code, r, stderr)
		}
	}
}

func TestPrinterTestPage(t *testing.T) {
	t.Parallel() // it waits most of the time
	var o sim.PrinterOpts
	face, err := glyph.Open()
	if err == nil {
		defer face.Close()
		o.Glyphs = face
	}
	p, url := simPrinter(t, o)
	code, r, stderr := probe(t, url, "test")
	if code != 0 || r["state"] != "printed" || r["bytes"] != r["sent_bytes"] {
		t.Fatalf("exit %d, %v, %q", code, r, stderr)
	}
	s := p.Slips()
	if len(s) != 1 || !strings.Contains(s[0].Text, "打印机测试页\nxprinter") || !strings.Contains(s[0].Text, "就业之家") {
		t.Fatalf("%d slips, the first says %q", len(s), s[0].Text)
	}
	if odd := p.Oddities(); len(odd) > 0 {
		t.Errorf("oddities: %q", odd)
	}
	file := filepath.Join(t.TempDir(), "slip.png")
	if keep := os.Getenv("SLIP_PNG_DIR"); keep != "" {
		file = filepath.Join(keep, "testpage.png")
	}
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := s[0].PNG(f); err != nil {
		t.Fatal(err)
	}
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed (apt-get install zbar-tools)")
	}
	got, err := exec.Command(zbar, "-q", "--raw", file).Output()
	if err != nil || strings.TrimSpace(string(got)) != "https://example.cn/p/TEST?r=0000-TEST" {
		t.Errorf("zbarimg reads %q, %v", got, err)
	}
}

func TestPrinterFile(t *testing.T) {
	t.Parallel() // it waits most of the time
	p, url := simPrinter(t, sim.PrinterOpts{})
	file := filepath.Join(t.TempDir(), "slip.bin")
	if err := os.WriteFile(file, []byte("\x1b@hello\n\x1dVB\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, r, stderr := probe(t, url, "print", file, "-profile", "generic80")
	if code != 0 || r["state"] != "printed" || r["profile"] != "generic80" {
		t.Errorf("exit %d, %v, %q", code, r, stderr)
	}
	if s := p.Slips(); len(s) != 1 || s[0].Text != "hello\n" {
		t.Errorf("%d slips", len(s))
	}
	p.OpenCover()
	code, r, _ = probe(t, url, "print", file)
	if code != 1 || r["state"] != "failed" || r["sent_bytes"] != 0.0 {
		t.Errorf("open cover: exit %d, %v", code, r)
	}
	if code, r, stderr = probe(t, url, "print", file+".no"); code != 1 || !strings.Contains(stderr, "no such file") {
		t.Errorf("missing file: exit %d, %v, %q", code, r, stderr)
	}
}

func TestPrinterUsage(t *testing.T) {
	for _, tt := range []struct {
		args string
		want string
	}{
		{"", "want a URL"},
		{"uart:/dev/x", "want a URL"},
		{"uart:/dev/x print", "want a URL"},
		{"uart:/dev/x status more", "want a URL"},
		{"usb:/dev/x status", "want uart:"},
		{"uart:/dev/x?speed=1 status", "speed= is not known"},
		{"uart:/dev/x?profile=no status", "there are generic58"},
		{"-colour uart:/dev/x status", "not defined"},
	} {
		code, _, stderr := probe(t, strings.Fields(tt.args)...)
		if code != 2 || !strings.Contains(stderr, tt.want) || !strings.Contains(stderr, "usage:") {
			t.Errorf("%q: exit %d, %q", tt.args, code, stderr)
		}
	}
	code, r, stderr := probe(t, "uart:"+filepath.Join(t.TempDir(), "none"), "status")
	if code != 1 || r["unknown"] != true || !strings.Contains(stderr, "is the cable in?") {
		t.Errorf("missing device: exit %d, %v, %q", code, r, stderr)
	}
}

func TestPrinterBaudOfTheProfile(t *testing.T) {
	for args, want := range map[string]int{
		"uart:/dev/x status":                              19200,
		"uart:/dev/x?profile=generic58 status":            9600,
		"uart:/dev/x?baud=38400 status":                   38400,
		"-profile xprinter uart:/dev/x?profile=no status": 115200,
	} {
		c, err := parsePrinter(strings.Fields(args))
		if err != nil || c.line.Baud != want {
			t.Errorf("%q: %d baud, %v; want %d", args, c.line.Baud, err, want)
		}
	}
}
