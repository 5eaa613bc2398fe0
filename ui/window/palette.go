package window

import (
	"errors"

	"jobhome/ui/screen"
)

// Theme is what a site chooses of the look. Colours are #rrggbb; an empty one
// takes this package's own.
type Theme struct {
	MarkSVG  []byte // the site's mark; currentColor in it becomes Action
	Ground   string // behind everything
	Ink      string // letters
	Action   string // what to touch next
	OnAction string // letters on it
	Accent   string // pay and urgency
}

// palette is every colour of one mode, as #rrggbb.
type palette struct {
	Ground, Sheet, Ink, Quiet, Line, Edge   string
	Action, OnAction, Pressed, Tint         string
	Accent, Good, Bad, AlarmBg, NoteBg, Dim string
}

// Text on these ratios or better (WCAG 2.1 §1.4.3 asks 4.5, §1.4.6 asks 7).
const (
	ratioText  = 4.6
	ratioLarge = 7.0
)

// newPalette derives the usual colours from the theme. Colours of letters are
// moved until they can be read on what lies under them.
func newPalette(t Theme) (palette, error) {
	var errs []error
	get := func(s, own string) color {
		if s == "" {
			s = own
		}
		c, err := parseColor(s)
		errs = append(errs, err)
		return c
	}
	white := color{1, 1, 1}
	ground := get(t.Ground, "#f4f1ec")
	ink := get(t.Ink, "#1e2428").readable(ratioLarge, ground, white)
	action := get(t.Action, "#0b5c6b").readable(ratioText, ground, white)
	onAction := get(t.OnAction, "#ffffff")
	tint := white.mix(action, 0.12)
	accent := get(t.Accent, "#b4410e").readable(ratioText, ground, white, tint)
	bad := color{0.66, 0.13, 0.10}
	alarm, note := white.mix(bad, 0.07), ground.mix(action, 0.08)
	return palette{
		Ground:   ground.String(),
		Sheet:    white.String(),
		Ink:      ink.String(),
		Quiet:    ink.mix(ground, 0.35).readable(ratioText+0.4, ground, white, tint, note).String(),
		Line:     ground.mix(ink, 0.14).String(),
		Edge:     ground.mix(ink, 0.45).String(),
		Action:   action.readable(ratioText, ground, white, tint).String(),
		OnAction: onAction.readable(ratioText, action).String(),
		Pressed:  action.mix(color{}, 0.3).String(),
		Tint:     tint.String(),
		Accent:   accent.String(),
		Good:     color{0.08, 0.42, 0.22}.readable(ratioText, ground, white, tint).String(),
		Bad:      bad.readable(ratioText, ground, white, tint, alarm).String(),
		AlarmBg:  alarm.String(),
		NoteBg:   note.String(),
		Dim:      "rgba(20,22,24,0.62)",
	}, errors.Join(errs...)
}

// contrastPalette is white on black with yellow for what can be touched next.
func contrastPalette() palette {
	const black, white, yellow = "#000000", "#ffffff", "#ffe000"
	return palette{
		Ground: black, Sheet: black, Ink: white, Quiet: white, Line: white, Edge: white,
		Action: yellow, OnAction: black, Pressed: white, Tint: "#333300",
		Accent: yellow, Good: "#7dff9b", Bad: "#ffa08c", AlarmBg: black, NoteBg: black,
		Dim: "rgba(0,0,0,0.8)",
	}
}

// icon is the colour of a picture in style s that lies on a plain sheet.
func (p palette) icon(s screen.Style) string {
	switch s {
	case screen.Main, screen.Title, screen.Hero, screen.Second, screen.Tile:
		return p.Action
	case screen.Pay:
		return p.Accent
	case screen.Good:
		return p.Good
	case screen.Bad, screen.Alarm:
		return p.Bad
	case screen.Quiet, screen.Small:
		return p.Quiet
	}
	return p.Ink
}

// button is the colour of the picture of a button.
func (p palette) button(n screen.Node) string {
	switch {
	case n.Off:
		return p.Quiet
	case n.Style == screen.Main || n.Style == screen.Chip && n.On:
		return p.OnAction
	case n.Style == screen.Bar || n.Style == screen.Key || n.Style == screen.Chip:
		return p.Ink
	}
	return p.Action
}
