package station

import (
	"errors"

	"jobhome/drivers/usblp"
	"jobhome/drivers/wires"
	"jobhome/kiosk/config"
	"jobhome/kiosk/session"
)

// Wire is what every driver reads and writes.
type Wire = wires.Wire

// errWriteOnly tells that a printer's port takes data and never answers (USB
// interface protocol 1): nothing would ever be known of a slip.
var errWriteOnly = errors.New("this USB port only takes data and never answers: no slip can be trusted to it; use a printer that answers")

// openWire opens what a setting names. A device on USB is looked for anew each
// time, since plugging it in gives it another node.
func (s *Station) openWire(p session.Part, d config.Device) (Wire, error) {
	if d.Scheme == config.Sim {
		if s.o.Sim == nil {
			return nil, errors.New("no simulated device is at hand")
		}
		return s.o.Sim(p)
	}
	w, err := wires.Address{
		Scheme: string(d.Scheme), Path: d.Path, ID: d.ID, Port: d.Port,
		Baud: d.Baud, Flow: d.Flow, Framing: d.Framing,
	}.Open()
	if err != nil {
		return nil, err
	}
	if lp, ok := w.(*usblp.Port); ok && lp.WriteOnly() {
		_ = lp.Close()
		return nil, errWriteOnly
	}
	return w, nil
}
