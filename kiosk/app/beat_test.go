package app

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/kiosk"
)

// stuckBoard is a board whose disk does not answer.
type stuckBoard struct {
	Board
	held chan struct{}
}

func (b stuckBoard) Search(context.Context, kiosk.Query) (kiosk.Results, error) {
	<-b.held
	return kiosk.Results{}, errors.New("the disk answers late")
}

// The loop answers a beat at once, not while it is held up, and again after.
func TestBeat(t *testing.T) {
	var held chan struct{}
	at(t, func(o *Options) {
		held = make(chan struct{}) // in the bubble
		o.Board = stuckBoard{o.Board, held}
	}, func(r *rig) {
		beat := func() error {
			ctx, stop := context.WithTimeout(r.ctx, time.Minute)
			defer stop()
			return r.app.Beat(ctx)
		}
		if err := beat(); err != nil {
			t.Errorf("a loop that runs: %v", err)
		}
		r.touch("start", "", "tile", "nearby")
		if err := beat(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a loop that is held up: %v", err)
		}
		close(held)
		synctest.Wait()
		if err := beat(); err != nil {
			t.Errorf("a loop that goes on: %v", err)
		}
	})
}
