package profile

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"

	"jobhome/kiosk"
	"jobhome/kiosk/config"
)

// typical is a terminal as most will be: a town's, by Wi-Fi, with a hub.
func typical(t testing.TB) Profile {
	t.Helper()
	p, err := Parse("site.txt", []byte(`[terminal]
id = "chashan-1"
[site]
id = "chashan"
name = "共青城市茶山街道就业之家"
tier = "town"
area = "360482001"
lat = 29.2483
lon = 115.8089
staff_phone = "0792-5550100"
base_url = "https://jobs.example.cn"
[devices]
reader = "usb:0400:c35a"
printer = "usblp:04b8:0202?profile=epson-tm"
scanner = "uart:1a86:7523?baud=9600"
[service]
pin = "pbkdf2-sha256:200000:JGr6YZ7lrmOCV4D+MQJHmw:SoQ7B6rKHKE++7ZRqscPlYLztmhau01j3OqwrTjE9qo"
[panel]
service_key = "!GPIO23:up"
[hub]
board = "360482"
feed = "https://jobs.example.cn/feed"
url = "https://hub.gongqing.example.cn:8443"
day_mb = 50
root = "1:kIxK3hL0rC8N2nQm7Zb1cXvTgWf5yJd9PaEoSiUuRtY"
[theme]
name = "茶山就业之家"
[network]
dns = "223.5.5.5"
[wifi]
ssid = "茶山街道便民服务中心"
passphrase = "chashan-2026-jiuye!"
[screen]
rotation = "90"
[enrol]
code = "7K3M-9WXH-4FAB"
pin = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="
`))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestBothFormsSayTheSame(t *testing.T) {
	p := typical(t)
	if p.ID != "chashan-1" || p.Wanted.Site.Tier != kiosk.TierTown || p.Machine.Rotation != 90 || p.Root.N != 1 ||
		p.Machine.WiFi.SSID != "茶山街道便民服务中心" || p.Machine.Zone != "Asia/Shanghai" || p.Wanted.Devices.Scanner.Baud != 9600 {
		t.Fatalf("%+v", p)
	}
	var file bytes.Buffer
	if err := p.Write(&file); err != nil {
		t.Fatal(err)
	}
	code, err := p.Text()
	if err != nil {
		t.Fatal(err)
	}
	wrapped := strings.ToLower(code[:100]) + "\r\n  " + code[100:] + "\n"
	for name, text := range map[string]string{
		"file": file.String(), "notepad": "\xEF\xBB\xBF" + strings.ReplaceAll(file.String(), "\n", "\r\n"), "code": code, "wrapped code": wrapped,
	} {
		if got, err := Parse("site.txt", []byte(text)); err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", name, err, got, p)
		}
	}
}

// A code that was printed once is read for ever: this one is of the first version.
func TestOldCode(t *testing.T) {
	const path = "testdata/v1.code"
	code, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Parse("code", code); err != nil || !reflect.DeepEqual(got, typical(t)) {
		t.Errorf("%v\n%+v", err, got)
	}
}

