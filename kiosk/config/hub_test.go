package config

import (
	"strings"
	"testing"
)

func TestHub(t *testing.T) {
	const whole = `
[hub]
board = "360482"
feed = "https://jobs.example.cn/feed"
url = "https://hub.example.cn:8443"
root = "/etc/jobhome/root.json"
day_mb = 20
sticks = "/media"
`
	s, err := Parse("kiosk.toml", []byte(file("", whole)))
	if err != nil {
		t.Fatal(err)
	}
	want := Hub{"https://hub.example.cn:8443", "https://jobs.example.cn/feed", "360482", "/etc/jobhome/root.json", 20, "/media"}
	if s.Hub != want || !s.Hub.Fitted() {
		t.Errorf("%+v", s.Hub)
	}
	for from, to := range map[string]string{
		`board = "360482"`:                       `board = "County"`,
		`feed = "https://jobs.example.cn/feed"`:  `feed = "ftp://jobs.example.cn/feed"`,
		`url = "https://hub.example.cn:8443"`:    `url = "http://hub.example.cn:8443"`,
		`day_mb = 20`:                            `day_mb = -1`,
		`sticks = "/media"`:                      `sticks = "media"`,
		`root = "/etc/jobhome/root.json"`:        `root = ""`,
		`"https://jobs.example.cn/feed"`:         `"https://a:b@jobs.example.cn/feed"`,
		`url = "https://hub.example.cn:8443" # `: `url = "https://hub.example.cn:8443/"`,
	} {
		text := strings.Replace(whole, strings.TrimSuffix(from, " # "), to, 1)
		if _, err := Parse("kiosk.toml", []byte(file("", text))); err == nil || !strings.Contains(err.Error(), "hub.") {
			t.Errorf("%s: %v", to, err)
		}
	}
	for _, feed := range []string{"/srv/feed", ""} {
		text := strings.Replace(whole, "https://jobs.example.cn/feed", feed, 1)
		if _, err := Parse("kiosk.toml", []byte(file("", text))); err != nil {
			t.Errorf("feed %q: %v", feed, err)
		}
	}
}
