package session

import (
	"cmp"
	"slices"

	"jobhome/kiosk"
)

// open shows a posting of the list or of the attract page.
func (t *turn) open(id string) {
	item, ok := t.shown(id)
	if !ok {
		return
	}
	t.show(item)
}

// show shows a posting and asks for the whole of it.
func (t *turn) show(item kiosk.Item) {
	t.Chosen, t.LargeSlip = item, t.Large
	t.Referral, t.Visit.Printing = kiosk.Referral{}, PrintState{}
	t.to(Posting)
	t.do(Open{ID: item.Posting.ID})
}

func (t *turn) opened(e Opened) {
	if id := cmp.Or(e.ID, e.Posting.ID, t.Chosen.Posting.ID); id == "" || id != t.Chosen.Posting.ID {
		return
	}
	here := t.Page == Posting || t.Page == Confirm
	switch {
	case e.Err == nil && e.OK && e.Posting.ID == t.Chosen.Posting.ID:
		t.Chosen.Posting = e.Posting
	case !here: // coming back to the posting asks again
	case e.Err != nil:
		t.trouble("board")
	default:
		t.expired()
	}
}

// expired tells that the posting looked at has gone. The way back leads past
// it, to a list without it.
func (t *turn) expired() {
	t.trouble("expired")
	t.Before = slices.DeleteFunc(slices.Clone(t.Before), func(p Page) bool { return p == Posting })
	t.stale()
}

func (t *turn) touchPosting(e Touch) {
	switch {
	case t.Page == Posting && e.Do == DoPrint:
		if t.Printer.CanPrint() && !t.Barred() {
			t.to(Confirm)
			t.draft()
		}
	case t.Page == Posting && e.Do == DoLike:
		t.like(e.Do)
	case t.Page == Posting && e.Do == DoOther:
		t.to(Other)
	case t.Page == Posting && e.Do == DoPage:
		t.turnSheet(e.Arg)
	case t.Page == Confirm && e.Do == DoLargeSlip:
		t.LargeSlip = !t.LargeSlip
		t.draft()
	case t.Page == Confirm && e.Do == DoScan:
		t.back()
	case t.Page == Confirm && e.Do == DoConfirm:
		t.confirm()
	}
}

// draft asks for the picture of the slip that would be printed now.
func (t *turn) draft() {
	t.seq++
	t.draftSeq, t.Draft = t.seq, nil
	t.do(Draft{
		Seq:        t.seq,
		Posting:    t.Chosen.Posting,
		MaskedName: t.Resident.MaskedName,
		Metres:     t.Chosen.Metres,
		Large:      t.LargeSlip,
	})
}

// turnSheet turns the sheets of a page that has more than fits.
func (t *turn) turnSheet(arg string) {
	switch arg {
	case "next":
		t.Offset++
	case "prev":
		t.Offset = max(t.Offset-1, 0)
	}
}

// confirm issues a referral: once for each touch that gets here, because the
// page is left with it.
func (t *turn) confirm() {
	if t.Barred() {
		return
	}
	t.Referral, t.Rated, t.Visit.Printing = kiosk.Referral{}, "", PrintState{}
	switch {
	case !t.Chosen.Posting.Open(t.Now):
		t.expired()
		return
	case !t.Printer.CanPrint():
		t.trouble(t.Printer.trouble())
		return
	case t.issuing:
		// The ledger still owes an answer that was given up on. Another
		// question now could get the answer to the first.
		t.trouble("ledger")
		return
	}
	t.to(Printing)
	t.issuing = true
	t.Visit.Printing = PrintState{Since: t.Now, Issuing: true}
	t.do(Issue{Posting: t.Chosen.Posting.ID})
}

func (t *turn) written(e Written) {
	t.issuing = false
	t.Unwritable = e.Err != nil
	if t.Page != Printing || !t.Visit.Printing.Issuing {
		return
	}
	if e.Err != nil || e.Referral.Code == "" {
		t.alive()
		t.Visit.Printing.Issuing = false
		t.trouble("ledger")
		return
	}
	t.Referral = e.Referral
	t.send()
}

// send prints the slip of the referral that is written down.
func (t *turn) send() {
	t.to(Printing)
	t.Visit.Printing = PrintState{Since: t.Now, Sending: true, Maybe: t.Visit.Printing.Maybe}
	t.do(Print{
		Code:       t.Referral.Code,
		Posting:    t.Chosen.Posting,
		MaskedName: t.Resident.MaskedName,
		Metres:     t.Chosen.Metres,
		Large:      t.LargeSlip,
	})
}

func (t *turn) printEnded(e PrintEnded) {
	t.Unwritable = e.Unwritten
	if e.Code != t.Referral.Code || !t.Visit.Printing.Sending {
		return
	}
	t.Visit.Printing.Sending = false
	t.Referral.State = e.State
	if !t.awaiting() {
		return
	}
	t.alive()
	t.buzz = BuzzBad
	switch {
	case e.Unwritten:
		t.troubleWith("ledger", e.Maybe)
	case e.State == kiosk.Printed:
		t.buzz = BuzzOK
		t.Page, t.Before = Take, nil
		t.Why = TroubleState{}
		t.Visit.Printing.Maybe = true
	case e.State == kiosk.Failed || e.Cause != PrinterReady && e.Cause != PrinterPaperLow && e.Cause != PrinterUnknown:
		t.troubleWith(e.Cause.trouble(), e.Maybe)
	default:
		t.troubleWith("unconfirmed", e.Maybe)
	}
}

// awaiting reports whether the page is about the slip on its way, or help that
// was asked for from there. Who went on to something else is left at it.
func (t *turn) awaiting() bool {
	return t.Page == Printing || t.Page == Trouble || t.Page == Help && slices.Contains(t.Before, Trouble)
}

// trouble is the catalogue key of what is wrong with the printer.
func (p PrinterState) trouble() string {
	switch p {
	case PrinterPaperOut, PrinterCoverOpen, PrinterCutter, PrinterOverheated, PrinterSlipNotTaken:
		return string(p)
	}
	return "offline"
}

func (t *turn) tickPrinting() {
	if t.Now.Sub(t.Visit.Printing.Since) < t.Options.Slow {
		return
	}
	t.alive()
	if t.Visit.Printing.Issuing {
		t.Visit.Printing.Issuing = false
		t.trouble("ledger")
		return
	}
	t.troubleWith("unconfirmed", true)
}

// touchAfter answers touches after a slip came, or did not.
func (t *turn) touchAfter(e Touch) {
	switch e.Do {
	case DoRetry:
		if t.Page == Trouble && t.Why.Retry && t.Printer.CanPrint() && !t.Visit.Printing.Sending {
			t.send()
		}
	case DoRate:
		r := kiosk.Rating(e.Arg)
		ok := r == kiosk.Good || r == kiosk.Fair || r == kiosk.Poor
		if t.Page == Take && t.Rated == "" && ok {
			t.Rated = r
			t.do(Rate{Code: t.Referral.Code, Rating: r})
		}
	case DoMore:
		t.more()
	case DoDone:
		t.end("ended.done")
	}
}

// more goes on to other postings after one.
func (t *turn) more() {
	if t.CardOut {
		t.anew()
		return
	}
	t.Referral, t.Visit.Printing = kiosk.Referral{}, PrintState{}
	if t.List.seq == 0 || len(t.List.Results.Items) == 0 && !t.List.stale {
		t.to(Home)
		return
	}
	t.Page, t.Before, t.Offset = List, []Page{Home}, 0
	t.fitList()
}
