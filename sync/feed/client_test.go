package feed

import (
	"errors"
	"os"
	"slices"
	"testing"

	"jobhome/kiosk"
	"jobhome/sync/internal/churn"
	"jobhome/sync/wire"
)

// Five days of additions, removals, edits and mostly new dates: every day the
// terminal has the hub's board, byte for byte.
func TestDays(t *testing.T) {
	h := newHub(t, 200)
	c := h.terminal(h.tree)
	rep := c.sync(Applied)
	c.equals(h)
	if rep.Added != 200 || rep.Steps != 1 {
		t.Errorf("first day: %+v", rep)
	}
	c.sync(UpToDate)
	for range 5 {
		h.next(usual)
		c.clock = h.days.Now()
		rep := c.sync(Applied)
		c.equals(h)
		if rep.Steps != 1 || rep.Added != 10 || rep.Removed != 5 || rep.Dated != 30 || rep.To != h.head.Version || rep.Expired {
			t.Errorf("%+v", rep)
		}
		if rep := c.sync(UpToDate); rep.Gets != 2 || rep.Bytes != 0 {
			t.Errorf("nothing new costs %d questions and %d bytes", rep.Gets, rep.Bytes)
		}
	}
}

// The cheaper form is used as long as the board is the hub's; where it is not, the
// plain form, and where that does not come out, the whole board.
func TestFallsBack(t *testing.T) {
	h := newHub(t, 200)
	c := h.terminal(h.tree)
	c.sync(Applied)
	h.next(usual)
	d := h.head.Deltas[0]
	delete(h.tree, d.Plain.Path())
	c.sync(Applied)
	c.equals(h)

	h.next(usual)
	d = h.head.Deltas[1]
	h.tree[d.Dict.Path()] = h.tree[h.head.Deltas[0].Dict.Path()]
	c.sync(Applied)
	c.equals(h)

	// Both forms are of other bytes.
	h.next(usual)
	d = h.head.Deltas[2]
	h.tree[d.Dict.Path()], h.tree[d.Plain.Path()] = []byte("x"), []byte("y")
	h.head.Base = h.base(h.rows, h.head.Version)
	h.head.Version.N++ // a head says one thing only
	h.head.Base.Version = h.head.Version
	h.publish()
	rep := c.sync(Applied)
	c.equals(h)
	if last := c.board.changes[len(c.board.changes)-1]; !last.Replace || rep.Steps != 1 {
		t.Errorf("the base was not taken: %+v", rep)
	}
}

// A board that has silently gone another way is found out within a day, and made
// anew: over the base and the deltas behind it.
func TestBoardThatWentAnotherWay(t *testing.T) {
	for what, spoil := range map[string]func(*memory){
		"a date":       func(m *memory) { m.rows[7].Refreshed += 60 },
		"a row gone":   func(m *memory) { m.rows = append(m.rows[:3:3], m.rows[4:]...) },
		"a row double": func(m *memory) { m.rows[3].Body = m.rows[4].Body },
	} {
		h := newHub(t, 60)
		c := h.terminal(h.tree)
		c.sync(Applied)
		h.next(usual)
		c.clock = h.days.Now()
		c.sync(Applied)
		c.equals(h)
		spoil(c.board)
		c.sync(UpToDate)
		c.clock = c.clock.Add(proofLasts)
		rep := c.sync(Applied)
		c.equals(h)
		if rep.Steps != 2 || !c.board.changes[2].Replace {
			t.Errorf("%s: %+v", what, rep)
		}
	}
}

