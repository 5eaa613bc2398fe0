package station

import (
	"context"
	"errors"
	"fmt"

	"jobhome/drivers/pn532"
	"jobhome/kiosk/config"
	"jobhome/kiosk/session"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/i2c/i2creg"
	"periph.io/x/host/v3"
)

// openBadge is the badge reader's driver; nil for none.
func (s *Station) openBadge() *pn532.Dev {
	d := s.o.Settings.Devices.Badge
	switch {
	case !d.Fitted():
		return nil
	case d.Scheme == config.I2C:
		return pn532.NewI2C(func() (i2c.BusCloser, error) { return openBus(d.Path) }, pn532.Opts{})
	}
	return pn532.New(func() (pn532.Wire, error) { return s.openWire(session.PartBadge, d) }, pn532.Opts{})
}

// openBus opens an I²C bus by its periph name or number.
func openBus(name string) (i2c.BusCloser, error) {
	if _, err := host.Init(); err != nil {
		return nil, fmt.Errorf("load I²C drivers: %w", err)
	}
	bus, err := i2creg.Open(name)
	if err != nil {
		return nil, fmt.Errorf("open I²C bus %s: %w", name, err)
	}
	return bus, nil
}

// watchBadge tells whose badge was held to the reader, until ctx ends. The
// badge's number goes no further than here.
func (s *Station) watchBadge(ctx context.Context, send func(session.Event)) {
	const p = session.PartBadge
	s.reports.health(p, session.Checking, "")
	err := s.badge.Run(ctx, func(e pn532.Event) {
		switch e.Kind {
		case pn532.Ready:
			s.reports.set(p, func(d *session.DeviceReport) {
				d.Health, d.Fault, d.Detail = session.Fine, "", e.Firmware.String()
			})
		case pn532.Down:
			s.o.Log.Warn("badge reader down", "reason", e.Err)
			s.reports.health(p, session.Faulty, badgeFault(e.Err))
		case pn532.Tapped:
			who, err := s.badges.Know(e.UID)
			if err != nil {
				s.o.Log.Info("a badge was not recognised", "reason", err)
			}
			s.held.set(who)
			send(session.Badged{At: now(), Label: who.Label()})
		}
	})
	s.ended(ctx, "badge reader", err)
}

// badgeFault names what is wrong with a badge reader that is down.
func badgeFault(err error) string {
	if errors.Is(err, pn532.ErrSilent) || errors.Is(err, pn532.ErrNoACK) {
		return "badge-silent"
	}
	return "badge-unplugged"
}
