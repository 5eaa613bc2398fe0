package main

import (
	"jobhome/drivers/escpos"
)

// call is one method call, or a few, on node-thermal-printer.
type call struct {
	Do    string `json:"do"` // text, row, rule, qr or cut
	Align int    `json:"align"`
	Left  []cast `json:"left"`
	Right []cast `json:"right"`
	URL   string `json:"url"`
	Cell  int    `json:"cell"`
}

// cast is a span as node-thermal-printer has it: sizes are counted from 0.
type cast struct {
	Text    string `json:"text"`
	W       int    `json:"w"`
	H       int    `json:"h"`
	Bold    bool   `json:"bold"`
	Reverse bool   `json:"reverse"`
}

// calls says a slip in node-thermal-printer's methods.
func calls(doc escpos.Doc, cell int) []call {
	var out []call
	line := func(l escpos.Line) {
		out = append(out, call{Do: "text", Align: int(l.Align), Left: casts(l.Spans)})
	}
	for _, block := range doc.Blocks {
		switch v := block.(type) {
		case escpos.Line:
			line(v)
		case escpos.Row:
			out = append(out, call{Do: "row", Left: casts(v.Left), Right: casts(v.Right)})
		case escpos.Rule:
			out = append(out, call{Do: "rule"})
		case escpos.QR:
			out = append(out, call{Do: "qr", URL: v.Payload, Cell: cell})
			for _, l := range v.Text {
				line(l)
			}
		case escpos.Cut:
			out = append(out, call{Do: "cut"})
		}
	}
	return out
}

func casts(list []escpos.Span) []cast {
	out := make([]cast, 0, len(list))
	for _, s := range list {
		out = append(out, cast{s.Text, max(1, s.W) - 1, max(1, s.H) - 1, s.Bold, s.Reverse})
	}
	return out
}
