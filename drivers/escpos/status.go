package escpos

import (
	"errors"
	"fmt"
	"strings"
)

// Query names one real-time status request, DLE EOT n. Real-time requests are
// answered at once, even while the printer is offline, and must never be sent
// inside another command.
type Query byte

// The real-time requests. 1 to 4 are in every ESC/POS manual (Epson ESC/POS
// Command Reference, "DLE EOT"); 5 and 20 are found on kiosk printers only.
const (
	QueryPrinter Query = 1  // online or offline
	QueryOffline Query = 2  // why offline: cover, paper end, error
	QueryError   Query = 3  // which error: cutter, head, unrecoverable
	QueryPaper   Query = 4  // paper near end, paper end
	QueryExit    Query = 5  // Masung D347: the paper exit; no fixed bits
	QueryFull    Query = 20 // Custom KPM/VKP: full status, six bytes 10 0F ...
)

// valid reports whether Apply knows answers to q.
func (q Query) valid() bool {
	return q >= QueryPrinter && q <= QueryExit || q == QueryFull
}

// Fence asks for the paper sensors with GS r 1. It is not a real-time command:
// the printer answers only when everything sent before has been worked off,
// and not at all during paper end (Epson ESC/POS Command Reference, "GS r").
// Sent behind the cut, its answer means that the slip is out.
const Fence = "\x1d\x72\x01"

// ErrStatus is returned by Status.Apply for bytes that cannot be the answer.
var ErrStatus = errors.New("escpos: not a status answer")

// Request returns the bytes that ask q.
func (q Query) Request() []byte { return []byte{0x10, 0x04, byte(q)} }

// Known returns the bit under which Status.Known holds the answer to q.
func (q Query) Known() uint8 {
	if q == QueryFull {
		return 1 << 6
	}
	return 1 << (q & 7)
}

// Bits of Status.Known that no Query has.
const (
	knownPort  uint8 = 1 << 0 // the port itself has reported a fault
	knownFence uint8 = 1 << 7 // an answered GS r 1
)

// Status is what a printer has said about itself. A field that is false means
// "not reported"; only Ready says that the printer was asked and is well. The
// zero value is a printer nothing is known about. Statuses compare with ==.
type Status struct {
	Known         uint8 // answered requests, see Query.Known; 0: nothing known
	Offline       bool  // takes no data
	CoverOpen     bool  // cover or head lever open
	FeedKey       bool  // paper is being fed by the key
	PaperLow      bool  // near the end of the roll; still prints
	Predicted     bool  // PaperLow was worked out from the paper used, no sensor saw it
	PaperOut      bool
	Cutter        bool // cutter error
	Jam           bool // paper jam, or black mark not found
	Overheated    bool // head temperature or voltage; most printers recover alone
	Unrecoverable bool // needs switching off, or service
	Error         bool // an error without further name
	SlipNotTaken  bool // a slip is still held at the exit
}

// Unknown reports whether the printer has not answered anything.
func (s Status) Unknown() bool { return s.Known == 0 }

// Fault reports whether something that keeps a slip from coming out has been
// reported. A slip that was not taken is not a fault: see SlipNotTaken.
func (s Status) Fault() bool {
	return s.Offline || s.CoverOpen || s.FeedKey || s.PaperOut || s.Cutter ||
		s.Jam || s.Overheated || s.Unrecoverable || s.Error
}

// Ready reports whether the printer has said enough to be trusted with a slip
// (online and with paper) and nothing that speaks against it. Silence is never
// ready.
func (s Status) Ready() bool {
	paper := QueryOffline.Known() | QueryPaper.Known()
	online := s.Known&QueryPrinter.Known() != 0 && s.Known&paper != 0
	full := s.Known&(knownFence|QueryFull.Known()) != 0
	return (online || full) && !s.Fault()
}

// String lists the facts in words: "ready", "unknown", or for example
// "offline, paper out".
func (s Status) String() string {
	if s.Unknown() {
		return "unknown"
	}
	var words []string
	for _, w := range []struct {
		on   bool
		name string
	}{
		{s.Offline, "offline"},
		{s.CoverOpen, "cover open"},
		{s.PaperOut, "paper out"},
		{s.PaperLow && !s.Predicted, "paper low"},
		{s.PaperLow && s.Predicted, "paper low by count"},
		{s.Cutter, "cutter error"},
		{s.Jam, "jam"},
		{s.Overheated, "overheated"},
		{s.Unrecoverable, "unrecoverable error"},
		{s.Error, "error"},
		{s.FeedKey, "feed key"},
		{s.SlipNotTaken, "slip not taken"},
	} {
		if w.on {
			words = append(words, w.name)
		}
	}
	switch {
	case s.Ready():
		words = append([]string{"ready"}, words...)
	case len(words) == 0:
		words = []string{"partly known"}
	}
	return strings.Join(words, ", ")
}

