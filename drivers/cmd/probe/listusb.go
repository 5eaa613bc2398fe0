package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"jobhome/drivers/usb"
	"jobhome/drivers/usblp"
)

// known are the USB ids of card readers that makers' programs look for. Only those
// with a scheme are spoken to by a driver here.
var known = map[string]struct{ what, scheme string }{
	"0400:C35A": {"resident ID card reader, bulk endpoints", "usb"},
	"10C4:0007": {"resident ID card reader, HID", "hid"},
	"203B:0101": {"resident ID card reader, HID, older", "hid"},
	"10C4:8A1B": {"resident ID card reader of one maker", ""},
	"2015:0008": {"resident ID card reader of one maker", ""},
	"9573:4836": {"resident ID card reader of one maker", ""},
}

// classPrinter is the USB interface class of printers.
const classPrinter = 7

// bus is what is plugged in, or why that is not known.
type bus struct {
	devices []usb.Device
	err     error
}

func (h host) plugged() bus {
	all, err := usb.Host{Sys: h.sys(), Dev: h.dev()}.All()
	return bus{all, err}
}

// of finds the device that a node belongs to.
func (b bus) of(node string) (usb.Device, bool) {
	for _, d := range b.devices {
		for _, nodes := range [][]string{d.TTYs, d.HIDs, d.Printers} {
			for _, n := range nodes {
				if n == node {
					return d, true
				}
			}
		}
	}
	return usb.Device{}, false
}

// printers lists printer ports, and printers that have none.
func (h host) printers(plugged bus) []row {
	const kind = "usb printer"
	var rows []row
	ports, err := usblp.List(usblp.Opts{Sys: h.sys(), Dev: h.dev()})
	if err != nil {
		rows = append(rows, row{Kind: kind, State: failed, What: "printer ports", Why: err.Error()})
	}
	for _, p := range ports {
		r := row{Kind: kind, Path: "usblp:" + h.plain(p.Path), What: fmt.Sprintf("%v, USB %s at port %s", p.ID, p.USB, p.Port)}
		r.State, r.Why = usable(p.Path, "add it to the group lp and log in again")
		if p.ID.Commands != "" {
			r.What += ", speaks " + p.ID.Commands
		}
		if p.WriteOnly && r.State == fitted {
			r.Why = "interface 7/1/1 only writes: what is printed cannot be confirmed"
		}
		rows = append(rows, r)
	}
	for _, d := range plugged.devices {
		for _, i := range d.Interfaces {
			if i.Class == classPrinter && i.Driver != "usblp" {
				rows = append(rows, row{
					Kind: kind, What: fmt.Sprintf("%s, %v", orUnnamed(d.Name), d), State: failed,
					Why: "the kernel's usblp does not have it (" + orNone(i.Driver) + "): modprobe usblp, and stop CUPS and ipp-usb",
				})
			}
		}
	}
	if len(rows) == 0 {
		return none(kind, "no USB device of the class printer")
	}
	return rows
}

// readers lists the card readers known by their USB id.
func (h host) readers(plugged bus) []row {
	const kind = "usb reader"
	if plugged.err != nil {
		return []row{{Kind: kind, State: failed, What: "USB devices", Why: plugged.err.Error()}}
	}
	var rows []row
	for _, d := range plugged.devices {
		k, ok := known[d.ID.String()]
		if !ok {
			continue
		}
		r := row{Kind: kind, Path: d.ID.String(), What: fmt.Sprintf("%s, %v", k.what, d)}
		node := d.Node
		if k.scheme == "hid" {
			node = ""
			if len(d.HIDs) > 0 {
				node = d.HIDs[0]
			}
		}
		switch {
		case k.scheme == "":
			r.State, r.Why = skipped, "its protocol is not public; if it also has a serial plug, use that"
		case node == "":
			r.State, r.Why = failed, "it has no hidraw node: modprobe usbhid"
			r.Path = k.scheme + ":" + r.Path
		default:
			r.State, r.Why = usable(node, "a udev rule must give it to a group of the program")
			r.Path = k.scheme + ":" + r.Path
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return none(kind, "no USB id of a card reader; readers behind a serial adapter are serial ports")
	}
	return rows
}

// hidraw lists HID nodes. Most are keyboards and touch screens.
func (h host) hidraw() []row {
	const kind = "hidraw"
	var rows []row
	for _, dir := range glob(h.sys("class/hidraw/hidraw*")) {
		name, id := "unnamed", ""
		for line := range strings.Lines(attr(dir, "device/uevent")) {
			key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			switch key {
			case "HID_NAME":
				name = value
			case "HID_ID": // 0003:000010C4:00000007: bus, vendor, product
				if f := strings.Split(value, ":"); len(f) == 3 && len(f[1]) == 8 && len(f[2]) == 8 {
					id = f[1][4:] + ":" + f[2][4:]
				}
			}
		}
		r := row{Kind: kind, Path: h.dev(filepath.Base(dir)), What: name + ", USB " + id, State: skipped, Why: "not known as a device of a terminal"}
		if id == "" {
			r.What = name
		}
		if k, ok := known[strings.ToUpper(id)]; ok {
			r.What = k.what + ", USB " + id
			r.State, r.Why = usable(r.Path, "a udev rule must give it to a group of the program")
		}
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return none(kind, "no HID device")
	}
	return rows
}

func orNone(s string) string {
	if s == "" {
		return "no driver"
	}
	return s
}

func orUnnamed(s string) string {
	if s == "" {
		return "unnamed"
	}
	return s
}
