package feed

import (
	"math/rand/v2"
	"testing"

	"jobhome/sync/delta"
	"jobhome/sync/internal/churn"
	"jobhome/sync/wire"
)

// rolled is where the delta from a version leads in a tree of n versions, as
// sync/publish rolls them up: to the end of its week, from there to the end of four
// weeks, from there to that of sixteen, or to the newest.
func rolled(from, n uint32) uint32 {
	step := uint32(7)
	for from%step == 0 && step < 28*4 {
		step *= 4
	}
	return min((from/step+1)*step, n)
}

// A terminal that was off for sixty days is in step after one round of at most six
// questions: the next root, the head, the revocations, and the deltas that are rolled
// up; and it reads less than a whole board.
func TestSixtyDays(t *testing.T) {
	const days = 61
	h := newHub(t, 150)
	boards := map[uint32]delta.Rows{1: h.rows}
	for n := uint32(2); n <= days; n++ {
		day := churn.Day{New: 2, Gone: 1, Edited: 1}
		if n < 20 {
			day.Dated = 20 // later many have expired
		}
		h.must(h.days.Next(day))
		boards[n] = h.now()
	}
	c := h.terminal(h.tree)
	c.sync(Applied) // and off
	v := func(n uint32) wire.Version { return wire.Version{Epoch: 1, N: n} }
	for from := uint32(1); from < days; {
		to := rolled(from, days)
		h.head.Deltas = append(h.head.Deltas, h.between(boards[from], v(from), boards[to], v(to)))
		from = to
	}
	h.rows, h.head.Version = boards[days], v(days)
	h.revoke = []string{h.rows[0].ID}
	h.publish()
	c.clock = h.days.Now()
	rep := c.sync(Applied)
	if rep.Gets > 6 || rep.Bytes > h.head.Base.Size || len(c.board.rows) != len(h.rows)-1 || rep.To != h.head.Version {
		t.Errorf("%+v; a base has %d bytes", rep, h.head.Base.Size)
	}
	t.Logf("%d questions, %d bytes; a base has %d", rep.Gets, rep.Bytes, h.head.Base.Size)
	c.equalsBut(h, h.revoke[0])
}

// Whenever a terminal was switched off, few deltas bring it back.
func TestFewDeltasFromAnywhere(t *testing.T) {
	const days = 120
	h := &wire.Head{Version: wire.Version{Epoch: 1, N: days}, Base: wire.Base{Version: wire.Version{Epoch: 1, N: 1}}}
	h.Base.Size = 1 << 30
	for n := uint32(1); n < days; n++ {
		to := rolled(n, days)
		h.Deltas = append(h.Deltas, delta1(wire.Version{Epoch: 1, N: n}, wire.Version{Epoch: 1, N: to}, int64(to-n)*1000))
	}
	for n := uint32(days - 60); n < days; n++ {
		if way := plan(wire.Version{Epoch: 1, N: n}, h, nil); len(way) == 0 || len(way) > 4 {
			t.Errorf("from %d over %d deltas", n, len(way))
		}
	}
}

func delta1(from, to wire.Version, size int64) wire.Delta {
	d := wire.Delta{From: from, To: to, Plain: wire.Object{Size: size}}
	d.Plain.Hash[0], d.Plain.Hash[1], d.Plain.Hash[2], d.Plain.Hash[3] = byte(from.N), byte(from.N>>8), byte(to.N), byte(to.N>>8)
	return d
}

// The plan is as cheap as the cheapest of all ways, tried one by one.
func TestPlanIsCheapest(t *testing.T) {
	dice := rand.New(rand.NewPCG(1, 2))
	v := func(n int) wire.Version { return wire.Version{Epoch: 1, N: uint32(n)} }
	for range 300 {
		newest := 3 + dice.IntN(6)
		h := &wire.Head{Version: v(newest)}
		h.Base = wire.Base{Version: v(1 + dice.IntN(newest)), Object: wire.Object{Size: int64(dice.IntN(40000)), Hash: wire.Hash{31: 1}}}
		for range dice.IntN(14) {
			from := 1 + dice.IntN(newest-1)
			d := delta1(v(from), v(from+1+dice.IntN(newest-from)), int64(dice.IntN(20000)))
			if dice.IntN(2) == 0 {
				d.Dict = &wire.Object{Size: d.Plain.Size / 2}
			}
			h.Deltas = append(h.Deltas, d)
		}
		dead := map[wire.Hash]bool{}
		if len(h.Deltas) > 3 && dice.IntN(2) == 0 {
			dead[h.Deltas[2].Plain.Hash] = true
		}
		from := v(dice.IntN(newest))
		if dice.IntN(5) == 0 {
			dead[h.Base.Hash] = true
		}
		way, cost, at := plan(from, h, dead), int64(0), from
		for _, e := range way {
			to, size := h.Base.Version, h.Base.Size+perGet
			if e.delta != nil {
				if to, size = e.delta.To, price(*e.delta); e.delta.From != at {
					t.Fatalf("a way with a gap: %v", way)
				}
			}
			if cost, at = cost+size, to; dead[e.key(h)] {
				t.Fatalf("a way over what is dead: %v", way)
			}
		}
		want := exhaust(from, from, h, dead)
		if way == nil && want >= 0 || way != nil && (cost != want || at != h.Version) {
			t.Fatalf("from %s: %d bytes over %v, the cheapest has %d", from, cost, way, want)
		}
	}
}

// exhaust tries every way; -1: there is none.
func exhaust(at, start wire.Version, h *wire.Head, dead map[wire.Hash]bool) int64 {
	if at == h.Version {
		return 0
	}
	best := int64(-1)
	try := func(to wire.Version, cost int64) {
		if rest := exhaust(to, wire.Version{}, h, dead); rest >= 0 && (best < 0 || rest+cost < best) {
			best = rest + cost
		}
	}
	for _, d := range h.Deltas {
		if d.From == at && !dead[d.Plain.Hash] {
			size := d.Plain.Size
			if d.Dict != nil {
				size = min(size, d.Dict.Size)
			}
			try(d.To, size+perGet)
		}
	}
	if at == start && !dead[h.Base.Hash] {
		try(h.Base.Version, h.Base.Size+perGet)
	}
	return best
}
