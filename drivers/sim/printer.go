package sim

import (
	"io"
	"sync"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
)

// PrinterOpts is the build of a simulated receipt printer. The zero value is an
// 80 mm printer at 203 dpi with a cutter and no presenter, that prints at once.
type PrinterOpts struct {
	WidthDots      int     // printable dots in a line; 0: 576
	DotsPerMM      float64 // 0: 8, that is 203 dpi
	HeadToCutterMM float64 // paper between print head and cutter; 0: 15
	NativeQR       bool    // knows GS ( k; without it the bytes come out as text
	// QRDialect is the one family of QR commands that is known, if it is not GS ( k.
	QRDialect      escpos.QRDialect
	BlackMark      bool   // marked paper: knows GS FF
	Maker, Model   string // answers to GS I 66 and 67; empty: JOBHOME, SIM
	NoIdentify     bool   // does not know GS I: its last byte is a letter
	NoCutter       bool   // has a tear bar: HeadToCutterMM from the head, see Tear
	SwallowsLF     bool   // loses one LF right after GS v 0, as NT-5890K does
	NoDotFeed      bool   // ignores ESC J
	Presenter      bool   // holds a cut slip at the exit; knows GS e, DLE EOT 5 and 20
	ProcessID      bool   // knows GS ( H: tells which job is done
	GBKOnly        bool   // four-byte GB18030 characters come out wrong
	BufferBytes    int    // receive buffer; while it is full nothing is read, status requests neither; 0: 4096
	BytesPerSecond int    // speed of the wire; 0: no limit
	SpeedMMs       int    // paper speed, mm/s; 0: at once
	// Glyphs draws characters; nil draws every character as the same box.
	Glyphs interface {
		Glyph(r rune, px int) (glyph.Bitmap, bool)
	}
	// OnSlip is called with every piece of paper that comes out. It must not
	// block, and must not call the printer.
	OnSlip func(Slip)
}

const (
	printerLongest = 40000 // rows that can hang out before they tear: 5 m
	printerBuffer  = 4096  // receive buffer, as of an Epson TM-T88III, where nothing else is said
	printerCut     = 300 * time.Millisecond
)

// Printer is an ESC/POS receipt printer made of software. It knows nothing but
// the bytes it is sent: what it draws is what a printer of this build would
// print (Epson ESC/POS Command Reference; Chinese commands after the manuals
// of SPRT, MY-628 and Masung). All methods may be called at any time.
type Printer struct {
	o PrinterOpts

	mu     sync.Mutex
	wake   *sync.Cond
	closed bool
	link   *printerLink // nil while unplugged
	rt     [2]byte      // the last bytes received, to find real-time commands

	rx  []byte // receive buffer
	cmd []byte // a command that is not complete yet
	m   printerMode
	// raster is the GS v 0 picture under way.
	raster printerRaster
	line   []printerCell
	feed   []printerRow // rows worked out and not yet on paper
	then   func()       // done when feed is empty: the cut, an answer

	paper   printerPaper
	slips   []Slip
	odd     []string
	autoOn  byte // GS a
	autoWas [4]byte
	qr      printerQR

	off, cover, noPaper, low, stalled, held bool
	jam, jammed                             bool // the cutter has failed; it will fail at every try
	hot, broken                             bool // the head is too hot; an error that only power ends
	deafFlow                                bool // sends on when told to stop: what does not fit is lost
	rowsLeft                                int  // until the roll ends; < 0: never
	taken                                   int  // slips the presenter has swallowed
	pushed                                  int  // slips pushed out of it by the next one
	late                                    time.Duration
	play                                    printerPlay
}

// NewPrinter builds a printer with paper, switched on and not connected. Its
// one goroutine ends with Close.
func NewPrinter(o PrinterOpts) *Printer {
	if o.WidthDots == 0 {
		o.WidthDots = 576
	}
	if o.DotsPerMM == 0 {
		o.DotsPerMM = 8
	}
	if o.HeadToCutterMM == 0 {
		o.HeadToCutterMM = 15
	}
	if o.BufferBytes == 0 {
		o.BufferBytes = printerBuffer
	}
	p := &Printer{o: o, rowsLeft: -1}
	p.wake = sync.NewCond(&p.mu)
	p.paper.init(o)
	p.m = newPrinterMode(o)
	go p.work()
	return p
}

// Close unplugs the printer and ends it.
func (p *Printer) Close() error {
	p.mu.Lock()
	p.closed = true
	p.pull()
	p.wake.Broadcast()
	p.mu.Unlock()
	return nil
}

// printerLink is one wire.
type printerLink struct {
	rw  io.ReadWriter
	out chan printerAnswer // on their way
}

