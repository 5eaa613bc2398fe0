package main

import (
	"fmt"
	"image"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/drivers/scanner/scannertest"
	"jobhome/drivers/sim"
	"jobhome/drivers/uart"
	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/slip"
	"jobhome/kiosk/station"
	"jobhome/kiosk/words"
	"jobhome/ui/screen"
)

// bench holds the simulated devices of the demonstration. They lie behind
// pseudo terminals, so that the drivers open them as they open real ones.
type bench struct {
	dir     string // of the links to the terminals
	out     string // where slips are left as pictures; "" nowhere
	reader  *sim.Reader
	printer *sim.Printer
	scanner *scannertest.Scanner
	plugs   [2]plug // of the reader and of the printer
	show    func(screen.Screen)
	log     *slog.Logger

	mu    sync.Mutex
	value screen.Bench
	code  string // what the code on the newest slip says
}

// plug is a cable: a pseudo terminal at a path that stays the same.
type plug struct {
	path  string
	serve func(io.ReadWriter) error
	pty   *sim.PTY
}

func (p *plug) in() error {
	pty, err := sim.OpenPTY()
	if err != nil {
		return err
	}
	if err := pty.Link(p.path); err != nil {
		_ = pty.Close()
		return err
	}
	p.pty = pty
	go func() { _ = p.serve(pty) }()
	return nil
}

func (p *plug) pull() {
	if p.pty != nil {
		_ = p.pty.Close()
		p.pty = nil
	}
}

// newBench sets the simulated devices up. The printer is built as profile says
// and prints at the speed of a real one.
func newBench(profile, out string, log *slog.Logger) (*bench, error) {
	dir, err := os.MkdirTemp("", "jobhome-bench-")
	if err != nil {
		return nil, err
	}
	b := &bench{dir: dir, out: out, log: log, reader: sim.NewReader(sim.ReaderOpts{}), scanner: scannertest.New(scannertest.Opts{Tail: "\r"})}
	o := sim.PrinterOpts{SpeedMMs: 150, BufferBytes: 64 << 10, OnSlip: b.cameOut}
	if p, err := escpos.ProfileByName(profile); err == nil {
		o.WidthDots, o.DotsPerMM = p.Dots, p.DotsPerMM
	}
	if face, err := glyph.Open(); err == nil {
		o.Glyphs = face
	}
	b.printer = sim.NewPrinter(o)
	b.plugs[0] = plug{path: b.readerPath(), serve: b.reader.Serve}
	b.plugs[1] = plug{path: b.printerPath(), serve: b.printer.Serve}
	for i := range b.plugs {
		if err := b.plugs[i].in(); err != nil {
			b.close()
			return nil, fmt.Errorf("plug a simulated device in: %w", err)
		}
	}
	b.value = screen.Bench{Lang: words.Zh}
	for _, p := range sim.People() {
		b.value.Cards = append(b.value.Cards, screen.BenchCard{ID: p.ID, Label: p.Label})
	}
	return b, nil
}

// dial opens the wire to the simulated device of a part: reader and printer lie
// behind serial ports.
func (b *bench) dial(p session.Part) (station.Wire, error) {
	if p == session.PartScanner {
		end, err := b.scanner.Dial()
		if err != nil {
			return nil, err
		}
		return end, nil
	}
	path, ok := map[session.Part]string{
		session.PartReader: b.readerPath(), session.PartPrinter: b.printerPath(),
	}[p]
	if !ok {
		return nil, fmt.Errorf("the bench has no %s", p)
	}
	port, err := uart.Open(path, uart.Opts{})
	if err != nil {
		return nil, err
	}
	return port, nil
}

func (b *bench) readerPath() string  { return filepath.Join(b.dir, "reader") }
func (b *bench) printerPath() string { return filepath.Join(b.dir, "printer") }

