package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"
	"testing/synctest"
)

// clock makes exact times.
type clock struct{ t *testing.T }

// exact runs f and all that it starts with a clock of their own, which stands
// while any of them works and jumps to the next timer when all wait. All that f
// started must have ended when it returns. Its context is its own, since waiting
// for anything from outside would keep that clock from moving.
func (c clock) exact(f func(ctx context.Context) error) (err error) {
	synctest.Test(c.t, func(t *testing.T) { err = f(t.Context()) })
	return err
}

// withClock runs f, hands it standard output, and exits. The clock is found in
// tests only, so f is run as one; what a test would say goes nowhere.
func withClock(f func(clock, io.Writer) error) {
	out := os.Stdout
	if none, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0); err == nil {
		os.Stdout = none
	}
	all := func(_, _ string) (bool, error) { return true, nil }
	body := func(t *testing.T) {
		if err := f(clock{t}, out); err != nil {
			fmt.Fprintln(os.Stderr, "benchdrivers:", err)
			t.FailNow()
		}
	}
	testing.Main(all, []testing.InternalTest{{Name: "benchdrivers", F: body}}, nil, nil)
}