// Serve connects the printer to a wire and returns when the wire ends. It takes
// the place of an older Serve. What was received is printed even after that, as
// real printers do. If rw is an io.Closer, Unplug and Close close it; Serve then
// returns ErrUnplugged.
func (p *Printer) Serve(rw io.ReadWriter) error {
	l := &printerLink{rw: rw, out: make(chan printerAnswer, 256)}
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return ErrUnplugged
	}
	p.pull()
	p.link, p.rt = l, [2]byte{}
	p.mu.Unlock()

	done := make(chan struct{})
	go func() {
		defer close(done)
		var err error
		for a := range l.out {
			time.Sleep(time.Until(a.due))
			if err == nil { // else the wire is gone and answers are lost
				_, err = rw.Write(a.bytes)
			}
		}
	}()
	err := p.receive(l)
	p.mu.Lock()
	if p.link == l {
		p.link = nil
	} else {
		err = ErrUnplugged
	}
	close(l.out) // nobody sends to a link that is not p.link
	p.mu.Unlock()
	<-done
	return err
}

// receive reads the wire into the receive buffer.
func (p *Printer) receive(l *printerLink) error {
	buf := make([]byte, 512)
	for {
		p.mu.Lock()
		for p.link == l && !p.off && (p.stalled || p.full()) {
			p.wake.Wait()
		}
		room := len(buf)
		if !p.off && !p.deafFlow {
			room = min(room, p.o.BufferBytes-len(p.rx))
		}
		gone := p.link != l
		p.mu.Unlock()
		if gone {
			return ErrUnplugged
		}
		n, err := l.rw.Read(buf[:room])
		if n > 0 && p.o.BytesPerSecond > 0 {
			time.Sleep(time.Duration(n) * time.Second / time.Duration(p.o.BytesPerSecond))
		}
		p.mu.Lock()
		for p.stalled && p.link == l && !p.off {
			p.wake.Wait()
		}
		p.received(buf[:n])
		p.mu.Unlock()
		if err != nil {
			return err
		}
	}
}

// full reports whether the printer stops the line.
func (p *Printer) full() bool { return !p.deafFlow && len(p.rx) >= p.o.BufferBytes }

// received puts bytes into the receive buffer.
func (p *Printer) received(bs []byte) {
	for _, b := range bs {
		for range p.play.in.copies() {
			p.take(b)
		}
		p.play.received(p)
	}
	p.wake.Broadcast()
}

// take is one byte that has arrived.
func (p *Printer) take(b byte) {
	switch {
	case p.off:
	case p.deafFlow && len(p.rx) >= p.o.BufferBytes:
		p.realTime(b) // carried out all the same
		p.oddity("receive buffer full: bytes are lost")
	default:
		p.realTime(b)
		p.rx = append(p.rx, b)
	}
}

// stopped reports whether the mechanism stands still.
func (p *Printer) stopped() bool {
	return p.off || p.cover || p.noPaper || p.stalled || p.jam || p.hot || p.broken
}

// work prints what is in the receive buffer.
func (p *Printer) work() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.closed {
		if p.stopped() || !p.step() {
			p.wake.Wait()
		}
	}
}

// step does one piece of work: some rows of paper, an action that waited for
// them, or the next command. It reports false if there is nothing to do. It may
// let go of the lock to take its time.
func (p *Printer) step() bool {
	switch {
	case len(p.feed) > 0:
		p.printRows()
	case p.then != nil:
		then := p.then
		p.then = nil
		then()
	case len(p.rx) > 0:
		p.eat()
		p.wake.Broadcast() // there is room in the buffer
	default:
		return false
	}
	return true
}

// printRows moves one millimetre of waiting rows onto paper.
func (p *Printer) printRows() {
	n := min(len(p.feed), int(p.o.DotsPerMM))
	if p.rowsLeft >= 0 {
		n = min(n, p.rowsLeft)
	}
	p.paper.rows = append(p.paper.rows, p.feed[:n]...)
	p.feed = p.feed[n:]
	if len(p.paper.rows) > printerLongest {
		p.paperOut(p.paper.tear())
	}
	if p.rowsLeft >= 0 {
		p.rowsLeft -= n
		if p.rowsLeft == 0 {
			p.rowsLeft = -1
			p.noPaper = true
			p.autoStatus()
		}
	}
	if p.o.SpeedMMs > 0 {
		mm := float64(n) / p.o.DotsPerMM
		p.rest(time.Duration(mm / float64(p.o.SpeedMMs) * float64(time.Second)))
	}
}

// rest lets time pass without the lock.
func (p *Printer) rest(d time.Duration) {
	p.mu.Unlock()
	time.Sleep(d)
	p.mu.Lock()
}

// after runs f when all rows so far are on paper.
func (p *Printer) after(f func()) { p.then = f }

// Progress is the paper that hangs in the printer uncut, and what it says.
func (p *Printer) Progress() Slip {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := p.paper.peek()
	s.Text += p.lineText()
	return s
}

// Slips are the pieces of paper that have come out, oldest first.
func (p *Printer) Slips() []Slip {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Slip(nil), p.slips...)
}

// Oddities lists what a careful driver would not have sent: commands this
// printer does not know, raster in the middle of a line, a cut there. Each is
// listed once.
func (p *Printer) Oddities() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.odd...)
}

func (p *Printer) oddity(s string) {
	for _, o := range p.odd {
		if o == s {
			return
		}
	}
	if len(p.odd) < 100 {
		p.odd = append(p.odd, s)
	}
}
