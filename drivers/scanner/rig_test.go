package scanner_test

import (
	"bytes"
	"context"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/scanner"
	"jobhome/drivers/scanner/scannertest"
)

// told is an event with its text, which does not outlive the event itself.
type told struct {
	kind scanner.Kind
	text string
	err  error
	at   time.Time
}

// bench is a driver running against a scanner made of software.
type bench struct {
	*testing.T
	s      *scannertest.Scanner
	events chan told
	text   []byte // of the last event, to be looked at afterwards
}

// onBench runs f in a bubble of fake time and ends the driver afterwards.
func onBench(t *testing.T, so scannertest.Opts, o scanner.Opts, f func(*bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{T: t, s: scannertest.New(so), events: make(chan told, 1000)}
		b.run(o, f)
	})
}

func (b *bench) run(o scanner.Opts, f func(*bench)) {
	dev := scanner.New(func() (scanner.Wire, error) {
		w, err := b.s.Dial()
		return forgetful{w, b}, err
	}, o)
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan error, 1)
	defer cancel()
	go func() {
		done <- dev.Run(ctx, func(e scanner.Event) {
			b.text = e.Text
			b.events <- told{e.Kind, string(e.Text), e.Err, e.At}
		})
	}()
	f(b)
	cancel()
	if err := <-done; err != context.Canceled {
		b.Errorf("Run = %v", err)
	}
	b.s.Unplug()
	time.Sleep(time.Minute) // what is late ends
}

// forgetful checks, whenever the driver reads on, that it has overwritten the
// text it has handed over.
type forgetful struct {
	scanner.Wire
	b *bench
}

func (f forgetful) Read(p []byte) (int, error) {
	if bytes.Count(f.b.text, []byte{0}) != len(f.b.text) {
		f.b.Error("the text of an event was not overwritten")
	}
	return f.Wire.Read(p)
}

// next waits for an event and checks its kind.
func (b *bench) next(want scanner.Kind) told {
	b.Helper()
	select {
	case e := <-b.events:
		if e.kind != want {
			b.Fatalf("event %v %q (%v), want %v", e.kind, e.text, e.err, want)
		}
		if e.at.IsZero() {
			b.Error("an event without a time")
		}
		return e
	case <-time.After(time.Hour):
		b.Fatalf("no event, want %v", want)
	}
	return told{}
}

// scans checks that a code is reported.
func (b *bench) scans(want string) {
	b.Helper()
	if e := b.next(scanner.Scanned); e.text != want || e.err != nil {
		b.Errorf("scanned %q (%v), want %q", e.text, e.err, want)
	}
}

// silence checks that nothing happens for d.
func (b *bench) silence(d time.Duration) {
	b.Helper()
	select {
	case e := <-b.events:
		b.Errorf("event %v %q (%v), want none", e.kind, e.text, e.err)
	case <-time.After(d):
	}
}
