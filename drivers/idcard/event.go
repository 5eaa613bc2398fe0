package idcard

import (
	"errors"
	"time"

	"jobhome/drivers/idcard/samv"
)

// Kind is what happened at the reader.
type Kind uint8

const (
	// Ready: the reader answers and has passed its self-test. SAM is set.
	Ready Kind = iota + 1
	// Down: the reader cannot be used, for the reason in Err: unplugged, silent,
	// or out of order. Nothing is known of a card any more, and no Removed
	// follows. The driver goes on trying; Ready ends it, and a card that still
	// lies there may be read again under the same consent.
	Down
	// Found: a card was put down and is being read. Read, Failed or NotResident
	// follows, or Down, or nothing if Disarm was called meanwhile.
	Found
	// Read: Card is set and belongs to the receiver, who wipes it.
	Read
	// Failed: the card on the reader could not be read, for the reason in Status
	// or Err. The person should lift it and put it back; if that is done within
	// a moment, Read follows without a Removed and Found. It is said once for
	// each time a card is put down, however often the driver tries.
	Failed
	// NotResident: the card is none that this terminal can read.
	NotResident
	// Removed: the card of the last Read, Failed or NotResident has been lifted.
	// After Failed, some modules are silent about a card they gave up on, so
	// Removed may come while it still lies there.
	Removed
	// PowerOff: the module stayed dumb and its power was switched off, or, with
	// Err, the relay refused. PowerOn follows.
	PowerOff
	// PowerOn: its power is on again, or, with Err, the relay refused; that is
	// tried again before the reader is opened. Without a PowerOff before, the
	// relay refused when Run began.
	PowerOn
)

// String is the name of the kind, in small letters.
func (k Kind) String() string {
	names := [...]string{"unknown", "ready", "down", "found", "read", "failed", "not-resident", "removed", "power-off", "power-on"}
	if int(k) < len(names) {
		return names[k]
	}
	return names[0]
}

// Event is one thing that happened. Err and Status never contain card data.
type Event struct {
	Kind   Kind
	Card   *Card       // Read only
	Status samv.Status // Failed and NotResident: the module's code, 0 if it was not the module
	Err    error       // Down, Failed and NotResident: the reason; PowerOff and PowerOn: the relay's
	SAM    string      // Ready: the number on the module's label
	At     time.Time
}

var (
	// ErrCardLeft is the reason of a Failed when the reader is armed anew while
	// a card from before still lies on it, read under an earlier consent or by a
	// program that has ended. It may be another person's, so it is
	// not read again until it has been lifted.
	ErrCardLeft = errors.New("a card from before lies on the reader")
	// ErrCardOn is returned by Test while a card lies on the reader.
	ErrCardOn = errors.New("a card lies on the reader")
	// ErrNotRunning is returned by Test when Run does not run.
	ErrNotRunning = errors.New("the reader is not being served")
	// ErrSilent is the reason when the module does not answer in time.
	ErrSilent = errors.New("no answer from the card module")
)
