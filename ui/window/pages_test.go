package window

import (
	"fmt"
	"image"
	"strings"

	"jobhome/kiosk/session"
	"jobhome/ui/screen"
)

// The tests' own pages: like the terminal's, with nothing of its rules.

func text(s screen.Style, t string) screen.Node {
	return screen.Node{Kind: screen.Text, Style: s, Text: t}
}

func line(s screen.Style, t string) screen.Node {
	return screen.Node{Kind: screen.Text, Style: s, Text: t, Lines: 1}
}

func column(kids ...screen.Node) screen.Node {
	return screen.Node{Kind: screen.Column, GapMM: 2, Kids: kids}
}

func row(kids ...screen.Node) screen.Node { return screen.Node{Kind: screen.Row, GapMM: 2, Kids: kids} }

func grow(n screen.Node) screen.Node { n.Grow = true; return n }

func button(s screen.Style, icon, words string, do session.Action, arg string) screen.Node {
	return screen.Node{Kind: screen.Button, Style: s, Icon: icon, Text: words, Do: do, Arg: arg}
}

func bar() screen.Node {
	b := screen.Node{Kind: screen.Grid, Cols: 4}
	for _, s := range []string{"back", "home", "help", "end"} {
		b.Kids = append(b.Kids, button(screen.Bar, s, "找人帮我", session.Action(s), ""))
	}
	return b
}

func top() screen.Node {
	return row(screen.Node{Kind: screen.Mark, SizeMM: 9}, line(screen.Strong, "茶山街道就业之家"), screen.Node{Kind: screen.Space}, line(screen.Small, "10:42"))
}

func card(i int) screen.Node {
	return screen.Node{
		Kind: screen.Button, Style: screen.Card, Do: session.DoPosting, Arg: fmt.Sprint(i), Name: fmt.Sprintf("缝纫工 %d", i),
		Kids: []screen.Node{column(
			row(grow(line(screen.Strong, fmt.Sprintf("缝纫工（熟手）%d", i))), line(screen.Pay, "月 5000–8000 元")),
			row(screen.Node{Kind: screen.Icon, Icon: "distance", SizeMM: 5}, line(screen.Fact, "3.2 公里")),
		)},
	}
}

// listPage is page i of a list: its number of cards and what follows them vary.
func listPage(i int) screen.Screen {
	list := screen.Node{Kind: screen.Grid, Cols: 1, GapMM: 2, Grow: true}
	for k := range 1 + i%3 {
		list.Kids = append(list.Kids, card(10*i+k))
	}
	chip := button(screen.Chip, "", "近", session.DoSort, "near")
	chip.On = i%2 == 0
	next := button(screen.Main, "next", "下一页", session.DoPage, "next")
	next.Off = i%4 == 3
	return screen.Screen{
		Page: session.List, Top: top(), Bar: bar(), Large: i%5 == 4, Contrast: i%7 == 6,
		Body: column(row(grow(line(screen.Title, fmt.Sprintf("共 %d 个", i))), chip), list, next),
	}
}

// mixedPage changes the kinds of its nodes with i.
func mixedPage(i int) screen.Screen {
	kinds := []screen.Node{
		text(screen.Body, fmt.Sprint("字", i)),
		button(screen.Tile, "nearby", "附近的工作", session.DoTile, "nearby"),
		{Kind: screen.QR, Text: fmt.Sprint("https://job.example.cn/p/", i%3), SizeMM: 30},
		{Kind: screen.Picture, Image: image.NewGray(image.Rect(0, 0, 40, 60)), SizeMM: 20},
		card(i),
		{Kind: screen.Icon, Icon: "garment", SizeMM: 12},
	}
	body := column()
	for k := range 4 {
		body.Kids = append(body.Kids, kinds[(i+k)%len(kinds)])
	}
	s := screen.Screen{Page: session.Posting, Top: top(), Bar: bar(), Body: body}
	if i%4 == 1 {
		over := column(text(screen.Title, "还在吗？"), button(screen.Main, "", "我还在", session.DoStay, ""))
		s.Over = &over
	}
	return s
}

// longPage is a page of long words in every kind of text.
func longPage(large bool) screen.Screen {
	long := strings.Repeat("很长的名字", 12) + strings.Repeat("W", 90)
	b := button(screen.Main, "print", long, session.DoPrint, "")
	b.Sub = long
	tile := button(screen.Tile, "nearby", long, session.DoTile, "")
	side := column(line(screen.Title, long), b)
	side.SizeMM = 38
	return screen.Screen{
		Page: session.Help, Top: row(screen.Node{Kind: screen.Mark, SizeMM: 9}, line(screen.Strong, long), line(screen.Small, long)), Bar: bar(), Large: large,
		Body: column(
			row(grow(line(screen.Title, long)), line(screen.Pay, long), screen.Node{Kind: screen.Row, Style: screen.Fact, Kids: []screen.Node{line(screen.Fact, long)}}),
			grow(row(grow(screen.Node{Kind: screen.Grid, Cols: 2, Kids: []screen.Node{tile, tile}}), side)),
		),
	}
}
