package sim

import (
	"slices"
	"time"
)

// printerPiece is the time between two pieces of a split answer.
const printerPiece = 5 * time.Millisecond

// printerAnswer is bytes on their way to the host, there when they are due.
type printerAnswer struct {
	bytes []byte
	due   time.Time
}

// realTime looks for real-time commands among the bytes as they arrive. As on
// real serial printers it knows nothing of what they are part of: DLE EOT n in
// the middle of a picture is carried out.
func (p *Printer) realTime(b byte) {
	was := p.rt
	p.rt = [2]byte{was[1], b}
	if was[0] != 0x10 {
		return
	}
	switch was[1] {
	case 0x04:
		p.rt = [2]byte{}
		p.answer(p.status(b)...)
	case 0x05:
		p.rt = [2]byte{}
		if p.jam && (b == 1 || b == 2) {
			p.jam = false
			if b == 2 {
				p.clear()
			}
			p.wake.Broadcast()
		}
	case 0x14:
		if b == 8 {
			p.oddity("DLE DC4 8: buffers cleared in real time")
			p.clear()
		}
	}
}

// clear empties the buffers and ends a command under way.
func (p *Printer) clear() {
	p.rx, p.cmd, p.line, p.feed, p.then = nil, nil, nil, nil, nil
	p.raster = printerRaster{}
	p.m.x = 0
}

// answer sends bytes to the host, if there is one.
func (p *Printer) answer(b ...byte) {
	if len(b) == 0 || p.link == nil || p.off {
		return
	}
	for i, part := range p.play.answer(b) {
		due := time.Now().Add(p.late + time.Duration(i)*printerPiece)
		select {
		case p.link.out <- printerAnswer{part, due}:
		default: // nobody reads: the line has no memory
		}
	}
}

func (p *Printer) offline() bool { return p.cover || p.noPaper || p.jam || p.hot || p.broken }

// bits joins the masks whose condition holds.
func printerBits(base byte, on map[byte]bool) byte {
	for mask, set := range on {
		if set {
			base |= mask
		}
	}
	return base
}

// status is the answer to DLE EOT n; none if n is not known.
func (p *Printer) status(n byte) []byte {
	one := func(on map[byte]bool) []byte { return []byte{printerBits(0x12, on)} }
	switch {
	case n == 1:
		return one(map[byte]bool{0x08: p.offline()})
	case n == 2:
		return one(map[byte]bool{0x04: p.cover, 0x20: p.noPaper, 0x40: p.jam || p.hot || p.broken})
	case n == 3:
		return one(map[byte]bool{0x08: p.jam, 0x20: p.broken, 0x40: p.hot})
	case n == 4:
		return one(map[byte]bool{0x0c: p.low || p.noPaper, 0x60: p.noPaper})
	case n == 5 && p.o.Presenter:
		return []byte{printerBits(0, map[byte]bool{0x04: p.held})}
	case n == 20 && p.o.Presenter:
		return []byte{
			0x10, 0x0f,
			printerBits(0, map[byte]bool{0x01: p.noPaper, 0x04: p.low, 0x20: p.held}),
			printerBits(0, map[byte]bool{0x02: p.cover}),
			printerBits(0, map[byte]bool{0x01: p.hot}),
			printerBits(0, map[byte]bool{0x01: p.jam, 0x40: p.broken}),
		}
	}
	return nil
}

// autoStatus sends the four bytes of GS a if they have changed.
func (p *Printer) autoStatus() {
	now := [4]byte{
		printerBits(0x10, map[byte]bool{0x08: p.offline(), 0x20: p.cover}),
		printerBits(0, map[byte]bool{0x08: p.jam, 0x20: p.broken, 0x40: p.hot}),
		printerBits(0, map[byte]bool{0x03: p.low, 0x0c: p.noPaper}),
		0,
	}
	if p.autoOn != 0 && now != p.autoWas {
		p.answer(now[:]...)
	}
	p.autoWas = now
}

// transmit carries out GS r, GS I and ESC v. It runs when all before it is on
// paper, which is what makes GS r a fence.
func (p *Printer) transmit(kind, n byte) {
	paper := printerBits(0, map[byte]bool{0x03: p.low, 0x0c: p.noPaper})
	switch {
	case kind == 'v', kind == 'r' && (n == 1 || n == '1'):
		p.answer(paper)
	case kind == 'r' && (n == 2 || n == '2'):
		p.answer(0)
	case kind == 'I' && p.o.NoIdentify:
		if n >= 0x20 && n < 0x7f { // the command ends before its last byte
			p.latin(rune(n))
		}
	case kind == 'I' && n >= 1 && n <= 3, kind == 'I' && n >= '1' && n <= '3':
		p.answer(0x02)
	case kind == 'I' && n >= 65 && n <= 69:
		maker, model := p.o.Maker, p.o.Model
		if maker == "" {
			maker = "JOBHOME"
		}
		if model == "" {
			model = "SIM"
		}
		name := map[byte]string{65: "1.0", 66: maker, 67: model, 68: "0", 69: "GB18030"}[n]
		p.answer([]byte("_" + name + "\x00")...)
	default:
		p.oddity("status request of an unknown kind")
	}
}

// process carries out GS ( H function 48: it answers with the id when all before
// it is on paper (Epson ESC/POS Command Reference).
func (p *Printer) process(c []byte) {
	if len(c) != 11 || c[5] != '0' || c[6] != '0' {
		p.oddity("not carried out: GS ( H of another kind")
		return
	}
	p.answer(slices.Concat([]byte{0x37, 0x22}, c[7:11], []byte{0})...)
}

// present carries out GS e of a presenter (Custom KPM series; 4 is "catch" on
// the TPTCM boards).
func (p *Printer) present(n byte) {
	switch n {
	case 2, 4:
		if p.held {
			p.held = false
			p.taken++
		}
	case 5:
		p.held = false
	case 6:
		p.answer(printerBits(0, map[byte]bool{
			0x02: p.low, 0x04: p.noPaper, 0x08: p.held, 0x40: p.jam,
		}))
	}
}
