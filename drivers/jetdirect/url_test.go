package jetdirect_test

import (
	"net"
	"strings"
	"testing"

	"jobhome/drivers/jetdirect"
)

func TestParseURL(t *testing.T) {
	for s, want := range map[string][2]string{
		"tcp:192.168.1.60":                       {"192.168.1.60:9100"},
		"tcp:192.168.1.60:9101?profile=epson-tm": {"192.168.1.60:9101", "profile=epson-tm"},
		"tcp:printer.local?profile=x&a=b":        {"printer.local:9100", "a=b&profile=x"},
		"tcp:[fd00::60]:9100":                    {"[fd00::60]:9100"},
		"tcp:[fd00::60]":                         {"[fd00::60]:9100"},
		"tcp:fd00::60":                           {"[fd00::60]:9100"},
	} {
		addr, rest, err := jetdirect.ParseURL(s)
		if addr != want[0] || rest.Encode() != want[1] || err != nil {
			t.Errorf("ParseURL(%q) = %q, %q, %v", s, addr, rest.Encode(), err)
		}
	}
	for s, want := range map[string]string{
		"":                   "want tcp:",
		"uart:/dev/x":        "want tcp:",
		"tcp:":               "no host",
		"tcp::9100":          "no host",
		"tcp://10.0.0.1":     "without slashes",
		"tcp:10.0.0.1/x":     "without slashes",
		"tcp:a:0":            "1 to 65535",
		"tcp:a:65536":        "1 to 65535",
		"tcp:a:http":         "1 to 65535",
		"tcp:a:1:2":          "neither",
		"tcp:[::1]]":         "no host",
		"tcp:10.0.0.1?x=%zz": "escape",
	} {
		if _, _, err := jetdirect.ParseURL(s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseURL(%q) = %v, want %q", s, err, want)
		}
	}
}

func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"tcp:192.168.1.60", "tcp:[fd00::60]:9100?a=b", "tcp:a:1:2", "tcp:[::1]]", "tcp::", "tcp:[:1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		addr, _, err := jetdirect.ParseURL(s)
		if err != nil {
			return
		}
		host, port, err := net.SplitHostPort(addr)
		if err != nil || host == "" || port == "" {
			t.Errorf("%q gives %q: %v", s, addr, err)
		}
		again, _, err := jetdirect.ParseURL("tcp:" + addr)
		if err != nil || again != addr {
			t.Errorf("%q gives %q, and that gives %q, %v", s, addr, again, err)
		}
	})
}
