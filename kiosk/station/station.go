package station

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/panel"
	"jobhome/drivers/pn532"
	"jobhome/drivers/scanner"
	"jobhome/kiosk/config"
	"jobhome/kiosk/session"
	"jobhome/kiosk/staff"
)

// Options are what a station is made of.
type Options struct {
	Settings config.Settings
	// Sim opens the wire to the simulated device of a part; nil where nothing is
	// simulated.
	Sim func(session.Part) (Wire, error)
	// Pins finds a pin by its name; nil: those of this computer.
	Pins panel.Find
	Log  *slog.Logger
	// Recover tells that the last run ended in the middle of a slip.
	Recover bool
}

// Station is the devices of a terminal.
type Station struct {
	o       Options
	reports *reports

	printer *Printer // nil where none is fitted, as the others
	reader  *idcard.Dev
	scanner *scanner.Dev
	badge   *pn532.Dev
	panel   *panel.Dev
	lock    *staff.Lock
	badges  *staff.Badges
	held    heldBadge

	work  chan func(context.Context) // tests, one after the other
	found map[session.Part]string    // faults that only a test has found; guarded by reports
}

// Open opens the station that the settings describe. A device that does not
// answer is no error: it is reported, and opened again by its driver. An error
// is a setting that cannot be used.
func Open(o Options) (*Station, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Station{o: o, reports: newReports(), work: make(chan func(context.Context), 8), found: map[session.Part]string{}}
	var err error
	if s.printer, err = s.openPrinter(); err != nil {
		return nil, err
	}
	if err := s.openStaff(); err != nil {
		return nil, err
	}
	s.panel = s.openPanel()
	s.reader = s.openReader() // its relay is the panel's
	s.scanner = s.openScanner()
	s.badge = s.openBadge()
	return s, nil
}

// Close lets go of the devices.
func (s *Station) Close() {
	if s.printer != nil {
		s.printer.close()
	}
	if s.panel != nil {
		_ = s.panel.Close()
	}
}

// Printer is the printer; nil where none is fitted.
func (s *Station) Printer() *Printer { return s.printer }

// Reader is the ID-card reader; nil where none is fitted.
func (s *Station) Reader() *idcard.Dev { return s.reader }

// Run watches the devices and sends what they say, until ctx ends. It returns
// when everything it began has ended.
func (s *Station) Run(ctx context.Context, send func(session.Event)) {
	var all sync.WaitGroup
	begin := func(fitted bool, f func(context.Context, func(session.Event))) {
		if fitted {
			all.Go(func() { f(ctx, send) })
		}
	}
	begin(true, s.report)
	begin(s.printer != nil, s.watchPrinter)
	begin(s.reader != nil, s.watchReader)
	begin(s.scanner != nil, s.watchScanner)
	begin(s.badge != nil, s.watchBadge)
	begin(s.panel != nil, s.watchPanel)
	begin(true, s.doTests)
	begin(s.o.Settings.Service.SelfTest >= 0, s.testDaily)
	all.Wait()
}

// report sends how all devices are, and every change, until ctx ends.
func (s *Station) report(ctx context.Context, send func(session.Event)) {
	for {
		send(session.DeviceNews{At: now(), Devices: s.reports.list()})
		select {
		case <-s.reports.changed:
		case <-ctx.Done():
			return
		}
	}
}

func now() session.At { return session.At{Time: time.Now()} }
