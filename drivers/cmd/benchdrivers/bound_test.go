package main

import (
	"bytes"
	"testing"
	"time"
)

func TestSlipBound(t *testing.T) {
	const cut = 300 * time.Millisecond
	for _, c := range []struct {
		what        string
		bytes, rate int
		mm          float64
		speed       int
		want        time.Duration
	}{
		{"the line is slower", 960, 960, 75, 150, 1300 * time.Millisecond},
		{"the head is slower", 96, 960, 75, 150, 800 * time.Millisecond},
		{"nothing to print", 0, 960, 0, 150, cut},
	} {
		if got := slipBound(wireTime(c.bytes, c.rate), paperTime(c.mm, c.speed), cut); got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// The lengths are those of the frames on the protocol's pages: three requests
// of 10 bytes, answers of 15, 19 and 1295.
func TestCardBytes(t *testing.T) {
	if n, err := cardBytes(); err != nil || n != 30+15+19+1295 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestFigures(t *testing.T) {
	f := figures{5, 1, 3}
	if f.median() != 3 || f.max() != 5 {
		t.Errorf("median %v, max %v", f.median(), f.max())
	}
	if f := (figures{}); f.median() != 0 || f.max() != 0 {
		t.Errorf("of nothing: median %v, max %v", f.median(), f.max())
	}
}

func TestTables(t *testing.T) {
	one := table{title: "Sizes.", head: []string{"what", "n"}}
	one.add("slip", "12")
	for markdown, want := range map[bool]string{
		true:  marker + "\nSizes.\n\n| what | n |\n| --- | --- |\n| slip | 12 |\n\n" + marker + "\n",
		false: "Sizes.\n\nwhat  n\nslip  12\n\n",
	} {
		var b bytes.Buffer
		if err := writeTables(&b, []table{one}, markdown); err != nil || b.String() != want {
			t.Errorf("markdown %v: %q, %v, want %q", markdown, b.String(), err, want)
		}
	}
}

// A wrong encoding is found out, a word broken by a column is not taken for one.
func TestStands(t *testing.T) {
	const text = "茶山街道生鲜理货招2人员（就近）地址"
	for word, want := range map[string]bool{
		"茶山街道": true, "生鲜理货员（就近）": true, "招2人": true, "生鲜营业员": false, "街道茶山": false,
	} {
		if stands(text, word) != want {
			t.Errorf("%s stands on the slip: %v", word, !want)
		}
	}
}
