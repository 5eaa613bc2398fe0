package config

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestParseDevice(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Device
	}{
		{"none", Device{Scheme: None}},
		{"sim:", Device{Scheme: Sim}},
		{"sim:?profile=generic58", Device{Scheme: Sim, Profile: "generic58"}},
		{"uart:/dev/ttyUSB0", Device{Scheme: UART, Path: "/dev/ttyUSB0"}},
		{"uart:/dev/pts/3?profile=epson-tm&baud=19200", Device{Scheme: UART, Path: "/dev/pts/3", Baud: 19200, Profile: "epson-tm"}},
		{"uart:1A86:7523?flow=rtscts", Device{Scheme: UART, ID: "1a86:7523", Flow: "rtscts"}},
		{"usblp:/dev/usb/lp0?profile=auto", Device{Scheme: USBLP, Path: "/dev/usb/lp0", Profile: "auto"}},
		{"usblp:04b8:0202", Device{Scheme: USBLP, ID: "04b8:0202"}},
		{"tcp:192.168.1.60?profile=xprinter", Device{Scheme: TCP, Path: "192.168.1.60:9100", Profile: "xprinter"}},
		{"tcp:[fe80::1]:9101", Device{Scheme: TCP, Path: "[fe80::1]:9101"}},
		{"usb:0400:C35A?framing=pair", Device{Scheme: USB, ID: "0400:c35a", Framing: "pair"}},
		{"uart:1a86:7523?port=1-1.3", Device{Scheme: UART, ID: "1a86:7523", Port: "1-1.3"}},
		{"hid:10c4:0007", Device{Scheme: HID, ID: "10c4:0007"}},
		{"hid:/dev/hidraw0", Device{Scheme: HID, Path: "/dev/hidraw0"}},
		{"i2c:1", Device{Scheme: I2C, Path: "1"}},
	} {
		got, err := ParseDevice(tt.in)
		if err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v; want %+v", tt.in, got, err, tt.want)
		}
		if again, err := ParseDevice(got.String()); err != nil || again != got {
			t.Errorf("%s is written as %s, which is read as %+v, %v", tt.in, got, again, err)
		}
	}
}

func TestParseDeviceErrors(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "is none of uart:PATH, usblp:PATH, tcp:HOST,",
		"sim":                       "is none of",
		"usb:/dev/x":                "by its USB id",
		"usb:0400":                  "by its USB id",
		"usblp:lp0":                 "absolute path",
		"tcp:":                      "a host and port",
		"tcp:printer:0":             "a host and port",
		"tcp:1:2:3":                 "a host and port",
		"i2c:/dev/i2c-1":            "does not name a bus",
		"uart:/dev/x?flow=xonxoff":  "none of none and rtscts",
		"usblp:/dev/x?baud=9600":    "which usblp: does not know",
		"uart:/dev/x?port=1-1":      `has the option "port", which uart: does not know`,
		"uart:1a86:7523?port=x":     "not of the form 1-1.3",
		"usb:0400:c35a?framing=x":   "none of split and pair",
		"none:":                     "is none of",
		"sim:/dev/x":                "names a path",
		"uart:ttyUSB0":              "absolute path",
		"uart:":                     "absolute path",
		"uart:/dev/x?baud=115201":   `has the baud rate "115201", which is none of 1200 2400`,
		"uart:/dev/x?baud=":         "has the baud rate",
		"uart:/dev/x?baud=1&baud=2": `gives the option "baud" 2 times`,
		"uart:/dev/x?parity=even":   `has the option "parity", which a device does not have`,
		"sim:?baud=9600":            `has the option "baud", which sim: does not know`,
		"sim:?profile=A":            "is not made of a-z",
		"sim:?%zz":                  "has options that are not of the form",
	} {
		if d, err := ParseDevice(in); err == nil || !strings.Contains(err.Error(), want) || d != (Device{}) {
			t.Errorf("%q: %+v, %v; want %s", in, d, err, want)
		}
	}
}

func TestPrinterWithoutProfileGetsThePlainOne(t *testing.T) {
	if d, err := parsePrinter("sim:"); err != nil || d.Profile != "generic80" {
		t.Errorf("%+v, %v", d, err)
	}
	if d, err := parsePrinter("none"); err != nil || d.Profile != "" {
		t.Errorf("%+v, %v", d, err)
	}
}

