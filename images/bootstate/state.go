package bootstate

import (
	"fmt"
	"strconv"
)

// Tries that a slot has before the other one is taken.
const (
	Confirmed = 7 // of a slot that was seen to work: somebody may play with the switch
	Trial     = 3 // of a new one
)

// Slot is what is known of one slot.
type Slot struct {
	Left   int    // tries before the other slot is taken
	OK     bool   // it was seen to work
	Serial uint64 // of the version in it; 0: there is none
}

// State is the boot state. Slots are a and b.
type State struct {
	First string // the slot that is taken while it has tries left
	A, B  Slot
	Reset bool // the data partition is to be made anew
}

// New is the state of a fresh image, with a version in slot a only.
func New(serial uint64) State {
	return State{First: "a", A: Slot{Left: Confirmed, OK: true, Serial: serial}}
}

// Other is the other slot.
func Other(slot string) string {
	if slot == "a" {
		return "b"
	}
	return "a"
}

// Slot is what is known of a slot, which is a or b.
func (s State) Slot(name string) Slot {
	if name == "a" {
		return s.A
	}
	return s.B
}

func (s *State) set(name string, slot Slot) {
	if name == "a" {
		s.A = slot
	} else {
		s.B = slot
	}
}

// Confirm notes that a slot was seen to work: it has all its tries again, and
// is the first.
func (s *State) Confirm(name string) {
	slot := s.Slot(name)
	slot.Left, slot.OK = Confirmed, true
	s.set(name, slot)
	s.First = name
}

// Begin notes that a slot is about to be written: nobody boots it.
func (s *State) Begin(name string) {
	s.set(name, Slot{})
	s.First = Other(name)
}

// Install notes that a slot holds a new version, which is tried next.
func (s *State) Install(name string, serial uint64) {
	s.set(name, Slot{Left: Trial, Serial: serial})
	s.First = name
}

func (s State) vars() [][2]string {
	v := [][2]string{{"order", s.First + " " + Other(s.First)}}
	for _, name := range []string{"a", "b"} {
		slot, ok := s.Slot(name), "0"
		if slot.OK {
			ok = "1"
		}
		v = append(v, [2]string{name + "_left", strconv.Itoa(slot.Left)}, [2]string{name + "_ok", ok}, [2]string{name + "_serial", strconv.FormatUint(slot.Serial, 10)})
	}
	if s.Reset {
		v = append(v, [2]string{"reset", "1"})
	}
	return v
}

func parse(vars map[string]string) (State, error) {
	s := State{First: "a", Reset: vars["reset"] == "1"}
	switch vars["order"] {
	case "a b":
	case "b a":
		s.First = "b"
	default:
		return s, fmt.Errorf("bootstate: order %q", vars["order"])
	}
	for _, name := range []string{"a", "b"} {
		left, err := strconv.Atoi(vars[name+"_left"])
		if err != nil || left < 0 || left > Confirmed {
			return s, fmt.Errorf("bootstate: %s_left %q", name, vars[name+"_left"])
		}
		serial, err := strconv.ParseUint(vars[name+"_serial"], 10, 64)
		if err != nil {
			return s, fmt.Errorf("bootstate: %s_serial %q", name, vars[name+"_serial"])
		}
		s.set(name, Slot{Left: left, OK: vars[name+"_ok"] == "1", Serial: serial})
	}
	return s, nil
}
