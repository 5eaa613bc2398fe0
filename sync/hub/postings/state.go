package postings

import (
	"time"

	"jobhome/kiosk"
)

// from is where a posting came from.
type from struct {
	source string // the hub's name of the source
	ref    string // the source's name of the posting
	gen    int64  // 1, and one more for each time that it was revoked and offered again
}

// state is everything about a posting but its content. What may become of it is
// decided here, without a database.
type state struct {
	from
	id                       string
	status                   Status
	revision, live, approved int64
	refreshed, liveRefreshed int64 // Unix seconds
	origin                   []byte
	originValid              int64 // Unix seconds
	findings                 string
	blocked                  bool
	submittedBy              string
	submitted                int64
	editedBy, approvedBy     string
	created, firstPublished  int64
	ended                    int64
	endedBy, why             string
	cluster                  string
	seen, tick               int64

	// Of the newest content.
	channel          kiosk.Channel
	published, valid int64 // Unix seconds

	was shown // when it was read
}

// shown is what the public sees change.
type shown struct{ live, refreshed int64 }

func (s *state) shown() shown { return shown{s.live, s.liveRefreshed} }

// act is who does something, and when.
type act struct {
	who string
	now time.Time
}

// seconds is the first whole second that is not before now: what is valid
// through it is valid now.
func (a act) seconds() int64 {
	s := a.now.Unix()
	if a.now.Nanosecond() > 0 {
		s++
	}
	return s
}

func (s *state) over(a act) bool { return s.valid < a.seconds() }

// show puts the newest content on the board.
func (s *state) show(a act) {
	s.status, s.live, s.liveRefreshed = Published, s.revision, s.refreshed
	s.ended, s.endedBy, s.why = 0, "", ""
	if s.firstPublished == 0 {
		s.firstPublished = a.now.UnixMilli()
	}
}

// end takes the posting off the board.
func (s *state) end(to Status, a act, why string) {
	s.status, s.live, s.liveRefreshed = to, 0, 0
	s.ended, s.endedBy, s.why = a.now.UnixMilli(), a.who, why
}

// submit puts the newest content into the queue.
func (s *state) submit(a act) {
	s.status, s.submittedBy, s.submitted = Review, a.who, a.now.UnixMilli()
	s.ended, s.endedBy, s.why = 0, "", ""
}

// fill takes a new content over. What was on the board stays there until somebody
// has looked at the new content, unless that is forbidden: who begins to ask for a
// deposit is not to be found through the older text.
func (s *state) fill(c *content, findings string) {
	s.revision++
	s.channel, s.published, s.valid = c.Channel, unix(c.Published), unix(c.ValidThrough)
	s.findings, s.blocked = findings, c.blocked()
	if s.refreshed = max(s.refreshed, unix(c.Refreshed)); s.refreshed < s.published {
		s.refreshed = unix(c.Refreshed) // what was said of an older offer
	}
	s.editedBy, s.approvedBy = "", ""
	if s.blocked {
		s.live, s.liveRefreshed = 0, 0
	}
}

// arrived is what became of a posting that a source brought in.
type arrived string

const (
	fresh    arrived = "import"  // it was not there before
	changed  arrived = "change"  // its content goes to review
	moved    arrived = "date"    // its end was moved
	reopened arrived = "reopen"  // it was gone, and is offered again
	dated    arrived = "refresh" // it still holds
	held     arrived = "held"    // it was closed or revoked by hand, and stays so
	nothing  arrived = ""
)

// refresh takes over that the source says that the posting still holds.
func (s *state) refresh(at int64) arrived {
	if at <= s.refreshed {
		return nothing
	}
	s.refreshed = at
	if s.live == s.revision {
		s.liveRefreshed = at
	}
	return dated
}

// again decides about a posting of which the source says nothing new, refreshed
// apart.
func (s *state) again(a act, refreshed int64) arrived {
	did := s.refresh(refreshed)
	if s.status != Closed {
		return did
	}
	if s.why != Missing {
		return held
	}
	return s.reopen(a)
}

// reopen brings back what was only missing. What was approved needs no second look.
func (s *state) reopen(a act) arrived {
	switch {
	case s.over(a):
		return held
	case s.approved == s.revision && !s.blocked:
		s.show(a)
	default:
		s.submit(a)
	}
	return reopened
}

// move decides about a posting whose end alone has moved; its newest content
// already has the new end. approved says whether the content before it was.
func (s *state) move(a act, approved bool, most time.Duration) arrived {
	sooner := s.over(a) || s.valid <= a.now.Add(most).Unix()
	switch {
	case s.status == Closed && s.why != Missing:
		return held
	case s.over(a):
		if s.status.open() {
			s.end(Expired, a, "")
		}
		return moved
	case s.status == Draft:
		return moved
	case !approved || s.blocked || !sooner:
		if s.status != Review {
			s.submit(a)
			return changed
		}
		return moved
	}
	s.approved = s.revision
	switch s.status {
	case Published:
		s.show(a)
	case Closed, Expired:
		s.show(a)
		return reopened
	}
	return moved
}

// change decides about a posting whose content has changed.
func (s *state) change(a act) arrived {
	if s.submit(a); s.over(a) {
		s.end(Expired, a, "")
	}
	return changed
}
