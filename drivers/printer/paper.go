package printer

import "jobhome/drivers/escpos"

// Counters is how much a printer has printed. The caller keeps it over a restart
// and gives it back with SetCounters.
type Counters struct {
	Slips     int     // printed, since the roll was changed
	MM        float64 // paper they and what went wrong have used, about
	AllSlips  int     // printed, ever
	AllMM     float64
	Retracted int // slips that nobody took and the presenter took back
}

// Counters is what has been printed.
func (d *Dev) Counters() Counters {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.counters
}

// SetCounters goes on from what was kept.
func (d *Dev) SetCounters(c Counters) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counters = c
}

// PaperChanged says that a new roll is in the printer. A printer whose paper ran
// out under a closed cover, and that has paper again, counts from a new roll by
// itself; an open cover alone proves nothing, since it lifts the sensor.
func (d *Dev) PaperChanged() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counters.Slips, d.counters.MM = 0, 0
}

// used counts the paper of a job, of which so much was sent.
func (d *Dev) used(mm float64, slip bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := &d.counters
	c.MM += mm
	c.AllMM += mm
	if slip {
		c.Slips++
		c.AllSlips++
	}
}

// usualSlip is the length of a slip as long as none was printed, in mm.
const usualSlip = 120

// predict adds to a status what the count of paper says, and watches for a new
// roll.
func (d *Dev) predict(st escpos.Status) escpos.Status {
	switch {
	case st.PaperOut && !st.CoverOpen:
		d.rollOut = true
	case d.rollOut && st.Ready():
		d.rollOut = false
		d.PaperChanged()
	}
	if d.o.Roll <= 0 || st.PaperLow || st.Unknown() {
		return st
	}
	c := d.Counters()
	slip := float64(usualSlip)
	if c.Slips > 0 {
		slip = c.MM / float64(c.Slips)
	}
	if d.o.Roll*1000-c.MM < slip*float64(d.o.LowSlips) {
		st.PaperLow, st.Predicted = true, true
	}
	return st
}
