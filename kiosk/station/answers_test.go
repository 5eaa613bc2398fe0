package station

import (
	"testing"
	"time"

	"jobhome/kiosk/config"
	"jobhome/kiosk/session"
)

// A printer without paper answers, one whose cable is out does not.
func TestAnswers(t *testing.T) {
	at(t, func(s *config.Settings) { s.Devices.Reader = config.Device{Scheme: config.None} }, func(r *rig) {
		says := func(p session.Part, fitted, answers bool) {
			t.Helper()
			if f, a := r.s.Answers(p); f != fitted || a != answers {
				t.Errorf("%s: fitted %v, answers %v; its report is %+v", p, f, a, r.s.reports.get(p))
			}
		}
		r.wait(5 * time.Second)
		says(session.PartPrinter, true, true)
		says(session.PartReader, false, false)
		r.printer.EndPaper(0)
		r.wait(time.Minute)
		r.is(session.PartPrinter, session.Faulty, "paper-out")
		says(session.PartPrinter, true, true)
		r.plug(session.PartPrinter, false)
		r.printer.Unplug()
		r.wait(time.Minute)
		says(session.PartPrinter, true, false)
	})
}
