package main

import (
	"bytes"
	"sync"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/drivers/sim"
)

// profileName is the printer on which all is measured: 80 mm, 203 dpi.
const profileName = "generic80"

// wire is a simulated printer behind a pseudo terminal that notes when a job
// begins. Every job begins with ESC @, and no question about the status does.
type wire struct {
	*sim.PTY
	path    string
	printer *sim.Printer
	slips   chan sim.Slip

	mu    sync.Mutex
	tail  byte
	begun time.Time
}

func openWire(path string) (*wire, error) {
	p, err := escpos.ProfileByName(profileName)
	if err != nil {
		return nil, err
	}
	w := &wire{path: path, slips: make(chan sim.Slip, 64)}
	if w.PTY, err = sim.OpenPTY(); err != nil {
		return nil, err
	}
	if err := w.Link(path); err != nil {
		_ = w.PTY.Close()
		return nil, err
	}
	w.printer = newPrinter(p, func(s sim.Slip) {
		select {
		case w.slips <- s:
		default:
		}
	})
	go func() { _ = w.printer.Serve(w) }()
	return w, nil
}

// newPrinter is a printer of the build that p says, which prints at once.
func newPrinter(p escpos.Profile, out func(sim.Slip)) *sim.Printer {
	o := sim.PrinterOpts{WidthDots: p.Dots, DotsPerMM: p.DotsPerMM, OnSlip: out}
	if face, err := glyph.Open(); err == nil {
		o.Glyphs = face
	}
	return sim.NewPrinter(o)
}

// Read hands bytes to the printer, with a look at them.
func (w *wire) Read(b []byte) (int, error) {
	n, err := w.PTY.Read(b)
	now := time.Now()
	w.mu.Lock()
	defer w.mu.Unlock()
	if n > 0 && w.begun.IsZero() {
		if bytes.Contains(append([]byte{w.tail}, b[:n]...), []byte("\x1b@")) {
			w.begun = now
		}
		w.tail = b[n-1]
	}
	return n, err
}

// arm forgets the last job.
func (w *wire) arm() {
	w.mu.Lock()
	w.begun, w.tail = time.Time{}, 0
	w.mu.Unlock()
}

// first is when the first byte of the job came; zero if none has.
func (w *wire) first() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.begun
}

func (w *wire) close() {
	_ = w.printer.Close()
	_ = w.PTY.Close()
}
