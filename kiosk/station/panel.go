package station

import (
	"context"
	"errors"
	"strings"

	"jobhome/drivers/panel"
	"jobhome/kiosk/config"
	"jobhome/kiosk/session"
)

// openPanel takes the pins that the settings name; nil where they name none.
func (s *Station) openPanel() *panel.Dev {
	p := s.o.Settings.Panel
	if p == (config.Panel{}) {
		return nil
	}
	find := s.o.Pins
	if find == nil {
		find = panel.HostPins
	}
	return panel.New(find, panel.Opts{
		Presence: p.Presence, ServiceKey: p.ServiceKey, Door: p.Door,
		Lamp: p.Lamp, Buzzer: p.Buzzer, ReaderPower: p.ReaderPower,
	})
}

// watchPanel tells what the inputs say, until ctx ends.
func (s *Station) watchPanel(ctx context.Context, send func(session.Event)) {
	s.notePanel()
	err := s.panel.Run(ctx, func(e panel.Event) {
		s.notePanel()
		if e.State == panel.Failed {
			s.o.Log.Warn("panel", "function", e.Function, "reason", e.Err)
			if e.Function == panel.Presence {
				// Nobody is sent away because a sensor has failed.
				send(session.Presence{At: now(), Here: true})
			}
			return
		}
		switch e.Function {
		case panel.Presence:
			send(session.Presence{At: now(), Here: e.On})
		case panel.ServiceKey:
			send(session.ServiceKey{At: now(), Off: !e.On})
		case panel.Door:
			s.o.Log.Warn("door of the case", "open", e.On)
			send(session.Door{At: now(), Open: e.On})
		}
	})
	s.ended(ctx, "panel", err)
}

// notePanel reports what is fitted and what of it has failed.
func (s *Station) notePanel() {
	health, fault := session.Fine, ""
	var about []string
	for _, p := range s.panel.Parts() {
		switch {
		case p.State == panel.NotFitted:
			continue
		case p.State == panel.Failed:
			health, fault = session.Faulty, "panel-pin"
			about = append(about, p.Pin+" ✗")
			continue
		case p.Function == panel.Door && p.On && fault == "":
			health, fault = session.Care, "door-open"
		}
		about = append(about, p.Pin)
	}
	s.reports.set(session.PartPanel, func(d *session.DeviceReport) {
		d.Health, d.Fault, d.Detail = health, fault, strings.Join(about, " ")
	})
}

// testPanel lights the lamp, sounds the buzzer and reads the inputs.
func (s *Station) testPanel(ctx context.Context) (fault string, err error) {
	parts, err := s.panel.Test(ctx)
	for _, p := range parts {
		if p.State == panel.Failed {
			err = errors.Join(err, errors.New(p.Function.String()+": "+p.Reason))
		}
	}
	s.notePanel()
	if err != nil {
		return "panel-pin", err
	}
	return "", nil
}

// Signal sets the lamp and sounds the buzzer.
func (s *Station) Signal(lamp session.Lamp, buzzer session.Buzzer) {
	if s.panel == nil {
		return
	}
	switch lamp {
	case session.LampOn:
		s.panel.Lamp(panel.LampOn)
	case session.LampTake:
		s.panel.Lamp(panel.LampSlow)
	case session.LampWrong:
		s.panel.Lamp(panel.LampFast)
	default:
		s.panel.Lamp(panel.LampOff)
	}
	switch buzzer {
	case session.BuzzOK:
		s.panel.Buzzer(panel.Short)
	case session.BuzzBad:
		s.panel.Buzzer(panel.Long)
	}
}
