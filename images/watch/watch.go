// Package watch decides what is to be said and done about the machine below a
// terminal: its memory, its temperature and its power. It reads /proc and /sys as
// proc(5), Documentation/accounting/psi.rst, thermal/sysfs-api.rst and hwmon of
// Linux describe them.
package watch

import (
	"fmt"
	"time"
)

// Trouble is something that is wrong with the machine.
type Trouble string

// The troubles.
const (
	MemoryShort  Trouble = "memory-short"
	Hot          Trouble = "hot"
	UnderVoltage Trouble = "under-voltage" // its power supply is too weak
)

func troubles() []Trouble { return []Trouble{MemoryShort, Hot, UnderVoltage} }

// Where a trouble begins and where it ends again. In between it stays what it
// is, so that a reading at the edge is not told every time.
const (
	shortShare, enoughShare = 0.07, 0.12 // of the memory that is available
	stalled, flowing        = 10.0, 3.0  // % of a minute in which everything waited for memory
	hot, cool               = 80.0, 72.0 // °C; a Pi slows down from 80 on
)

const (
	lasting     = 2 * time.Minute // how long memory must be short before the terminal is restarted
	seldom      = time.Hour       // the least time from one restart to the next
	sureOfBusy  = time.Minute     // a health that is older says nothing of now
	inARow      = 2               // readings in a row that make a trouble, or end one
	mebi        = 1 << 20
	kibi        = 1 << 10
	percentFull = 100
)

// Change is a trouble that began or ended, in one line.
type Change struct {
	Trouble Trouble
	Begins  bool
	Text    string // in plain English, for the journal
}

// Watch remembers what a reading alone does not tell. The zero value knows of no
// trouble.
type Watch struct {
	since     map[Trouble]time.Time // of those that last
	seen      map[Trouble]int       // readings in a row that say the opposite of what is known
	restarted time.Time
}

// Step takes a reading, and returns what has changed and whether the terminal is
// to be restarted now: when memory has been short for a while, nobody is there,
// and it was not done within the last hour.
func (w *Watch) Step(now time.Time, r Reading) (changes []Change, restart bool) {
	if w.since == nil {
		w.since, w.seen = map[Trouble]time.Time{}, map[Trouble]int{}
	}
	for _, t := range troubles() {
		begins, ends, text := r.judge(t)
		_, is := w.since[t]
		if is && !ends || !is && !begins {
			w.seen[t] = 0
			continue
		}
		if w.seen[t]++; w.seen[t] < inARow {
			continue
		}
		w.seen[t] = 0
		if is {
			delete(w.since, t)
		} else {
			w.since[t] = now
		}
		changes = append(changes, Change{t, !is, text})
	}
	since, short := w.since[MemoryShort]
	if !short || now.Sub(since) < lasting || !r.nobody(now) || !w.restarted.IsZero() && now.Sub(w.restarted) < seldom {
		return changes, false
	}
	w.restarted = now
	return changes, true
}

// Troubles lists those that last.
func (w *Watch) Troubles() []Trouble {
	all := []Trouble{}
	for _, t := range troubles() {
		if _, is := w.since[t]; is {
			all = append(all, t)
		}
	}
	return all
}

// judge tells whether a reading speaks for a trouble, or for its end, and what it
// is. What could not be read speaks for neither.
func (r Reading) judge(t Trouble) (begins, ends bool, text string) {
	switch t {
	case MemoryShort:
		if r.Memory == 0 {
			return false, false, ""
		}
		share := float64(r.Available) / float64(r.Memory)
		return share < shortShare || r.Stalled >= stalled, share > enoughShare && r.Stalled < flowing,
			fmt.Sprintf("%d of %d MiB of memory are available, %.0f%% of the last minute was waited for it", r.Available/mebi, r.Memory/mebi, r.Stalled)
	case Hot:
		return r.Celsius >= hot, r.Celsius != 0 && r.Celsius < cool, fmt.Sprintf("the hottest part has %.0f degrees", r.Celsius)
	case UnderVoltage:
		if !r.PowerKnown {
			return false, false, ""
		}
		return r.UnderVoltage, !r.UnderVoltage, "as the firmware says of its supply"
	}
	return false, false, ""
}

// nobody reports whether it is known that nobody is at the terminal.
func (r Reading) nobody(now time.Time) bool {
	age := now.Sub(r.Heard)
	return !r.Heard.IsZero() && age < sureOfBusy && age > -sureOfBusy && !r.Busy
}
