package trust

import "time"

// Floor is the earliest time that it can be, for a machine whose clock may have
// stopped or been set. Whoever keeps it writes it down. The last accepted times
// count, not the latest ones: a hub that was in 2099 for an hour is forgiven as
// soon as it signs something newer.
type Floor struct {
	Build  time.Time `json:"build"`  // when the program was built
	Issued time.Time `json:"issued"` // of the last accepted head
	Hub    time.Time `json:"hub"`    // the last one that the hub signed for this machine
}

// Time is the floor.
func (f Floor) Time() time.Time {
	t := f.Build
	for _, u := range []time.Time{f.Issued, f.Hub} {
		if u.After(t) {
			t = u
		}
	}
	return t
}

// Now is the time: what the clock says, unless that is below the floor.
func (f Floor) Now(clock time.Time) time.Time {
	if t := f.Time(); clock.Before(t) {
		return t
	}
	return clock
}
