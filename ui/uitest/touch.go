package uitest

import (
	"context"
	"fmt"
	"image"
	"slices"
)

// touchable lists roles a person would press rather than read.
var touchable = []string{
	"button", "toggle button", "check box", "radio button", "switch", "link",
	"entry", "password text", "combo box", "list item", "table cell",
	"menu item", "page tab", "icon",
}

// TouchNamed waits until something of exactly this name is showing and usable,
// then touches it. A thing to press is preferred to a label of the same name.
// It is an error when it does not lie wholly on the screen, as a person could
// not touch it there. A name that both the old and the new page carry may be
// found on the old one: Wait for something only the new page has first.
func (a *App) TouchNamed(ctx context.Context, name string) error {
	n, err := a.target(ctx, name)
	if err != nil {
		return err
	}
	if screen := a.desk.Bounds(); !n.Bounds.In(screen) {
		return fmt.Errorf("uitest: %s %q lies outside the screen: %v, screen %v", n.Role, n.Name, n.Bounds, screen)
	}
	return a.desk.Touch(n)
}

// target waits for the named thing to hold still: a page that has just come
// may be laid out once more.
func (a *App) target(ctx context.Context, name string) (Node, error) {
	q := Query{Name: name}
	for {
		nodes, err := a.waitAll(ctx, q)
		if err != nil {
			return Node{}, err
		}
		n := preferTouchable(nodes)
		if err := pause(ctx, pollEvery); err != nil {
			return Node{}, fmt.Errorf("uitest: %s %q does not hold still: %w", n.Role, n.Name, err)
		}
		again := []Node{n}
		a.place(ctx, again)
		if again[0].Bounds == n.Bounds {
			return n, nil
		}
	}
}

// preferTouchable returns the first node of a touchable role, else the first.
func preferTouchable(nodes []Node) Node {
	for _, n := range nodes {
		if slices.Contains(touchable, n.Role) {
			return n
		}
	}
	return nodes[0]
}

// middle is where a finger aims.
func middle(r image.Rectangle) image.Point { return r.Min.Add(r.Size().Div(2)) }
