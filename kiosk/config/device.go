package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Scheme is how a device is reached.
type Scheme string

// The schemes.
const (
	UART  Scheme = "uart"  // a serial port, which USB receipt printers and readers mostly are too
	USBLP Scheme = "usblp" // a USB printer port
	TCP   Scheme = "tcp"   // a printer on the network, port 9100
	USB   Scheme = "usb"   // a card reader with bulk endpoints of its own
	HID   Scheme = "hid"   // a card reader that speaks in HID reports
	I2C   Scheme = "i2c"   // a bus on the header
	Sim   Scheme = "sim"   // made of software, in this process
	None  Scheme = "none"  // the terminal has no such device
)

// Device is the address of a device. The zero Device is no address.
type Device struct {
	Scheme  Scheme
	Path    string // a device file, absolute; for TCP host:port; for I2C a bus by its periph name
	ID      string // or the device's USB id, vendor:product, in place of Path
	Port    string // where the device with that id is plugged in, such as 1-1.3; "" where there is only one
	Baud    int    // UART; 0: that of the printer's profile
	Flow    string // UART: "" for that of the profile, none or rtscts
	Framing string // USB: "" or split, and pair
	Profile string // printers only: what the printer can do, by name
}

var bauds = []int{1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600}

// kind is a kind of device and what may lead to one.
type kind struct {
	name    string
	schemes []Scheme // besides none
	options []string
	baud    int // of a serial port when not given; 0: left open
}

var (
	readerKind  = kind{"reader", []Scheme{UART, USB, HID, Sim}, []string{"port", "baud", "flow", "framing"}, 115200}
	printerKind = kind{"printer", []Scheme{UART, USBLP, TCP, Sim}, []string{"port", "baud", "flow", "profile"}, 0}
	scannerKind = kind{"scanner", []Scheme{UART, Sim}, []string{"port", "baud"}, 9600}
	badgeKind   = kind{"badge reader", []Scheme{UART, I2C}, []string{"port", "baud"}, 115200}
	anyKind     = kind{"device", []Scheme{UART, USBLP, TCP, USB, HID, I2C, Sim}, []string{"port", "baud", "flow", "framing", "profile"}, 0}
)

// ParseDevice reads an address:
//
//	uart:/dev/serial/by-id/usb-X?baud=115200&flow=rtscts&profile=generic80
//	uart:1a86:7523?baud=9600
//	usblp:/dev/usb/lp0?profile=auto
//	usblp:04b8:0202?profile=epson-tm
//	tcp:192.168.1.60:9100?profile=generic80
//	usb:0400:c35a?framing=split
//	hid:10c4:0007
//	i2c:1
//	sim:?profile=generic58
//	none
//
// A device on USB can be named by its id, vendor:product, which stays the same
// wherever it is plugged in; of several alike port=1-1.3 chooses one. The TCP port is 9100 when not given.
// The baud rate is then that of the kind of device: 115200 for readers of cards
// and badges, 9600 for scanners, and the profile's for printers. Whether a profile of that name exists is for the printer's
// driver to say.
func ParseDevice(s string) (Device, error) { return anyKind.parse(s) }

func (k kind) parse(s string) (Device, error) {
	if s == string(None) {
		return Device{Scheme: None}, nil
	}
	scheme, rest, ok := strings.Cut(s, ":")
	d := Device{Scheme: Scheme(scheme)}
	if !ok || !slices.Contains(k.schemes, d.Scheme) {
		return Device{}, fmt.Errorf("is none of %s and none", k.forms())
	}
	path, query, _ := strings.Cut(rest, "?")
	if err := d.locate(path); err != nil {
		return Device{}, err
	}
	options, err := url.ParseQuery(query)
	if err != nil {
		return Device{}, errors.New("has options that are not of the form ?name=value&name=value")
	}
	for name, values := range options {
		if len(values) != 1 {
			return Device{}, fmt.Errorf("gives the option %q %d times", name, len(values))
		}
		if !slices.Contains(k.options, name) {
			return Device{}, fmt.Errorf("has the option %q, which a %s does not have", name, k.name)
		}
		if err := d.option(name, values[0]); err != nil {
			return Device{}, err
		}
	}
	if d.Scheme == UART && d.Baud == 0 {
		d.Baud = k.baud
	}
	return d, nil
}

