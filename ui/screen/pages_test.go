package screen

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
	"jobhome/kiosk/words"
)

// turn touches "next" until the page is the first again or there is no next,
// and returns the screens.
func (g *guide) turn() []Screen {
	g.t.Helper()
	all := []Screen{Of(g.s, g.m)}
	for range 200 {
		i := slices.IndexFunc(buttons(all[len(all)-1]), func(n Node) bool { return n.Do == session.DoPage && n.Arg == "next" })
		if i < 0 {
			return all
		}
		g.do("page next")
		sc := Of(g.s, g.m)
		if g.s.Page != session.List && reflect.DeepEqual(sc.Body, all[0].Body) {
			return all
		}
		all = append(all, sc)
	}
	g.t.Fatalf("%s, %s: the pages have no end", g.l, g.s.Page)
	return nil
}

func args(s Screen, do session.Action) []string {
	var all []string
	for _, n := range nodes(s.Body) {
		if n.Kind == Button && n.Do == do {
			all = append(all, n.Arg)
		}
	}
	return all
}

// pagerOf is the label between "previous" and "next", and whether they are on.
func pagerOf(s Screen) (label string, prev, next bool) {
	var turns []Node
	for _, n := range nodes(s.Body) {
		if n.Kind == Button && n.Do == session.DoPage {
			turns = append(turns, n)
		}
		if n.Kind == Text && len(turns) == 1 && label == "" {
			label = n.Text
		}
	}
	if len(turns) != 2 {
		return "", false, false
	}
	return label, !turns[0].Off, !turns[1].Off
}

func checkPager(t *testing.T, l look, screens []Screen) {
	t.Helper()
	for i, sc := range screens {
		label, prev, next := pagerOf(sc)
		want := words.T(l.lang, "page.of", i+1, len(screens))
		if label != want || prev != (i > 0) || next != (i < len(screens)-1) {
			t.Errorf("%s: page %d of %d says %q, previous %v, next %v", l, i+1, len(screens), label, prev, next)
		}
	}
}

