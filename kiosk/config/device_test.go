package config

import (
	"math"
	"strings"
	"testing"
)

func TestParseDevice(t *testing.T) {
	for _, tt := range []struct {
		in   string
		want Device
	}{
		{"none", Device{Scheme: None}},
		{"sim:", Device{Scheme: Sim}},
		{"sim:?profile=generic58", Device{Scheme: Sim, Profile: "generic58"}},
		{"uart:/dev/ttyUSB0", Device{Scheme: UART, Path: "/dev/ttyUSB0", Baud: 115200}},
		{"uart:/dev/pts/3?profile=epson-tm&baud=19200", Device{UART, "/dev/pts/3", 19200, "epson-tm"}},
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
		"":                          "is none of uart:PATH, sim: and none",
		"sim":                       "is none of",
		"usb:/dev/x":                "is none of",
		"none:":                     "is none of",
		"sim:/dev/x":                "names a path",
		"uart:ttyUSB0":              "absolute path",
		"uart:":                     "absolute path",
		"uart:/dev/x?baud=115201":   `has the baud rate "115201", which is none of 1200 2400`,
		"uart:/dev/x?baud=":         "has the baud rate",
		"uart:/dev/x?baud=1&baud=2": `gives the option "baud" 2 times`,
		"uart:/dev/x?parity=even":   `has the option "parity", which uart: does not know`,
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
		if got := Contrast(tt.c, white); math.Abs(got-tt.want) > 0.005 {
			t.Errorf("%s on white: %.3f, want %.2f", tt.c, got, tt.want)
		}
		if Contrast(tt.c, white) != Contrast(white, tt.c) {
			t.Errorf("%s: the order of the colours matters", tt.c)
		}
	}
}

func TestParseColour(t *testing.T) {
	if c, err := ParseColour("#0b5cAD"); err != nil || c != (Colour{0x0B, 0x5C, 0xAD}) || c.String() != "#0B5CAD" {
		t.Errorf("%v, %v", c, err)
	}
	for _, in := range []string{"", "#", "0b5cad", "#0b5ca", "#0b5cadd", "#gggggg", "#+b5cad", "#0_5cad", "#红色"} {
		if c, err := ParseColour(in); err == nil {
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
