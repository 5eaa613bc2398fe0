package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/sim"
	"jobhome/drivers/usb"
	"jobhome/drivers/wires"
)

// Each kind of device has the speed it is delivered with, unless the URL says
// another.
func TestBaudOfTheKind(t *testing.T) {
	for _, c := range []struct {
		k    kind
		url  string
		want int
	}{
		{readerKind, "uart:/dev/x", 115200},
		{readerKind, "uart:1a86:7523?port=1-1.3", 115200},
		{readerKind, "uart:/dev/x?baud=9600", 9600},
		{readerKind, "usb:0400:C35A", 0},
		{scannerKind, "uart:/dev/x", 9600},
		{scannerKind, "uart:1a86:7523?baud=115200", 115200},
		{badgeKind, "uart:/dev/x", 115200},
	} {
		a, err := c.k.parsePlain(c.url)
		if err != nil || a.Baud != c.want {
			t.Errorf("%s at %s: %d baud, %v; want %d", c.k.name, c.url, a.Baud, err, c.want)
		}
	}
}

// plugIn makes a computer with one USB device, whose node is a pseudo terminal.
func plugIn(t *testing.T, id, class, node string, pty *sim.PTY) usb.Host {
	t.Helper()
	h := usb.Host{Sys: t.TempDir(), Dev: t.TempDir()}
	dir := filepath.Join(h.Sys, "bus/usb/devices/1-1.3")
	for name, text := range map[string]string{
		"idVendor": id[:4], "idProduct": id[5:], "busnum": "1", "devnum": "7",
		"1-1.3:1.0/bInterfaceNumber":                   "00",
		filepath.Join("1-1.3:1.0", class, node, "dev"): "",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := pty.Link(filepath.Join(h.Dev, node)); err != nil {
		t.Fatal(err)
	}
	return h
}

// hidPort is a simulated reader with HID reports. The pseudo terminal is its hidraw
// node: each write to it is a report with its number in front, each read one without.
func hidPort(t *testing.T) (*sim.Reader, *sim.PTY) {
	t.Helper()
	pty, err := sim.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	rd := sim.NewReader(sim.ReaderOpts{})
	u, err := rd.DialHID()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{}, 2)
	go func() {
		defer func() { done <- struct{}{} }()
		for b := make([]byte, 1+usb.ReportLen); ; {
			if _, err := io.ReadFull(pty, b); err != nil {
				return
			}
			if _, err := u.Reports.Write(b[1:]); err != nil {
				return
			}
		}
	}()
	go func() {
		defer func() { done <- struct{}{} }()
		for b := make([]byte, usb.ReportLen); ; {
			n, err := u.Reports.Read(b)
			if err != nil {
				return
			}
			if _, err := pty.Write(b[:n]); err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		u.Close()
		pty.Close()
		<-done
		<-done
	})
	return rd, pty
}

// cardOn reads a card at an address on a computer, and returns the events.
func cardOn(t *testing.T, h usb.Host, url string, also ...string) string {
	t.Helper()
	a, err := parseCard(append([]string{url, "-n", "1"}, also...))
	if err != nil {
		t.Fatal(err)
	}
	a.at.Host = h
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second) // for a card that is never read
	defer cancel()
	var out, errs bytes.Buffer
	if code := probeCards(ctx, a, &out, &errs); code != 0 {
		t.Fatalf("%s: exit %d: %s", url, code, &errs)
	}
	var events []string
	for dec := json.NewDecoder(&out); dec.More(); {
		var l struct{ Event string }
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		events = append(events, l.Event)
	}
	return strings.Join(events, " ")
}

// The same reader behind every kind of address that the settings take.
func TestCardReaderWhereverItIs(t *testing.T) {
	const want = "ready found read"
	rd, pty := readerPort(t)
	rd.Place(sim.People()[0])
	h := plugIn(t, "1a86:7523", "ttyUSB0/tty", "ttyUSB0", pty)
	if got := cardOn(t, h, "uart:1A86:7523?port=1-1.3"); got != want {
		t.Errorf("serial by id: %s", got)
	}
	rd, pty = hidPort(t)
	rd.Place(sim.People()[0])
	h = plugIn(t, "10c4:0007", "0003:10C4:0007.0001/hidraw", "hidraw3", pty)
	if got := cardOn(t, h, "hid:10c4:0007"); got != want {
		t.Errorf("HID by id: %s", got)
	}
	rd.Place(sim.People()[1]) // a card is read once while it lies there
	if got := cardOn(t, usb.Host{}, "hid:"+pty.Path()); got != want {
		t.Errorf("HID by node: %s", got)
	}
	rd.Place(sim.People()[2])
	if got := cardOn(t, h, "usb:10c4:0007?framing=hid"); got != want {
		t.Errorf("HID in the framing of the URL: %s", got)
	}
	a, err := parseCard([]string{"hid:10c4:0007?port=2-1"})
	if err != nil {
		t.Fatal(err)
	}
	a.at.Host = h
	var out, errs bytes.Buffer
	if code := probeCards(t.Context(), a, &out, &errs); code != 1 || !strings.Contains(errs.String(), "at port 2-1") {
		t.Errorf("at another port: exit %d, %s", code, &errs)
	}
}

// A USB reader's transcript has the frames of a serial one, redacted alike.
func TestRecordOfAUSBReader(t *testing.T) {
	rd, pty := hidPort(t)
	p := stranger()
	rd.Place(p)
	tr, text := recordOf(t, 0, "hid:"+pty.Path(), "", "--", "card", "-n", "1")
	if !strings.HasPrefix(text, "# probe record hid:"+pty.Path()+" -- card -n 1\n") {
		t.Errorf("%.200s", text)
	}
	for _, secret := range []string{p.Name, p.Number, p.Address} {
		if bytes.Contains(received(tr), units(secret)) {
			t.Errorf("%s is in the transcript", secret)
		}
	}
	shown := sim.People()[0]
	if number, name, _ := playCard(t, tr, idcard.Opts{}); number != shown.Number || name != shown.Name {
		t.Errorf("played back: %q %q", number, name)
	}
}

// A printer behind the USB id of its serial adapter.
func TestPrinterByUSBID(t *testing.T) {
	pty, err := sim.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	p := sim.NewPrinter(sim.PrinterOpts{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = p.Serve(pty) // ends when the printer is closed
	}()
	t.Cleanup(func() {
		p.Close()
		<-done
	})
	c, err := parsePrinter([]string{"uart:1a86:7523?port=1-1.3&profile=xprinter", "status"})
	if err != nil {
		t.Fatal(err)
	}
	c.at.Host = plugIn(t, "1a86:7523", "ttyUSB0/tty", "ttyUSB0", pty)
	var out, errs bytes.Buffer
	code := c.run(t.Context(), nil, [2]io.Writer{&out, &errs})
	var r map[string]any
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || code != 0 || r["ready"] != true || r["port"] != "1a86:7523" || r["baud"] != 115200.0 {
		t.Errorf("exit %d, %s, %s, %v", code, &out, &errs, err)
	}
	if _, err := open(wires.Address{}, nil); err == nil {
		t.Error("nowhere was opened")
	}
	if w, err := open(wires.Address{Scheme: wires.UART, Path: "/dev/no-such-tty"}, nil); w != nil || err == nil {
		t.Errorf("%v, %v", w, err)
	}
}
