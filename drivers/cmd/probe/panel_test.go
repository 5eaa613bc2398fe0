package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/panel"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpiotest"
)

// lampPin counts how often it is switched on.
type lampPin struct {
	gpiotest.Pin
	lit int
	err error
}

func (p *lampPin) Out(l gpio.Level) error {
	if l {
		p.lit++
	}
	return errors.Join(p.Pin.Out(l), p.err)
}

// header has a lamp, a buzzer and a door switch.
type header struct {
	lamp, buzzer lampPin
	door         gpiotest.Pin
}

func newHeader() *header {
	h := &header{door: gpiotest.Pin{N: "GPIO6", EdgesChan: make(chan gpio.Level)}}
	h.lamp.N, h.buzzer.N = "GPIO27", "GPIO22"
	return h
}

func (h *header) find(name string) (gpio.PinIO, error) {
	pins := map[string]gpio.PinIO{"GPIO27": &h.lamp, "GPIO22": &h.buzzer, "GPIO6": &h.door}
	if p, ok := pins[name]; ok {
		return p, nil
	}
	return nil, fmt.Errorf("%s: %w: this computer has GPIO6, GPIO22, GPIO27", name, panel.ErrNoPin)
}

// tryPanel runs the command on a header. Act runs beside it.
func tryPanel(t *testing.T, h *header, args string, act func()) (code int, lines []panelLine, stderr string) {
	t.Helper()
	a, err := parsePanel(strings.Fields(args))
	if err != nil {
		t.Fatal(err)
	}
	go act()
	var out, errs bytes.Buffer
	code = a.try(t.Context(), h.find, [2]io.Writer{&out, &errs})
	for dec := json.NewDecoder(&out); dec.More(); {
		var l panelLine
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	return code, lines, errs.String()
}

// shown is a line without its time.
func shown(l panelLine) string {
	s := fmt.Sprintf("%s %s %s %s", l.Event, l.Function, l.Pin, l.State)
	if l.On != nil {
		s += fmt.Sprintf(" %t", *l.On)
	}
	return s
}

func TestPanel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHeader()
		begin := time.Now()
		code, lines, stderr := tryPanel(t, h, "lamp=GPIO27 -watch 10s buzzer=GPIO22 door=!GPIO6:up", func() {
			time.Sleep(5 * time.Second)
			h.door.EdgesChan <- gpio.Low
			time.Sleep(time.Second)
			h.door.EdgesChan <- gpio.High
		})
		var all []string
		for _, l := range lines {
			all = append(all, shown(l))
		}
		want := `part presence  not fitted
part service_key  not fitted
part door !GPIO6:up fitted false
part lamp GPIO27 fitted
part buzzer GPIO22 fitted
part reader_power  not fitted
change door !GPIO6:up fitted true
change door !GPIO6:up fitted false`
		if got := strings.Join(all, "\n"); code != 0 || got != want || stderr != "" {
			t.Errorf("exit %d, %q\n%s\nwant:\n%s", code, stderr, got, want)
		}
		if h.lamp.lit != 2 || h.buzzer.lit != 1 || h.lamp.Read() || h.buzzer.Read() {
			t.Errorf("the lamp was lit %d times and is %v, the buzzer %d and %v", h.lamp.lit, h.lamp.Read(), h.buzzer.lit, h.buzzer.Read())
		}
		if d := time.Since(begin); d < 10*time.Second || d > 12*time.Second {
			t.Errorf("watched for %v", d)
		}
	})
}

// A pin that is not there, or does not obey, is named, and the rest is tried.
func TestPanelFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHeader()
		h.buzzer.err = errors.New("line_request ioctl: device or resource busy")
		code, lines, stderr := tryPanel(t, h, "lamp=GPIO27 buzzer=GPIO22 presence=GPIO99 -watch 5s", func() {})
		failedParts := map[string]string{}
		for _, l := range lines {
			if l.State == "failed" {
				failedParts[l.Function] += l.Why
			}
		}
		if code != 1 || len(failedParts) != 2 || h.lamp.lit != 2 || !strings.Contains(stderr, "busy") {
			t.Errorf("exit %d, %v, lamp %d times, %q", code, failedParts, h.lamp.lit, stderr)
		}
		if !strings.Contains(failedParts["presence"], "GPIO99: no such pin: this computer has GPIO6") || !strings.Contains(failedParts["buzzer"], "busy") {
			t.Errorf("%v", failedParts)
		}
	})
}

// Ctrl-C ends watching, and that is no failure.
func TestPanelEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHeader()
		a, err := parsePanel([]string{"door=GPIO6:down", "-watch", "1000h"})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var errs bytes.Buffer
		if code := a.try(ctx, h.find, [2]io.Writer{io.Discard, &errs}); code != 0 || errs.Len() > 0 {
			t.Errorf("exit %d, %s", code, &errs)
		}
	})
	a, h := panelArgs{pins: panel.Opts{Door: "GPIO6:down"}}, newHeader()
	r, w := io.Pipe()
	r.Close()
	var errs bytes.Buffer
	if code := a.try(t.Context(), h.find, [2]io.Writer{w, &errs}); code != 1 || !strings.Contains(errs.String(), "write event") {
		t.Errorf("nobody reads: exit %d, %s", code, &errs)
	}
}

func TestPanelUsage(t *testing.T) {
	for args, want := range map[string]string{
		"":                                "no pins given",
		"-watch 5s":                       "no pins given",
		"GPIO27":                          "want presence, service_key",
		"lamp":                            "names no pin",
		"lamp=":                           "names no pin",
		"siren=GPIO27":                    "want presence, service_key",
		"lamp=GPIO27 lamp=GPIO22":         "lamp is given twice",
		"lamp=GPIO27 -watch soon":         "usage: probe panel",
		"lamp=GPIO27 -watch -5s":          "want a time",
		"lamp=GPIO27 -colour":             "usage: probe panel",
		"reader_power=GPIO1 presence_=P1": "want presence, service_key",
	} {
		var out, errs bytes.Buffer
		if code := run(append([]string{"panel"}, strings.Fields(args)...), &out, &errs); code != 2 || !strings.Contains(errs.String(), want) {
			t.Errorf("probe panel %s: exit %d, %q", args, code, &errs)
		}
	}
	var out, errs bytes.Buffer
	if code := run([]string{"panel", "-h"}, &out, &errs); code != 0 || !strings.Contains(out.String(), "usage") || errs.Len() > 0 {
		t.Errorf("panel -h: exit %d, %q %q", code, &out, &errs)
	}
	a, err := parsePanel(strings.Fields("presence=A service_key=B door=C lamp=D buzzer=E reader_power=F"))
	if err != nil || a.pins != (panel.Opts{Presence: "A", ServiceKey: "B", Door: "C", Lamp: "D", Buzzer: "E", ReaderPower: "F"}) {
		t.Errorf("%+v, %v", a.pins, err)
	}
	out.Reset()
	if code := run([]string{"panel", "lamp=NOSUCHPIN"}, &out, &errs); code != 1 || !strings.Contains(out.String(), "NOSUCHPIN: no such pin") {
		t.Errorf("a pin of no computer: exit %d, %s", code, &out)
	}
}
