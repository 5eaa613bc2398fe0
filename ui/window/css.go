package window

import (
	"fmt"
	"strings"
	"text/template"

	"jobhome/ui/screen"
)

// The style sheet has three parts: shapes, once; letters, for each size of
// type; colours, for each mode. Everything hangs on the window's id, so that
// windows of different panels do not disturb each other. The first rule takes
// away all that the desktop's theme brings.
const shapeCSS = `
{{.ID}}, {{.ID}} * { all: unset; -gtk-icon-effect: none; }
{{.ID}} { font-family: "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif; }
{{.ID}} .topline { min-height: {{px .TopMM}}; padding: 0 {{px .MarginMM}}; }
{{.ID}} .page { padding: {{px .GapMM}} {{px .MarginMM}}; }
{{.ID}} .foot { min-height: {{px .BarMM}}; padding: 0 {{px 2}}; border-top: {{px .HairMM}} solid transparent; }
{{.ID}} .panel { padding: {{px 4}}; border-radius: {{px 2}}; border: {{px .HairMM}} solid transparent; }
{{.ID}} .paper { padding: {{px 5}}; border: {{px .HairMM}} solid transparent; }
{{.ID}} .alarm, {{.ID}} .note { padding: {{px 3}} {{px 4}}; border-radius: {{px 2}}; border: {{px .HairMM}} solid transparent; }
{{.ID}} .alarm { border-left-width: {{px 1.6}}; }
{{.ID}} box.fact { padding: {{px 0.3}} {{px 2}}; border-radius: {{px 1}}; border: {{px .HairMM}} solid transparent; }

{{.ID}} button { min-width: {{px .TargetMM}}; min-height: {{px .TargetMM}}; border-radius: {{px 2}};
	outline-style: none; outline-width: {{px 0.8}}; outline-offset: -{{px 1.4}}; -gtk-outline-radius: {{px 1.2}}; }
{{.ID}} button:focus { outline-style: solid; }
{{.ID}} button.main, {{.ID}} button.second { min-height: {{inner 16}}; padding: {{px 1}} {{px 3}}; border: {{px .LineMM}} solid transparent; }
{{.ID}} button.tile { padding: {{px 1.5}} {{px 2}}; border: {{px .HairMM}} solid transparent; border-radius: {{px 2.5}}; }
{{.ID}} button.card { padding: {{px 2}} {{px 4}}; border: {{px .HairMM}} solid transparent; }
{{.ID}} button.chip { min-height: {{inner 16}}; padding: {{px 1}} {{px 2}}; border: {{px .LineMM}} solid transparent; border-radius: {{px 8}}; }
{{.ID}} button.key { min-width: {{px 8}}; min-height: {{inner 15.2}}; padding: {{px 1}} {{px 0.5}}; border: {{px .HairMM}} solid transparent; }
{{.ID}} button.bar { min-height: {{px 15.5}}; padding: 0 {{px 0.5}}; }
{{.ID}} button.plain { padding: 0; }
{{.ID}} button.off { border-style: dashed; }
`

const typeCSS = `
{{.ID}} { font-size: {{px .Body}}; }
{{.ID}} label { font-weight: 400; }
{{.ID}} .small, {{.ID}} .fact, {{.ID}} .fact label, {{.ID}} button.card label.good, {{.ID}} button.card label.bad, {{.ID}} .topline label, {{.ID}} .sub, {{.ID}} button.bar label { font-size: {{px .Small}}; }
{{.ID}} label.title { font-size: {{px .Title}}; font-weight: 700; }
{{.ID}} label.hero { font-size: {{px .Hero}}; font-weight: 700; }
{{.ID}} label.code { font-size: {{px .Code}}; font-weight: 700; font-feature-settings: "tnum"; letter-spacing: {{px 1}}; }
{{.ID}} label.strong, {{.ID}} .topline label.strong { font-size: {{px .Body}}; font-weight: 700; }
{{.ID}} label.pay { font-size: {{px .Pay}}; font-weight: 700; font-feature-settings: "tnum"; }
{{.ID}} button.main label.words, {{.ID}} button.second label.words { font-size: {{px .Button}}; font-weight: 700; }
{{.ID}} button.tile label.words { font-size: {{px .Tile}}; font-weight: 700; }
{{.ID}} button.card label.words, {{.ID}} button.chip.on label.words { font-weight: 700; }
{{.ID}} button.key label.words { font-size: {{px .Key}}; }
{{.ID}} button.key.worded label.words { font-size: {{px .Small}}; }
`

