package pn532

import (
	"errors"
	"fmt"
	"time"
)

// Kind is what happened at the reader.
type Kind uint8

const (
	// Ready: the reader answers and is set up. Firmware is set.
	Ready Kind = iota + 1
	// Down: the reader cannot be used, for the reason in Err. The driver goes on
	// trying; Ready ends it. A badge that was tapped before and has stayed is no
	// news afterwards, and Left still follows when it is gone.
	Down
	// Tapped: a badge was put on the reader. UID, ATQA, SAK and Random are set.
	// If it took the place of another one, Left of that one came before.
	Tapped
	// Left: the badge of the last Tapped is gone.
	Left
)

// String is the name of the kind, in small letters.
func (k Kind) String() string {
	names := [...]string{"unknown", "ready", "down", "tapped", "left"}
	if int(k) < len(names) {
		return names[k]
	}
	return names[0]
}

// Event is one thing that happened.
type Event struct {
	Kind Kind
	// UID is 4, 7 or 10 bytes, for Tapped only. It is overwritten as soon as emit
	// returns, and it is not identity; see the package comment.
	UID    []byte
	ATQA   [2]byte // Tapped: SENS_RES, in the order of the manual
	SAK    byte    // Tapped: SEL_RES
	Random bool    // Tapped: the UID is another one next time
	// Firmware is what GetFirmwareVersion says, for Ready only.
	Firmware Firmware
	Err      error // Down: the reason; it contains nothing of a badge
	At       time.Time
}

// Firmware is the answer of GetFirmwareVersion (UM0701-02).
type Firmware struct {
	IC      byte // 0x32 for a PN532
	Version byte
	Rev     byte
	Support byte // bit 0: ISO 14443 type A, bit 1: type B, bit 2: ISO 18092
}

// String is chip and version, as in "PN532 1.6".
func (f Firmware) String() string { return fmt.Sprintf("PN5%02X %d.%d", f.IC, f.Version, f.Rev) }

var (
	// ErrNoACK is the reason when the chip does not acknowledge a command: no
	// power, another interface set by its switches, or a broken line.
	ErrNoACK = errors.New("command not acknowledged")
	// ErrSilent is the reason when a command was acknowledged and no answer came.
	ErrSilent = errors.New("no answer")
	// ErrChecksum is the reason when an answer stays damaged however often it is
	// asked for again.
	ErrChecksum = errors.New("damaged answer")
	// ErrExtended is the reason when the chip answers with an extended frame; no
	// command of this driver has an answer that long.
	ErrExtended = errors.New("extended frame")
	// ErrOdd is the reason when an answer is not that of the command, or the chip
	// says that it did not understand (its error frame).
	ErrOdd = errors.New("unexpected answer")
)
