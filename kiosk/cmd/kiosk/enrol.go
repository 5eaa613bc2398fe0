package main

import (
	"context"
	"os"
	"sync"
	"time"

	"jobhome/kiosk/commission"
	"jobhome/kiosk/session"
)

// pending reports whether the terminal's invitation is not spent yet.
func (t *terminal) pending() bool { return t.setUp.Dir != "" && t.setUp.Pending() }

// rooted reports whether the hub's root is there.
func (t *terminal) rooted() bool {
	_, err := os.Stat(t.settings.Hub.Root)
	return err == nil
}

// serveLink runs the link to the hub until ctx ends. A terminal whose invitation is
// not spent yet tries to, and meanwhile takes its board as soon as the root is
// there; then the link is opened anew.
func (t *terminal) serveLink(ctx context.Context, send func(session.Event)) {
	for t.pending() && ctx.Err() == nil {
		t.serveUnenrolled(ctx, send)
		if l := t.link.Swap(nil); l != nil {
			l.Close()
		}
		if ctx.Err() == nil {
			t.openLink(ctx)
		}
	}
	if l := t.link.Load(); l != nil {
		l.Run(ctx, send)
	}
}

// serveUnenrolled returns when the link should be opened anew: the hub has answered,
// or its root has come.
func (t *terminal) serveUnenrolled(ctx context.Context, send func(session.Event)) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var all sync.WaitGroup
	all.Go(func() {
		defer stop()
		before := t.rooted()
		t.setUp.Keep(ctx, t.linkOptions().Dir, func(err error) {
			state := session.Enrolled
			switch {
			case commission.Refused(err):
				state = session.EnrolRefused
				t.log.Warn("the hub refuses the invitation", "error", err)
			case err != nil:
				state = session.EnrolWaiting
				t.log.Warn("the terminal is not enrolled yet", "error", err)
			default:
				t.log.Info("the terminal is enrolled")
			}
			send(session.Enrolment{At: session.At{Time: time.Now()}, State: state})
			if !before && t.rooted() {
				stop()
			}
		})
	})
	if l := t.link.Load(); l != nil {
		l.Run(ctx, send)
	}
	all.Wait()
}

// settleFor is how long devices may take to come up before they are shown.
const settleFor = 5 * time.Second

// showDevices opens the page of the devices, and has them test themselves, on a
// terminal that was just set up.
func (t *terminal) showDevices(ctx context.Context) {
	if t.setUp.Dir == "" || !t.setUp.Fresh() {
		return
	}
	go func() {
		t.app.Send(ctx, session.SetUp{At: session.At{Time: time.Now()}})
		select {
		case <-time.After(settleFor):
			t.app.Send(ctx, session.SetUp{At: session.At{Time: time.Now()}, Settled: true})
		case <-ctx.Done():
		}
	}()
}

// looked notes that whoever set the terminal up has left the page of the devices.
func (t *terminal) looked(st session.State) {
	switch {
	case st.Page == session.Staff:
		t.sawDevices = true
	case st.Page == session.Attract && t.sawDevices:
		t.sawDevices = false
		if t.setUp.Dir == "" {
			return
		}
		if err := t.setUp.Seen(); err != nil {
			t.log.Warn("the devices will be shown again at the next start", "error", err)
		}
	}
}

// resetter has everything wiped that the terminal keeps.
type resetter struct{ t *terminal }

// Left counts the records that the hub does not have, those that it refused too.
func (r resetter) Left(ctx context.Context) (int, error) {
	pending, aside, err := r.t.ledger.Backlog(ctx)
	return pending + aside, err
}

// Reset asks keeper for it.
func (r resetter) Reset() error { return r.t.setUp.Reset() }
