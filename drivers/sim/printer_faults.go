package sim

import (
	"io"
	"time"
)

// change does f under the lock, wakes what waits, and tells the host if it has
// asked to be told.
func (p *Printer) change(f func()) {
	p.mu.Lock()
	f()
	p.autoStatus()
	p.wake.Broadcast()
	p.mu.Unlock()
}

// OpenCover stops the printer at once, in the middle of a line if need be.
func (p *Printer) OpenCover() { p.change(func() { p.cover = true }) }

// CloseCover lets it go on where it was.
func (p *Printer) CloseCover() { p.change(func() { p.cover = false }) }

// EndPaper ends the roll after so many more rows of dots, counted from the head;
// 0 ends it now.
func (p *Printer) EndPaper(rows int) {
	p.change(func() { p.endPaper(rows) })
}

func (p *Printer) endPaper(rows int) {
	p.rowsLeft = rows
	if rows <= 0 {
		p.rowsLeft, p.noPaper = -1, true
	}
}

// LowPaper sets the near-end sensor.
func (p *Printer) LowPaper(low bool) { p.change(func() { p.low = low }) }

// LoadPaper puts a new roll in. The end of the old one comes out torn, and what
// stayed in the buffer is printed on the new one, as real printers do.
func (p *Printer) LoadPaper() { p.change(p.loadPaper) }

func (p *Printer) loadPaper() {
	p.noPaper, p.low, p.rowsLeft = false, false, -1
	p.paperOut(p.paper.tear())
}

// Stall makes the printer hang: it neither reads nor answers nor prints.
func (p *Printer) Stall() { p.change(func() { p.stalled = true }) }

// Resume ends Stall.
func (p *Printer) Resume() { p.change(func() { p.stalled = false }) }

// JamCutter makes every cut fail from now on. The printer stops at the first; on
// the host's DLE ENQ 1 it tries again, on DLE ENQ 2 it drops what it had to do.
func (p *Printer) JamCutter() { p.change(func() { p.jammed = true }) }

// ClearJam frees the cutter. A printer that has stopped stays so until DLE ENQ,
// or until it is switched off and on.
func (p *Printer) ClearJam() { p.change(func() { p.jammed = false }) }

// Overheat stops the printer until CoolDown, as its head protects itself.
func (p *Printer) Overheat() { p.change(func() { p.hot = true }) }

// CoolDown lets it go on where it was.
func (p *Printer) CoolDown() { p.change(func() { p.hot = false }) }

// Break stops the printer with an error that only PowerOff ends.
func (p *Printer) Break() { p.change(func() { p.broken = true }) }

// IgnoreFlow makes the printer read on when its buffer is full, and lose what
// does not fit, as on a line whose flow control is not wired.
func (p *Printer) IgnoreFlow(on bool) { p.change(func() { p.deafFlow = on }) }

// AnswerLate delays every answer from now on.
func (p *Printer) AnswerLate(by time.Duration) { p.change(func() { p.late = by }) }

// Say sends bytes that nobody asked for: an automatic status, XOFF, noise.
func (p *Printer) Say(b ...byte) { p.change(func() { p.answer(b...) }) }

// PowerOff loses all buffers and settings. The paper stays where it is.
func (p *Printer) PowerOff() {
	p.change(func() {
		p.off = true
		p.forget()
	})
}

// PowerOn starts the printer afresh.
func (p *Printer) PowerOn() { p.change(func() { p.off = false }) }

// forget drops everything that power keeps.
func (p *Printer) forget() {
	p.rx, p.cmd, p.line, p.feed, p.then = nil, nil, nil, nil, nil
	p.raster = printerRaster{}
	p.m = newPrinterMode(p.o)
	p.qr = printerQR{}
	p.autoOn, p.rt, p.jam, p.broken = 0, [2]byte{}, false, false
}

// TakeSlip takes the slip out of the presenter.
func (p *Printer) TakeSlip() { p.change(func() { p.held = false }) }

// Retracted is the number of slips the presenter has swallowed.
func (p *Printer) Retracted() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.taken
}

// PushedOut is the number of slips that nobody had taken when the next one came
// and pushed them out.
func (p *Printer) PushedOut() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.pushed
}

// Tear tears the paper off at the tear bar or the cutter by hand.
func (p *Printer) Tear() {
	p.change(func() {
		s, ok := p.paper.cut()
		s.Cut = false
		p.paperOut(s, ok)
	})
}

// Unplug pulls the cable: Serve returns, and what was received is still
// printed. Serve may be called again.
func (p *Printer) Unplug() {
	p.mu.Lock()
	p.pull()
	p.mu.Unlock()
}

func (p *Printer) pull() {
	if p.link == nil {
		return
	}
	if c, ok := p.link.rw.(io.Closer); ok {
		_ = c.Close()
	}
	p.link = nil
	p.wake.Broadcast()
}
