package main

import (
	"context"
	"fmt"
	"image"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"github.com/jezek/xgb/xtest"

	"jobhome/ui/uitest"
)

// hand is a finger that knows when it was lifted, and an eye on a part of the
// screen, on a connection of their own (XTEST 2.2; GetImage).
type hand struct {
	x    *xgb.Conn
	root xproto.Window
}

func newHand(d *uitest.Desk) (*hand, error) {
	x, err := xgb.NewConnDisplay(d.Display())
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", d.Display(), err)
	}
	if err := xtest.Init(x); err != nil {
		x.Close()
		return nil, fmt.Errorf("start XTEST: %w", err)
	}
	return &hand{x: x, root: xproto.Setup(x).DefaultScreen(x).Root}, nil
}

func (h *hand) close() { h.x.Close() }

// hold is how long a finger stays down.
const hold = 60 * time.Millisecond

// touch touches p and returns the moment just before the finger was lifted.
func (h *hand) touch(ctx context.Context, p image.Point) (time.Time, error) {
	if err := h.fake(xproto.MotionNotify, 0, p); err != nil {
		return time.Time{}, err
	}
	if err := h.fake(xproto.ButtonPress, 1, image.Point{}); err != nil {
		return time.Time{}, err
	}
	err := rest(ctx, hold)
	up := time.Now()
	if lift := h.fake(xproto.ButtonRelease, 1, image.Point{}); err == nil {
		err = lift
	}
	return up, err
}

func (h *hand) fake(kind, detail byte, p image.Point) error {
	return xtest.FakeInputChecked(h.x, kind, detail, 0, h.root, int16(p.X), int16(p.Y), 0).Check()
}

// inked is the least share of a part of the screen that text takes.
const inked = 0.01

// written reports whether the part of the screen shows words: a ground that is
// not the bare screen's black, and enough that stands out from it.
func (h *hand) written(part image.Rectangle) (bool, error) {
	img, err := xproto.GetImage(h.x, xproto.ImageFormatZPixmap, xproto.Drawable(h.root),
		int16(part.Min.X), int16(part.Min.Y), uint16(part.Dx()), uint16(part.Dy()), 0xffffffff).Reply()
	if err != nil {
		return false, fmt.Errorf("look at the screen: %w", err)
	}
	shades := map[byte]int{} // of the green channel
	for i := 1; i < len(img.Data); i += 4 {
		shades[img.Data[i]]++
	}
	ground, most := byte(0), 0
	for s, n := range shades {
		if n > most {
			ground, most = s, n
		}
	}
	far := 0
	for s, n := range shades {
		if d := int(s) - int(ground); d > 64 || d < -64 {
			far += n
		}
	}
	return ground > 128 && float64(far) > inked*float64(part.Dx()*part.Dy()), nil
}

// until looks at all the parts until each shows words, or none is to.
func (h *hand) until(ctx context.Context, want bool, parts []image.Rectangle) (time.Time, error) {
	for {
		all := true
		for _, part := range parts {
			ok, err := h.written(part)
			if err != nil {
				return time.Time{}, err
			}
			if ok != want {
				all = false
				break
			}
		}
		if all {
			return time.Now(), nil
		}
		if err := rest(ctx, 4*time.Millisecond); err != nil {
			return time.Time{}, fmt.Errorf("the screen never showed what was waited for: %w", err)
		}
	}
}
