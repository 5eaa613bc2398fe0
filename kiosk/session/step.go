package session

import (
	"slices"
	"time"

	"jobhome/kiosk"
)

// turnEvery is how long the attract page shows the same postings: slow enough
// to read six of them.
const turnEvery = 10 * time.Second

// noticeFor is how long the word of farewell stays on the attract page.
const noticeFor = 8 * time.Second

// Step returns what follows on e in state s, and what has to be done. It
// changes nothing of its arguments.
func Step(s State, e Event) (State, []Effect) {
	t := &turn{State: s}
	t.clock(e.when())
	switch e := e.(type) {
	case Tick:
		t.tick()
	case Touch:
		t.touch(e)
	case Found:
		t.found(e)
	case Suggested:
		t.suggested(e)
	case Opened:
		t.opened(e)
	case Drafted:
		if e.Seq == t.draftSeq && e.Seq != 0 {
			t.Draft = e.Image
		}
	case BoardNews:
		t.boardNews(e)
	case Card:
		t.card(e)
	case PrinterNews:
		t.Printer = e.State
	case Written:
		t.written(e)
	case PrintEnded:
		t.printEnded(e)
	case Scanned:
		t.scanned(e)
	case LookedUp:
		t.lookedUp(e)
	default:
		t.service(e)
	}
	t.signal()
	return t.State, t.effects
}

// service takes what the staff and the devices say.
func (t *turn) service(e Event) {
	switch e := e.(type) {
	case DeviceNews:
		t.Devices = slices.Clone(e.Devices)
	case Door:
		t.DoorOpen, t.DoorSeen = e.Open, true
	case Presence:
		t.presence(e)
	case ServiceKey:
		if t.KeyOn = !e.Off; t.KeyOn {
			t.serviceKey()
		}
	case LeftBehind, ResetFailed:
		t.reset(e)
	case Badged:
		t.badged(e)
	case HubNews:
		t.Hub = e
	case Stick:
		t.stick(e)
	case Noted:
		t.noted(e)
	case Unlocked:
		t.unlocked(e)
	case Enrolment:
		t.Enrolment = e.State
	case SetUp:
		t.setUp(e)
	}
}

// turn is one Step in the making.
type turn struct {
	State
	effects []Effect
	buzz    Buzzer
}

func (t *turn) do(e Effect) { t.effects = append(t.effects, e) }

// clock takes over the event's time. A clock that was set back must not leave
// a session open for ever.
func (t *turn) clock(now time.Time) {
	if now.Before(t.Touched) {
		t.Touched = now
	}
	if now.Before(t.Visit.Printing.Since) {
		t.Visit.Printing.Since = now
	}
	if until := now.Add(noticeTime(t.Notice)); t.noticeUntil.After(until) {
		t.noticeUntil = until
	}
	if d := &t.Visit.Staff; d.locked.After(now.Add(d.wait)) {
		d.locked = now.Add(d.wait)
	}
	t.Now = now
}

func (t *turn) tick() {
	if t.Notice != "" && t.Now.After(t.noticeUntil) {
		t.Notice = ""
	}
	if t.Page == Attract {
		if d := t.Now.Sub(t.turned); d >= turnEvery || d < 0 {
			t.Turn++
			t.turned = t.Now
		}
		return
	}
	if t.Page == Printing {
		t.tickPrinting()
		return
	}
	quiet := t.Now.Sub(t.Touched)
	t.Warning = quiet >= t.idle()
	if quiet >= t.idle()+t.Options.Warn {
		t.finish()
	}
}

// end ends the visit: nothing of the person is left in the state, and the app
// is told to wipe what it holds.
func (t *turn) end(notice string) {
	t.Visit = t.nobody()
	t.say(notice)
	t.turned = t.Now
	t.do(DisarmReader{})
	t.do(Forget{})
}

// finish ends the visit with a word for the person; staff need none.
func (t *turn) finish() {
	if t.staffed() {
		t.end("")
		return
	}
	t.end("ended.done")
}

// anew ends the visit of somebody whose card has gone and begins another at
// the home page. It looks as before, because it is likely the same person.
func (t *turn) anew() {
	lang, large, contrast := t.Lang, t.Large, t.Contrast
	t.end("")
	t.to(Home)
	t.Lang, t.Large, t.Contrast = lang, large, contrast
}

// to shows page, with the way back to this one.
func (t *turn) to(page Page) {
	if t.Page == page {
		return
	}
	t.leave()
	before := append([]Page(nil), t.Before...)
	switch {
	case page == Home || t.Page == Attract:
		before = nil
	case returnable(t.Page):
		before = append(before, t.Page)
	}
	// The way back leads to no page twice, so that it does not grow for ever.
	before = slices.DeleteFunc(before, func(p Page) bool { return p == page })
	if page != Home && len(before) == 0 {
		before = []Page{Home}
	}
	t.Before, t.Page, t.Offset = before, page, 0
}

// returnable reports whether a way back leads to the page. Pages that asked
// for something are not shown again.
func returnable(p Page) bool {
	switch p {
	case Consent, TapCard, Greeting, Confirm, Printing, Take, Trouble, Help, StaffPIN, Staff, StaffReset:
		return false
	}
	return true
}

// leave ends what only the present page needs.
func (t *turn) leave() {
	switch t.Page {
	case Attract:
		t.Notice = ""
	case TapCard:
		t.CardNow = ""
		t.do(DisarmReader{})
	case StaffPIN:
		t.Visit.Staff = StaffState{}
	case CallBack:
		t.Visit.Request.Phone = ""
	}
}

func (t *turn) back() {
	if t.Page == Ask && t.Asked.Step > 0 {
		t.Asked.Step--
		t.Offset = 0
		return
	}
	if t.Page == List && t.List.Outer != nil {
		t.outer()
		return
	}
	page := Home
	if n := len(t.Before); n > 0 {
		page = t.Before[n-1]
		t.Before = append([]Page(nil), t.Before[:n-1]...)
	}
	if t.Page == Filter {
		page = List
	}
	t.leave()
	t.Page, t.Offset = page, 0
	t.returned()
}

// returned asks again for what may have changed while another page was shown.
func (t *turn) returned() {
	switch t.Page {
	case List, Filter:
		if t.List.stale || t.List.Query.Limit != t.cards() {
			t.fitList()
		}
	case Posting:
		t.do(Open{ID: t.Chosen.Posting.ID})
	}
}

func (t *turn) boardNews(e BoardNews) {
	t.Board = e
}

func (t *turn) trouble(key string) {
	t.to(Trouble)
	t.Why = TroubleState{Key: key}
}

// troubleWith shows trouble with a referral that is written down.
func (t *turn) troubleWith(key string, maybe bool) {
	t.trouble(key)
	t.Why.Retry = t.Referral.Code != ""
	t.Visit.Printing.Maybe = maybe
}

// shown finds a posting among those that the resident could have touched.
func (t *turn) shown(id string) (kiosk.Item, bool) {
	if t.Page == Result {
		return t.Scan.Item, t.Scan.Open && t.Scan.Item.Posting.ID == id
	}
	for _, it := range t.List.Results.Items {
		if it.Posting.ID == id {
			return it, true
		}
	}
	for _, it := range t.Board.Top {
		if it.Posting.ID == id {
			return it, true
		}
	}
	return kiosk.Item{}, false
}
