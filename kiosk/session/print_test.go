package session

import (
	"testing"
	"time"

	"jobhome/kiosk"
)

// No page but the confirmation issues a referral, and none but the consent
// page arms the reader, whatever is touched there.
func TestOnlyTheirPagesIssueAndArm(t *testing.T) {
	for _, page := range Pages() {
		w := open(t).play(walk(page))
		for _, do := range actions() {
			for _, arg := range []string{"", "p1", "match"} {
				_, effects := Step(w.s, Touch{w.at(), do, arg})
				for _, e := range effects {
					_, issue := e.(Issue)
					_, arm := e.(ArmReader)
					if issue && (page != Confirm || do != DoConfirm) || arm && (page != Consent || do != DoConsent) {
						t.Errorf("%s at %s leads to %T", do, page, e)
					}
				}
			}
		}
	}
}

func TestExpiredAtTheLastMoment(t *testing.T) {
	w := open(t).play(walk(Confirm))
	w.now = posting(1).ValidThrough.Add(time.Second)
	w.play(`
		touch confirm -> trouble
		is why=expired !retry
		touch back    -> list: Search`)
}

// Every state of the printer that stops a slip has a page of its own words.
func TestPrinterTroubles(t *testing.T) {
	for _, state := range []PrinterState{
		PrinterNone, PrinterUnknown, PrinterPaperOut, PrinterCoverOpen, PrinterCutter,
		PrinterOverheated, PrinterSlipNotTaken, PrinterOffline,
	} {
		if state.CanPrint() {
			t.Errorf("%s can print", state)
		}
		w := open(t).play(walk(Printing))
		w.send(PrintEnded{At: w.at(), Code: "C1", State: kiosk.Failed, Cause: state})
		w.play("is retry")
		if w.s.Page != Trouble || w.s.Why.Key == "" {
			t.Errorf("%s: page %s, why %q", state, w.s.Page, w.s.Why.Key)
		}
	}
	if !PrinterReady.CanPrint() || !PrinterPaperLow.CanPrint() {
		t.Error("a printer that is ready, or low on paper, can print")
	}
}

// Every trouble can be left, by what its page offers and by the bar.
func TestTroublesCanBeLeft(t *testing.T) {
	troubles := []string{
		walk(Trouble),
		walk(Printing) + "\n wait 25s -> trouble",
		walk(Confirm) + "\n touch confirm -> printing: Issue p1 \n written error -> trouble",
		walk(List) + "\n touch page next -> list: Search \n found error -> trouble",
		walk(List) + "\n touch posting p1 -> posting: Open p1 \n opened gone p1 -> trouble",
	}
	for _, script := range troubles {
		for _, do := range []Action{DoMore, DoDone, DoHome, DoBack, DoEnd} {
			w := open(t).play(script)
			w.send(Touch{w.at(), do, ""})
			if w.s.Page == Trouble {
				t.Errorf("%s does not lead out of %q", do, w.s.Why.Key)
			}
		}
	}
}
