package idcard_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
)

// relay switches a simulated reader and remembers when.
type relay struct {
	rd *sim.Reader
	mu sync.Mutex
	no error // refuses with it
	on []time.Time
	of []time.Time
}

func (r *relay) switchTo(ctx context.Context, on bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := errors.Join(r.no, ctx.Err()); err != nil {
		return err
	}
	r.rd.Power(on)
	if on {
		r.on = append(r.on, time.Now())
	} else {
		r.of = append(r.of, time.Now())
	}
	return nil
}

func (r *relay) refuse(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.no = err
}

// times is how often it was switched on and off.
func (r *relay) times() (on, off []time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.on), slices.Clone(r.of)
}

// onRelay runs the driver with a relay, on every transport.
func onRelay(t *testing.T, ro sim.ReaderOpts, play func(b *bench, r *relay)) {
	t.Helper()
	for name := range transports {
		t.Run(name, func(t *testing.T) { onRelayBy(t, name, ro, play) })
	}
}

// onRelayBy does so on one.
func onRelayBy(t *testing.T, transport string, ro sim.ReaderOpts, play func(b *bench, r *relay)) {
	t.Helper()
	r := &relay{}
	setup{transports[transport], ro, func(rd *sim.Reader) idcard.Opts {
		r.rd = rd
		rd.Power(false) // as left by a program that died
		return idcard.Opts{Power: r.switchTo}
	}}.run(t, func(b *bench) { play(b, r) })
}

func TestPowerCycleOfAHungModule(t *testing.T) {
	onRelay(t, sim.ReaderOpts{PowerUp: 1500 * time.Millisecond}, func(b *bench, r *relay) {
		chen, _ := people()
		b.next(idcard.Ready)
		b.rd.Hang()
		if e := b.next(idcard.Down); !errors.Is(e.Err, idcard.ErrSilent) {
			b.Errorf("down: %v", e.Err)
		}
		if _, off := r.times(); len(off) != 0 {
			b.Error("switched off at the first silence")
		}
		for _, k := range []idcard.Kind{idcard.PowerOff, idcard.PowerOn} {
			if e := b.next(k); e.Err != nil {
				b.Errorf("%v: %v", k, e.Err)
			}
		}
		b.next(idcard.Ready)
		on, off := r.times()
		if len(on) != 2 || len(off) != 1 || on[1].Sub(off[0]) < 2*time.Second {
			b.Errorf("on %v, off %v", on, off)
		}
		b.dev.Arm()
		b.rd.Place(chen)
		b.reads(chen)
		if s := b.dev.Stats(); s.PowerCycles != 1 || !s.Up || s.Reads != 1 {
			b.Errorf("%+v", s)
		}
	})
}

// However long a module stays dumb, the relay is not worn out: the times between
// two power-cycles grow to an hour.
func TestPowerCyclesGrowRare(t *testing.T) {
	for name, spoil := range map[string]func(*sim.Reader){
		"silent":          func(r *sim.Reader) { r.Dead(true) },
		"self-test fails": func(r *sim.Reader) { r.SelfTest(samv.SelfTestFailed) },
		"noise":           func(r *sim.Reader) { r.CorruptNext(1 << 30) },
		"ready, then dumb": func(r *sim.Reader) {
			r.Refuse(samv.SAMStatus, slices.Repeat([]samv.Status{samv.OK, 0x60, 0x60}, 10000)...)
		},
		"pulled out": func(r *sim.Reader) { r.Unplug() },
	} {
		t.Run(name, func(t *testing.T) {
			onRelayBy(t, "serial", sim.ReaderOpts{}, func(b *bench, r *relay) {
				b.next(idcard.Ready)
				spoil(b.rd)
				for end := time.Now().Add(6 * time.Hour); time.Now().Before(end); {
					select {
					case <-b.events:
					case <-time.After(time.Until(end)):
					}
				}
				_, off := r.times()
				if len(off) < 10 || len(off) > 13 {
					b.Errorf("%d power-cycles in six hours", len(off))
				}
				for i, least := 1, time.Minute; i < len(off); i++ {
					if d := off[i].Sub(off[i-1]); d < least || d > 2*time.Hour {
						b.Errorf("%d after %v, want from %v to two hours", i, d, least)
					}
					least = min(2*least, time.Hour)
				}
			})
		})
	}
}

func TestNoPowerCycle(t *testing.T) {
	for name, spoil := range map[string]func(*sim.Reader){
		"not authorised": func(r *sim.Reader) { r.SelfTest(samv.NotAuthorised) },
		"idle":           func(*sim.Reader) {},
		"a short unplugging": func(r *sim.Reader) {
			r.Unplug()
			time.AfterFunc(20*time.Second, r.Replug)
		},
	} {
		t.Run(name, func(t *testing.T) {
			onRelay(t, sim.ReaderOpts{}, func(b *bench, r *relay) {
				b.next(idcard.Ready)
				spoil(b.rd)
				time.Sleep(time.Hour)
				if on, off := r.times(); len(off) != 0 || len(on) != 1 {
					b.Errorf("switched %d times off and %d on", len(off), len(on))
				}
			})
		})
	}
}

func TestRelayThatRefuses(t *testing.T) {
	onRelay(t, sim.ReaderOpts{}, func(b *bench, r *relay) {
		b.next(idcard.Ready)
		stuck := errors.New("stuck")
		r.refuse(stuck)
		b.rd.Hang()
		b.next(idcard.Down)
		if e := b.next(idcard.PowerOff); !errors.Is(e.Err, stuck) {
			b.Errorf("power off: %v", e.Err)
		}
		if e := b.next(idcard.PowerOn); !errors.Is(e.Err, stuck) {
			b.Errorf("power on: %v", e.Err)
		}
		before, _ := r.times()
		b.silence(30 * time.Second) // said once, tried before every opening
		r.refuse(nil)
		b.next(idcard.PowerOff)
		b.next(idcard.PowerOn)
		b.next(idcard.Ready)
		if after, _ := r.times(); len(after) < len(before)+2 {
			b.Errorf("switched on %d times, then %d", len(before), len(after))
		}
	})
}

// A program that ends while the module is off leaves it on.
func TestPowerIsLeftOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &relay{rd: sim.NewReader(sim.ReaderOpts{})}
		r.rd.Hang()
		ctx, cancel := context.WithCancel(t.Context())
		dev := idcard.New(func() (idcard.Wire, error) { return r.rd.Dial() }, idcard.Opts{Power: r.switchTo})
		dev.Run(ctx, func(e idcard.Event) {
			if e.Kind == idcard.PowerOff {
				time.AfterFunc(time.Second, cancel)
			}
			if e.Kind == idcard.PowerOn {
				t.Error("an event after the end")
			}
		})
		on, off := r.times()
		if len(on) != 2 || len(off) != 1 || on[1].Sub(off[0]) > time.Second {
			t.Errorf("on %v, off %v", on, off)
		}
	})
}
