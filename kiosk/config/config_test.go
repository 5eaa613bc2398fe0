package config

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
)

func testSite() kiosk.Site {
	return kiosk.Site{
		ID: "chashan-1", Name: "茶山街道就业之家", Tier: kiosk.TierTown, Area: "360482001",
		Location: kiosk.Point{Lat: 29.2483, Lon: 115}, StaffPhone: "0792-5550100转2", BaseURL: "https://jobs.example.cn/gq",
	}
}

const siteTable = `[site]
id = "chashan-1"
name = "茶山街道就业之家"
tier = "town"
area = "360482001"
lat = 29.2483
lon = 115
staff_phone = "0792-5550100转2"
base_url = "https://jobs.example.cn/gq"
`

// file puts lines into the table of the site's file that they belong to.
func file(top, more string) string { return top + "\n" + siteTable + more + "\n" }

func TestParseFillsInWhatTheFileLeavesOut(t *testing.T) {
	got, err := Parse("kiosk.toml", []byte(siteTable))
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		Site:     testSite(),
		Devices:  Devices{Device{Scheme: None}, Device{Scheme: None}, Device{Scheme: None}, Device{Scheme: None}},
		Paper:    Paper{Retract: time.Minute},
		Service:  Service{SelfTest: 8*time.Hour + 30*time.Minute},
		DataDir:  "/var/lib/jobhome",
		Session:  Session{Idle: time.Minute, Warn: 20 * time.Second, Receipt: 15 * time.Second},
		Theme:    defaultTheme(),
		Language: words.Zh,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestParseTakesEveryKey(t *testing.T) {
	got, err := Parse("kiosk.toml", []byte(file("data_dir = \"/data\"\nlanguage = \"en\"", `
[devices]
reader = "uart:/dev/serial/by-id/usb-SAM_V-if00?baud=9600"
printer = "uart:/dev/ttyS1?profile=generic58"
scanner = "uart:/dev/ttyACM0?baud=9600"
badge = "i2c:1"
[paper]
roll_metres = 50
retract_seconds = 20
[panel]
lamp = "!GPIO27"
[service]
self_test = "07:05"
[session]
idle_seconds = 90
warn_seconds = 30
receipt_seconds = 8
[screen]
width_mm = 217
height_mm = 136
large = true
[theme]
name = "人社驿站"
mark = "/srv/mark.SVG"
ground = "#ffffff"
ink = "#000000"
action = "#005500"
on_action = "#ffffff"
accent = "#a00000"
tiles = ["match", "today"]`)))
	if err != nil {
		t.Fatal(err)
	}
	want := Settings{
		Site: testSite(), DataDir: "/data", Language: words.En,
		Devices: Devices{
			Reader:  Device{Scheme: UART, Path: "/dev/serial/by-id/usb-SAM_V-if00", Baud: 9600},
			Printer: Device{Scheme: UART, Path: "/dev/ttyS1", Profile: "generic58"},
			Scanner: Device{Scheme: UART, Path: "/dev/ttyACM0", Baud: 9600},
			Badge:   Device{Scheme: I2C, Path: "1"},
		},
		Paper:   Paper{RollMetres: 50, Retract: 20 * time.Second},
		Panel:   Panel{Lamp: "!GPIO27"},
		Service: Service{SelfTest: 7*time.Hour + 5*time.Minute},
		Session: Session{Idle: 90 * time.Second, Warn: 30 * time.Second, Receipt: 8 * time.Second},
		Screen:  Screen{WidthMM: 217, HeightMM: 136, Large: true},
		Theme: Theme{
			Name: "人社驿站", Mark: "/srv/mark.SVG", Ground: Colour{255, 255, 255}, Action: Colour{0, 0x55, 0},
			OnAction: Colour{255, 255, 255}, Accent: Colour{0xA0, 0, 0}, Tiles: []string{"match", "today"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for _, f := range got.fields() {
		if f.allowed == "" {
			t.Errorf("%s does not say what is allowed", f.name())
		}
	}
}

func TestWriteIsReadBack(t *testing.T) {
	for _, change := range []func(*Settings){
		func(*Settings) {},
		func(s *Settings) { s.Site.Name = `"茶山" \ 街道 #1 [x] = y` },
		func(s *Settings) { s.Site.Location = kiosk.Point{Lat: -33.000001, Lon: 179} },
		func(s *Settings) { s.Theme.Tiles = []string{"policy"}; s.Theme.Mark = "a/b.svg"; s.Language = words.En },
		func(s *Settings) { s.Screen = Screen{50, 3000, true}; s.Session.Idle = 600 * time.Second },
		func(s *Settings) {
			s.Devices.Reader = Device{Scheme: UART, Path: "/dev/serial/by-id/a b%20", Baud: 1200}
			s.Devices.Printer = Device{Scheme: UART, Path: "/dev/x", Baud: 921600, Flow: "rtscts", Profile: "epson-tm"}
			s.Devices.Scanner = Device{Scheme: UART, ID: "1a86:7523", Baud: 9600}
			s.Devices.Badge = Device{Scheme: I2C, Path: "1"}
			s.Paper = Paper{RollMetres: 80, Retract: 30 * time.Second}
			s.Panel = Panel{Presence: "GPIO17:up", Lamp: "!GPIO27", Door: "P1_11"}
			s.Service = Service{
				PIN: "pbkdf2-sha256:200000:AAAAAAAAAAAAAAAAAAAAAA:" + strings.Repeat("A", 43), Badges: []string{"王=" + strings.Repeat("ab", 32)},
				BadgeNeeded: true, SelfTest: -1,
			}
		},
	} {
		s := Demo(testSite())
		change(&s)
		var b bytes.Buffer
		if err := s.Write(&b); err != nil {
			t.Fatal(err)
		}
		got, err := Parse("kiosk.toml", b.Bytes())
		if err != nil {
			t.Fatalf("%v in\n%s", err, b.String())
		}
		if !reflect.DeepEqual(got, s) {
			t.Errorf("got  %+v\nwant %+v", got, s)
		}
		for line := range strings.Lines(b.String()) {
			if strings.HasPrefix(line, "#") && len([]rune(line)) > 82 {
				t.Errorf("comment is too long: %s", line)
			}
		}
	}
}

func TestWriteTellsThatTheWriterFailed(t *testing.T) {
	if err := Demo(testSite()).Write(brokenWriter{}); !errors.Is(err, fs.ErrClosed) {
		t.Errorf("error is %v", err)
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, fs.ErrClosed }

// Every error names file, line, key, value and what is allowed.
func TestParseErrors(t *testing.T) {
	tests := []struct{ name, data, want string }{
		{"no TOML", "[site\n", "kiosk.toml:2: "},
		{"twice", file("language = \"zh\"\nlanguage = \"en\"", ""), "kiosk.toml:2: "},
		{"unknown top key", file("languages = \"zh\"", ""), `kiosk.toml:1: languages: unknown key; known here: data_dir, language`},
		{"unknown key", file("", "[session]\nidle = 3"), `kiosk.toml:12: session.idle: unknown key; known here: idle_seconds, warn_seconds, receipt_seconds`},
		{"unknown table", file("", "[sesion]\nidle_seconds = 3\nx = 4"), `kiosk.toml:11: sesion: unknown table; known: site, devices, paper, panel, service, hub, session, screen, theme`},
		{"key in quotes", file("", "[session]\n\"a.b\" = 3"), `kiosk.toml:12: session."a.b": unknown key; known here: idle_seconds, warn_seconds, receipt_seconds`},
		{"no table", "screen = 3\n" + siteTable, `kiosk.toml:1: screen = 3: is a table; write [screen] and its keys below`},
		{"table for a key", siteTable + "[data_dir]\nx = 1", `kiosk.toml:10: data_dir = map[x:1]: is not text in quotes; allowed: a path of 1 to 200 characters, absolute or from the working directory`},
		{"warning too short", file("", "[session]\nwarn_seconds = 19"), `kiosk.toml:12: session.warn_seconds = 19: is less than 20; allowed: 20 to 120`},
		{"idle too long", file("", "[session]\nidle_seconds = 601"), `kiosk.toml:12: session.idle_seconds = 601: is more than 600; allowed: 20 to 600`},
		{"no whole number", file("", "[session]\nidle_seconds = 60.0"), `kiosk.toml:12: session.idle_seconds = 60: is not a whole number; allowed: 20 to 600`},
		{"text for yes", file("", "[screen]\nlarge = \"true\""), `kiosk.toml:12: screen.large = "true": is neither true nor false; allowed: true, false`},
		{"half a size", file("", "[screen]\nwidth_mm = 217"), `kiosk.toml:12: screen.width_mm = 217 and height_mm = 0: are no size of a picture; allowed: 0 for both, or 50 to 3000 for both`},
		{"language", file("language = \"fr\"", ""), `kiosk.toml:1: language = "fr": is no language of the terminal; allowed: zh, en`},
		{"control character", file(`data_dir = "a\u0000"`, ""), `kiosk.toml:1: data_dir = "a\x00": has a control character or is not valid UTF-8; allowed: a path of 1 to 200 characters, absolute or from the working directory`},
		{"ink", file("", "[theme]\nink = \"#777777\""), `kiosk.toml:12: theme.ink = #777777 on ground #F5F7FA has a contrast of 4.17:1; at least 7:1 is needed`},
		{"on_action", file("", "[theme]\non_action = \"#000000\""), `kiosk.toml:12: theme.on_action = #000000 on action #0B5CAD has a contrast of 3.14:1; at least 4.5:1 is needed`},
		{"accent", file("", "[theme]\naccent = \"#FF8800\""), `kiosk.toml:12: theme.accent = #FF8800 on ground #F5F7FA has a contrast of 2.23:1; at least 4.5:1 is needed`},
		{"colour", file("", "[theme]\nink = \"#+12345\""), `kiosk.toml:12: theme.ink = "#+12345": is not of the form #rrggbb; allowed: #rrggbb`},
		{"tile", file("", "[theme]\ntiles = [\"match\", \"weather\"]"), `kiosk.toml:12: theme.tiles = [match weather]: names the tile "weather"; allowed: one or more of nearby, today, match, trades, search, policy`},
		{"tile twice", file("", "[theme]\ntiles = [\"match\", \"match\"]"), `kiosk.toml:12: theme.tiles = [match match]: names the tile "match" twice; allowed: one or more of nearby, today, match, trades, search, policy`},
		{"mark", file("", "[theme]\nmark = \"a.png\""), `kiosk.toml:12: theme.mark = "a.png": does not end in .svg; allowed: a path ending in .svg, absolute or from the working directory, or nothing`},
		{"badge without any", file("", "[service]\nbadge_needed = true"), `kiosk.toml:12: service.badge_needed = true: no badge is in service.badges; enroll one with kiosk enroll first`},
		{"badge without reader", file("", "[service]\nbadges = [\"a="+strings.Repeat("0", 64)+"\"]\nbadge_needed = true"), `kiosk.toml:13: service.badge_needed = true: devices.badge names no reader for them`},
		{"reader with profile", file("", "[devices]\nreader = \"sim:?profile=x\""), `kiosk.toml:12: devices.reader = "sim:?profile=x": has the option "profile", which a reader does not have; allowed: uart:/dev/serial/by-id/NAME?baud=115200, uart:1a86:7523, usb:0400:c35a?framing=split, hid:10c4:0007, sim:, none`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := Parse("kiosk.toml", []byte(tt.data))
			switch {
			case err == nil:
				t.Fatal("no error")
			case strings.HasSuffix(tt.want, ": ") && !strings.HasPrefix(err.Error(), tt.want),
				!strings.HasSuffix(tt.want, ": ") && err.Error() != tt.want:
				t.Errorf("\n got %v\nwant %s", err, tt.want)
			case !reflect.DeepEqual(s, Settings{}):
				t.Errorf("settings come with an error: %+v", s)
			}
		})
	}
}

func TestSiteErrors(t *testing.T) {
	for _, tt := range []struct{ old, bad, want string }{
		{`"chashan-1"`, `"茶山"`, `2: site.id = "茶山": is no short name;`},
		{`"茶山街道就业之家"`, `" "`, `3: site.name = " ": is empty;`},
		{`"town"`, `"shop"`, `4: site.tier = "shop": is no tier; allowed: province, city, county, town, village, zone, college`},
		{`"360482001"`, `"36048200"`, `5: site.area = "36048200": area code "36048200" has 8 digits`},
		{`29.2483`, `nan`, `6: site.lat = NaN: is not between -90 and 90;`},
		{`29.2483`, `"29"`, `6: site.lat = "29": is not a number;`},
		{`115`, `180.5`, `7: site.lon = 180.5: is not between -180 and 180;`},
		{`"0792-5550100转2"`, `"ask inside"`, `8: site.staff_phone = "ask inside": is no telephone number;`},
		{`https://jobs.example.cn/gq`, `https://jobs.example.cn/gqc`, `has 27 bytes, so that the slip's QR code would not fit; allowed: http:// or https:// address of at most 26 bytes`},
		{`https://jobs.example.cn/gq`, `ftp://a.cn`, `is no such address`},
		{`https://jobs.example.cn/gq`, `https://a:b@c.cn`, `is no such address`},
		{`https://jobs.example.cn/gq`, `https://a.cn/`, `has a slash at its end`},
		{`https://jobs.example.cn/gq`, `https://a.cn?x=1`, `or a ? or #`},
		{`https://jobs.example.cn/gq`, `https://就业.cn`, `is not plain ASCII`},
	} {
		_, err := Parse("kiosk.toml", []byte(strings.Replace(siteTable, tt.old, tt.bad, 1)))
		if err == nil || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s:\n got %v\nwant %s", tt.bad, err, tt.want)
		}
	}
}

func TestAllErrorsAtOnceInTheOrderOfTheFile(t *testing.T) {
	_, err := Parse("k", []byte("language = \"fr\"\n[session]\nwarn_seconds = 1\nwarm = 2\n[site]\nid = \"a\"\nname = \"b\"\ntier = \"x\"\narea = \"36\"\nlat = 1\n"))
	var got []string
	for line := range strings.Lines(err.Error()) {
		got = append(got, strings.Join(strings.Fields(line)[:2], " "))
	}
	want := []string{
		"k:1: language", "k:3: session.warn_seconds", "k:4: session.warm:",
		"k:5: site.lon", "k:5: site.staff_phone", "k:5: site.base_url", "k:8: site.tier",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	_, err = Parse("k", nil)
	if n := strings.Count(err.Error(), " is missing; allowed: "); n != 8 {
		t.Errorf("an empty file misses %d keys, not 8: %v", n, err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	write := func(name, data string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	mark := write("mark.svg", "<svg/>")
	good := write("good.toml", file("", "[theme]\nmark = \""+mark+"\""))
	if s, err := Load(good); err != nil || s.Theme.Mark != mark {
		t.Errorf("mark %q, error %v", s.Theme.Mark, err)
	}
	lost := write("lost.toml", file("", "[theme]\nmark = \""+dir+"/none.svg\""))
	if _, err := Load(lost); !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(err.Error(), lost+":12: theme.mark") {
		t.Errorf("a mark that does not exist: %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "dir.svg"), 0o700); err != nil {
		t.Fatal(err)
	}
	odd := write("odd.toml", file("", "[theme]\nmark = \""+dir+"/dir.svg\""))
	if _, err := Load(odd); err == nil || !strings.Contains(err.Error(), "is not a file") {
		t.Errorf("a mark that is a directory: %v", err)
	}
	if _, err := Load(filepath.Join(dir, "absent.toml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that does not exist: %v", err)
	}
	if _, err := Load(dir); err == nil {
		t.Error("a directory is read as settings")
	}
	huge := write("huge.toml", siteTable+strings.Repeat("#", maxFile))
	if _, err := Load(huge); err == nil || !strings.Contains(err.Error(), "is no settings file") {
		t.Errorf("a huge file: %v", err)
	}
}

func TestLongestBaseURLFitsTheQRCode(t *testing.T) {
	if MaxBaseURL != 26 {
		t.Errorf("MaxBaseURL is %d", MaxBaseURL)
	}
	url := strings.Repeat("b", MaxBaseURL) + "/p/" + strings.Repeat("i", kiosk.MaxPostingID) + "?r=" + strings.Repeat("c", kiosk.CodeLength)
	if len(url) != 62 {
		t.Errorf("the longest address has %d bytes, not 62", len(url))
	}
}

func FuzzParse(f *testing.F) {
	var b bytes.Buffer
	if err := Demo(testSite()).Write(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(file("", "[theme]\nink = \"#777777\"\ntiles = [1]")))
	f.Add([]byte("site = 3\n[[devices]]\nreader = 1\n[session.x.y]\nz = {a.b = 1}"))
	f.Add([]byte("a.b.c = \"\"\"\nx = 1\n\"\"\"\n\"\" = 1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse("f", data)
		if err != nil {
			for line := range strings.Lines(err.Error()) {
				if !strings.HasPrefix(line, "f:") {
					t.Fatalf("error line does not name the file: %q", line)
				}
			}
			return
		}
		var b bytes.Buffer
		if err := s.Write(&b); err != nil {
			t.Fatal(err)
		}
		again, err := Parse("f", b.Bytes())
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("not read back: %v\n%s", err, b.String())
		}
	})
}
