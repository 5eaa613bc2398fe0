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

func newMatrix(payload string) (matrix, error) {
	if payload == "" || len(payload) > maxPayload {
		return matrix{}, fmt.Errorf("escpos: QR payload of %d bytes, want 1 to %d", len(payload), maxPayload)
	}
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

func (p Profile) fitQR(q QR, m matrix) (qrFit, error) {
	mm := q.MM
	if mm <= 0 {
		mm = defaultQRMM
	}
	step := 1
	if p.Raster.Double {
		step = 2 // even modules are sent at a quarter of their size
	}
	f := qrFit{m: m}
	f.module = max(minModule, int(mm*p.DotsPerMM/float64(m.n*step)+0.5)*step)
	for f.module > minModule && (m.n+2*quiet)*f.module > p.Dots {
		f.module -= step
	}
	f.side = (m.n + 2*quiet) * f.module
	if f.side > p.Dots {
		return f, fmt.Errorf("escpos: QR of %d modules is wider than %d dots", m.n, p.Dots)
	}
	if q.Beside && len(q.Text) > 0 {
		f.beside = p.fitBeside(&f, q.Text)
	}
	if !f.beside {
		f.text = layoutLines(q.Text, p.Columns)
		if f.native = p.QR.can(q.Payload, m.n); f.native {
			f.module = min(f.module, p.QR.MaxModule)
			f.side = (m.n + 2*quiet) * f.module
		}
		f.x = (p.Dots - f.side) / 2 &^ 1
	}
	return f, nil
}

// fitBeside lays the text out right of the symbol, and reports whether every word fits
// there unbroken and all of it is no higher than the symbol.
func (p Profile) fitBeside(f *qrFit, text []Line) bool {
	cols := (p.Dots - f.side) / cell
	for _, l := range text {
		for r := split(l.Spans); len(r) > 0; {
			n := atom(r, false)
			if r[:n].cols() > cols {
				return false
			}
			r = r[n:]
		}
	}
	f.text = layoutLines(text, cols)
	return p.textDots(f.text) <= f.side
}

func layoutLines(lines []Line, cols int) []item {
	var d Doc
	for _, l := range lines {
		d.Add(l)
	}
	return layout(d, cols)
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
		top := (y + quiet) * f.module
		for x, dark := range r {
			for dx := 0; dark && dx < f.module; dx++ {
				b.Set(f.x+(x+quiet)*f.module+dx, top)
			}
		}
		for dy := 1; dy < f.module; dy++ {
			copy(row(b, top+dy), row(b, top))
		}
	}
}
