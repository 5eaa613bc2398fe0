package commission

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"jobhome/drivers/usb"
	"jobhome/kiosk/config"
	"jobhome/kiosk/durable"
	"jobhome/kiosk/profile"
	"jobhome/sync/enrol"
)

// Typed is what somebody typed in place of a profile: the rest is asked of the hub.
type Typed struct {
	WiFi profile.WiFi // without an SSID: by wire
	Host string       // of the hub, with its port
	Code string
	Seal string // see enrol.Seal
}

// ErrNoProfile tells that the hub enrolled the terminal and said nothing of its
// site: it is older than this program, or its settings do not fit a terminal.
var ErrNoProfile = errors.New("the hub says nothing of the site")

// How long the network may take to come up after it was typed.
const (
	composeTime = 90 * time.Second
	composeStep = 3 * time.Second
)

// Compose brings the typed network up, spends the invitation, and makes a profile
// of what the hub says. The terminal is then enrolled, which harms nothing if
// nobody takes the profile: the same code is good again for this machine. The error
// is the hub's last, and wraps enrol.ErrPin or satisfies [Refused].
func (pl Place) Compose(ctx context.Context, t Typed, dir string) (*profile.Profile, error) {
	m := profile.Machine{WiFi: t.WiFi}
	m.WiFi.Country = "CN"
	var network bytes.Buffer
	if err := m.Write(&network); err != nil {
		return nil, fmt.Errorf("commission: %w", err)
	}
	m, err := profile.ParseMachine(networkFile, network.Bytes())
	if err != nil {
		return nil, err
	}
	if err := durable.Replace(pl.path(networkFile), network.Bytes()); err != nil {
		return nil, fmt.Errorf("commission: %w", err)
	}
	id, err := patiently(ctx, dir, enrol.Invitation{Hub: "https://" + t.Host, Code: t.Code, Pin: t.Seal})
	if err != nil {
		return nil, fmt.Errorf("commission: %w", err)
	}
	p, err := profile.Parse("hub", []byte(id.Profile()))
	if err != nil {
		return nil, fmt.Errorf("commission: %w: %w", ErrNoProfile, err)
	}
	p.Machine, p.Code, p.Pin = m, "", ""
	p.Wanted.Hub.URL = "https://" + t.Host
	p.Wanted.Devices = plugged(usb.Host{})
	return &p, nil
}

// patiently asks until the hub has answered, or for as long as a network may take.
func patiently(ctx context.Context, dir string, inv enrol.Invitation) (*enrol.Identity, error) {
	ctx, stop := context.WithTimeout(ctx, composeTime)
	defer stop()
	for {
		id, err := enrol.Enrol(ctx, dir, inv, time.Now)
		if err == nil || Refused(err) || errors.Is(err, enrol.ErrPin) || errors.Is(err, enrol.ErrAnswer) {
			return id, err
		}
		select {
		case <-time.After(composeStep):
		case <-ctx.Done():
			return nil, err
		}
	}
}

// plugged are the devices that can be told by what is plugged in: makes that are
// only one thing. A printer's port is one too.
func plugged(h usb.Host) config.Devices {
	none := config.Device{Scheme: config.None}
	d := config.Devices{Reader: none, Printer: none, Scanner: none, Badge: none}
	for _, address := range []string{"usb:0400:c35a", "hid:10c4:0007"} {
		if a, err := config.ParseDevice(address); err == nil && !d.Reader.Fitted() {
			all, _ := h.All()
			if slices.ContainsFunc(all, func(have usb.Device) bool { return strings.EqualFold(have.ID.String(), a.ID) }) {
				d.Reader = a
			}
		}
	}
	dev := h.Dev
	if dev == "" {
		dev = "/dev"
	}
	for node, set := range map[string]func(config.Device){
		"usb/lp0": func(a config.Device) { d.Printer = a }, "ttyACM0": func(a config.Device) { d.Scanner = a },
	} {
		address := map[string]string{"usb/lp0": "usblp:/dev/usb/lp0?profile=auto", "ttyACM0": "uart:/dev/ttyACM0?baud=9600"}[node]
		if _, err := os.Stat(filepath.Join(dev, node)); err != nil {
			continue
		}
		if a, err := config.ParseDevice(address); err == nil {
			set(a)
		}
	}
	return d
}
