package session

import (
	"slices"
	"time"

	"jobhome/kiosk"
)

// maxPhone is the greatest length of a phone number in digits.
const maxPhone = 12

// RequestState is what somebody asks the office to do about a posting.
type RequestState struct {
	Phone    string // digits typed so far; gone as soon as it is written down
	Waiting  bool   // the ledger has not answered
	Called   string // the posting about which somebody will be called
	Reported string // the posting that somebody said is bad
}

// PhoneOK reports whether the number typed can be called.
func (r RequestState) PhoneOK() bool { return kiosk.CheckPhone(r.Phone) == nil }

// CanCall reports whether a call-back may be offered: what is written down can
// be sealed, so that nobody but the hub reads the number, and the law allows to
// hire whoever stands here.
func (s State) CanCall() bool { return s.Hub.Sealed && !s.Barred() }

// touchOther answers the page of what else can be done about a posting.
func (t *turn) touchOther(e Touch) {
	switch e.Do {
	case DoCallBack:
		if t.CanCall() {
			t.Visit.Request.Phone, t.Visit.Request.Waiting = "", false
			t.to(CallBack)
		}
	case DoSimilar:
		t.like(e.Do)
	case DoReport:
		if t.Visit.Request.Reported != t.Chosen.Posting.ID {
			t.to(Report)
		}
	}
}

// touchCallBack answers the page on which a phone number is typed.
func (t *turn) touchCallBack(e Touch) {
	r := &t.Visit.Request
	if r.Waiting || r.Called == t.Chosen.Posting.ID {
		if e.Do == DoMore && !r.Waiting {
			t.more()
		}
		return
	}
	switch e.Do {
	case DoKey:
		if len(r.Phone) < maxPhone && len(e.Arg) == 1 && e.Arg >= "0" && e.Arg <= "9" {
			r.Phone += e.Arg
		}
	case DoDelete:
		r.Phone = r.Phone[:max(len(r.Phone)-1, 0)]
	case DoSend:
		switch {
		case !r.PhoneOK() || !t.CanCall():
		case !t.Chosen.Posting.Open(t.Now):
			t.expired()
		default:
			r.Waiting = true
			t.do(RequestCall{Posting: t.Chosen.Posting.ID, Phone: r.Phone})
			r.Phone = ""
		}
	}
}

// noted takes the ledger's answer to a call-back that was asked for.
func (t *turn) noted(e Noted) {
	r := &t.Visit.Request
	if !r.Waiting {
		return
	}
	r.Waiting = false
	if e.Err != nil {
		if t.Page == CallBack {
			t.trouble("request")
		}
		return
	}
	r.Called = e.Posting
}

// touchReport answers the page on which somebody says what is wrong with a
// posting.
func (t *turn) touchReport(e Touch) {
	why := kiosk.Complaint(e.Arg)
	if e.Do != DoComplain || !slices.Contains(kiosk.Complaints(), why) {
		return
	}
	t.Visit.Request.Reported = t.Chosen.Posting.ID
	t.do(Complain{Posting: t.Chosen.Posting.ID, Why: why})
	t.say("report.thanks")
	t.Before = slices.DeleteFunc(slices.Clone(t.Before), func(p Page) bool { return p == Other })
	t.back()
}

// readingFor is how long at most it is said that a stick is being read: until what
// became of it is told, which a whole board from a slow stick keeps waiting for.
const readingFor = 5 * time.Minute

// stick tells what became of a stick that was put in.
func (t *turn) stick(e Stick) { t.say("stick." + string(e.State)) }

// noticeTime is how long a notice is shown.
func noticeTime(key string) time.Duration {
	if key == "stick."+string(StickReading) {
		return readingFor
	}
	return noticeFor
}
