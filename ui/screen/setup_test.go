package screen

import (
	"strings"
	"testing"
	"time"

	"jobhome/kiosk/session"
	"jobhome/kiosk/setup"
	"jobhome/kiosk/words"
	"jobhome/ui/icons"
)

// Every page of the first boot, on both panels, in both languages and sizes, has
// its sentences and pictures, keys that are large enough, letters that can be read,
// and a way on or back.
func TestSetupPages(t *testing.T) {
	seen := map[setup.Page]bool{}
	for _, m := range []Metrics{NewMetrics(1280, 800, 217), NewMetrics(1080, 1920, 268)} {
		for _, lang := range words.Langs() {
			for _, e := range setup.Examples(lang, time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)) {
				for _, large := range []bool{false, true} {
					s := e.State
					s.Large, seen[s.Page] = large, true
					sc := OfSetup(s, m)
					for _, n := range everything(sc) {
						all := n.Text + n.Sub + n.Name
						if strings.Contains(all, "⟦") || strings.Contains(all, "%!") {
							t.Errorf("%s: %s", e.Name, all)
						}
						if _, ok := icons.SVG(n.Icon); n.Icon != "" && !ok {
							t.Errorf("%s: there is no picture %q", e.Name, n.Icon)
						}
						if n.Kind == Button {
							wrongButton(n, func(format string, args ...any) { t.Errorf(e.Name+": "+format, args...) })
						}
						if n.Kind == Text && LetterMM(n.Style, large, lang == words.En) < 4.8 {
							t.Errorf("%s: %q is too small", e.Name, n.Text)
						}
					}
					if p := s.Page; p != setup.Ways && p != setup.Work && !offers(sc, session.DoBack) {
						t.Errorf("%s: nothing leads on", e.Name)
					}
				}
			}
		}
	}
	for _, page := range setup.Pages() {
		if !seen[page] {
			t.Errorf("no example has the page %s", page)
		}
	}
}

func offers(s Screen, do session.Action) bool {
	for _, n := range buttons(s) {
		if n.Do == do {
			return true
		}
	}
	return false
}

// The question says all that the profile says in plain words, and no secret.
func TestSetupAsk(t *testing.T) {
	for _, e := range setup.Examples(words.Zh, time.Time{}) {
		if e.Name != "setup-ask" {
			continue
		}
		var all strings.Builder
		for _, n := range nodes(OfSetup(e.State, NewMetrics(1280, 800, 217)).Body) {
			all.WriteString(n.Text + "\n")
		}
		for _, want := range []string{
			"共青城市茶山街道就业之家", "江西省九江市共青城市茶山街道", "360482001", "街道乡镇", "hub.gongqing.example.cn:8443", "chashan-1",
			"茶山街道便民服务中心", "打印机", "身份证读卡器", "扫码器", "90",
		} {
			if !strings.Contains(all.String(), want) {
				t.Errorf("the page does not say %q:\n%s", want, &all)
			}
		}
	}
}

// The three layers of the keyboard together have every character that a
// passphrase may have.
func TestSetupKeysAreAllOfASCII(t *testing.T) {
	all := layerKeys[setup.Small] + layerKeys[setup.Large] + layerKeys[setup.Digits]
	for r := ' '; r <= '~'; r++ {
		if !strings.ContainsRune(all, r) {
			t.Errorf("no layer has %q", r)
		}
	}
	cols, _ := planned(NewMetrics(1280, 800, 217), false).keyGrid()
	for l, keys := range layerKeys {
		if len(keys) > 3*cols {
			t.Errorf("layer %s has %d keys, more than three rows of %d", l, len(keys), cols)
		}
	}
}
