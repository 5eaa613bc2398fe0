package desk

import "jobhome/sync/hub/people"

// Route is a route as tests see it.
type Route struct {
	Method, Path string
	Right        people.Right
	Anybody      bool // who is not logged in, too
	Staff        bool // every account
}

// Routes lists all routes of a desk.
func (d *Desk) Routes() []Route {
	var all []Route
	for _, r := range d.routes() {
		all = append(all, Route{r.method, r.path, r.right, r.right == anybody, r.right == staff})
	}
	return all
}
