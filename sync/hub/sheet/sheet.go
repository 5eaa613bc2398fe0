// Package sheet makes the profile that a new terminal is set up with
// (kiosk/profile): what the hub knows of the site and of itself, a fresh enrolment
// code, and what somebody wished for the terminal. Whoever shows or prints it is
// elsewhere. Nothing of it is stored: the passphrase and the code are on the sheet
// alone.
package sheet

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strconv"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/config"
	"jobhome/kiosk/profile"
	"jobhome/kiosk/staff"
	"jobhome/sync/hub/fleet"
)

// Hub is what a terminal has to be told of the hub.
type Hub struct {
	URL   string // for terminals
	Feed  string // where the boards come from; "" by stick only
	Pages string // what residents open from a slip
	Phone string // of the office, for a site that has none of its own
	Root  profile.Root
}

// Wishes is what somebody chose for a terminal. All are texts as they were typed.
type Wishes struct {
	Reader, Printer, Scanner string // addresses of devices; "" for none
	Panel                    bool   // lamp, sensors and key are wired as in Wiring
	Rotation                 string // of the picture, clockwise: "", 0, 90, 180 or 270
	SSID, Passphrase         string
	Hidden                   bool
	Address, Gateway, DNS    string // on the wire; "" for DHCP
	PIN                      string // of the staff page, digits; "" keeps it shut
	DayMB                    string // the most that the feed may take a day; "" for no limit
}

// Preset is a device that many terminals have.
type Preset struct {
	Name    string // as it stands on the device
	Address string
}

// Readers, Printers and Scanners list what is offered for choosing.
func Readers() []Preset {
	return []Preset{
		{"USB 0400:c35a", "usb:0400:c35a"},
		{"HID 10c4:0007", "hid:10c4:0007"},
		{"USB-UART CH340", "uart:1a86:7523?baud=115200"},
		{"USB-UART CP2102", "uart:10c4:ea60?baud=115200"},
	}
}

// Printers: see Readers.
func Printers() []Preset {
	return []Preset{
		{"USB, auto", "usblp:/dev/usb/lp0?profile=auto"},
		{"USB, 80 mm", "usblp:/dev/usb/lp0?profile=generic80"},
		{"USB, 58 mm", "usblp:/dev/usb/lp0?profile=generic58"},
		{"Epson TM (USB 04b8:0202)", "usblp:04b8:0202?profile=epson-tm"},
	}
}

// Scanners: see Readers.
func Scanners() []Preset {
	return []Preset{
		{"USB-CDC", "uart:/dev/ttyACM0?baud=9600"},
		{"USB-UART CH340", "uart:1a86:7523?baud=9600"},
	}
}

// Wiring is how the header of a terminal is wired that is built as in the manual.
func Wiring() config.Panel {
	return config.Panel{
		Presence: "GPIO17", Lamp: "GPIO27", Buzzer: "GPIO22", ServiceKey: "!GPIO23:up", Door: "!GPIO24:up", ReaderPower: "!GPIO26",
	}
}

// Wrong tells which wish, or which part of the site, no profile can have.
type Wrong struct {
	Key string // as in the profile's file: wifi.ssid, site.staff_phone
	err error
}

// Error tells what is wrong in the profile's own words.
func (w *Wrong) Error() string { return w.err.Error() }

// Make makes the profile. Its error is a *Wrong.
func Make(h Hub, s fleet.Site, c fleet.Code, w Wishes) (*profile.Profile, error) {
	p := &profile.Profile{ID: c.Terminal, Root: h.Root, Code: c.Code, Pin: c.Pin}
	usual, err := usually(s, h)
	if err != nil {
		return nil, err
	}
	p.Wanted = usual
	if err := errors.Join(w.devices(&p.Wanted), w.network(&p.Machine), w.service(&p.Wanted)); err != nil {
		return nil, err
	}
	var b bytes.Buffer // strictly read, as the terminal will
	if err := p.Write(&b); err != nil {
		return nil, wrong("", err)
	}
	same, err := profile.Parse("site.txt", b.Bytes())
	if err != nil {
		return nil, wrong("", err)
	}
	return &same, nil
}

