package app

import (
	"context"
	"errors"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// Requests is where it is written down what residents ask the office for, and
// where the office's word on a referral is kept.
type Requests interface {
	// Request fails where nothing can be sealed: a phone number is never written
	// in clear.
	Request(ctx context.Context, r kiosk.Request) error
	Complain(ctx context.Context, b kiosk.BadPosting) error
	Outcome(ctx context.Context, code kiosk.Code) (kiosk.Outcome, time.Time, error)
}

// consent names the words that are agreed to on the page for a phone number. It
// changes with them.
const consent = "callback-1"

var errNoRequests = errors.New("nothing that residents ask for can be written down here")

// requestCall writes down that somebody wants to be called.
func (a *App) requestCall(ctx context.Context, e session.RequestCall) session.Event {
	err := errNoRequests
	if a.o.Requests != nil {
		err = a.o.Requests.Request(ctx, kiosk.Request{
			Posting: e.Posting, Site: a.o.Session.Site.ID, Phone: e.Phone, Consent: consent, At: a.o.Now(),
		})
	}
	a.note("write a call-back down", err)
	return session.Noted{At: a.at(), Posting: e.Posting, Err: err}
}

// complain writes down that somebody says that a posting is bad.
func (a *App) complain(ctx context.Context, e session.Complain) {
	err := errNoRequests
	if a.o.Requests != nil {
		err = a.o.Requests.Complain(ctx, kiosk.BadPosting{
			Posting: e.Posting, Site: a.o.Session.Site.ID, Why: e.Why, At: a.o.Now(),
		})
	}
	a.note("write a complaint down", err)
}

// outcome is the office's word on a referral.
func (a *App) outcome(ctx context.Context, code kiosk.Code) kiosk.Outcome {
	if a.o.Requests == nil {
		return kiosk.NoOutcome
	}
	o, _, err := a.o.Requests.Outcome(ctx, code)
	a.note("look an outcome up", err)
	return o
}
