// Package alive tells the service manager that the terminal lives, as
// sd_notify(3) and sd_watchdog_enabled(3) describe, and leaves a file that says
// how it is for the rest of the machine. The manager restarts a terminal that
// has stopped telling; so nothing is told unless everything that a resident
// needs has just answered.
//
// The terminal is a child of the compositor, which is the unit's main process.
// $WATCHDOG_PID therefore names another process and is not looked at; the unit
// has NotifyAccess=all.
package alive

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Screen is the name of the beat whose last answer is Health.Drawn.
const Screen = "screen"

// Options say what lives and who is told. None but Ready is needed.
type Options struct {
	// Beats are asked one at a time each, again and again; a beat returns nil when
	// its part has answered, and need not return before ctx ends when it does not.
	Beats map[string]func(ctx context.Context) error
	// Health says how the terminal is; Drawn is filled in here. nil: no file.
	Health func() Health
	Ready  <-chan struct{} // closed when the first frame has been painted
	// Onward: the same process goes on with something else, which tells on. That
	// it stops is not told then.
	Onward bool
	Log    *slog.Logger
}

// usual is how often everything is asked, and the health is written. A watchdog
// shorter than four times that makes it more often.
const usual = 5 * time.Second

// Start begins to tell, until ctx ends. The channel is closed when that has been
// told too. The error is an environment that makes no sense; nothing runs then.
func Start(ctx context.Context, o Options) (<-chan struct{}, error) {
	if o.Ready == nil {
		return nil, errors.New("alive: nothing says when the terminal is ready")
	}
	n, err := NewNotifier()
	if err != nil {
		return nil, err
	}
	watchdog, err := watchdogTime(os.Getenv("WATCHDOG_USEC"))
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	every := usual
	if watchdog > 0 {
		every = min(every, watchdog/4)
	}
	t := &teller{o: o, notify: n, watchdog: watchdog, every: every, file: healthFile(), answered: map[string]time.Time{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.run(ctx)
	}()
	return done, nil
}

// watchdogTime reads $WATCHDOG_USEC; 0 is no watchdog.
func watchdogTime(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	us, err := strconv.ParseInt(text, 10, 64)
	if err != nil || us <= 0 || us > int64(24*time.Hour/time.Microsecond) {
		return 0, fmt.Errorf("alive: WATCHDOG_USEC is %q, no time in microseconds", text)
	}
	return time.Duration(us) * time.Microsecond, nil
}

// serving is the status when nothing is wrong.
const serving = "serving"

// teller asks the beats and tells what came of it.
type teller struct {
	o        Options
	notify   Notifier
	watchdog time.Duration // 0: none
	every    time.Duration
	file     string // "": no health file

	mu       sync.Mutex
	answered map[string]time.Time // when each beat last did

	status string // told last
	failed map[string]bool
}

func (t *teller) run(ctx context.Context) {
	for name, beat := range t.o.Beats {
		go t.ask(ctx, name, beat) // a part that has stopped must not hold up the end
	}
	t.failed = map[string]bool{}
	look := time.NewTicker(t.every)
	defer look.Stop()
	ready, told := t.o.Ready, time.Time{}
	t.writeHealth()
	for {
		select {
		case <-ctx.Done():
			if !t.o.Onward {
				t.tell("STOPPING=1")
			}
			return
		case <-ready:
			ready, told = nil, time.Now()
			t.status = serving
			t.tell("READY=1", "STATUS="+serving)
			continue
		case <-look.C:
		}
		t.writeHealth()
		silent := t.silent()
		if ready == nil {
			t.tellStatus(silent)
		}
		// A look is never so exact that half of the watchdog's time is met.
		if t.watchdog > 0 && ready == nil && len(silent) == 0 && time.Since(told) > t.watchdog/2-t.every/2 {
			told = time.Now()
			t.tell("WATCHDOG=1")
		}
	}
}

// ask asks one beat until ctx ends. A beat that does not answer is not asked
// again, so that nothing piles up before it.
func (t *teller) ask(ctx context.Context, name string, beat func(context.Context) error) {
	for failing := false; ctx.Err() == nil; {
		err := beat(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			t.mu.Lock()
			t.answered[name] = time.Now()
			t.mu.Unlock()
		case !failing:
			t.o.Log.Error("a part of the terminal does not answer as it should", "part", name, "error", err)
		}
		failing = err != nil
		select {
		case <-ctx.Done():
		case <-time.After(t.every / 2):
		}
	}
}

// silent lists the beats that have not answered within half of the watchdog's
// time or never have, in the order of their names.
func (t *teller) silent() []string {
	longest := max(t.watchdog/2, 2*t.every)
	t.mu.Lock()
	defer t.mu.Unlock()
	var names []string
	for _, name := range slices.Sorted(maps.Keys(t.o.Beats)) {
		if last, ok := t.answered[name]; !ok || time.Since(last) > longest {
			names = append(names, name)
		}
	}
	return names
}

// tellStatus says what is wrong, when that has changed. It names parts of the
// program only.
func (t *teller) tellStatus(silent []string) {
	status := serving
	if len(silent) > 0 {
		status = "no answer from: " + strings.Join(silent, ", ")
	}
	if status == t.status {
		return
	}
	t.status = status
	if len(silent) > 0 {
		t.o.Log.Error("a part of the terminal has stopped", "parts", strings.Join(silent, ","))
	}
	t.tell("STATUS=" + status)
}

func (t *teller) tell(assignments ...string) {
	t.once("notify", t.notify.Tell(assignments...))
}

func (t *teller) writeHealth() {
	if t.file == "" || t.o.Health == nil {
		return
	}
	h := t.o.Health()
	t.mu.Lock()
	h.Drawn = t.answered[Screen]
	t.mu.Unlock()
	t.once("health file", h.write(t.file))
}

// once logs an error when it begins, and not again until it has ended.
func (t *teller) once(doing string, err error) {
	if err != nil && !t.failed[doing] {
		t.o.Log.Warn("cannot say how the terminal is", "by", doing, "error", err)
	}
	t.failed[doing] = err != nil
}
