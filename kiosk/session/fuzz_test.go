package session

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

// FuzzStep plays any sequence of events and checks after each what doc.go
// promises. Two bytes make an event: what, and with what.
func FuzzStep(f *testing.F) {
	for _, page := range Pages() {
		f.Add([]byte(encode(walk(page))), uint16(0))
		f.Add([]byte(encode(walk(page))+"\x01\x02\x08\x02\x06\x04"), uint16(1980))
	}
	for _, s := range walks(f) {
		f.Add([]byte(encode(expand(s.script))), uint16(1980))
	}
	for _, born := range []uint16{1980, 2009, 2015} {
		f.Add([]byte(encode(withCard(Confirm, "1980-05-01"))), born)
	}
	f.Fuzz(func(t *testing.T, data []byte, born uint16) {
		if len(data) > 600 {
			return
		}
		p := newPlayer(t, born)
		for ; len(data) >= 2; data = data[2:] {
			p.step(p.event(data[0], data[1]))
		}
		p.wayOut()
		p.silence()
	})
}

// encode writes a script as bytes of the fuzz test. Effects and facts are left
// out: what is checked there are the promises, not the script.
func encode(script string) string {
	var out strings.Builder
	for line := range strings.Lines(script) {
		event, _, _ := strings.Cut(line, "->")
		f := strings.Fields(event)
		if len(f) == 0 || f[0] == "is" {
			continue
		}
		arg := ""
		if len(f) > 2 {
			arg = f[2]
		}
		switch f[0] {
		case "touch":
			for i, do := range actions() {
				if string(do) == f[1] {
					out.WriteByte(byte(i))
					out.WriteByte(byte(max(0, indexOf(args(), arg))))
				}
			}
		default:
			if i := indexOf(kinds(), f[0]); i >= 0 {
				out.WriteByte(byte(128 + i))
				choices := deviceChoices()[f[0]]
				if f[0] == "card" {
					choices = cardStates()
				}
				out.WriteByte(byte(max(0, indexOf(choices, f[min(1, len(f)-1)]))))
			}
		}
	}
	return out.String()
}

func indexOf(all []string, s string) int {
	for i, one := range all {
		if one == s {
			return i
		}
	}
	return -1
}

func actions() []Action {
	return []Action{
		DoStart, DoHome, DoBack, DoEnd, DoStay, DoHelp, DoLarge, DoContrast, DoLang, DoTile, DoCard, DoConsent,
		DoNoCard, DoTrade, DoAnswer, DoNext, DoSkip, DoKey, DoDelete, DoClear, DoKeys, DoMoreKeys, DoSuggest, DoFind,
		DoPage, DoSort, DoFilters, DoFilter, DoUnfilt, DoShow, DoFarther, DoPosting, DoPrint, DoLargeSlip, DoConfirm,
		DoScan, DoRetry, DoRate, DoMore, DoDone, "nonsense", DoStaff, DoUnlock, DoTest, DoTestSlip, DoPaperChanged, DoReset, DoWipe, DoKeep,
		DoOther, DoCallBack, DoSend, DoReport, DoComplain, DoSimilar, DoLike,
	}
}

func args() []string {
	return []string{
		"", "nearby", "today", "policy", "match", "trades", "search", "garment", "week", "night", "500000", "-1",
		"3000", "70", "缝", "A", "\xff", "next", "prev", "pay", "newest", "shift=2", "shift=3", "shift=1", "shift=255",
		"benefit=4095", "channel=gig", "distance=1000", "pay=300000", "school=70", "=", "p0", "p1", "p9", "good", "poor",
		"p7", "2", "0", "1", "printer", "panel", "fee", "9",
	}
}

func kinds() []string {
	return append(append([]string{
		"tick", "wait", "back", "found", "suggested", "opened", "drafted", "board", "card", "printer", "written", "ended",
	}, deviceKinds()...), "hub", "noted", "stick")
}

func cardStates() []string {
	return []string{"ready", "down", "none", "found", "unreadable", "other", "read", "removed", "read-expired"}
}

func printerStates() []PrinterState {
	return []PrinterState{
		PrinterReady, PrinterNone, PrinterUnknown, PrinterPaperLow, PrinterPaperOut, PrinterCoverOpen,
		PrinterCutter, PrinterOverheated, PrinterSlipNotTaken, PrinterOffline,
	}
}

