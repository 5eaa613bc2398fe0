package panel_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/panel"

	"periph.io/x/conn/v3/gpio"
)

// A terminal without anything on its header works, and says so.
func TestNothingFitted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		onRig(t, panel.Opts{}, nil, func(r *rig) {
			r.silence(time.Hour)
			r.dev.Lamp(panel.LampFast)
			r.dev.Buzzer(panel.Long)
			if err := r.dev.Power(r.Context(), false); !errors.Is(err, panel.ErrNotFitted) {
				r.Errorf("Power: %v", err)
			}
			parts, err := r.dev.Test(r.Context())
			if err != nil || len(parts) != 6 {
				r.Errorf("Test: %v, %v", parts, err)
			}
			for i, p := range parts {
				if p != (panel.Part{Function: panel.Function(i + 1)}) || p.State.String() != "not fitted" {
					r.Errorf("%v: %+v", p.Function, p)
				}
			}
		})
	})
}

// What is wrong with a pin's name is told, and nothing else suffers.
func TestWrongNames(t *testing.T) {
	for setting, want := range map[string]string{
		"GPIO99":      "GPIO99: no such pin: this computer has A, B",
		"GPIO 1":      `"GPIO 1" is no name of a pin`,
		"!":           `"" is no name`,
		"!!A":         `"!A" is no name`,
		"A:high":      `pull "high" is neither up nor down`,
		"A:":          `pull "" is neither`,
		"灯":           "is no name",
		"B":           "B is the pin of the service key already",
		"P1_2":        "P1_2 is the pin of the service key already",
		"A:up":        "a pull is for inputs only",
		"nil":         "nil: no such pin",
		"A:up:down":   `pull "up:down"`,
		"\x1b[31mred": `is no name`,
	} {
		synctest.Test(t, func(t *testing.T) {
			wires := map[string]gpio.PinIO{"A": newWire("A", none), "B": newWire("B", told)}
			wires["P1_2"] = alias{wires["B"]}
			find := func(name string) (gpio.PinIO, error) {
				if p := wires[name]; p != nil || name == "nil" {
					return p, nil
				}
				return nil, errors.Join(errors.New(name + ": no such pin: this computer has A, B"))
			}
			d := panel.New(find, panel.Opts{ServiceKey: "B", Lamp: setting})
			defer d.Close()
			p := d.Part(panel.Lamp)
			if p.State != panel.Failed || !strings.Contains(p.Reason, want) || !strings.HasPrefix(p.Reason, "panel: lamp: ") || p.Pin != setting {
				t.Errorf("%q: %+v", setting, p)
			}
			if strings.ContainsAny(p.Reason, "\x1b\n") {
				t.Errorf("%q: control characters in %q", setting, p.Reason)
			}
			var seen []panel.Event
			go func() { time.Sleep(time.Minute); d.Close() }()
			if err := d.Run(t.Context(), func(e panel.Event) { seen = append(seen, e) }); !errors.Is(err, panel.ErrClosed) {
				t.Errorf("Run returns %v", err)
			}
			if len(seen) != 2 || seen[0].Function != panel.Lamp || seen[0].State != panel.Failed || seen[1].Function != panel.ServiceKey {
				t.Errorf("told %+v", seen)
			}
		})
	}
}

type alias struct{ gpio.PinIO }

func (a alias) Name() string     { return "P1_2" }
func (a alias) Real() gpio.PinIO { return a.PinIO }

// A relay whose pin is not there says why it cannot be switched.
func TestPowerWithoutItsPin(t *testing.T) {
	d := panel.New(panel.HostPins, panel.Opts{ReaderPower: "NOSUCHPIN"})
	defer d.Close()
	if err := d.Power(t.Context(), false); !errors.Is(err, panel.ErrNoPin) || errors.Is(err, panel.ErrNotFitted) {
		t.Errorf("Power: %v", err)
	}
}

func TestPinBusyAtFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		busy := errors.New("line_request ioctl: device or resource busy")
		door, relay := newWire("A", told), newWire("B", none)
		door.breakdown(busy)
		relay.breakdown(busy)
		onRig(t, panel.Opts{Door: "A", ReaderPower: "B"}, []*wire{door, relay}, func(r *rig) {
			seen := map[panel.Function]panel.Event{}
			for range 2 {
				e := r.next()
				seen[e.Function] = e
			}
			for _, f := range []panel.Function{panel.Door, panel.ReaderPower} {
				if e := seen[f]; e.State != panel.Failed || !errors.Is(e.Err, busy) {
					r.Errorf("%v: %+v", f, e)
				}
			}
			r.silence(time.Hour)
			door.breakdown(nil)
			relay.breakdown(nil)
			r.is(panel.Door, false)
			if err := r.dev.Power(r.Context(), true); err != nil {
				r.Error(err)
			}
			if e := r.next(); e.Function != panel.ReaderPower || e.State != panel.Fitted {
				r.Errorf("told %+v", e)
			}
		})
	})
}

func TestSecondRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		door := newWire("A", told)
		onRig(t, panel.Opts{Door: "A"}, []*wire{door}, func(r *rig) {
			r.is(panel.Door, false)
			if err := r.dev.Run(r.Context(), func(panel.Event) {}); err == nil || errors.Is(err, panel.ErrClosed) {
				r.Errorf("a second Run returns %v", err)
			}
			door.put(gpio.High)
			r.is(panel.Door, true)
		})
	})
}

func TestWords(t *testing.T) {
	for f := panel.Function(0); f < 8; f++ {
		if s := f.String(); (s == "unknown") != (f == 0 || f > panel.ReaderPower) {
			t.Errorf("function %d is called %s", f, s)
		}
	}
	if s := panel.State(3).String(); s != "unknown" {
		t.Errorf("state 3 is called %s", s)
	}
	d := panel.New(panel.HostPins, panel.Opts{})
	defer d.Close()
	if p := d.Part(99); p.State != panel.NotFitted {
		t.Errorf("%+v", p)
	}
}
