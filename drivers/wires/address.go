// Package wires opens what an address names: a serial port, a USB printer port, a
// printer on the network, a card reader's bulk endpoints or its HID reports. It
// joins the packages that know one of these each, uart, usblp, jetdirect and usb
// with idcard/samusb, so that every program opens the same thing for the same
// address. The standards are named there: termios(3), the USB Device Class Definition
// for Printing Devices 1.1, and for USB itself sysfs, usbfs and hidraw of the kernel.
//
// A device on USB can be named by its id, vendor:product, which stays the same
// wherever it is plugged in. Nodes change with every plugging in, so it is looked
// for at every opening.
package wires

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"jobhome/drivers/idcard/samusb"
	"jobhome/drivers/jetdirect"
	"jobhome/drivers/uart"
	"jobhome/drivers/usb"
	"jobhome/drivers/usblp"
)

// The schemes of an Address.
const (
	UART  = "uart"
	USBLP = "usblp"
	TCP   = "tcp"
	USB   = "usb"
	HID   = "hid"
)

// Address says where a device is. Either Path or ID is set.
type Address struct {
	Scheme string
	Path   string // a node, absolute; for TCP host:port
	ID     string // vendor:product on USB, 0400:c35a; not for TCP
	Port   string // with ID: where it is plugged in, 1-1.3; "" where there is only one
	Serial string // with ID, not for USBLP: its serial number; "" where there is only one

	Baud   int    // UART; 0 means not said, and 115200 when opened
	Flow   string // UART: none, rtscts, xonxoff; "" means not said, and none when opened
	Parity string // UART: N, O, E, M or S; "" means N
	Stop   int    // UART: 1 or 2; 0 means 1
	Bits   int    // UART: 5 to 8; 0 means 8

	Framing string // USB: split, pair or hid; "" means as the endpoints suggest

	Host usb.Host // where the kernel shows its devices; the zero value is right but for tests
}

// Parse reads an address:
//
//	uart:/dev/ttyUSB0?baud=115200&flow=rtscts&parity=N&stop=1&bits=8
//	uart:1a86:7523?port=1-1.3&baud=9600
//	usblp:/dev/usb/lp0
//	usblp:04b8:0202?port=1-1.3
//	tcp:192.168.1.60:9100
//	usb:0400:c35a?port=1-1.3&framing=split
//	hid:10c4:0007
//	hid:/dev/hidraw0
//
// What is not said stays zero. Every other key is handed back untouched in rest,
// for the driver above (profile= of a printer).
func Parse(s string) (a Address, rest url.Values, err error) {
	scheme, body, _ := strings.Cut(s, ":")
	a.Scheme = scheme
	where, query, _ := strings.Cut(body, "?")
	switch scheme {
	case UART:
		return a.parseLine(s, where, query)
	case USBLP:
		var o usblp.Opts
		if where, o, rest, err = usblp.ParseURL(s); err == nil {
			a.locate(where)
			a.Port = o.Port
		}
		return a, rest, err
	case TCP:
		a.Path, rest, err = jetdirect.ParseURL(s)
		return a, rest, err
	case USB, HID:
		return a.parseUSB(s, where, query)
	}
	return a, nil, fmt.Errorf("wires: address %q: want uart:, usblp:, tcp:, usb: or hid:", s)
}

var usbID = regexp.MustCompile(`^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$`)

// locate takes a node or a USB id.
func (a *Address) locate(where string) {
	if usbID.MatchString(where) {
		a.ID = where
	} else {
		a.Path = where
	}
}

// parseLine reads a serial port. One named by its USB id is read as if it were a
// node, for the options are the same.
func (a Address) parseLine(s, where, query string) (Address, url.Values, error) {
	a.locate(where)
	of := s
	if a.ID != "" {
		of = "uart:/" + a.ID + "?" + query
	}
	_, o, rest, err := uart.ParseURL(of)
	if err != nil {
		if cause := errors.Unwrap(err); of != s && cause != nil {
			err = fmt.Errorf("uart: port %q: %w", s, cause)
		}
		return a, nil, err
	}
	if rest, err = a.choose(s, rest); err != nil {
		return a, nil, err
	}
	said, _ := url.ParseQuery(query) // which uart.ParseURL has done
	if said.Has("baud") {
		a.Baud = o.Baud
	}
	a.Flow, a.Parity = said.Get("flow"), said.Get("parity")
	if said.Has("stop") {
		a.Stop = int(o.Stop)
	}
	if said.Has("bits") {
		a.Bits = o.Bits
	}
	return a, rest, nil
}

// parseUSB reads a card reader with a USB plug of its own.
func (a Address) parseUSB(s, where, query string) (Address, url.Values, error) {
	fail := func(err error) (Address, url.Values, error) {
		return a, nil, fmt.Errorf("wires: address %q: %w", s, err)
	}
	a.locate(where)
	switch {
	case a.ID != "":
	case a.Scheme == USB:
		return fail(errors.New("want a USB id, such as usb:0400:c35a"))
	case !strings.HasPrefix(a.Path, "/dev/"):
		return fail(errors.New("want a USB id, such as hid:10c4:0007, or a node, such as hid:/dev/hidraw0"))
	}
	rest, err := url.ParseQuery(query)
	if err != nil {
		return fail(err)
	}
	if rest, err = a.choose(s, rest); err != nil {
		return a, nil, err
	}
	if a.Scheme == USB && rest.Has("framing") {
		f, err := samusb.ParseFraming(strings.Join(rest["framing"], " "))
		if err != nil {
			return fail(err)
		}
		a.Framing = f.String()
		delete(rest, "framing")
	}
	return a, rest, nil
}

// choose takes out what tells one of several alike on USB.
func (a *Address) choose(s string, rest url.Values) (url.Values, error) {
	for key, dst := range map[string]*string{"port": &a.Port, "serial": &a.Serial} {
		v, ok := rest[key]
		switch {
		case !ok:
			continue
		case a.ID == "":
			return nil, fmt.Errorf("wires: address %q: %s= goes with a USB id", s, key)
		case len(v) != 1 || v[0] == "":
			return nil, fmt.Errorf("wires: address %q: %s: want one value", s, key)
		}
		*dst = v[0]
		delete(rest, key)
	}
	return rest, nil
}

// Line is how the serial line is set. The error names the option that is wrong.
func (a Address) Line() (uart.Opts, error) {
	q := url.Values{}
	set := func(key, value string) {
		if value != "" && value != "0" {
			q.Set(key, value)
		}
	}
	set("baud", strconv.Itoa(a.Baud))
	set("flow", a.Flow)
	set("parity", a.Parity)
	set("stop", strconv.Itoa(a.Stop))
	set("bits", strconv.Itoa(a.Bits))
	_, o, _, err := uart.ParseURL("uart:/line?" + q.Encode())
	if cause := errors.Unwrap(err); cause != nil {
		err = fmt.Errorf("wires: set line: %w", cause)
	}
	return o, err
}
