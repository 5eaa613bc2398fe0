package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/drivers/sim"
	"jobhome/drivers/wires"
)

// readerPort is a simulated reader behind a real serial device file.
func readerPort(t *testing.T) (*sim.Reader, *sim.PTY) {
	t.Helper()
	pty, err := sim.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	rd := sim.NewReader(sim.ReaderOpts{})
	done := make(chan error, 1)
	go func() { done <- rd.Serve(pty) }()
	t.Cleanup(func() {
		pty.Close()
		if err := <-done; err != nil {
			t.Errorf("simulator: %v", err)
		}
	})
	return rd, pty
}

func TestCardIsPrintedMasked(t *testing.T) {
	rd, pty := readerPort(t)
	p := sim.People()[0]
	rd.Place(p)
	var out, errs bytes.Buffer
	if code := run([]string{"card", "uart:" + pty.Path(), "-n", "1"}, &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, &errs)
	}
	var events []string
	for line := range strings.Lines(out.String()) {
		var l struct {
			Event string
			SAM   string
			Card  struct{ Type, Name, Number string }
		}
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		events = append(events, l.Event)
		if l.Event == "read" && (l.Card.Name != "陈*禾" || l.Card.Number != p.Number[:6]+"********"+p.Number[14:]) {
			t.Errorf("card %+v", l.Card)
		}
		if l.Event == "ready" && l.SAM == "" {
			t.Error("ready without the number of the module")
		}
	}
	if got := strings.Join(events, " "); got != "ready found read" {
		t.Errorf("events: %s", got)
	}
	for _, secret := range []string{p.Name, p.Number, p.Number[6:14], p.Address, p.NewAddress} {
		if strings.Contains(out.String()+errs.String(), secret) {
			t.Error("the output tells what is on the card")
		}
	}
}

func TestReveal(t *testing.T) {
	rd, pty := readerPort(t)
	p := sim.People()[0]
	rd.Place(p)
	var out, errs bytes.Buffer
	if code := run([]string{"card", "-reveal", "-n=1", "uart:" + pty.Path() + "?baud=9600"}, &out, &errs); code != 0 {
		t.Fatalf("exit %d: %s", code, &errs)
	}
	for _, want := range []string{p.Name, p.Number, p.Address, p.NewAddress, "女", "汉", "1996-03-12", "2036-04-01"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in %s", want, &out)
		}
	}
}

// The reader is pulled out and put back under the same name while probe runs.
func TestHotPlug(t *testing.T) {
	t.Parallel() // it waits most of the time
	link := filepath.Join(t.TempDir(), "usb-reader")
	rd, pty := readerPort(t)
	if err := pty.Link(link); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, w := io.Pipe()
	done := make(chan int, 1)
	var errs bytes.Buffer
	go func() {
		done <- probeCards(ctx, cardArgs{at: wires.Address{Scheme: wires.UART, Path: link}, count: 2}, w, &errs)
		w.Close()
	}()
	people := sim.People()
	var events []string
	for lines := bufio.NewScanner(r); lines.Scan(); {
		var l struct{ Event string }
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		events = append(events, l.Event)
		switch strings.Join(events, " ") {
		case "ready":
			rd.PlaceOther()
		case "ready found not-resident":
			rd.Lift()
		case "ready found not-resident removed":
			rd.Place(people[1])
		case "ready found not-resident removed found read":
			pty.Close()
		case "ready found not-resident removed found read down":
			rd, pty = readerPort(t)
			rd.Place(people[2])
			if err := pty.Link(link); err != nil {
				t.Fatal(err)
			}
		}
	}
	if code := <-done; code != 0 {
		t.Errorf("exit %d: %s", code, &errs)
	}
	want := "ready found not-resident removed found read down ready found read"
	if got := strings.Join(events, " "); got != want {
		t.Errorf("events: %s\nwant:   %s", got, want)
	}
}

func TestCardTrouble(t *testing.T) {
	t.Parallel() // it waits most of the time
	_, pty := readerPort(t)
	gone := pty.Path()
	pty.Close()
	silent, err := sim.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	for _, c := range []struct {
		args   string
		code   int
		stderr string
	}{
		{"card uart:" + gone + "-none", 1, "ls /dev/serial/by-id"},
		{"card uart:" + silent.Path(), 1, "Try baud="},
		{"card uart:/dev/null", 1, "port"},
		{"card", 2, "want one"},
		{"card uart:/dev/a uart:/dev/b", 2, "want one"},
		{"card tcp:10.0.0.1", 2, "want uart:/dev/"},
		{"card usb:ffff:0001", 1, "lsusb"},
		{"card hid:ffff:0001?port=1-1.3", 1, "FFFF:0001 at port 1-1.3"},
		{"card hid:/dev/no-such-hidraw", 1, "no-such-hidraw"},
		{"card uart:ffff:0001?port=1-1.3", 1, "FFFF:0001 at port 1-1.3"},
		{"card usb:/dev/a", 2, "want a USB id"},
		{"card usb:0400:c35a?framing=x", 2, "want split, pair or hid"},
		{"card hid:10c4:0007?framing=hid", 2, `no setting "framing"`},
		{"card uart:/dev/a?port=1-1", 2, "goes with a USB id"},
		{"card usblp:/dev/usb/lp0", 2, "want uart:/dev/"},
		{"card uart:/dev/a -n x", 2, "usage: probe card"},
		{"card uart:/dev/a -n -1", 2, "number of cards"},
		{"card uart:/dev/a -fingerprint", 2, "usage: probe card"},
		{"card uart:/dev/a?profile=x", 2, `no setting "profile"`},
		{"", 2, "probe card URL"},
		{"scanner", 2, `no device "scanner"`},
	} {
		var out, errs bytes.Buffer
		if code := run(strings.Fields(c.args), &out, &errs); code != c.code || !strings.Contains(errs.String(), c.stderr) {
			t.Errorf("probe %s: exit %d, %q, want %d and %q", c.args, code, &errs, c.code, c.stderr)
		}
	}
	for _, args := range []string{"help", "-h", "card -h"} {
		var out, errs bytes.Buffer
		if code := run(strings.Fields(args), &out, &errs); code != 0 || !strings.Contains(out.String(), "usage") || errs.Len() > 0 {
			t.Errorf("probe %s: exit %d, %q %q", args, code, &out, &errs)
		}
	}
}
