package fleet

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/sync/record"
)

func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ts turns
		var all sync.WaitGroup
		inside := map[string]int{}
		var mu sync.Mutex
		begun := time.Now()
		for i := range 20 {
			name := string(rune('a' + i%2))
			all.Go(func() {
				done, err := ts.take(t.Context(), name)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if inside[name]++; inside[name] != 1 {
					t.Errorf("%d of %s at once", inside[name], name)
				}
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				inside[name]--
				mu.Unlock()
				done()
			})
		}
		all.Wait()
		if d := time.Since(begun); d != 10*time.Second {
			t.Errorf("took %v: others had to wait too, or nobody had to", d)
		}
		if len(ts.busy) != 0 {
			t.Errorf("%d names are kept", len(ts.busy))
		}
		done, _ := ts.take(t.Context(), "a")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := ts.take(ctx, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v", err)
		}
		done()
		if len(ts.busy) != 0 {
			t.Errorf("%d names are kept", len(ts.busy))
		}
	})
}

// Two hubs over one database know nothing of each other's turns: the terminal's row
// keeps the same records, in different pieces, from being accepted twice.
func TestSeveralHubsAtTheSameTime(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		var all []record.Record
		for range 40 {
			all = append(all, k.referral(code(t)))
		}
		all = append(all, k.call("13800138000"))
		const hubs = 8
		ins := make([]*intake, hubs)
		for i := range ins {
			trusted, b, err := h.believe(t.Context(), From{}, k.sign(k.batch(all[i*3:min(len(all), i*3+25)]...)))
			if err != nil {
				t.Fatal(err)
			}
			ins[i] = &intake{Fleet: h.Fleet, trusted: trusted, batch: b, now: h.clock(), items: h.readAll(b, 0, h.clock())}
		}
		fail := make(chan error)
		for _, in := range ins {
			go func() { fail <- in.write(t.Context()) }()
		}
		for range ins {
			if err := <-fail; err != nil {
				t.Error(err)
			}
		}
		accepted := map[uint64]int{}
		mark := int64(0)
		for _, in := range ins {
			mark = max(mark, in.watermark)
			for _, v := range in.verdicts {
				if v.State == record.Accepted {
					accepted[v.Seq]++
				}
			}
		}
		for _, r := range all {
			if n := accepted[r.Seq]; n != 1 {
				t.Errorf("record %d was accepted %d times", r.Seq, n)
			}
		}
		if n, m := h.count("fleet_referral"), h.count("fleet_callback"); n != 40 || m != 1 || mark != 41 {
			t.Errorf("%d referrals, %d requests, watermark %d", n, m, mark)
		}
	})
}
