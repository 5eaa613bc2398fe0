package staff

import (
	"cmp"
	"fmt"
	"hash/crc32"
	"os"
	"time"
)

const (
	freeTries = 5           // wrong ones before the first lock
	firstLock = time.Minute // doubled with each further wrong try
	mostLock  = 30 * time.Minute
	mostTries = 1_000_000 // counted
	triesFile = "staff.tries"
	maxFile   = 256 // bytes of a file that can be ours
)

// tries is how many wrong tries there were since the last right one, and until
// when the page is locked. Both are what the file holds.
type tries struct {
	wrong int
	until time.Time // zero: not locked
}

// lockFor is how long the page is locked after so many wrong tries.
func lockFor(wrong int) time.Duration {
	if wrong < freeTries {
		return 0
	}
	return min(firstLock<<min(wrong-freeTries, 10), mostLock)
}

// more is t after another wrong try.
func (t tries) more(now time.Time) tries {
	t.wrong = min(t.wrong+1, mostTries)
	t.until = time.Time{}
	if d := lockFor(t.wrong); d > 0 {
		t.until = now.Add(d)
	}
	return t
}

// clamp keeps a lock from being longer than it was made, from now on: the clock
// may have been set back, or the terminal has started with an old time.
func (t *tries) clamp(now time.Time) {
	if most := lockFor(t.wrong); !t.until.IsZero() && t.until.Sub(now) > most {
		t.until = now.Add(most)
	}
}

// wait is how long the page is still locked.
func (t tries) wait(now time.Time) time.Duration {
	if t.until.IsZero() {
		return 0
	}
	return max(0, t.until.Sub(now))
}

// left is how many wrong tries there are to the next lock.
func (t tries) left() int { return max(1, freeTries-t.wrong) }

// encode writes the line of the file: its version, the wrong tries, the end of
// the lock in milliseconds since 1970 or 0, and a checksum over these.
func (t tries) encode() []byte {
	var ms int64
	if !t.until.IsZero() {
		ms = cmp.Or(t.until.UnixMilli(), 1)
	}
	line := fmt.Sprintf("tries1 %d %d", t.wrong, ms)
	return fmt.Appendf(nil, "%s %08x\n", line, crc32.ChecksumIEEE([]byte(line)))
}

// decodeTries reads what encode wrote, and nothing else.
func decodeTries(b []byte) (t tries, ok bool) {
	var ms int64
	var sum uint32
	if _, err := fmt.Sscanf(string(b), "tries1 %d %d %x\n", &t.wrong, &ms, &sum); err != nil {
		return tries{}, false
	}
	if ms != 0 {
		t.until = time.UnixMilli(ms)
	}
	if t.wrong < 0 || t.wrong > mostTries || string(t.encode()) != string(b) {
		return tries{}, false
	}
	return t, true
}

// loadTries reads the file. A missing one is a new terminal. One that cannot be
// read counts as the tries used up, so that breaking the file gains nothing.
func loadTries(path string, now time.Time) (t tries, sound bool) {
	b, err := readSmall(path)
	if missing(err) {
		return tries{}, true
	}
	if err == nil {
		if t, ok := decodeTries(b); ok {
			if !t.until.IsZero() { // from here on by the clock that cannot be set
				t.until = now.Add(min(t.until.Sub(now), lockFor(t.wrong)))
			}
			return t, true
		}
	}
	return tries{wrong: freeTries, until: now.Add(firstLock)}, false
}

// readSmall reads a file that should be small.
func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("%s is no file of this program", path)
	}
	return os.ReadFile(path)
}
