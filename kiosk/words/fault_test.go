package words

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// Every fault has both sentences, and no sentence is of a fault that nobody
// can name.
func TestFaultsAreSaid(t *testing.T) {
	all := Faults()
	if sorted := slices.Compact(slices.Sorted(slices.Values(all))); len(sorted) != len(all) || len(all) < 30 {
		t.Errorf("%d faults, %d of them different", len(all), len(sorted))
	}
	for _, name := range all {
		for _, who := range []string{"staff", "resident"} {
			if !Has("fault." + name + "." + who) {
				t.Errorf("nobody tells the %s of %s", who, name)
			}
		}
	}
	for key := range faultWords {
		name, who, _ := strings.Cut(strings.TrimPrefix(key, "fault."), ".")
		if !slices.Contains(all, name) || who != "staff" && who != "resident" {
			t.Errorf("%s is of no fault", key)
		}
	}
}

// Staff read two lines of a row, residents one line under the invitation.
func TestFaultsAreShort(t *testing.T) {
	for key, e := range faultWords {
		zh, en := 30, 100
		if strings.HasSuffix(key, ".resident") {
			zh, en = 24, 66
		}
		if n := utf8.RuneCountInString(e.zh); n > zh {
			t.Errorf("%s has %d characters: %s", key, n, e.zh)
		}
		if n := utf8.RuneCountInString(e.en); n > en {
			t.Errorf("%s has %d letters: %s", key, n, e.en)
		}
	}
}

// Staff learn what to do, in a sentence after the one that says what it is.
// A code alone is told to nobody.
func TestFaultsSayWhatToDo(t *testing.T) {
	enough := map[string]bool{"fault.paper-low.staff": true}
	for key, e := range faultWords {
		if strings.HasSuffix(key, ".staff") && !enough[key] && strings.Count(e.zh, "。") < 2 {
			t.Errorf("%s says what it is and no more: %s", key, e.zh)
		}
		if strings.HasSuffix(key, ".resident") && !strings.ContainsAny(e.zh, "，；") {
			t.Errorf("%s says what it is and no more: %s", key, e.zh)
		}
		if regexp.MustCompile(`0x|[0-9A-F]{2}H|错误码|代码|error|code \d`).MatchString(e.zh + e.en) {
			t.Errorf("%s has a code in it", key)
		}
	}
}

// A button that a sentence names is there under that name.
func TestFaultsNameButtonsAsTheyAre(t *testing.T) {
	n := 0
	for key, e := range faultWords {
		for l, s := range map[Lang]string{Zh: e.zh, En: e.en} {
			for _, m := range regexp.MustCompile(`“([^”]+)”`).FindAllStringSubmatch(s, -1) {
				n++
				if m[1] != T(l, "staff.test") && m[1] != T(l, "staff.paper") {
					t.Errorf("%s: there is no button %q", key, m[1])
				}
			}
		}
	}
	if n < 6 {
		t.Errorf("only %d buttons were found", n)
	}
}

func TestWait(t *testing.T) {
	for d, want := range map[time.Duration][2]string{
		0: {"0 秒", "0 s"}, time.Millisecond: {"1 秒", "1 s"}, 30 * time.Second: {"30 秒", "30 s"}, 90 * time.Second: {"90 秒", "90 s"},
		91 * time.Second: {"2 分钟", "2 min"}, 5 * time.Minute: {"5 分钟", "5 min"}, 2 * time.Hour: {"120 分钟", "120 min"},
		3*time.Hour + 1: {"4 小时", "4 h"},
	} {
		if zh, en := Wait(Zh, d), Wait(En, d); zh != want[0] || en != want[1] {
			t.Errorf("%v: %s, %s; want %v", d, zh, en, want)
		}
	}
}

func TestPast(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 30, 0, 0, time.FixedZone("CST", 8*3600))
	for ago, want := range map[time.Duration][2]string{
		0: {"今天", "today"}, 29 * time.Minute: {"今天", "today"}, 31 * time.Minute: {"昨天", "yesterday"}, 24 * time.Hour: {"昨天", "yesterday"},
		25 * time.Hour: {"2月27日", "2026-02-27"}, 24 * 365 * time.Hour: {"2025年3月1日", "2025-03-01"},
	} {
		day := now.Add(-ago).UTC()
		if zh, en := Past(Zh, day, now), Past(En, day, now); zh != want[0] || en != want[1] {
			t.Errorf("%v ago: %s, %s; want %v", ago, zh, en, want)
		}
	}
}
