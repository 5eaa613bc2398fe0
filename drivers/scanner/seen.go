package scanner

import (
	"crypto/hmac"
	"crypto/sha256"
	"time"
)

// codesSeen is how many codes lie in view at once at most: a person may hold a
// sheet with several, and the scanner reads them in turns.
const codesSeen = 8

// sum stands for a code without telling it.
type sum [sha256.Size]byte

// seen knows the codes of the last moments.
type seen struct {
	key  []byte
	last [codesSeen]struct {
		who sum
		at  time.Time
	}
}

// again reports whether a code was read less than d ago, and notes it. Each
// reading counts anew, so a code held still for an hour is one.
func (s *seen) again(code []byte, d time.Duration) bool {
	h := hmac.New(sha256.New, s.key)
	h.Write(code)
	var who sum
	h.Sum(who[:0])
	now, oldest := time.Now(), 0
	for i := range s.last {
		if l := &s.last[i]; l.who == who && !l.at.IsZero() {
			held := now.Sub(l.at) < d
			l.at = now
			return held
		}
		if s.last[i].at.Before(s.last[oldest].at) {
			oldest = i
		}
	}
	s.last[oldest].who, s.last[oldest].at = who, now
	return false
}
