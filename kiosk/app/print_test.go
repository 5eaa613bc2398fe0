package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		out  Outcome
		mark string
		is   kiosk.ReferralState
		why  string // "" for the page that says to take the slip
	}{
		{Outcome{State: kiosk.Printed, Cause: session.PrinterReady}, "mark printed", kiosk.Printed, ""},
		{Outcome{State: kiosk.Printed, Cause: session.PrinterPaperLow}, "mark printed", kiosk.Printed, ""},
		{Outcome{State: kiosk.Unconfirmed, Cause: session.PrinterPaperOut}, "mark unconfirmed", kiosk.Unconfirmed, "paper-out"},
		{Outcome{State: kiosk.Unconfirmed, Cause: session.PrinterReady}, "mark unconfirmed", kiosk.Unconfirmed, "unconfirmed"},
		{Outcome{State: kiosk.Unconfirmed, Cause: session.PrinterCutter, Interrupted: true}, "mark interrupted", kiosk.Unconfirmed, "cutter"},
		{Outcome{State: kiosk.Failed, Cause: session.PrinterCoverOpen}, "mark failed", kiosk.Failed, "cover-open"},
		{Outcome{State: kiosk.Failed, Cause: session.PrinterOffline}, "mark failed", kiosk.Failed, "offline"},
		// What a driver should never say is taken as: it may be out.
		{Outcome{}, "mark unconfirmed", kiosk.Unconfirmed, "offline"},
		{Outcome{State: kiosk.Issued, Cause: session.PrinterReady}, "mark unconfirmed", kiosk.Unconfirmed, "unconfirmed"},
	} {
		t.Run(string(c.out.State)+" "+string(c.out.Cause), func(t *testing.T) {
			at(t, nil, func(r *rig) {
				r.printer.next = []Outcome{c.out}
				r.confirm()
				want := []string{"issue p1", "mark printing", "print printing", c.mark}
				if c.is == kiosk.Printed {
					want = slices.Insert(want, 3, "mark fenced")
				}
				r.asked(want...)
				if c.why == "" {
					r.page(session.Take)
				} else {
					r.trouble(c.why)
				}
				if got := r.ledger.is(r.shown.Referral.Code); got != c.is {
					t.Errorf("the ledger says %s, not %s", got, c.is)
				}
				wantMaybe := c.is != kiosk.Failed
				if r.shown.Visit.Printing.Maybe != wantMaybe {
					t.Errorf("that ink may be on paper is %v", !wantMaybe)
				}
			})
		})
	}
}

// A retry has the same code. It carries the mark if the first may be out, and
// none if nothing was sent.
func TestRetry(t *testing.T) {
	for _, c := range []struct {
		first  Outcome
		marked bool
	}{
		{Outcome{State: kiosk.Unconfirmed, Cause: session.PrinterPaperOut}, true},
		{Outcome{State: kiosk.Failed, Cause: session.PrinterCoverOpen}, false},
	} {
		at(t, nil, func(r *rig) {
			r.printer.next = []Outcome{c.first, {State: kiosk.Printed, Cause: session.PrinterReady}}
			r.confirm()
			r.page(session.Trouble)
			r.take()
			r.touch("retry", "")
			r.page(session.Take)
			r.asked("mark printing", "print printing", "mark fenced", "mark printed")
			s := r.printer.printed()
			if len(s) != 2 || s[0].Code != s[1].Code || s[0].Reprint || s[1].Reprint != c.marked || s[0].Issued != s[1].Issued {
				t.Errorf("after %v: slips %+v", c.first, s)
			}
		})
	}
}

func TestLedgerRefuses(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.ledger.refuses["issue p1"] = true
		r.confirm()
		r.trouble("ledger")
		r.asked("issue p1 refused")
		if r.shown.Referral.Code != "" {
			t.Error("a referral that was not written down is shown")
		}
		r.ledger.refuses["issue p1"] = false
		r.touch("more", "")
		r.page(session.List)
		r.touch("posting", "p1", "print", "", "confirm", "")
		r.page(session.Take)
	})
	at(t, nil, func(r *rig) {
		r.ledger.refuses["mark printing"] = true
		r.confirm()
		r.trouble("ledger")
		r.asked("issue p1", "mark printing refused")
		if len(r.printer.printed()) != 0 || r.shown.Visit.Printing.Maybe {
			t.Error("something was sent that the ledger does not know of")
		}
		r.ledger.refuses["mark printing"] = false
		r.touch("retry", "")
		r.page(session.Take)
		if r.printer.printed()[0].Reprint {
			t.Error("the first slip that was sent is marked as a reprint")
		}
	})
}

// What became of a slip is told to the resident even if it cannot be written
// down: the paper is there.
func TestMarkFailsAfterPrinting(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.ledger.refuses["mark printed"] = true
		r.confirm()
		r.page(session.Take)
		r.asked("issue p1", "mark printing", "print printing", "mark fenced", "mark printed refused")
		if !strings.Contains(r.log.String(), "could not write down what became of a slip") {
			t.Errorf("the log says nothing of it: %s", r.log.String())
		}
	})
}

// The power button is pressed while a slip prints: the loop waits for it, and
// the ledger gets its mark.
func TestEndWhilePrinting(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.printer.hold = make(chan struct{})
		r.confirm()
		r.page(session.Printing)
		r.asked("issue p1", "mark printing", "print printing", "mark fenced")
		r.stop()
		r.asked("mark unconfirmed")
		if got := r.ledger.is(r.shown.Referral.Code); got != kiosk.Unconfirmed {
			t.Errorf("the ledger says %s", got)
		}
	})
}

// While a slip prints, the loop goes on showing.
func TestLoopGoesOnWhilePrinting(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.printer.hold = make(chan struct{})
		r.confirm()
		_, before := r.latest.get()
		r.wait(10 * time.Second)
		if _, now := r.latest.get(); now < before+9 {
			t.Errorf("in ten seconds of printing the page was shown %d times", now-before)
		}
		close(r.printer.hold)
		r.settle()
		r.page(session.Take)
	})
}

// A printer that hangs far beyond its deadlines: whoever comes next gets no
// slip of somebody else, and a slip whose owner was sent away is not printed.
func TestPrinterThatHangs(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.printer.hold = make(chan struct{})
		r.confirm() // the first person
		r.wait(slow + 2*time.Second)
		r.trouble("unconfirmed")
		r.touch("end", "")

		r.confirm() // the second waits behind the first
		r.asked("issue p1")
		r.wait(slow / 2)
		r.page(session.Printing)
		r.wait(slow)
		r.trouble("unconfirmed")
		r.touch("end", "")

		r.confirm() // for the third there is no room at all
		r.asked("issue p1")
		r.trouble("offline")
		if r.shown.Visit.Printing.Maybe || r.shown.Visit.Printing.Sending {
			t.Error("it is said that something may have been sent")
		}
		r.touch("end", "")
		r.take()

		close(r.printer.hold)
		r.settle()
		r.asked("mark printed") // the first; the second is not begun
		if n := len(r.printer.printed()); n != 1 {
			t.Errorf("%d slips came out", n)
		}
		r.page(session.Attract)
		r.confirm()
		r.page(session.Take)
		if s := r.printer.printed(); len(s) != 2 || s[1].Code != r.shown.Referral.Code {
			t.Error("the printer does not serve any more")
		}
	})
}
