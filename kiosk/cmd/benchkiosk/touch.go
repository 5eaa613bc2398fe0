package main

import (
	"context"
	"fmt"
	"image"
	"os"
	"slices"
	"time"

	"jobhome/ui/uitest"
)

const (
	frame = 1000.0 / 60 // ms between two frames of a 60 Hz panel
	// quiet is how long nothing may change for a page to be whole. It is long, so
	// that a page that comes late on a busy machine is counted, not lost.
	quiet = 400 * time.Millisecond
	// late is what is told with its place. The clock in the corner counts too.
	late = 100 * time.Millisecond
)

// measureTouch counts from lifting the finger to the first change on the
// screen, and to the last, when the new page is whole.
func measureTouch(ctx context.Context, b *bench) error {
	legs := round()
	in := toConfirm()[:1]
	if err := b.learn(ctx, in, legs); err != nil {
		return err
	}
	p, err := b.startKiosk(ctx, b.bridge)
	if err != nil {
		return err
	}
	defer p.stop()
	note("%d rounds of %d page switches", b.rounds, len(legs))
	watch, err := b.watch(ctx, 0)
	if err != nil {
		return err
	}
	defer watch.Close()
	t := touches{by: map[string]figures{}, large: b.width * b.height / 3}
	// One round is for warming up: a page is built when it is first shown.
	for i := range b.rounds + 1 {
		way := legs
		if i == 0 {
			way = slices.Concat(in, legs)
		}
		for _, l := range way {
			if err := t.touch(ctx, watch, l, i > 0); err != nil {
				return err
			}
		}
	}
	if mem, _, err := pss(p.cmd.Process.Pid, ""); err == nil {
		note("memory after %d page switches: %.1f MB", len(t.first), mem)
	}
	t.tell(legs)
	t.rows(b.table)
	return nil
}

// measureKeys counts from lifting the finger off a key of the search to the
// whole page with its suggestions and counts.
func measureKeys(ctx context.Context, b *bench) error {
	in, keys := toKeyboard()
	if err := b.learn(ctx, in, keys); err != nil {
		return err
	}
	p, err := b.startKiosk(ctx, b.bridge)
	if err != nil {
		return err
	}
	defer p.stop()
	note("%d rounds of %d keys on a board of %d postings", b.rounds, len(keys), b.postings)
	watch, err := b.watch(ctx, 0)
	if err != nil {
		return err
	}
	defer watch.Close()
	t := touches{by: map[string]figures{}, large: 1}
	for i := range b.rounds + 1 {
		way := keys
		if i == 0 {
			way = slices.Concat(in, keys)
		}
		for _, l := range way {
			if err := t.touch(ctx, watch, l, i > 0); err != nil {
				return err
			}
		}
	}
	t.tell(keys)
	b.table.add(row{
		what: fmt.Sprintf("key of the search → suggestions painted, %d postings", b.postings), ours: t.last.tail("ms"),
		peer:  fmt.Sprintf("one 60 Hz frame, %.1f ms", frame),
		ratio: fmt.Sprintf("p95 %.1f frames", t.last.at(0.95)/frame),
		aim:   "p95 ≤ 33 ms", reached: t.last.at(0.95) <= 33,
	})
	return nil
}

// learn finds out where the touches of these ways are, one after the other.
func (b *bench) learn(ctx context.Context, ways ...[]leg) error {
	g, err := b.guide(ctx)
	if err != nil {
		return err
	}
	defer g.prog.stop()
	for _, w := range ways {
		if err := g.walk(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// watch waits for the terminal's window to come to rest, and watches it.
func (b *bench) watch(ctx context.Context, window uint32) (*uitest.Stopwatch, error) {
	if err := rest(ctx, 3*time.Second); err != nil {
		return nil, err
	}
	return b.desk.NewStopwatch(window)
}

// touches are the figures of page switches.
type touches struct {
	large       int // pixels that a new page covers at least
	first, last figures
	by          map[string]figures
}

func (t *touches) touch(ctx context.Context, w *uitest.Stopwatch, l leg, count bool) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	paint, err := w.TouchAt(ctx, l.at, quiet)
	if err != nil {
		return fmt.Errorf("%s: %w", l.name, err)
	}
	var all image.Rectangle
	for _, h := range paint {
		all = all.Union(h.Area)
	}
	if all.Dx()*all.Dy() < t.large {
		return fmt.Errorf("%s: no new page came within %v of the button's springing back; only %v was painted", l.name, quiet, all)
	}
	if last := paint[len(paint)-1]; count && last.After > late {
		note("%s: the last change came after %.0f ms, at %v; the one before after %.0f ms",
			l.name, ms(last.After), last.Area, ms(paint[max(0, len(paint)-2)].After))
	}
	if count {
		t.first = append(t.first, ms(paint.First()))
		t.last = append(t.last, ms(paint.Last()))
		t.by[l.name] = append(t.by[l.name], ms(paint.Last()))
	}
	return rest(ctx, between)
}

// tell writes the figures of every kind of page.
func (t *touches) tell(legs []leg) {
	seen := map[string]bool{}
	for _, l := range legs {
		if !seen[l.name] {
			seen[l.name] = true
			fmt.Fprintf(os.Stderr, "   %-28s %s\n", l.name, t.by[l.name].tail("ms"))
		}
	}
}

func (t *touches) rows(out *table) {
	out.add(row{
		what: "touch → new page wholly painted", ours: t.last.tail("ms"),
		peer:  fmt.Sprintf("one 60 Hz frame, %.1f ms", frame),
		ratio: fmt.Sprintf("p95 %.1f frames", t.last.at(0.95)/frame),
		aim:   "p95 ≤ 33 ms", reached: t.last.at(0.95) <= 33,
	})
	out.add(row{
		what: "touch → first change on the screen", ours: t.first.tail("ms"),
		peer:  fmt.Sprintf("one 60 Hz frame, %.1f ms", frame),
		ratio: fmt.Sprintf("p95 %.1f frames", t.first.at(0.95)/frame),
		aim:   "none", open: true,
	})
}
