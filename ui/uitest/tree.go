package uitest

import (
	"context"
	"errors"
	"fmt"
	"image"

	"github.com/godbus/dbus/v5"
)

// Bits of an accessible's state set (AtspiStateType).
const (
	stateSensitive = 24
	stateShowing   = 25
	stateVisible   = 30
)

// maxNodes stops a walk through a tree that contains itself.
const maxNodes = 20000

// Node is one thing on the screen, as it was when it was found.
type Node struct {
	Role      string          // "button", "label", "entry", ... as AT-SPI names it
	Name      string          // the words on it, or its accessible name
	Bounds    image.Rectangle // screen pixels; empty while it has no place
	Sensitive bool            // false for a greyed-out thing

	ref objectRef
}

// String gives role, name and place.
func (n Node) String() string {
	s := fmt.Sprintf("%s %q %v", n.Role, n.Name, n.Bounds)
	if !n.Sensitive {
		s += " greyed out"
	}
	return s
}

// asked holds the calls under way for one node. A program answers its calls in
// turn, so sending those of a whole level of the tree at once saves the
// waiting, which is most of the time.
type asked struct {
	node                 Node
	children, role, name *dbus.Call
}

// showing returns those of the nodes that show, their state filled in. The rest
// are not worth three more calls each.
func (a *App) showing(ctx context.Context, refs []objectRef) []Node {
	calls := make([]*dbus.Call, len(refs))
	for i, ref := range refs {
		calls[i] = a.object(ref).GoWithContext(ctx, ifAccessible+".GetState", 0, nil)
	}
	var nodes []Node
	for i, c := range calls {
		<-c.Done
		var state []uint32
		if c.Store(&state) == nil && hasState(state, stateShowing) && hasState(state, stateVisible) {
			nodes = append(nodes, Node{Sensitive: hasState(state, stateSensitive), ref: refs[i]})
		}
	}
	return nodes
}

func (a *App) ask(ctx context.Context, n Node) asked {
	o := a.object(n.ref)
	return asked{
		node:     n,
		children: o.GoWithContext(ctx, ifAccessible+".GetChildren", 0, nil),
		role:     o.GoWithContext(ctx, ifAccessible+".GetRoleName", 0, nil),
		name:     o.GoWithContext(ctx, propGet, 0, nil, ifAccessible, "Name"),
	}
}

// wait returns the node and its children.
func (q asked) wait() (Node, []objectRef, error) {
	for _, c := range []*dbus.Call{q.children, q.role, q.name} {
		<-c.Done
	}
	var refs []objectRef
	var v dbus.Variant
	n := q.node
	if err := errors.Join(q.children.Store(&refs), q.role.Store(&n.Role), q.name.Store(&v)); err != nil {
		return Node{}, nil, err
	}
	n.Name, _ = v.Value().(string)
	n.Role = plainRole(n.Role)
	return n, refs, nil
}

// hasState looks a bit up in the two words of a state set, low word first.
func hasState(set []uint32, bit int) bool {
	return bit/32 < len(set) && set[bit/32]&(1<<(bit%32)) != 0
}

// plainRole evens out names that differ between versions of GTK and
// at-spi2-core.
func plainRole(role string) string {
	switch role {
	case "push button":
		return "button"
	case "text": // what GTK 3 calls an entry
		return "entry"
	}
	return role
}

// walk returns the nodes now showing, without their bounds. It descends only
// into what shows. A node that goes away meanwhile is left out; only a program
// that does not answer for its root is an error.
func (a *App) walk(ctx context.Context) ([]Node, error) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	level, err := children(ctx, a.object(a.ref))
	if err != nil {
		return nil, fmt.Errorf("uitest: program %q: %w", a.name, err)
	}
	var nodes []Node
	for len(level) > 0 && len(nodes) < maxNodes {
		shown := a.showing(ctx, level)
		questions := make([]asked, len(shown))
		for i, n := range shown {
			questions[i] = a.ask(ctx, n)
		}
		level = nil
		for _, q := range questions {
			n, refs, err := q.wait()
			if err != nil {
				continue
			}
			nodes = append(nodes, n)
			level = append(level, refs...)
		}
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("uitest: program %q: %w", a.name, context.Cause(ctx))
	}
	return nodes, nil
}

// place fills in the bounds of the nodes. A node that has gone or has no place
// keeps an empty rectangle.
func (a *App) place(ctx context.Context, nodes []Node) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	calls := make([]*dbus.Call, len(nodes))
	for i, n := range nodes {
		calls[i] = a.object(n.ref).GoWithContext(ctx, ifComponent+".GetExtents", 0, nil, screenRelative)
	}
	for i, c := range calls {
		<-c.Done
		var e extents
		if c.Store(&e) == nil {
			nodes[i].Bounds = e.rect()
		}
	}
}

// extents is the reply of Component.GetExtents, signature (iiii).
type extents struct{ X, Y, Width, Height int32 }

// rect is empty for a thing without a place: GTK gives -1 or the least int32
// for what has not been laid out yet.
func (e extents) rect() image.Rectangle {
	if e.Width <= 0 || e.Height <= 0 || e.X == -1<<31 || e.Y == -1<<31 {
		return image.Rectangle{}
	}
	x, y := int(e.X), int(e.Y)
	return image.Rect(x, y, x+int(e.Width), y+int(e.Height))
}
