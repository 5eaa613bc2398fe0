package station

import (
	"context"
	"errors"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
	"jobhome/kiosk/session"
)

// openReader is the ID-card reader's driver; nil for none. Its relay, if there
// is one, hangs on the panel.
func (s *Station) openReader() *idcard.Dev {
	d := s.o.Settings.Devices.Reader
	if !d.Fitted() {
		return nil
	}
	o := idcard.Opts{Baud: d.Baud}
	if s.panel != nil && s.o.Settings.Panel.ReaderPower != "" {
		o.Power = s.panel.Power
	}
	return idcard.New(func() (idcard.Wire, error) { return s.openWire(session.PartReader, d) }, o)
}

// watchReader tells what happens at the reader, until ctx ends.
func (s *Station) watchReader(ctx context.Context, send func(session.Event)) {
	s.reports.health(session.PartReader, session.Checking, "")
	err := s.reader.Run(ctx, func(e idcard.Event) {
		s.noteReader(e)
		if news, ok := cardNews(e); ok {
			send(news)
		}
	})
	s.ended(ctx, "reader", err)
}

// noteReader notes the health of the reader, and of cards only that one could
// not be read and why.
func (s *Station) noteReader(e idcard.Event) {
	const p = session.PartReader
	switch e.Kind {
	case idcard.Ready:
		s.o.Log.Info("reader ready", "sam", e.SAM)
		cycled := s.reports.get(p).Fault == "reader-power-cycled"
		s.reports.set(p, func(d *session.DeviceReport) {
			d.Health, d.Fault, d.Detail = session.Fine, "", e.SAM
			if cycled {
				// It works, and staff should know that it had to be helped.
				d.Health, d.Fault = session.Care, "reader-power-cycled"
			}
		})
	case idcard.Down:
		s.o.Log.Warn("reader down", "reason", e.Err)
		s.reports.health(p, session.Faulty, readerFault(e.Err))
	case idcard.PowerOff, idcard.PowerOn:
		s.o.Log.Warn("reader power", "step", e.Kind, "error", e.Err)
		s.reports.health(p, session.Faulty, "reader-power-cycled")
	case idcard.Failed, idcard.NotResident:
		s.o.Log.Info("card not read", "kind", e.Kind, "status", e.Status, "reason", e.Err)
		if errors.Is(e.Err, idcard.ErrCardLeft) {
			s.reports.health(p, session.Care, "card-left")
		}
	case idcard.Read, idcard.Removed:
		s.reports.health(p, session.Fine, "")
	}
}

// readerFault names what is wrong with a reader that is down.
func readerFault(err error) string {
	var status samv.Status
	switch {
	case errors.As(err, &status) && status == samv.NotAuthorised:
		return "reader-not-authorised"
	case errors.As(err, &status):
		return "reader-self-test"
	case errors.Is(err, idcard.ErrSilent):
		return "reader-silent"
	}
	return "reader-unplugged"
}

// testReader asks the module for its number and its self-test.
func (s *Station) testReader(ctx context.Context) (fault string, err error) {
	r, err := s.reader.Test(ctx)
	switch {
	case busy(err):
		return "", err
	case err != nil:
		if why := s.reader.Stats().Reason; why != nil {
			err = why
		}
		return readerFault(err), err
	case r.Status != samv.OK:
		return readerFault(r.Status), r.Status
	}
	return "", nil
}
