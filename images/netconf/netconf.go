// Package netconf renders what a site's profile says of the computer as the files
// that the system reads: systemd.network(5), timesyncd.conf(5), wpa_supplicant.conf(5)
// and udev(7). It is pure: whoever writes the files is elsewhere.
//
// The value comes from an unprivileged program. Addresses are values and cannot
// hold a line of their own; the network's name is written as hex digits; what else
// is text is held here once more to characters that mean nothing to a reader of
// these files, whatever was checked before.
package netconf

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"strings"

	"jobhome/kiosk/profile"
)

// File is one file to be written.
type File struct {
	Path string // below /run
	Mode fs.FileMode
	Text string
}

// The files, below /run. Those of them that Render does not give must not be there.
const (
	Modem      = "systemd/network/10-jobhome-modem.network"
	Wire       = "systemd/network/20-jobhome-wire.network"
	Wireless   = "systemd/network/30-jobhome-wifi.network"
	Time       = "systemd/timesyncd.conf.d/jobhome.conf"
	Supplicant = "wpa_supplicant/jobhome.conf"
	Touch      = "udev/rules.d/90-jobhome-touch.rules"
	Screen     = "jobhome/screen.env"
)

// Paths lists all files that there may be.
func Paths() []string {
	return []string{Modem, Wire, Wireless, Time, Supplicant, Touch, Screen}
}

// ErrUnsafe tells that a value has a character that no file may get.
var ErrUnsafe = errors.New("has a character that a file of the system must not get")

// Render renders the machine.
func Render(m profile.Machine) ([]File, error) {
	wifi, err := supplicant(m.WiFi)
	if err != nil {
		return nil, fmt.Errorf("netconf: Wi-Fi: %w", err)
	}
	clock, err := timesync(m.NTP)
	if err != nil {
		return nil, fmt.Errorf("netconf: time servers: %w", err)
	}
	screen, err := screenEnv(m)
	if err != nil {
		return nil, fmt.Errorf("netconf: screen: %w", err)
	}
	files := []File{
		{Modem, 0o644, network("Type=ether\nPath=*-usb-*", dynamic(300))},
		{Wire, 0o644, network("Type=ether", wired(m))},
	}
	if wifi != "" {
		files = append(files, File{Wireless, 0o644, network("Type=wlan", dynamic(200)+servers(m.DNS))}, File{Supplicant, 0o600, wifi})
	}
	if clock != "" {
		files = append(files, File{Time, 0o644, clock})
	}
	if m.Rotation != 0 {
		files = append(files, File{Touch, 0o644, touch(m.Rotation)})
	}
	return append(files, File{Screen, 0o644, screen}), nil
}

const said = "# Written at every start from the site's profile; changes are lost.\n"

func network(match, rest string) string { return said + "[Match]\n" + match + "\n\n" + rest }

// metrics put the wire before the Wi-Fi, and both before a modem that costs money.
const wireMetric = 100

func wired(m profile.Machine) string {
	if !m.Address.IsValid() {
		return dynamic(wireMetric) + servers(m.DNS)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "[Network]\nAddress=%s\nLinkLocalAddressing=ipv6\nMulticastDNS=no\nLLMNR=no\n", m.Address)
	b.WriteString(servers(m.DNS))
	if m.Gateway.IsValid() {
		fmt.Fprintf(&b, "\n[Route]\nGateway=%s\nMetric=%d\n", m.Gateway, wireMetric)
	}
	return b.String()
}

// dynamic is a network by DHCP. Its last section is Network, so that servers may
// follow.
func dynamic(metric int) string {
	return fmt.Sprintf("[Link]\nRequiredForOnline=no\n\n[DHCPv4]\nRouteMetric=%d\nUseHostname=no\nSendHostname=no\n\n"+
		"[IPv6AcceptRA]\nRouteMetric=%d\n\n[Network]\nDHCP=yes\nMulticastDNS=no\nLLMNR=no\n", metric, metric)
}