// The known values are those of WCAG 2.2's own definition: black on white is
// 21:1, a colour on itself 1:1, and #767676 the lightest grey that reaches
// 4.5:1 on white.
func TestContrast(t *testing.T) {
	white := Colour{255, 255, 255}
	for _, tt := range []struct {
		c    Colour
		want float64
	}{
		{Colour{}, 21},
		{white, 1},
		{Colour{0x76, 0x76, 0x76}, 4.54},
		{Colour{0x77, 0x77, 0x77}, 4.48},
		{Colour{255, 0, 0}, 4.00},
		{Colour{0, 0, 255}, 8.59},
	} {
		if got := contrast(tt.c, white); math.Abs(got-tt.want) > 0.005 {
			t.Errorf("%s on white: %.3f, want %.2f", tt.c, got, tt.want)
		}
		if contrast(tt.c, white) != contrast(white, tt.c) {
			t.Errorf("%s: the order of the colours matters", tt.c)
		}
	}
}

func TestParseColour(t *testing.T) {
	if c, err := parseColour("#0b5cAD"); err != nil || c != (Colour{0x0B, 0x5C, 0xAD}) || c.String() != "#0B5CAD" {
		t.Errorf("%v, %v", c, err)
	}
	for _, in := range []string{"", "#", "0b5cad", "#0b5ca", "#0b5cadd", "#gggggg", "#+b5cad", "#0_5cad", "#红色"} {
		if c, err := parseColour(in); err == nil {
			t.Errorf("%q is read as %s", in, c)
		}
	}
}

func TestDefaultThemeCanBeRead(t *testing.T) {
	for _, p := range defaultTheme().contrasts() {
		if err := p.check(); err != nil {
			t.Errorf("%s: %v", p.front, err)
		}
	}
}

// Each kind of device takes what can lead to one, and nothing else.
func TestKinds(t *testing.T) {
	for _, tt := range []struct {
		k    kind
		in   string
		want string // "" for no error
	}{
		{readerKind, "usb:0400:c35a", ""},
		{readerKind, "uart:/dev/x?profile=generic80", "a reader does not have"},
		{readerKind, "tcp:10.0.0.1", "is none of uart:PATH, usb:VENDOR:PRODUCT, hid:VENDOR:PRODUCT, sim: and none"},
		{printerKind, "hid:10c4:0007", "is none of"},
		{scannerKind, "uart:/dev/x?baud=9600", ""},
		{scannerKind, "i2c:1", "is none of uart:PATH, sim: and none"},
		{badgeKind, "i2c:1", ""},
		{badgeKind, "usblp:/dev/usb/lp0", "is none of"},
		{badgeKind, "sim:", "is none of uart:PATH, i2c:BUS and none"},
	} {
		_, err := tt.k.parse(tt.in)
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s %s: %v, want %q", tt.k.name, tt.in, err, tt.want)
		}
	}
}

// The speed that is not given is that of the kind of device, and of a printer
// its profile's.
func TestBaudOfEachKind(t *testing.T) {
	for k, want := range map[*kind]int{&readerKind: 115200, &printerKind: 0, &scannerKind: 9600, &badgeKind: 115200} {
		if d, err := k.parse("uart:/dev/ttyUSB0"); err != nil || d.Baud != want {
			t.Errorf("%s: %d baud, %v", k.name, d.Baud, err)
		}
		if d, err := k.parse("uart:/dev/ttyUSB0?baud=4800"); err != nil || d.Baud != 4800 {
			t.Errorf("%s: %d baud, %v", k.name, d.Baud, err)
		}
	}
}

func TestServiceValues(t *testing.T) {
	for in, want := range map[string]time.Duration{"08:30": 8*time.Hour + 30*time.Minute, "00:00": 0, "23:59": 23*time.Hour + 59*time.Minute, "never": -1} {
		if d, err := parseClock(in); err != nil || d != want || writeClock(d) != in {
			t.Errorf("%s: %v, %v, written %s", in, d, err, writeClock(d))
		}
	}
	for _, in := range []string{"", "8:30", "24:00", "08:30:00", "08.30"} {
		if d, err := parseClock(in); err == nil {
			t.Errorf("%s is read as %v", in, d)
		}
	}
	for in, ok := range map[string]bool{"": true, "GPIO17": true, "!GPIO17:up": true, "P1_11:down": true, "GPIO 17": false, "GPIO17:high": false, "!!GPIO1": false} {
		if err := checkPin(in); (err == nil) != ok {
			t.Errorf("pin %q: %v", in, err)
		}
	}
	if checkPIN("123456") == nil || checkPIN("") != nil {
		t.Error("a plain PIN was taken")
	}
	if checkBadges([]string{"王"}) == nil || checkBadges([]string{"王=" + strings.Repeat("0", 64)}) != nil {
		t.Error("badges")
	}
}