func (k kind) forms() string {
	var forms []string
	for _, s := range k.schemes {
		forms = append(forms, map[Scheme]string{
			UART: "uart:PATH", USBLP: "usblp:PATH", TCP: "tcp:HOST", USB: "usb:VENDOR:PRODUCT",
			HID: "hid:VENDOR:PRODUCT", I2C: "i2c:BUS", Sim: "sim:",
		}[s])
	}
	return strings.Join(forms, ", ")
}

var (
	usbPort = regexp.MustCompile(`^[0-9]{1,3}-[0-9]{1,3}(\.[0-9]{1,3}){0,6}$`)
	usbID   = regexp.MustCompile(`^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$`)
	busName = regexp.MustCompile(`^[0-9A-Za-z_-]{1,32}$`)
)

// locate reads what stands between the scheme and the options.
func (d *Device) locate(path string) error {
	file := strings.HasPrefix(path, "/") && !hasControl(path)
	if d.Scheme != Sim && d.Scheme != TCP && usbID.MatchString(path) && d.Scheme != I2C {
		d.ID = strings.ToLower(path)
	} else {
		d.Path = path
	}
	switch d.Scheme {
	case Sim:
		if path != "" {
			return errors.New("names a path, which sim: does not have")
		}
	case UART:
		if d.ID == "" && !file {
			return errors.New("does not name a port by an absolute path such as uart:/dev/ttyUSB0, or by a USB id such as uart:1a86:7523")
		}
	case USBLP, HID:
		if d.ID == "" && !file {
			return fmt.Errorf("does not name a device by an absolute path, or by a USB id such as %s:04b8:0202", d.Scheme)
		}
	case USB:
		if d.ID == "" {
			return errors.New("does not name a device by its USB id, such as usb:0400:c35a")
		}
	case I2C:
		if !busName.MatchString(path) {
			return errors.New("does not name a bus, such as i2c:1")
		}
	case TCP:
		return d.address(path)
	}
	return nil
}

// address reads HOST or HOST:PORT.
func (d *Device) address(path string) error {
	host, port, err := net.SplitHostPort(path)
	if err != nil {
		host, port = strings.Trim(path, "[]"), "9100"
	}
	n, err := strconv.Atoi(port)
	if strings.Contains(host, ":") && net.ParseIP(host) == nil && !strings.Contains(host, "%") {
		host = "" // neither a name nor an IPv6 address
	}
	if host == "" || strings.ContainsFunc(host, func(r rune) bool { return r <= ' ' || r > '~' || r == '/' }) || err != nil || n < 1 || n > 65535 {
		return errors.New("does not name a host and port such as tcp:192.168.1.60:9100")
	}
	d.Path = net.JoinHostPort(host, port)
	return nil
}

func (d *Device) option(name, value string) error {
	switch {
	case name == "port" && d.ID != "":
		if !usbPort.MatchString(value) {
			return fmt.Errorf("has the USB port %q, which is not of the form 1-1.3", value)
		}
		d.Port = value
	case name == "baud" && d.Scheme == UART:
		n, err := strconv.Atoi(value)
		if err != nil || !slices.Contains(bauds, n) {
			return fmt.Errorf("has the baud rate %q, which is none of %s", value, strings.Trim(fmt.Sprint(bauds), "[]"))
		}
		d.Baud = n
	case name == "flow" && d.Scheme == UART:
		// XON/XOFF is not offered: a picture on a slip holds its two bytes.
		if value != "none" && value != "rtscts" {
			return fmt.Errorf("has the flow control %q, which is none of none and rtscts", value)
		}
		d.Flow = value
	case name == "framing" && d.Scheme == USB:
		if value != "split" && value != "pair" {
			return fmt.Errorf("has the framing %q, which is none of split and pair", value)
		}
		d.Framing = value
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
	add := func(name, value string) {
		if value != "" && value != "0" {
			options = append(options, name+"="+value)
		}
	}
	add("port", d.Port)
	add("baud", strconv.Itoa(d.Baud))
	add("flow", d.Flow)
	add("framing", d.Framing)
	add("profile", d.Profile)
	s := string(d.Scheme) + ":" + d.Path + d.ID
	if len(options) > 0 {
		s += "?" + strings.Join(options, "&")
	}
	return s
}

// Fitted reports whether there is a device at all.
func (d Device) Fitted() bool { return d.Scheme != None && d.Scheme != "" }

// isSlug reports whether s is 1 to 32 of a-z, 0-9 and -.
func isSlug(s string) bool {
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= 32
}