// player plays events as an app would answer, truly or late or wrongly, and
// remembers what the promises are about.
type player struct {
	*teller
	born      uint16
	confirmed int  // touches of confirm on the confirmation page
	issued    int  // Issue effects
	owed      int  // Issues not answered
	armed     bool // the reader may look
	asked     int  // Unlocks not answered
	written   map[kiosk.Code]bool
}

func newPlayer(t *testing.T, born uint16) *player {
	return &player{teller: open(t), born: born, written: map[kiosk.Code]bool{}}
}

func (p *player) event(what, with byte) Event {
	if what < 128 {
		return Touch{p.at(), actions()[int(what)%len(actions())], args()[int(with)%len(args())]}
	}
	n := int(with)
	kind := kinds()[int(what-128)%len(kinds())]
	if slices.Contains(deviceKinds(), kind) {
		return p.deviceEvent(kind, n)
	}
	switch kind {
	case "wait":
		p.now = p.now.Add(time.Duration(n) * time.Second)
	case "back":
		p.now = p.now.Add(-time.Duration(n) * time.Hour)
	case "found":
		return p.foundEvent(n)
	case "hub":
		return HubNews{At: p.at(), Sealed: n%2 == 0, Behind: n%3 == 0}
	case "noted":
		return Noted{At: p.at(), Posting: posting(n % 10).ID, Err: map[bool]error{true: failure}[n%5 == 4]}
	case "stick":
		return Stick{p.at(), []StickState{StickReading, StickDone, StickSame, StickRefused, StickFull}[n%5]}
	case "suggested":
		return Suggested{At: p.at(), Seq: p.s.Typed.seq - n/200, Total: n % 3, Next: []string{"缝", "纫"}}
	case "opened":
		return Opened{At: p.at(), Posting: posting(n % 10), OK: n%3 != 0, Err: map[bool]error{true: failure}[n%5 == 4]}
	case "drafted":
		return Drafted{At: p.at(), Seq: p.s.draftSeq - n%2}
	case "board":
		return p.board()
	case "card":
		return p.cardEvent(n)
	case "printer":
		return PrinterNews{p.at(), printerStates()[n%len(printerStates())]}
	case "written":
		if p.owed > 0 { // the app answers each question once
			p.owed--
			return p.writtenEvent(n)
		}
	case "ended":
		states := []kiosk.ReferralState{kiosk.Printed, kiosk.Unconfirmed, kiosk.Failed}
		e := PrintEnded{At: p.at(), Code: p.s.Referral.Code, State: states[n%3], Cause: printerStates()[n/3%10], Maybe: n%2 == 0}
		if n > 200 {
			e.Code = "C1"
		}
		return e
	}
	p.now = p.now.Add(time.Second)
	return Tick{p.at()}
}

func (p *player) foundEvent(n int) Event {
	e := Found{At: p.at(), Seq: p.s.List.seq - n/200, Results: kiosk.Results{Total: n % 20, Items: items(min(n%20, 6))}}
	if n%7 == 6 {
		e.Err = failure
	}
	return e
}

func (p *player) cardEvent(n int) Event {
	e := Card{At: p.at(), State: CardState(cardStates()[n%len(cardStates())])}
	if e.State == CardRead || e.State == CardExpired {
		e.Resident = kiosk.Resident{MaskedName: "张**", BirthYear: int(p.born), BirthMonth: 6, BirthDay: 3}
	}
	return e
}

func (p *player) writtenEvent(n int) Event {
	if n%4 == 3 {
		return Written{At: p.at(), Err: failure}
	}
	code := kiosk.Code("C" + string(rune('0'+len(p.written)%10)) + string(rune('0'+len(p.written)/10)))
	p.written[code] = true
	return Written{At: p.at(), Referral: kiosk.Referral{Code: code, Posting: p.s.Chosen.Posting.ID}}
}

