package uitest

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Query says what to look for. A node must satisfy every field that is set.
type Query struct {
	Role         string // "button" (also written "push button"), "label", "entry", "toggle button", ...
	Name         string // the whole name
	NamePrefix   string
	NameContains string

	// Greyed also finds what is shown but cannot be used.
	Greyed bool
}

// String is for error texts.
func (q Query) String() string {
	s := "anything"
	if q.Role != "" {
		s = plainRole(q.Role)
	}
	for _, f := range []struct{ how, what string }{
		{"named", q.Name},
		{"beginning with", q.NamePrefix},
		{"containing", q.NameContains},
	} {
		if f.what != "" {
			s += fmt.Sprintf(" %s %q", f.how, f.what)
		}
	}
	return s
}

func (q Query) matches(n Node) bool {
	return (q.Role == "" || plainRole(q.Role) == n.Role) &&
		(q.Name == "" || q.Name == n.Name) &&
		strings.HasPrefix(n.Name, q.NamePrefix) &&
		strings.Contains(n.Name, q.NameContains) &&
		(n.Sensitive || q.Greyed)
}

// FindAll returns what matches q and is showing now, in reading order: from top
// to bottom, and from left to right within a row.
func (a *App) FindAll(ctx context.Context, q Query) ([]Node, error) {
	nodes, err := a.walk(ctx)
	if err != nil {
		return nil, err
	}
	nodes = slices.DeleteFunc(nodes, func(n Node) bool { return !q.matches(n) })
	a.place(ctx, nodes)
	nodes = slices.DeleteFunc(nodes, func(n Node) bool { return n.Bounds.Empty() })
	return readingOrder(nodes), nil
}

// Find returns the first match of q in reading order, and false when nothing
// that matches is showing now.
func (a *App) Find(ctx context.Context, q Query) (Node, bool, error) {
	nodes, err := a.FindAll(ctx, q)
	if err != nil || len(nodes) == 0 {
		return Node{}, false, err
	}
	return nodes[0], true, nil
}

// Wait looks every 20 ms until something that matches q is showing and usable,
// and returns the first in reading order. When ctx ends first, the error lists
// what was showing: use it with made-up residents only.
func (a *App) Wait(ctx context.Context, q Query) (Node, error) {
	nodes, err := a.waitAll(ctx, q)
	if err != nil {
		return Node{}, err
	}
	return nodes[0], nil
}

// waitAll returns at least one node.
func (a *App) waitAll(ctx context.Context, q Query) ([]Node, error) {
	for {
		nodes, err := a.FindAll(ctx, q)
		if len(nodes) > 0 {
			return nodes, nil
		}
		if pauseErr := pause(ctx, pollEvery); pauseErr != nil {
			if err == nil || ctx.Err() != nil {
				err = pauseErr
			}
			return nil, fmt.Errorf("uitest: %s did not show in %q: %w\n%s", q, a.name, err, a.dump())
		}
	}
}

// WaitGone looks every 20 ms until nothing that matches q is showing.
func (a *App) WaitGone(ctx context.Context, q Query) error {
	for {
		n, ok, err := a.Find(ctx, q)
		if err == nil && !ok {
			return nil
		}
		if pauseErr := pause(ctx, pollEvery); pauseErr != nil {
			if err != nil {
				return fmt.Errorf("uitest: has %s gone? %w", q, err)
			}
			return fmt.Errorf("uitest: %s is still there: %v: %w", q, n, pauseErr)
		}
	}
}

// dump describes the screen for an error text, after the caller's own time has
// run out.
func (a *App) dump() string {
	ctx, cancel := context.WithTimeout(context.Background(), callLimit)
	defer cancel()
	nodes, err := a.FindAll(ctx, Query{Greyed: true})
	if err != nil {
		return "the screen cannot be read: " + err.Error()
	}
	var b strings.Builder
	b.WriteString("now showing:")
	shown := 0
	for _, n := range nodes {
		if n.Name == "" {
			continue
		}
		if shown++; shown > 200 {
			b.WriteString("\n  ...")
			break
		}
		b.WriteString("\n  " + n.String())
	}
	if shown == 0 {
		b.WriteString(" nothing with a name")
	}
	return b.String()
}

// Texts returns the words of all labels now showing, greyed out or not, in
// reading order. Words inside a GTK 3 button are the button's name and no
// label; FindAll with Role "button" returns those.
func (a *App) Texts(ctx context.Context) ([]string, error) {
	nodes, err := a.FindAll(ctx, Query{Role: "label", Greyed: true})
	if err != nil {
		return nil, err
	}
	texts := make([]string, len(nodes))
	for i, n := range nodes {
		texts[i] = n.Name
	}
	return texts, nil
}

// Value returns the text typed into an entry, or that of any other node with a
// text.
func (a *App) Value(ctx context.Context, n Node) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	var s string
	err := a.object(n.ref).CallWithContext(ctx, ifText+".GetText", 0, int32(0), int32(-1)).Store(&s)
	if err != nil {
		return "", fmt.Errorf("uitest: read the text of %s %q: %w", n.Role, n.Name, err)
	}
	return s, nil
}

// readingOrder sorts by rows. Things share a row when their middle lies within
// the height of the row's first thing.
func readingOrder(nodes []Node) []Node {
	slices.SortStableFunc(nodes, func(a, b Node) int { return a.Bounds.Min.Y - b.Bounds.Min.Y })
	for i := 0; i < len(nodes); {
		first := nodes[i].Bounds
		j := i + 1
		for j < len(nodes) && middle(nodes[j].Bounds).Y < first.Max.Y {
			j++
		}
		slices.SortStableFunc(nodes[i:j], func(a, b Node) int { return a.Bounds.Min.X - b.Bounds.Min.X })
		i = j
	}
	return nodes
}
