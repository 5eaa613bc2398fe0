package usblp

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// ParseURL reads a port as settings files write it:
//
//	usblp:/dev/usb/lp0
//	usblp:04b8:0202?port=1-1.3
//
// The key port chooses among printers of the same kind. Every other key is handed
// back untouched in rest, for the driver above (profile= of a printer).
func ParseURL(s string) (where string, o Opts, rest url.Values, err error) {
	fail := func(err error) (string, Opts, url.Values, error) {
		return "", Opts{}, nil, fmt.Errorf("usblp: port %q: %w", s, err)
	}
	body, ok := strings.CutPrefix(s, "usblp:")
	if !ok {
		return fail(fmt.Errorf("want usblp:/dev/usb/lp0 or usblp:04b8:0202"))
	}
	where, query, _ := strings.Cut(body, "?")
	node := strings.HasPrefix(where, "/") && !strings.HasPrefix(where, "//") && filepath.Clean(where) != "/"
	if !node && !usbID.MatchString(where) {
		return fail(fmt.Errorf("want the whole path of a node, such as usblp:/dev/usb/lp0, or a USB id, such as usblp:04b8:0202"))
	}
	if rest, err = url.ParseQuery(query); err != nil {
		return fail(err)
	}
	if v, ok := rest["port"]; ok {
		switch {
		case node:
			return fail(fmt.Errorf("port= goes with a USB id"))
		case len(v) != 1 || v[0] == "":
			return fail(fmt.Errorf("port: want one value, such as 1-1.3"))
		}
		o.Port = v[0]
		delete(rest, "port")
	}
	return where, o, rest, nil
}
