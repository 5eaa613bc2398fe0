package wires

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for s, want := range map[string]Address{
		"uart:/dev/ttyUSB0":                      {Scheme: UART, Path: "/dev/ttyUSB0"},
		"uart:/dev/ttyUSB0?baud=9600&flow=none":  {Scheme: UART, Path: "/dev/ttyUSB0", Baud: 9600, Flow: "none"},
		"uart:/dev/x?parity=e&stop=2&bits=7":     {Scheme: UART, Path: "/dev/x", Parity: "e", Stop: 2, Bits: 7},
		"uart:1a86:7523?port=1-1.3&flow=rtscts":  {Scheme: UART, ID: "1a86:7523", Port: "1-1.3", Flow: "rtscts"},
		"uart:1A86:7523?serial=A1&flow=xonxoff":  {Scheme: UART, ID: "1A86:7523", Serial: "A1", Flow: "xonxoff"},
		"usblp:/dev/usb/lp0":                     {Scheme: USBLP, Path: "/dev/usb/lp0"},
		"usblp:04b8:0202?port=2-1":               {Scheme: USBLP, ID: "04b8:0202", Port: "2-1"},
		"tcp:printer.local":                      {Scheme: TCP, Path: "printer.local:9100"},
		"usb:0400:c35a":                          {Scheme: USB, ID: "0400:c35a"},
		"usb:0400:C35A?framing=split&port=1-1.3": {Scheme: USB, ID: "0400:C35A", Port: "1-1.3", Framing: "split"},
		"hid:10c4:0007?serial=B":                 {Scheme: HID, ID: "10c4:0007", Serial: "B"},
		"hid:/dev/hidraw0":                       {Scheme: HID, Path: "/dev/hidraw0"},
	} {
		with := s + "?profile=auto"
		if strings.Contains(s, "?") {
			with = s + "&profile=auto"
		}
		got, rest, err := Parse(with)
		if err != nil || got != want || len(rest) != 1 || rest.Get("profile") != "auto" {
			t.Errorf("%s: %+v, %v, %v", with, got, rest, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for s, want := range map[string]string{
		"":                                "want uart:",
		"i2c:1":                           "want uart:",
		"uart:ttyUSB0":                    "whole path",
		"uart:1a86:7523?baud=fast":        `port "uart:1a86:7523?baud=fast": baud="fast"`,
		"uart:1a86:7523?flow=dtr":         "none, rtscts or xonxoff",
		"uart:1a86:752":                   "whole path",
		"uart:/dev/x?port=1-1":            "port= goes with a USB id",
		"uart:1a86:7523?port=":            "port: want one value",
		"uart:1a86:7523?port=1&port=2":    "port: want one value",
		"usblp:lp0":                       "whole path",
		"usblp:/dev/usb/lp0?port=1-1":     "goes with a USB id",
		"tcp:":                            "no host",
		"usb:/dev/bus/usb/001/002":        "want a USB id",
		"usb:0400:c35a?framing=ring":      "split, pair or hid",
		"usb:0400:c35a?framing=hid&a=%zz": "invalid URL escape",
		"hid:hidraw0":                     "hid:/dev/hidraw0",
		"hid:/dev/hidraw0?serial=A":       "serial= goes with a USB id",
	} {
		if a, _, err := Parse(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v; want %q", s, a, err, want)
		}
	}
}

// What Parse takes can be opened, as far as the words go.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"uart:/dev/ttyUSB0?baud=115200&flow=rtscts&parity=N&stop=1&bits=8", "uart:1a86:7523?port=1-1.3",
		"usblp:04b8:0202", "tcp:[fd00::60]:9100", "usb:0400:c35a?framing=pair&serial=A", "hid:/dev/hidraw0", "hid:10c4:0007?x=%zz",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, rest, err := Parse(s)
		if err != nil {
			return
		}
		if (a.Path == "") == (a.ID == "") || !strings.HasPrefix(s, a.Scheme+":") {
			t.Errorf("%q: %+v", s, a)
		}
		if a.ID == "" && a.Port+a.Serial != "" || a.Scheme != UART && (a.Baud != 0 || a.Flow != "") {
			t.Errorf("%q: %+v", s, a)
		}
		for _, key := range []string{"serial", "baud", "flow"} {
			if a.Scheme == UART && rest.Has(key) {
				t.Errorf("%q: %s is left", s, key)
			}
		}
		if _, err := a.Line(); err != nil {
			t.Errorf("%q: %+v: %v", s, a, err)
		}
	})
}
