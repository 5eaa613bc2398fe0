package usb

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Host is where the kernel shows its devices; the zero value is /sys and /dev.
type Host struct {
	Sys string // "" means /sys
	Dev string // "" means /dev
}

func (h Host) sys() string {
	if h.Sys == "" {
		return "/sys"
	}
	return h.Sys
}

func (h Host) dev(elem ...string) string {
	root := h.Dev
	if root == "" {
		root = "/dev"
	}
	return filepath.Join(append([]string{root}, elem...)...)
}

// All lists the devices plugged in, without root hubs, in the order of their
// ports. A machine without USB has none.
func (h Host) All() ([]Device, error) {
	root := filepath.Join(h.sys(), "bus/usb/devices")
	entries, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("usb: list devices: %w", err)
	}
	var all []Device
	for _, e := range entries {
		// 1-1.3 is a device, 1-1.3:1.0 an interface of it, usb1 a root hub.
		if strings.Contains(e.Name(), ":") || strings.HasPrefix(e.Name(), "usb") {
			continue
		}
		if d, ok := h.device(root, e.Name()); ok {
			all = append(all, d)
		}
	}
	return all, nil
}

// Find lists the devices that match.
func (h Host) Find(q Query) ([]Device, error) {
	all, err := h.All()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(d Device) bool { return !q.matches(d) }), nil
}

// One returns the only device that matches. The error wraps ErrNotFound, or
// ErrAmbiguous and names the ports to choose from. Numbers and nodes of a device
// change with every plugging in, so ask again whenever it is opened again.
func (h Host) One(q Query) (Device, error) {
	found, err := h.Find(q)
	switch {
	case err != nil:
		return Device{}, err
	case len(found) == 0:
		return Device{}, fmt.Errorf("usb: find %v: %w (is the cable in? `lsusb` lists what is plugged)", q, ErrNotFound)
	case len(found) > 1:
		ports := make([]string, len(found))
		for i, d := range found {
			ports[i] = d.Port
		}
		return Device{}, fmt.Errorf("usb: find %v: %w (choose one with port=: %s)", q, ErrAmbiguous, strings.Join(ports, ", "))
	}
	return found[0], nil
}

// device reads one entry. A device that is pulled out meanwhile is none.
func (h Host) device(root, name string) (Device, bool) {
	dir, err := filepath.EvalSymlinks(filepath.Join(root, name))
	if err != nil {
		return Device{}, false
	}
	vendor, ok1 := number(dir, "idVendor", 16)
	product, ok2 := number(dir, "idProduct", 16)
	bus, ok3 := number(dir, "busnum", 10)
	num, ok4 := number(dir, "devnum", 10)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return Device{}, false
	}
	d := Device{
		ID: ID{uint16(vendor), uint16(product)}, Serial: attr(dir, "serial"), Name: attr(dir, "product"),
		Port: name, Bus: bus, Number: num,
		Node: h.dev("bus", "usb", fmt.Sprintf("%03d", bus), fmt.Sprintf("%03d", num)),
	}
	faces, _ := filepath.Glob(filepath.Join(dir, "*:*"))
	for _, face := range faces {
		if i, ok := readInterface(face); ok {
			d.Interfaces = append(d.Interfaces, i)
			h.nodes(face, &d)
		}
	}
	return d, true
}

func readInterface(dir string) (Interface, bool) {
	num, ok := number(dir, "bInterfaceNumber", 16)
	if !ok {
		return Interface{}, false
	}
	class, _ := number(dir, "bInterfaceClass", 16)
	i := Interface{Number: num, Class: byte(class)}
	if driver, err := os.Readlink(filepath.Join(dir, "driver")); err == nil {
		i.Driver = filepath.Base(driver)
	}
	eps, _ := filepath.Glob(filepath.Join(dir, "ep_*"))
	for _, ep := range eps {
		addr, ok := number(ep, "bEndpointAddress", 16)
		size, _ := number(ep, "wMaxPacketSize", 16)
		if ok {
			// Bits 11 and 12 of the size count packets of a microframe.
			i.Endpoints = append(i.Endpoints, Endpoint{byte(addr), attr(ep, "type") == "Bulk", size & 0x7FF})
		}
	}
	return i, true
}

// nodes finds what the kernel drivers of an interface made of it: tty/ttyACM0,
// ttyUSB0/tty/ttyUSB0, 0003:10C4:0007.0001/hidraw/hidraw0, usbmisc/lp0.
func (h Host) nodes(face string, d *Device) {
	// A device that vanishes meanwhile has no nodes; that is no error.
	_ = filepath.WalkDir(face, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return fs.SkipDir
		}
		if !e.IsDir() {
			return nil
		}
		rel, _ := filepath.Rel(face, path)
		if strings.Count(rel, "/") > 2 {
			return fs.SkipDir
		}
		name := filepath.Base(path)
		switch filepath.Base(filepath.Dir(path)) {
		case "tty":
			d.TTYs = append(d.TTYs, h.dev(name))
		case "hidraw":
			d.HIDs = append(d.HIDs, h.dev(name))
		case "usbmisc":
			if strings.HasPrefix(name, "lp") {
				d.Printers = append(d.Printers, h.dev("usb", name))
			}
		default:
			return nil
		}
		return fs.SkipDir
	})
}

func attr(dir, name string) string {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

func number(dir, name string, base int) (int, bool) {
	n, err := strconv.ParseUint(attr(dir, name), base, 31)
	return int(n), err == nil
}
