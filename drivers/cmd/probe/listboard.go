package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// serial lists serial ports by the name that stays the same, if they have one.
func (h host) serial(plugged bus) []row {
	const kind = "serial"
	byNode := map[string]string{} // node: its name below by-id
	var rows []row
	for _, link := range glob(h.dev("serial/by-id/*")) {
		node, err := filepath.EvalSymlinks(link)
		if err != nil {
			rows = append(rows, row{Kind: kind, Path: "uart:" + h.plain(link), What: "link", State: failed, Why: "leads nowhere: plug the adapter in again"})
			continue
		}
		byNode[node] = link
	}
	seen := map[string]bool{}
	for _, pattern := range []string{"ttyUSB*", "ttyACM*", "ttyAMA*", "ttyS*", "serial[0-9]"} {
		for _, path := range glob(h.dev(pattern)) {
			node, err := filepath.EvalSymlinks(path)
			if err != nil || seen[node] {
				continue // /dev/serial0 of a Raspberry Pi is a link to one of the others
			}
			seen[node] = true
			rows = append(rows, h.port(kind, node, byNode[node], plugged))
		}
	}
	if len(rows) == 0 {
		return none(kind, "no serial port: plug in an adapter, or enable_uart=1 in config.txt of a Raspberry Pi")
	}
	return rows
}

// port is the row of one serial port.
func (h host) port(kind, node, link string, plugged bus) row {
	name := filepath.Base(node)
	class := h.sys("class/tty", name)
	r := row{Kind: kind, Path: "uart:" + h.plain(node), What: name}
	if link != "" {
		r.Path = "uart:" + h.plain(link)
	}
	driver := ""
	if d, err := os.Readlink(filepath.Join(class, "device/driver")); err == nil {
		driver = filepath.Base(d)
		r.What += ", driver " + driver
	}
	if d, ok := plugged.of(node); ok {
		r.What += fmt.Sprintf(", %s, USB %v at port %s", orUnnamed(d.Name), d.ID, d.Port)
	}
	// The 8250 driver makes a node for every port that could be there; type 0 is
	// none (linux/serial.h, PORT_UNKNOWN).
	if attr(class, "type") == "0" && strings.HasPrefix(name, "ttyS") {
		r.State, r.Why = skipped, "no chip behind it"
		return r
	}
	if console := attr(h.sys("class/tty/console/active")); strings.Contains(" "+console+" ", " "+name+" ") {
		r.State, r.Why = skipped, "the kernel's console is on it: take it out of cmdline.txt to use the port"
		return r
	}
	r.State, r.Why = usable(node, "add it to the group dialout and log in again")
	return r
}

// buses lists I2C buses.
func (h host) buses() []row {
	const kind = "i2c"
	var rows []row
	for _, node := range glob(h.dev("i2c-*")) {
		n := strings.TrimPrefix(filepath.Base(node), "i2c-")
		r := row{Kind: kind, Path: "i2c:" + n, What: attr(h.sys("class/i2c-dev/i2c-"+n), "name")}
		if r.What == "" {
			r.What = "bus"
		}
		r.State, r.Why = usable(node, "add it to the group i2c and log in again")
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return none(kind, "no bus: dtparam=i2c_arm=on in config.txt of a Raspberry Pi, and modprobe i2c-dev")
	}
	return rows
}

// chips lists GPIO chips.
func (h host) chips() []row {
	const kind = "gpio"
	var rows []row
	for _, node := range glob(h.dev("gpiochip*")) {
		r := row{Kind: kind, Path: node, What: "chip"}
		if dir, err := filepath.EvalSymlinks(h.sys("bus/gpio/devices", filepath.Base(node))); err == nil {
			r.What = "chip of " + filepath.Base(filepath.Dir(dir))
		}
		r.State, r.Why = usable(node, "add it to the group gpio and log in again")
		rows = append(rows, r)
	}
	if len(rows) == 0 {
		return none(kind, "no GPIO chip: this computer has no pins")
	}
	return rows
}

// periph tells what periph's drivers say, "loaded: NAME" or "skipped: NAME: why".
func (h host) periph() []row {
	var rows []row
	for _, line := range h.drivers() {
		state, rest, _ := strings.Cut(line, ": ")
		name, why, _ := strings.Cut(rest, ": ")
		r := row{Kind: "driver", What: name, State: state, Why: why}
		switch state {
		case loaded, skipped, failed:
		default: // the pins
			r = row{Kind: "pins", What: rest, State: skipped, Why: "no pins"}
			if !strings.HasPrefix(rest, "no ") {
				r.State, r.Why = fitted, "named like this in the settings"
			}
		}
		rows = append(rows, r)
	}
	return rows
}
