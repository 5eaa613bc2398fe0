package uitest

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"
)

// Names of the AT-SPI 2 D-Bus interfaces.
const (
	registryName   = "org.a11y.atspi.Registry"
	rootPath       = dbus.ObjectPath("/org/a11y/atspi/accessible/root")
	ifAccessible   = "org.a11y.atspi.Accessible"
	ifComponent    = "org.a11y.atspi.Component"
	ifApplication  = "org.a11y.atspi.Application"
	ifText         = "org.a11y.atspi.Text"
	propGet        = "org.freedesktop.DBus.Properties.Get"
	propSet        = "org.freedesktop.DBus.Properties.Set"
	pollEvery      = 20 * time.Millisecond
	callLimit      = 5 * time.Second // one call to a program that hangs
	screenRelative = uint32(0)       // ATSPI_COORD_TYPE_SCREEN
)

// objectRef is the (so) pair by which AT-SPI names one accessible object.
type objectRef struct {
	Bus  string
	Path dbus.ObjectPath
}

// connectA11y activates the accessibility bus (org.a11y.Bus on the session
// bus), switches accessibility on and connects.
func (d *Desk) connectA11y(ctx context.Context) error {
	session, err := connectBus(ctx, d.session)
	if err != nil {
		return fmt.Errorf("session bus: %w", err)
	}
	defer session.Close()
	launcher := session.Object("org.a11y.Bus", "/org/a11y/bus")
	var address string
	err = launcher.CallWithContext(ctx, "org.a11y.Bus.GetAddress", 0).Store(&address)
	if err != nil {
		return missingA11y(err)
	}
	err = launcher.CallWithContext(ctx, propSet, 0, "org.a11y.Status", "IsEnabled", dbus.MakeVariant(true)).Err
	if err != nil {
		return fmt.Errorf("set org.a11y.Status IsEnabled: %w", err)
	}
	d.a11y, err = connectBus(ctx, address)
	if err != nil {
		return fmt.Errorf("accessibility bus: %w", err)
	}
	// The first call starts the registry; a program that comes before it
	// would wait for it too.
	if _, err := children(ctx, d.object(objectRef{registryName, rootPath})); err != nil {
		return missingA11y(err)
	}
	return nil
}

// connectBus connects to a bus daemon.
func connectBus(ctx context.Context, address string) (*dbus.Conn, error) {
	c, err := dialDBus(ctx, address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	if err := c.Hello(); err != nil {
		c.Close()
		return nil, errors.Join(err, ctx.Err())
	}
	return c, nil
}

// dialDBus connects and authenticates. The library's own functions would wait
// for ever for a peer that hangs.
func dialDBus(ctx context.Context, address string) (*dbus.Conn, error) {
	c, err := dbus.Dial(address)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { c.Close() })
	defer stop()
	if err := c.Auth(nil); err != nil {
		c.Close()
		return nil, errors.Join(err, ctx.Err())
	}
	return c, nil
}

// missingA11y names the package when the bus knows no such service.
func missingA11y(err error) error {
	var e dbus.Error
	if errors.As(err, &e) && strings.Contains(e.Name, "ServiceUnknown") {
		return fmt.Errorf("the accessibility service is not installed (Debian package at-spi2-core): %w: %w", exec.ErrNotFound, err)
	}
	return err
}

func (d *Desk) object(r objectRef) dbus.BusObject { return d.a11y.Object(r.Bus, r.Path) }

func children(ctx context.Context, o dbus.BusObject) ([]objectRef, error) {
	var refs []objectRef
	if err := o.CallWithContext(ctx, ifAccessible+".GetChildren", 0).Store(&refs); err != nil {
		return nil, err
	}
	return refs, nil
}

func objectName(ctx context.Context, o dbus.BusObject) (string, error) {
	var v dbus.Variant
	if err := o.CallWithContext(ctx, propGet, 0, ifAccessible, "Name").Store(&v); err != nil {
		return "", err
	}
	s, _ := v.Value().(string)
	return s, nil
}

// App is a running program on the accessibility bus.
type App struct {
	desk   *Desk
	ref    objectRef
	name   string
	direct *dbus.Conn // nil when the program offers none
}

// connectDirect asks the program for a connection of its own, which saves the
// way through the bus daemon, a third of the time. Not every toolkit offers
// one, and the bus serves as well, so a failure is no error.
func (a *App) connectDirect(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	var address string
	err := a.desk.object(a.ref).CallWithContext(ctx, ifApplication+".GetApplicationBusAddress", 0).Store(&address)
	if err != nil || address == "" {
		return
	}
	c, err := dialDBus(ctx, address)
	if err != nil {
		return
	}
	a.direct = c
	a.desk.direct = append(a.desk.direct, c)
}

// object is one of this program's own.
func (a *App) object(r objectRef) dbus.BusObject {
	if a.direct != nil {
		return a.direct.Object(r.Bus, r.Path)
	}
	return a.desk.object(r)
}

// App waits until a program of that name (for GTK the name of its executable)
// has registered on the accessibility bus. When several have, the newest is
// meant. The error lists the programs that are there.
func (d *Desk) App(ctx context.Context, name string) (*App, error) {
	var seen []string
	for {
		app, now := d.findApp(ctx, name)
		if app != nil {
			app.connectDirect(ctx)
			return app, nil
		}
		if ctx.Err() == nil {
			seen = now
		}
		if err := pause(ctx, pollEvery); err != nil {
			return nil, fmt.Errorf("uitest: program %q is not on the accessibility bus (there: %q): %w", name, seen, err)
		}
	}
}

// findApp takes errors for "not there": a program that is just leaving stays
// listed for a moment.
func (d *Desk) findApp(ctx context.Context, name string) (*App, []string) {
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	refs, err := children(ctx, d.object(objectRef{registryName, rootPath}))
	if err != nil {
		return nil, nil
	}
	var found *App
	var seen []string
	for _, ref := range refs {
		n, err := objectName(ctx, d.object(ref))
		if err != nil {
			continue
		}
		seen = append(seen, n)
		if n == name {
			found = &App{desk: d, ref: ref, name: name}
		}
	}
	return found, seen
}

// pause sleeps unless ctx ends first, and then returns its cause.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
