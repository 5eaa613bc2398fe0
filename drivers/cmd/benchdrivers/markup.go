package main

import (
	"fmt"
	"strings"

	"jobhome/drivers/escpos"
)

// markup writes a slip in receiptline's language (OFSC ReceiptLine
// specification): the same words, sizes and QR address in the same order. At a
// tear bar the end is fed out.
func markup(doc escpos.Doc, cell int, cutter bool) string {
	var b strings.Builder
	line := func(l escpos.Line) {
		text := marked(l.Spans)
		switch l.Align {
		case escpos.Left:
			text = "|" + text
		case escpos.Right:
			text += "|"
		case escpos.Center: // a line without bars is centred
		}
		b.WriteString(text + "\n")
	}
	for _, block := range doc.Blocks {
		switch v := block.(type) {
		case escpos.Line:
			line(v)
		case escpos.Row:
			b.WriteString("|" + marked(v.Left) + " | " + marked(v.Right) + "|\n")
		case escpos.Rule:
			b.WriteString("-\n")
		case escpos.QR:
			fmt.Fprintf(&b, "{code:%s;option:qrcode,%d,m}\n", v.Payload, cell)
			for _, l := range v.Text {
				line(l)
			}
		case escpos.Cut:
			if cutter {
				b.WriteString("=\n")
			} else {
				b.WriteString("\n\n\n\n")
			}
		}
	}
	return b.String()
}

// plain are the characters that mean something in receiptline's language.
var plain = strings.NewReplacer(`\`, `\\`, "|", `\|`, "{", `\{`, "}", `\}`, "~", `\~`, "_", `\_`, `"`, `\"`, "`", "\\`", "^", `\^`)

func marked(list []escpos.Span) string {
	var b strings.Builder
	for _, s := range list {
		size := map[[2]int]string{{2, 1}: "^", {1, 2}: "^^", {2, 2}: "^^^"}[[2]int{max(1, s.W), max(1, s.H)}]
		bold, reverse := "", ""
		if s.Bold {
			bold = `"`
		}
		if s.Reverse {
			reverse = "`"
		}
		text := strings.ReplaceAll(plain.Replace(s.Text), "\n", `\n`)
		b.WriteString(reverse + size + bold + text + bold + size + reverse)
	}
	return b.String()
}

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
