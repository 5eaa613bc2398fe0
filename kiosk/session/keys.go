package session

import (
	"unicode/utf8"

	"jobhome/kiosk"
)

// maxTyped is the greatest length of a search in characters.
const maxTyped = 20

func (t *turn) touchKeys(e Touch) {
	d := &t.Typed
	switch e.Do {
	case DoKey:
		if utf8.RuneCountInString(d.Text)+utf8.RuneCountInString(e.Arg) <= maxTyped && utf8.ValidString(e.Arg) {
			d.Text += e.Arg
			t.suggest()
		}
	case DoDelete:
		_, n := utf8.DecodeLastRuneInString(d.Text)
		d.Text = d.Text[:len(d.Text)-n]
		t.suggest()
	case DoClear:
		d.Text = ""
		t.suggest()
	case DoKeys:
		d.Letters, d.Offset = !d.Letters, 0
	case DoMoreKeys:
		d.Offset += max(t.Fits().Keys, 1)
		if d.Offset >= len(d.Next) {
			d.Offset = 0
		}
	case DoSuggest:
		if e.Arg != "" {
			t.list(kiosk.Query{Text: e.Arg, Sort: kiosk.SortFit}, "search")
		}
	case DoFind:
		switch code, err := kiosk.ParseCode(d.Text); {
		case err == nil:
			t.lookup("", code)
		case d.Text != "":
			t.list(kiosk.Query{Text: d.Text, Sort: kiosk.SortFit}, "search")
		}
	}
}

func (t *turn) suggest() {
	t.seq++
	t.Typed.seq, t.Typed.Offset = t.seq, 0
	t.do(Suggest{Seq: t.seq, Text: t.Typed.Text, Lawful: t.allowed()})
}

func (t *turn) suggested(e Suggested) {
	if e.Seq != t.Typed.seq || e.Seq == 0 {
		return
	}
	t.Typed.Words, t.Typed.Next, t.Typed.Total = e.Words, e.Next, e.Total
}
