package usb

import (
	"fmt"
	"net/url"
	"strings"
)

// ParseURL reads a device as settings files write it:
//
//	usb:0400:C35A?serial=A1B2&port=1-1.3
//
// Both keys may be left out; they choose among devices of the same kind. Every
// other key is handed back untouched in rest, for the driver above (framing= of
// a card reader).
func ParseURL(s string) (q Query, rest url.Values, err error) {
	fail := func(err error) (Query, url.Values, error) {
		return Query{}, nil, fmt.Errorf("usb: device %q: %w", s, err)
	}
	body, ok := strings.CutPrefix(s, "usb:")
	if !ok {
		return fail(fmt.Errorf("want usb:vendor:product, for example usb:0400:C35A"))
	}
	id, query, _ := strings.Cut(body, "?")
	if q.ID, err = ParseID(id); err != nil {
		return fail(err)
	}
	if rest, err = url.ParseQuery(query); err != nil {
		return fail(err)
	}
	for key, dst := range map[string]*string{"serial": &q.Serial, "port": &q.Port} {
		v, ok := rest[key]
		if !ok {
			continue
		}
		if len(v) != 1 || v[0] == "" {
			return fail(fmt.Errorf("%s: want one value", key))
		}
		*dst = v[0]
		delete(rest, key)
	}
	return q, rest, nil
}
