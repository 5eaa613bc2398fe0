package wires

import (
	"errors"
	"fmt"

	"jobhome/drivers/idcard/samusb"
	"jobhome/drivers/usb"
)

// openUSB opens a card reader in the framing of the address, or the one that its
// endpoints suggest.
func (a Address) openUSB() (Wire, error) {
	d, err := a.device()
	if err != nil {
		return nil, err
	}
	framing, err := samusb.Choose(d.Bulk())
	if a.Framing != "" {
		framing, err = samusb.ParseFraming(a.Framing)
	}
	if err != nil {
		return nil, fmt.Errorf("wires: open %v: %w", d, err)
	}
	if framing == samusb.HID {
		return reportsOf(d)
	}
	h, err := usb.Open(d)
	if err != nil {
		return nil, err
	}
	w, err := join(h, d, framing)
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return w, nil
}

// join claims the interfaces that have bulk endpoints, and joins these to a wire.
func join(h *usb.Handle, d usb.Device, f samusb.Framing) (Wire, error) {
	for _, i := range d.Interfaces {
		if !hasBulk(i) {
			continue
		}
		if err := h.Claim(i.Number); err != nil {
			return nil, err
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
	var w Wire
	if f == samusb.Split {
		w = samusb.NewSplit(samusb.Pipes{
			HeadIn: in(samusb.HeadIn), RestIn: in(samusb.RestIn),
			HeadOut: out(samusb.HeadOut), RestOut: out(samusb.RestOut), Closer: h,
		})
	} else {
		from, to := pair(d.Bulk())
		w = samusb.NewPair(in(from), out(to), h)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return w, nil
}

func hasBulk(i usb.Interface) bool {
	for _, e := range i.Endpoints {
		if e.Bulk {
			return true
		}
	}
	return false
}

// pair is the last endpoint of each direction; 0 is none.
func pair(bulk []byte) (in, out byte) {
	for _, addr := range bulk {
		if addr&0x80 != 0 {
			in = addr
		} else {
			out = addr
		}
	}
	return in, out
}

// openHID opens a card reader that speaks in HID reports.
func (a Address) openHID() (Wire, error) {
	if a.ID == "" {
		return reports(a.Path)
	}
	d, err := a.device()
	if err != nil {
		return nil, err
	}
	return reportsOf(d)
}

func reportsOf(d usb.Device) (Wire, error) {
	path, err := only(d, d.HIDs, "hidraw node")
	if err != nil {
		return nil, err
	}
	return reports(path)
}

func reports(path string) (Wire, error) {
	h, err := usb.OpenHID(path)
	if err != nil {
		return nil, err
	}
	return samusb.NewHID(h), nil
}
