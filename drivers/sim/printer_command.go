package sim

import (
	"fmt"
	"slices"

	"jobhome/drivers/escpos"
)

// printerFixed is the whole length of commands of fixed length, by their first
// two bytes.
func printerFixed(a, b byte) int {
	switch a {
	case 0x10:
		return map[byte]int{0x04: 3, 0x05: 3}[b]
	case 0x1b:
		return map[byte]int{
			'@': 2, '2': 2, 'i': 2, 'm': 2, 'v': 2,
			' ': 3, '!': 3, '-': 3, '3': 3, '=': 3, 'E': 3, 'G': 3, 'J': 3, 'M': 3,
			'R': 3, 'V': 3, 'a': 3, 'd': 3, 't': 3, '{': 3, '$': 4, '\\': 4, 'c': 4, 'p': 5,
		}[b]
	case 0x1c:
		return map[byte]int{'&': 2, '.': 2, '!': 3, '-': 3, 'W': 3, 'S': 4, '2': 76}[b]
	case 0x1d:
		return map[byte]int{
			'!': 3, 'B': 3, 'H': 3, 'h': 3, 'w': 3, 'f': 3, 'r': 3, 'I': 3, 'a': 3,
			'L': 4, 'W': 4, 'P': 4,
		}[b]
	}
	return 0
}

// printerNeed is the length of the command that c begins, as far as c tells: if
// it is more than len(c), more bytes are wanted. 0 means that no such command is
// known.
func (p *Printer) printerNeed(c []byte) int {
	if c[0] != 0x10 && (c[0] < 0x1b || c[0] > 0x1d) {
		return p.textNeed(c)
	}
	if len(c) < 2 {
		return 2
	}
	if n := printerFixed(c[0], c[1]); n != 0 {
		return n
	}
	at := func(i int) int { // byte i, or 0 if it is not here yet
		if i < len(c) {
			return int(c[i])
		}
		return 0
	}
	switch {
	case c[0] == 0x10 && c[1] == 0x14:
		return map[int]int{1: 5, 2: 5, 8: 10, 0: 3}[at(2)]
	case c[0] == 0x1b && c[1] == 'D':
		if len(c) > 2 && c[len(c)-1] == 0 {
			return len(c)
		}
		return len(c) + 1
	case c[0] == 0x1b && c[1] == '*':
		k := at(3) + at(4)<<8
		if at(2) >= 32 {
			k *= 3
		}
		return 5 + k
	case c[0] == 0x1d && c[1] == 'V':
		if at(2) == 65 || at(2) == 66 {
			return 4
		}
		return 3
	case c[0] == 0x1d && c[1] == 'v':
		return 8
	case c[0] == 0x1d && c[1] == 'k' && at(2) == 'a' && p.dialect() == escpos.QRMY628:
		return max(7, 7+at(5)+at(6)<<8)
	case c[0] == 0x1b && c[1] == 'Z' && p.dialect() == escpos.QRPOS5802:
		return max(7, 7+at(5)+at(6)<<8)
	case c[0] == 0x1d && c[1] == 0x0c && p.o.BlackMark:
		return 2
	case c[0] == 0x1d && c[1] == 'k':
		return printerBarcode(c)
	case c[0] == 0x1d && c[1] == 'e' && p.o.Presenter:
		if at(2) == 3 {
			return 4
		}
		return 3
	case c[0] == 0x1d && c[1] == '(' && len(c) == 2 && p.o.ProcessID:
		return 3
	case (c[0] == 0x1d || c[0] == 0x1c) && c[1] == '(' && (p.dialect() == escpos.QRGSk || p.o.ProcessID && at(2) == 'H'):
		return 5 + at(3) + at(4)<<8
	}
	return 0
}

// printerBarcode is the length of GS k: to a NUL, or counted.
func printerBarcode(c []byte) int {
	switch {
	case len(c) < 4:
		return 4
	case c[2] >= 65:
		return 4 + int(c[3])
	case c[len(c)-1] == 0:
		return len(c)
	}
	return len(c) + 1
}

// eat takes bytes out of the receive buffer until a command makes paper move or
// the buffer is empty.
func (p *Printer) eat() {
	for len(p.rx) > 0 && len(p.feed) == 0 && p.then == nil && !p.stopped() {
		b := p.rx[0]
		p.rx = p.rx[1:]
		p.paper.took(b)
		if p.raster.rows > 0 {
			p.rasterByte(b)
			continue
		}
		if p.raster.swallow {
			p.raster.swallow = false
			if b == '\n' {
				continue
			}
		}
		p.cmd = append(p.cmd, b)
		n := p.printerNeed(p.cmd)
		if n == 0 {
			p.oddity(fmt.Sprintf("unknown command % X", p.cmd))
			p.cmd = p.cmd[:0]
			continue
		}
		if n <= len(p.cmd) {
			c := slices.Clone(p.cmd)
			p.cmd = p.cmd[:0]
			p.execute(c)
		}
	}
}

// execute carries out one whole command or character.
func (p *Printer) execute(c []byte) {
	switch c[0] {
	case 0x10: // was carried out when it arrived
	case 0x1b:
		p.escape(c)
	case 0x1c:
		p.hanziCommand(c)
	case 0x1d:
		p.group(c)
	default:
		p.text(c)
	}
}

