package uitest

import (
	"context"
	"fmt"
	"io"
	"log"
	"sync"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// quietXGB stops the X library from writing to standard error; what goes wrong
// reaches the caller as an error anyway.
var quietXGB = sync.OnceFunc(func() { xgb.Logger = log.New(io.Discard, "", 0) })

// extensionLock guards the library's process-wide table of event decoders.
var extensionLock sync.Mutex

// dialX connects to the display and makes the named extensions known. Each
// package's own Init does the same but writes to the shared table each time,
// while other connections read from it.
func dialX(display string, extensions ...string) (*xgb.Conn, error) {
	extensionLock.Lock()
	defer extensionLock.Unlock()
	quietXGB()
	c, err := xgb.NewConnDisplay(display)
	if err != nil {
		return nil, err
	}
	for _, name := range extensions {
		if err := useExtension(c, name); err != nil {
			c.Close()
			return nil, err
		}
	}
	return c, nil
}

func useExtension(c *xgb.Conn, name string) error {
	r, err := xproto.QueryExtension(c, uint16(len(name)), name).Reply()
	if err != nil {
		return fmt.Errorf("query extension %s: %w", name, err)
	}
	if !r.Present {
		return fmt.Errorf("the X server has no extension %s", name)
	}
	c.ExtLock.Lock()
	c.Extensions[name] = r.MajorOpcode
	c.ExtLock.Unlock()
	for n, f := range xgb.NewExtEventFuncs[name] {
		if at := int(r.FirstEvent) + n; xgb.NewEventFuncs[at] == nil {
			xgb.NewEventFuncs[at] = f
		}
	}
	for n, f := range xgb.NewExtErrorFuncs[name] {
		if at := int(r.FirstError) + n; xgb.NewErrorFuncs[at] == nil {
			xgb.NewErrorFuncs[at] = f
		}
	}
	return nil
}

// connectX opens the connection for the finger and the camera.
func (d *Desk) connectX(context.Context) error {
	c, err := dialX(d.display, "XTEST")
	if err != nil {
		return err
	}
	d.x = c
	d.root = xproto.Setup(c).DefaultScreen(c).Root
	// Nobody needs this connection's events, but unread they would block it.
	go func() {
		for {
			if ev, err := c.WaitForEvent(); ev == nil && err == nil {
				return
			}
		}
	}()
	return nil
}
