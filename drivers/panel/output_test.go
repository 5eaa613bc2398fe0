package panel_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/panel"

	"periph.io/x/conn/v3/gpio"
)

func TestLampModes(t *testing.T) {
	for _, low := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			lamp, setting := newWire("A", none), "A"
			if low {
				setting = "!A"
			}
			on := gpio.Level(!low)
			onRig(t, panel.Opts{Lamp: setting}, []*wire{lamp}, func(r *rig) {
				if got := lamp.pulses(time.Time{}, on); got != "off" {
					r.Errorf("at first the lamp goes %s", got)
				}
				for _, tt := range []struct {
					mode panel.LampMode
					long time.Duration
					want string
				}{
					{panel.LampOn, time.Hour, "on"},
					{panel.LampSlow, 4500 * tick, "off 1s on 1s off 1s on"},
					{panel.LampFast, 900 * tick, "off 200ms on 200ms off 200ms on"},
					{panel.LampOff, time.Hour, "off"},
				} {
					began := time.Now()
					for range 9 { // the same mode again does not begin anew
						r.dev.Lamp(tt.mode)
						time.Sleep(tt.long / 9)
					}
					synctest.Wait()
					if got := lamp.pulses(began, on); !strings.HasSuffix(got, tt.want) {
						r.Errorf("mode %d: %s, want %s", tt.mode, got, tt.want)
					}
					time.Sleep(tick)
				}
				r.dev.Lamp(panel.LampFast)
				time.Sleep(time.Second)
				synctest.Wait()
				r.dev.Close()
				r.dev.Lamp(panel.LampOn)
				time.Sleep(time.Minute)
				if lamp.level() != !on {
					r.Error("the lamp is on after Close")
				}
			})
		})
	}
}

func TestSounds(t *testing.T) {
	const s, d, l = panel.Short, panel.Double, panel.Long
	for _, tt := range []struct {
		asked []panel.Sound
		want  string
	}{
		{[]panel.Sound{s}, "on 80ms off"},
		{[]panel.Sound{l}, "on 600ms off"},
		{[]panel.Sound{d}, "on 80ms off 80ms on 80ms off"},
		{[]panel.Sound{s, s, s, s, s, s}, "on 80ms off"},                                // that one plays already
		{[]panel.Sound{s, l, d, s, d}, "on 80ms off 80ms on 80ms off 80ms on 80ms off"}, // the last follows
		{[]panel.Sound{0, 99}, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			buzzer := newWire("A", none)
			onRig(t, panel.Opts{Buzzer: "A"}, []*wire{buzzer}, func(r *rig) {
				time.Sleep(time.Second)
				began := time.Now()
				for _, sound := range tt.asked {
					r.dev.Buzzer(sound)
					synctest.Wait() // it has begun
				}
				if time.Now() != began {
					r.Error("asking for a sound takes time")
				}
				time.Sleep(time.Minute)
				if got := buzzer.pulses(began, gpio.High); got != tt.want {
					r.Errorf("%v: %s, want %s", tt.asked, got, tt.want)
				}
				r.dev.Buzzer(panel.Long)
				synctest.Wait()
				r.dev.Close()
				if buzzer.level() != gpio.Low {
					r.Error("the buzzer sounds after Close")
				}
			})
		})
	}
}

// An output that fails is told once, driven again, and told when it works. No
// call waits for it.
func TestOutputFailsMidWay(t *testing.T) {
	gone := errors.New("device gone")
	for _, f := range []panel.Function{panel.Lamp, panel.Buzzer} {
		synctest.Test(t, func(t *testing.T) {
			w := newWire("A", none)
			o := map[panel.Function]panel.Opts{panel.Lamp: {Lamp: "A"}, panel.Buzzer: {Buzzer: "A"}}[f]
			onRig(t, o, []*wire{w}, func(r *rig) {
				r.silence(time.Minute)
				w.breakdown(gone)
				r.dev.Lamp(panel.LampFast)
				r.dev.Buzzer(panel.Double)
				e := r.fails(f, gone)
				if !strings.Contains(e.Err.Error(), f.String()+" on pin A") {
					r.Errorf("%v", e.Err)
				}
				r.silence(10 * time.Second)
				r.dev.Lamp(panel.LampOff)
				time.Sleep(5 * time.Second)
				w.breakdown(nil)
				fixed := time.Now()
				if e := r.next(); e.State != panel.Fitted || e.Function != f || e.At.Sub(fixed) > 2*time.Second {
					r.Errorf("told %+v after %v", e, e.At.Sub(fixed))
				}
				if w.level() != gpio.Low {
					r.Error("it is not off")
				}
				r.silence(time.Minute)
			})
		})
	}
}

