package netconf

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"jobhome/kiosk/profile"
)

func render(t *testing.T, m profile.Machine) map[string]string {
	t.Helper()
	if m.Zone == "" {
		m.Zone = "Asia/Shanghai"
	}
	files, err := Render(m)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range files {
		got[f.Path] = f.Text
		if secret := f.Path == Supplicant; secret != (f.Mode == 0o600) {
			t.Errorf("%s has mode %o", f.Path, f.Mode)
		}
	}
	return got
}

func TestUsualNetwork(t *testing.T) {
	got := render(t, profile.Machine{})
	if len(got) != 3 || !strings.Contains(got[Wire], "DHCP=yes") || !strings.Contains(got[Modem], "Path=*-usb-*") {
		t.Errorf("%v", got)
	}
	if got[Screen] != "JOBHOME_ROTATION=0\nJOBHOME_TRANSFORM=normal\nTZ=Asia/Shanghai\n" {
		t.Errorf("%q", got[Screen])
	}
}

func TestStaticAddress(t *testing.T) {
	got := render(t, profile.Machine{
		Address: netip.MustParsePrefix("192.168.1.20/24"), Gateway: netip.MustParseAddr("192.168.1.1"),
		DNS: []netip.Addr{netip.MustParseAddr("223.5.5.5"), netip.MustParseAddr("2400:3200::1")}, NTP: []string{"ntp.aliyun.com", "10.0.0.1"},
	})
	want := said + "[Match]\nType=ether\n\n[Network]\nAddress=192.168.1.20/24\nLinkLocalAddressing=ipv6\nMulticastDNS=no\nLLMNR=no\n" +
		"DNS=223.5.5.5\nDNS=2400:3200::1\n\n[Route]\nGateway=192.168.1.1\nMetric=100\n"
	if got[Wire] != want {
		t.Errorf("%s", got[Wire])
	}
	if got[Time] != said+"[Time]\nNTP=ntp.aliyun.com 10.0.0.1\n" {
		t.Errorf("%s", got[Time])
	}
}

// wpaValue reads a value as wpa_supplicant does (wpa_config_parse_string and
// wpa_config_get_line of wpa_supplicant 2.10): a # outside of the outermost quotes
// begins a comment; between the first and the last quote everything is the value.
func wpaValue(line string) string {
	line = strings.TrimLeft(line, "\t ")
	from := strings.IndexByte(line, '"')
	if last := strings.LastIndexByte(line, '"'); from >= 0 && last > from {
		return line[from+1 : last]
	}
	line, _, _ = strings.Cut(line, "#")
	_, v, _ := strings.Cut(strings.TrimRight(line, " "), "=")
	return v
}

// Every name and passphrase that a network may have arrives as it is.
func TestWiFiNamesAndPassphrases(t *testing.T) {
	for _, ssid := range []string{"home", `a "b" \c #d`, "茶山街道便民服务", strings.Repeat("x", 32), " blank ", "{}=;$(reboot)`"} {
		for _, pass := range []string{"12345678", `"quo"te" #8`, `back\slash\\`, " # begins", strings.Repeat("~", 63), "network={ psk="} {
			got := render(t, profile.Machine{WiFi: profile.WiFi{SSID: ssid, Passphrase: pass, Country: "CN"}})[Supplicant]
			names, keys := 0, 0
			for _, line := range strings.Split(got, "\n") {
				switch {
				case strings.HasPrefix(line, "\tssid="):
					b, err := hex.DecodeString(wpaValue(line))
					if names++; err != nil || string(b) != ssid {
						t.Errorf("%q arrives as %q", ssid, b)
					}
				case strings.HasPrefix(line, "\tpsk=") || strings.HasPrefix(line, "\tsae_password="):
					if keys++; wpaValue(line) != pass {
						t.Errorf("%q arrives as %q", pass, wpaValue(line))
					}
				}
			}
			if names != 2 || keys != 2 || strings.Count(got, "network={\n") != 2 {
				t.Errorf("%d names, %d keys in\n%s", names, keys, got)
			}
		}
	}
	open := render(t, profile.Machine{WiFi: profile.WiFi{SSID: "open", Country: "CN", Hidden: true}})[Supplicant]
	if !strings.Contains(open, "key_mgmt=NONE") || !strings.Contains(open, "scan_ssid=1") || strings.Contains(open, "psk") {
		t.Error(open)
	}
	key := strings.Repeat("0aF9", 16)
	if raw := render(t, profile.Machine{WiFi: profile.WiFi{SSID: "raw", Country: "CN", Passphrase: key}})[Supplicant]; !strings.Contains(raw, "\tpsk="+key+"\n") {
		t.Error(raw)
	}
}

