package staff

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"jobhome/kiosk/durable"
)

var (
	// ErrNoPIN is why nobody gets in where no PIN is set.
	ErrNoPIN = errors.New("no PIN is set")
	// ErrBadgeNeeded is why a PIN without a badge was not looked at.
	ErrBadgeNeeded = errors.New("a badge is needed first")
	// ErrLocked is why a PIN was not looked at: there were too many wrong ones.
	ErrLocked = errors.New("locked after wrong tries")
	// ErrWrong is a wrong PIN.
	ErrWrong = errors.New("wrong PIN")
)

// Opts says what opens the staff page.
type Opts struct {
	Dir         string  // the data directory, where wrong tries are counted
	PIN         PIN     // the zero PIN keeps the page shut
	Badges      *Badges // nil: none
	BadgeNeeded bool    // the PIN needs a badge before it, if any is enrolled
}

// Result is the answer to a try.
type Result struct {
	OK   bool
	Who  string        // OK with a badge: its label
	Wait time.Duration // until a PIN is looked at again; 0: now
	Left int           // wrong tries until the page is locked (again)
	// Err is why not: ErrWrong, ErrLocked, ErrForm, ErrBadgeNeeded or ErrNoPIN.
	// It may also say that the try could not be counted, with OK too; then one
	// wrong try locks.
	Err error
}

// Lock guards the staff page. Its methods may be called from any goroutine.
type Lock struct {
	o    Opts
	path string

	mu    sync.Mutex
	tries tries
	saved error // the last saving of tries, nil if it went well
}

// Open returns the lock as the last run left it. If its count is lost, the page
// is locked for a minute.
func Open(o Opts, now time.Time) *Lock {
	l := &Lock{o: o, path: filepath.Join(o.Dir, triesFile)}
	var sound bool
	if l.tries, sound = loadTries(l.path, now); !sound {
		l.save()
	}
	return l
}

// Wait is how long no PIN is looked at.
func (l *Lock) Wait(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tries.clamp(now)
	return l.tries.wait(now)
}

// Try judges a PIN without a badge. Now is time.Now() or, in tests, another
// time. It takes up to a second, and the disk.
func (l *Lock) Try(now time.Time, pin string) Result { return l.TryBadge(now, Holder{}, pin) }

// TryBadge judges a PIN after a badge. The PIN is the same for every badge: the
// badge only says who. What cannot be a PIN is refused without being counted.
func (l *Lock) TryBadge(now time.Time, h Holder, pin string) Result {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tries.clamp(now)
	refuse := func(err error) Result {
		return Result{Wait: l.tries.wait(now), Left: l.tries.left(), Err: fmt.Errorf("staff: %w", err)}
	}
	switch {
	case !l.o.PIN.Set():
		return refuse(ErrNoPIN)
	case l.tries.wait(now) > 0:
		return refuse(ErrLocked)
	case l.o.BadgeNeeded && l.o.Badges.Len() > 0 && h == Holder{}:
		return refuse(ErrBadgeNeeded)
	case !digits(pin, minDigits, maxDigits):
		return refuse(fmt.Errorf("PIN %w", ErrForm))
	}
	// Counted as wrong before it is judged: a power cut in between costs a try.
	before := l.tries
	l.tries = before.more(now)
	l.save()
	if l.saved != nil && l.tries.wrong < freeTries {
		// Nothing will be known of this try after a restart, which takes about a
		// minute; so it costs a minute without one too.
		l.tries.wrong = freeTries - 1
		l.tries = l.tries.more(now)
	}
	if !l.o.PIN.is(pin) {
		r := refuse(ErrWrong)
		r.Err = errors.Join(r.Err, l.saved)
		return r
	}
	l.tries = tries{}
	l.save()
	return Result{OK: true, Who: h.label, Left: freeTries, Err: l.saved}
}

func (l *Lock) save() {
	l.saved = nil
	if err := durable.Replace(l.path, l.tries.encode()); err != nil {
		l.saved = fmt.Errorf("staff: count tries: %w", err)
	}
}
