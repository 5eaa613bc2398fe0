package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
	"jobhome/drivers/sim"
)

// cutTime is what the simulated printer takes for a cut.
const cutTime = 300 * time.Millisecond

// press is one simulated printer on one line, for one slip.
type press struct {
	w      *works
	sim    *sim.Printer
	line   int // bytes a second
	host   *lineEnd
	device *lineEnd
	slips  chan sim.Slip

	mu    sync.Mutex
	fence time.Time // when GS r was answered last
}

// newPress builds the printer that the profile says. With speed 0 it prints at
// once, and draws characters; else they are boxes, so that drawing takes no time
// from the mechanism.
func newPress(w *works, line, speed int) *press {
	p := &press{w: w, line: line, slips: make(chan sim.Slip, 16)}
	o := sim.PrinterOpts{
		WidthDots: w.profile.Dots, DotsPerMM: w.profile.DotsPerMM,
		NativeQR: w.profile.QR.MaxModule > 0, NoCutter: !p.cutter(),
		SwallowsLF: w.profile.Quirks.SwallowsLF, NoDotFeed: w.profile.Quirks.NoDotFeed,
		GBKOnly: w.profile.Hanzi == escpos.GBK, SpeedMMs: speed,
		OnSlip: func(s sim.Slip) {
			select {
			case p.slips <- s:
			default: // more pieces than a slip can be
			}
		},
	}
	if !w.profile.Cutter.TakesFeed {
		o.HeadToCutterMM = w.profile.Cutter.MM
	}
	if w.glyphs != nil && speed == 0 {
		o.Glyphs = w.glyphs
	}
	p.sim = sim.NewPrinter(o)
	p.host, p.device = newLine(line)
	p.device.heard = p.answered
	go func() { _ = p.sim.Serve(p.device) }() // ends with close
	return p
}

func (p *press) close() {
	_ = p.host.Close()
	_ = p.sim.Close()
}

func (p *press) cutter() bool { return len(p.w.profile.Cutter.Command) > 0 }

// answered notes an answer to GS r, which has none of the fixed bits that all
// real-time answers have. The last one is that behind the slip.
func (p *press) answered(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(b) == 1 && b[0]&0x12 == 0 {
		p.fence = time.Now()
	}
}

// pulled is one slip that is out.
type pulled struct {
	took time.Duration // from the call to the cut, or without a cutter to the last row
	slip sim.Slip
	odd  []string
}

// drive prints with the driver. The printer was recovered when the program began
// and asked a moment ago, as the driver's own watch does.
func (p *press) drive(ctx context.Context, job []byte) (pulled, error) {
	open := func() (printer.Wire, error) { return p.host, nil }
	dev := printer.New(open, p.w.profile, printer.Opts{
		Baud: p.line * bitsPerByte, Fast: p.line >= usb, SpeedMMs: p.w.speed,
	})
	defer func() { _ = dev.Close() }()
	if err := p.meet(ctx, dev); err != nil {
		return pulled{}, err
	}
	begin := time.Now()
	if _, err := dev.Print(ctx, job); err != nil {
		return pulled{}, err
	}
	return p.collect(begin)
}

// meet recovers the printer, which happens before anybody comes, and throws away
// what that cuts off.
func (p *press) meet(ctx context.Context, dev *printer.Dev) error {
	if err := dev.Recover(ctx); err != nil {
		return err
	}
	for len(p.slips) > 0 { // the cut of the recovery
		<-p.slips
	}
	_, err := dev.Status(ctx)
	return err
}

// pour writes bytes to the line as they are, with GS r behind them, and waits
// for the answer.
func (p *press) pour(job []byte) (pulled, error) {
	if err := p.host.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		return pulled{}, err
	}
	begin := time.Now()
	if _, err := p.host.Write(append(append([]byte{}, job...), escpos.Fence...)); err != nil {
		return pulled{}, err
	}
	if _, err := p.host.Read(make([]byte, 1)); err != nil {
		return pulled{}, fmt.Errorf("wait for the end of the slip: %w", err)
	}
	return p.collect(begin)
}

// collect takes the slip that is out, at a tear bar by hand.
func (p *press) collect(begin time.Time) (pulled, error) {
	if !p.cutter() {
		p.sim.Tear()
	}
	select {
	case s := <-p.slips:
		end := s.At
		if !p.cutter() {
			p.mu.Lock()
			end = p.fence
			p.mu.Unlock()
		}
		return pulled{end.Sub(begin), s, p.sim.Oddities()}, nil
	default:
		return pulled{}, fmt.Errorf("no slip came out")
	}
}

// mm is the length of the piece, which is also how far the paper moved for it.
func (p *press) mm(s sim.Slip) float64 {
	if s.Image == nil {
		return 0
	}
	return float64(s.Image.Bounds().Dy()) / p.w.profile.DotsPerMM
}
