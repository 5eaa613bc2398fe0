package station

import (
	"slices"
	"sync"

	"jobhome/kiosk/session"
)

// parts lists the devices in the order in which staff see them.
func parts() []session.Part {
	return []session.Part{
		session.PartPrinter, session.PartReader, session.PartScanner, session.PartBadge, session.PartPanel,
	}
}

// reports is how every device is.
type reports struct {
	mu      sync.Mutex
	all     []session.DeviceReport
	changed chan struct{} // has something in it after a change; who takes it looks at all
}

func newReports() *reports {
	r := &reports{changed: make(chan struct{}, 1)}
	for _, p := range parts() {
		r.all = append(r.all, session.DeviceReport{Part: p, Health: session.Unfitted})
	}
	return r
}

// set changes a device's report. It never waits, so that the loop of the
// terminal can call it too.
func (r *reports) set(p session.Part, change func(*session.DeviceReport)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.all, func(d session.DeviceReport) bool { return d.Part == p })
	before := r.all[i]
	change(&r.all[i])
	if r.all[i] == before {
		return
	}
	select {
	case r.changed <- struct{}{}:
	default:
	}
}

func (r *reports) list() []session.DeviceReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.all)
}

func (r *reports) get(p session.Part) session.DeviceReport {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all[slices.IndexFunc(r.all, func(d session.DeviceReport) bool { return d.Part == p })]
}

// health sets how a device is, and what is wrong with it.
func (r *reports) health(p session.Part, h session.Health, fault string) {
	r.set(p, func(d *session.DeviceReport) { d.Health, d.Fault = h, fault })
}