func (b *bench) close() {
	for i := range b.plugs {
		b.plugs[i].pull()
	}
	_ = b.printer.Close()
	_ = os.RemoveAll(b.dir)
}

// touch does what somebody at the bench touched.
func (b *bench) touch(do session.Action, arg string) {
	b.mu.Lock()
	v := &b.value
	switch do {
	case screen.BenchPlace:
		b.place(arg)
	case screen.BenchLift:
		b.reader.Lift()
		v.Placed = ""
	case screen.BenchCover:
		if v.CoverOpen = !v.CoverOpen; v.CoverOpen {
			b.printer.OpenCover()
		} else {
			b.printer.CloseCover()
		}
	case screen.BenchPaper:
		if v.PaperOut = !v.PaperOut; v.PaperOut {
			b.printer.EndPaper(0)
		} else {
			b.printer.LoadPaper()
		}
	case screen.BenchReader:
		v.ReaderOff = b.cable(0, v.ReaderOff)
	case screen.BenchPrinter:
		v.PrinterOff = b.cable(1, v.PrinterOff)
	case screen.BenchTake:
		b.printer.TakeSlip()
		v.Slip, v.Out = nil, false
	case screen.BenchScan:
		b.scanner.Show(b.code)
	}
	s := screen.OfBench(*v)
	b.mu.Unlock()
	b.present(s)
}

func (b *bench) place(id string) {
	for _, p := range sim.People() {
		if p.ID == id {
			b.reader.Swap(p)
			b.value.Placed = id
		}
	}
}

// cable pulls a device's plug, or puts it back, and reports whether it is off.
func (b *bench) cable(i int, off bool) bool {
	if !off {
		b.plugs[i].pull()
		return true
	}
	if err := b.plugs[i].in(); err != nil {
		b.log.Error("plug a simulated device in", "error", err)
		return true
	}
	return false
}

// cameOut takes a piece of paper that came out of the printer.
func (b *bench) cameOut(s sim.Slip) {
	if s.Image == nil {
		return
	}
	if b.out != "" {
		if err := b.keep(s); err != nil {
			b.log.Error("leave a picture of the slip", "error", err)
		}
	}
	b.mu.Lock()
	b.value.Slip, b.value.Out = gray(s.Image), true
	v := screen.OfBench(b.value)
	b.mu.Unlock()
	b.present(v)
}

// note keeps what the code of the slip says that has just come out, so that it
// can be held to the scanner.
func (b *bench) note(site kiosk.Site, st session.State) {
	if st.Page != session.Take {
		return
	}
	code, err := slip.QRPayload(site.BaseURL, st.Referral.Posting, st.Referral.Code)
	b.mu.Lock()
	changed := err == nil && b.code != code
	if changed {
		b.code, b.value.CanScan = code, true
	}
	v := screen.OfBench(b.value)
	b.mu.Unlock()
	if changed {
		b.present(v)
	}
}

func (b *bench) present(s screen.Screen) {
	if b.show != nil {
		b.show(s)
	}
}

// start shows the bench for the first time.
func (b *bench) start(show func(screen.Screen)) {
	b.mu.Lock()
	b.show = show
	s := screen.OfBench(b.value)
	b.mu.Unlock()
	show(s)
}

func (b *bench) keep(s sim.Slip) error {
	if err := os.MkdirAll(b.out, 0o755); err != nil {
		return err
	}
	tmp := filepath.Join(b.out, ".slip.png")
	f, err := os.Create(tmp)
	if err != nil {
		return err
	}
	if err := s.PNG(f); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(tmp, filepath.Join(b.out, "slip.png"))
}

func gray(p *image.Paletted) *image.Gray {
	g := image.NewGray(p.Bounds())
	for y := p.Rect.Min.Y; y < p.Rect.Max.Y; y++ {
		for x := p.Rect.Min.X; x < p.Rect.Max.X; x++ {
			g.Set(x, y, p.At(x, y))
		}
	}
	return g
}
