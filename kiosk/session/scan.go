package session

import (
	"slices"

	"jobhome/kiosk"
)

// ScanState is a slip or a posting that was held to the scanner.
type ScanState struct {
	Waiting  bool
	Item     kiosk.Item // the posting, if Open
	Open     bool       // it can still be applied for
	Referral kiosk.Referral
	Outcome  kiosk.Outcome // what the office has said of it
	New      int           // postings of that kind of work that came since
	newQuery kiosk.Query
	seq      int
}

// scanned takes a code that was held to the scanner. It shows what belongs to
// it, and starts nothing else: no slip is printed by a scan.
func (t *turn) scanned(e Scanned) {
	switch t.Page {
	case Attract, Home, Trades, Keys, Ask, List, Filter, Posting, Take, Result, Help:
	default:
		return
	}
	t.alive()
	if e.Posting == "" {
		t.say("scan.other")
		return
	}
	if t.CardOut {
		t.anew()
	}
	t.lookup(e.Posting, e.Code)
}

// lookup shows what belongs to a slip: one that was scanned, or whose code was
// typed, which names no posting.
func (t *turn) lookup(posting string, code kiosk.Code) {
	t.Notice = ""
	t.to(Result)
	// What they look at now is another matter than the slip before it.
	t.Referral, t.Visit.Printing, t.Rated = kiosk.Referral{}, PrintState{}, ""
	t.Before = slices.DeleteFunc(slices.Clone(t.Before), func(p Page) bool { return !returnable(p) })
	t.seq++
	t.Scan = ScanState{Waiting: true, seq: t.seq}
	t.do(Lookup{Seq: t.seq, Posting: posting, Code: code, Lawful: t.allowed()})
}

// say shows a notice for some seconds.
func (t *turn) say(key string) { t.Notice, t.noticeUntil = key, t.Now.Add(noticeTime(key)) }

func (t *turn) lookedUp(e LookedUp) {
	if e.Seq != t.Scan.seq || !t.Scan.Waiting {
		return
	}
	open := e.Open && e.Item.Posting.ID != ""
	if e.Err == nil && e.Known && e.Referral.Code != "" {
		t.Scan = ScanState{Item: e.Item, Open: open, Referral: e.Referral, Outcome: e.Outcome, New: e.New, newQuery: e.NewQuery, seq: e.Seq}
		return
	}
	// There is nothing to show on the page, so no way back leads to it.
	t.Scan = ScanState{}
	if t.Page != Result {
		t.forgetResult()
		return
	}
	switch {
	case e.Err != nil:
		t.trouble("lookup")
	case e.Item.Posting.ID == "" && e.Typed:
		t.trouble("code")
	case !open:
		t.trouble("gone")
		t.stale()
	default:
		t.show(e.Item)
	}
	t.forgetResult()
}

func (t *turn) forgetResult() {
	t.Before = slices.DeleteFunc(slices.Clone(t.Before), func(p Page) bool { return p == Result })
}

func (t *turn) touchResult(e Touch) {
	switch e.Do {
	case DoPosting:
		t.open(e.Arg)
	case DoSince:
		if t.Scan.New > 0 {
			t.list(t.Scan.newQuery, "since")
		}
	case DoMore:
		t.more()
	case DoDone:
		t.end("ended.done")
	}
}
