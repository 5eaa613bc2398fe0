package config

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Theme is how a site looks: its name, mark, colours and home tiles.
type Theme struct {
	Name     string // short, on every page beside the mark, e.g. "就业之家"
	Mark     string // path of an SVG; empty: the built-in mark
	Ground   Colour // behind everything
	Ink      Colour // text on ground
	Action   Colour // what to touch next
	OnAction Colour // text on action
	Accent   Colour // pay and urgency, on ground
	Tiles    []string
}

// Tiles lists the home tiles that a theme may choose from and order.
func Tiles() []string { return []string{"nearby", "today", "match", "trades", "search", "policy"} }

func defaultTheme() Theme {
	return Theme{
		Name:     "就业之家",
		Ground:   Colour{0xF5, 0xF7, 0xFA},
		Ink:      Colour{0x1B, 0x24, 0x30},
		Action:   Colour{0x0B, 0x5C, 0xAD},
		OnAction: Colour{0xFF, 0xFF, 0xFF},
		Accent:   Colour{0xB3, 0x3A, 0x00},
		Tiles:    Tiles(),
	}
}

// The least contrasts. WCAG 2.2 asks for 4.5:1 (1.4.3) and, for its highest
// level, 7:1 (1.4.6); plain text is held to the latter.
const (
	textContrast  = 7.0
	otherContrast = 4.5
)

// contrastPair is two colours that are drawn on each other.
type contrastPair struct {
	front, back string // keys in the table theme
	a, b        Colour
	least       float64
}

func (t Theme) contrasts() []contrastPair {
	return []contrastPair{
		{"ink", "ground", t.Ink, t.Ground, textContrast},
		{"on_action", "action", t.OnAction, t.Action, otherContrast},
		{"accent", "ground", t.Accent, t.Ground, otherContrast},
	}
}

// check returns what is wrong between the pair's colours, or nil.
func (p contrastPair) check() error {
	if c := contrast(p.a, p.b); c < p.least {
		// Cut off, not rounded: 4.499 must not be reported as 4.50.
		return fmt.Errorf("%s on %s %s has a contrast of %.2f:1; at least %g:1 is needed",
			p.a, p.back, p.b, math.Floor(c*100)/100, p.least)
	}
	return nil
}

// Colour is an sRGB colour.
type Colour struct{ R, G, B uint8 }

// parseColour reads #rrggbb.
func parseColour(s string) (Colour, error) {
	if len(s) != 7 || s[0] != '#' || strings.ContainsAny(s[1:], "+-_") {
		return Colour{}, errors.New("is not of the form #rrggbb")
	}
	n, err := strconv.ParseUint(s[1:], 16, 24)
	if err != nil {
		return Colour{}, errors.New("is not of the form #rrggbb")
	}
	return Colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, nil
}

// String writes #rrggbb in capitals.
func (c Colour) String() string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// luminance is the relative luminance of WCAG 2.2, from 0 black to 1 white.
func (c Colour) luminance() float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// contrast returns the contrast ratio of WCAG 2.2, from 1 to 21. The order of
// the colours does not matter.
func contrast(a, b Colour) float64 {
	l, d := a.luminance(), b.luminance()
	if l < d {
		l, d = d, l
	}
	return (l + 0.05) / (d + 0.05)
}

func checkTiles(tiles []string) error {
	if len(tiles) == 0 {
		return errors.New("names no tile")
	}
	for i, t := range tiles {
		if !slices.Contains(Tiles(), t) {
			return fmt.Errorf("names the tile %q", t)
		}
		if slices.Contains(tiles[:i], t) {
			return fmt.Errorf("names the tile %q twice", t)
		}
	}
	return nil
}
