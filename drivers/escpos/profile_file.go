package escpos

import (
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/BurntSushi/toml"
)

// blank is the profile that a file without inherits begins with: what every printer
// can be trusted with.
func blank() Profile {
	return Profile{DotsPerMM: 8, LineGap: 6, Raster: Raster{Rows: 255}}
}

// rawFile is a profile file read as TOML, its values by their dotted keys.
type rawFile struct {
	inherits string
	values   map[string]any
}

// parseFile reads one profile file. The error begins with the key, where there is one.
func parseFile(text []byte) (*rawFile, error) {
	if len(text) > maxFile {
		return nil, fmt.Errorf("more than %d bytes", maxFile)
	}
	var tree map[string]any
	if err := toml.Unmarshal(text, &tree); err != nil {
		var p toml.ParseError
		if errors.As(err, &p) {
			return nil, fmt.Errorf("line %d: %s", p.Position.Line, printable(p.Message))
		}
		return nil, errors.New(printable(err.Error()))
	}
	raw := &rawFile{values: map[string]any{}}
	raw.flatten("", tree)
	known := keys()
	names := make([]string, 0, len(raw.values))
	for name := range raw.values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if !slices.ContainsFunc(known, func(k key) bool { return k.name == name }) {
			return nil, fmt.Errorf("%s: unknown key", printable(name))
		}
	}
	if v, ok := raw.values["inherits"]; ok {
		if raw.inherits, ok = v.(string); !ok || raw.inherits == "" {
			return nil, fmt.Errorf("inherits: want the name of a profile, not %s", kind(v))
		}
	}
	return raw, nil
}

// printable is a message without the control characters that it may quote.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '?'
		}
		return r
	}, s)
}

func (r *rawFile) flatten(prefix string, tree map[string]any) {
	for name, v := range tree {
		if strings.Contains(name, ".") { // a quoted key, or it would pass for two
			name = strconv.Quote(name)
		}
		if sub, ok := v.(map[string]any); ok {
			r.flatten(prefix+name+".", sub)
			continue
		}
		r.values[prefix+name] = v
	}
}

