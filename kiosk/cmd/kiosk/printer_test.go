package main

import (
	"testing"

	"jobhome/kiosk"
)

// toTrouble touches "print", lets happen what goes wrong, and checks that the
// page says what it is, and that nothing is lost: the code and what a phone
// reads off the screen.
func (r *rig) toTrouble(key string, goWrong func()) kiosk.Code {
	r.Helper()
	r.touch(say("confirm.print"))
	goWrong()
	r.see(say("trouble." + key))
	r.see(say("trouble.kept"))
	code := r.code()
	got := r.referral(code)
	if got.State != kiosk.Unconfirmed {
		r.Errorf("the ledger says %s of a slip that was cut off, want unconfirmed", got.State)
	}
	if url := r.qr("trouble-" + key); url != address(got.Posting, code) {
		r.Errorf("a phone reads %q off the screen, want %q", url, address(got.Posting, code))
	}
	return code
}

// again prints the slip again when the printer is ready, and checks that at
// most one whole slip has no mark.
func (r *rig) again(code kiosk.Code) {
	r.Helper()
	r.see(say("trouble.ready"))
	r.touch(say("trouble.retry.marked"))
	r.see(say("take.title"))
	if c := r.code(); c != code {
		r.Errorf("the second slip has the code %s, the first %s", c.Grouped(), code.Grouped())
	}
	got := r.referral(code)
	if got.State != kiosk.Printed || got.Attempts != 2 {
		r.Errorf("the ledger says %s after %d attempts, want printed after 2", got.State, got.Attempts)
	}
	plain, marked := r.tally()
	if plain > 1 || marked != 1 {
		r.Errorf("%d whole slips without the mark and %d with it, want at most one and one", plain, marked)
	}
	slips := r.printer.Slips()
	last := slips[len(slips)-1]
	if !whole(last) || !says(last, slipAgain) {
		r.Errorf("the last slip is not a whole one with %s:\n%s", slipAgain, last.Text)
	}
	if url := oneCode(r.T, picture(r.T, last)); url != address(got.Posting, code) {
		r.Errorf("a phone reads %q off the second slip, want %q", url, address(got.Posting, code))
	}
	r.touch(say("take.done"))
	r.see(say("attract.title"))
}

// midSlip waits until the head of a slip is on paper and the rest is not.
func (r *rig) midSlip() {
	r.Helper()
	r.eventually("the head of the slip", func() bool { return says(r.printer.Progress(), slipTitle) })
}

// slowPaper leaves time for something to happen in the middle of a slip.
const slowPaper = 30 // mm/s

func TestPaperOutMidSlip(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	r.toPosting()
	r.toConfirm()
	r.printer.EndPaper(300) // in the middle of the slip, as the roll runs out
	code := r.toTrouble("paper-out", func() {})
	if n, marked := r.tally(); n+marked != 0 {
		t.Errorf("a whole slip on a roll that ended: %d", n+marked)
	}
	r.printer.LoadPaper()
	r.again(code)
}

func TestCoverOpenedMidSlip(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{speed: slowPaper})
	r.start()
	r.toPosting()
	r.toConfirm()
	code := r.toTrouble("cover-open", func() {
		r.midSlip()
		r.printer.OpenCover()
	})
	r.printer.CloseCover()
	r.again(code)
}

func TestPrinterUnpluggedMidSlip(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{speed: slowPaper})
	r.start()
	r.toPosting()
	r.toConfirm()
	code := r.toTrouble("offline", func() {
		r.midSlip()
		r.cables[printerCable].pull()
	})
	r.plug(printerCable)
	r.again(code)
}

// A printer that cannot print is told before somebody chooses to print: there
// is no button for it, and the code of the posting is on the screen instead.
func TestPrinterKnownToBeOut(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	for _, fault := range []struct {
		name, says  string
		begin, mend func()
	}{
		{"paper", "notice.paper", func() { r.printer.EndPaper(0) }, r.printer.LoadPaper},
		{"cover", "notice.printer", r.printer.OpenCover, r.printer.CloseCover},
		{"unplugged", "notice.printer", r.cables[printerCable].pull, func() { r.plug(printerCable) }},
	} {
		fault.begin()
		r.see(say(fault.says))
		card := r.toPosting()
		r.hides(say("posting.print"))
		if !r.shows(say("posting.noprint")) && !r.shows(say(fault.says)) {
			t.Errorf("%s: the page does not say that nothing can be printed", fault.name)
		}
		if url := r.qr("no-" + fault.name); !r.boardHas(url, card) {
			t.Errorf("%s: a phone reads %q for %q", fault.name, url, card)
		}
		fault.mend()
		r.see(say("posting.print"))
		r.touch(say("bar.end"))
		r.see(say("attract.title"))
	}
	if list := r.referrals(); len(list) != 0 {
		t.Errorf("%d referrals were issued without anybody asking", len(list))
	}
	if n := len(r.printer.Slips()); n != 0 {
		t.Errorf("%d pieces of paper came out", n)
	}
}

// A printer that goes at the very moment of the touch: nothing was sent, so
// the slip printed later is the first, and has no mark.
func TestPrinterGoneAtTheTouch(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{})
	r.start()
	r.toPosting()
	r.toConfirm()
	r.cables[printerCable].pull()
	r.touch(say("confirm.print"))
	r.see(say("trouble.offline"))
	list := r.referrals()
	switch {
	case len(list) > 1:
		t.Fatalf("%d referrals for one touch", len(list))
	case len(list) == 0: // the terminal knew before the touch; there is nothing to print again
		r.plug(printerCable)
		r.touch(say("trouble.back"))
		r.see(say("list.filter"))
		return
	}
	code := r.code()
	if list[0].State != kiosk.Failed {
		t.Errorf("the ledger says %s, want failed", list[0].State)
	}
	r.plug(printerCable)
	r.see(say("trouble.ready"))
	r.touch(say("trouble.retry"))
	r.see(say("take.title"))
	if c := r.code(); c != code {
		t.Errorf("code %s, want %s", c.Grouped(), code.Grouped())
	}
	if plain, marked := r.tally(); plain != 1 || marked != 0 {
		t.Errorf("%d slips without the mark and %d with it, want one without", plain, marked)
	}
}
