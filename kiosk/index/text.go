package index

import (
	"bytes"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
)

// Text holds the text of every row and finds what stands in it. A text is lines
// separated by "\n"; nothing is found across lines. What it holds is never
// changed; where it holds it may be, see [Text.MoveTo]. It may be read from any
// goroutine.
type Text struct {
	held atomic.Pointer[held]
	memo *memo
	room *sync.Pool
}

// held is the memory of a Text: a base, which may lie in a file, and above it
// the rows that came later, as long as they are few. Of the base some rows may
// be gone.
type held struct {
	code *code
	rare [256]uint32 // how often each byte stands in the first of the texts
	base part
	from []int32 // by row: the row of the base; nil: the same
	kept int     // rows of the base that are not gone; they come first
	over part
	file *mapping // that base lies in; nil: it lies in the heap
}

// part is texts and the pairs of their characters.
type part struct {
	bytes []byte   // the texts one after the other, in the code
	ends  []uint32 // where each ends
	all   *pairs   // of the texts
	first *pairs   // of their first lines
}

// ErrTooLong tells that the texts together are more than an index can hold,
// 4 GiB in its own code.
var ErrTooLong = errors.New("the texts are longer than an index can hold")

// NewText returns a Text without rows.
func NewText() *Text { return newText(&held{code: newCode(nil), base: noPart(), over: noPart()}) }

func noPart() part { return part{all: &pairs{}, first: &pairs{}} }

func newText(h *held) *Text {
	if h.over.all == nil {
		h.over = noPart()
	}
	for _, bytes := range [][]byte{h.base.bytes, h.over.bytes} {
		for _, b := range bytes[:min(len(bytes), 1<<20)] {
			h.rare[b]++
		}
	}
	n := h.rows()
	t := &Text{memo: &memo{}, room: &sync.Pool{New: func() any { return &bench{set: NewBits(n)} }}}
	t.held.Store(h)
	return t
}

// MoveTo makes t hold its rows in the memory of same, which holds the very same
// rows: what was read from a file that t was saved to. Whoever reads t is not
// disturbed.
func (t *Text) MoveTo(same *Text) { t.held.Store(same.held.Load()) }

func (h *held) rows() int { return h.kept + len(h.over.ends) }

// Len is the number of rows.
func (t *Text) Len() int { return t.held.Load().rows() }

// Size is the number of bytes that the texts, and the index to them, take.
func (t *Text) Size() (texts, index int) {
	h := t.held.Load()
	defer runtime.KeepAlive(h)
	for _, p := range []*part{&h.base, &h.over} {
		texts += len(p.bytes) + 4*len(p.ends)
		index += p.all.size() + p.first.size()
	}
	return texts, index
}

// text returns the text of a row of h.
func (h *held) text(row int) []byte {
	switch {
	case row >= h.kept:
		return h.over.text(row - h.kept)
	case h.from != nil:
		row = int(h.from[row])
	}
	return h.base.text(row)
}

func (h *held) firstLine(row int) []byte { return firstLine(h.text(row)) }

func (p *part) text(row int) []byte {
	start := uint32(0)
	if row > 0 {
		start = p.ends[row-1]
	}
	return p.bytes[start:p.ends[row]]
}

// add adds a text that is in the code already.
func (p *part) add(text []byte) {
	p.bytes = append(p.bytes, text...)
	p.ends = append(p.ends, uint32(len(p.bytes)))
}

func firstLine(text []byte) []byte {
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return text[:i]
	}
	return text
}
