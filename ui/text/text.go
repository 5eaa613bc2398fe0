// Package text writes a screen value as plain text: for golden tests that a
// person can read, and for looking at a terminal over SSH.
package text

import (
	"fmt"
	"slices"
	"strings"

	"jobhome/ui/screen"
)

// Write returns the screen as lines of text. What can be touched stands in
// [brackets] with its action, what is chosen has a *, and what is off a ~.
func Write(s screen.Screen) string {
	var w writer
	fmt.Fprintf(&w.out, "== %s (%s%s%s)\n", s.Page, s.Lang, flag(s.Large, ", large"), flag(s.Contrast, ", contrast"))
	w.node(s.Top, 0)
	w.rule()
	w.node(s.Body, 0)
	if s.Over != nil {
		w.rule()
		w.node(*s.Over, 0)
	}
	w.rule()
	w.node(s.Bar, 0)
	return w.out.String()
}

type writer struct{ out strings.Builder }

func (w *writer) rule() { w.out.WriteString("--------\n") }

func flag(on bool, s string) string {
	if on {
		return s
	}
	return ""
}

// node writes a node: rows and grids of plain things on one line each, the
// rest one below the other, indented.
func (w *writer) node(n screen.Node, depth int) {
	if flat, ok := inline(n); ok {
		if flat != "" {
			w.line(depth, flat)
		}
		return
	}
	if n.Style != "" {
		w.line(depth, "("+string(n.Style)+")")
		depth++
	}
	if n.Kind == screen.Button {
		w.line(depth, touch(n, n.Name))
		depth++
	}
	for _, kid := range n.Kids {
		w.node(kid, depth)
	}
}

func (w *writer) line(depth int, s string) {
	w.out.WriteString(strings.Repeat("  ", depth) + s + "\n")
}

// inline is the text of a node that fits a line.
func inline(n screen.Node) (string, bool) {
	switch n.Kind {
	case screen.Text:
		return mark(n.Style) + n.Text, true
	case screen.Button:
		if len(n.Kids) > 0 {
			return "", false
		}
		parts := slices.DeleteFunc([]string{n.Text, n.Sub}, func(s string) bool { return s == "" })
		return touch(n, strings.Join(parts, " · ")), true
	case screen.Icon:
		return "<" + n.Icon + ">", true
	case screen.Mark:
		return "<mark>", true
	case screen.QR:
		return "<QR " + n.Text + ">", true
	case screen.Picture:
		return "<picture " + n.Name + ">", true
	case screen.Space:
		return "", true
	case screen.Row, screen.Grid:
		return inlineKids(n)
	}
	return "", false
}

func inlineKids(n screen.Node) (string, bool) {
	var parts []string
	for _, kid := range n.Kids {
		s, ok := inline(kid)
		if !ok {
			return "", false
		}
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, "  "), true
}

func touch(n screen.Node, s string) string {
	action := string(n.Do)
	if n.Arg != "" {
		action += " " + n.Arg
	}
	return fmt.Sprintf("[%s%s%s → %s]", flag(n.On, "*"), flag(n.Off, "~"), s, action)
}

func mark(s screen.Style) string {
	switch s {
	case screen.Title, screen.Hero, screen.Code:
		return "# "
	case screen.Bad:
		return "! "
	}
	return ""
}
