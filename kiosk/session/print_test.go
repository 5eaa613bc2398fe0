package session

import (
	"testing"
	"time"

	"jobhome/kiosk"
)

func TestPrinting(t *testing.T) {
	for name, script := range map[string]string{
		"it comes": walk(Take) + `
			is code=C1
			touch rate good   -> take: Rate good
			touch rate poor   -> take
			touch rate superb -> take
			touch done        -> attract: DisarmReader, Forget
			is nobody notice=ended.done`,
		"and another one": walk(Take) + `
			touch more       -> list: Search
			is code=
			touch posting p2 -> posting: Open p2
			touch print      -> confirm: Draft
			touch confirm    -> printing: Issue p2
			written C2       -> printing: Print C2
			ended C1 failed paper-out -> printing
			ended C2 printed ready    -> take
			is code=C2 rated=`,
		"without a list, more leads home": `
			touch posting p1 -> posting: Open p1
			touch print      -> confirm: Draft
			touch confirm    -> printing: Issue p1
			written C1       -> printing: Print C1
			ended C1 printed ready -> take
			touch more       -> home`,
		"confirmed twice": walk(Confirm) + `
			touch confirm -> printing: Issue p1
			touch confirm -> printing
			touch print   -> printing
			touch end     -> printing
			written C1    -> printing: Print C1
			written C1    -> printing
			touch confirm -> printing`,
		"large slip": walk(Confirm) + `
			touch large-slip -> confirm: Draft
			is large-slip !draft
			drafted stale    -> confirm
			is !draft
			drafted          -> confirm
			is draft
			touch scan       -> posting: Open p1`,
		"failed before anything was sent": walk(Printing) + `
			ended C1 failed cover-open -> trouble
			is why=cover-open retry !maybe
			printer cover-open     -> trouble
			touch retry            -> trouble
			printer ready          -> trouble
			touch retry            -> printing: Print C1
			ended C1 printed ready -> take`,
		"failed, nobody knows why": walk(Printing) + `
			ended C1 failed unknown -> trouble
			is why=offline retry`,
		"unconfirmed": walk(Printing) + `
			ended C1 unconfirmed unknown maybe -> trouble
			is why=unconfirmed retry maybe
			touch retry                        -> printing: Print C1
			is maybe
			touch retry                        -> printing`,
		"paper out in the middle, then marked": walk(Printing) + `
			ended C1 unconfirmed paper-out maybe -> trouble
			is why=paper-out retry maybe
			printer paper-out      -> trouble
			touch retry            -> trouble
			printer paper-low      -> trouble
			touch retry            -> printing: Print C1
			ended C1 printed ready -> take
			is why=`,
		"slow, and never heard of again": walk(Printing) + `
			wait 24s    -> printing
			wait 1s     -> trouble
			is why=unconfirmed retry maybe sending
			touch retry -> trouble
			touch more  -> list: Search
			is !sending`,
		"slow, and printed after all": walk(Printing) + `
			wait 25s               -> trouble
			ended C1 printed ready -> take
			touch back             -> home`,
		"slow, and failed after all": walk(Printing) + `
			wait 25s                             -> trouble
			ended C1 unconfirmed paper-out maybe -> trouble
			is why=paper-out retry !sending
			touch retry                          -> printing: Print C1`,
		"its end comes when they look at other things": walk(Printing) + `
			wait 25s               -> trouble
			touch home             -> home
			touch card             -> consent
			touch consent          -> tap-card: ArmReader
			ended C1 printed ready -> tap-card
			is !sending`,
		"its end comes when they have gone": walk(Printing) + `
			wait 25s               -> trouble
			touch done             -> attract: DisarmReader, Forget
			ended C1 printed ready -> attract
			is nobody`,
		"its end wakes no warning": walk(Printing) + `
			wait 25s               -> trouble
			wait 70s               -> trouble
			is warning
			ended C1 printed ready -> take
			is !warning left=35`,
		"an end without a beginning": walk(Take) + `
			ended C1 failed paper-out -> take
			ended C9 printed ready    -> take`,
		"the ledger refuses": walk(Confirm) + `
			touch confirm -> printing: Issue p1
			written error -> trouble
			is why=ledger !retry code=
			touch retry   -> trouble
			touch back    -> posting: Open p1
			touch print   -> confirm: Draft
			touch confirm -> printing: Issue p1`,
		"the ledger is slow, its answer is for nobody else": walk(Confirm) + `
			touch confirm    -> printing: Issue p1
			wait 25s         -> trouble
			is why=ledger
			touch more       -> list: Search
			touch posting p2 -> posting: Open p2
			touch print      -> confirm: Draft
			touch confirm    -> trouble
			is why=ledger
			written C1       -> trouble
			is code=
			touch back       -> posting: Open p2
			touch print      -> confirm: Draft
			touch confirm    -> printing: Issue p2`,
		"no printer, no confirmation": walk(Posting) + `
			printer paper-out -> posting
			touch print       -> posting
			printer ready     -> posting
			touch print       -> confirm: Draft
			printer offline   -> confirm
			touch confirm     -> trouble
			is why=offline !retry code=
			touch retry       -> trouble
			touch back        -> posting: Open p1`,
		"the first code is no more when the second try is refused": walk(Trouble) + `
			touch back      -> posting: Open p1
			touch print     -> confirm: Draft
			printer cutter  -> confirm
			touch confirm   -> trouble
			is why=cutter !retry code=`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
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
