package uart_test

import (
	"strings"
	"testing"

	puart "periph.io/x/conn/v3/uart"

	"jobhome/drivers/uart"
)

func TestParseURL(t *testing.T) {
	def := uart.Opts{Baud: 115200, Flow: puart.NoFlow, Parity: puart.NoParity, Stop: puart.One, Bits: 8}
	with := func(f func(*uart.Opts)) uart.Opts { o := def; f(&o); return o }
	for _, c := range []struct {
		url, path, rest string
		o               uart.Opts
	}{
		{"uart:/dev/ttyUSB0", "/dev/ttyUSB0", "", def},
		{"uart:///dev/ttyUSB0", "/dev/ttyUSB0", "", def},
		{"uart:/dev/ttyS1?baud=9600&flow=rtscts", "/dev/ttyS1", "", with(func(o *uart.Opts) { o.Baud, o.Flow = 9600, puart.RTSCTS })},
		{"uart:/dev/ttyS1?flow=xonxoff", "/dev/ttyS1", "", with(func(o *uart.Opts) { o.Flow = puart.MakeXOnXOffFlow(0x11, 0x13) })},
		{"uart:/dev/ttyS1?parity=e&bits=7&stop=2&flow=none", "/dev/ttyS1", "", with(func(o *uart.Opts) { o.Parity, o.Bits, o.Stop = puart.Even, 7, puart.Two })},
		{"uart:/dev/ttyUSB0?baud=19200&profile=generic80&paper=58", "/dev/ttyUSB0", "paper=58&profile=generic80", with(func(o *uart.Opts) { o.Baud = 19200 })},
		{"uart:/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0", "/dev/serial/by-path/pci-0000:00:14.0-usb-0:2:1.0-port0", "", def},
	} {
		path, o, rest, err := uart.ParseURL(c.url)
		if err != nil || path != c.path || o != c.o || rest.Encode() != c.rest {
			t.Errorf("ParseURL(%q) = %q, %+v, %q, %v", c.url, path, o, rest.Encode(), err)
		}
	}
}

func TestParseURLErrorsNameWhatIsWrong(t *testing.T) {
	for url, want := range map[string]string{
		"":                                  "want uart:/dev/",
		"/dev/ttyUSB0":                      "want uart:/dev/",
		"tcp:10.0.0.1:9100":                 "want uart:/dev/",
		"uart:":                             "whole path",
		"uart:/":                            "whole path",
		"uart:ttyUSB0":                      "whole path",
		"uart://dev/ttyUSB0":                "one slash",
		"uart:/dev/ttyUSB0#x":               "#",
		"uart:/dev/ttyUSB0?baud=fast":       `baud="fast"`,
		"uart:/dev/ttyUSB0?baud=":           `baud=""`,
		"uart:/dev/ttyUSB0?baud=-1":         `baud="-1"`,
		"uart:/dev/ttyUSB0?baud=12":         "12 baud",
		"uart:/dev/ttyUSB0?baud=1&baud=2":   "2 times",
		"uart:/dev/ttyUSB0?flow=hw":         "none, rtscts or xonxoff",
		"uart:/dev/ttyUSB0?flow=dsrdtr":     "DTR to CTS",
		"uart:/dev/ttyUSB0?parity=even":     "N, O, E, M or S",
		"uart:/dev/ttyUSB0?stop=3":          "stop=3",
		"uart:/dev/ttyUSB0?stop=300":        "stop=300",
		"uart:/dev/ttyUSB0?bits=9":          "9 data bits",
		"uart:/dev/ttyUSB0?baud=%zz":        "escape",
		"uart:/dev/tty%zz":                  "escape",
		"uart:/dev/ttyUSB0?baud=1;flow=xon": "semicolon",
	} {
		if _, _, _, err := uart.ParseURL(url); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseURL(%q) = %v, want an error with %q", url, err, want)
		}
	}
}