// A terminal whose state was lost begins at its board, and one whose board was lost
// begins anew; what they had is not forgotten.
func TestLostStateAndLostBoard(t *testing.T) {
	h := newHub(t, 60)
	c := h.terminal(h.tree)
	c.sync(Applied)
	old := h.tree.clone()
	h.next(usual)
	c.sync(Applied)
	o := c.opts

	o.Dir = t.TempDir()
	c.start(o)
	c.opts.From = old
	c.sync(Rollback)
	c.opts.From = h.tree
	c.sync(UpToDate)

	c.board.rows, c.board.sequence = nil, 0
	c.sync(Applied)
	c.equals(h)

	if err := os.WriteFile(c.statePath(), []byte("{half of it"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.start(c.opts)
	c.sync(UpToDate)
	h.next(usual)
	if rep := c.sync(Applied); rep.Steps != 1 || c.board.changes[len(c.board.changes)-1].Replace {
		t.Errorf("%+v", rep)
	}
	c.equals(h)
}

// What is taken down goes at once, also where the bytes of the day are used up,
// and does not come back, whatever a version or a base says. Sums and deltas fit
// all the same.
func TestRevoked(t *testing.T) {
	h := newHub(t, 60)
	c := h.terminal(h.tree)
	c.sync(Applied)
	c.opts.Budget = 1
	id := h.rows[5].ID
	h.revoke = []string{id, h.rows[9].ID, "never-heard-of"}
	edit := func(count int) {
		at := slices.IndexFunc(h.days.Postings(), func(p kiosk.Posting) bool { return p.ID == id })
		h.days.Postings()[at].Headcount = count
	}
	edit(4711) // and the version still has it, edited
	h.next(churn.Day{New: 3, Edited: 2, Dated: 20})
	rep := c.sync(Waiting)
	if rep.Revoked != 2 || c.board.has(id) || rep.To.N != 1 || c.board.changes[1].Sequence != 0 || len(c.board.changes) != 2 {
		t.Errorf("%+v", rep)
	}
	c.opts.Budget = 0
	c.start(c.opts)
	c.sync(Applied)
	lacks := func() {
		t.Helper()
		left := slices.DeleteFunc(slices.Clone([]wire.Row(h.rows)), func(r wire.Row) bool { return slices.Contains(h.revoke, r.ID) })
		if c.board.has(id) || len(c.board.rows) != len(left) || c.st.Current.Sum != h.head.Sum || c.st.Current.Rows != len(h.rows) {
			t.Errorf("%d rows, wanted %d", len(c.board.rows), len(left))
		}
	}
	lacks()
	c.clock = c.clock.Add(proofLasts)
	c.sync(UpToDate) // looked through
	c.board.rows, c.board.sequence = nil, 0
	c.sync(Applied) // anew
	lacks()
	h.revoke = h.revoke[1:] // the hub forgets the id, the terminal does not
	edit(4712)
	h.next(churn.Day{New: 3})
	c.sync(Applied)
	if c.board.has(id) {
		t.Error("what was taken down came back")
	}
	gone := slices.DeleteFunc(slices.Clone(h.rows), func(r wire.Row) bool { return r.ID == id })
	h.to(gone)
	c.sync(Applied)
	if _, ok := c.st.Current.Hidden[id]; ok {
		t.Error("it is still remembered when its version is gone")
	}
}

// What the hub takes down in an ack goes at once too, and stays away until its
// version is gone.
func TestTakeDown(t *testing.T) {
	h := newHub(t, 60)
	c := h.terminal(h.tree)
	c.sync(Applied)
	id := h.rows[5].ID
	rep := c.TakeDown(t.Context(), []string{id, "never-heard-of"})
	if c.is(rep, Applied); rep.Revoked != 1 || c.board.has(id) {
		t.Errorf("%+v", rep)
	}
	c.restart(h.tree)
	c.is(c.TakeDown(t.Context(), []string{id}), UpToDate)
	h.next(churn.Day{New: 3})
	c.sync(Applied)
	if c.board.has(id) || len(c.board.rows) != 62 {
		t.Errorf("%d rows", len(c.board.rows))
	}
	var all []string
	for _, r := range h.rows {
		all = append(all, r.ID)
	}
	c.unchanged(func() { c.is(c.TakeDown(t.Context(), all), WideLane) })
}

// The day's bytes are never exceeded by more than the head and the lane; a whole
// board comes over several days, going on where it was left.
func TestBudget(t *testing.T) {
	h := newHub(t, 300)
	c := h.terminal(h.tree)
	c.opts.Budget = h.head.Base.Size/3 + 1500
	var total int64
	for n := 1; ; n++ {
		rep := c.Sync(t.Context())
		total += rep.Bytes
		if rep.Bytes > c.opts.Budget+1500 {
			t.Errorf("%d bytes in one day", rep.Bytes)
		}
		if again := c.Sync(t.Context()); rep.Code == Waiting && again.Bytes > 3000 {
			t.Errorf("%d bytes more on the same day", again.Bytes)
		} else {
			total += again.Bytes
		}
		if rep.Code == Applied && n > 2 {
			break
		}
		if c.is(rep, Waiting); n > 6 {
			t.Fatal("it does not come to an end")
		}
		c.clock = c.clock.AddDate(0, 0, 1)
		c.start(c.opts)
	}
	c.equals(h)
	if total > h.head.Base.Size+10*1500 {
		t.Errorf("%d bytes for a base of %d: it did not go on where it was left", total, h.head.Base.Size)
	}
}

// A power cut at any moment: the state is written before and after every
// transaction, and the board is whole at each of them.
func TestPowerCut(t *testing.T) {
	h := newHub(t, 60)
	cut := errors.New("the power is gone")
	for moment := 0; ; moment++ {
		c := h.terminal(h.tree.clone())
		c.sync(Applied)
		g := *h
		g.tree = c.opts.From.(tree)
		id := g.rows[5].ID
		g.revoke = []string{id}
		g.to(slices.DeleteFunc(slices.Clone(g.rows), func(r wire.Row) bool { return r.ID == id || r.ID == g.rows[0].ID }))
		at := 0
		stop := func() error {
			if at++; at == moment+1 {
				return cut
			}
			return nil
		}
		c.board.before = func(Change) error { return stop() }
		c.board.after = stop
		rep := c.Sync(t.Context())
		c.board.before, c.board.after = nil, nil
		if rep.Err == nil {
			if moment != 4 {
				t.Errorf("%d moments, not 4", moment)
			}
			return
		}
		o := c.opts
		c.start(o) // what was in memory is gone
		rep = c.Sync(t.Context())
		if rep.Err != nil || rep.Steps > 1 || len(c.board.changes) > 4 {
			t.Fatalf("moment %d: %+v", moment, rep)
		}
		c.equals(&g)
		c.clock = c.clock.Add(proofLasts)
		c.sync(UpToDate)
		if slices.ContainsFunc(c.board.changes[1:], func(c Change) bool { return c.Replace }) {
			t.Errorf("moment %d: the whole board was fetched anew", moment)
		}
	}
}
