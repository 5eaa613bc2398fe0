package index

import (
	"bytes"
	"errors"
	"sync"
)

// Text holds the text of every row and finds what stands in it. A text is lines
// separated by "\n"; nothing is found across lines. It is never changed and may
// be read from any goroutine.
type Text struct {
	code  *code
	bytes []byte      // the texts one after the other, in the code
	ends  []uint32    // where each ends
	all   *pairs      // of the texts
	first *pairs      // of their first lines
	rare  [256]uint32 // how often each byte stands in the first of bytes
	memo  *memo
	room  *sync.Pool
}

// ErrTooLong tells that the texts together are more than an index can hold,
// 4 GiB in its own code.
var ErrTooLong = errors.New("the texts are longer than an index can hold")

// NewText returns a Text without rows.
func NewText() *Text {
	return newText(&Text{code: newCode(nil), all: &pairs{}, first: &pairs{}})
}

func newText(t *Text) *Text {
	n := t.Len()
	for _, b := range t.bytes[:min(len(t.bytes), 1<<20)] {
		t.rare[b]++
	}
	t.memo = &memo{}
	t.room = &sync.Pool{New: func() any { return &bench{set: NewBits(n)} }}
	return t
}

// Len is the number of rows.
func (t *Text) Len() int { return len(t.ends) }

// Size is the number of bytes that the texts, and the index to them, take.
func (t *Text) Size() (texts, index int) {
	for _, p := range []*pairs{t.all, t.first} {
		index += len(p.lists) + 4*(len(p.ends)+len(p.second)+len(p.first))
	}
	return len(t.bytes) + 4*len(t.ends), index
}

func (t *Text) text(row int) []byte {
	start := uint32(0)
	if row > 0 {
		start = t.ends[row-1]
	}
	return t.bytes[start:t.ends[row]]
}

func (t *Text) firstLine(row int) []byte {
	text := t.text(row)
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return text[:i]
	}
	return text
}
