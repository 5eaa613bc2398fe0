package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/board"
	"jobhome/kiosk/ledger"
)

// windowKills is how often the power is taken from a terminal with its window:
// a twentieth of what is asked of TestKillTheLoop, which needs none.
func windowKills() int {
	n, _ := strconv.Atoi(os.Getenv(loopKillsEnv))
	return max(4, n/20)
}

// The power goes at random moments of printing, as a person sees it: touch,
// and dark. Nothing prints by itself at the next start.
func TestPowerCutsWhilePrinting(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{speed: 300})
	kills := windowKills()
	for i := range kills {
		r.start()
		r.toPosting()
		r.toConfirm()
		r.touch(say("confirm.print"))
		time.Sleep(time.Duration(rand.IntN(900)) * time.Millisecond) // when the power goes
		r.kill()
		r.cutLines(i%2 == 0)
		r.settled(t)
	}
	r.eventually("the printer stands still", r.still())
	before, _ := r.tally()
	r.start()
	r.toPosting()
	r.stop()
	r.reprintOne()
	if plain, _ := r.tally(); plain != before {
		t.Errorf("%d whole slips without the mark before the start, %d after it", before, plain)
	}
	r.account(kills, nil)
}

// settled checks what a cut left behind, as the next start will find it.
func (r *rig) settled(t *testing.T) {
	t.Helper()
	l, err := ledger.Open(filepath.Join(r.data, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if err := l.Check(t.Context()); err != nil {
		t.Error(err)
	}
	b, err := board.Open(filepath.Join(r.data, "board.db"), kiosk.Site{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	if err := b.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if aside := b.Aside(); aside.Path != "" {
		t.Errorf("the board was put aside: %v", aside.Reason)
	}
}
