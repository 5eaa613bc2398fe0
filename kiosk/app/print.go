package app

import (
	"context"
	"image"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// Journal is the part of the ledger that follows a slip through the printer.
type Journal interface {
	MarkPrinting(ctx context.Context, code kiosk.Code, at time.Time) (marked bool, err error)
	MarkFenced(ctx context.Context, code kiosk.Code) error
	MarkPrinted(ctx context.Context, code kiosk.Code, at time.Time) error
	MarkInterrupted(ctx context.Context, code kiosk.Code, at time.Time) error
	MarkUnconfirmed(ctx context.Context, code kiosk.Code, at time.Time) error
	MarkFailed(ctx context.Context, code kiosk.Code, at time.Time) error
}

// Picture is a slip drawn for the screen; nil for none.
type Picture = *image.Gray

// Outcome is what became of a slip.
type Outcome struct {
	State kiosk.ReferralState // Printed, Unconfirmed, or Failed: nothing was sent
	Cause session.PrinterState
	// Interrupted tells, of an Unconfirmed slip, that the printer said why it
	// stopped.
	Interrupted bool
}

// job is a slip on its way to the printer.
type job struct {
	effect session.Print
	issued time.Time
	asked  time.Time
}

// print hands a slip to the printing goroutine. The state machine asks for one
// at a time, and gives up on one later than any printer does, so there is room
// for it; where there is none after all, the answer says that nothing was sent.
func (a *App) print(e session.Print) session.Event {
	select {
	case a.prints <- job{e, a.state.Referral.Issued, a.o.Now()}:
		return nil
	default:
		a.o.Log.Error("a second slip was to be printed while one is printing", "code", e.Code)
		return a.unsent(e.Code)
	}
}

// unsent is the end of a slip of which nothing was sent or written down.
func (a *App) unsent(code kiosk.Code) session.Event {
	return session.PrintEnded{At: a.at(), Code: code, State: kiosk.Failed, Cause: session.PrinterOffline}
}

// printer prints slips one after the other until ctx ends.
func (a *App) printer(ctx context.Context, done chan<- struct{}) {
	defer close(done)
	for {
		select {
		case <-ctx.Done():
			return
		case j := <-a.prints:
			a.Send(ctx, a.printOne(ctx, j))
		}
	}
}

// printOne prints a slip, written down at every step: before the first byte,
// and when it is known what became of it.
func (a *App) printOne(ctx context.Context, j job) session.Event {
	code := j.effect.Code
	if slow := a.o.Session.Slow; slow > 0 && a.o.Now().Sub(j.asked) >= slow {
		// Whoever asked for it was told that it did not come, and may have left.
		a.o.Log.Error("a slip waited too long for its turn", "code", code)
		return a.unsent(code)
	}
	// What the ledger says must be kept even while the program is ending.
	keep := context.WithoutCancel(ctx)
	marked, err := a.o.Ledger.MarkPrinting(keep, code, a.o.Now())
	if err != nil {
		a.note("write down that a slip is printing", err)
		return session.PrintEnded{At: a.at(), Code: code, State: kiosk.Failed, Maybe: marked, Unwritten: true}
	}
	out := a.o.Printer.Print(ctx, a.slip(j, marked), func() {
		a.note("write down that a slip has been sent", a.o.Ledger.MarkFenced(keep, code))
	})
	out.State, err = out.Mark(keep, a.o.Ledger, code, a.o.Now())
	a.note("write down what became of a slip", err)
	a.o.Log.Info("slip", "code", code, "state", out.State, "printer", out.Cause, "reprint", marked)
	return session.PrintEnded{
		At: a.at(), Code: code, State: out.State, Cause: out.Cause,
		Maybe: marked || out.State != kiosk.Failed,
	}
}

// Mark writes the outcome down, and returns what it means for the referral: of
// a slip that is neither printed nor surely unsent, nobody knows.
func (o Outcome) Mark(ctx context.Context, j Journal, code kiosk.Code, at time.Time) (kiosk.ReferralState, error) {
	switch {
	case o.State == kiosk.Printed:
		return kiosk.Printed, j.MarkPrinted(ctx, code, at)
	case o.State == kiosk.Failed:
		return kiosk.Failed, j.MarkFailed(ctx, code, at)
	case o.Interrupted:
		return kiosk.Unconfirmed, j.MarkInterrupted(ctx, code, at)
	}
	return kiosk.Unconfirmed, j.MarkUnconfirmed(ctx, code, at)
}

func (a *App) slip(j job, marked bool) kiosk.Slip {
	e := j.effect
	return kiosk.Slip{
		Site: a.o.Session.Site, Posting: e.Posting, Code: e.Code, Issued: j.issued,
		MaskedName: e.MaskedName, Metres: e.Metres, Reprint: marked, Large: e.Large,
	}
}

// draft draws the slip that would be printed. It has no code yet, and says so.
func (a *App) draft(e session.Draft) Picture {
	if a.o.Printer == nil {
		return nil
	}
	return a.o.Printer.Draft(kiosk.Slip{
		Site: a.o.Session.Site, Posting: e.Posting, Issued: a.o.Now(),
		MaskedName: e.MaskedName, Metres: e.Metres, Large: e.Large,
	})
}
