package profile

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"jobhome/kiosk/config"
)

// Machine is what the computer has to be told before the terminal starts. The
// terminal writes it as a file of its own, network.toml, which keeper reads as
// it would a stranger's.
type Machine struct {
	Address  netip.Prefix // of the wired network; the zero value: by DHCP
	Gateway  netip.Addr   // with Address; the zero value: none
	DNS      []netip.Addr // none: as DHCP says
	NTP      []string     // names or addresses of time servers; none: as DHCP says, or the usual
	Zone     string       // of the IANA time zone database
	WiFi     WiFi
	Rotation int // of the picture, clockwise: 0, 90, 180 or 270 degrees
}

// WiFi is a wireless network; without an SSID there is none.
type WiFi struct {
	SSID       string // 1 to 32 bytes (IEEE 802.11), without control characters
	Passphrase string // 8 to 63 ASCII characters, or 64 hex digits; "" for an open network
	Country    string // ISO 3166-1, whose radio rules hold
	Hidden     bool   // the network does not announce its name
}

const (
	usualZone    = "Asia/Shanghai"
	usualCountry = "CN"
	mostServers  = 4
)

// ParseMachine reads what [Machine.Write] wrote. name is only for the errors.
func ParseMachine(name string, data []byte) (Machine, error) {
	text, err := plainText(name, data)
	if err != nil {
		return Machine{}, err
	}
	var raw rawMachine
	form := config.Form{Keys: raw.keys()}
	if err := form.Parse(name, []byte(text)); err != nil {
		return Machine{}, fmt.Errorf("profile: %w", err)
	}
	m, err := raw.machine()
	if err != nil {
		return Machine{}, fmt.Errorf("profile: %s: %w", name, err)
	}
	return m, nil
}

// Write writes the machine as a commented file.
func (m *Machine) Write(w io.Writer) error {
	raw := rawMachineOf(m)
	form := config.Form{Keys: raw.keys(), Head: "The computer's network, time and screen. Written by the terminal."}
	return form.Write(w)
}

// rawMachine is the machine as it stands in the file.
type rawMachine struct {
	address, gateway, dns, ntp, zone string
	ssid, passphrase, country        string
	hidden                           bool
	rotation                         string
}

func rawMachineOf(m *Machine) rawMachine {
	r := rawMachine{
		ntp: strings.Join(m.NTP, " "), zone: m.Zone, rotation: strconv.Itoa(m.Rotation),
		ssid: m.WiFi.SSID, passphrase: m.WiFi.Passphrase, country: m.WiFi.Country, hidden: m.WiFi.Hidden,
	}
	if m.Address.IsValid() {
		r.address = m.Address.String()
	}
	if m.Gateway.IsValid() {
		r.gateway = m.Gateway.String()
	}
	var dns []string
	for _, a := range m.DNS {
		dns = append(dns, a.String())
	}
	r.dns = strings.Join(dns, " ")
	return r
}

func (r *rawMachine) keys() []config.Key {
	for at, usual := range map[*string]string{&r.zone: usualZone, &r.country: usualCountry, &r.rotation: "0"} {
		if *at == "" {
			*at = usual
		}
	}
	return []config.Key{
		{
			Table: "network", Name: "address", Text: &r.address, Check: checkAddress,
			About: "The terminal's address on the wire. Empty: by DHCP.", Allowed: "192.168.1.20/24, or nothing",
		},
		{
			Table: "network", Name: "gateway", Text: &r.gateway, Check: listOf(1, checkAddr),
			About: "The way out, with address.", Allowed: "192.168.1.1, or nothing",
		},
		{
			Table: "network", Name: "dns", Text: &r.dns, Check: listOf(mostServers, checkAddr),
			About: "Name servers. Empty: as DHCP says.", Allowed: "up to 4 addresses with blanks between, or nothing",
		},
		{
			Table: "network", Name: "time_servers", Text: &r.ntp, Check: listOf(mostServers, checkHost),
			About: "Time servers. Empty: as DHCP says, or the usual ones.", Allowed: "up to 4 names or addresses with blanks between, or nothing",
		},
		{
			Table: "network", Name: "timezone", Text: &r.zone, Check: checkZone,
			About: "The time zone.", Allowed: "Asia/Shanghai, Asia/Urumqi and such",
		},
		{
			Table: "wifi", Name: "ssid", Text: &r.ssid, Check: checkSSID,
			About:   "The name of the Wi-Fi. Empty: there is none. A USB modem in Ethernet mode needs nothing here.",
			Allowed: "1 to 32 bytes, a Chinese character being 3, or nothing",
		},
		{
			Table: "wifi", Name: "passphrase", Text: &r.passphrase, Secret: true, Check: checkPassphrase,
			About: "Its passphrase. Empty: an open network.", Allowed: "8 to 63 plain characters, 64 hex digits, or nothing",
		},
		{
			Table: "wifi", Name: "country", Text: &r.country, Check: checkCountry,
			About: "The country whose radio rules hold.", Allowed: "two capital letters",
		},
		{
			Table: "wifi", Name: "hidden", Yes: &r.hidden,
			About: "The network does not announce its name.", Allowed: "true, false",
		},
		{
			Table: "screen", Name: "rotation", Text: &r.rotation, Check: checkRotation,
			About: "How far the picture is turned clockwise, in degrees.", Allowed: `"0", "90", "180", "270"`,
		},
	}
}