const colorCSS = `
{{.ID}} { background-color: {{.Ground}}; color: {{.Ink}}; }
{{.ID}} .topline label, {{.ID}} label.quiet, {{.ID}} label.small, {{.ID}} label.sub { color: {{.Quiet}}; }
{{.ID}} .topline label.strong { color: {{.Ink}}; }
{{.ID}} .foot { background-color: {{.Sheet}}; border-color: {{.Line}}; }
{{.ID}} .dim { background-color: {{.Dim}}; }
{{.ID}} .panel { background-color: {{.Sheet}}; border-color: {{.Line}}; }
{{.ID}} .paper { background-color: #ffffff; border-color: {{.Edge}}; color: #000000; }
{{.ID}} .paper label { color: #000000; }
{{.ID}} .alarm { background-color: {{.AlarmBg}}; border-color: {{.Bad}}; }
{{.ID}} .note { background-color: {{.NoteBg}}; border-color: {{.NoteBg}}; }
{{.ID}} box.fact { border-color: {{.Edge}}; }
{{.ID}} label.pay { color: {{.Accent}}; }
{{.ID}} label.good { color: {{.Good}}; }
{{.ID}} label.bad { color: {{.Bad}}; }
{{.ID}} label.hero { color: {{.Action}}; }

{{.ID}} button { outline-color: {{.Accent}}; color: {{.Ink}}; }
{{.ID}} button.second, {{.ID}} button.tile, {{.ID}} button.card, {{.ID}} button.chip, {{.ID}} button.key { background-color: {{.Sheet}}; border-color: {{.Line}}; }
{{.ID}} button.chip { border-color: {{.Edge}}; }
{{.ID}} button.second { border-color: {{.Action}}; color: {{.Action}}; }
{{.ID}} button.main { background-color: {{.Action}}; border-color: {{.Action}}; color: {{.OnAction}}; outline-color: {{.OnAction}}; }
{{.ID}} button.main label { color: {{.OnAction}}; }
{{.ID}} button.on { background-color: {{.Tint}}; border-color: {{.Action}}; }
{{.ID}} button.chip.on { background-color: {{.Action}}; border-color: {{.Action}}; outline-color: {{.OnAction}}; }
{{.ID}} button.chip.on label { color: {{.OnAction}}; }
{{.ID}} button.second:active, {{.ID}} button.tile:active, {{.ID}} button.card:active, {{.ID}} button.chip:active,
{{.ID}} button.key:active, {{.ID}} button.bar:active { background-color: {{.Tint}}; border-color: {{.Action}}; }
{{.ID}} button.main:active, {{.ID}} button.chip.on:active { background-color: {{.Pressed}}; border-color: {{.Pressed}}; }
{{.ID}} button.off { background-color: transparent; border-color: {{.Edge}}; }
{{.ID}} button.off label { color: {{.Quiet}}; }
`

// typeScale is the height of letters in millimetres.
type typeScale struct {
	Body, Small, Title, Hero, Pay, Code, Button, Tile, Key float64
}

// letters are the heights that screens are planned with.
func letters(large, english bool) typeScale {
	mm := func(s screen.Style) float64 { return screen.LetterMM(s, large, english) }
	return typeScale{
		Body: mm(screen.Body), Small: mm(screen.Small), Title: mm(screen.Title), Hero: mm(screen.Hero),
		Pay: mm(screen.Pay), Code: mm(screen.Code), Button: mm(screen.Main), Tile: mm(screen.Tile), Key: mm(screen.Key),
	}
}

// styleSheet writes the sheet for the window with this id.
func styleSheet(id string, m screen.Metrics, usual, high palette) (string, error) {
	type shapes struct {
		ID                                              string
		TopMM, BarMM, MarginMM, GapMM, TargetMM, HairMM float64
		LineMM                                          float64
	}
	type lettering struct {
		ID string
		typeScale
	}
	type colors struct {
		ID string
		palette
	}
	const hair, line = 0.3, 0.5
	var b strings.Builder
	for _, part := range []struct {
		text string
		data any
	}{
		{shapeCSS, shapes{id, screen.TopMM, screen.BarMM, screen.MarginMM, screen.GapMM, screen.TargetMM, hair, line}},
		{typeCSS, lettering{id, letters(false, false)}},
		{typeCSS, lettering{id + ".large", letters(true, false)}},
		{typeCSS, lettering{id + ".large.english", letters(true, true)}},
		{colorCSS, colors{id, usual}},
		{colorCSS, colors{id + ".contrast", high}},
		{contrastShapeCSS, shapes{ID: id + ".contrast"}},
	} {
		t, err := template.New("css").Funcs(template.FuncMap{
			"px": func(mm float64) string { return fmt.Sprintf("%dpx", atLeast1(m, mm)) },
			// inner is the content's height of a button with padding of 1 mm
			// and a line, which is mm high in all.
			"inner": func(mm float64) string { return fmt.Sprintf("%dpx", m.Px(mm)-2*m.Px(1)-2*atLeast1(m, hair)) },
		}).Parse(part.text)
		if err == nil {
			err = t.Execute(&b, part.data)
		}
		if err != nil {
			return "", fmt.Errorf("window: write the style sheet: %w", err)
		}
	}
	return b.String(), nil
}

// contrastShapeCSS draws thicker lines where there are no grounds to tell
// things apart. What the lines gain the padding loses, so no page grows.
const contrastShapeCSS = `
{{.ID}} .panel, {{.ID}} .note, {{.ID}} .alarm, {{.ID}} box.fact { border-width: {{px 0.5}}; border-color: #ffffff; }
{{.ID}} .alarm { border-left-width: {{px 1.6}}; border-color: #ffa08c; }
{{.ID}} button.second, {{.ID}} button.tile, {{.ID}} button.card, {{.ID}} button.chip, {{.ID}} button.key { border-width: {{px 0.7}}; }
{{.ID}} button.tile { padding: {{px 1.1}} {{px 1.6}}; }
{{.ID}} button.card { padding: {{px 1.6}} {{px 3.6}}; }
{{.ID}} button.card.on { border-width: {{px 1.2}}; padding: {{px 1.1}} {{px 3.1}}; }
{{.ID}} button.tile.on { border-width: {{px 1.2}}; padding: {{px 0.6}} {{px 1.1}}; }
`

// atLeast1 keeps a thin line visible on a coarse panel.
func atLeast1(m screen.Metrics, mm float64) int { return max(1, m.Px(mm)) }
