package station

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"jobhome/kiosk/session"
	"jobhome/kiosk/staff"
)

// badgeGood is how long after a badge was held to the reader its PIN may follow.
const badgeGood = time.Minute

// heldBadge is the badge that was held to the reader last.
type heldBadge struct {
	mu   sync.Mutex
	who  staff.Holder
	when time.Time
}

func (h *heldBadge) set(who staff.Holder) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.who, h.when = who, time.Now()
}

// now returns the badge if it was held just now.
func (h *heldBadge) now() staff.Holder {
	h.mu.Lock()
	defer h.mu.Unlock()
	if age := time.Since(h.when); age < 0 || age > badgeGood {
		h.who = staff.Holder{}
	}
	return h.who
}

// forget is for a badge that has done its work.
func (h *heldBadge) forget() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.who = staff.Holder{}
}

// openStaff makes the lock of the staff page from the settings.
func (s *Station) openStaff() error {
	o := s.o.Settings.Service
	pin, err := staff.ParsePIN(o.PIN)
	if err != nil {
		return fmt.Errorf("service.pin: %w", err)
	}
	if s.badges, err = staff.OpenBadges(s.o.Settings.DataDir, o.Badges); err != nil {
		return fmt.Errorf("service.badges: %w", err)
	}
	s.lock = staff.Open(staff.Opts{
		Dir: s.o.Settings.DataDir, PIN: pin, Badges: s.badges, BadgeNeeded: o.BadgeNeeded,
	}, time.Now())
	return nil
}

// Unlock judges a PIN. It takes up to a second on a small computer. Who came in
// is noted by the label of the badge, wrong tries by their number.
func (s *Station) Unlock(pin string) session.Unlocked {
	who := s.held.now() // a wrong PIN does not make its minute longer
	r := s.lock.TryBadge(time.Now(), who, pin)
	if r.OK {
		s.held.forget()
		s.o.Log.Info("staff page opened", "badge", r.Who)
	} else {
		s.o.Log.Warn("staff page stays shut", "reason", r.Err, "wait", r.Wait)
	}
	return session.Unlocked{
		OK: r.OK, Wait: r.Wait, Left: r.Left,
		Badge: errors.Is(r.Err, staff.ErrBadgeNeeded), None: errors.Is(r.Err, staff.ErrNoPIN),
	}
}
