package station

import (
	"context"
	"errors"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/kiosk/session"
)

// testFor is how long one device's test may take. A test slip is printed within
// the printer's own limits, which are longer.
const testFor = 20 * time.Second

// settle is how long after the start devices may take to come up.
const settle = 30 * time.Second

// Test lets a device test itself. How that went is reported.
func (s *Station) Test(p session.Part) {
	s.later(p, func(ctx context.Context) { s.test(ctx, p) })
}

// TestSlip prints a slip that says that it is a test.
func (s *Station) TestSlip() {
	s.later(session.PartPrinter, func(ctx context.Context) {
		fault, err := s.printTest(ctx)
		s.tested(session.PartPrinter, fault, err)
	})
}

// later puts a test in the queue and says that it runs. One that finds no room
// is dropped: somebody touches faster than devices answer.
func (s *Station) later(p session.Part, f func(context.Context)) {
	if s.reports.get(p).Health == session.Unfitted {
		return
	}
	was := s.reports.get(p).Testing
	s.reports.set(p, func(d *session.DeviceReport) { d.Testing = true }) // before it can end
	select {
	case s.work <- f:
	default:
		s.o.Log.Warn("a test was asked for while many wait", "part", p)
		s.reports.set(p, func(d *session.DeviceReport) { d.Testing = was })
	}
}

// doTests does what was asked for, one test after the other, until ctx ends.
func (s *Station) doTests(ctx context.Context, _ func(session.Event)) {
	for {
		select {
		case f := <-s.work:
			f(ctx)
		case <-ctx.Done():
			return
		}
	}
}

func (s *Station) test(ctx context.Context, p session.Part) {
	ctx, cancel := context.WithTimeout(ctx, testFor)
	defer cancel()
	var fault string
	var err error
	switch p {
	case session.PartPrinter:
		fault, err = s.testPrinter(ctx)
	case session.PartReader:
		fault, err = s.testReader(ctx)
	case session.PartPanel:
		fault, err = s.testPanel(ctx)
	default:
		// A scanner only speaks, and the badge reader is asked all the time: what
		// is known of them is as good as a test.
		if d := s.reports.get(p); d.Health != session.Fine && d.Health != session.Care {
			fault = d.Fault
			if fault == "" {
				fault = "self-test"
			}
		}
	}
	s.tested(p, fault, err)
}

// tested notes how a test ended. A fault that only the test has found stands
// until the device says something else, or a test is passed. A device that could
// not be tested now, because a card lies on it or it is busy, has not passed and
// has no fault.
func (s *Station) tested(p session.Part, fault string, err error) {
	if busy(err) {
		fault = ""
	}
	if err != nil {
		s.o.Log.Warn("a device failed its test", "part", p, "fault", fault, "error", err)
	}
	s.reports.set(p, func(d *session.DeviceReport) {
		d.Testing, d.Tested, d.Passed = false, time.Now(), fault == "" && err == nil
		switch {
		case fault != "" && d.Fault == "":
			d.Health, d.Fault = session.Faulty, fault
			s.found[p] = fault
		case d.Passed && d.Fault != "" && d.Fault == s.found[p]:
			d.Health, d.Fault = session.Fine, ""
		}
		if d.Passed {
			delete(s.found, p)
		}
	})
}

// busy reports whether an error tells nothing about the device.
func busy(err error) bool {
	return errors.Is(err, idcard.ErrCardOn) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// testDaily lets all devices test themselves at the time of the settings, every
// day, until ctx ends.
func (s *Station) testDaily(ctx context.Context, _ func(session.Event)) {
	// A terminal that is switched on after that time, every day, would never.
	if missed(time.Now(), s.o.Settings.Service.SelfTest) {
		if !sleep(ctx, settle) {
			return
		}
		s.testAll()
	}
	for {
		// The clock of a terminal without network may be set at any time: look
		// at it anew every minute.
		for at := nextTest(time.Now(), s.o.Settings.Service.SelfTest); time.Now().Before(at); {
			if !sleep(ctx, min(time.Until(at), time.Minute)) {
				return
			}
			if next := nextTest(time.Now(), s.o.Settings.Service.SelfTest); next.Before(at) {
				at = next
			}
		}
		s.testAll()
	}
}

func (s *Station) testAll() {
	s.o.Log.Info("self-test of all devices")
	for _, p := range parts() {
		s.Test(p)
	}
}

// missed reports whether the day's test should have been before now.
func missed(now time.Time, clock time.Duration) bool {
	return nextTest(now, clock).Day() != now.Day()
}

// nextTest is the next time after now that is so long after midnight.
func nextTest(now time.Time, clock time.Duration) time.Time {
	at := time.Date(now.Year(), now.Month(), now.Day(), int(clock/time.Hour), int(clock/time.Minute)%60, 0, 0, now.Location())
	if !at.After(now) {
		at = time.Date(now.Year(), now.Month(), now.Day()+1, int(clock/time.Hour), int(clock/time.Minute)%60, 0, 0, now.Location())
	}
	return at
}

// sleep waits, and reports false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
