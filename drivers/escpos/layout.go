package escpos

// item is one thing to print: a line of text, or a block that is not text.
type item struct {
	text  bool
	line  run
	align Align
	block Block // Feed, QR, Image or Cut if text is false
}

// layout breaks a document into items for paper of the given columns.
func layout(doc Doc, cols int) []item {
	var out []item
	for _, b := range doc.Blocks {
		switch b := b.(type) {
		case Line:
			for _, l := range wrap(b.Spans, cols, b.Hang) {
				out = append(out, item{text: true, line: l, align: b.Align})
			}
		case Row:
			out = append(out, layoutRow(b, cols)...)
		case Rule:
			out = append(out, item{text: true, line: rule(cols)})
		default:
			out = append(out, item{block: b})
		}
	}
	return out
}

func rule(cols int) run {
	st := Style{}.norm()
	r := make(run, cols/2)
	for i := range r {
		r[i] = char{text: "─", base: '─', cols: 2, st: st}
	}
	return r
}

// layoutRow puts the right end on the last line of the left one if two columns stay
// free between them.
func layoutRow(b Row, cols int) []item {
	left, right := wrap(b.Left, cols, 0), wrap(b.Right, cols, 0)
	var out []item
	last := left[len(left)-1]
	gap := cols - last.cols() - right[0].cols()
	if len(right) == 1 && gap >= 2 {
		line := append(append(append(run{}, last...), indent(gap)...), right[0]...)
		left = left[:len(left)-1]
		right[0] = line
	} else if len(last) == 0 {
		left = left[:len(left)-1]
	}
	for _, l := range left {
		out = append(out, item{text: true, line: l})
	}
	for _, l := range right {
		out = append(out, item{text: true, line: l, align: Right})
	}
	if len(right) == 1 && gap >= 2 {
		out[len(out)-1].align = Left
	}
	return out
}
