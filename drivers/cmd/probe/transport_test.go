package main

import (
	"net"
	"strings"
	"testing"

	"jobhome/drivers/sim"
	"jobhome/drivers/uart/uarttest"

	puart "periph.io/x/conn/v3/uart"
)

// The same printer on the network.
func TestPrinterOnTheNetwork(t *testing.T) {
	t.Parallel() // it waits most of the time
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := sim.NewPrinter(sim.PrinterOpts{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = p.Serve(c) // until the other side has enough
			c.Close()
		}
	}()
	t.Cleanup(func() {
		l.Close()
		p.Close()
		<-done
	})
	url := "tcp:" + l.Addr().String() + "?profile=xprinter"
	code, r, stderr := probe(t, url, "status")
	if code != 0 || r["ready"] != true || r["port"] != l.Addr().String() || r["baud"] != nil {
		t.Errorf("status: exit %d, %v, %q", code, r, stderr)
	}
	code, r, stderr = probe(t, url, "test")
	if code != 0 || r["state"] != "printed" {
		t.Errorf("test: exit %d, %v, %q", code, r, stderr)
	}
	if s := p.Slips(); len(s) != 1 || !strings.Contains(s[0].Text, "打印机测试页") {
		t.Errorf("%d slips", len(s))
	}
}

func TestPrinterIsAskedForItsProfile(t *testing.T) {
	_, url := simPrinter(t, sim.PrinterOpts{})
	url, _, _ = strings.Cut(url, "&")
	code, r, stderr := probe(t, url+"&profile=auto", "status")
	if code != 0 || r["profile"] == "" || r["profile"] == "auto" {
		t.Errorf("exit %d, %v, %q", code, r, stderr)
	}
}

// A page with a picture is refused whole under XON/XOFF; text goes.
func TestXonXoffIsForText(t *testing.T) {
	p, url := simPrinter(t, sim.PrinterOpts{})
	code, r, stderr := probe(t, url+"&flow=xonxoff", "test")
	if code != 1 || r["sent_bytes"] != 0.0 || !strings.Contains(stderr, "XON/XOFF") {
		t.Errorf("exit %d, %v, %q", code, r, stderr)
	}
	if n := len(p.Slips()); n != 0 || p.Progress().Text != "" {
		t.Errorf("%d slips, and %q", n, p.Progress().Text)
	}
	if code, r, stderr = probe(t, url+"&flow=xonxoff", "status"); code != 0 {
		t.Errorf("status: exit %d, %v, %q", code, r, stderr)
	}
}

func TestPlaces(t *testing.T) {
	for args, want := range map[string]string{
		"usblp:/dev/usb/no-such-lp status":      "is the printer on?",
		"usblp:ffff:ffff status":                "lsusb",
		"tcp:127.0.0.1:1 status":                "another computer",
		"uart:/dev/no-such-tty status":          "is the cable in?",
		"uart:ffff:0001?port=1-1.3 status":      "FFFF:0001 at port 1-1.3",
		"-blind usblp:/dev/usb/no-such-lp test": "is the printer on?",
	} {
		code, r, stderr := probe(t, strings.Fields(args)...)
		if code != 1 || r == nil || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %v, %q", args, code, r, stderr)
		}
	}
	for args, want := range map[string]string{
		"usblp:lp0 status":             "whole path",
		"uart:ffff:0001?baud=x status": `port "uart:ffff:0001?baud=x": baud="x"`,
		"hid:10c4:0007 status":         "want uart:/dev/ttyUSB0, uart:1a86:7523, usblp:",
		"usblp:/dev/x?baud=1 status":   "baud= is not known",
		"tcp: status":                  "no host",
		"tcp:a?flow=none status":       "flow= is not known",
		"uart:/dev/x?flow=dtr status":  "none, rtscts or xonxoff",
		"uart:/dev/x?flow=dsrdtr test": "DTR to CTS",
	} {
		code, _, stderr := probe(t, strings.Fields(args)...)
		if code != 2 || !strings.Contains(stderr, want) {
			t.Errorf("%s: exit %d, %q", args, code, stderr)
		}
	}
	for args, want := range map[string]puart.Flow{
		"uart:/dev/x?profile=epson-tm status":            puart.RTSCTS,
		"uart:/dev/x?profile=epson-tm&flow=none status":  puart.NoFlow,
		"uart:/dev/x?profile=generic80 status":           puart.NoFlow,
		"uart:/dev/x?profile=generic80&flow=rtscts test": puart.RTSCTS,
	} {
		c, err := parsePrinter(strings.Fields(args))
		if err != nil || c.line.Flow != want || c.opts().NoFlow != (want == puart.NoFlow) {
			t.Errorf("%s: flow %v, %v", args, c.line.Flow, err)
		}
	}
}

// extra is a wire that can do more than the least.
type extra struct {
	uarttest.Playback
	flushed string
}

func (e *extra) FlushInput() error  { e.flushed += "in "; return nil }
func (e *extra) FlushOutput() error { e.flushed += "out "; return nil }

type extraPort struct{ extra }

func (*extraPort) PortStatus() (paperOut, fault, known bool, err error) {
	return true, false, true, nil
}

// A driver finds the same abilities with a listener in its wire as without.
func TestListenerHidesNothing(t *testing.T) {
	var log uarttest.Log
	plain := listenTo(&log, &uarttest.Playback{})
	if _, ok := plain.(flusher); ok {
		t.Error("a flush that the wire does not have")
	}
	e := &extra{}
	f, ok := listenTo(&log, e).(flusher)
	if !ok || f.FlushInput() != nil || f.FlushOutput() != nil || e.flushed != "in out " {
		t.Errorf("flushed %q", e.flushed)
	}
	if _, ok := f.(porter); ok {
		t.Error("a status that the wire does not have")
	}
	p, ok := listenTo(&log, &extraPort{}).(porter)
	if !ok {
		t.Fatal("no status")
	}
	if paper, _, known, _ := p.PortStatus(); !paper || !known {
		t.Error("another status")
	}
	if _, ok := p.(flusher); !ok {
		t.Error("no flush")
	}
}
