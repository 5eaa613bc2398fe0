package panel

import (
	"errors"
	"time"
)

// Function is what a pin is for.
type Function uint8

// The functions, in the order of [Dev.Parts].
const (
	Presence    Function = iota + 1 // input: somebody stands before the terminal
	ServiceKey                      // input: the staff's key is turned or pressed
	Door                            // input: the door of the case is open
	Lamp                            // output
	Buzzer                          // output
	ReaderPower                     // output: switched on, it takes the reader's power away
)

const functions = int(ReaderPower)

// String is the name of the function, in small letters.
func (f Function) String() string {
	names := [...]string{"unknown", "presence sensor", "service key", "door switch", "lamp", "buzzer", "reader relay"}
	if int(f) < len(names) {
		return names[f]
	}
	return names[0]
}

// input reports whether the function is read and not written.
func (f Function) input() bool { return f <= Door }

// State is how a function is.
type State uint8

// The states.
const (
	NotFitted State = iota // no pin was named; no fault
	Fitted                 // as far as is known it works
	Failed                 // it does not, for a reason
)

// String is the state in small letters.
func (s State) String() string {
	names := [...]string{"not fitted", "fitted", "failed"}
	if int(s) < len(names) {
		return names[s]
	}
	return "unknown"
}

// Part is one function as it is now.
type Part struct {
	Function Function
	Pin      string // as it was named, such as !GPIO17:up
	State    State
	Reason   string // Failed only
	On       bool   // inputs only: what it last said
}

// Event is news of one function.
type Event struct {
	Function Function
	// State is Fitted or Failed. After Failed nothing is known of an input until
	// the next Fitted, which always follows when the fault is over.
	State State
	On    bool  // inputs that are Fitted: somebody is there, the key is turned, the door is open
	Err   error // Failed only: the reason
	At    time.Time
}

var (
	// ErrNotFitted is the error of a function without a pin.
	ErrNotFitted = errors.New("not fitted")
	// ErrNoPin is the reason when this host has no pin of that name.
	ErrNoPin = errors.New("no such pin")
	// ErrUnsteady is the reason when an input does not come to rest: a loose
	// contact, or a pin without a pull that nothing drives.
	ErrUnsteady = errors.New("does not come to rest")
	// ErrStuck is the reason when an input stays on longer than a person would
	// keep it on.
	ErrStuck = errors.New("stays on")
	// ErrClosed is the error of a panel after Close.
	ErrClosed = errors.New("panel closed")
)
