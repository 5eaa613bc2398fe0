package escpos

import "slices"

// item is one thing to print: a line of text, or a block that is not text.
type item struct {
	text  bool
	line  run
	align Align
	block Block // Feed, QR, Image or Cut if text is false
}

// setter lays blocks out on paper of cols columns. Its lines are parts of a few large
// runs, as a run of its own for every line would be a hundred allocations a slip.
type setter struct {
	cols  int
	items []item
	chars run // of the paragraph at hand
	page  run // the lines' characters
}

// layout breaks a document into items for paper of the given columns.
func layout(doc Doc, cols int) []item {
	s := setter{cols: cols, items: make([]item, 0, 8+2*len(doc.Blocks))}
	for _, b := range doc.Blocks {
		switch b := b.(type) {
		case Line:
			s.line(b)
		case Row:
			s.row(b)
		case Rule:
			s.rule()
		default:
			s.items = append(s.items, item{block: b})
		}
	}
	return s.items
}

// reserve makes room for n characters, so that a line begun now stays in one piece.
func (s *setter) reserve(n int) {
	if cap(s.page)-len(s.page) < n {
		s.page = make(run, 0, max(n, 64))
	}
}

// add makes a line of the characters of the page from start on.
func (s *setter) add(start int, a Align) {
	line := s.page[start:len(s.page):len(s.page)]
	s.items = append(s.items, item{text: true, line: line, align: a})
}

func (s *setter) line(l Line) { s.wrap(l.Spans, l.Hang, l.Align) }

func (s *setter) rule() {
	s.reserve(s.cols / 2)
	start := len(s.page)
	for range s.cols / 2 {
		s.page = append(s.page, char{text: "─", base: '─', cols: 2, st: Style{}.norm()})
	}
	s.add(start, Left)
}

// row puts the right end on the last line of the left one if two columns stay free
// between them.
func (s *setter) row(b Row) {
	s.wrap(b.Left, 0, Left)
	last := len(s.items) - 1
	s.wrap(b.Right, 0, Right)
	left, right := s.items[last].line, s.items[last+1].line
	gap := s.cols - left.cols() - right.cols()
	if len(s.items) == last+2 && gap >= 2 {
		s.reserve(len(left) + gap + len(right))
		start := len(s.page)
		s.page = append(s.page, left...)
		s.indent(gap)
		s.page = append(s.page, right...)
		s.items = s.items[:last]
		s.add(start, Left)
	} else if len(left) == 0 {
		s.items = slices.Delete(s.items, last, last+1)
	}
}
