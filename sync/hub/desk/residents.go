package desk

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

const (
	mostListed = 300
	listedDays = 92 // how far back lists of residents' things go
)

func areaOf(s string) kiosk.Area {
	a := kiosk.Area(strings.TrimSpace(s))
	if a.Check() != nil {
		return ""
	}
	return a
}

// recent is the account's area and the time that lists go back.
func (c *call) recent() fleet.Scope {
	return fleet.Scope{Area: c.session.Account.Area, From: c.Now().AddDate(0, 0, -listedDays)}
}

// mySites are the sites that the account is for, by id.
func (c *call) mySites() (map[string]fleet.Site, error) {
	all, err := c.Sites.Sites(c.r.Context(), c.session.Account.Area)
	mine := map[string]fleet.Site{}
	for _, s := range all {
		if c.session.Account.Covers(s.Area, s.ID) {
			mine[s.ID] = s
		}
	}
	return mine, err
}

// about is what a list says of a posting; one that the hub no longer has is named
// by its id.
type about struct {
	Posting, Title, Employer string
	Contact                  kiosk.Contact
	Area                     kiosk.Area
	Status                   postings.Status
}

func (c *call) about(id string) (about, error) {
	r, err := c.Postings.Get(c.r.Context(), id)
	if errors.Is(err, postings.ErrUnknown) {
		return about{Posting: id, Title: id}, nil
	}
	return about{id, r.Title, r.Employer.Name, r.Contact, r.Area, r.Status}, err
}

// outcomes are what can become of a referral, in their order.
var outcomes = []kiosk.Outcome{kiosk.Contacted, kiosk.Interviewed, kiosk.Hired, kiosk.Declined, kiosk.Filled}

type referral struct {
	fleet.Referral
	About about
	Site  fleet.Site
}

type referralsPage struct {
	All      []referral
	Code     string
	State    string
	Outcomes []kiosk.Outcome
	Wrong    string
}

func (c *call) referrals() error {
	q := c.r.URL.Query()
	p := referralsPage{Code: strings.TrimSpace(q.Get("code")), State: q.Get("state"), Outcomes: outcomes}
	var err error
	p.All, err = c.myReferrals(p.Code, p.State != "all")
	if errors.Is(err, kiosk.ErrCode) {
		c.status, p.Wrong = http.StatusUnprocessableEntity, c.t("referrals.code.wrong")
		err = nil
	}
	if err != nil {
		return err
	}
	return c.page("referrals.html", "nav.referrals", p)
}

// myReferrals are those with a code, or the recent ones; only those without an
// outcome when open is asked for.
func (c *call) myReferrals(code string, open bool) ([]referral, error) {
	var all []fleet.Referral
	var err error
	if code != "" {
		all, err = c.Residents.Find(c.r.Context(), c.session.Account.Area, code)
	} else {
		all, err = c.Residents.Referrals(c.r.Context(), c.recent(), mostListed)
	}
	if err != nil {
		return nil, err
	}
	sites, err := c.mySites()
	if err != nil {
		return nil, err
	}
	var mine []referral
	for _, r := range all {
		s, ok := sites[r.Site]
		if !ok || code == "" && open && r.Outcome != kiosk.NoOutcome {
			continue
		}
		a, err := c.about(r.Posting)
		if err != nil {
			return nil, err
		}
		mine = append(mine, referral{r, a, s})
	}
	return mine, nil
}

func (c *call) setOutcome() error {
	incarnation, code := whole(c.r.PathValue("incarnation")), c.r.PathValue("code")
	o := kiosk.Outcome(c.form("outcome"))
	all, err := c.myReferrals(code, false)
	if err != nil && !errors.Is(err, kiosk.ErrCode) {
		return err
	}
	i := slices.IndexFunc(all, func(r referral) bool { return r.Incarnation == incarnation && string(r.Code) == code })
	if i < 0 {
		return postings.ErrUnknown
	}
	if !slices.Contains(outcomes, o) {
		return problem{http.StatusUnprocessableEntity, "trouble.outcome", nil}
	}
	err = c.act(people.Entry{Action: "referral.outcome", Subject: code, Note: string(o)}, func() error {
		return c.Residents.SetOutcome(c.r.Context(), all[i].Referral, o, c.session.Account.Name)
	})
	if err != nil {
		return err
	}
	return c.redirect("/desk/referrals", "outcome")
}

