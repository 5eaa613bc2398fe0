package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

// speed is a line.
type speed struct {
	name string
	rate int // bytes a second
}

// speeds are the lines measured: serial ones with ten bits a byte, and the pace
// of a full-speed USB printer.
func speeds() []speed {
	return []speed{
		{"9600 baud", 9600 / bitsPerByte},
		{"19200 baud", 19200 / bitsPerByte},
		{"115200 baud", 115200 / bitsPerByte},
		{"USB, 800 kB/s", usb},
	}
}

// usb is what a full-speed USB printer takes, in bytes a second.
const usb = 800_000

// atOnce is how many slips print at the same time in real time. They wait nearly
// always, so that they hardly disturb each other.
const atOnce = 3

// pressAll prints every right slip on every line, ours with the driver.
func pressAll(ctx context.Context, o options, c clock, all []*side) error {
	note("printing every right slip on %d lines, with an exact clock", len(speeds()))
	for _, v := range speeds() {
		for _, s := range all {
			if !s.reading.right() {
				continue
			}
			err := c.exact(func(ctx context.Context) error {
				took, err := pressOne(ctx, s, v.rate)
				s.took[v.rate] = ms(took)
				return err
			})
			if err != nil {
				return fmt.Errorf("%s, %s, %s: %w", s.w.title, s.name, v.name, err)
			}
		}
	}
	if !o.real {
		return nil
	}
	for _, v := range speeds() {
		note("printing our slips %d times in real time: %s", o.rounds, v.name)
		if err := pressReal(ctx, o, v, all); err != nil {
			return err
		}
	}
	return nil
}

// pressReal prints our slips on one line in real time.
func pressReal(ctx context.Context, o options, v speed, all []*side) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		wg   sync.WaitGroup
		mu   sync.Mutex
		free = make(chan struct{}, atOnce)
	)
	for i := range o.rounds * len(all) {
		s := all[i%len(all)]
		if !s.own || ctx.Err() != nil {
			continue
		}
		free <- struct{}{}
		wg.Go(func() {
			defer func() { <-free }()
			took, err := pressOne(ctx, s, v.rate)
			if err != nil {
				cancel(fmt.Errorf("%s, %s, %s: %w", s.w.title, s.name, v.name, err))
			}
			mu.Lock()
			defer mu.Unlock()
			s.real[v.rate] = append(s.real[v.rate], ms(took))
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

func pressOne(ctx context.Context, s *side, rate int) (time.Duration, error) {
	p := newPress(s.w, rate, s.w.speed)
	defer p.close()
	if !s.own {
		out, err := p.pour(s.last)
		return out.took, err
	}
	out, err := p.drive(ctx, s.last)
	return out.took, err
}

// bound is the least time for the slip of s if it had so many bytes.
func (s *side) bound(bytes, rate int) float64 {
	var cut time.Duration
	if len(s.w.profile.Cutter.Command) > 0 {
		cut = cutTime
	}
	return ms(slipBound(wireTime(bytes, rate), paperTime(s.reading.mm, s.w.speed), cut))
}

// cutTable sets the time to the cut against the bounds.
func cutTable(all []*side) table {
	t := table{
		title: "Time to cut, from the call of Print. Bound: the longer of the line's time and the head's, and the cut; the line carries the fewest bytes of any right slip on that printer model. In brackets: against the bound for our own bytes.",
		head:  []string{"printer and slip", "line", "ours", "bound", "ratio", "≤ 1.1", "(own bytes)", "ours in real time", "others, right slips"},
	}
	for _, s := range all {
		if !s.own {
			continue
		}
		fewest := best(all, s.w.profile.Name, true, bytesOf)
		for _, v := range speeds() {
			low, own := s.bound(len(fewest.last), v.rate), s.bound(len(s.last), v.rate)
			t.add(s.w.title, v.name, seconds(s.took[v.rate]), seconds(low), ratio(s.took[v.rate], low),
				yesNo(s.took[v.rate] <= 1.1*low), "("+ratio(s.took[v.rate], own)+")",
				s.inReal(v), othersOf(all, s.w.title, v))
		}
	}
	return t
}

func (s *side) inReal(v speed) string {
	if len(s.real[v.rate]) == 0 {
		return "–"
	}
	return seconds(s.real[v.rate].median())
}

// othersOf tells the time of the others whose slips are right.
func othersOf(all []*side, title string, v speed) string {
	var list []string
	for _, s := range all {
		if s.w.title == title && !s.own && s.reading.right() {
			list = append(list, s.name+" "+seconds(s.took[v.rate]))
		}
	}
	if len(list) == 0 {
		return "–"
	}
	return strings.Join(list, "; ")
}