// machine makes the value, as far as no key alone is wrong.
func (r *rawMachine) machine() (Machine, error) {
	m := Machine{
		NTP: strings.Fields(r.ntp), Zone: r.zone,
		WiFi: WiFi{SSID: r.ssid, Passphrase: r.passphrase, Country: r.country, Hidden: r.hidden},
	}
	m.Address, _ = netip.ParsePrefix(r.address) // each was checked with its key
	m.Gateway, _ = netip.ParseAddr(r.gateway)
	for _, s := range strings.Fields(r.dns) {
		a, _ := netip.ParseAddr(s)
		m.DNS = append(m.DNS, a)
	}
	m.Rotation, _ = strconv.Atoi(r.rotation)
	if len(m.NTP) == 0 {
		m.NTP = nil
	}
	switch {
	case m.Gateway.IsValid() && !m.Address.IsValid():
		return Machine{}, errors.New("network.gateway needs network.address")
	case m.Gateway.IsValid() && !m.Address.Contains(m.Gateway):
		return Machine{}, fmt.Errorf("network.gateway %s is not in the network of %s", m.Gateway, m.Address)
	case m.WiFi.SSID == "" && (m.WiFi.Passphrase != "" || m.WiFi.Hidden):
		return Machine{}, errors.New("wifi.passphrase and wifi.hidden need wifi.ssid")
	}
	return m, nil
}

func checkAddress(s string) error {
	if s == "" {
		return nil
	}
	p, err := netip.ParsePrefix(s)
	if err != nil || p.Addr().Zone() != "" || p.Bits() < 8 || p.Addr().IsUnspecified() || p.Addr().IsMulticast() || p.Addr().IsLoopback() {
		return errors.New("is no address with the length of its network")
	}
	return nil
}

func checkAddr(s string) error {
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" || a.IsUnspecified() || a.IsMulticast() {
		return errors.New("has something that is no address")
	}
	return nil
}

var hostName = regexp.MustCompile(`^[0-9A-Za-z]([0-9A-Za-z-]{0,62}\.?)*$`)

func checkHost(s string) error {
	if checkAddr(s) != nil && (len(s) > 100 || !hostName.MatchString(s)) {
		return errors.New("has something that is no name of a server")
	}
	return nil
}

// listOf checks words with blanks between.
func listOf(most int, check func(string) error) func(string) error {
	return func(s string) error {
		words := strings.Fields(s)
		if len(words) > most {
			return fmt.Errorf("names more than %d", most)
		}
		for _, w := range words {
			if err := check(w); err != nil {
				return err
			}
		}
		return nil
	}
}

var zoneName = regexp.MustCompile(`^[A-Za-z][0-9A-Za-z_+-]*(/[A-Za-z][0-9A-Za-z_+-]*){0,2}$`)

func checkZone(s string) error {
	if len(s) > 40 || !zoneName.MatchString(s) {
		return errors.New("is no time zone")
	}
	return nil
}

func checkSSID(s string) error {
	if len(s) > 32 || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("has %d bytes", len(s))
	}
	return nil
}

var hexKey = regexp.MustCompile(`^[0-9A-Fa-f]{64}$`)

// checkPassphrase never says what stands there.
func checkPassphrase(s string) error {
	outside := strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
	switch {
	case s == "" || hexKey.MatchString(s):
		return nil
	case outside:
		return errors.New("has a character that no passphrase may have")
	case len(s) < 8 || len(s) > 63:
		return fmt.Errorf("has %d characters", len(s))
	}
	return nil
}

func checkCountry(s string) error {
	if len(s) != 2 || strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return errors.New("is no country")
	}
	return nil
}

func checkRotation(s string) error {
	if !slices.Contains([]string{"0", "90", "180", "270"}, s) {
		return errors.New("is no quarter turn")
	}
	return nil
}
