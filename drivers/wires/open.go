package wires

import (
	"cmp"
	"fmt"
	"io"
	"time"

	"jobhome/drivers/jetdirect"
	"jobhome/drivers/uart"
	"jobhome/drivers/usb"
	"jobhome/drivers/usblp"
)

// Wire is what every driver reads and writes. Some can do more, such as
// FlushInput, FlushOutput and PortStatus; drivers ask for these.
type Wire interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// Open opens what the address names. The error says what to do, and wraps those of
// the packages below: usb.ErrNotFound, usb.ErrAmbiguous, fs.ErrNotExist,
// fs.ErrPermission.
func (a Address) Open() (Wire, error) {
	switch a.Scheme {
	case UART:
		return a.openLine()
	case USBLP:
		o := usblp.Opts{Port: a.Port, Sys: a.Host.Sys, Dev: a.Host.Dev}
		return orNil(usblp.Open(cmp.Or(a.Path, a.ID), o))
	case TCP:
		return orNil(jetdirect.Dial(a.Path, jetdirect.Opts{}))
	case USB:
		return a.openUSB()
	case HID:
		return a.openHID()
	}
	return nil, fmt.Errorf("wires: open: no scheme %q", a.Scheme)
}

func (a Address) openLine() (Wire, error) {
	o, err := a.Line()
	if err != nil {
		return nil, err
	}
	path := a.Path
	if a.ID != "" {
		d, err := a.device()
		if err != nil {
			return nil, err
		}
		if path, err = only(d, d.TTYs, "serial port"); err != nil {
			return nil, err
		}
	}
	return orNil(uart.Open(path, o))
}

// device finds the device that the address names by its id.
func (a Address) device() (usb.Device, error) {
	id, err := usb.ParseID(a.ID)
	if err != nil {
		return usb.Device{}, err
	}
	return a.Host.One(usb.Query{ID: id, Serial: a.Serial, Port: a.Port})
}

// only takes the node that the kernel made for a device. Of several, as of an
// adapter with four ports, none can be meant.
func only(d usb.Device, nodes []string, what string) (string, error) {
	switch len(nodes) {
	case 0:
		return "", fmt.Errorf("wires: open %v: it has no %s; is the kernel's driver for it loaded?", d, what)
	case 1:
		return nodes[0], nil
	}
	return "", fmt.Errorf("wires: open %v: it has more than one %s; name one by its path: %v", d, what, nodes)
}

// orNil keeps a nil pointer from becoming an interface that is not nil.
func orNil[T Wire](w T, err error) (Wire, error) {
	if err != nil {
		return nil, err
	}
	return w, nil
}
