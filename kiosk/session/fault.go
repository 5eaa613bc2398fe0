package session

import (
	"slices"
	"strings"
)

// Fault is the catalogue's name for the state, fault.<name>; "" where nothing
// is wrong.
func (p PrinterState) Fault() string {
	switch p {
	case PrinterReady:
		return ""
	case PrinterNone, PrinterUnknown, PrinterOffline:
		return "printer-" + string(p)
	}
	return string(p)
}

// Fault is the catalogue's name for the state, fault.<name>; "" where nothing
// is wrong.
func (c CardState) Fault() string {
	switch c {
	case CardDown:
		return "reader-silent"
	case CardNone:
		return "reader-none"
	case CardUnreadable, CardOther:
		return "card-" + string(c)
	}
	return ""
}

// stopping are the faults that say better than the printer's state why it does
// not print.
func stopping(fault string) bool {
	switch fault {
	case "jam", "unrecoverable", "printer-unplugged", "printer-garbled", "printer-write-only", "feed-key":
		return true
	}
	return false
}

// Fault is the worst thing that residents have to know about the terminal, as
// fault.<name> of the catalogue, or "". What takes nothing from them, such as
// a broken reader of staff badges, is the staff's matter only.
func (s State) Fault() string {
	switch {
	case s.Board.Broken:
		return "board-broken"
	case s.Unwritable:
		return "ledger-broken"
	case !s.Printer.CanPrint():
		if d := s.Device(PartPrinter); stopping(d.Fault) && (s.Printer == PrinterOffline || s.Printer == PrinterCutter) {
			return d.Fault
		}
		return s.Printer.Fault()
	case s.Reader == CardDown:
		if d := s.Device(PartReader); strings.HasPrefix(d.Fault, "reader-") {
			return d.Fault
		}
		return s.Reader.Fault()
	case s.reported("card-left"):
		return "card-left"
	case s.Device(PartScanner).Health == Faulty:
		return "scanner-unplugged"
	case s.clockWrong():
		return "clock-wrong"
	case s.DoorOpen:
		return "door-open"
	}
	return s.Printer.Fault()
}

// firstYear is before any terminal of this program: a clock that says less has
// lost its battery and has not been set.
const firstYear = 2026

func (s State) clockWrong() bool { return s.Now.Year() < firstYear }

// Staffed are the faults of the terminal itself, which no device reports, as
// fault.<name> of the catalogue.
func (s State) Staffed() []string {
	var all []string
	for _, f := range []struct {
		on   bool
		name string
	}{{s.Board.Broken, "board-broken"}, {s.Unwritable, "ledger-broken"}, {s.clockWrong(), "clock-wrong"}, {s.Enrolment == EnrolWaiting, "enrol-waiting"}, {s.Enrolment == EnrolRefused, "enrol-refused"}} {
		if f.on {
			all = append(all, f.name)
		}
	}
	return all
}

// reported reports whether a device, whichever it is, has the fault.
func (s State) reported(fault string) bool {
	return slices.ContainsFunc(s.Devices, func(d DeviceReport) bool { return d.Fault == fault })
}
