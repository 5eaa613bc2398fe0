package app

import (
	"context"
	"errors"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// fakeRequests writes down what was asked for.
type fakeRequests struct {
	*calls
	broken error
}

func (f fakeRequests) Request(_ context.Context, r kiosk.Request) error {
	f.add("request %s at %s", r.Phone, r.Posting)
	return errors.Join(f.broken, r.Check())
}

func (f fakeRequests) Complain(_ context.Context, b kiosk.BadPosting) error {
	f.add("complain %s at %s", b.Why, b.Posting)
	return f.broken
}

func (f fakeRequests) Outcome(context.Context, kiosk.Code) (kiosk.Outcome, time.Time, error) {
	return kiosk.Interviewed, time.Time{}, f.broken
}

func TestRequestsAreWrittenDown(t *testing.T) {
	at(t, nil, func(r *rig) {
		ask := func() session.Noted {
			return r.app.carryOut(r.ctx, session.RequestCall{Posting: "p1", Phone: "13907920000"}).(session.Noted)
		}
		if e := ask(); e.Err == nil {
			t.Error("noted without anywhere to write")
		}
		r.app.o.Requests = fakeRequests{calls: r.calls}
		if e := ask(); e.Err != nil || e.Posting != "p1" || e.Time.IsZero() {
			t.Errorf("%+v", e)
		}
		r.app.carryOut(r.ctx, session.Complain{Posting: "p1", Why: kiosk.FeePosting})
		r.asked("request 13907920000 at p1", "complain fee at p1")
		r.app.o.Requests = fakeRequests{calls: r.calls, broken: errors.New("full")}
		if e := ask(); e.Err == nil {
			t.Error("a ledger that failed is not told")
		}
	})
}

func TestLookupTellsTheOutcome(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.confirm()
		r.app.o.Requests = fakeRequests{calls: r.calls}
		e := r.app.lookup(r.ctx, session.Lookup{Seq: 1, Posting: "p1", Code: r.shown.Referral.Code}).(session.LookedUp)
		if e.Outcome != kiosk.Interviewed {
			t.Errorf("outcome %q", e.Outcome)
		}
	})
}