// Every beginning of a code is refused as half, and so is every code with one
// letter wrong.
func TestHalfACode(t *testing.T) {
	p := typical(t)
	code, err := p.Text()
	if err != nil {
		t.Fatal(err)
	}
	for n := len(scheme); n < len(code); n++ {
		if _, err := Parse("code", []byte(code[:n])); !errors.Is(err, ErrHalf) {
			t.Fatalf("the first %d characters: %v", n, err)
		}
	}
	for i := len(scheme) + 2; i < len(code); i++ {
		other := byte('A')
		if code[i] == 'A' {
			other = 'B'
		}
		if _, err := Parse("code", []byte(code[:i]+string(other)+code[i+1:])); !errors.Is(err, ErrHalf) {
			t.Fatalf("character %d is wrong: %v", i, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	p := typical(t)
	var file bytes.Buffer
	if err := p.Write(&file); err != nil {
		t.Fatal(err)
	}
	with := func(old, new string) string {
		if !strings.Contains(file.String(), old) {
			t.Fatalf("the file has no %q", old)
		}
		return strings.Replace(file.String(), old, new, 1)
	}
	line := func(text string) string { // ":N:" of the line that has it
		return ":" + itoa(1+strings.Count(file.String()[:strings.Index(file.String(), text)], "\n")) + ":"
	}
	for name, c := range map[string]struct {
		text, want string
		is         error
	}{
		"empty":              {"\r\n", "is empty", ErrForeign},
		"another QR code":    {"https://example.cn/", "site.txt:1:", nil},
		"an enrolment":       {"jobhome-enrol:7K3M-9WXH-4FAB?pin=x", "site.txt:1:", nil},
		"newer":              {"jobhome-site:2?ABCDEF", "newer", ErrVersion},
		"GBK":                {with(`name = "茶山就业之家"`, "name = \"\xb2\xe8\xc9\xbd\""), line(`name = "茶山就业之家"`), ErrEncoding},
		"UTF-16":             {"\xFF\xFE[\x00s\x00", "UTF-16", ErrEncoding},
		"full-width signs":   {with(`tier = "town"`, "tier ＝ “town”"), line(`tier = "town"`), nil},
		"tier":               {with(`tier = "town"`, `tier = "shop"`), line(`tier = "town"`) + ` site.tier = "shop"`, nil},
		"rotation":           {with(`rotation = "90"`, `rotation = "45"`), "screen.rotation", nil},
		"SSID of 33 bytes":   {with("茶山街道便民服务中心", "茶山街道便民服务中心人"), "wifi.ssid", nil},
		"SSID with newline":  {with("茶山街道便民服务中心", `x\ny`), "wifi.ssid", nil},
		"short passphrase":   {with("chashan-2026-jiuye!", "sevenis"), "has 7 characters", nil},
		"Chinese passphrase": {with("chashan-2026-jiuye!", "茶山密码茶山密码"), "no passphrase may have", nil},
		"no root":            {with(p.Root.String(), ""), "hub.root is missing", nil},
		"no pin":             {with(p.Pin, ""), "enrol.code needs enrol.pin", nil},
		"gateway alone":      {with(`gateway = ""`, `gateway = "10.0.0.1"`), "needs network.address", nil},
		"foreign gateway":    {strings.Replace(with(`gateway = ""`, `gateway = "10.0.0.1"`), `address = ""`, `address = "192.168.1.9/24"`, 1), "is not in the network", nil},
		"data directory":     {"data_dir = \"/\"\n" + file.String(), "data_dir: unknown key", nil},
		"unknown table":      {file.String() + "[wlan]\n", "wlan: unknown table", nil},
		"too long":           {strings.Repeat("#\n", most), "more than", ErrForeign},
	} {
		_, err := Parse("site.txt", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
		for _, secret := range []string{"chashan-2026", "sevenis", "7K3M", "茶山密码"} {
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error tells a secret: %v", name, err)
			}
		}
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

// The terminal's settings are a settings file that it starts with.
func TestSettings(t *testing.T) {
	p := typical(t)
	s := p.Settings("/data/kiosk")
	var b bytes.Buffer
	if err := s.Write(&b); err != nil {
		t.Fatal(err)
	}
	got, err := config.Parse("terminal.toml", b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got.Hub.Root != "/data/kiosk/root.json" || got.DataDir != "/data/kiosk" || got.Site != p.Wanted.Site {
		t.Errorf("%+v", got)
	}
	for _, secret := range []string{p.Machine.WiFi.Passphrase, p.Code, p.Pin} {
		if strings.Contains(b.String(), secret) {
			t.Error("a secret is in the settings")
		}
	}
}

func TestMachine(t *testing.T) {
	want := Machine{
		Address: netip.MustParsePrefix("192.168.1.20/24"), Gateway: netip.MustParseAddr("192.168.1.1"),
		DNS: []netip.Addr{netip.MustParseAddr("223.5.5.5"), netip.MustParseAddr("2400:3200::1")}, NTP: []string{"ntp.aliyun.com"},
		Zone: "Asia/Urumqi", WiFi: WiFi{SSID: `a "b" \c`, Passphrase: `"quo\ted" #8`, Country: "CN", Hidden: true}, Rotation: 270,
	}
	var b bytes.Buffer
	if err := want.Write(&b); err != nil {
		t.Fatal(err)
	}
	if got, err := ParseMachine("network.toml", b.Bytes()); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
	}
}

// The code of a typical profile fits, and is read from a picture of its QR code.
func TestQR(t *testing.T) {
	p := typical(t)
	code, err := p.Text()
	if err != nil {
		t.Fatal(err)
	}
	q, err := qrcode.New(code, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d characters, QR version %d", len(code), q.VersionNumber)
	if len(code) > MostCode || q.VersionNumber > 24 {
		t.Errorf("%d characters, version %d", len(code), q.VersionNumber)
	}
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed")
	}
	path := filepath.Join(t.TempDir(), "qr.png")
	if err := writePNG(path, q.Bitmap()); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(zbar, "-q", "--raw", path).Output()
	if err != nil || strings.TrimSpace(string(out)) != code {
		t.Errorf("zbarimg reads %q, %v", out, err)
	}
}

func writePNG(path string, dots [][]bool) error {
	const size = 4
	img := image.NewGray(image.Rect(0, 0, len(dots)*size, len(dots)*size))
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if !dots[y/size][x/size] {
				img.SetGray(x, y, color.Gray{Y: 255})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o600)
}

// A profile that is too long for a code says so, and still is a file.
func TestTooLong(t *testing.T) {
	p := typical(t)
	p.Wanted.Devices.Printer.Path, p.Wanted.Devices.Printer.ID = "/dev/serial/by-id/"+noise(700), ""
	if _, err := p.Text(); err == nil || !strings.Contains(err.Error(), "more than 1200") {
		t.Errorf("%v", err)
	}
}

// noise is text that cannot be packed.
func noise(n int) string {
	var b strings.Builder
	for x := uint32(1); b.Len() < n; x = x*1664525 + 1013904223 {
		b.WriteByte('A' + byte(x>>24)%26)
	}
	return b.String()
}

// Nothing that is read makes the reader fail otherwise than by an error, and what
// it takes it writes and reads again.
func FuzzParse(f *testing.F) {
	p := typical(f)
	code, err := p.Text()
	if err != nil {
		f.Fatal(err)
	}
	var file bytes.Buffer
	if err := p.Write(&file); err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(code))
	f.Add(file.Bytes())
	f.Add([]byte("jobhome-site:1?"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse("site.txt", data)
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := p.Write(&b); err != nil {
			t.Fatal(err)
		}
		if again, err := Parse("site.txt", b.Bytes()); err != nil || !reflect.DeepEqual(again, p) {
			t.Errorf("%v\n got %+v\nwant %+v", err, again, p)
		}
		if code, err := p.Text(); err == nil {
			if again, err := Parse("code", []byte(code)); err != nil || !reflect.DeepEqual(again, p) {
				t.Errorf("%v\n got %+v\nwant %+v", err, again, p)
			}
		}
	})
}
