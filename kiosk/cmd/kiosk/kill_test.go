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

// killsEnv is how many kills `make kills` asks for; a plain test does a few.
const killsEnv = "JOBHOME_KILLS"

// The power goes at random moments of printing: no referral that the screen
// showed is lost, no slip comes out twice without the mark, nothing prints by
// itself afterwards, and both databases are sound.
func TestPowerCutsWhilePrinting(t *testing.T) {
	t.Parallel()
	kills := 3
	if n, err := strconv.Atoi(os.Getenv(killsEnv)); err == nil {
		kills = n
	}
	r := newRig(t, rigOpts{speed: 300})
	random := rand.New(rand.NewPCG(1, uint64(kills)))
	var marked, plain int
	for i := range kills {
		r.start()
		r.toPosting()
		r.toConfirm()
		r.touch(say("confirm.print"))
		time.Sleep(time.Duration(random.IntN(900)) * time.Millisecond) // when the power goes
		r.kill()
		r.settled(t)
		if i%10 == 9 || i == kills-1 {
			r.reprintNewest()
			p, m := r.tally()
			plain, marked = p, m
		}
	}
	list := r.referrals()
	if plain > len(list) {
		t.Errorf("%d whole slips without a mark for %d referrals", plain, len(list))
	}
	t.Logf("%d kills: %d referrals, %d whole slips without a mark, %d with it", kills, len(list), plain, marked)
	r.eachSlipOnce()
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

// reprintNewest starts and stops the terminal, which must print nothing by
// itself, and then prints the newest referral again by hand.
func (r *rig) reprintNewest() {
	r.Helper()
	r.start()
	r.eventually("a settled ledger", func() bool {
		for _, ref := range r.referrals() {
			if ref.State == kiosk.Printing || ref.State == kiosk.Issued {
				return false
			}
		}
		return true
	})
	before, _ := r.tally()
	r.stop()
	list := r.referrals()
	if len(list) == 0 {
		return
	}
	must(r.T, "-settings", r.settings, "reprint", string(list[0].Code))
	after, marked := r.tally()
	if marked == 0 && list[0].State != kiosk.Failed {
		r.Errorf("a reprint of a slip that was %s has no mark", list[0].State)
	}
	if after > before && list[0].State != kiosk.Failed {
		r.Errorf("a second slip without the mark came out of a reprint")
	}
}

// eachSlipOnce checks that no code stands on two whole slips without a mark,
// and that every code on paper is in the ledger.
func (r *rig) eachSlipOnce() {
	r.Helper()
	list := r.referrals()
	seen := map[kiosk.Code]int{}
	for _, s := range r.printer.Slips() {
		if !whole(s) {
			continue
		}
		known := false
		for _, ref := range list {
			if says(s, ref.Code.Grouped()) {
				known = true
				if !says(s, slipAgain) {
					seen[ref.Code]++
				}
			}
		}
		if !known {
			r.Errorf("a slip whose code is not in the ledger:\n%s", s.Text)
		}
	}
	for code, n := range seen {
		if n > 1 {
			r.Errorf("%s came out %d times without the mark", code.Grouped(), n)
		}
	}
}
