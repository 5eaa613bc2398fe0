package normal

import (
	"testing"
	"time"
	"unicode/utf8"

	"jobhome/kiosk"
)

// Any text gives a value that a posting may hold, or a Reason.
func FuzzReaders(f *testing.F) {
	for _, row := range judgedTexts(f) {
		f.Add(row[1], "月薪（千元）")
	}
	f.Add("1-1-1-1万千百十零零一个月¥/-+（）", "万元")
	f.Add("\xff\x00９９９９９９９９９９９９９９９.９９９９９万", "经验（年）")
	f.Fuzz(func(t *testing.T, text, heading string) {
		for kind, read := range readers {
			if _, notes, err := read(text); err != nil {
				if r, ok := err.(Reason); !ok || said[r][0] == "" {
					t.Errorf("%s %q: the error %v is no Reason", kind, text, err)
				}
			} else {
				for _, n := range notes {
					if said[n][0] == "" {
						t.Errorf("%s %q: no Reason is called %q", kind, text, string(n))
					}
				}
			}
		}
		if err := posting(text, heading).Check(); err != nil {
			t.Errorf("%q below %q: %v", text, heading, err)
		}
	})
}

// posting has all that the readers make of a text, and what is right where they
// make nothing.
func posting(text, heading string) *kiosk.Posting {
	p := &kiosk.Posting{
		ID: "x", Title: "x", Employer: kiosk.Employer{Name: "x"}, Channel: kiosk.Market, Area: "36",
		Published: today, Pay: kiosk.Pay{Unit: kiosk.Negotiable},
	}
	if pay, _, err := Pay(text, heading); err == nil {
		p.Pay = pay
	}
	p.Education, _, _ = Education(text)
	p.Experience, _, _ = Experience(text, heading)
	if d, _, err := Day(text, today); err == nil && !d.IsZero() {
		p.Published = d
	}
	p.ValidThrough = p.Published
	if d, _, err := Through(text, p.Published, today); err == nil && d.After(p.Published) {
		p.ValidThrough = d
	}
	if a, _, err := Area(text, here); err == nil {
		p.Area = a
	}
	p.Headcount, _, _ = Headcount(text)
	p.Contact.Person, p.Contact.Phone, _, _ = Phone(text)
	p.Shifts, _ = Shifts(text)
	p.Benefits, _ = Benefits(text)
	p.Certificates, _ = Certificates(text)
	if c, _, err := Channel(text); err == nil && c != "" {
		p.Channel = c
	}
	p.Occupation, _ = Occupation(text)
	if o, ok := CodedOccupation(text, text); ok {
		p.Occupation = o
	}
	return p
}

// Numbers of one to eight digits in Chinese are read as the digits are.
func FuzzNumerals(f *testing.F) {
	f.Add(uint32(12000))
	f.Add(uint32(10))
	f.Add(uint32(99999999))
	f.Fuzz(func(t *testing.T, n uint32) {
		if n %= 100_000_000; n < 11 {
			return
		}
		text := chinese(int(n))
		if got := numerals(text); got != itoa(int(n)) {
			t.Errorf("%s is %s, not %d", text, got, n)
		}
	})
}

func itoa(n int) string { return fraction(n * int(one)).String() }

// chinese writes a number as it is spoken.
func chinese(n int) string {
	if n >= 10000 {
		s := chinese(n/10000) + "万"
		switch low := n % 10000; {
		case low == 0:
			return s
		case low < 1000:
			return s + "零" + chinese(low)
		default:
			return s + chinese(low)
		}
	}
	s, zero := "", false
	for _, p := range []int{1000, 100, 10, 1} {
		d := n / p % 10
		if d == 0 {
			zero = s != ""
			continue
		}
		if zero {
			s, zero = s+"零", false
		}
		s += string([]rune("零一二三四五六七八九")[d])
		switch p {
		case 1000:
			s += "千"
		case 100:
			s += "百"
		case 10:
			s += "十"
		}
	}
	return s
}

func TestLongTextsAreQuick(t *testing.T) {
	long := ""
	for utf8.RuneCountInString(long) < 100_000 {
		long += "5000-8000元/月，底薪3000+提成（一万二千三百）"
	}
	start := time.Now()
	posting(long, long)
	t.Logf("%d bytes took %v", len(long), time.Since(start))
}
