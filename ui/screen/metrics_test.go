package screen

import (
	"math"
	"testing"

	"jobhome/kiosk/words"
)

func TestNewMetrics(t *testing.T) {
	for _, c := range []struct {
		w, h int
		mm   float64
		want float64 // pixels per mm of the design
	}{
		{1280, 800, 217, 5.90},    // 10.1 inches, drawn as it is
		{1280, 800, 0, 5.88},      // not given: the usual panel of its shape
		{1280, 800, -3, 5.88},     //
		{1280, 800, 1, 5.88},      // an EDID of 1 mm
		{1280, 800, 16, 5.88},     // one that gives an aspect ratio for a size
		{1280, 800, 100000, 5.88}, //
		{1280, 800, math.NaN(), 5.88},
		{1280, 800, math.Inf(1), 5.88},
		{1080, 1920, 268, 5.04}, // 21.5 inches upright: a quarter larger
		{1080, 1920, 0, 5.05},
		{1920, 1080, 0, 4.03},   // 21.5 inches lying: too low to be drawn larger
		{2160, 3840, 800, 4.05}, // a wall: half as large again, and no more
	} {
		m := NewMetrics(c.w, c.h, c.mm)
		if math.Abs(m.PxPerMM-c.want) > 0.01 || m.Width != c.w || m.Height != c.h {
			t.Errorf("%dx%d of %v mm: %.3f pixels per mm, not %.2f", c.w, c.h, c.mm, m.PxPerMM, c.want)
		}
	}
}

// Nothing is ever drawn smaller than the design says, and no panel that is
// large enough is drawn narrower than the smallest.
func TestZoom(t *testing.T) {
	for w := 50.0; w < 2000; w += 37 {
		for h := 50.0; h < 2000; h += 41 {
			z := zoom(w, h)
			if z < 1 || z > 1.5 || z > 1 && (w/z < 213.9 || h/z < 299.9) {
				t.Errorf("a panel of %v x %v mm is drawn %v times as large", w, h, z)
			}
		}
	}
}

func TestPx(t *testing.T) {
	m := Metrics{Width: 1280, Height: 800, PxPerMM: 5.9}
	for mm, want := range map[float64]int{0: 0, 0.08: 0, 0.09: 1, 1: 6, 15: 89, 16: 94} {
		if got := m.Px(mm); got != want {
			t.Errorf("%v mm are %d pixels, not %d", mm, got, want)
		}
	}
	if math.Abs(m.WidthMM()-216.9) > 0.1 || math.Abs(m.HeightMM()-135.6) > 0.1 || m.Portrait() || !(Metrics{Width: 1, Height: 2}).Portrait() {
		t.Errorf("%v x %v mm, portrait %v", m.WidthMM(), m.HeightMM(), m.Portrait())
	}
}

// The MIIT elder specification asks for letters of 18 dp at least, read from
// farther away here: never below 4.8 mm. What is touched is 15 mm at least.
func TestSizes(t *testing.T) {
	styles := []Style{
		Body, Small, Title, Hero, Strong, Pay, Fact, Good, Bad, Quiet, Code, Main, Second, Tile, Card, Chip, Key, Bar, Plain,
		Panel, Paper, Alarm, Note,
	}
	for _, s := range styles {
		for _, english := range []bool{false, true} {
			usual, large := LetterMM(s, false, english), LetterMM(s, true, english)
			if usual < 4.8 || large < usual {
				t.Errorf("letters of %s are %v mm, in large type %v mm", s, usual, large)
			}
			if s != Hero && s != Code && large < 1.08*usual {
				t.Errorf("large type of %s is hardly larger: %v mm after %v", s, large, usual)
			}
		}
	}
	for name, mm := range map[string]float64{"a target": TargetMM, "the bar": BarMM, "a key": keyMM} {
		if mm < 15 {
			t.Errorf("%s is %v mm high", name, mm)
		}
	}
	for _, l := range looks() {
		p := &page{State: open(t, l).s, m: l.m}
		cols, _ := p.keyGrid()
		if need := float64(cols)*(keyMM+keyGap) - keyGap; need > p.bodyWidth() {
			t.Errorf("%s: %d keys need %v mm of %v", l, cols, need, p.bodyWidth())
		}
		if wide := (p.bodyWidth() - 6*1.5) / 7; wide < 15 {
			t.Errorf("%s: the bar's buttons are %v mm wide", l, wide)
		}
		fits := Fits(l.m, l.large)
		if fits.Cards < 2 || fits.Trades < 4 || fits.Keys < len(letterKeys) || fits.Top < 1 {
			t.Errorf("%s: too little fits: %+v", l, fits)
		}
	}
}

func TestRowsOfText(t *testing.T) {
	p := &page{}
	p.Visit.Lang = words.Zh
	wide := 10 * p.letterMM(Body) / p.filled() // ten characters
	for text, want := range map[string]int{"": 1, "缝": 1, "一二三四五六七八九十": 1, "一二三四五六七八九十百": 2, "ABCDEFGHIJKLMNOPQ": 1, "ABCDEFGHIJKLMNOPQRS": 2} {
		if got := p.rows(Body, text, wide); got != want {
			t.Errorf("%q takes %d lines, not %d", text, got, want)
		}
	}
	if fit(50, 15, 3) != 2 || fit(51, 15, 3) != 3 || fit(-4, 15, 3) != 1 {
		t.Error("what fits is counted wrongly")
	}
}
