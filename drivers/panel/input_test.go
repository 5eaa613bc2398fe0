package panel_test

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/panel"

	"periph.io/x/conn/v3/gpio"
)

const tick = time.Millisecond

// Whatever way a pin tells its edges, a train of bounces is one piece of news,
// and comes when the contact has rested.
func TestBounceTrains(t *testing.T) {
	for _, kind := range []edges{told, none, mute, early} {
		t.Run(kind.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				key := newWire("A", kind)
				onRig(t, panel.Opts{ServiceKey: "A"}, []*wire{key}, func(r *rig) {
					r.is(panel.ServiceKey, false)
					rng := rand.New(rand.NewPCG(1, uint64(kind)))
					for i := range 100 {
						on := i%2 == 0
						time.Sleep(time.Second)
						gap := 30_000 // µs: a worn contact
						if kind != told {
							gap = 1200 // without edges it must rest within 50 ms
						}
						for n := range 2 * rng.IntN(20) {
							key.put(gpio.Level(on == (n%2 == 0)))
							time.Sleep(time.Duration(rng.IntN(gap)) * time.Microsecond)
						}
						key.put(gpio.Level(on))
						rested := time.Now()
						late := r.is(panel.ServiceKey, on).At.Sub(rested)
						if late < 0 || late > 350*tick || kind == told && i > 0 && late > 100*tick {
							r.Errorf("told %v after the contact rested", late)
						}
					}
					r.silence(time.Minute)
				})
			})
		})
	}
}

func TestSpikeIsNoNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key, door := newWire("A", told), newWire("B", none)
		onRig(t, panel.Opts{ServiceKey: "A", Door: "B", Debounce: 100 * tick}, []*wire{key, door}, func(r *rig) {
			r.next()
			r.next()
			for range 50 {
				key.put(gpio.High)
				door.put(gpio.High)
				time.Sleep(90 * tick)
				key.put(gpio.Low)
				door.put(gpio.Low)
				time.Sleep(500 * tick)
			}
			r.silence(time.Second)
		})
	})
}

// A person who stands still does not flicker, and one who leaves is gone after
// the hold.
func TestPresenceHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sensor := newWire("A", told)
		onRig(t, panel.Opts{Presence: "A"}, []*wire{sensor}, func(r *rig) {
			r.is(panel.Presence, false)
			time.Sleep(time.Minute)
			came := time.Now()
			sensor.put(gpio.High)
			if d := r.is(panel.Presence, true).At.Sub(came); d > 60*tick {
				r.Errorf("seen after %v", d)
			}
			for range 200 { // a sensor that falls off between movements
				time.Sleep(time.Second)
				sensor.put(gpio.Low)
				time.Sleep(2800 * tick)
				sensor.put(gpio.High)
			}
			r.silence(time.Second)
			left := time.Now()
			sensor.put(gpio.Low)
			if d := r.is(panel.Presence, false).At.Sub(left); d < 3*time.Second || d > 3100*tick {
				r.Errorf("gone after %v, 3 s asked", d)
			}
		})
	})
}

func TestLevelsAndPulls(t *testing.T) {
	for setting, want := range map[string]struct {
		pull gpio.Pull
		on   gpio.Level
	}{
		"A":       {gpio.PullNoChange, gpio.High},
		"!A":      {gpio.PullNoChange, gpio.Low},
		"!A:up":   {gpio.PullUp, gpio.Low},
		"A:down":  {gpio.PullDown, gpio.High},
		"!A:down": {gpio.PullDown, gpio.Low},
	} {
		synctest.Test(t, func(t *testing.T) {
			door := newWire("A", told)
			door.put(want.on)
			onRig(t, panel.Opts{Door: setting}, []*wire{door}, func(r *rig) {
				r.is(panel.Door, true)
				door.put(!want.on)
				r.is(panel.Door, false)
				if door.pulled() != want.pull {
					r.Errorf("%s: pull %v, want %v", setting, door.pulled(), want.pull)
				}
				if p := r.dev.Part(panel.Door); p.Pin != setting {
					r.Errorf("the part's pin is %q", p.Pin)
				}
			})
		})
	}
}

// A loose contact is a fault and not a flood, and costs little; when it rests,
// its level is told.
func TestUnsteady(t *testing.T) {
	for _, kind := range []edges{told, none} {
		synctest.Test(t, func(t *testing.T) {
			door := newWire("A", kind)
			onRig(t, panel.Opts{Door: "A"}, []*wire{door}, func(r *rig) {
				r.is(panel.Door, false)
				time.Sleep(time.Second)
				began := time.Now()
				_, before, _ := door.counts()
				for i := range 60_000 / 3 {
					door.put(gpio.Level(i/5%2 == 0))
					time.Sleep(3 * tick)
				}
				_, after, _ := door.counts()
				if n := after - before; n > 60*500 {
					r.Errorf("%d reads in a minute", n)
				}
				if d := r.fails(panel.Door, panel.ErrUnsteady).At.Sub(began); d < 10*time.Second || d > 11*time.Second {
					r.Errorf("told after %v", d)
				}
				door.put(gpio.High)
				r.is(panel.Door, true)
				r.silence(time.Hour)
			})
		})
	}
}

func TestStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key, sensor, door := newWire("A", told), newWire("B", told), newWire("C", told)
		for _, w := range []*wire{key, sensor, door} {
			w.put(gpio.High)
		}
		onRig(t, panel.Opts{ServiceKey: "A", Presence: "B", Door: "C"}, []*wire{key, sensor, door}, func(r *rig) {
			for range 3 {
				if e := r.next(); !e.On || e.State != panel.Fitted {
					r.Errorf("told %+v", e)
				}
			}
			began := time.Now()
			if d := r.fails(panel.ServiceKey, panel.ErrStuck).At.Sub(began); d < 2*time.Minute || d > 3*time.Minute {
				r.Errorf("key told after %v", d)
			}
			if d := r.fails(panel.Presence, panel.ErrStuck).At.Sub(began); d < 4*time.Hour || d > 4*time.Hour+time.Minute {
				r.Errorf("sensor told after %v", d)
			}
			r.silence(time.Hour) // once each, and a door may stay open
			key.put(gpio.Low)
			r.is(panel.ServiceKey, false)
			sensor.put(gpio.Low)
			r.is(panel.Presence, false)
			key.put(gpio.High)
			r.is(panel.ServiceKey, true)
		})
	})
}

// A pin that fails while it is watched is told once, and is told again when it
// works, without anybody's doing.
func TestInputFailsMidWay(t *testing.T) {
	gone := errors.New("device gone")
	for _, kind := range []edges{told, none, mute, early} {
		synctest.Test(t, func(t *testing.T) {
			key := newWire("A", kind)
			onRig(t, panel.Opts{ServiceKey: "A"}, []*wire{key}, func(r *rig) {
				r.is(panel.ServiceKey, false)
				for range 3 {
					key.breakdown(gone)
					broke := time.Now()
					e := r.fails(panel.ServiceKey, gone)
					if d := e.At.Sub(broke); d > 31*time.Second {
						r.Errorf("told after %v", d)
					}
					if !strings.Contains(e.Err.Error(), "service key on pin A") {
						r.Errorf("the reason %q does not name the pin", e.Err)
					}
					r.silence(time.Hour)
					if ins, _, _ := key.counts(); ins > 2000 {
						r.Errorf("%d tries", ins)
					}
					key.put(gpio.High)
					key.breakdown(nil)
					fixed := time.Now()
					if d := r.is(panel.ServiceKey, true).At.Sub(fixed); d > 31*time.Second {
						r.Errorf("works after %v", d)
					}
					key.put(gpio.Low)
					r.is(panel.ServiceKey, false)
				}
			})
		})
	}
}

// A pin at rest costs next to nothing, and so does one whose WaitForEdge
// returns at once.
func TestRestIsCheap(t *testing.T) {
	for kind, most := range map[edges]int{told: 4, mute: 4, none: 100, early: 101} { // looks a second
		synctest.Test(t, func(t *testing.T) {
			door := newWire("A", kind)
			onRig(t, panel.Opts{Door: "A"}, []*wire{door}, func(r *rig) {
				r.is(panel.Door, false)
				r.silence(10 * time.Minute)
				if _, reads, waits := door.counts(); reads > 600*most+30 || waits > 600*most+30 {
					r.Errorf("%v: %d reads and %d waits in ten minutes", kind, reads, waits)
				}
			})
		})
	}
}

// While the receiver is busy nothing piles up, and what it then hears is true.
func TestSlowReceiver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		door := newWire("A", told)
		find := func(string) (gpio.PinIO, error) { return door, nil }
		d := panel.New(find, panel.Opts{Door: "A"})
		defer d.Close()
		var last panel.Event
		heard := 0
		done := make(chan error, 1)
		go func() {
			done <- d.Run(t.Context(), func(e panel.Event) {
				time.Sleep(time.Minute)
				last, heard = e, heard+1
			})
		}()
		for i := range 1001 {
			door.put(gpio.Level(i%2 == 0))
			time.Sleep(200 * tick)
		}
		time.Sleep(10 * time.Minute)
		d.Close()
		if err := <-done; !errors.Is(err, panel.ErrClosed) {
			t.Errorf("Run returns %v", err)
		}
		if heard > 8 || !last.On {
			t.Errorf("heard %d, the last %+v", heard, last)
		}
	})
}
