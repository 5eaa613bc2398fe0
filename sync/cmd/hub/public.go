package main

import (
	"context"
	"net/http"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/gate"
	"jobhome/sync/hub/pages"
	"jobhome/sync/hub/readapi"
)

// webSite stands as the site in what people ask for on the pages.
const webSite = "web"

// public is what residents and the world see: the pages behind a slip's QR code,
// the feed, and the interface for other programs.
func (o *office) public(ctx context.Context, g *gate.Gate) (http.Handler, error) {
	opts := pages.Opts{
		Base: o.settings.Public.URL, Name: o.settings.Name, Phone: o.settings.Phone, Site: webSite,
		Slips: slips{o.fleet}, Log: o.log, Now: time.Now,
		Address: asker(o.settings.Public.Proxy),
	}
	switch looked, err := o.putWeb(ctx); {
	case err != nil:
		return nil, err
	case looked:
		opts.Inbox = inbox{o.fleet}
	}
	p, err := pages.New(o.postings, opts)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/p/", p)
	mux.Handle("GET /v1/jobs/", readapi.New(o.postings, o.settings.Public.URL, o.log))
	mux.Handle("GET /feed/", http.StripPrefix("/feed", g.Handler()))
	mux.Handle("GET /healthz", g.Handler())
	return mux, nil
}

// putWeb writes the pages down as a site of the first area that a board has, so
// that what people ask for there has somebody who looks at it. looked is false
// where no board has an area: then nobody would, and the pages offer no forms.
func (o *office) putWeb(ctx context.Context) (looked bool, err error) {
	for _, b := range o.settings.Boards {
		if len(b.Areas) == 0 {
			continue
		}
		return true, o.fleet.PutSite(ctx, fleet.Site{
			ID: webSite, Name: o.settings.Name, Tier: kiosk.TierCounty, Area: b.Areas[0],
			Phone: o.settings.Phone, Board: b.Name,
		})
	}
	return false, nil
}

// slips knows what has become of a slip.
type slips struct{ fleet *fleet.Fleet }

// Outcome is the newest word on a slip's referral.
func (s slips) Outcome(ctx context.Context, code kiosk.Code) (o kiosk.Outcome, at time.Time, err error) {
	found, err := s.fleet.Find(ctx, "", string(code))
	if err != nil {
		return "", at, err
	}
	if len(found) == 0 {
		return "", at, kiosk.ErrNoReferral
	}
	for _, r := range found {
		if r.OutcomeAt.After(at) {
			o, at = r.Outcome, r.OutcomeAt
		}
	}
	return o, at, nil
}

// inbox takes what people ask for and say on the pages.
type inbox struct{ fleet *fleet.Fleet }

func (i inbox) Request(ctx context.Context, r kiosk.Request) error { return i.fleet.AddCall(ctx, r) }

func (i inbox) Complain(ctx context.Context, b kiosk.BadPosting) error {
	return i.fleet.AddComplaint(ctx, b)
}
