package uitest

import (
	"fmt"
	"image"
	"time"

	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"
)

// swipeStep is the time between two positions of a moving finger, about that of
// a touch panel that reports 100 times a second.
const swipeStep = 10 * time.Millisecond

// Bounds is the screen's rectangle in pixels.
func (d *Desk) Bounds() image.Rectangle { return image.Rect(0, 0, d.opts.Width, d.opts.Height) }

// Touch puts the finger on the middle of the node, as it lay when it was found,
// for DeskOpts.Hold.
func (d *Desk) Touch(n Node) error {
	if n.Bounds.Empty() {
		return fmt.Errorf("uitest: touch %s %q: it has no place on the screen", n.Role, n.Name)
	}
	return d.TouchAt(middle(n.Bounds))
}

// TouchAt puts the finger on a point of the screen for DeskOpts.Hold. A point
// outside the screen is an error.
func (d *Desk) TouchAt(p image.Point) error {
	return d.Swipe(p, p, d.opts.Hold)
}

// Swipe puts the finger down at one point, moves it evenly to the other and
// lifts it there.
func (d *Desk) Swipe(from, to image.Point, took time.Duration) error {
	if err := d.press(from); err != nil {
		return err
	}
	err := d.drag(from, to, took)
	// Lift the finger in any case: a stuck button spoils all that follows.
	if liftErr := d.lift(); err == nil {
		err = liftErr
	}
	return err
}

func (d *Desk) drag(from, to image.Point, took time.Duration) error {
	if from == to {
		time.Sleep(took)
		return nil
	}
	steps := max(1, int(took/swipeStep))
	for i := 1; i <= steps; i++ {
		time.Sleep(took / time.Duration(steps))
		if err := d.move(between(from, to, i, steps)); err != nil {
			return err
		}
	}
	return nil
}

// between is the i-th of n points on the way; the n-th is the goal itself.
func between(from, to image.Point, i, n int) image.Point {
	return from.Add(to.Sub(from).Mul(i).Div(n))
}

func (d *Desk) press(p image.Point) error {
	if err := d.move(p); err != nil {
		return err
	}
	return d.fake(xproto.ButtonPress, 1, image.Point{})
}

func (d *Desk) lift() error { return d.fake(xproto.ButtonRelease, 1, image.Point{}) }

func (d *Desk) move(p image.Point) error {
	if !p.In(d.Bounds()) {
		return fmt.Errorf("uitest: %v lies outside the screen %v", p, d.Bounds())
	}
	return d.fake(xproto.MotionNotify, 0, p)
}

// Park moves the pointer to the last pixel of the screen, so that no button
// looks hovered over in a picture: a finger that has been lifted is nowhere.
func (d *Desk) Park() error { return d.move(d.Bounds().Max.Sub(image.Pt(1, 1))) }

// fake sends one XTEST event; for a motion, detail 0 means that p is absolute.
func (d *Desk) fake(kind, detail byte, p image.Point) error {
	err := xtest.FakeInputChecked(d.x, kind, detail, 0, d.root, int16(p.X), int16(p.Y), 0).Check()
	if err != nil {
		return fmt.Errorf("uitest: pointer event: %w", err)
	}
	return nil
}
