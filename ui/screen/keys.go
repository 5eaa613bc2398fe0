package screen

import (
	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// keys is the search page with its keyboard in the window. The characters on
// the keys are those that can come next in the words of this board, so that
// nobody needs to know how a character is typed.
func (p *page) keys() Node {
	d := &p.Typed
	field := Node{Kind: Row, Style: Panel, Grow: true, Kids: []Node{
		icon("search", 7), p.typed().grow(),
	}}
	other, picture := "search.letters", "keyboard"
	if d.Letters {
		other = "search.hanzi"
	}
	tools := []Node{
		button(Key, p.t("search.delete"), "delete", session.DoDelete).off(d.Text == ""),
		button(Key, p.t("search.clear"), "cross", session.DoClear).off(d.Text == ""),
		button(Key, p.t(other), picture, session.DoKeys),
		button(Key, p.t("search.more"), "refresh", session.DoMoreKeys).off(d.Letters || len(d.Next) <= p.Fits().Keys),
	}
	find := button(Main, p.findText(), "search", session.DoFind).off(d.Text == "")
	if p.m.Portrait() {
		return column(GapMM,
			row(2, field), grid(4, 2, tools...), p.suggestions(2, 8), space(),
			p.keyboard(), find).grow()
	}
	head := append([]Node{field}, tools...)
	return column(2, row(2, head...), row(2, p.suggestions(2, 2).grow(), find), p.keyboard().grow()).grow()
}

// findText says what the search will show: so many, or what is like the text;
// a referral code is looked up.
func (p *page) findText() string {
	d := &p.Typed
	if _, err := kiosk.ParseCode(d.Text); err == nil {
		return p.t("search.code")
	}
	if d.Total == 0 && d.Text != "" {
		return p.t("search.like")
	}
	return p.t("search.go", d.Total)
}

func (p *page) typed() Node {
	if p.Typed.Text == "" {
		return line(Quiet, p.t("search.hint"))
	}
	return line(Strong, p.Typed.Text+"▏").named(p.Typed.Text)
}

// suggestions are words that the board has for the text so far, n at most.
func (p *page) suggestions(cols, n int) Node {
	d := &p.Typed
	if d.Text != "" && d.Total == 0 && len(d.Words) == 0 {
		return para(Bad, p.t("search.none", d.Text))
	}
	var kids []Node
	for _, w := range d.Words[:min(len(d.Words), n)] {
		kids = append(kids, button(Chip, p.t("search.hit", w.Text, w.Count), "", session.DoSuggest).arg(w.Text))
	}
	return grid(cols, 2, kids...)
}

const letterKeys = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

func (p *page) keyboard() Node {
	cols, rows := p.keyGrid()
	var keys []string
	if p.Typed.Letters {
		for _, r := range letterKeys {
			keys = append(keys, string(r))
		}
	} else if p.Typed.Offset < len(p.Typed.Next) {
		keys = p.Typed.Next[p.Typed.Offset:]
	}
	var kids []Node
	for _, k := range keys[:min(len(keys), cols*rows)] {
		kids = append(kids, button(Key, k, "", session.DoKey).arg(k))
	}
	for len(kids) < cols*rows {
		kids = append(kids, Node{Kind: Space, SizeMM: keyMM})
	}
	return grid(cols, keyGap, kids...)
}