// Check returns what is wrong with wishes, or with the site for a sheet, before a
// code is given out for it.
func Check(h Hub, s fleet.Site, w Wishes) error {
	_, err := Make(h, s, fleet.Code{Terminal: "x", Code: "0000-0000-0000", Pin: strings.Repeat("A", 43) + "="}, w)
	return err
}

var keyName = regexp.MustCompile(`\b[a-z]+\.[a-z_]+\b`)

// wrong names the key that an error is about, if the caller does not know it.
func wrong(key string, err error) *Wrong {
	if key == "" {
		text := strings.TrimPrefix(strings.ReplaceAll(err.Error(), "site.txt", ""), "profile: ")
		key = keyName.FindString(text)
	}
	return &Wrong{Key: key, err: err}
}

// usually are the settings of a terminal at the site that wishes for nothing.
func usually(s fleet.Site, h Hub) (config.Settings, error) {
	name := s.Name
	site := kiosk.Site{
		ID: s.ID, Name: name, Tier: s.Tier, Area: s.Area, Location: s.Location,
		StaffPhone: cmp.Or(s.Phone, h.Phone), BaseURL: h.Pages,
	}
	all := config.Demo(site)
	all.Devices = config.Devices{Reader: none, Printer: none, Scanner: none, Badge: none}
	all.Service.PIN = ""
	all.Hub = config.Hub{URL: h.URL, Feed: h.Feed, Board: s.Board}
	if s.Board == "" {
		return all, wrong("hub.board", errors.New("the site shows no board"))
	}
	return all, nil
}

var none = config.Device{Scheme: config.None}

func (w Wishes) devices(s *config.Settings) error {
	for _, d := range []struct {
		key, address string
		to           *config.Device
	}{
		{"devices.reader", w.Reader, &s.Devices.Reader},
		{"devices.printer", w.Printer, &s.Devices.Printer},
		{"devices.scanner", w.Scanner, &s.Devices.Scanner},
	} {
		if d.address == "" {
			continue
		}
		var err error
		if *d.to, err = config.ParseDevice(d.address); err != nil {
			return wrong(d.key, err)
		}
	}
	if w.Panel {
		s.Panel = Wiring()
	}
	return nil
}

func (w Wishes) network(m *profile.Machine) error {
	m.WiFi = profile.WiFi{SSID: w.SSID, Passphrase: w.Passphrase, Hidden: w.Hidden}
	var err error
	if w.Rotation != "" {
		if m.Rotation, err = strconv.Atoi(w.Rotation); err != nil {
			return wrong("screen.rotation", err)
		}
	}
	if w.Address != "" {
		if m.Address, err = netip.ParsePrefix(w.Address); err != nil {
			return wrong("network.address", err)
		}
	}
	if w.Gateway != "" {
		if m.Gateway, err = netip.ParseAddr(w.Gateway); err != nil {
			return wrong("network.gateway", err)
		}
	}
	for _, text := range strings.Fields(w.DNS) {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return wrong("network.dns", err)
		}
		m.DNS = append(m.DNS, a)
	}
	return nil
}

func (w Wishes) service(s *config.Settings) error {
	if w.DayMB != "" {
		n, err := strconv.Atoi(w.DayMB)
		if err != nil {
			return wrong("hub.day_mb", fmt.Errorf("%.20q is no number", w.DayMB))
		}
		s.Hub.DayMB = n
	}
	if w.PIN == "" {
		return nil
	}
	pin, err := staff.HashPIN(w.PIN, rand.Reader, s.Site.StaffPhone)
	if err != nil {
		return wrong("service.pin", err)
	}
	s.Service.PIN = pin.String()
	return nil
}
