package escpos

import (
	"fmt"
	"sync"

	"jobhome/drivers/glyph"

	"github.com/skip2/go-qrcode"
)

const (
	quiet       = 4 // modules around the symbol (ISO/IEC 18004)
	minModule   = 4 // dots: half a millimetre at 203 dpi
	defaultQRMM = 25
	maxPayload  = 300 // bytes; level M, and no phone likes more
	cacheQR     = 16
)

// matrix is a QR symbol without its quiet zone.
type matrix struct {
	n    int
	dark [][]bool
}

// modules is the side of the symbol of a payload of at most maxPayload bytes at level M
// in byte mode (ISO/IEC 18004, table 7). A library or a printer that packs digits closer
// may do with fewer.
func modules(payload string) (int, error) {
	if payload == "" || len(payload) > maxPayload {
		return 0, fmt.Errorf("escpos: QR payload of %d bytes, want 1 to %d", len(payload), maxPayload)
	}
	n := 21
	for _, most := range [...]int{14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287} {
		if len(payload) > most {
			n += 4
		}
	}
	return n, nil
}

// newMatrix makes the symbol of a payload that modules has passed.
func newMatrix(payload string) (matrix, error) {
	if s, ok := smallSymbol(payload); ok {
		return s.matrix(), nil
	}
	q, err := qrcode.New(payload, qrcode.Medium)
	if err != nil {
		return matrix{}, fmt.Errorf("escpos: make QR of %d bytes: %w", len(payload), err)
	}
	q.DisableBorder = true
	m := q.Bitmap()
	return matrix{n: len(m), dark: m}, nil
}

// matrices remembers the last few symbols: making one costs more than the rest of a
// slip, and a slip is drawn on screen before it is printed.
type matrices struct {
	mu   sync.Mutex
	seen map[string]matrix
	keys []string
}

func (c *matrices) get(payload string) (matrix, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m, ok := c.seen[payload]; ok {
		return m, nil
	}
	m, err := newMatrix(payload)
	if err != nil {
		return m, err
	}
	if len(c.keys) == cacheQR {
		delete(c.seen, c.keys[0])
		c.keys = c.keys[1:]
	}
	if c.seen == nil {
		c.seen = make(map[string]matrix)
	}
	c.seen[payload], c.keys = m, append(c.keys, payload)
	return m, nil
}

// qrFit is where a QR block and its text go on a printer's paper.
type qrFit struct {
	m      matrix
	module int // dots
	side   int // dots of symbol and quiet zone
	x      int // dots left of the quiet zone
	text   []item
	beside bool
	native bool
}

// fitQR lays a QR block out. It has the symbol made only if it is sent as dots: of one
// that the printer draws itself, only the number of modules is known.
func (p Profile) fitQR(q QR, symbol func(payload string) (matrix, error)) (qrFit, error) {
	n, err := modules(q.Payload)
	if err != nil {
		return qrFit{}, err
	}
	f, err := p.fitModules(q, n)
	if err == nil && f.native {
		return f, nil
	}
	m, failed := symbol(q.Payload)
	if failed != nil {
		return qrFit{}, failed
	}
	if m.n != n { // smaller; the printer's own might not be
		p.QR = NativeQR{}
		f, err = p.fitModules(q, m.n)
	}
	f.m = m
	return f, err
}

// fitModules finds the place of a symbol of n modules and its text.
func (p Profile) fitModules(q QR, n int) (qrFit, error) {
	mm := q.MM
	if mm <= 0 {
		mm = defaultQRMM
	}
	step := 1
	if p.Raster.Double {
		step = 2 // even modules are sent at a quarter of their size
	}
	f := qrFit{m: matrix{n: n}}
	f.module = max(minModule, int(mm*p.DotsPerMM/float64(n*step)+0.5)*step)
	for f.module > minModule && (n+2*quiet)*f.module > p.Dots {
		f.module -= step
	}
	f.side = (n + 2*quiet) * f.module
	if f.side > p.Dots {
		return f, fmt.Errorf("escpos: QR of %d modules is wider than %d dots", n, p.Dots)
	}
	if q.Beside && len(q.Text) > 0 {
		f.beside = p.fitBeside(&f, q.Text)
	}
	if !f.beside {
		f.text = layoutLines(q.Text, p.Columns)
		if f.native = p.QR.can(q.Payload, n); f.native {
			f.module = min(f.module, p.QR.MaxModule)
			f.side = (n + 2*quiet) * f.module
		}
		f.x = (p.Dots - f.side) / 2 &^ 1
	}
	return f, nil
}

// fitBeside lays the text out right of the symbol, and reports whether every word fits
// there unbroken and all of it is no higher than the symbol.
func (p Profile) fitBeside(f *qrFit, text []Line) bool {
	s := setter{cols: (p.Dots - f.side) / cell}
	for _, l := range text {
		s.chars = split(s.chars[:0], l.Spans)
		for r := s.chars; len(r) > 0; {
			n := atom(r, false)
			if r[:n].cols() > s.cols {
				return false
			}
			r = r[n:]
		}
	}
	for _, l := range text {
		s.line(l)
	}
	f.text = s.items
	return p.textDots(f.text) <= f.side
}

func layoutLines(lines []Line, cols int) []item {
	s := setter{cols: cols}
	for _, l := range lines {
		s.line(l)
	}
	return s.items
}

// textDots is the height of lines of text with the gaps under them.
func (p Profile) textDots(items []item) int {
	h := 0
	for _, it := range items {
		h += hanziDots*it.line.height() + p.LineGap
	}
	return h
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7E {
			return false
		}
	}
	return true
}

// draw puts the symbol on b, which is white there, its quiet zone beginning at f.x and
// the top.
func (f qrFit) draw(b glyph.Bitmap) {
	for y, r := range f.m.dark {
		top := row(b, (y+quiet)*f.module)
		for x := 0; x < len(r); {
			end := x + 1
			for end < len(r) && r[end] == r[x] {
				end++
			}
			if r[x] {
				blacken(top, f.x+(x+quiet)*f.module, f.x+(end+quiet)*f.module)
			}
			x = end
		}
		for dy := 1; dy < f.module; dy++ {
			copy(row(b, (y+quiet)*f.module+dy), top)
		}
	}
}

// blacken sets dots from to to of a row.
func blacken(r []byte, from, to int) {
	for ; from < to; from++ {
		if from%8 == 0 && from+8 <= to {
			r[from/8] = 0xFF
			from += 7
		} else {
			r[from/8] |= 0x80 >> (from % 8)
		}
	}
}
