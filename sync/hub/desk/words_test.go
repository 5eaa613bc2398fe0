package desk

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

// used is where the catalogue's keys stand in templates and code: whole ones, and
// those that are made of a prefix and a value.
func used(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"templates/*.html", "*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasPrefix(name, "words") && name != "words.go" || strings.HasSuffix(name, "_test.go") {
				continue
			}
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

var prefixes = []string{
	"role", "right", "state", "level", "field", "channel", "tier", "answer", "outcome", "complaint", "health", "device", "measure",
	"revoke", "slip", "audit.why", "step", "done", "sheet.wrong",
}

func TestEveryKeyIsThereAndUsed(t *testing.T) {
	text := used(t)
	found := 0
	for _, m := range regexp.MustCompile(`\bt \(?"([a-z][a-z._-]+)"|\bt\("([a-z][a-z._-]+)"|"((?:trouble|nav|todo|done|imports|review)\.[a-z.]+)"`).FindAllStringSubmatch(text, -1) {
		key := m[1] + m[2] + m[3]
		if found++; !hasWord(key) && !strings.HasSuffix(key, ".") && !strings.HasSuffix(key, ".html") {
			t.Errorf("%s is not in the catalogue", key)
		}
	}
	if found < 250 {
		t.Errorf("the test found %d uses of the catalogue", found)
	}
	seen := map[string]bool{}
	for _, table := range tables() {
		for key, e := range table {
			if seen[key] {
				t.Errorf("%s is in the catalogue twice", key)
			}
			seen[key] = true
			made := false
			for _, p := range prefixes {
				made = made || strings.HasPrefix(key, p+".")
			}
			if !made && !strings.Contains(text, `"`+key+`"`) {
				t.Errorf("nobody says %s", key)
			}
			checkEntry(t, key, e)
		}
	}
}

var verb = regexp.MustCompile(`%[a-z]`)

func checkEntry(t *testing.T, key string, e entry) {
	t.Helper()
	if strings.HasPrefix(key, "list.") {
		return
	}
	if e.zh == "" || e.en == "" || strings.TrimSpace(e.zh) != e.zh || strings.TrimSpace(e.en) != e.en {
		t.Errorf("%s: a language is missing, or blanks are at an end", key)
	}
	if z, n := fmt.Sprint(verb.FindAllString(e.zh, -1)), fmt.Sprint(verb.FindAllString(e.en, -1)); z != n {
		t.Errorf("%s: the languages take different arguments: %s, %s", key, z, n)
	}
	if strings.ContainsAny(e.en, "，。、；：！？（）《》") {
		t.Errorf("%s: English with Chinese punctuation", key)
	}
	if key != "frame.language" && regexp.MustCompile(`\p{Han}[,;:!?]`).MatchString(e.zh) {
		t.Errorf("%s: Chinese with ASCII punctuation: %s", key, e.zh)
	}
}

// Every value that a page shows by its name has one.
func TestEveryValueHasItsWord(t *testing.T) {
	need := func(prefix string, v any) {
		if key := prefix + "." + fmt.Sprint(v); !hasWord(key) {
			t.Errorf("%s is not in the catalogue", key)
		}
	}
	for _, r := range people.Roles() {
		need("role", r)
	}
	for _, r := range people.Rights() {
		need("right", r)
	}
	for _, s := range statuses {
		need("state", s)
	}
	for _, l := range []postings.Level{postings.Block, postings.Warn} {
		need("level", l)
	}
	for _, x := range kiosk.Tiers() {
		need("tier", x)
	}
	for _, x := range kiosk.Channels() {
		need("channel", x)
	}
	for _, x := range kiosk.Complaints() {
		need("complaint", x)
	}
	for _, x := range outcomes {
		need("outcome", x)
	}
	for _, x := range answers {
		need("answer", x)
	}
	for _, x := range healths {
		need("health", x)
	}
	for _, x := range measures {
		need("measure", x)
	}
	for _, x := range revokeReasons {
		need("revoke", x)
	}
	for _, x := range fields {
		need("field", x)
	}
	for _, v := range zh.values(&kiosk.Posting{}) {
		need("field", v[0])
	}
	for _, s := range []kiosk.ReferralState{"", kiosk.Issued, kiosk.Printing, kiosk.Printed, kiosk.Unconfirmed, kiosk.Failed} {
		need("slip", s)
	}
	for _, k := range known {
		if !hasWord(k.key) {
			t.Errorf("%s is not in the catalogue", k.key)
		}
	}
	for _, why := range []string{"gap", "hash", "head", "mark"} {
		need("audit.why", why)
	}
}

// Ink and ground of every pair are at 7:1 at least (WCAG 2.2, 1.4.6), whatever
// they are changed to.
func TestContrast(t *testing.T) {
	css, err := fs.ReadFile(files, "static/desk.css")
	if err != nil {
		t.Fatal(err)
	}
	colours := map[string]string{}
	for _, m := range regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`).FindAllStringSubmatch(string(css), -1) {
		colours[m[1]] = m[2]
	}
	pairs := 0
	for name, ink := range colours {
		if !strings.HasSuffix(name, "ink") {
			continue
		}
		pairs++
		ground := colours[strings.TrimSuffix(name, "ink")+"ground"]
		if r := contrast(t, ink, ground); r < 7 {
			t.Errorf("%s on its ground: %.1f:1", name, r)
		}
	}
	for _, more := range [][2]string{{"soft-ink", "ground"}, {"link-ink", "soft-ground"}, {"ink", "soft-ground"}} {
		if r := contrast(t, colours[more[0]], colours[more[1]]); r < 7 {
			t.Errorf("%s on %s: %.1f:1", more[0], more[1], r)
		}
	}
	if r := contrast(t, colours["line"], colours["ground"]); pairs < 8 || r < 3 {
		t.Errorf("%d pairs; lines of fields are at %.1f:1 and need 3:1", pairs, r)
	}
	if r := contrast(t, "ffffff", "777777"); math.Abs(r-4.48) > 0.01 {
		t.Errorf("the test reckons 4.48:1 as %.2f:1", r)
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	l := func(hex string) (sum float64) {
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			if len(hex) != 6 {
				t.Fatalf("no colour: %q", hex)
			}
			n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			v := float64(n) / 255
			if v <= 0.04045 {
				v /= 12.92
			} else {
				v = math.Pow((v+0.055)/1.055, 2.4)
			}
			sum += weight * v
		}
		return sum
	}
	x, y := l(a), l(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
