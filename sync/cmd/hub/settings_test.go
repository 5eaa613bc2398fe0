package main

import (
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
)

func TestExampleIsGood(t *testing.T) {
	s, err := Parse(Example)
	if err != nil {
		t.Fatal(err)
	}
	b := s.Boards[0]
	if s.Store != "sqlite:/var/lib/jobhub/hub.db" || s.Feed != "/var/lib/jobhub/feed" || s.Publish.Every != time.Hour ||
		b.Ring != 30000 || b.Areas[0] != "360482" || b.Channels[1] != kiosk.Welfare {
		t.Errorf("%+v", s)
	}
}

func TestEveryMistakeIsNamed(t *testing.T) {
	for _, tt := range []struct{ from, to, says string }{
		{`data_dir = "/var/lib/jobhub"`, ``, "data_dir: is missing"},
		{`name = "共青城市公共就业服务中心"`, `names = ""`, "names: there is no such key"},
		{`listen = ":8080"`, `listen = "8080"`, "public.listen: is not host:port"},
		{`"https://jobs.example.cn"`, `"https://jobs.example.cn/"`, "public.url: has a slash"},
		{`"https://jobs.example.cn"`, `"jobs"`, "public.url: is no address"},
		{`"https://hub.example.cn:8443"`, `"http://hub.example.cn:8443"`, "terminals.url: is no address"},
		{`hosts = ["hub.example.cn"]`, ``, "terminals.hosts: is missing"},
		{`cert = ""`, `cert = "a.pem"`, "public.cert: cert and key go together"},
		{`every_minutes = 60`, `every_minutes = -5`, "publish.every_minutes: is below 1"},
		{`expires_hours = 72`, "expires_hours = 1\n#", ""},
		{`every_minutes = 60`, `every_minutes = 60000`, "always be out of date"},
		{`name = "360482"`, `name = "../x"`, "board 1: \"../x\" is no name"},
		{`areas = ["360482"]`, `areas = ["36048"]`, "board 1"},
		{`ring_km = 30`, `ring_km = -1`, "below 0"},
		{`lat = 29.2483`, `lat = 129.2483`, "board 1"},
		{`["policy", "public-welfare"]`, `["policies"]`, `"policies" is no channel`},
		{`[[board]]`, "[[board]]\nname = \"a\"\n[[board]]", "nothing belongs to it"},
		{`max_mb = 50`, "max_mb = 50\n[[board]]\nname = \"360482\"\nareas = [\"36\"]", "another one named 360482"},
	} {
		text := strings.Replace(Example, tt.from, tt.to, 1)
		if text == Example {
			t.Fatalf("%q does not stand in the example", tt.from)
		}
		_, err := Parse(text)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", tt.to, err, tt.says)
		}
	}
}
