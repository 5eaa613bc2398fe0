package app

import (
	"context"
	"errors"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// unlock asks whether a PIN opens the staff page. Making a hash of it takes
// about a second on a small computer, so the loop does not wait for it.
func (a *App) unlock(ctx context.Context, pin string) session.Event {
	if a.o.Staff == nil {
		return session.Unlocked{At: a.at(), None: true}
	}
	go func() {
		answer := a.o.Staff.Unlock(pin)
		answer.At = a.at()
		a.Send(ctx, answer)
	}()
	return nil
}

// lookup finds a posting, and what became of a referral for it. Only the code
// that stands on the slip is asked for, and what comes back names nobody.
func (a *App) lookup(ctx context.Context, e session.Lookup) session.Event {
	now := a.o.Now()
	p, ok, err := a.o.Board.Get(ctx, e.Posting)
	a.note("look a posting up", err)
	found := session.LookedUp{At: a.at(), Seq: e.Seq, Open: ok && p.Open(now), Err: err}
	if ok {
		found.Item.Posting = p
		found.Item.Metres = a.o.Session.Site.Location.Metres(p.Location)
	}
	if e.Code == "" {
		return found
	}
	r, err := a.o.Ledger.Get(ctx, e.Code)
	switch {
	case err == nil && r.Posting == e.Posting:
		found.Referral, found.Known = r, true
	case err != nil && !errors.Is(err, kiosk.ErrNoReferral): // that of another terminal
		a.note("look a referral up", err)
		found.Err = err
	}
	return found
}
