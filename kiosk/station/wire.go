package station

import (
	"errors"
	"fmt"
	"io"
	"time"

	"jobhome/drivers/idcard/samusb"
	"jobhome/drivers/jetdirect"
	"jobhome/drivers/uart"
	"jobhome/drivers/usb"
	"jobhome/drivers/usblp"
	"jobhome/kiosk/config"
	"jobhome/kiosk/session"

	puart "periph.io/x/conn/v3/uart"
)

// Wire is what every driver reads and writes.
type Wire interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// onUSB finds the device that a setting names by its id. Nodes and numbers
// change with every plugging in, so it is looked for at every opening.
func onUSB(d config.Device) (usb.Device, error) {
	id, err := usb.ParseID(d.ID)
	if err != nil {
		return usb.Device{}, err
	}
	return usb.Host{}.One(usb.Query{ID: id, Port: d.Port})
}

// node takes the only one of the nodes that the kernel made for a device.
func node(d usb.Device, nodes []string, what string) (string, error) {
	if len(nodes) == 0 {
		return "", fmt.Errorf("%v has no %s; is the kernel's driver for it loaded?", d, what)
	}
	return nodes[0], nil
}

// openWire opens what a setting names.
func (s *Station) openWire(p session.Part, d config.Device) (Wire, error) {
	switch d.Scheme {
	case config.Sim:
		if s.o.Sim == nil {
			return nil, errors.New("no simulated device is at hand")
		}
		return s.o.Sim(p)
	case config.TCP:
		return orNil(jetdirect.Dial(d.Path, jetdirect.Opts{}))
	case config.USB:
		return openBulk(d)
	case config.HID:
		return openHID(d)
	case config.USBLP:
		path := d.Path
		if d.ID != "" {
			found, err := onUSB(d)
			if err != nil {
				return nil, err
			}
			if path, err = node(found, found.Printers, "printer port"); err != nil {
				return nil, err
			}
		}
		return orNil(usblp.Open(path, usblp.Opts{}))
	}
	path, err := portOf(d)
	if err != nil {
		return nil, err
	}
	o := uart.Opts{Baud: d.Baud}
	if d.Flow == "rtscts" {
		o.Flow = puart.RTSCTS
	}
	return orNil(uart.Open(path, o))
}

// orNil keeps a nil pointer from becoming an interface that is not nil.
func orNil[T interface {
	Wire
	comparable
}](w T, err error) (Wire, error) {
	if err != nil {
		return nil, err
	}
	return w, nil
}

// portOf is where a serial port lies: where the settings say, or behind a USB id.
func portOf(d config.Device) (string, error) {
	if d.ID == "" {
		return d.Path, nil
	}
	found, err := onUSB(d)
	if err != nil {
		return "", err
	}
	return node(found, found.TTYs, "serial port")
}

// openBulk opens a card reader with bulk endpoints, in the framing of the
// settings or the one that its endpoints suggest.
func openBulk(d config.Device) (Wire, error) {
	found, err := onUSB(d)
	if err != nil {
		return nil, err
	}
	framing, err := samusb.Choose(found.Bulk())
	if d.Framing != "" {
		framing, err = samusb.ParseFraming(d.Framing)
	}
	if err != nil {
		return nil, err
	}
	if framing == samusb.HID {
		return hidOf(found)
	}
	h, err := usb.Open(found)
	if err != nil {
		return nil, err
	}
	w, err := bulk(h, found, framing)
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return w, nil
}

// bulk claims the interfaces with bulk endpoints, and joins the endpoints.
func bulk(h *usb.Handle, d usb.Device, f samusb.Framing) (Wire, error) {
	for _, i := range d.Interfaces {
		for _, e := range i.Endpoints {
			if !e.Bulk {
				continue
			}
			if err := h.Claim(i.Number); err != nil {
				return nil, err
			}
			break
		}
	}
	var errs []error
	in := func(addr byte) *usb.In {
		e, err := h.In(addr)
		errs = append(errs, err)
		return e
	}
	out := func(addr byte) *usb.Out {
		e, err := h.Out(addr)
		errs = append(errs, err)
		return e
	}
	if f == samusb.Split {
		w := samusb.NewSplit(samusb.Pipes{
			HeadIn: in(samusb.HeadIn), RestIn: in(samusb.RestIn),
			HeadOut: out(samusb.HeadOut), RestOut: out(samusb.RestOut), Closer: h,
		})
		return w, errors.Join(errs...)
	}
	var from, to byte
	for _, addr := range d.Bulk() {
		if addr&0x80 != 0 {
			from = addr
		} else {
			to = addr
		}
	}
	return samusb.NewPair(in(from), out(to), h), errors.Join(errs...)
}

// openHID opens a card reader that speaks in HID reports.
func openHID(d config.Device) (Wire, error) {
	if d.ID == "" {
		return report(d.Path)
	}
	found, err := onUSB(d)
	if err != nil {
		return nil, err
	}
	return hidOf(found)
}

func hidOf(d usb.Device) (Wire, error) {
	path, err := node(d, d.HIDs, "hidraw node")
	if err != nil {
		return nil, err
	}
	return report(path)
}

func report(path string) (Wire, error) {
	h, err := usb.OpenHID(path)
	if err != nil {
		return nil, err
	}
	return samusb.NewHID(h), nil
}
