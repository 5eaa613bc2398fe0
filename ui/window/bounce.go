package window

import (
	"time"

	"jobhome/kiosk/session"
	"jobhome/ui/screen"
)

// A shaking hand strikes twice. The same choice within choiceWait counts once
// (EN 301 549 §5.8 asks for up to 0.5 s); keys are struck twice on purpose.
const (
	choiceWait = 400 * time.Millisecond
	keyWait    = 60 * time.Millisecond
)

// bounce forgets the second of a double strike.
type bounce struct {
	at  time.Time
	do  session.Action
	arg string
}

// pass reports whether the touch of n at now counts.
func (b *bounce) pass(n screen.Node, now time.Time) bool {
	wait := choiceWait
	if n.Style == screen.Key || n.Do == session.DoKey || n.Do == session.DoDelete {
		wait = keyWait
	}
	if n.Do == b.do && n.Arg == b.arg && now.Sub(b.at) < wait {
		return false
	}
	b.at, b.do, b.arg = now, n.Do, n.Arg
	return true
}
