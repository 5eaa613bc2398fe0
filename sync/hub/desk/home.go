package desk

import (
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

// todo is one thing that waits for this account.
type todo struct {
	Path, Key string
	Count     int
}

// home says what needs doing, of what the account may do.
func (c *call) home() error {
	var all []todo
	add := func(right people.Right, path, key string, count func() (int, error)) error {
		if !c.session.Account.May(right) {
			return nil
		}
		n, err := count()
		if err == nil {
			all = append(all, todo{path, key, n})
		}
		return err
	}
	ctx, a := c.r.Context(), c.session.Account
	for _, step := range []struct {
		right     people.Right
		path, key string
		count     func() (int, error)
	}{
		{people.Review, "/desk/review", "todo.review", func() (int, error) {
			counts, err := c.Postings.Counts(ctx, a.Area)
			return counts.By[postings.Review], err
		}},
		{people.Import, "/desk/postings?state=draft", "todo.draft", func() (int, error) {
			counts, err := c.Postings.Counts(ctx, a.Area)
			return counts.By[postings.Draft], err
		}},
		{people.CallBacks, "/desk/callbacks", "todo.callbacks", func() (int, error) {
			all, err := c.myCalls(true)
			return len(all), err
		}},
		{people.Referrals, "/desk/referrals", "todo.referrals", func() (int, error) {
			all, err := c.myReferrals("", true)
			return len(all), err
		}},
		{people.Revoke, "/desk/complaints", "todo.complaints", func() (int, error) {
			all, err := c.openComplaints()
			return len(all), err
		}},
		{people.Fleet, "/desk/sites?health=silent", "todo.silent", func() (int, error) { return c.terminalsThat("silent") }},
		{people.Fleet, "/desk/sites?health=behind", "todo.behind", func() (int, error) { return c.terminalsThat("behind") }},
		{people.Publish, "/desk/publish", "todo.publish", func() (int, error) { return c.boardsThatFailed() }},
	} {
		if err := add(step.right, step.path, step.key, step.count); err != nil {
			return err
		}
	}
	return c.page("home.html", "nav.home", all)
}

func (c *call) terminalsThat(are string) (n int, err error) {
	all, err := c.places()
	for _, p := range all {
		for _, t := range p.Terminals {
			if t.Health == are {
				n++
			}
		}
	}
	return n, err
}

func (c *call) boardsThatFailed() (n int, err error) {
	all, err := c.Publisher.Boards(c.r.Context())
	for _, b := range all {
		if b.Err != "" || b.At.IsZero() {
			n++
		}
	}
	return n, err
}

type boardsPage struct{ All []Board }

func (c *call) boards() error {
	all, err := c.Publisher.Boards(c.r.Context())
	if err != nil {
		return err
	}
	return c.page("publish.html", "nav.publish", boardsPage{all})
}

// publish makes all boards now, without waiting for their time.
func (c *call) publish() error {
	err := c.act(people.Entry{Action: "board.publish", Subject: "all"}, func() error { return c.Publisher.Publish(c.r.Context()) })
	if err != nil {
		return err
	}
	return c.redirect("/desk/publish", "published")
}
