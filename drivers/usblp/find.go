package usblp

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Info is a printer port as sysfs tells it, without opening anything.
type Info struct {
	Path      string // its node, /dev/usb/lp0
	USB       string // vendor and product number, 04b8:0202
	Port      string // where it is plugged in, 1-1.3
	WriteOnly bool   // interface 7/1/1
	ID        ID     // zero if the printer does not say
}

func (o Opts) sys() string { return cmp.Or(o.Sys, "/sys") }

// List names the printer ports there are, in the order of their numbers. A
// computer without any has an empty list.
func List(o Opts) ([]Info, error) {
	root := filepath.Join(o.sys(), "class/usbmisc")
	entries, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("usblp: list printers: %w", err)
	}
	var all []Info
	for _, e := range entries {
		number, ok := strings.CutPrefix(e.Name(), "lp")
		if _, err := strconv.Atoi(number); !ok || err != nil {
			continue
		}
		// The interface; a printer pulled out meanwhile has none.
		face, err := filepath.EvalSymlinks(filepath.Join(root, e.Name(), "device"))
		if err != nil {
			continue
		}
		device := filepath.Dir(face)
		all = append(all, Info{
			Path:      filepath.Join(cmp.Or(o.Dev, "/dev"), "usb", e.Name()),
			USB:       attr(device, "idVendor") + ":" + attr(device, "idProduct"),
			Port:      filepath.Base(device),
			WriteOnly: attr(face, "bInterfaceProtocol") == "01",
			ID:        ParseID(attr(face, "ieee1284_id")),
		})
	}
	slices.SortFunc(all, func(a, b Info) int {
		return cmp.Or(cmp.Compare(len(a.Path), len(b.Path)), cmp.Compare(a.Path, b.Path))
	})
	return all, nil
}

func attr(dir, name string) string {
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

var usbID = regexp.MustCompile(`^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$`)

// locate finds the node. Numbers of nodes change with every plugging in, so an
// id is looked up at every opening.
func (o Opts) locate(where string) (string, error) {
	if strings.HasPrefix(where, "/") {
		return where, nil
	}
	if !usbID.MatchString(where) {
		return "", fmt.Errorf("usblp: open %q: want a node such as /dev/usb/lp0, or a USB id such as 04b8:0202", where)
	}
	all, err := List(o)
	if err != nil {
		return "", err
	}
	var found []Info
	for _, i := range all {
		if strings.EqualFold(i.USB, where) && (o.Port == "" || o.Port == i.Port) {
			found = append(found, i)
		}
	}
	at := ""
	if o.Port != "" {
		at = " at port " + o.Port
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("usblp: open USB printer %s%s: %w (is the cable in, is the printer on? `lsusb` lists what is plugged)", where, at, ErrNotFound)
	case 1:
		return found[0].Path, nil
	}
	var ports []string
	for _, i := range found {
		ports = append(ports, i.Port)
	}
	return "", fmt.Errorf("usblp: open USB printer %s: there are %d; choose one with port=: %s", where, len(found), strings.Join(ports, ", "))
}
