// Package receiptline writes a receipt in the language of the npm library of that
// name (OFSC ReceiptLine specification), so that both can be measured on the same
// slip.
package receiptline

import (
	"fmt"
	"strings"

	"jobhome/drivers/escpos"
)

// Markup writes a document in receiptline's language: the same words, sizes and
// QR addresses in the same order, with modules of cell dots. It cannot put words
// beside a QR code, so they follow it. At a tear bar, without a cutter, the end
// is fed out.
func Markup(doc escpos.Doc, cell int, cutter bool) string {
	var b strings.Builder
	line := func(l escpos.Line) {
		text := spans(l.Spans)
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
			b.WriteString("|" + spans(v.Left) + " | " + spans(v.Right) + "|\n")
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

func spans(list []escpos.Span) string {
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