// apply sets what the file says.
func (r *rawFile) apply(p *Profile) error {
	for _, k := range keys() {
		v, ok := r.values[k.name]
		if !ok {
			continue
		}
		if err := k.set(p, v); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	if p.Title == "" {
		return errors.New("title: missing")
	}
	return nil
}

// key is one setting of a profile file.
type key struct {
	name string
	set  func(*Profile, any) error
}

// keys are all settings there are, in the order of README.md.
func keys() []key {
	return []key{
		{"inherits", func(*Profile, any) error { return nil }}, // followed already
		{"title", setText(func(p *Profile) *string { return &p.Title })},
		{"paper.dots", setInt(96, 1024, func(p *Profile) *int { return &p.Dots })},
		{"paper.columns", setInt(8, 85, func(p *Profile) *int { return &p.Columns })},
		{"paper.dots_per_mm", setNumber(4, 24, func(p *Profile) *float64 { return &p.DotsPerMM })},
		{"paper.line_gap", setInt(0, 48, func(p *Profile) *int { return &p.LineGap })},
		{"paper.speed", setInt(0, 1000, func(p *Profile) *int { return &p.SpeedMMs })},
		{"text.hanzi", setChoice(map[string]Hanzi{"gbk": GBK, "gb18030": GB18030}, func(p *Profile) *Hanzi { return &p.Hanzi })},
		{"text.bold", setChoice(map[string]bool{"esc-e": false, "esc-g": true}, func(p *Profile) *bool { return &p.BoldG })},
		{"text.init", setBytes(func(p *Profile) *[]byte { return &p.Init })},
		{"cutter.mm", setNumber(0, 100, func(p *Profile) *float64 { return &p.Cutter.MM })},
		{"cutter.command", setBytes(func(p *Profile) *[]byte { return &p.Cutter.Command })},
		{"cutter.takes_feed", setBool(func(p *Profile) *bool { return &p.Cutter.TakesFeed })},
		{"presenter.present", setBytes(func(p *Profile) *[]byte { return &p.Presenter.Present })},
		{"presenter.retract", setBytes(func(p *Profile) *[]byte { return &p.Presenter.Retract })},
		{"black_mark.to_cut", setBytes(func(p *Profile) *[]byte { return &p.BlackMark.ToCut })},
		{"qr.dialect", setChoice(map[string]QRDialect{
			"": "", string(QRGSk): QRGSk, string(QRMY628): QRMY628, string(QRPOS5802): QRPOS5802,
		}, func(p *Profile) *QRDialect { return &p.QR.Dialect })},
		{"qr.max_module", setInt(0, 16, func(p *Profile) *int { return &p.QR.MaxModule })},
		{"raster.rows", setInt(1, maxSlice, func(p *Profile) *int { return &p.Raster.Rows })},
		{"raster.double", setBool(func(p *Profile) *bool { return &p.Raster.Double })},
		{"status.queries", setQueries},
		{"status.auto", setBool(func(p *Profile) *bool { return &p.Auto })},
		{"status.process_id", setBool(func(p *Profile) *bool { return &p.ProcessID })},
		{"identity.answers", setBool(func(p *Profile) *bool { return &p.Identify })},
		{"identity.match", setMatch},
		{"serial.baud", setInt(0, 4000000, func(p *Profile) *int { return &p.Baud })},
		{"serial.flow", setChoice(map[string]Flow{"none": FlowNone, "rtscts": FlowRTSCTS}, func(p *Profile) *Flow { return &p.Flow })},
		{"serial.buffer", setInt(0, 1<<24, func(p *Profile) *int { return &p.Buffer })},
		{"quirks.swallows_lf", setBool(func(p *Profile) *bool { return &p.Quirks.SwallowsLF })},
		{"quirks.no_dot_feed", setBool(func(p *Profile) *bool { return &p.Quirks.NoDotFeed })},
	}
}

// kind names a TOML value's type.
func kind(v any) string {
	switch v.(type) {
	case string:
		return "a string"
	case int64:
		return "a whole number"
	case float64:
		return "a fraction"
	case bool:
		return "true or false"
	case []any, []map[string]any:
		return "a list"
	case map[string]any:
		return "a table"
	}
	return "a date"
}

func setText(at func(*Profile) *string) func(*Profile, any) error {
	return func(p *Profile, v any) error {
		s, ok := v.(string)
		if !ok {
			return fmt.Errorf("want a string, not %s", kind(v))
		}
		if s == "" || len(s) > 120 || clean(s) != s || strings.Contains(s, "\n") {
			return errors.New("want 1 to 120 bytes of plain text")
		}
		*at(p) = s
		return nil
	}
}

func setBool(at func(*Profile) *bool) func(*Profile, any) error {
	return func(p *Profile, v any) error {
		b, ok := v.(bool)
		if !ok {
			return fmt.Errorf("want true or false, not %s", kind(v))
		}
		*at(p) = b
		return nil
	}
}

func setInt(low, high int64, at func(*Profile) *int) func(*Profile, any) error {
	return func(p *Profile, v any) error {
		n, ok := v.(int64)
		if !ok {
			return fmt.Errorf("want a whole number, not %s", kind(v))
		}
		if n < low || n > high {
			return fmt.Errorf("%d is out of range, want %d to %d", n, low, high)
		}
		*at(p) = int(n)
		return nil
	}
}

func setNumber(low, high float64, at func(*Profile) *float64) func(*Profile, any) error {
	return func(p *Profile, v any) error {
		f, ok := v.(float64)
		if n, whole := v.(int64); whole {
			f, ok = float64(n), true
		}
		if !ok {
			return fmt.Errorf("want a number, not %s", kind(v))
		}
		if math.IsNaN(f) || f < low || f > high {
			return fmt.Errorf("%g is out of range, want %g to %g", f, low, high)
		}
		*at(p) = f
		return nil
	}
}

func setChoice[T any](choices map[string]T, at func(*Profile) *T) func(*Profile, any) error {
	return func(p *Profile, v any) error {
		s, ok := v.(string)
		if c, known := choices[s]; ok && known {
			*at(p) = c
			return nil
		}
		var names []string
		for name := range choices {
			names = append(names, fmt.Sprintf("%q", name))
		}
		sort.Strings(names)
		if !ok {
			return fmt.Errorf("want one of %s, not %s", strings.Join(names, ", "), kind(v))
		}
		return fmt.Errorf("%q is not one of %s", s, strings.Join(names, ", "))
	}
}

// setBytes reads a command: two hexadecimal digits a byte, the bytes apart by one
// space. The empty string is no command.
func setBytes(at func(*Profile) *[]byte) func(*Profile, any) error {
	return func(p *Profile, v any) error {
		s, ok := v.(string)
		if !ok {
			return fmt.Errorf(`want bytes as "1D 56 42", not %s`, kind(v))
		}
		*at(p) = nil
		if s == "" {
			return nil
		}
		var out []byte
		for _, pair := range strings.Split(s, " ") {
			b, err := hex.DecodeString(pair)
			if err != nil || len(b) != 1 {
				return fmt.Errorf(`%q: want bytes as "1D 56 42"`, s)
			}
			out = append(out, b[0])
		}
		*at(p) = out
		return nil
	}
}

func setQueries(p *Profile, v any) error {
	list, ok := v.([]any)
	if !ok {
		return fmt.Errorf("want a list of numbers, not %s", kind(v))
	}
	p.Status = nil
	for _, v := range list {
		n, ok := v.(int64)
		switch {
		case !ok:
			return fmt.Errorf("want a list of whole numbers, but in it is %s", kind(v))
		case n < 0 || n > 255 || !Query(n).valid():
			return fmt.Errorf("DLE EOT %d is not known, want 1 to 5 or 20", n)
		case slices.Contains(p.Status, Query(n)):
			return fmt.Errorf("%d is there twice", n)
		}
		p.Status = append(p.Status, Query(n))
	}
	return nil
}

func setMatch(p *Profile, v any) error {
	list, ok := v.([]map[string]any) // [[identity.match]]
	if inline, is := v.([]any); is {
		ok = true
		for _, t := range inline {
			m, is := t.(map[string]any)
			if !is {
				return fmt.Errorf("want a list of tables, but in it is %s", kind(t))
			}
			list = append(list, m)
		}
	}
	if !ok {
		return fmt.Errorf("want a list of tables with maker and model, not %s", kind(v))
	}
	p.Match = nil
	for _, t := range list {
		m, err := match(t)
		if err != nil {
			return err
		}
		p.Match = append(p.Match, m)
	}
	return nil
}

func match(t map[string]any) (m Match, err error) {
	for name := range t {
		if name != "maker" && name != "model" {
			return m, fmt.Errorf("%s: unknown key", printable(name))
		}
	}
	for name, to := range map[string]*string{"maker": &m.Maker, "model": &m.Model} {
		v, there := t[name]
		s, ok := v.(string)
		switch {
		case !there:
		case !ok:
			return m, fmt.Errorf("%s: want a string, not %s", name, kind(v))
		case len(s) > 40 || !plainASCII(s) || strings.TrimSpace(s) != s:
			return m, fmt.Errorf("%s: want at most 40 ASCII characters", name)
		}
		*to = s
	}
	if m == (Match{}) {
		return m, errors.New("maker and model are both empty")
	}
	return m, nil
}
