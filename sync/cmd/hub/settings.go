package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/wire"

	"github.com/BurntSushi/toml"
)

// Settings is everything that differs between hubs.
type Settings struct {
	Data  string // directory of keys, database and feed
	Store string // sqlite:<path> or postgres://…; empty: a file in Data
	Feed  string // a directory or s3://…; empty: a directory in Data

	Name      string // of the office, on every page
	Phone     string // of its desk; empty: none is shown
	Public    Listener
	Terminals Listener
	Staff     Listener
	Publish   Publish
	Boards    []Board
}

// Listener is one address that the hub serves.
type Listener struct {
	Listen string   // host:port; empty: not served
	URL    string   // by which it is called, no slash at its end
	Hosts  []string // names and addresses of the certificate, of Terminals only
	Cert   string   // PEM files for TLS, of Public and Staff; empty: plain HTTP, behind a proxy
	Key    string
	Proxy  bool // a proxy stands before it, whose X-Forwarded-For is believed; of Public and Staff
}

// Publish is when boards are published.
type Publish struct {
	Every   time.Duration
	Expires time.Duration // after this, terminals say up to when their board held
}

// Board is what one group of sites shows.
type Board struct {
	Name     string
	Areas    []kiosk.Area    // all of whose postings it has
	Centre   kiosk.Point     // and those within Ring of it
	Ring     float64         // metres; 0: none
	Channels []kiosk.Channel // that it has from everywhere
	MaxMB    int             // of the packed board; 0: no limit
}

// file is the settings as they stand in the file.
type file struct {
	DataDir string `toml:"data_dir"`
	Store   string `toml:"store"`
	Feed    string `toml:"feed"`
	Name    string `toml:"name"`
	Phone   string `toml:"phone"`
	Public  struct {
		Listen string `toml:"listen"`
		URL    string `toml:"url"`
		Cert   string `toml:"cert"`
		Key    string `toml:"key"`
		Proxy  bool   `toml:"proxy"`
	} `toml:"public"`
	Terminals struct {
		Listen string   `toml:"listen"`
		URL    string   `toml:"url"`
		Hosts  []string `toml:"hosts"`
	} `toml:"terminals"`
	Staff struct {
		Listen string `toml:"listen"`
		URL    string `toml:"url"`
		Cert   string `toml:"cert"`
		Key    string `toml:"key"`
		Proxy  bool   `toml:"proxy"`
	} `toml:"staff"`
	Publish struct {
		EveryMinutes int `toml:"every_minutes"`
		ExpiresHours int `toml:"expires_hours"`
	} `toml:"publish"`
	Board []struct {
		Name     string   `toml:"name"`
		Areas    []string `toml:"areas"`
		Lat      float64  `toml:"lat"`
		Lon      float64  `toml:"lon"`
		RingKM   float64  `toml:"ring_km"`
		Channels []string `toml:"channels"`
		MaxMB    int      `toml:"max_mb"`
	} `toml:"board"`
}

// Example is a settings file that says what each key is for.
const Example = `# Settings of the hub (TOML). There is no secret in it.

# Where keys, database and feed are kept. Back it up; the keys above all.
data_dir = "/var/lib/jobhub"

# The database: empty for a file in data_dir, or postgres://user@host/name
store = ""

# Where the feed is written: empty for a directory in data_dir, a directory that
# another web server serves, or s3://bucket/prefix?endpoint=https://…&region=…
# with the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
feed = ""

# The office's name, on every page.
name = "共青城市公共就业服务中心"
phone = "0792-5550000"

# What residents open from a slip, and the feed under /feed. Give cert and key,
# or put it behind a web server that speaks TLS, and say so with proxy = true: who
# asks how often is then told from the address that this server adds to the header
# X-Forwarded-For. Without such a server, everybody could write that header.
[public]
listen = ":8080"
url = "https://jobs.example.cn"
cert = ""
key = ""
proxy = false

# What terminals speak to, by certificates that the hub itself gives out.
[terminals]
listen = ":8443"
url = "https://hub.example.cn:8443"
hosts = ["hub.example.cn"]

# The pages of the staff. Browsers keep their cookies over TLS only, except from
# this machine itself.
[staff]
listen = "127.0.0.1:8081"
url = "https://staff.example.cn"
cert = ""
key = ""
proxy = true

[publish]
every_minutes = 60
expires_hours = 72

# What a group of sites shows; as many as are wanted. A posting belongs to a
# board by its area, by its distance or by its channel.
[[board]]
name = "360482"
areas = ["360482"]
lat = 29.2483
lon = 115.8089
ring_km = 30
channels = ["policy", "public-welfare"]
max_mb = 50
`

// Load reads the settings at path. The error names every key that is wrong.
func Load(path string) (Settings, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Settings{}, fmt.Errorf("read the settings: %w", err)
	}
	s, err := Parse(string(text))
	if err != nil {
		return Settings{}, fmt.Errorf("%s: %w", path, err)
	}
	return s, nil
}

// Parse reads settings.
func Parse(text string) (Settings, error) {
	var f file
	meta, err := toml.Decode(text, &f)
	if err != nil {
		return Settings{}, err
	}
	var errs []error
	for _, key := range meta.Undecoded() {
		errs = append(errs, fmt.Errorf("%s: there is no such key", key))
	}
	s := f.settings()
	errs = append(errs, s.check()...)
	if err := errors.Join(errs...); err != nil {
		return Settings{}, err
	}
	return s, nil
}