// answers are how a call can end, in their order.
var answers = []fleet.Answer{fleet.Reached, fleet.Unreached, fleet.Wrong, fleet.Withdrawn}

// callBack is a request with what it is about and who calls.
type callBack struct {
	fleet.Call
	About     about
	Site      fleet.Site
	ClaimedBy string
	ClaimedAt time.Time
}

type callBacksPage struct {
	All  []callBack
	Done bool
	Me   string
}

func (c *call) callBacks() error {
	p := callBacksPage{Done: c.r.URL.Query().Get("state") == "done", Me: c.session.Account.Name}
	all, err := c.myCalls(!p.Done)
	if err != nil {
		return err
	}
	for _, b := range all {
		if (b.Answer != fleet.NoAnswer) == p.Done {
			p.All = append(p.All, b)
		}
	}
	return c.page("callbacks.html", "nav.callbacks", p)
}

func (c *call) myCalls(open bool) ([]callBack, error) {
	all, err := c.Residents.Calls(c.r.Context(), c.recent(), open, mostListed)
	if err != nil {
		return nil, err
	}
	sites, err := c.mySites()
	if err != nil {
		return nil, err
	}
	var mine []callBack
	for _, b := range all {
		if s, ok := sites[b.Site]; ok {
			a, err := c.about(b.Posting)
			if err != nil {
				return nil, err
			}
			mine = append(mine, callBack{Call: b, About: a, Site: s})
		}
	}
	return mine, c.addClaims(c.r.Context(), mine)
}

// openCall returns one request that the account is for and that is not done.
func (c *call) openCall() (callBack, error) {
	all, err := c.myCalls(true)
	for _, b := range all {
		if strconv.FormatInt(b.ID, 10) == c.r.PathValue("id") {
			return b, err
		}
	}
	if err == nil {
		err = postings.ErrUnknown
	}
	return callBack{}, err
}

// taken is openCall of one that this account has taken on.
func (c *call) taken() (callBack, error) {
	b, err := c.openCall()
	if err == nil && b.ClaimedBy != c.session.Account.Name {
		err = problem{http.StatusConflict, "trouble.claim", nil}
	}
	return b, err
}

func (c *call) takeOn() error {
	b, err := c.openCall()
	if err != nil {
		return err
	}
	err = c.act(people.Entry{Action: "call.claim", Subject: strconv.FormatInt(b.ID, 10)}, func() error {
		return c.claim(c.r.Context(), c.session.Account.Name, b.ID)
	})
	if err != nil {
		return err
	}
	return c.redirect("/desk/callbacks", "claimed")
}

type callBackPage struct {
	callBack
	Phone   string
	Answers []fleet.Answer
}

// phone shows the number to whoever has taken the call on.
func (c *call) phone() error {
	b, err := c.taken()
	if err != nil {
		return err
	}
	number, err := c.Residents.OpenCall(c.r.Context(), c.session.Account.Area, b.ID, c.session.Account.Name)
	if err != nil {
		return err
	}
	return c.page("callback.html", "callback.title", callBackPage{b, number, answers})
}

func (c *call) finish() error {
	b, err := c.taken()
	if err != nil {
		return err
	}
	a := fleet.Answer(c.form("answer"))
	if !slices.Contains(answers, a) {
		return problem{http.StatusUnprocessableEntity, "trouble.outcome", nil}
	}
	err = c.act(people.Entry{Action: "call.close", Subject: strconv.FormatInt(b.ID, 10), Note: string(a)}, func() error {
		return c.Residents.CloseCall(c.r.Context(), b.ID, a, c.session.Account.Name)
	})
	if err != nil {
		return err
	}
	return c.redirect("/desk/callbacks", "called")
}
