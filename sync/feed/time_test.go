package feed

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/sync/internal/churn"
	"jobhome/sync/record"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// A clock that is years off, either way, neither blanks the board nor lets an old
// head in, and new ones come through.
func TestClockYearsOff(t *testing.T) {
	for _, v := range []struct {
		years   int
		expired bool
	}{{-56, false}, {-3, false}, {0, false}, {5, true}, {80, true}} {
		h := newHub(t, 30)
		c := h.terminal(h.tree)
		c.clock = start.AddDate(v.years, 0, 0)
		rep := c.sync(Applied)
		if rep.Expired != v.expired || !rep.AsOf.Equal(h.head.Issued) {
			t.Errorf("%d years: %+v", v.years, rep)
		}
		if v.years < 0 && c.now().Before(start) {
			t.Errorf("%d years: the time is %s, before the newest head", v.years, c.now())
		}
		c.equals(h)
		old := h.tree.clone()
		h.next(someDay)
		c.sync(Applied)
		c.opts.From = old
		c.unchanged(func() { c.sync(Rollback) })
		c.equals(h)
	}
}

// A head that nobody has replaced says so, in time that is counted even where the
// clock stands still, and the board stays.
func TestExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 30)
		c := h.terminal(h.tree)
		c.clock = time.Unix(0, 0) // for ever
		c.sync(Applied)
		time.Sleep(47 * time.Hour)
		if rep := c.sync(UpToDate); rep.Expired {
			t.Errorf("%+v", rep)
		}
		time.Sleep(2 * time.Hour)
		if rep := c.sync(UpToDate); !rep.Expired || !rep.AsOf.Equal(start) {
			t.Errorf("%+v", rep)
		}
		c.equals(h)
	})
}

// Whoever has stolen the key of heads can sign the last number that there is. Then
// every honest head is older, until the root gives the role to another key: the new
// epoch is above all that was signed in the old one.
func TestFastForward(t *testing.T) {
	a := newArena(t)
	a.lie(func(h *wire.Head) { h.Version.N = 1<<32 - 1; a.latest(h, 0) })
	a.c.sync(Applied)
	thief := a.mirror["b/"+boardName+"/head"]
	a.c.restart(a.tree)
	a.c.sync(Rollback) // the control: without a new root the thief has won

	a.newRoot(func(r *trust.Root) { r.SetRole(trust.RoleHead, 1, signer(11).Key()) }, signer(1), signer(3))
	a.sign = signer(11)
	a.head.Version = wire.Version{Epoch: 2, N: 1}
	a.head.Base, a.head.Deltas = a.base(a.rows, a.head.Version), nil
	a.publish()
	a.c.sync(Applied)
	a.c.equals(a.hub)
	a.tree["b/"+boardName+"/head"] = thief
	a.c.unchanged(func() { a.c.sync(Unsigned) })
}

// Roots that have expired, one behind the other while the terminal was off, lead
// on to the newest.
func TestRootsOfYears(t *testing.T) {
	a := newArena(t)
	for n := byte(0); n < 5; n++ {
		a.newRoot(func(r *trust.Root) { r.SetRole(trust.RoleRoot, 2, publicKeys(2+n, 4+n)...) }, signer(2+n), signer(3+n))
	}
	left := a.mirror.clone()
	delete(left, "root/4.json")
	a.lie(func(h *wire.Head) { a.latest(h, 0) })
	a.c.sync(Applied)
	if got, err := trust.ReadRoot(a.c.st.Root); err != nil || got.N != 6 {
		t.Errorf("root %d, %v", got.N, err)
	}
	a.c.restart(a.mirror)
	if rep := a.c.sync(UpToDate); rep.Gets != 2 {
		t.Errorf("%d questions: roots that were proven are asked for again", rep.Gets)
	}
	b := newArena(t)
	b.c.restart(left) // one is left out: it goes no further than the one before
	b.c.sync(Applied)
	if got, err := trust.ReadRoot(b.c.st.Root); err != nil || got.N != 3 {
		t.Errorf("root %d, %v", got.N, err)
	}
}

