package main

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"jobhome/drivers/wires"
)

// tap puts a listener into a wire that was just opened; nil puts none.
type tap func(wires.Wire) wires.Wire

// open opens what the address names and puts t into it.
func open(a wires.Address, t tap) (wires.Wire, error) {
	w, err := a.Open()
	if err != nil || t == nil {
		return w, err
	}
	return t(w), nil
}

// kind is a kind of device, and where one can be, as for the settings.
type kind struct {
	name    string
	schemes []string
	baud    int // of a line whose address has none; 0: that of the profile
}

// The kinds; never written to.
var (
	printerKind = kind{"receipt printer", []string{wires.UART, wires.USBLP, wires.TCP}, 0}
	readerKind  = kind{"card reader", []string{wires.UART, wires.USB, wires.HID}, 115200}
	scannerKind = kind{"scanner", []string{wires.UART}, 9600}
	badgeKind   = kind{"badge reader", []string{wires.UART}, 115200}
)

// forms are the addresses of a scheme, by example.
var forms = map[string]string{
	wires.UART:  "uart:/dev/ttyUSB0, uart:1a86:7523",
	wires.USBLP: "usblp:/dev/usb/lp0, usblp:04b8:0202",
	wires.TCP:   "tcp:192.168.1.60",
	wires.USB:   "usb:0400:c35a",
	wires.HID:   "hid:10c4:0007, hid:/dev/hidraw0",
}

// parse reads the address of a device of this kind. What is for its driver is in
// rest.
func (k kind) parse(s string) (a wires.Address, rest url.Values, err error) {
	scheme, _, _ := strings.Cut(s, ":")
	if !slices.Contains(k.schemes, scheme) {
		var want []string
		for _, s := range k.schemes {
			want = append(want, forms[s])
		}
		return a, nil, fmt.Errorf("port %q of a %s: want %s", s, k.name, strings.Join(want, ", "))
	}
	if a, rest, err = wires.Parse(s); err != nil {
		return a, nil, err
	}
	if scheme == wires.UART && a.Baud == 0 {
		a.Baud = k.baud
	}
	return a, rest, nil
}

// parsePlain reads the address of a device whose driver has no settings in it.
func (k kind) parsePlain(s string) (wires.Address, error) {
	a, rest, err := k.parse(s)
	if err != nil {
		return a, err
	}
	for key := range rest {
		return a, fmt.Errorf("port %q: a %s has no setting %q", s, k.name, key)
	}
	return a, nil
}
