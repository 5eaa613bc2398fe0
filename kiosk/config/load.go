package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/BurntSushi/toml"
)

// maxFile is more than any settings file has, and less than hurts when the
// path is that of something else.
const maxFile = 64 << 10

// Load reads the settings file at path. The error joins everything that is
// wrong with it, in the order of its lines, each as
//
//	kiosk.toml:12: site.tier = "shop": is no tier; allowed: province, city, ...
//
// A key that is missing is named with the line of its table, or at the end if
// there is no table. The settings are zero where there is an error.
func Load(path string) (Settings, error) {
	f, err := os.Open(path)
	if err != nil {
		return Settings{}, fmt.Errorf("config: open settings: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return Settings{}, fmt.Errorf("config: read settings: %w", err)
	}
	if len(data) > maxFile {
		return Settings{}, fmt.Errorf("config: %s has more than %d bytes and is no settings file", path, maxFile)
	}
	s, err := Parse(path, data)
	if err != nil {
		return Settings{}, err
	}
	s.Profiles = filepath.Join(filepath.Dir(path), "profiles")
	if s.Theme.Mark != "" {
		if info, err := os.Stat(s.Theme.Mark); err != nil {
			return Settings{}, fmt.Errorf("%s:%d: theme.mark: %w", path, keyLines(data)["theme.mark"], err)
		} else if !info.Mode().IsRegular() {
			return Settings{}, fmt.Errorf("%s:%d: theme.mark = %q: is not a file", path, keyLines(data)["theme.mark"], s.Theme.Mark)
		}
	}
	return s, nil
}

// Parse reads settings from data like [Load], but does not look whether the
// mark exists. file is only for the errors.
func Parse(file string, data []byte) (Settings, error) {
	var s Settings
	if err := (Form{Settings: &s}).Parse(file, data); err != nil {
		return Settings{}, err
	}
	return s, nil
}

// loader collects what is wrong with a file.
type loader struct {
	file   string
	lines  map[string]int
	fields []field
	failed map[string]bool // by name of the key
	found  []problem
}

type problem struct {
	line int // 0: not in the file
	err  error
}

// bad notes that the key name is wrong. The line is that of the key or of the
// nearest table around it.
func (l *loader) bad(name, what string) {
	l.failed[name] = true
	line, key := 0, name
	for line == 0 && key != "" {
		line = l.lines[key]
		key = key[:max(0, strings.LastIndexByte(key, '.'))]
	}
	where := l.file
	if line > 0 {
		where = fmt.Sprintf("%s:%d", l.file, line)
	}
	l.found = append(l.found, problem{line, fmt.Errorf("%s: %s%s", where, name, what)})
}

func (l *loader) err() error {
	slices.SortStableFunc(l.found, func(a, b problem) int {
		if a.line == 0 || b.line == 0 {
			return b.line - a.line // missing keys last
		}
		return a.line - b.line
	})
	errs := make([]error, len(l.found))
	for i, p := range l.found {
		errs[i] = p.err
	}
	return errors.Join(errs...)
}

func (l *loader) setAll(tree map[string]any) {
	for _, f := range l.fields {
		table := tree
		if f.table != "" {
			if v, ok := tree[f.table]; ok {
				if table, ok = v.(map[string]any); !ok {
					continue // checkUnknown says so once
				}
			} else {
				table = nil
			}
		}
		v, ok := table[f.key]
		if !ok {
			if f.must {
				l.bad(f.name(), " is missing; allowed: "+f.allowed)
			}
			continue
		}
		if err := f.value.set(v); err != nil {
			shown := show(v)
			if f.secret {
				shown = "…"
			}
			l.bad(f.name(), fmt.Sprintf(" = %s: %v; allowed: %s", shown, err, f.allowed))
		}
	}
}

func (l *loader) checkScreen(s Screen) {
	if l.failed["screen.width_mm"] || l.failed["screen.height_mm"] {
		return
	}
	tooSmall := func(mm int) bool { return mm < 50 }
	if s != (Screen{Large: s.Large}) && (tooSmall(s.WidthMM) || tooSmall(s.HeightMM)) {
		l.bad("screen.width_mm", fmt.Sprintf(" = %d and height_mm = %d: are no size of a picture; allowed: 0 for both, or 50 to 3000 for both", s.WidthMM, s.HeightMM))
	}
}

// checkBadge refuses what would keep everybody out, or let in whoever knows the
// PIN alone.
func (l *loader) checkBadge(s Settings) {
	if !s.Service.BadgeNeeded || l.failed["service.badges"] || l.failed["devices.badge"] {
		return
	}
	switch {
	case len(s.Service.Badges) == 0:
		l.bad("service.badge_needed", " = true: no badge is in service.badges; enroll one with kiosk enroll first")
	case !s.Devices.Badge.Fitted():
		l.bad("service.badge_needed", " = true: devices.badge names no reader for them")
	}
}

func (l *loader) checkContrasts(t Theme) {
	for _, p := range t.contrasts() {
		if l.failed["theme."+p.front] || l.failed["theme."+p.back] {
			continue
		}
		if err := p.check(); err != nil {
			l.bad("theme."+p.front, " = "+err.Error())
		}
	}
}

// checkUnknown reports every key that is none of ours, a table only once.
func (l *loader) checkUnknown(keys []toml.Key, tree map[string]any) {
	tables := map[string][]string{}
	for _, f := range l.fields {
		tables[f.table] = append(tables[f.table], f.key)
	}
	said := map[string]bool{}
	say := func(name, what string) {
		if !said[name] {
			said[name] = true
			l.bad(name, what)
		}
	}
	for _, k := range keys {
		top := toml.Key(k[:1]).String()
		_, isTable := tree[k[0]].(map[string]any)
		known, ours := tables[k[0]]
		ours = ours && k[0] != ""
		switch {
		case slices.Contains(tables[""], k[0]): // set has seen it
		case !ours && isTable:
			say(top, ": unknown table; known: "+strings.Join(l.tables(), ", "))
		case !ours:
			say(top, ": unknown key; known here: "+strings.Join(tables[""], ", "))
		case !isTable:
			say(top, fmt.Sprintf(" = %s: is a table; write [%s] and its keys below", show(tree[k[0]]), top))
		case len(k) > 1 && !slices.Contains(known, k[1]):
			say(toml.Key(k[:2]).String(), ": unknown key; known here: "+strings.Join(known, ", "))
		}
	}
}

// tables are the tables of the file, in their order.
func (l *loader) tables() []string {
	var all []string
	for _, f := range l.fields {
		if f.table != "" && !slices.Contains(all, f.table) {
			all = append(all, f.table)
		}
	}
	return all
}

// oneLine keeps what the decoder quotes from the file from breaking the line.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
}

// show writes a value for an error, shortened.
func show(v any) string {
	s := fmt.Sprint(v)
	if t, ok := v.(string); ok {
		s = fmt.Sprintf("%q", t)
	}
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return s
}

// keyLines finds the line of every key and table. It knows no strings of
// several lines, which no settings file needs; a line in one that looks like
// a key could only make an error name the wrong line.
func keyLines(data []byte) map[string]int {
	lines := map[string]int{}
	table := ""
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSpace(line)
		name := ""
		if inner, ok := strings.CutPrefix(line, "["); ok {
			inner, _, _ = strings.Cut(strings.TrimPrefix(inner, "["), "]")
			table = strings.TrimSpace(inner)
			name = table
		} else if key, _, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			name = strings.TrimSpace(key)
			if table != "" {
				name = table + "." + name
			}
		}
		if name != "" && lines[name] == 0 {
			lines[name] = i + 1
		}
	}
	return lines
}
