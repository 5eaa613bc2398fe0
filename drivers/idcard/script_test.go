package idcard_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/sim"
)

// calm lifts what lies there, waits until the driver is well and quiet, and
// forgets what it said.
func (b *bench) calm() {
	b.Helper()
	b.rd.Lift()
	for end := time.Now().Add(3 * time.Hour); ; {
		select {
		case e := <-b.events:
			if e.Card != nil {
				e.Card.Wipe()
			}
			continue
		case <-time.After(2 * time.Minute):
		}
		if s := b.dev.Stats(); s.Up && time.Since(s.LastAnswer) < 10*time.Second {
			return
		} else if time.Now().After(end) {
			b.Fatalf("not well after three hours: %+v", s)
		}
	}
}

// play lets a script happen to its end.
func (b *bench) play(text string) {
	b.Helper()
	done := make(chan error, 1)
	go func() { done <- b.rd.Play(b.Context(), text) }()
	for end := time.After(6 * time.Hour); ; {
		select {
		case e := <-b.events:
			if e.Card != nil {
				e.Card.Wipe()
			}
		case err := <-done:
			if err != nil {
				b.Fatal(err)
			}
			return
		case <-end:
			b.Fatal("the script did not come to its end")
		}
	}
}

// Whatever happened, a card can be read afterwards, and no goroutine is left
// behind (the bubble would not end).
func TestFaultScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/reader/*.txt")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d scripts, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			onRelay(t, sim.ReaderOpts{}, func(b *bench, _ *relay) {
				chen, _ := people()
				b.next(idcard.Ready)
				b.dev.Arm()
				b.play(string(text))
				b.calm()
				b.rd.Place(chen)
				b.reads(chen)
				b.silence(time.Minute)
				b.rd.Lift()
				b.next(idcard.Removed)
			})
		})
	}
}

// The answer with a card in it may pause at any byte without harm; it may end at
// any byte, and any byte may be lost or doubled: the card is read, if need be
// after it was put down anew.
func TestReadSplitAndCutAtEveryByte(t *testing.T) {
	for name := range transports {
		t.Run(name, func(t *testing.T) {
			onRelayBy(t, name, sim.ReaderOpts{}, func(b *bench, _ *relay) {
				chen, _ := people()
				b.next(idcard.Ready)
				b.dev.Arm()
				cases, again, step := 0, 0, 5
				if name == "serial" {
					step = 1
				}
				defer func() { t.Logf("%d cases; in %d the card had to be put down anew", cases, again) }()
				for at := 1; at < 1295; at += step {
					for _, fault := range []string{"split-at %d 200ms", "truncate %d", "lose %d 1", "double %d 1"} {
						line := fmt.Sprintf("at read: "+fault, at)
						go b.rd.Play(b.Context(), line)
						synctest.Wait() // it waits for the read
						b.rd.Place(chen)
						b.next(idcard.Found)
						e := <-b.events
						if e.Kind == idcard.Failed && fault[:5] != "split" {
							again++ // the module takes the card for read and must see it lifted
							b.rd.Lift()
							b.next(idcard.Removed)
							b.rd.Place(chen)
							b.next(idcard.Found)
							e = <-b.events
						}
						if e.Kind != idcard.Read {
							b.Fatalf("%s: %v (%v)", line, e.Kind, e.Err)
						}
						cases++
						b.rd.Lift()
						b.next(idcard.Removed)
					}
				}
			})
		})
	}
}
