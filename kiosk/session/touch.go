package session

import (
	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// touch answers a finger. A touch that the page does not offer changes
// nothing: it was meant for a page that has just gone.
func (t *turn) touch(e Touch) {
	t.Touched = t.Now
	if t.Warning {
		t.Warning = false
		if e.Do != DoEnd {
			return
		}
	}
	if t.Page == Printing {
		return
	}
	if t.frame(e.Do) {
		return
	}
	switch t.Page {
	case Attract:
		t.touchAttract(e)
	case Home:
		t.touchHome(e)
	case Consent, TapCard, Greeting:
		t.touchCard(e)
	case Trades:
		t.touchTrades(e)
	case Keys:
		t.touchKeys(e)
	case Ask:
		t.touchAsk(e)
	case List:
		t.touchList(e)
	case Filter:
		t.touchFilter(e)
	case Posting, Confirm:
		t.touchPosting(e)
	case Other:
		t.touchOther(e)
	case CallBack:
		t.touchCallBack(e)
	case Report:
		t.touchReport(e)
	case Take, Trouble:
		t.touchAfter(e)
	case Help:
		if e.Do == DoStaff {
			t.askPIN()
		}
	case Result:
		t.touchResult(e)
	case StaffPIN:
		t.touchPIN(e)
	case Staff:
		t.touchStaff(e)
	case StaffReset:
		t.touchReset(e)
	}
}

// frame answers what every page offers.
func (t *turn) frame(do Action) bool {
	switch do {
	case DoBack:
		switch {
		case t.Page == Attract || t.Page == Home:
		case t.CardOut && t.Page != Help, t.staffed():
			t.anew()
		default:
			t.back()
		}
	case DoHome:
		if t.CardOut || t.staffed() {
			t.anew()
		} else {
			t.to(Home)
		}
	case DoEnd:
		if t.Page != Attract {
			t.finish()
		}
	case DoHelp:
		t.help()
	case DoLarge:
		t.Large = !t.Large
		t.awake()
		t.refit()
	case DoContrast:
		t.Contrast = !t.Contrast
		t.awake()
	case DoLang:
		if t.Lang == words.En {
			t.Lang = words.Zh
		} else {
			t.Lang = words.En
		}
		t.awake()
	case DoStay:
	default:
		return false
	}
	return true
}

// help keeps the page to come back to, whatever it is; but not one of the
// staff's, where nobody else may come back to.
func (t *turn) help() {
	if t.Page == Help {
		return
	}
	if t.staffed() {
		t.anew()
	}
	page := t.Page
	before := t.Before
	t.leave()
	if page == Attract || page == TapCard {
		page, before = Home, nil
	}
	t.Before = append(append([]Page(nil), before...), page)
	t.Page = Help
}

// awake leaves the attract page when somebody changed how it looks.
func (t *turn) awake() {
	if t.Page == Attract {
		t.to(Home)
	}
}

func (t *turn) touchAttract(e Touch) {
	t.Notice = ""
	switch e.Do {
	case DoStart:
		t.to(Home)
	case DoPosting:
		t.open(e.Arg)
	}
}

func (t *turn) touchHome(e Touch) {
	switch e.Do {
	case DoCard:
		if !t.Resident.Known() && t.Reader == CardReady {
			t.to(Consent)
		}
	case DoTile:
		t.tile(e.Arg)
	}
}

func (t *turn) tile(name string) {
	switch name {
	case "nearby":
		t.list(kiosk.Query{Within: 5000, Sort: kiosk.SortNearest}, name)
	case "today":
		t.list(kiosk.Query{Channels: []kiosk.Channel{kiosk.Gig}, Sort: kiosk.SortNearest}, name)
	case "policy":
		t.list(kiosk.Query{
			Channels: []kiosk.Channel{kiosk.Policy, kiosk.Welfare},
			Sort:     kiosk.SortNewest,
		}, name)
	case "match":
		t.Asked = AskState{}
		t.to(Ask)
	case "trades":
		t.to(Trades)
	case "search":
		t.Typed = TypeState{}
		t.to(Keys)
		t.suggest()
	}
}

func (t *turn) touchTrades(e Touch) {
	switch e.Do {
	case DoTrade:
		t.list(kiosk.Query{Trades: []kiosk.Trade{kiosk.Trade(e.Arg)}, Sort: kiosk.SortNearest}, e.Arg)
	case DoTile:
		t.tile(e.Arg)
	case DoPage:
		t.turnTrades(e.Arg)
	}
}

// turnTrades turns the pages of a page of trade tiles.
func (t *turn) turnTrades(arg string) {
	n := max(t.Fits().Trades, 1)
	switch {
	case arg == "next" && t.Offset+n < len(t.Board.Trades):
		t.Offset += n
	case arg == "prev":
		t.Offset = max(t.Offset-n, 0)
	}
}

// refit asks anew for what no longer fits after a change of type size.
func (t *turn) refit() {
	t.Offset, t.Typed.Offset = 0, 0
	if t.Page == List || t.Page == Filter {
		t.fitList()
	}
}
