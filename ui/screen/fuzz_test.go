package screen

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// FuzzOf walks through the terminal by what its own screens offer, with any
// words on the board and on any panel, and finds nothing wrong with any of
// them. Each byte of walk is the number of a button, or a device's news.
func FuzzOf(f *testing.F) {
	f.Add("缝纫工", "明禾服饰", "做羽绒服。\n车间有空调。", []byte("\x00\x01\x05\x03\x01\x02"), uint16(1280), uint16(800))
	f.Add(strings.Repeat("长", 60), strings.Repeat("W", 60), strings.Repeat("没有标点", 90), []byte("\x00\x00\x00\x08\x02\x02\x01\x00"), uint16(1080), uint16(1920))
	f.Add("\u202e\u0301🧑🏽‍🏭", " \t ", "\n\r\n", []byte("\x01\x02\x03\xf0\xf4\xf8\x00\xfc\x05"), uint16(320), uint16(240))
	f.Add("缝", "厂", "", []byte("\xe8\x02\x02\x02\x02\x02\x02\x0b\xeb\xe0\x01\x02\xe6\xed\x00"), uint16(1280), uint16(800))
	f.Add("A", "B", "", []byte("\x02\x02\x03\x04\x05\x01\x01\x01\x01\x09\x0a\xf1"), uint16(1), uint16(9000))
	f.Fuzz(func(t *testing.T, title, employer, about string, walk []byte, w, h uint16) {
		if len(walk) > 60 || !utf8.ValidString(title+employer+about) || utf8.RuneCountInString(title+employer+about) > 500 {
			return // longer texts are more of the same, slowly
		}
		l := look{m: NewMetrics(int(max(w%4000, 200)), int(max(h%4000, 200)), 0), lang: "zh"}
		d := open(t, l)
		for i := range d.all {
			d.all[i].Title, d.all[i].Employer.Name, d.all[i].Description = title, employer, about
			d.all[i].Address, d.all[i].Requirements = about, about
		}
		for _, b := range walk {
			d.now = d.now.Add(time.Second)
			if news := odd(d, b); news != nil {
				d.send(news)
			} else if can := buttons(Of(d.s, d.m)); len(can) > 0 {
				n := can[int(b)%len(can)]
				d.send(session.Touch{At: d.at(), Do: n.Do, Arg: n.Arg})
			}
			for _, what := range wrong(d.s, d.m) {
				if strings.Contains(title+employer+about, "⟦") || strings.Contains(title+employer+about, "%!") {
					continue // what a posting says itself
				}
				t.Fatalf("%s: %s", d.s.Page, what)
			}
		}
	})
}

// odd is what a device says, for bytes from 0xe0.
func odd(d *desk, b byte) session.Event {
	faults := printerFaults()
	switch {
	case b >= 0xe0 && b < 0xe8:
		all := words.Faults()
		return d.report([]session.Health{session.Faulty, session.Care, session.Unfitted, session.Fine}[b%4], all[int(b-0xe0)*4:]...)
	case b >= 0xe8 && b < 0xf0:
		return []session.Event{
			session.ServiceKey{At: d.at()},
			session.Badged{At: d.at(), Label: "李工"},
			session.Badged{At: d.at()},
			session.Unlocked{At: d.at(), OK: true},
			session.Unlocked{At: d.at(), Wait: time.Minute},
			session.Scanned{At: d.at(), Posting: d.all[0].ID, Code: code},
			session.Scanned{At: d.at()},
			session.Presence{At: d.at()},
		}[b-0xe8]
	case b >= 0xfc:
		states := []kiosk.ReferralState{kiosk.Printed, kiosk.Unconfirmed, kiosk.Failed}
		return session.PrintEnded{At: d.at(), Code: code, State: states[int(b)%3], Cause: d.s.Printer, Maybe: b%2 == 0}
	case b >= 0xfa:
		return session.Card{At: d.at(), State: session.CardRead, Resident: kiosk.Resident{MaskedName: "欧**", BirthYear: 1960 + int(b-0xfa)*54}}
	case b == 0xf9:
		return session.Card{At: d.at(), State: session.CardRemoved}
	case b >= 0xf0:
		return session.PrinterNews{At: d.at(), State: faults[int(b)%len(faults)]}
	}
	return nil
}
