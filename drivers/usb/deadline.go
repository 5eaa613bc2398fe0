package usb

import (
	"sync"
	"time"
)

// deadline is a point in time that may be moved while somebody waits for it. The
// zero value never comes.
type deadline struct {
	mu    sync.Mutex
	timer *time.Timer
	past  chan struct{} // closed when it has come
}

// set moves the deadline; the zero time means never.
func (d *deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	select {
	case <-d.channel():
		d.past = make(chan struct{})
	default:
	}
	if t.IsZero() {
		return
	}
	past, wait := d.past, time.Until(t)
	if wait <= 0 {
		close(past)
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(wait, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.timer == timer { // not moved meanwhile
			d.timer = nil
			close(past)
		}
	})
	d.timer = timer
}

// wait is closed when the deadline has come. A waiter that holds it while the
// deadline is moved wakes at the new one.
func (d *deadline) wait() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.channel()
}

func (d *deadline) channel() chan struct{} {
	if d.past == nil {
		d.past = make(chan struct{})
	}
	return d.past
}