func TestRelay(t *testing.T) {
	for setting, cut := range map[string]gpio.Level{"A": gpio.High, "!A": gpio.Low} {
		synctest.Test(t, func(t *testing.T) {
			ctx := t.Context()
			w := newWire("A", none)
			w.put(cut) // as a program that was killed has left it
			onRig(t, panel.Opts{ReaderPower: setting}, []*wire{w}, func(r *rig) {
				if w.level() == cut {
					r.Fatal("the reader has no power at first")
				}
				if err := r.dev.Power(ctx, false); err != nil || w.level() != cut {
					r.Errorf("off: %v", err)
				}
				if err := r.dev.Power(ctx, true); err != nil || w.level() == cut {
					r.Errorf("on: %v", err)
				}
				over, cancel := context.WithCancel(ctx)
				cancel()
				if err := r.dev.Power(over, false); !errors.Is(err, context.Canceled) || w.level() == cut {
					r.Errorf("off after ctx: %v", err)
				}
				_ = r.dev.Power(ctx, false)
				if err := r.dev.Power(over, true); err != nil || w.level() == cut {
					r.Errorf("on after ctx: %v", err)
				}
				gone := errors.New("device gone")
				w.breakdown(gone)
				if err := r.dev.Power(ctx, false); !errors.Is(err, gone) {
					r.Errorf("broken: %v", err)
				}
				r.fails(panel.ReaderPower, gone)
				w.breakdown(nil)
				if err := r.dev.Power(ctx, false); err != nil {
					r.Errorf("mended: %v", err)
				}
				if e := r.next(); e.State != panel.Fitted || e.Function != panel.ReaderPower {
					r.Errorf("told %+v", e)
				}
				if err := r.dev.Close(); err != nil || w.level() == cut {
					r.Errorf("Close: %v, the reader's pin is %v", err, w.level())
				}
				if err := r.dev.Power(ctx, false); !errors.Is(err, panel.ErrClosed) || w.level() == cut {
					r.Errorf("off after Close: %v", err)
				}
				if err := r.dev.Power(ctx, true); err != nil {
					r.Errorf("on after Close: %v", err)
				}
			})
		})
	}
}

// What cannot be switched off is named by Close, and does not keep the rest
// from being switched off.
func TestCloseWithBrokenPins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lamp, relay := newWire("A", none), newWire("B", none)
		wires := map[string]*wire{"A": lamp, "B": relay}
		d := panel.New(func(n string) (gpio.PinIO, error) { return wires[n], nil }, panel.Opts{Lamp: "A", ReaderPower: "B"})
		d.Lamp(panel.LampOn)
		_ = d.Power(t.Context(), false)
		synctest.Wait()
		gone := errors.New("device gone")
		lamp.breakdown(gone)
		if err := d.Close(); !errors.Is(err, gone) || !strings.Contains(err.Error(), "lamp") || strings.Contains(err.Error(), "relay") {
			t.Errorf("Close returns %v", err)
		}
		if relay.level() != gpio.Low {
			t.Error("the reader has no power")
		}
		if err := d.Close(); err != nil {
			t.Errorf("Close again returns %v", err)
		}
		if err := d.Run(t.Context(), func(panel.Event) {}); !errors.Is(err, panel.ErrClosed) {
			t.Errorf("Run after Close returns %v", err)
		}
	})
}

func TestTest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lamp, buzzer, door, key := newWire("A", none), newWire("B", none), newWire("C", told), newWire("D", none)
		relay := newWire("E", none)
		o := panel.Opts{Lamp: "A", Buzzer: "B", Door: "!C:up", ServiceKey: "D", Presence: "missing", ReaderPower: "E"}
		onRig(t, o, []*wire{lamp, buzzer, door, key, relay}, func(r *rig) {
			for range 3 {
				r.next()
			}
			check := func(runs string) {
				began := time.Now()
				key.put(gpio.High) // a moment ago: not debounced
				parts, err := r.dev.Test(r.Context())
				if err != nil || time.Since(began) > 2*time.Second {
					r.Errorf("%s: %v after %v", runs, err, time.Since(began))
				}
				if got := lamp.pulses(began, gpio.High); !strings.HasSuffix(got, "on 300ms off 200ms on 300ms off") {
					r.Errorf("%s: lamp %s", runs, got)
				}
				if got := buzzer.pulses(began, gpio.High); got != "on 80ms off" {
					r.Errorf("%s: buzzer %s", runs, got)
				}
				for i, on := range []bool{false, true, true} {
					if parts[i].On != on {
						r.Errorf("%s: %+v", runs, parts[i])
					}
				}
				if len(parts) != 6 || parts[0].State != panel.Failed || relay.pulses(time.Time{}, gpio.High) != "off" {
					r.Errorf("%s: %+v, relay %s", runs, parts, relay.pulses(time.Time{}, gpio.High))
				}
			}
			check("with Run")
			r.is(panel.ServiceKey, true)
			if err := r.stop(); !errors.Is(err, context.Canceled) {
				r.Errorf("Run returns %v", err)
			}
			r.stop = func() error { return panel.ErrClosed }
			check("without Run")

			gone := errors.New("device gone")
			lamp.breakdown(gone)
			key.breakdown(gone)
			parts, err := r.dev.Test(r.Context())
			if !errors.Is(err, gone) || parts[panel.ServiceKey-1].State != panel.Failed || parts[panel.Lamp-1].State != panel.Failed {
				r.Errorf("broken: %v, %+v", err, parts)
			}
			lamp.breakdown(nil)
			ctx, cancel := context.WithTimeout(r.Context(), 100*tick)
			defer cancel()
			if _, err := r.dev.Test(ctx); !errors.Is(err, context.DeadlineExceeded) {
				r.Errorf("in a hurry: %v", err)
			}
			r.dev.Close()
			if _, err := r.dev.Test(r.Context()); !errors.Is(err, panel.ErrClosed) || lamp.level() != gpio.Low {
				r.Errorf("closed: %v", err)
			}
		})
	})
}