// Apply adds the answer to q to what is known. Fixed bits are checked: bytes
// that cannot be an answer return ErrStatus and change nothing. The bits are
// those of the Epson ESC/POS Command Reference, equal in the manuals of SNBC
// BT-T080, Bixolon, Masung and MY-628.
func (s *Status) Apply(q Query, answer []byte) error {
	if q == QueryFull {
		return s.applyFull(answer)
	}
	if len(answer) != 1 {
		return fmt.Errorf("%w: %d bytes to DLE EOT %d", ErrStatus, len(answer), q)
	}
	b := answer[0]
	fixed := b&0x93 == 0x12
	switch q {
	case QueryPrinter:
		// MY-628 uses bit 7 of this one answer for "paper not taken".
		fixed = b&0x13 == 0x12
	case QueryExit:
		fixed = true
	case QueryOffline, QueryError, QueryPaper:
	default:
		return fmt.Errorf("%w: DLE EOT %d is not known", ErrStatus, q)
	}
	if !fixed {
		return fmt.Errorf("%w: %#02x to DLE EOT %d", ErrStatus, b, q)
	}
	s.applyByte(q, b)
	s.Known |= q.Known()
	return nil
}

func (s *Status) applyByte(q Query, b byte) {
	switch q {
	case QueryPrinter:
		s.Offline = s.Offline || b&0x08 != 0
		s.SlipNotTaken = s.SlipNotTaken || b&0x80 != 0
	case QueryOffline:
		s.CoverOpen = s.CoverOpen || b&0x04 != 0
		s.FeedKey = s.FeedKey || b&0x08 != 0
		s.PaperOut = s.PaperOut || b&0x20 != 0
		s.Error = s.Error || b&0x40 != 0
	case QueryError:
		s.Jam = s.Jam || b&0x04 != 0
		s.Cutter = s.Cutter || b&0x08 != 0
		s.Unrecoverable = s.Unrecoverable || b&0x20 != 0
		s.Overheated = s.Overheated || b&0x40 != 0
	case QueryPaper:
		s.PaperLow = s.PaperLow || b&0x0c != 0
		s.PaperOut = s.PaperOut || b&0x60 != 0
	case QueryExit: // Masung D347
		s.SlipNotTaken = s.SlipNotTaken || b&0x04 != 0
		s.Jam = s.Jam || b&0x09 != 0
		s.Error = s.Error || b&0x80 != 0
	}
}

// applyFull reads Custom's full status: 10 0F, paper, user, recoverable and
// unrecoverable errors (KPM216H and VKP80 command manuals, "DLE EOT 20").
func (s *Status) applyFull(b []byte) error {
	if len(b) != 6 || b[0] != 0x10 || b[1] != 0x0f {
		return fmt.Errorf("%w: %d bytes to DLE EOT 20", ErrStatus, len(b))
	}
	s.PaperOut = s.PaperOut || b[2]&0x01 != 0
	s.PaperLow = s.PaperLow || b[2]&0x44 != 0 // near end; 40 is the virtual end
	s.SlipNotTaken = s.SlipNotTaken || b[2]&0x20 != 0
	s.CoverOpen = s.CoverOpen || b[3]&0x03 != 0
	s.Overheated = s.Overheated || b[4]&0x09 != 0
	s.Jam = s.Jam || b[4]&0xc0 != 0 // 40 jam, 80 notch not found
	s.Cutter = s.Cutter || b[5]&0x01 != 0
	s.Unrecoverable = s.Unrecoverable || b[5]&^0x01 != 0
	s.Known |= QueryFull.Known()
	return nil
}

// ApplyFence adds the answer to GS r 1.
func (s *Status) ApplyFence(b byte) error {
	if b&0x90 != 0 {
		return fmt.Errorf("%w: %#02x to GS r 1", ErrStatus, b)
	}
	s.PaperLow = s.PaperLow || b&0x03 != 0
	s.PaperOut = s.PaperOut || b&0x0c != 0
	s.Known |= knownFence
	return nil
}

// ApplyAuto adds an automatic status (GS a): four bytes, told unasked. It may only
// worsen what the answers to requests say, since it was sent once and may be old.
// The bits are those of the Epson ESC/POS Command Reference, "GS a".
func (s *Status) ApplyAuto(b []byte) error {
	if len(b) != 4 || b[0]&0x93 != 0x10 || (b[1]|b[2]|b[3])&0x90 != 0 {
		return fmt.Errorf("%w: % x by itself", ErrStatus, b)
	}
	s.Offline = s.Offline || b[0]&0x08 != 0
	s.CoverOpen = s.CoverOpen || b[0]&0x20 != 0
	s.FeedKey = s.FeedKey || b[0]&0x40 != 0
	s.Cutter = s.Cutter || b[1]&0x08 != 0
	s.Unrecoverable = s.Unrecoverable || b[1]&0x20 != 0
	s.Overheated = s.Overheated || b[1]&0x40 != 0
	s.PaperLow = s.PaperLow || b[2]&0x03 != 0
	s.PaperOut = s.PaperOut || b[2]&0x0c != 0
	return nil
}

// ApplyPort adds what the port tells without asking the printer, as the status
// lines of a USB printer port do. Cheap printers leave those lines at "well" for
// ever, so only a fault counts: silence plus a port that is well stays unknown.
func (s *Status) ApplyPort(paperOut, fault bool) {
	if !paperOut && !fault {
		return
	}
	s.PaperOut = s.PaperOut || paperOut
	s.Error = s.Error || fault
	s.Known |= knownPort
}
