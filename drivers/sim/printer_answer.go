package sim

import "slices"

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
	select {
	case p.link.out <- slices.Clone(b):
	default: // nobody reads: the line has no memory
	}
}

func (p *Printer) offline() bool { return p.cover || p.noPaper || p.jam }

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
		return one(map[byte]bool{0x04: p.cover, 0x20: p.noPaper, 0x40: p.jam})
	case n == 3:
		return one(map[byte]bool{0x08: p.jam})
	case n == 4:
		return one(map[byte]bool{0x0c: p.low || p.noPaper, 0x60: p.noPaper})
	case n == 5 && p.o.Presenter:
		return []byte{printerBits(0, map[byte]bool{0x04: p.held})}
	case n == 20 && p.o.Presenter:
		return []byte{
			0x10, 0x0f,
			printerBits(0, map[byte]bool{0x01: p.noPaper, 0x04: p.low, 0x20: p.held}),
			printerBits(0, map[byte]bool{0x02: p.cover}),
			0,
			printerBits(0, map[byte]bool{0x01: p.jam}),
		}
	}
	return nil
}

// autoStatus sends the four bytes of GS a if they have changed.
func (p *Printer) autoStatus() {
	now := [4]byte{
		printerBits(0x10, map[byte]bool{0x08: p.offline(), 0x20: p.cover}),
		printerBits(0, map[byte]bool{0x08: p.jam}),
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
	case kind == 'I' && n >= 1 && n <= 3, kind == 'I' && n >= '1' && n <= '3':
		p.answer(0x02)
	case kind == 'I' && n >= 65 && n <= 69:
		name := map[byte]string{65: "1.0", 66: "JOBHOME", 67: "SIM", 68: "0", 69: "GB18030"}[n]
		p.answer([]byte("_" + name + "\x00")...)
	default:
		p.oddity("status request of an unknown kind")
	}
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
