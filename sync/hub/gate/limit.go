package gate

import (
	"sync"
	"time"
)

// limiter lets each key do something burst times at once, and once more every
// step. It is kept in memory: a restart forgives.
type limiter struct {
	burst int
	step  time.Duration

	mu   sync.Mutex
	free map[string]time.Time // when the key has its whole burst again
}

// mostKeys bounds the memory. Keys that have their whole burst again are dropped
// when it is reached, and if that is not enough nobody new is let in.
const mostKeys = 100_000

func newLimiter(burst int, step time.Duration) *limiter {
	return &limiter{burst: burst, step: step, free: map[string]time.Time{}}
}

// take lets it happen and returns 0, or returns how long to wait.
func (l *limiter) take(key string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	full, known := l.free[key]
	if !known && len(l.free) >= mostKeys {
		for k, t := range l.free {
			if !t.After(now) {
				delete(l.free, k)
			}
		}
		if len(l.free) >= mostKeys {
			return l.step
		}
	}
	if full.Before(now) {
		full = now
	}
	full = full.Add(l.step)
	if wait := full.Sub(now) - time.Duration(l.burst)*l.step; wait > 0 {
		return wait
	}
	l.free[key] = full
	return 0
}
