package window

import (
	"testing"
)

func TestContrast(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21},
		{"#777777", "#ffffff", 4.48}, // the usual example of just too little
		{"#ffffff", "#ffffff", 1},
	} {
		a, errA := parseColor(tt.a)
		b, errB := parseColor(tt.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		if got := a.contrast(b); got < tt.want-0.01 || got > tt.want+0.01 {
			t.Errorf("%s on %s: %.2f, want %.2f", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestParseColor(t *testing.T) {
	for _, s := range []string{"", "teal", "#fff", "#gggggg", "#1234567", "123456"} {
		if _, err := parseColor(s); err == nil {
			t.Errorf("%q was taken for a colour", s)
		}
	}
	c, err := parseColor("#0b5C6b")
	if err != nil || c.String() != "#0b5c6b" {
		t.Errorf("%v, %v", c, err)
	}
}

// Whatever colours a site chooses, everything written can be read
// (WCAG 2.1 §1.4.3: 4.5:1).
func TestEveryThemeCanBeRead(t *testing.T) {
	themes := []Theme{
		{},
		{Ground: "#ffffff", Ink: "#cccccc", Action: "#ffcc00", OnAction: "#ffffff", Accent: "#ff9900"},
		{Ground: "#fff8e7", Ink: "#000000", Action: "#c8102e", OnAction: "#000000", Accent: "#c8102e"},
		{Action: "#7a7a7a", OnAction: "#808080"},
	}
	var palettes []palette
	for _, th := range themes {
		p, err := newPalette(th)
		if err != nil {
			t.Fatal(err)
		}
		palettes = append(palettes, p)
	}
	for i, p := range append(palettes, contrastPalette()) {
		for _, pair := range []struct{ what, ink, ground string }{
			{"words", p.Ink, p.Ground},
			{"words on a sheet", p.Ink, p.Sheet},
			{"words chosen", p.Ink, p.Tint},
			{"quiet words", p.Quiet, p.Ground},
			{"quiet words on a sheet", p.Quiet, p.Sheet},
			{"quiet words chosen", p.Quiet, p.Tint},
			{"the main button", p.OnAction, p.Action},
			{"the main button, pressed", p.OnAction, p.Pressed},
			{"the other button", p.Action, p.Sheet},
			{"the other button, pressed", p.Action, p.Tint},
			{"pay", p.Accent, p.Sheet},
			{"pay, chosen", p.Accent, p.Tint},
			{"good", p.Good, p.Sheet},
			{"good, chosen", p.Good, p.Tint},
			{"bad", p.Bad, p.Ground},
			{"bad, in an alarm", p.Bad, p.AlarmBg},
			{"quiet words in a note", p.Quiet, p.NoteBg},
			{"words in a note", p.Ink, p.NoteBg},
		} {
			a, errA := parseColor(pair.ink)
			b, errB := parseColor(pair.ground)
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if got := a.contrast(b); got < 4.5 {
				t.Errorf("palette %d, %s: %s on %s is %.2f:1", i, pair.what, pair.ink, pair.ground, got)
			}
		}
	}
}