func (f *file) settings() Settings {
	s := Settings{
		Data: f.DataDir, Store: f.Store, Feed: f.Feed, Name: f.Name, Phone: f.Phone,
		Public:    Listener{Listen: f.Public.Listen, URL: f.Public.URL, Cert: f.Public.Cert, Key: f.Public.Key, Proxy: f.Public.Proxy},
		Terminals: Listener{Listen: f.Terminals.Listen, URL: f.Terminals.URL, Hosts: f.Terminals.Hosts},
		Staff:     Listener{Listen: f.Staff.Listen, URL: f.Staff.URL, Cert: f.Staff.Cert, Key: f.Staff.Key, Proxy: f.Staff.Proxy},
		Publish: Publish{
			Every:   time.Duration(f.Publish.EveryMinutes) * time.Minute,
			Expires: time.Duration(f.Publish.ExpiresHours) * time.Hour,
		},
	}
	if s.Publish.Every == 0 {
		s.Publish.Every = time.Hour
	}
	if s.Publish.Expires == 0 {
		s.Publish.Expires = 3 * 24 * time.Hour
	}
	if s.Store == "" && s.Data != "" {
		s.Store = "sqlite:" + filepath.Join(s.Data, "hub.db")
	}
	if s.Feed == "" && s.Data != "" {
		s.Feed = filepath.Join(s.Data, "feed")
	}
	for _, b := range f.Board {
		board := Board{
			Name: b.Name, Centre: kiosk.Point{Lat: b.Lat, Lon: b.Lon}, Ring: b.RingKM * 1000, MaxMB: b.MaxMB,
		}
		for _, a := range b.Areas {
			board.Areas = append(board.Areas, kiosk.Area(a))
		}
		for _, c := range b.Channels {
			board.Channels = append(board.Channels, kiosk.Channel(c))
		}
		s.Boards = append(s.Boards, board)
	}
	return s
}

// check returns everything that is wrong, each with its key.
func (s *Settings) check() (errs []error) {
	bad := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("%s: %s", key, fmt.Sprintf(format, args...)))
	}
	if s.Data == "" {
		bad("data_dir", "is missing")
	}
	if s.Name == "" {
		bad("name", "is missing: it stands on every page")
	}
	for _, l := range []struct {
		key string
		Listener
		secure bool
	}{{"public", s.Public, false}, {"terminals", s.Terminals, true}, {"staff", s.Staff, false}} {
		for _, err := range l.Listener.check(l.secure) {
			bad(l.key+"."+err[0], "%s", err[1])
		}
	}
	if s.Terminals.Listen != "" && len(s.Terminals.Hosts) == 0 {
		bad("terminals.hosts", "is missing: the names by which terminals call")
	}
	if u, err := url.Parse(s.Staff.URL); s.Staff.Listen != "" && err == nil && u.Scheme == "http" && !loopback(u.Hostname()) {
		bad("staff.url", "is not https: browsers would keep no session")
	}
	if s.Publish.Every < time.Minute {
		bad("publish.every_minutes", "is below 1")
	}
	if s.Publish.Expires < s.Publish.Every {
		bad("publish.expires_hours", "is below every_minutes: every board would always be out of date")
	}
	names := map[string]bool{}
	for i, b := range s.Boards {
		key := fmt.Sprintf("board %d", i+1)
		for _, err := range b.check() {
			bad(key, "%v", err)
		}
		if names[b.Name] {
			bad(key, "there is another one named %s", b.Name)
		}
		names[b.Name] = true
	}
	return errs
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (l Listener) check(secure bool) (errs [][2]string) {
	bad := func(key, what string) { errs = append(errs, [2]string{key, what}) }
	if l.Listen == "" {
		return nil
	}
	if _, _, err := net.SplitHostPort(l.Listen); err != nil {
		bad("listen", "is not host:port: "+err.Error())
	}
	u, err := url.Parse(l.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && (secure || u.Scheme != "http"):
		bad("url", "is no address of a server")
	case strings.HasSuffix(l.URL, "/") || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		bad("url", "has a slash at its end, a ?, a # or an @")
	}
	if (l.Cert == "") != (l.Key == "") {
		bad("cert", "cert and key go together")
	}
	return errs
}

func (b *Board) check() (errs []error) {
	if err := wire.CheckBoard(b.Name); err != nil {
		errs = append(errs, err)
	}
	for _, a := range b.Areas {
		if err := a.Check(); err != nil {
			errs = append(errs, err)
		}
	}
	for _, c := range b.Channels {
		if !c.Valid() {
			errs = append(errs, fmt.Errorf("%q is no channel", c))
		}
	}
	if err := b.Centre.Check(); err != nil {
		errs = append(errs, err)
	}
	switch {
	case b.Ring < 0 || b.MaxMB < 0:
		errs = append(errs, errors.New("ring_km or max_mb is below 0"))
	case b.Ring > 0 && !b.Centre.Known():
		errs = append(errs, errors.New("ring_km has no lat and lon around which it lies"))
	case len(b.Areas) == 0 && b.Ring == 0 && len(b.Channels) == 0:
		errs = append(errs, errors.New("nothing belongs to it: it has no areas, no ring and no channels"))
	}
	return errs
}
