package screen

import "math"

// Metrics turns millimetres into pixels of one panel.
type Metrics struct {
	Width, Height int     // pixels
	PxPerMM       float64 // of the design: the panel's own, or more on a large panel
}

// The sizes of the design in millimetres.
const (
	TextMM   = 6.1
	LargeMM  = 8.6
	SmallMM  = 4.8
	TitleMM  = 9.0
	HeroMM   = 16.0
	TargetMM = 16.0 // least height and width of what can be touched; 15 is the bound
	TopMM    = 12.0
	BarMM    = 17.0
	MarginMM = 6.0
	GapMM    = 3.0
)

// NewMetrics measures a panel of width × height pixels. widthMM is the panel's
// width as its EDID or the settings give it. Where that cannot be, or is not
// given (0), the panel is taken as the usual one of its shape: 10.1 inches for
// landscape up to 1366 pixels, 21.5 inches otherwise.
func NewMetrics(width, height int, widthMM float64) Metrics {
	const inch = 25.4
	perMM := float64(width) / widthMM
	if !(widthMM > 0 && perMM >= 2 && perMM <= 16) { // so that no number at all does not pass
		diagonal := 21.5
		if width > height && width <= 1366 {
			diagonal = 10.1
		}
		perMM = math.Hypot(float64(width), float64(height)) / (diagonal * inch)
	}
	return Metrics{Width: width, Height: height, PxPerMM: perMM * zoom(float64(width)/perMM, float64(height)/perMM)}
}

// zoom is how much larger than at arm's length everything is drawn on a panel
// of w × h millimetres. A large panel is stood farther away from, and has the
// room; no panel is drawn narrower than the smallest one.
func zoom(w, h float64) float64 {
	const leastWidth, leastHeight, most = 214, 300, 1.5
	return min(max(1, min(w/leastWidth, h/leastHeight)), most)
}

// Px is mm in whole pixels.
func (m Metrics) Px(mm float64) int { return int(math.Round(mm * m.PxPerMM)) }

// WidthMM is the panel's width in millimetres of the design.
func (m Metrics) WidthMM() float64 { return float64(m.Width) / m.PxPerMM }

// HeightMM is the panel's height in millimetres of the design.
func (m Metrics) HeightMM() float64 { return float64(m.Height) / m.PxPerMM }

// Portrait reports whether the panel stands upright.
func (m Metrics) Portrait() bool { return m.Height > m.Width }