// The hub has told of a newer head than the mirror has. Alone, a frozen mirror
// cannot be told from a quiet day.
func TestFrozenMirror(t *testing.T) {
	for _, told := range []bool{false, true} {
		h := newHub(t, 30)
		c := h.terminal(h.tree)
		c.sync(Applied)
		c.opts.From = h.tree.clone()
		h.next(churn.Day{New: 1})
		want := UpToDate
		if told {
			notes := []record.HeadNote{{Board: "another", Version: wire.Version{Epoch: 9, N: 9}}, {Board: boardName, Version: h.head.Version}}
			if err := c.Heard(notes, start.Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			want = Frozen
		}
		c.restart(c.opts.From) // what was heard is remembered
		if rep := c.sync(want); told && (rep.Newest != h.head.Version || c.st.Wait == 0) {
			t.Errorf("%+v", rep)
		}
		c.restart(h.tree)
		c.sync(Applied)
		c.equals(h)
		c.sync(UpToDate)
		if told && c.st.Floor.Hub.IsZero() {
			t.Error("the hub's time was not taken for a floor")
		}
	}
}

// moody is a source that fails.
type moody struct{ err error }

func (m *moody) Get(context.Context, string, Range) (Reply, error) { return Reply{}, m.err }

// Waiting after troubles grows to an hour and no more, is spread, and is not
// forgotten when the power goes; a server's wish goes before.
func TestBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 30)
		from := &moody{errors.New("no network")}
		c := h.terminal(from)
		c.opts.Now = running()
		c.restart(from)
		var rounds []time.Time
		c.opts.Done = func(Report) { rounds = append(rounds, c.now()) }
		run(t, c.Client, 24*time.Hour)
		if n := len(rounds); n < 24 || n > 60 {
			t.Errorf("%d rounds in a day without a network", n)
		}
		longest := time.Duration(0)
		for i := 1; i < len(rounds); i++ {
			gap := rounds[i].Sub(rounds[i-1])
			if longest = max(longest, gap); gap < leastWait || gap > mostWait {
				t.Errorf("waited %s", gap)
			}
		}
		if longest < mostWait/2 {
			t.Errorf("it never waited longer than %s", longest)
		}

		done := c.opts.Done
		c.restart(from)
		c.opts.Done = done
		left := c.st.NotUntil
		rounds = nil
		run(t, c.Client, 2*time.Hour)
		if len(rounds) == 0 || rounds[0].Before(left) {
			t.Errorf("after a power cut it came at %v, not after %s", rounds, left)
		}

		from.err = &Later{3 * time.Hour}
		c.sync(Busy)
		rounds = nil
		run(t, c.Client, 24*time.Hour)
		if len(rounds) < 7 || len(rounds) > 8 {
			t.Errorf("%d rounds in a day, three hours apart", len(rounds))
		}
		from.err = fmt.Errorf("gone again")
		c.sync(Unreachable)
		c.opts.From = h.tree
		c.sync(Applied)
		if c.st.Wait != 0 || !c.st.NotUntil.IsZero() {
			t.Error("a good round does not end the back-off")
		}
	})
}

// running is a clock that begins at the start, in the time of a synctest bubble.
func running() func() time.Time {
	began := time.Now()
	return func() time.Time { return start.Add(time.Since(began)) }
}

// run runs the client for a while.
func run(t *testing.T, c *Client, d time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	c.Run(ctx)
}

// A back-off that another clock wrote down, years ahead, holds nothing up.
func TestBackOffOfAnotherClock(t *testing.T) {
	h := newHub(t, 30)
	c := h.terminal(&moody{errors.New("no network")})
	c.clock = start.AddDate(20, 0, 0)
	c.sync(Unreachable)
	if c.held() == 0 {
		t.Error("the control: it waits")
	}
	c.clock = start
	if left := c.held(); left != 0 {
		t.Errorf("it waits %s", left)
	}
}

// A fleet spreads evenly over its window, each terminal at its own moment, and one
// whose power has come back soon after.
func TestSchedule(t *testing.T) {
	var tenth [10]int
	for i := range 5000 {
		slot := Slot(fmt.Sprintf("360482%03d-%02d", i/20, i%20), 15*time.Minute)
		if slot < 0 || slot >= 15*time.Minute {
			t.Fatal(slot)
		}
		tenth[slot*10/(15*time.Minute)]++
	}
	for i, n := range tenth {
		if n < 400 || n > 600 {
			t.Errorf("%d of 5000 terminals come in tenth %d", n, i)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 30)
		c := h.terminal(h.tree)
		c.opts.Now = running()
		c.restart(h.tree)
		var rounds []time.Time
		c.opts.Done = func(Report) { rounds = append(rounds, c.now()) }
		began := c.now()
		run(t, c.Client, 79*time.Minute)
		if n := len(rounds); n < 6 || n > 7 || rounds[0].Sub(began) > bootJitter {
			t.Fatalf("rounds %v after %s", rounds, began)
		}
		for _, at := range rounds[1:] {
			if at.Sub(at.Truncate(c.opts.Every)) != Slot(c.opts.Kiosk, c.opts.Every) {
				t.Errorf("a round at %s", at)
			}
		}
		h.next(someDay)
		c.sync(Applied)
		h.next(someDay)
		rounds = nil
		time.AfterFunc(5*time.Minute, func() { // between two rounds
			if err := c.Heard([]record.HeadNote{{Board: boardName, Version: h.head.Version}}, c.now()); err != nil {
				t.Error(err)
			}
		})
		run(t, c.Client, 5*time.Minute+time.Second)
		if n := len(rounds); n == 0 || rounds[n-1].Sub(rounds[0]) > 5*time.Minute || c.board.sequence != h.head.Version.Sequence() {
			t.Errorf("rounds %v after the hub has told of news", rounds)
		}
		c.equals(h)
	})
}
