package idcard

import (
	"context"
	"fmt"
	"maps"
	"time"

	"jobhome/drivers/idcard/samv"
)

// Stats is how a reader has fared since New, for a staff page. It holds nothing
// of a card.
type Stats struct {
	Up     bool   // it answers and has passed its self-test
	Reason error  // if not Up: why; nil before it was tried
	SAM    string // the number on the module's label, "" until it was ready once

	Reads       int                 // cards reported
	Failures    map[samv.Status]int // attempts to read that failed, by the module's code; 0: no usable answer, or a damaged record
	Answers     int                 // commands answered
	Unanswered  int                 // commands without a usable answer
	Opens       int                 // how often its line was opened
	Resets      int                 // of the module, by command
	PowerCycles int
	LastAnswer  time.Time // zero if it never answered
}

// Stats returns the counters as they are now.
func (d *Dev) Stats() Stats {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.stats
	s.Failures = maps.Clone(s.Failures)
	return s
}

// count changes the counters.
func (d *Dev) count(f func(*Stats)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.stats.Failures == nil {
		d.stats.Failures = map[samv.Status]int{}
	}
	f(&d.stats)
}

// counted notes how one command ended.
func (d *Dev) counted(err error) {
	d.count(func(s *Stats) {
		if err != nil {
			s.Unanswered++
			return
		}
		s.Answers++
		s.LastAnswer = time.Now()
	})
}

// Report is what Test found.
type Report struct {
	SAM    string      // the number on the module's label
	Status samv.Status // of its self-test: OK, SelfTestFailed or NotAuthorised
	Took   time.Duration
}

// test is a request to the loop, and where the answer goes; it never blocks the
// loop.
type test chan<- tested

type tested struct {
	r   Report
	err error
}

// Test asks the module for its number and its self-test, through the loop of
// Run, and returns what it says. While a card lies on the reader it returns
// ErrCardOn, since the commands might make the module forget the card; while
// the reader is down, the reason of that; without Run, ErrNotRunning. It may be
// called from any goroutine but not from emit.
func (d *Dev) Test(ctx context.Context) (Report, error) {
	d.mu.Lock()
	stop := d.stop
	d.mu.Unlock()
	if stop == nil {
		return Report{}, ErrNotRunning
	}
	answer := make(chan tested, 1)
	select {
	case d.test <- answer:
	case <-stop:
		return Report{}, ErrNotRunning
	case <-ctx.Done():
		return Report{}, fmt.Errorf("idcard: test: the reader is busy: %w", ctx.Err())
	}
	select {
	case t := <-answer:
		return t.r, t.err
	case <-stop:
		return Report{}, ErrNotRunning
	case <-ctx.Done():
		return Report{}, fmt.Errorf("idcard: test: %w", ctx.Err())
	}
}

// answer does a test between two ticks. The error ends the session.
func (r *run) answer(q test) error {
	t, err := r.examine()
	q <- t
	return r.hard(err)
}

func (r *run) examine() (t tested, err error) {
	if r.seen.what != nothing {
		return tested{err: ErrCardOn}, nil
	}
	defer func() {
		if err != nil {
			t = tested{err: fmt.Errorf("idcard: test: %w", err)}
		}
	}()
	start := time.Now()
	id, err := r.do(samv.SAMID)
	if err != nil {
		return t, err
	}
	if id.Status != samv.OK {
		t.r.Status = id.Status
		return t, nil
	}
	t.r.SAM = samv.FormatSAMID(id.Data)
	health, err := r.do(samv.SAMStatus)
	if err != nil {
		return t, err
	}
	t.r.Status, t.r.Took = health.Status, time.Since(start)
	return t, nil
}
