package fleet

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
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
