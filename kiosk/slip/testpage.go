package slip

import (
	"strings"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// TestPage lays a test slip out: it says that it is one, so that nobody takes it
// for a referral, what the printer is, and shows what a slip needs: both sizes
// of type, the whole width, every density of dots, and a QR code that a phone can
// open. about are lines on the printer in no language.
func TestPage(site kiosk.Site, about []string, at time.Time, o Options) escpos.Doc {
	if o.Columns == 0 {
		o.Columns = Columns80
	}
	if o.Lang == "" {
		o.Lang = words.Zh
	}
	w := table()
	big := escpos.Style{W: 2, H: 2, Bold: true}
	var d escpos.Doc
	if o.Mark.W > 0 {
		d.Add(escpos.Image{Bitmap: o.Mark, Align: escpos.Center})
	}
	d.Add(
		escpos.Text(site.Name, escpos.Style{}, escpos.Center),
		escpos.Text(w.test.in(o.Lang), big, escpos.Center),
		escpos.Text(w.testNot.in(o.Lang), escpos.Style{}, escpos.Center),
		escpos.Rule{},
	)
	for _, s := range about {
		d.Add(escpos.Text(s, escpos.Style{}, escpos.Left))
	}
	d.Add(
		escpos.Text(at.Format(timeForm), escpos.Style{}, escpos.Left),
		escpos.Rule{},
		escpos.Text(ruler(o.Columns), escpos.Style{}, escpos.Left),
		escpos.Text("缝纫工 月薪5000元 · 阿依古丽·买买提", escpos.Style{}, escpos.Left),
		escpos.Text("补打 ABC 123", big, escpos.Left),
		escpos.Text(" 反白 ", escpos.Style{Reverse: true}, escpos.Left),
		escpos.QR{Payload: site.BaseURL, Text: []escpos.Line{escpos.Text(site.BaseURL, escpos.Style{}, escpos.Center)}},
		escpos.Feed{MM: 3}, escpos.Cut{},
	)
	return d
}

// ruler counts the columns, so that a wrong width is seen at its ends.
func ruler(columns int) string {
	return strings.Repeat("1234567890", (columns+9)/10)[:columns]
}
