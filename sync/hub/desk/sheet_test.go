package desk_test

import (
	"bytes"
	"html"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"jobhome/kiosk/profile"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/sheet"
)

const hubPin = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="

func testHub() (sheet.Hub, error) {
	return sheet.Hub{
		URL: "https://hub.example.cn:8443", Feed: "https://jobs.example.cn/feed", Pages: "https://jobs.example.cn",
		Phone: "0792-5550000", Root: profile.Root{N: 1, Sum: [32]byte{9}},
	}, nil
}

func sheetForm() url.Values {
	return url.Values{
		"reader": {"usb:0400:c35a"}, "printer": {"usblp:/dev/usb/lp0?profile=auto"}, "scanner": {"uart:/dev/ttyACM0?baud=9600"},
		"rotation": {"90"}, "ssid": {"茶山街道"}, "passphrase": {"secret-passphrase"}, "pin": {"270513"},
	}
}

// The sheet's code is what a terminal takes; its secrets are in no word on the page
// but the code for one terminal, and in no log.
func TestSheet(t *testing.T) {
	w := fullWorld(t)
	b := w.login(t, "city").get("/desk/sites/chashan").want(http.StatusOK, "/desk/sites/chashan/sheet")
	b.get("/desk/sites/chashan/sheet").want(http.StatusOK, "装机单", `name="passphrase"`)
	b.post("/desk/sites/chashan/sheet", sheetForm()).want(http.StatusOK, "chashan-9", "7K3M-9WXH-4FAB", `<svg class="qr"`, "对，开始", "茶山街道就业之家").
		wantNot("secret-passphrase", "270513")
	if text := scan(t, b.page); text != "" {
		p, err := profile.Parse("code", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if p.ID != "chashan-9" || p.Code != "7K3M-9WXH-4FAB" || p.Pin != hubPin || p.Machine.WiFi.Passphrase != "secret-passphrase" ||
			p.Machine.Rotation != 90 || p.Wanted.Site.Name != "茶山街道就业之家" || p.Wanted.Hub.Board != "gqc" || p.Root.N != 1 {
			t.Errorf("%+v", p)
		}
	}
	log := strings.Join(w.logged(t), "\n")
	if !strings.Contains(log, "city terminal.sheet chashan") || strings.Contains(log+w.log.String(), "secret-passphrase") || strings.Contains(log, "7K3M") {
		t.Errorf("the log has: %s", log)
	}
	b.get("/desk/sites/chashan/sheet").wantNot("7K3M-9WXH-4FAB")
}

// What cannot be is said beside the form, and no code is given out for it.
func TestSheetRefused(t *testing.T) {
	w := fullWorld(t)
	b := w.login(t, "city")
	for field, c := range map[string][2]string{
		"ssid": {strings.Repeat("茶", 11), "最多 32 字节"}, "passphrase": {"short", "8 到 63 位"}, "address": {"192.168.1.20", "192.168.1.20/24"},
		"gateway": {"10.0.0.1", "同一个网段"}, "dns": {"x", "域名服务器"}, "pin": {"111111", "6 到 12 位"}, "rotation": {"45", "screen.rotation"},
		"printer": {"hid:10c4:0007", "devices.printer"}, "terminal": {"ganlu-1", "是别的站点的"},
	} {
		f := sheetForm()
		f.Set(field, c[0])
		b.post("/desk/sites/chashan/sheet", f).want(http.StatusUnprocessableEntity, `role="alert"`, c[1]).wantNot("7K3M", "secret-passphrase")
	}
	if log := strings.Join(w.logged(t), "\n"); strings.Contains(log, "terminal.sheet") {
		t.Errorf("a code was given out: %s", log)
	}
	// Sites of others are not found, and who may not enrol makes no sheet.
	w.account(t, "zone", people.Zone, "360482", "chashan")
	z := w.login(t, "zone")
	z.post("/desk/sites/ganlu/sheet", sheetForm()).wantNot("7K3M")
}

// scan reads the page's QR code as a scanner does.
func scan(t *testing.T, page string) string {
	t.Helper()
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Log("zbarimg is not installed: the code is not read")
		return ""
	}
	size := regexp.MustCompile(`viewBox="0 0 (\d+)`).FindStringSubmatch(page)
	n, err := strconv.Atoi(size[1])
	if err != nil {
		t.Fatal(err)
	}
	const dot = 4
	img := image.NewGray(image.Rect(0, 0, n*dot, n*dot))
	for i := range img.Pix {
		img.Pix[i] = 0xFF
	}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h1v1h-1z`).FindAllStringSubmatch(html.UnescapeString(page), -1) {
		x, _ := strconv.Atoi(m[1])
		y, _ := strconv.Atoi(m[2])
		for i := range dot * dot {
			img.SetGray(x*dot+i%dot, y*dot+i/dot, color.Gray{})
		}
	}
	var b bytes.Buffer
	path := filepath.Join(t.TempDir(), "qr.png")
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(zbar, "-q", "--raw", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}
