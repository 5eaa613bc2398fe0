package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"jobhome/drivers/jetdirect"
	"jobhome/drivers/uart"
	"jobhome/drivers/usblp"
)

// wire is what every driver hangs on.
type wire interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// tap puts a listener into a wire that was just opened; nil puts none.
type tap func(wire) wire

// place is where a device is, as a URL says.
type place struct {
	scheme string     // uart, usblp or tcp
	path   string     // a node, a USB id, host:port
	line   uart.Opts  // uart only
	usb    usblp.Opts // usblp only
}

// parsePlace reads a URL. What its scheme does not know is left in rest.
func parsePlace(s string) (p place, rest url.Values, err error) {
	p.scheme, _, _ = strings.Cut(s, ":")
	switch p.scheme {
	case "uart":
		p.path, p.line, rest, err = uart.ParseURL(s)
	case "usblp":
		p.path, p.usb, rest, err = usblp.ParseURL(s)
	case "tcp":
		p.path, rest, err = jetdirect.ParseURL(s)
	default:
		err = fmt.Errorf("port %q: want uart:/dev/ttyUSB0, usblp:/dev/usb/lp0, usblp:04b8:0202 or tcp:192.168.1.60", s)
	}
	return p, rest, err
}

// parseLine reads the URL of a device that is on a serial line only.
func parseLine(s, device string) (p place, err error) {
	p = place{scheme: "uart"}
	var rest url.Values
	if p.path, p.line, rest, err = uart.ParseURL(s); err != nil {
		return p, err
	}
	for key := range rest {
		return p, fmt.Errorf("port %q: a %s has no setting %q", s, device, key)
	}
	return p, nil
}

// open opens the wire and puts t into it.
func (p place) open(t tap) (wire, error) {
	var w wire
	var err error
	switch p.scheme {
	case "uart":
		w, err = orNil(uart.Open(p.path, p.line))
	case "usblp":
		w, err = orNil(usblp.Open(p.path, p.usb))
	case "tcp":
		w, err = orNil(jetdirect.Dial(p.path, jetdirect.Opts{}))
	default:
		err = errors.New("nowhere to open")
	}
	if err != nil || t == nil {
		return w, err
	}
	return t(w), nil
}

// orNil keeps a nil pointer from becoming an interface that is not nil.
func orNil[T wire](w T, err error) (wire, error) {
	if err != nil {
		return nil, err
	}
	return w, nil
}
