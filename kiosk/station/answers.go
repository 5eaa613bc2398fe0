package station

import "jobhome/kiosk/session"

// mute are the faults of a device that does not answer; with any other one it
// has said itself what is wrong.
var mute = map[string]bool{
	"printer-unknown": true, "printer-unplugged": true, "printer-garbled": true, "printer-write-only": true,
	"self-test":     true, // it could not be carried out
	"reader-silent": true, "reader-unplugged": true, "reader-power-cycled": true,
}

// Answers reports whether a device is fitted, and whether it answers: a printer
// without paper does, one whose cable is out does not.
func (s *Station) Answers(p session.Part) (fitted, answers bool) {
	d := s.reports.get(p)
	switch d.Health {
	case session.Unfitted:
		return false, false
	case session.Fine, session.Care:
		return true, true
	case session.Faulty:
		return true, !mute[d.Fault]
	}
	return true, false // it has not been heard yet
}
