package window

import (
	"fmt"
	"math"
)

// color is red, green and blue, each 0 to 1 in sRGB.
type color [3]float64

// parseColor reads #rrggbb.
func parseColor(s string) (color, error) {
	var r, g, b uint8
	if n, err := fmt.Sscanf(s, "#%02x%02x%02x", &r, &g, &b); n != 3 || err != nil || len(s) != 7 {
		return color{}, fmt.Errorf("window: %q is not a colour of the form #rrggbb", s)
	}
	return color{float64(r) / 255, float64(g) / 255, float64(b) / 255}, nil
}

func (c color) String() string {
	f := func(v float64) int { return int(math.Round(255 * min(max(v, 0), 1))) }
	return fmt.Sprintf("#%02x%02x%02x", f(c[0]), f(c[1]), f(c[2]))
}

// mix is c with the part t (0 to 1) of d.
func (c color) mix(d color, t float64) color {
	for i := range c {
		c[i] += (d[i] - c[i]) * t
	}
	return c
}

// luminance is the relative luminance of WCAG 2.1.
func (c color) luminance() float64 {
	f := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*f(c[0]) + 0.7152*f(c[1]) + 0.0722*f(c[2])
}

// contrast is the contrast ratio of WCAG 2.1, 1 to 21.
func (c color) contrast(d color) float64 {
	a, b := c.luminance(), d.luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// readable is c, moved towards black or white as little as makes it stand out
// from every ground by ratio.
func (c color) readable(ratio float64, grounds ...color) color {
	end := color{}
	if grounds[0].luminance() < 0.18 {
		end = color{1, 1, 1}
	}
	best := c
	for t := 0.0; t <= 1; t += 0.02 {
		best = c.mix(end, t)
		ok := true
		for _, g := range grounds {
			ok = ok && best.contrast(g) >= ratio
		}
		if ok {
			break
		}
	}
	return best
}
