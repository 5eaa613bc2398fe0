package config

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Scheme is how a device is reached.
type Scheme string

// The schemes.
const (
	UART Scheme = "uart" // a serial port, which USB receipt printers and readers mostly are too
	Sim  Scheme = "sim"  // made of software, in this process
	None Scheme = "none" // the terminal has no such device
)

// Device is the address of a device. The zero Device is no address.
type Device struct {
	Scheme  Scheme
	Path    string // UART: absolute, best below /dev/serial/by-id
	Baud    int    // UART
	Profile string // printers only: what the printer can do, by name
}

const defaultBaud = 115200

var bauds = []int{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600}

// ParseDevice reads an address:
//
//	uart:/dev/serial/by-id/usb-X?baud=115200&profile=generic80
//	sim:?profile=generic58
//	none
//
// The baud rate is 115200 when not given. Whether a profile of that name
// exists is for the printer's driver to say.
func ParseDevice(s string) (Device, error) {
	if s == string(None) {
		return Device{Scheme: None}, nil
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme != string(UART) && scheme != string(Sim) {
		return Device{}, errors.New("is none of uart:PATH, sim: and none")
	}
	d := Device{Scheme: Scheme(scheme)}
	path, query, _ := strings.Cut(rest, "?")
	switch {
	case d.Scheme == Sim && path != "":
		return Device{}, errors.New("names a path, which sim: does not have")
	case d.Scheme == UART && (!strings.HasPrefix(path, "/") || hasControl(path)):
		return Device{}, errors.New("does not name a port by an absolute path such as uart:/dev/ttyUSB0")
	case d.Scheme == UART:
		d.Path, d.Baud = path, defaultBaud
	}
	options, err := url.ParseQuery(query)
	if err != nil {
		return Device{}, errors.New("has options that are not of the form ?name=value&name=value")
	}
	for name, values := range options {
		if len(values) != 1 {
			return Device{}, fmt.Errorf("gives the option %q %d times", name, len(values))
		}
		if err := d.option(name, values[0]); err != nil {
			return Device{}, err
		}
	}
	return d, nil
}

func (d *Device) option(name, value string) error {
	switch {
	case name == "baud" && d.Scheme == UART:
		n, err := strconv.Atoi(value)
		if err != nil || !slices.Contains(bauds, n) {
			return fmt.Errorf("has the baud rate %q, which is none of %s", value, strings.Trim(fmt.Sprint(bauds), "[]"))
		}
		d.Baud = n
	case name == "profile":
		if !isSlug(value) {
			return fmt.Errorf("has the profile %q, which is not made of a-z, 0-9 and -", value)
		}
		d.Profile = value
	default:
		return fmt.Errorf("has the option %q, which %s: does not know", name, d.Scheme)
	}
	return nil
}

// String writes the address as [ParseDevice] reads it.
func (d Device) String() string {
	if d.Scheme == None {
		return string(None)
	}
	var options []string
	if d.Baud != 0 {
		options = append(options, "baud="+strconv.Itoa(d.Baud))
	}
	if d.Profile != "" {
		options = append(options, "profile="+d.Profile)
	}
	s := string(d.Scheme) + ":" + d.Path
	if len(options) > 0 {
		s += "?" + strings.Join(options, "&")
	}
	return s
}

// isSlug reports whether s is 1 to 32 of a-z, 0-9 and -.
func isSlug(s string) bool {
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 32
}
