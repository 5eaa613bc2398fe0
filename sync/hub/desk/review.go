package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

const pageSize = 50

// line is a posting in a list.
type line struct {
	postings.Record
	Block, Warn int
	Own         bool // this account brought it or wrote it: somebody else approves
}

func (c *call) lines(all []postings.Record) []line {
	lines := make([]line, len(all))
	for i, r := range all {
		lines[i] = line{Record: r, Own: c.own(&r)}
		lines[i].Block, lines[i].Warn = levels(r.Findings)
	}
	return lines
}

// own reports whether the account must leave the posting to somebody else.
func (c *call) own(r *postings.Record) bool {
	return r.SubmittedBy == c.session.Account.Name || r.EditedBy == c.session.Account.Name
}

type reviewPage struct {
	Lines    []line
	Next     string
	Total    int
	Approved int      // just now
	Failed   []string // just now: what was not approved, and why
}

func (c *call) review() error { return c.reviewPage(reviewPage{}) }

func (c *call) reviewPage(p reviewPage) error {
	all, next, err := c.Postings.Search(c.r.Context(), postings.Query{
		Status: postings.Review, Area: c.session.Account.Area, Oldest: true,
		After: c.r.URL.Query().Get("after"), Limit: pageSize,
	})
	if err != nil {
		return err
	}
	counts, err := c.Postings.Counts(c.r.Context(), c.session.Account.Area)
	if err != nil {
		return err
	}
	p.Lines, p.Next, p.Total = c.lines(all), next, counts.By[postings.Review]
	return c.page("review.html", "nav.review", p)
}

// approveMany approves those that were ticked and have no finding at all. Each
// stands for itself: one that cannot be approved does not hold up the others.
func (c *call) approveMany() error {
	var p reviewPage
	for _, ticked := range c.r.PostForm["posting"] {
		id, revision, _ := strings.Cut(ticked, ":")
		r, err := c.posting(id)
		if err == nil && len(r.Findings) > 0 {
			err = problem{http.StatusConflict, "review.blocked", nil}
		}
		if err == nil {
			err = c.Postings.Approve(c.r.Context(), c.session.Account.Name, id, whole(revision))
		}
		if err == nil {
			p.Approved++
			continue
		}
		why, ok := explain(err)
		if !ok {
			return err
		}
		p.Failed = append(p.Failed, fmt.Sprintf("%s: %s", id, c.t(why.key, why.args...)))
	}
	if p.Approved == 0 && p.Failed == nil {
		c.status = http.StatusUnprocessableEntity
		p.Failed = []string{c.t("review.none")}
	}
	return c.reviewPage(p)
}

// posting returns a posting that the account is for; others are not found.
func (c *call) posting(id string) (postings.Record, error) {
	r, err := c.Postings.Get(c.r.Context(), id)
	if err == nil && !c.session.Account.Covers(r.Area, "") {
		err = postings.ErrUnknown
	}
	return r, err
}

type postingPage struct {
	line
	Facts   []fact
	Steps   []postings.Step
	Reasons []string // for taking it down
	MayJudge,
	MayRevoke bool
	Open  bool // it may still be on a board
	Wrong string
	Note  string
}

func (c *call) showPosting() error { return c.postingPage("", "") }

func (c *call) postingPage(wrong, note string) error {
	r, err := c.Postings.Get(c.r.Context(), c.r.PathValue("id"))
	if err != nil {
		return err
	}
	if !c.session.Account.Covers(r.Area, "") {
		return c.publicPosting(r)
	}
	steps, err := c.Postings.History(c.r.Context(), r.ID)
	if err != nil {
		return err
	}
	p := postingPage{
		line: c.lines([]postings.Record{r})[0], Facts: c.lang.facts(&r), Steps: steps, Reasons: revokeReasons,
		MayJudge:  c.session.Account.May(people.Review) && r.Status == postings.Review,
		MayRevoke: c.session.Account.May(people.Revoke),
		Open:      r.Live != nil || r.Status == postings.Approved || r.Status == postings.Draft,
		Wrong:     wrong, Note: note,
	}
	return c.page("posting.html", "posting.title", p)
}

