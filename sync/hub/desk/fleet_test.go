package desk_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/desk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/record"
	"jobhome/sync/wire"
)

// fakeFleet is sites, terminals and residents as values.
type fakeFleet struct {
	mu        sync.Mutex
	sites     []fleet.Site
	terminals []fleet.Terminal
	referrals []fleet.Referral
	calls     []fleet.Call
	phones    map[int64]string
	complain  []fleet.Complaint
	empty     []fleet.Empty
	rows      []fleet.Row
	boards    []desk.Board
	failing   error
	release   func(ctx context.Context) error
	audit     func(who, action, subject string) error
}

func newFleet() *fakeFleet {
	s1 := fleet.Site{ID: "chashan", Name: "茶山街道就业之家", Tier: kiosk.TierTown, Area: "360482001", Board: "gqc", Phone: "0792-4340001"}
	s2 := fleet.Site{ID: "ganlu", Name: "甘露镇就业之家", Tier: kiosk.TierTown, Area: "360482100", Board: "gqc"}
	return &fakeFleet{
		sites: []fleet.Site{s1, s2},
		terminals: []fleet.Terminal{
			{ID: "chashan-1", Site: s1, Seen: now.Add(-time.Hour), Status: record.Status{
				Program: "1.4.0", Backlog: 2, Board: wire.Version{Epoch: 1, N: 9}, Devices: map[string]string{"printer": "ok", "paper": "low"},
			}},
			{ID: "ganlu-1", Site: s2, Seen: now.AddDate(0, 0, -9), Stale: true, Status: record.Status{
				Program: "1.3.2", Backlog: 31, Board: wire.Version{Epoch: 1, N: 3}, Devices: map[string]string{"printer": "paper-out"},
			}, Lag: 6},
		},
		phones: map[int64]string{},
		boards: []desk.Board{{Name: "gqc", Version: "1.9", Postings: 812, Revoked: 3, At: now.Add(-20 * time.Minute)}},
	}
}

func (f *fakeFleet) siteIn(in kiosk.Area, id string) bool {
	return slices.ContainsFunc(f.sites, func(s fleet.Site) bool { return s.ID == id && s.Area.Within(in) })
}

func (f *fakeFleet) Sites(_ context.Context, in kiosk.Area) (all []fleet.Site, err error) {
	for _, s := range f.sites {
		if s.Area.Within(in) {
			all = append(all, s)
		}
	}
	return all, f.failing
}

func (f *fakeFleet) Terminals(_ context.Context, in kiosk.Area) (all []fleet.Terminal, err error) {
	for _, t := range f.terminals {
		if t.Site.Area.Within(in) {
			all = append(all, t)
		}
	}
	return all, nil
}

func (f *fakeFleet) PutSite(_ context.Context, s fleet.Site) error {
	f.sites = append(f.sites, s)
	return nil
}

func (f *fakeFleet) NewCode(_ context.Context, d fleet.Draft) (fleet.Code, error) {
	if d.Terminal == "" {
		d.Terminal = d.Site + "-9"
	}
	return fleet.Code{Code: "7K3M-9WXH-4FAB", Terminal: d.Terminal, Expires: now.Add(24 * time.Hour), Pin: hubPin}, nil
}

func (f *fakeFleet) Revoke(_ context.Context, id, _ string) error {
	for i := range f.terminals {
		if f.terminals[i].ID == id {
			f.terminals[i].Revoked = now
			return nil
		}
	}
	return fleet.ErrUnknown
}

func (f *fakeFleet) Referrals(_ context.Context, s fleet.Scope, _ int) (all []fleet.Referral, err error) {
	for _, r := range f.referrals {
		if f.siteIn(s.Area, r.Site) && !r.Issued.Before(s.From) {
			all = append(all, r)
		}
	}
	return all, nil
}

func (f *fakeFleet) Find(_ context.Context, in kiosk.Area, code string) (all []fleet.Referral, err error) {
	c, err := kiosk.ParseCode(code)
	for _, r := range f.referrals {
		if r.Code == c && f.siteIn(in, r.Site) {
			all = append(all, r)
		}
	}
	return all, err
}

func (f *fakeFleet) SetOutcome(_ context.Context, ref fleet.Referral, o kiosk.Outcome, by string) error {
	for i := range f.referrals {
		if f.referrals[i].Incarnation == ref.Incarnation && f.referrals[i].Code == ref.Code {
			f.referrals[i].Outcome, f.referrals[i].OutcomeBy = o, by
			return nil
		}
	}
	return fleet.ErrUnknown
}

func (f *fakeFleet) Calls(_ context.Context, s fleet.Scope, open bool, _ int) (all []fleet.Call, err error) {
	for _, c := range f.calls {
		if f.siteIn(s.Area, c.Site) && (!open || c.Answer == fleet.NoAnswer) {
			all = append(all, c)
		}
	}
	return all, nil
}

func (f *fakeFleet) OpenCall(_ context.Context, _ kiosk.Area, id int64, who string) (string, error) {
	if err := f.audit(who, "call.open", strconv.FormatInt(id, 10)); err != nil {
		return "", err
	}
	phone, ok := f.phones[id]
	if !ok {
		return "", fleet.ErrForgotten
	}
	return phone, nil
}

func (f *fakeFleet) CloseCall(_ context.Context, id int64, a fleet.Answer, who string) error {
	for i := range f.calls {
		if f.calls[i].ID == id {
			f.calls[i].Answer, f.calls[i].ClosedBy, f.calls[i].Closed = a, who, now
			return nil
		}
	}
	return fleet.ErrUnknown
}

func (f *fakeFleet) Complaints(context.Context, fleet.Scope, int) ([]fleet.Complaint, error) {
	return f.complain, nil
}

func (f *fakeFleet) EmptySearches(context.Context, fleet.Scope, int) ([]fleet.Empty, error) {
	return f.empty, nil
}

func (f *fakeFleet) Evaluate(_ context.Context, in kiosk.Area, month time.Time) (e fleet.Evaluation, err error) {
	sums := map[kiosk.Tier]fleet.Row{}
	for _, r := range f.rows {
		if month.Month() == time.October && r.Area.Within(in) {
			e.Sites = append(e.Sites, r)
			sum := sums[r.Tier]
			sum.Tier, sum.Terminals = r.Tier, sum.Terminals+r.Terminals
			sums[r.Tier] = sum
		}
	}
	for _, sum := range sums {
		e.Tiers = append(e.Tiers, sum)
	}
	return e, f.failing
}

func (f *fakeFleet) Boards(context.Context) ([]desk.Board, error) { return f.boards, nil }

func (f *fakeFleet) Publish(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failing != nil {
		return f.failing
	}
	if err := f.release(ctx); err != nil {
		return err
	}
	f.boards[0].At = now
	f.boards[0].Postings++
	return nil
}

var errTest = errors.New("the disk of the test is full")
