package receiptline

import (
	"testing"

	"jobhome/drivers/escpos"
)

func TestMarkup(t *testing.T) {
	var d escpos.Doc
	d.Add(
		escpos.Text("推荐单", escpos.Style{W: 2, H: 2, Bold: true}, escpos.Center),
		escpos.Rule{},
		escpos.Row{Left: []escpos.Span{{Text: "缝纫工|熟手"}}, Right: []escpos.Span{{Text: "招 12 人"}}},
		escpos.QR{Payload: "https://j.example.cn/p/1", Text: []escpos.Line{escpos.Text("扫码", escpos.Style{Reverse: true}, escpos.Left)}},
		escpos.Cut{},
	)
	const head = "^^^\"推荐单\"^^^\n-\n|缝纫工\\|熟手 | 招 12 人|\n{code:https://j.example.cn/p/1;option:qrcode,6,m}\n|`扫码`\n"
	for cutter, end := range map[bool]string{true: "=\n", false: "\n\n\n\n"} {
		if got := Markup(d, 6, cutter); got != head+end {
			t.Errorf("cutter %v:\n%s", cutter, got)
		}
	}
}