func (p *Printer) escape(c []byte) {
	m := &p.m
	n := 0
	if len(c) > 2 {
		n = int(c[2])
	}
	switch c[1] {
	case '@':
		p.line, p.m, p.qr, p.autoOn = nil, newPrinterMode(p.o), printerQR{}, 0
	case '2':
		m.spacing = newPrinterMode(p.o).spacing
	case '3':
		m.spacing = p.units(n)
	case 'd':
		p.printLine(false)
		for range n - 1 {
			p.blank(m.spacing, "\n")
		}
	case 'J':
		if p.o.NoDotFeed {
			p.oddity("ESC J is ignored by this printer")
			return
		}
		p.printHeight(p.units(n))
	case ' ':
		m.gap = n
	case '!':
		m.fontB, m.bold, m.under = n&1 != 0, n&8 != 0, n>>7
		m.h, m.w = 1+n>>4&1, 1+n>>5&1
	case 'E', 'G':
		m.bold = n&1 != 0
	case '-':
		m.under = n & 3
	case 'M':
		m.fontB = n&1 != 0
	case 'a':
		if len(p.line) > 0 {
			p.oddity("ESC a in the middle of a line")
			return
		}
		m.align = n & 3 % 3
	case '$':
		m.x = n + int(c[3])<<8
	case '\\':
		m.x = max(0, m.x+int(int16(uint16(n)|uint16(c[3])<<8)))
	case 'D':
		m.tabs = c[2 : len(c)-1]
	case '*':
		p.column(c)
	case 'i', 'm':
		p.startCut(0)
	case 'Z':
		p.qrPOS5802(c)
	case 'v':
		p.transmit('v', 0)
	case 't', 'R', '=', 'c':
	default:
		p.oddity(fmt.Sprintf("not carried out: ESC %c", c[1]))
	}
}

func (p *Printer) hanziCommand(c []byte) {
	m := &p.m
	switch c[1] {
	case '&':
		m.hanzi = true
	case '.':
		m.hanzi = false
	case '!':
		m.hanziW, m.hanziH, m.hanziUnder = 1+int(c[2]>>2&1), 1+int(c[2]>>3&1), int(c[2]>>7)
	case '-':
		m.hanziUnder = int(c[2] & 3)
	case 'W':
		m.hanziW, m.hanziH = 1+int(c[2]&1), 1+int(c[2]&1)
	case 'S':
		m.hanziLeft, m.hanziRight = int(c[2]), int(c[3])
	case '2':
		if m.user == nil {
			m.user = map[[2]byte][]byte{}
		}
		m.user[[2]byte{c[2], c[3]}] = c[4:]
	default:
		p.oddity(fmt.Sprintf("not carried out: FS %c", c[1]))
	}
}

func (p *Printer) group(c []byte) {
	if c[1] == 0x0c {
		p.toMark()
		return
	}
	m := &p.m
	n := int(c[2])
	switch c[1] {
	case '!':
		m.w, m.h = 1+n>>4&7, 1+n&7
	case 'B':
		m.reverse = n&1 != 0
	case 'L':
		m.left = n + int(c[3])<<8
	case 'W':
		m.area = n + int(c[3])<<8
	case 'V':
		switch n {
		case 0, 1, '0', '1':
			p.startCut(0)
		case 65, 66:
			p.startCut(p.paper.gap + p.units(int(c[3])))
		default:
			p.oddity(fmt.Sprintf("unknown cut GS V %d", n))
		}
	case 'v':
		p.startRaster(c)
	case '(':
		p.extended(c)
	case 'r', 'I':
		p.transmit(c[1], c[2])
	case 'a':
		p.autoOn = c[2]
		p.autoWas = [4]byte{0xff}
		p.autoStatus()
	case 'e':
		p.present(c[2])
	case 'P':
		m.unit = 1
		if c[3] != 0 {
			m.unit = p.o.DotsPerMM * 25.4 / float64(c[3])
		}
	case 'k':
		p.barcode(c)
	case 'w':
		p.qr.wide = n
	case 'H', 'h', 'f':
	default:
		p.oddity(fmt.Sprintf("not carried out: GS %c", c[1]))
	}
}

// startCut feeds so many rows and cuts. In the middle of a line it is ignored,
// as the manual says.
func (p *Printer) startCut(rows int) {
	if len(p.line) > 0 {
		p.oddity("cut in the middle of a line is ignored")
		return
	}
	if p.o.NoCutter {
		p.oddity("cut sent to a printer without cutter")
		return
	}
	p.blank(rows, "")
	p.after(p.cut)
}

// printerMarks is the way from one black mark to the next, in millimetres.
const printerMarks = 80

// toMark feeds until a black mark is at the cutter (Masung SDK, GS FF). Paper is
// loaded and cut at a mark.
func (p *Printer) toMark() {
	if len(p.line) > 0 {
		p.oddity("GS FF in the middle of a line is ignored")
		return
	}
	pitch := int(printerMarks * p.o.DotsPerMM)
	past := len(p.paper.rows) + len(p.feed) - p.paper.gap // rows beyond the cutter
	p.blank((pitch-past%pitch)%pitch, "")
}

// units turns vertical motion units into dots.
func (p *Printer) units(n int) int { return int(float64(n)*p.m.unit + 0.5) }
