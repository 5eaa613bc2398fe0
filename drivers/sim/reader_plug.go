package sim

import "time"

// Unplug pulls the cable: the wire that Serve is on is closed if it has a Close
// method, Serve returns ErrUnplugged, and so does every Serve until Replug.
func (r *Reader) Unplug() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unplug()
}

// unplug is Unplug with r.mu held.
func (r *Reader) unplug() {
	select {
	case <-r.gone:
	default:
		close(r.gone)
	}
	if r.wire != nil {
		r.wire.Close()
	}
}

// Replug puts the cable back: the module powers up anew, and the next Serve
// works.
func (r *Reader) Replug() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.replug()
}

// replug is Replug with r.mu held.
func (r *Reader) replug() {
	select {
	case <-r.gone:
		r.gone = make(chan struct{})
	default:
	}
	r.restart()
}

// Power switches the module's supply, as a relay does; the cable stays in. With
// power it starts anew and has forgotten a hang.
func (r *Reader) Power(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.power(on)
}

// power is Power with r.mu held.
func (r *Reader) power(on bool) {
	if on && r.off {
		r.faults.hung = false
		r.restart()
	}
	r.off = !on
}

// restart is the module's power-up. The card, if any, still lies there.
func (r *Reader) restart() {
	r.state = readerIdle
	r.readyAt = time.Now().Add(r.o.PowerUp)
}

// silent reports whether the module says nothing at all. r.mu is held.
func (r *Reader) silent() bool {
	if r.faults.mute > 0 {
		r.faults.mute--
		return true
	}
	return r.off || r.faults.dead || r.faults.hung || time.Now().Before(r.readyAt)
}
