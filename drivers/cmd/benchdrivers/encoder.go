package main

import (
	"context"
	"fmt"
	"syscall"
	"time"

	"jobhome/drivers/escpos"
)

// encoder is one side: something that makes a slip's bytes.
type encoder interface {
	// turn encodes n slips and tells of them.
	turn(ctx context.Context, n int) (turn, error)
	close()
}

// turn is n slips, each with a QR code of its own. The last of them is kept.
type turn struct {
	cpu  float64 // ms a slip, user and system
	same float64 // the same of one slip over and over; 0 if it was not measured
	size float64 // bytes a slip
	last []byte
}

// own is our side.
type own struct{ *works }

func (o own) close() {}

func (o own) turn(_ context.Context, n int) (turn, error) {
	e, err := escpos.NewEncoder(o.profile, o.glyphs)
	if err != nil {
		return turn{}, err
	}
	var t turn
	for i := range n / 10 { // warming up, with slips that are not used later
		if _, err := o.encode(e, n+i); err != nil {
			return t, err
		}
	}
	begin, err := cpuTime()
	if err != nil {
		return t, err
	}
	total := 0
	for i := range n {
		if t.last, err = o.encode(e, i); err != nil {
			return t, err
		}
		total += len(t.last)
	}
	middle, err := cpuTime()
	if err != nil {
		return t, err
	}
	for range n {
		if _, err := o.encode(e, n-1); err != nil {
			return t, err
		}
	}
	end, err := cpuTime()
	t.cpu, t.same = ms(middle-begin)/float64(n), ms(end-middle)/float64(n)
	t.size = float64(total) / float64(n)
	return t, err
}

// cpuTime is the CPU time of this process with all its threads (getrusage(2)),
// which is what Node's process.cpuUsage tells of its own.
func cpuTime() (time.Duration, error) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, fmt.Errorf("read the CPU time: %w", err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano()), nil
}