func servers(dns []netip.Addr) string {
	var b strings.Builder
	for _, a := range dns {
		fmt.Fprintf(&b, "DNS=%s\n", a.WithZone(""))
	}
	return b.String()
}

func timesync(servers []string) (string, error) {
	for _, s := range servers {
		if s == "" || strings.Trim(s, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:-") != "" {
			return "", ErrUnsafe
		}
	}
	if len(servers) == 0 {
		return "", nil
	}
	return said + "[Time]\nNTP=" + strings.Join(servers, " ") + "\n", nil
}

// supplicant is the configuration of wpa_supplicant; "" without a network. A
// passphrase stands in quotes, within which its reader takes everything up to the
// line's last quote; 64 hex digits are the key itself.
//
// A network that offers both WPA2 and WPA3 is entered by WPA2, which every radio
// knows; one that offers WPA3 alone by the second block.
func supplicant(w profile.WiFi) (string, error) {
	if w.SSID == "" {
		return "", nil
	}
	if len(w.SSID) > 32 || len(w.Country) != 2 || strings.Trim(w.Country, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", ErrUnsafe
	}
	name := "\tssid=" + hex.EncodeToString([]byte(w.SSID)) + "\n"
	if w.Hidden {
		name += "\tscan_ssid=1\n"
	}
	block := func(lines string) string { return "\nnetwork={\n" + name + lines + "}\n" }
	b := said + "country=" + w.Country + "\nupdate_config=0\n"
	_, err := hex.DecodeString(w.Passphrase)
	switch {
	case w.Passphrase == "":
		return b + block("\tkey_mgmt=NONE\n"), nil
	case len(w.Passphrase) == 64 && err == nil:
		return b + block("\tkey_mgmt=WPA-PSK\n\tpsk="+w.Passphrase+"\n"), nil
	case len(w.Passphrase) < 8 || len(w.Passphrase) > 63 || strings.ContainsFunc(w.Passphrase, func(r rune) bool { return r < ' ' || r > '~' }):
		return "", ErrUnsafe
	}
	key := `"` + w.Passphrase + "\"\n"
	return b + block("\tpriority=2\n\tkey_mgmt=WPA-PSK WPA-PSK-SHA256\n\tieee80211w=1\n\tpsk="+key) +
		block("\tpriority=1\n\tkey_mgmt=SAE\n\tieee80211w=2\n\tsae_password="+key), nil
}

// matrices turn what a touch panel says into the picture that is turned clockwise
// on it: the first two lines of the matrix of libinput's
// LIBINPUT_CALIBRATION_MATRIX, on coordinates from 0 to 1.
var matrices = map[int]string{
	90:  "0 1 0 -1 0 1",
	180: "-1 0 1 0 -1 1",
	270: "0 -1 1 1 0 0",
}

func touch(rotation int) string {
	return said + `ACTION!="remove", SUBSYSTEM=="input", KERNEL=="event*", ENV{ID_INPUT_TOUCHSCREEN}=="1", ` +
		`ENV{LIBINPUT_CALIBRATION_MATRIX}="` + matrices[rotation] + "\"\n"
}

// screenEnv is an EnvironmentFile of systemd.exec(5): how far the picture is
// turned clockwise, the same as wlr-randr's --transform has it, which counts the
// other way round (wl_output.transform), and the time zone.
func screenEnv(m profile.Machine) (string, error) {
	turned, ok := map[int]string{0: "normal", 90: "270", 180: "180", 270: "90"}[m.Rotation]
	if !ok || strings.Trim(m.Zone, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_+-/") != "" || strings.HasPrefix(m.Zone, "/") {
		return "", ErrUnsafe
	}
	env := fmt.Sprintf("JOBHOME_ROTATION=%d\nJOBHOME_TRANSFORM=%s\n", m.Rotation, turned)
	if m.Zone != "" {
		env += "TZ=" + m.Zone + "\n"
	}
	return env, nil
}
