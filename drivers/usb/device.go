package usb

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

var (
	// ErrNotFound means that no device plugged in matches.
	ErrNotFound = errors.New("no such USB device")
	// ErrAmbiguous means that several do; a serial number or a port tells which.
	ErrAmbiguous = errors.New("more than one such USB device")
)

// ID is the vendor and product number of a kind of device.
type ID struct{ Vendor, Product uint16 }

// ParseID reads an ID as lsusb writes it, "0400:c35a", in either case.
func ParseID(s string) (ID, error) {
	v, p, ok := strings.Cut(s, ":")
	vendor, err1 := strconv.ParseUint(v, 16, 16)
	product, err2 := strconv.ParseUint(p, 16, 16)
	if !ok || len(v) != 4 || len(p) != 4 || err1 != nil || err2 != nil {
		return ID{}, fmt.Errorf("usb: id %q: want four hex digits, a colon and four more, as lsusb prints them", s)
	}
	return ID{uint16(vendor), uint16(product)}, nil
}

// String writes 0400:C35A.
func (id ID) String() string { return fmt.Sprintf("%04X:%04X", id.Vendor, id.Product) }

// Device is one device plugged in, as sysfs describes it.
type Device struct {
	ID       ID
	Serial   string // its serial number, "" if it has none
	Name     string // what it calls itself, "" if nothing
	Port     string // where it is plugged in: bus and ports, 1-1.3
	Bus      int    // number of the bus and of the device on it: these change
	Number   int    // with every plugging in
	Node     string // of usbfs, /dev/bus/usb/001/004
	TTYs     []string
	HIDs     []string // hidraw nodes
	Printers []string // usblp nodes, /dev/usb/lp0

	Interfaces []Interface
}

// Interface is one function of a device in its present setting.
type Interface struct {
	Number    int
	Class     byte   // 3 HID, 7 printer, FF the maker's own
	Driver    string // the kernel driver bound to it, "" if none
	Endpoints []Endpoint
}

// Endpoint is one pipe of an interface.
type Endpoint struct {
	Address   byte // bit 7 set: from the device to us
	Bulk      bool
	MaxPacket int // bytes
}

// String names the device without its serial number.
func (d Device) String() string { return fmt.Sprintf("USB device %v at port %s", d.ID, d.Port) }

// Bulk returns the addresses of the bulk endpoints of all interfaces.
func (d Device) Bulk() (addrs []byte) {
	for _, i := range d.Interfaces {
		for _, e := range i.Endpoints {
			if e.Bulk {
				addrs = append(addrs, e.Address)
			}
		}
	}
	return addrs
}

// endpoint looks a bulk endpoint up, with the number of its interface.
func (d Device) endpoint(addr byte) (Endpoint, int, bool) {
	for _, i := range d.Interfaces {
		for _, e := range i.Endpoints {
			if e.Address == addr && e.Bulk && e.MaxPacket > 0 {
				return e, i.Number, true
			}
		}
	}
	return Endpoint{}, 0, false
}

// Query says which device is meant. Serial and Port may be "".
type Query struct {
	ID     ID
	Serial string
	Port   string
}

func (q Query) matches(d Device) bool {
	return d.ID == q.ID && (q.Serial == "" || d.Serial == q.Serial) && (q.Port == "" || d.Port == q.Port)
}

// String names what is looked for, without the serial number.
func (q Query) String() string {
	s := "USB device " + q.ID.String()
	if q.Serial != "" {
		s += " with the serial number of the settings"
	}
	if q.Port != "" {
		s += " at port " + q.Port
	}
	return s
}
