package sheet

import (
	"errors"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/config"
	"jobhome/kiosk/profile"
	"jobhome/sync/hub/fleet"
)

var (
	hub = Hub{
		URL: "https://hub.example.cn:8443", Feed: "https://jobs.example.cn/feed", Pages: "https://jobs.example.cn",
		Phone: "0792-5550000", Root: profile.Root{N: 1, Sum: [32]byte{1, 2, 3}},
	}
	site = fleet.Site{ID: "chashan", Name: "茶山街道就业之家", Tier: kiosk.TierTown, Area: "360482001", Board: "360482"}
	code = fleet.Code{Code: "7K3M-9WXH-4FAB", Terminal: "chashan-1", Pin: strings.Repeat("A", 43) + "="}
)

func full() Wishes {
	return Wishes{
		Reader: Readers()[0].Address, Printer: Printers()[0].Address, Scanner: Scanners()[0].Address, Panel: true, Rotation: "90",
		SSID: "茶山", Passphrase: "secret-passphrase", Hidden: true, Address: "192.168.1.20/24", Gateway: "192.168.1.1", DNS: "223.5.5.5 114.114.114.114",
		PIN: "270513", DayMB: "50",
	}
}

func TestMake(t *testing.T) {
	p, err := Make(hub, site, code, full())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Text(); err != nil {
		t.Error(err)
	}
	w := p.Wanted
	if w.Site.StaffPhone != hub.Phone || w.Hub.Board != "360482" || w.Hub.DayMB != 50 || w.Devices.Reader.ID != "0400:c35a" ||
		w.Panel.ServiceKey == "" || w.Service.PIN == "" || p.Machine.Rotation != 90 || len(p.Machine.DNS) != 2 || !p.Machine.WiFi.Hidden {
		t.Errorf("%+v", p)
	}
	plain, err := Make(hub, site, code, Wishes{})
	if err != nil || plain.Wanted.Devices.Printer.Scheme != config.None || plain.Wanted.Service.PIN != "" || plain.Wanted.Panel != (config.Panel{}) {
		t.Errorf("%v %+v", err, plain)
	}
}

// Every preset is a device that the settings take.
func TestPresets(t *testing.T) {
	for _, list := range [][]Preset{Readers(), Printers(), Scanners()} {
		for _, pre := range list {
			if _, err := config.ParseDevice(pre.Address); err != nil || pre.Name == "" {
				t.Errorf("%+v: %v", pre, err)
			}
		}
	}
}

// What cannot be is refused by the key that it is, before a code is given out, and
// without telling a secret.
func TestCheck(t *testing.T) {
	if err := Check(hub, site, full()); err != nil {
		t.Error(err)
	}
	for key, change := range map[string]func(*Wishes, *fleet.Site){
		"wifi.ssid":        func(w *Wishes, _ *fleet.Site) { w.SSID = strings.Repeat("茶", 11) },
		"wifi.passphrase":  func(w *Wishes, _ *fleet.Site) { w.Passphrase = "secret" },
		"network.address":  func(w *Wishes, _ *fleet.Site) { w.Address = "192.168.1.20" },
		"network.gateway":  func(w *Wishes, _ *fleet.Site) { w.Gateway = "10.0.0.1" },
		"network.dns":      func(w *Wishes, _ *fleet.Site) { w.DNS = "dns.example.cn" },
		"screen.rotation":  func(w *Wishes, _ *fleet.Site) { w.Rotation = "45" },
		"service.pin":      func(w *Wishes, _ *fleet.Site) { w.PIN = "123456" },
		"hub.day_mb":       func(w *Wishes, _ *fleet.Site) { w.DayMB = "many" },
		"devices.reader":   func(w *Wishes, _ *fleet.Site) { w.Reader = "tcp:" },
		"devices.printer":  func(w *Wishes, _ *fleet.Site) { w.Printer = "hid:10c4:0007" },
		"site.staff_phone": func(_ *Wishes, s *fleet.Site) { s.Phone = "ask at the desk" },
		"site.name":        func(_ *Wishes, s *fleet.Site) { s.Name = strings.Repeat("名", 31) },
		"hub.board":        func(_ *Wishes, s *fleet.Site) { s.Board = "" },
	} {
		w, s := full(), site
		change(&w, &s)
		err := Check(hub, s, w)
		var got *Wrong
		if !errors.As(err, &got) || got.Key != key || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "123456") {
			t.Errorf("%s: %v", key, err)
		}
	}
}