// publicPosting shows what is on the board to an account of elsewhere, such as a
// village that calls somebody about a posting of its town: no more than a slip's
// page shows, and nothing to press.
func (c *call) publicPosting(r postings.Record) error {
	if r.Live == nil {
		return postings.ErrUnknown
	}
	shown := postings.Record{Posting: *r.Live, Status: postings.Published}
	return c.page("posting.html", "posting.title", postingPage{line: line{Record: shown}, Facts: c.lang.facts(&shown)})
}

// revokeReasons are why postings are taken down, as keys of the catalogue.
var revokeReasons = []string{"fee", "fake", "unfair", "wrong", "employer", postings.Filled, "mistake", "other"}

// verdict is what can be decided about a posting.
type verdict string

const (
	approve  verdict = "approve"
	handBack verdict = "return" // to be mended
	reject   verdict = "reject" // is not taken at all
	revoke   verdict = "revoke" // is taken down at once and for good
	closing  verdict = "close"  // is no longer offered
)

// judge approves a posting, hands it back or rejects it.
func (c *call) judge() error {
	return c.decide(strings.TrimSpace(c.form("note")), approve, handBack, reject)
}

// takeDown revokes a posting, or closes it.
func (c *call) takeDown() error {
	note := strings.TrimSpace(c.form("note"))
	if reason := c.form("reason"); reason == postings.Filled {
		note = reason // all copies of it are closed with it
	} else if slices.Contains(revokeReasons, reason) && reason != "other" {
		note = strings.TrimSpace(zh.t("revoke."+reason) + " " + note)
	}
	return c.decide(note, revoke, closing)
}

func (c *call) decide(note string, allowed ...verdict) error {
	id, what := c.r.PathValue("id"), verdict(c.form("verdict"))
	r, err := c.posting(id)
	switch {
	case err != nil:
		return err
	case !slices.Contains(allowed, what):
		return problem{http.StatusBadRequest, "trouble.form", nil}
	case note == "" && what != approve:
		c.status = http.StatusUnprocessableEntity
		return c.postingPage(c.t("trouble.reason"), "")
	}
	revision := whole(c.form("revision"))
	if r.Revision != revision {
		err = postings.ErrMoved // what was read is not what would be decided about
	} else {
		err = c.carryOut(what, r, short(note, 300))
	}
	if err != nil {
		return c.formPage(err, func(wrong string) error { return c.postingPage(wrong, note) })
	}
	to := "/desk/postings/" + id
	if slices.Contains(allowed, approve) {
		to = "/desk/review"
	}
	return c.redirect(to, string(what))
}

func (c *call) carryOut(what verdict, r postings.Record, note string) error {
	ctx, who := c.r.Context(), c.session.Account.Name
	switch what {
	case approve:
		return c.Postings.Approve(ctx, who, r.ID, r.Revision)
	case handBack:
		return c.Postings.Reject(ctx, who, r.ID, note)
	case revoke:
		_, err := c.Postings.Revoke(ctx, who, r.ID, note)
		return err
	}
	return c.Postings.Close(ctx, who, r.ID, note)
}

// statuses are all that a posting can have, in the order it goes through them.
var statuses = []postings.Status{
	postings.Draft, postings.Review, postings.Approved, postings.Published, postings.Closed, postings.Expired, postings.Revoked,
}

type postingsPage struct {
	postings.Query
	State    string
	Statuses []postings.Status
	Lines    []line
	Next     string
	Counts   map[postings.Status]int // by state
}

func (c *call) postings() error {
	q := c.r.URL.Query()
	p := postingsPage{
		Query:    postings.Query{Text: strings.TrimSpace(q.Get("q")), Area: c.session.Account.Area, After: q.Get("after"), Limit: pageSize},
		State:    q.Get("state"),
		Statuses: statuses,
	}
	for _, s := range p.Statuses {
		if string(s) == p.State {
			p.Status = s
		}
	}
	if narrower := areaOf(q.Get("area")); narrower != "" && narrower.Within(p.Area) {
		p.Area = narrower
	}
	all, next, err := c.Postings.Search(c.r.Context(), p.Query)
	if err != nil {
		return err
	}
	counts, err := c.Postings.Counts(c.r.Context(), c.session.Account.Area)
	if err != nil {
		return err
	}
	p.Counts = counts.By
	p.Lines, p.Next = c.lines(all), next
	return c.page("postings.html", "nav.postings", p)
}