// What a touch means is where the picture is: the corner of the turned picture in
// which its first letter stands is (0,0), however the panel counts.
func TestTouchFollowsThePicture(t *testing.T) {
	for rotation, corner := range map[int][2]float64{90: {1, 0}, 180: {1, 1}, 270: {0, 1}} {
		text := render(t, profile.Machine{Rotation: rotation})[Touch]
		var m [6]float64
		_, values, _ := strings.Cut(text, `MATRIX}="`)
		if _, err := fmt.Sscanf(values, "%g %g %g %g %g %g", &m[0], &m[1], &m[2], &m[3], &m[4], &m[5]); err != nil {
			t.Fatal(err)
		}
		at := func(x, y float64) [2]float64 { return [2]float64{m[0]*x + m[1]*y + m[2], m[3]*x + m[4]*y + m[5]} }
		if got := at(corner[0], corner[1]); got != [2]float64{0, 0} {
			t.Errorf("%d degrees: the first letter is at %v", rotation, got)
		}
		if got := at(1-corner[0], 1-corner[1]); got != [2]float64{1, 1} {
			t.Errorf("%d degrees: the last letter is at %v", rotation, got)
		}
		// The line of the first letter runs clockwise along the panel's edge.
		next := map[int][2]float64{90: {1, 1}, 180: {0, 1}, 270: {0, 0}}[rotation]
		if got := at(next[0], next[1]); got != [2]float64{1, 0} {
			t.Errorf("%d degrees: the end of the first line is at %v", rotation, got)
		}
	}
}

// What gets by the first reader does not get by this one.
func TestHostileValues(t *testing.T) {
	good := profile.WiFi{SSID: "x", Country: "CN", Passphrase: "12345678"}
	for name, m := range map[string]profile.Machine{
		"server":     {Zone: "UTC", NTP: []string{"a\nb"}},
		"blank":      {Zone: "UTC", NTP: []string{"a b"}},
		"zone":       {Zone: "UTC\nLD_PRELOAD=/x"},
		"zone path":  {Zone: "/etc/shadow"},
		"rotation":   {Zone: "UTC", Rotation: 45},
		"passphrase": {Zone: "UTC", WiFi: profile.WiFi{SSID: "x", Country: "CN", Passphrase: "12345678\"\n}\nx"}},
		"country":    {Zone: "UTC", WiFi: profile.WiFi{SSID: "x", Country: "C\n"}},
		"long name":  {Zone: "UTC", WiFi: profile.WiFi{SSID: strings.Repeat("x", 33), Country: "CN"}},
	} {
		if _, err := Render(m); !errors.Is(err, ErrUnsafe) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Render(profile.Machine{Zone: "UTC", WiFi: good}); err != nil {
		t.Error(err)
	}
}

// lines is every line that a rendered file may have.
var lines = map[string]*regexp.Regexp{
	".network": regexp.MustCompile(`^(# .*|\[(Match|Link|Network|Route|DHCPv4|IPv6AcceptRA)\]|Type=(ether|wlan)|Path=\*-usb-\*|RequiredForOnline=no|RouteMetric=\d+|(Use|Send)Hostname=no|DHCP=yes|MulticastDNS=no|LLMNR=no|LinkLocalAddressing=ipv6|Address=[0-9a-fA-F:./]+|(DNS|Gateway)=[0-9a-fA-F:.]+|Metric=\d+|)$`),
	".conf":    regexp.MustCompile(`^(# .*|\[Time\]|NTP=[0-9A-Za-z.: -]+|country=[A-Z]{2}|update_config=0|network=\{|\tssid=([0-9a-f]{2})+|\tscan_ssid=1|\tkey_mgmt=(NONE|SAE|WPA-PSK|WPA-PSK WPA-PSK-SHA256)|\tpriority=[12]|\tieee80211w=[12]|\t(psk|sae_password)="[ -~]{8,63}"|\tpsk=[0-9A-Fa-f]{64}|\}|)$`),
	".rules":   regexp.MustCompile(`^(# .*|ACTION!="remove", SUBSYSTEM=="input", KERNEL=="event\*", ENV\{ID_INPUT_TOUCHSCREEN\}=="1", ENV\{LIBINPUT_CALIBRATION_MATRIX\}="[01 -]+"|)$`),
	".env":     regexp.MustCompile(`^(JOBHOME_ROTATION=\d+|JOBHOME_TRANSFORM=(normal|90|180|270)|TZ=[0-9A-Za-z_+/-]+|)$`),
}

// Whatever the terminal wrote: it is refused, or no line comes into a file that is
// not one of those above.
func FuzzNoLineOfItsOwn(f *testing.F) {
	f.Add([]byte("[network]\naddress = \"10.0.0.2/8\"\ngateway = \"10.0.0.1\"\ndns = \"1.1.1.1 ::2\"\ntime_servers = \"a.b c\"\ntimezone = \"Asia/Urumqi\"\n"))
	f.Add([]byte("[wifi]\nssid = \"x\\\"y\"\npassphrase = \"12345678\\\"\"\nhidden = true\n[screen]\nrotation = \"90\"\n"))
	f.Add([]byte("[network]\ntime_servers = \"a\\nb\"\n"))
	f.Add([]byte("[wifi]\nssid = \"\"\"a\nnetwork={\"\"\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := profile.ParseMachine("network.toml", data)
		if err != nil {
			return
		}
		files, err := Render(m)
		if err != nil {
			t.Fatalf("the first reader let by what the second did not: %v", err)
		}
		for _, file := range files {
			allowed := lines[file.Path[strings.LastIndexByte(file.Path, '.'):]]
			for _, line := range strings.Split(file.Text, "\n") {
				if !allowed.MatchString(line) {
					t.Errorf("%s has the line %q", file.Path, line)
				}
			}
		}
	})
}