// Turning the pages of a list shows every posting once.
func TestListPages(t *testing.T) {
	for _, l := range looks() {
		g := &guide{t: t, l: l}
		g.start()
		g.do("start\n tile nearby")
		screens := g.turn()
		checkPager(t, l, screens)
		var got, want []string
		for i, sc := range screens {
			ids := args(sc, session.DoPosting)
			if n := Fits(l.m, l.large).Cards; len(ids) > n || i < len(screens)-1 && len(ids) != n {
				t.Errorf("%s: page %d has %d postings; %d fit", l, i+1, len(ids), n)
			}
			got = append(got, ids...)
		}
		for _, p := range g.all {
			want = append(want, p.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the pages show %v, not %v", l, got, want)
		}
	}
}

// So do those of the trades, both to look at and to choose from.
func TestTradePages(t *testing.T) {
	for _, l := range looks() {
		for way, do := range map[string]session.Action{"trades": session.DoTrade, "match": session.DoAnswer} {
			g := &guide{t: t, l: l}
			g.start()
			g.do("start\n tile " + way)
			screens := g.turn()
			checkPager(t, l, screens)
			var got []string
			for _, sc := range screens {
				got = append(got, args(sc, do)...)
			}
			slices.Sort(got)
			var want []string
			for _, tr := range allTrades() {
				want = append(want, string(tr))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, %s: the pages show %v, not %v", l, way, got, want)
			}
		}
	}
}

// "More characters" shows every character that can come next once, and then
// the first ones again.
func TestKeyPages(t *testing.T) {
	for _, l := range looks() {
		g := &guide{t: t, l: l}
		g.start()
		g.do("start\n tile search")
		first := args(Of(g.s, g.m), session.DoKey)
		got := slices.Clone(first)
		for range 40 {
			g.do("more-keys")
			keys := args(Of(g.s, g.m), session.DoKey)
			if slices.Equal(keys, first) {
				break
			}
			got = append(got, keys...)
		}
		if strings.Join(got, "") != hanzi {
			t.Errorf("%s: the keys are %s", l, strings.Join(got, ""))
		}
		g.do("keys")
		if got := strings.Join(args(Of(g.s, g.m), session.DoKey), ""); got != letterKeys {
			t.Errorf("%s: the letters are %s", l, got)
		}
	}
}

// The sheets of filters have every filter once.
func TestFilterSheets(t *testing.T) {
	want := []string{"distance=0", "pay=0", "school=0"}
	for _, m := range kiosk.DistanceBands() {
		want = append(want, fmt.Sprint("distance=", m))
	}
	for _, b := range kiosk.PayBands() {
		want = append(want, fmt.Sprint("pay=", int(b)))
	}
	for _, s := range kiosk.AllShifts.Each() {
		want = append(want, fmt.Sprint("shift=", int(s)))
	}
	for _, b := range kiosk.AllBenefits.Each() {
		want = append(want, fmt.Sprint("benefit=", int(b)))
	}
	for _, c := range kiosk.Channels() {
		want = append(want, "channel="+string(c))
	}
	for _, e := range askedSchools() {
		want = append(want, fmt.Sprint("school=", int(e)))
	}
	slices.Sort(want)
	for _, l := range looks() {
		g := &guide{t: t, l: l}
		g.start()
		g.do("start\n tile nearby\n filters")
		var got []string
		for _, sc := range g.turn() {
			got = append(got, args(sc, session.DoFilter)...)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: the filters are\n%v, not\n%v", l, got, want)
		}
	}
}

// The sheets of a posting have all of its text between them.
func TestPostingSheets(t *testing.T) {
	for _, l := range looks() {
		for i := range postings(t) {
			g := &guide{t: t, l: l}
			g.start()
			g.do("start\n tile nearby")
			for !slices.Contains(ids(g.s), g.all[i].ID) {
				g.do("page next")
			}
			g.do("posting " + g.all[i].ID)
			var text strings.Builder
			screens := g.turn()
			for _, sc := range screens {
				for _, n := range sheet(sc.Body) {
					text.WriteString(n.Text)
				}
			}
			for _, want := range contents(g.all[i], l.lang) {
				if !strings.Contains(bare(text.String()), bare(want)) {
					t.Errorf("%s: the %d sheets of %s lack %q:\n%s", l, len(screens), g.all[i].ID, want, text.String())
				}
			}
		}
	}
}

// The longest description that a board takes is shown whole, too.
func TestLongestDescription(t *testing.T) {
	for _, l := range looks() {
		g := &guide{t: t, l: l}
		g.start()
		g.all[0].Description = strings.Repeat("做羽绒服和校服，活多", 500)
		g.do("start\n tile nearby\n posting " + g.all[0].ID)
		var text strings.Builder
		for _, sc := range g.turn() {
			for _, n := range sheet(sc.Body) {
				text.WriteString(n.Text)
			}
		}
		if !strings.Contains(bare(text.String()), g.all[0].Description) {
			t.Errorf("%s: the sheets lack a part of 5000 characters", l)
		}
	}
}

// contents is everything that a posting has to say.
func contents(p kiosk.Posting, lang words.Lang) []string {
	all := []string{
		p.Title, p.Employer.Name, p.Address, p.Hours, p.Requirements, p.Description, p.Contact.Person, p.Contact.Phone,
		p.Contact.Rule, p.Pay.Original, p.Source.Name, words.Pay(lang, p.Pay), words.Shifts(lang, p.Shifts),
		words.Benefits(lang, p.Benefits), words.Education(lang, p.Education), words.Date(lang, p.ValidThrough, now),
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

// sheet are the nodes of the posting's text: the first panel of the page.
func sheet(body Node) []Node {
	all := nodes(body)
	i := slices.IndexFunc(all, func(n Node) bool { return n.Style == Panel })
	return nodes(all[i])
}

// bare is s without blanks, which the end of a line swallows.
func bare(s string) string { return strings.Join(strings.Fields(s), "") }

// No sheet is planned higher than its panel, whatever a posting says.
func TestSheetsFit(t *testing.T) {
	const height = 70.0
	for _, l := range looks() {
		p := &page{State: open(t, l).s, m: l.m}
		for _, post := range p.Board.Top {
			p.Chosen = post
			p.Chosen.Posting.Description = strings.Repeat("一行。\n\n另一行\n", 9)
			for i, sheet := range p.sheets(p.postingLines(), 110, height) {
				used := 0.0
				for _, n := range sheet {
					room := 110.0
					if n.Kind == Row {
						room, n = room-8.5, n.Kids[1]
					}
					if strings.Contains(strings.TrimSpace(n.Text), "\n") {
						t.Errorf("%s: a text of several lines is planned as one: %q", l, n.Text)
					}
					used += float64(p.rows(n.Style, n.Text, room))*p.lineMM(n.Style) + 1.2
				}
				if used > height+0.1 {
					t.Errorf("%s: sheet %d of %s needs %.1f mm of %.0f", l, i+1, post.Posting.ID, used, height)
				}
			}
		}
	}
}

// The facts of a card are as many as its width takes.
func TestFactsFit(t *testing.T) {
	for _, l := range looks() {
		g := &guide{t: t, l: l}
		g.start()
		g.do("start\n tile nearby")
		p := &page{State: g.s, m: l.m}
		cols, _ := p.cardGrid()
		width := (p.bodyWidth() - float64(cols-1)*GapMM) / float64(cols)
		if !l.m.Portrait() {
			width = (p.bodyWidth() - sideMM - float64(cols)*GapMM) / float64(cols)
		}
		for i := range g.all {
			used := 0.0
			for _, n := range nodes(p.card(g.item(i), session.DoPosting)) {
				if n.Kind == Text && n.Style == Fact {
					used += 4.8 + 1 + p.textMM(Fact, n.Text) + 4
				}
			}
			if used-4 > width-4 {
				t.Errorf("%s: the facts of %s are %.0f mm wide, the card %.0f", l, g.all[i].ID, used, width)
			}
		}
	}
}

// The attract page shows whole pages of the newest postings in turn.
func TestAttractTurns(t *testing.T) {
	for _, l := range looks() {
		g := &guide{t: t, l: l}
		g.start()
		n := min(Fits(l.m, l.large).Top, len(g.all))
		seen := map[string]bool{}
		for turn := range 10 {
			g.s.Turn = turn
			ids := args(Of(g.s, g.m), session.DoPosting)
			if len(ids) != n {
				t.Errorf("%s: turn %d shows %d postings; %d fit", l, turn, len(ids), n)
			}
			for _, id := range ids {
				seen[id] = true
			}
		}
		if len(seen) != len(g.all)/n*n {
			t.Errorf("%s: the turns show %d of %d postings", l, len(seen), len(g.all))
		}
	}
}

// "Still there?" counts down to nothing and never below.
func TestStillCountsDown(t *testing.T) {
	g := &guide{t: t, l: looks()[0]}
	g.start()
	g.do("start")
	var got []string
	for range 85 {
		g.now = g.now.Add(time.Second)
		g.send(session.Tick{At: g.at()})
		if over := Of(g.s, g.m).Over; over != nil {
			got = append(got, over.Kids[1].Text)
		}
	}
	if len(got) != 20 || got[0] != words.T(words.Zh, "still.left", 20) || got[19] != words.T(words.Zh, "still.left", 1) {
		t.Errorf("it counts %q", got)
	}
}