// step takes one step and checks every promise of it.
func (p *player) step(e Event) {
	p.t.Helper()
	old := p.s
	p.last = nil
	touch, _ := e.(Touch)
	if touch.Do == DoConfirm && old.Page == Confirm && !old.Warning {
		p.confirmed++
	}
	p.send(e)
	for _, effect := range p.last {
		p.promise(old, e, effect)
	}
	p.staffPromises(old, e)
	now := p.s
	_, read := e.(Card)
	switch {
	case p.issued > p.confirmed:
		p.t.Fatalf("%d referrals issued, %d confirmed", p.issued, p.confirmed)
	case p.owed > 1:
		p.t.Fatal("the ledger is asked again before it has answered")
	case now.Resident.Known() && !old.Resident.Known() && (!read || old.Page != TapCard):
		p.t.Fatalf("a resident is known by %T at %s", e, old.Page)
	case p.armed != (now.Page == TapCard):
		p.t.Fatalf("the reader is armed: %v, at %s", p.armed, now.Page)
	case now.Page == Attract && nobodyLeft(now) != "":
		p.t.Fatalf("the attract page still holds %s", nobodyLeft(now))
	case now.Page == Printing && !now.Visit.Printing.Issuing && !now.Visit.Printing.Sending:
		p.t.Fatal("the printing page waits for nothing")
	case now.Page == Trouble && (!words.Has("trouble."+now.Why.Key) || !words.Has("trouble."+now.Why.Key+".do")):
		p.t.Fatalf("nobody is told what to do about %q", now.Why.Key)
	case now.Notice != "" && !words.Has(now.Notice):
		p.t.Fatalf("the notice %q has no words", now.Notice)
	case len(now.Before) > len(Pages()):
		p.t.Fatalf("the way back has %d pages", len(now.Before))
	}
}

// promise checks one effect.
func (p *player) promise(old State, e Event, effect Effect) {
	p.t.Helper()
	switch effect := effect.(type) {
	case Issue:
		p.issued++
		p.owed++
		if old.Barred() || effect.Posting == "" {
			p.t.Fatal("a referral for somebody whom nobody may hire, or for no posting")
		}
	case Print:
		if !p.written[effect.Code] {
			p.t.Fatalf("a slip %q that was not written down", effect.Code)
		}
	case Rate:
		if !p.written[effect.Code] {
			p.t.Fatalf("a rating of %q", effect.Code)
		}
	case RequestCall:
		if touch, _ := e.(Touch); old.Page != CallBack || touch.Do != DoSend || !old.Hub.Sealed || old.Barred() || kiosk.CheckPhone(effect.Phone) != nil {
			p.t.Fatalf("a call to %q is asked for at %s by %T, sealed: %v", effect.Phone, old.Page, e, old.Hub.Sealed)
		}
		if p.s.Request.Phone != "" {
			p.t.Fatal("a number that was written down is still in memory")
		}
	case Complain:
		if old.Page != Report || effect.Posting == "" {
			p.t.Fatalf("a complaint about %q at %s", effect.Posting, old.Page)
		}
	case ArmReader:
		if touch, ok := e.(Touch); !ok || old.Page != Consent || touch.Do != DoConsent {
			p.t.Fatal("the reader is armed without consent")
		}
		p.armed = true
	case DisarmReader:
		p.armed = false
	case Search:
		if p.s.Minor() && (effect.Query.Lawful == 0 || effect.Query.Lawful&kiosk.NightShift != 0) {
			p.t.Fatalf("a minor is searched hours %b", effect.Query.Lawful)
		}
	case Rank:
		if p.s.Minor() && effect.Profile.Shifts&kiosk.NightShift != 0 {
			p.t.Fatalf("a minor is matched with hours %b", effect.Profile.Shifts)
		}
	}
}

// wayOut checks that a trouble can be left by everything that says so.
func (p *player) wayOut() {
	p.t.Helper()
	if p.s.Page != Trouble {
		return
	}
	stayed := Touch{p.at(), DoStay, ""} // a warning takes the first touch
	s, _ := Step(p.s, stayed)
	for _, do := range []Action{DoMore, DoDone, DoHome, DoBack, DoEnd} {
		if next, _ := Step(s, Touch{p.at(), do, ""}); next.Page == Trouble {
			p.t.Fatalf("%s does not lead out of trouble %q", do, s.Why.Key)
		}
	}
}

// silence checks that nothing but ticks ends at the attract page with nobody.
func (p *player) silence() {
	p.t.Helper()
	forgot := p.s.Page == Attract
	for left := idle + warn + slow; left >= 0; left -= time.Second {
		p.now = p.now.Add(time.Second)
		p.step(Tick{p.at()})
		for _, e := range p.last {
			if _, ok := e.(Forget); ok {
				forgot = true
			}
		}
	}
	if left := nobodyLeft(p.s); p.s.Page != Attract || left != "" || !forgot || p.armed {
		p.t.Fatalf("silence ends at %s with %q, forgotten: %v, reader armed: %v", p.s.Page, left, forgot, p.armed)
	}
}
