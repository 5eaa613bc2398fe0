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
	r, known, err := a.referral(ctx, e.Code)
	typed := e.Posting == ""
	if typed {
		e.Posting = r.Posting
	}
	if err != nil || typed && !known {
		return session.LookedUp{At: a.at(), Seq: e.Seq, Typed: typed, Err: err}
	}
	p, ok, err := a.o.Board.Get(ctx, e.Posting)
	a.note("look a posting up", err)
	found := session.LookedUp{At: a.at(), Seq: e.Seq, Typed: typed, Open: ok && p.Open(now), Err: err}
	if ok {
		found.Item.Posting = p
		found.Item.Metres = a.o.Session.Site.Location.Metres(p.Location)
	}
	if known && r.Posting == e.Posting {
		found.Referral, found.Known = r, true
		found.Outcome = a.outcome(ctx, r.Code)
		found.New, found.NewQuery = a.since(ctx, r, p.Occupation, e.Lawful)
	}
	return found
}

// referral is what the ledger has of a code; that of another terminal is not
// known.
func (a *App) referral(ctx context.Context, code kiosk.Code) (r kiosk.Referral, known bool, err error) {
	if code == "" {
		return r, false, nil
	}
	r, err = a.o.Ledger.Get(ctx, code)
	if errors.Is(err, kiosk.ErrNoReferral) {
		return kiosk.Referral{}, false, nil
	}
	a.note("look a referral up", err)
	return r, err == nil, err
}

// since counts what is new for whoever holds an old slip. What they may want is
// taken from the slip's own date and kind of work; nothing is known of the
// person. Of a posting that the board no longer has, the title is left.
func (a *App) since(ctx context.Context, r kiosk.Referral, work kiosk.Occupation, lawful kiosk.Shifts) (int, kiosk.Query) {
	q := kiosk.Query{Since: r.Issued, Lawful: lawful, Sort: kiosk.SortNewest, Fold: true, Limit: 1, Now: a.o.Now()}
	switch trade := work.Trade(); {
	case work.Code == "":
		q.Text = kiosk.HeadWords(r.Title)
	case trade != kiosk.TradeOther:
		q.Trades = []kiosk.Trade{trade}
	default:
		q.Occupation = work.Code
	}
	found, err := a.o.Board.Search(ctx, q)
	a.note("count what is new", err)
	if found.Rescue != nil { // it is not what they had
		return 0, q
	}
	return found.Total, q
}

var errNoReset = errors.New("nothing can be wiped here")

// countLeft counts what would be lost with everything else.
func (a *App) countLeft(ctx context.Context) session.Event {
	n, err := 0, errNoReset
	if a.o.Resetter != nil {
		n, err = a.o.Resetter.Left(ctx)
	}
	a.note("count what the hub does not have", err)
	return session.LeftBehind{At: a.at(), N: n, Err: err}
}

// factoryReset asks for everything to be wiped. When that is done there is nobody
// left to tell.
func (a *App) factoryReset() session.Event {
	err := errNoReset
	if a.o.Resetter != nil {
		a.o.Log.Warn("staff have everything wiped")
		err = a.o.Resetter.Reset()
	}
	a.note("have everything wiped", err)
	if err != nil {
		return session.ResetFailed{At: a.at()}
	}
	return nil
}
