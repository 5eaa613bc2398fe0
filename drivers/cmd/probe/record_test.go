package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"jobhome/drivers/escpos"
	"jobhome/drivers/idcard"
	"jobhome/drivers/printer"
	"jobhome/drivers/sim"
	"jobhome/drivers/uart/uarttest"
)

// stranger is nobody either, and none of those that a redacted transcript shows.
func stranger() sim.Person {
	p := sim.People()[0]
	p.Name, p.Birth, p.Number = "欧阳测试", "18700310", "119900187003100169"
	p.Address, p.NewAddress = "某某省无名市无名路77号", "某某省无名市无名路99号"
	p.Authority = "无名市公安局"
	return p
}

func units(s string) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

// received joins all that came from the device.
func received(t uarttest.Transcript) []byte {
	var all []byte
	for _, e := range t {
		if e.Kind == uarttest.Received {
			all = append(all, e.Bytes...)
		}
	}
	return all
}

// recordOf runs probe record and reads the file.
func recordOf(t *testing.T, want int, args ...string) (uarttest.Transcript, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "transcript.txt")
	args[1] = file
	var out, errs bytes.Buffer
	if code := run(append([]string{"record"}, args...), &out, &errs); code != want {
		t.Fatalf("exit %d: %s", code, &errs)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	tr, err := uarttest.ParseTranscript(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return tr, string(text)
}

// playCard gives a transcript to the driver that ships, and returns what it reads.
func playCard(t *testing.T, tr uarttest.Transcript, o idcard.Opts) (number, name, address string) {
	t.Helper()
	wires := tr.Playbacks()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	dev := idcard.New(func() (idcard.Wire, error) {
		if len(wires) == 0 {
			cancel()
			return nil, io.EOF
		}
		w := wires[0]
		wires = wires[1:]
		return w, nil
	}, o)
	dev.Arm()
	if err := dev.Run(ctx, func(e idcard.Event) {
		switch e.Kind {
		case idcard.Read:
			number, name, address = string(e.Card.Number), string(e.Card.Name), string(e.Card.NewAddress)
			cancel()
		case idcard.Down, idcard.Failed:
			t.Errorf("%v: %v", e.Kind, e.Err)
			cancel()
		}
	}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	return number, name, address
}

// What a reader said is played back through the driver, and the card in it is
// another person's.
func TestRecordOfACardIsRedacted(t *testing.T) {
	rd, pty := readerPort(t)
	p := stranger()
	rd.Place(p)
	tr, text := recordOf(t, 0, "uart:"+pty.Path(), "", "--", "card", "-n", "1", "-reveal")
	if !strings.Contains(text, "a person who does not exist") {
		t.Errorf("the file does not say that it is redacted: %.200s", text)
	}
	said := received(tr)
	for _, secret := range []string{p.Name, p.Number, p.Birth, p.Address, p.NewAddress, p.Authority, p.Name[:3]} {
		if bytes.Contains(said, units(secret)) {
			t.Errorf("%s is in the transcript", secret)
		}
	}
	number, name, address := playCard(t, tr, idcard.Opts{NewestAddress: true})
	shown := sim.People()[0]
	if number != shown.Number || name != shown.Name || strings.Trim(address, "\x00") != "" {
		t.Errorf("played back: %q %q %q", number, name, address)
	}
}

func TestRecordRevealsOnRequest(t *testing.T) {
	rd, pty := readerPort(t)
	p := stranger()
	rd.Place(p)
	tr, text := recordOf(t, 0, "uart:"+pty.Path(), "", "-reveal", "--", "card", "-n", "1")
	if !strings.Contains(text, "do not pass this file on") {
		t.Errorf("the file does not warn: %.200s", text)
	}
	if number, name, _ := playCard(t, tr, idcard.Opts{}); number != p.Number || name != p.Name {
		t.Errorf("played back: %q %q", number, name)
	}
}

// A printer's transcript, too, is good for the driver.
func TestRecordOfAPrinter(t *testing.T) {
	p, url := simPrinter(t, sim.PrinterOpts{})
	tr, text := recordOf(t, 0, url, "", "--", "printer", "status")
	if !strings.HasPrefix(text, "# probe record "+url+" -- printer status\n") {
		t.Errorf("%.200s", text)
	}
	p.OpenCover()
	open, _ := recordOf(t, 1, url, "", "--", "printer", "status")
	for _, c := range []struct {
		tr    uarttest.Transcript
		ready bool
		words string
	}{{tr, true, "ready"}, {open, false, "offline, cover open"}} {
		wires := c.tr.Playbacks()
		prof, err := escpos.ProfileByName("xprinter")
		if err != nil || len(wires) != 1 {
			t.Fatalf("%d wires, %v", len(wires), err)
		}
		dev := printer.New(func() (printer.Wire, error) { return wires[0], nil }, prof, printer.Opts{Baud: 115200})
		st, err := dev.Status(t.Context())
		if err != nil || st.Ready() != c.ready || st.String() != c.words {
			t.Errorf("played back: %v, %v, want %s", st, err, c.words)
		}
		if err := dev.Close(); err != nil { // departures from the script are told here
			t.Error(err)
		}
	}
}

// A printed page plays back as printed.
func TestRecordOfATestPage(t *testing.T) {
	t.Parallel() // it waits most of the time
	_, url := simPrinter(t, sim.PrinterOpts{})
	tr, _ := recordOf(t, 0, url, "", "--", "printer", "test")
	var page []byte
	for _, e := range tr {
		if e.Kind == uarttest.Written {
			page = append(page, e.Bytes...)
		}
	}
	if !bytes.Contains(page, []byte("0000-TEST")) && !bytes.Contains(page, []byte("\x1dv0")) {
		t.Error("the page is not in the transcript")
	}
	if len(received(tr)) == 0 {
		t.Error("no answer is in the transcript")
	}
}

func TestRecordUsage(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	if err := os.WriteFile(taken, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	free := filepath.Join(dir, "free")
	for _, c := range []struct {
		args string
		code int
		want string
	}{
		{"record", 2, "want a URL and a file"},
		{"record uart:/dev/x " + free, 2, "no command"},
		{"record uart:/dev/x " + free + " --", 2, "no command"},
		{"record uart:/dev/x " + free + " -- scan", 2, "want card or printer"},
		{"record uart:/dev/x " + free + " -- card uart:/dev/y", 2, "2 URLs"},
		{"record usblp:/dev/x " + free + " -- card", 2, "want uart:"},
		{"record uart:/dev/x " + free + " -- printer", 2, "want a URL and one of"},
		{"record uart:/dev/x " + free + " -- printer print /etc/hosts", 2, "record a test page"},
		{"record uart:/dev/x " + free + " -colour -- card", 2, "not defined"},
		{"record uart:/dev/x " + free + " -- card -h", 2, "ask the command itself"},
		{"record uart:/dev/x " + taken + " -- card", 1, "exists"},
		{"record uart:" + dir + "/none " + free + " -- printer status", 1, "is the cable in?"},
	} {
		var out, errs bytes.Buffer
		if code := run(strings.Fields(c.args), &out, &errs); code != c.code || !strings.Contains(errs.String(), c.want) {
			t.Errorf("probe %s: exit %d, %q", c.args, code, &errs)
		}
	}
	if b, err := os.ReadFile(taken); err != nil || string(b) != "mine" {
		t.Errorf("a file that was there: %q, %v", b, err)
	}
	var out, errs bytes.Buffer
	if code := run([]string{"record", "-h"}, &out, &errs); code != 0 || !strings.Contains(out.String(), "usage") {
		t.Errorf("record -h: exit %d, %q", code, &out)
	}
}
