package uart

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	puart "periph.io/x/conn/v3/uart"
	"periph.io/x/conn/v3/uart/uartreg"
)

// ParseURL reads a port as settings files write it:
//
//	uart:/dev/ttyUSB0?baud=115200&flow=rtscts
//
// Known keys are baud, flow (none, rtscts, xonxoff; the last for text only, see
// Opts.Carries), parity (N, O, E, M, S),
// stop (1, 2) and bits (5 to 8). Every other key is handed back untouched in
// rest, for the driver above (profile= of a printer). The error names the key
// and what it may be.
func ParseURL(s string) (path string, o Opts, rest url.Values, err error) {
	fail := func(err error) (string, Opts, url.Values, error) {
		return "", Opts{}, nil, fmt.Errorf("uart: port %q: %w", s, err)
	}
	u, err := url.Parse(s)
	if err != nil {
		var ue *url.Error
		if errors.As(err, &ue) {
			err = ue.Err
		}
		return fail(err)
	}
	switch {
	case u.Scheme != "uart":
		return fail(fmt.Errorf("want uart:/dev/..., for example uart:/dev/ttyUSB0?baud=115200"))
	case u.Host != "" || u.User != nil:
		return fail(fmt.Errorf("one slash after uart: (uart:/%s%s)", u.Host, u.Path))
	case !strings.HasPrefix(u.Path, "/") || filepath.Clean(u.Path) == "/":
		return fail(fmt.Errorf("want the whole path of a device, for example uart:/dev/ttyUSB0"))
	case u.Fragment != "":
		return fail(fmt.Errorf("nothing may follow #"))
	}
	rest, err = url.ParseQuery(u.RawQuery)
	if err != nil {
		return fail(err)
	}
	for _, k := range []string{"baud", "flow", "parity", "stop", "bits"} {
		v, ok := rest[k]
		if !ok {
			continue
		}
		if len(v) != 1 {
			return fail(fmt.Errorf("%s is given %d times", k, len(v)))
		}
		if err := o.set(k, v[0]); err != nil {
			return fail(err)
		}
		delete(rest, k)
	}
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return fail(err)
	}
	return u.Path, o, rest, nil
}

// set takes one value of a URL.
func (o *Opts) set(key, v string) error {
	switch key {
	case "flow":
		flows := map[string]puart.Flow{
			"none": puart.NoFlow, "rtscts": puart.RTSCTS, "xonxoff": puart.MakeXOnXOffFlow(0x11, 0x13),
		}
		f, ok := flows[v]
		if v == "dsrdtr" {
			return fmt.Errorf("flow=dsrdtr: Linux has no DTR/DSR flow control; wire the device's DTR to CTS and take rtscts")
		}
		if !ok {
			return fmt.Errorf("flow=%q: want none, rtscts or xonxoff", v)
		}
		o.Flow = f
	case "parity":
		if len(v) != 1 || !strings.Contains("NOEMS", strings.ToUpper(v)) {
			return fmt.Errorf("parity=%q: want N, O, E, M or S", v)
		}
		o.Parity = puart.Parity(strings.ToUpper(v)[0])
	case "baud", "stop", "bits":
		n, err := strconv.Atoi(v)
		if err != nil || n <= 0 {
			return fmt.Errorf("%s=%q: want a number", key, v)
		}
		switch key {
		case "baud":
			o.Baud = n
		case "stop":
			if n > 2 {
				return fmt.Errorf("stop=%d: want 1 or 2", n)
			}
			o.Stop = puart.Stop(n)
		case "bits":
			o.Bits = n
		}
	}
	return nil
}

// Register makes the port known to periph's uartreg under its path, with the
// last element of the path as an alias; number is periph's port number, or -1
// for none. Nothing is opened until uartreg.Open. Call it where the devices of
// a program are wired; registering a path twice is an error.
func Register(path string, number int, o Opts) error {
	base := filepath.Base(path)
	var alias []string
	if _, err := strconv.Atoi(base); err != nil && base != path {
		alias = []string{base}
	}
	open := func() (puart.PortCloser, error) {
		p, err := Open(path, o)
		if err != nil {
			return nil, err
		}
		return p, nil
	}
	if err := uartreg.Register(path, alias, number, open); err != nil {
		return fmt.Errorf("uart: register %s: %w", path, err)
	}
	return nil
}
