package station

import (
	"context"
	"errors"
	"time"

	"jobhome/drivers/scanner"
	"jobhome/kiosk/session"
	"jobhome/kiosk/slip"
)

// openScanner is the scanner's driver; nil for none.
func (s *Station) openScanner() *scanner.Dev {
	d := s.o.Settings.Devices.Scanner
	if !d.Fitted() {
		return nil
	}
	return scanner.New(func() (scanner.Wire, error) {
		return s.openWire(session.PartScanner, d)
	}, scanner.Opts{})
}

// watchScanner tells what is held to the scanner, until ctx ends. Of a code that
// is not of this site nothing is kept, not even its kind.
func (s *Station) watchScanner(ctx context.Context, send func(session.Event)) {
	s.reports.health(session.PartScanner, session.Checking, "")
	err := s.scanner.Run(ctx, func(e scanner.Event) {
		switch e.Kind {
		case scanner.Ready:
			s.reports.health(session.PartScanner, session.Fine, "")
		case scanner.Down:
			s.o.Log.Warn("scanner down", "reason", e.Err)
			s.reports.health(session.PartScanner, session.Faulty, "scanner-unplugged")
		case scanner.Scanned:
			posting, code, _ := slip.ParseQR(s.o.Settings.Site.BaseURL, string(e.Text))
			send(session.Scanned{At: session.At{Time: time.Now()}, Posting: posting, Code: code})
		case scanner.Ignored:
			send(session.Scanned{At: session.At{Time: time.Now()}})
		}
	})
	s.ended(ctx, "scanner", err)
}

// ended notes that a driver has stopped for another reason than the end.
func (s *Station) ended(ctx context.Context, name string, err error) {
	if ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
		s.o.Log.Error("a driver ended", "device", name, "reason", err)
	}
}
