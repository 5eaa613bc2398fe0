package desk

import (
	"net/http"
	"strings"

	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

type complaint struct {
	fleet.Complaint
	About about
}

type complaintsPage struct {
	All       []complaint
	MaySettle bool
	Wrong     string
}

func (c *call) complaints() error { return c.complaintsPage("") }

func (c *call) complaintsPage(wrong string) error {
	all, err := c.openComplaints()
	if err != nil {
		return err
	}
	return c.page("complaints.html", "nav.complaints", complaintsPage{all, c.session.Account.May(people.Revoke), wrong})
}

// openComplaints are those that nobody has looked into since the last of them.
func (c *call) openComplaints() ([]complaint, error) {
	all, err := c.Residents.Complaints(c.r.Context(), c.recent(), mostListed)
	if err != nil {
		return nil, err
	}
	if all, err = c.unsettled(c.r.Context(), all); err != nil {
		return nil, err
	}
	var open []complaint
	for _, b := range all {
		a, err := c.about(b.Posting)
		if err != nil {
			return nil, err
		}
		if a.Area == "" || c.session.Account.Covers(a.Area, "") {
			open = append(open, complaint{b, a})
		}
	}
	return open, nil
}

// doSettle says that a complaint was looked into, and what was found.
func (c *call) doSettle() error {
	all, err := c.openComplaints()
	if err != nil {
		return err
	}
	note := short(strings.TrimSpace(c.form("note")), 300)
	for _, b := range all {
		if b.Posting != c.r.PathValue("posting") || string(b.Why) != c.r.PathValue("why") {
			continue
		}
		if note == "" {
			c.status = http.StatusUnprocessableEntity
			return c.complaintsPage(c.t("trouble.reason"))
		}
		e := people.Entry{Action: "complaint.settle", Subject: b.Posting + " " + string(b.Why), Note: note}
		err := c.act(e, func() error { return c.settle(c.r.Context(), c.session.Account.Name, note, b.Complaint) })
		if err != nil {
			return err
		}
		return c.redirect("/desk/complaints", "settled")
	}
	return postings.ErrUnknown
}
