package panel

import (
	"errors"
	"strings"
	"testing"

	"periph.io/x/conn/v3/driver/driverreg"
	"periph.io/x/conn/v3/gpio"
)

func FuzzParseSpec(f *testing.F) {
	for _, s := range []string{"GPIO17", "!GPIO17", "GPIO17:up", "!P1_11:down", "", "!", ":up", "A:up:up", "gpiochip1-X.2", strings.Repeat("A", 65)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parseSpec(s)
		if err != nil {
			return
		}
		if p.String() != s || p.name == "" || len(p.name) > maxName {
			t.Errorf("%q is read as %q", s, p)
		}
		if p.on(p.level(true)) != true || p.on(p.level(false)) != false {
			t.Errorf("%q: on and off are mixed up", s)
		}
	})
}

type driver string

func (d driver) String() string          { return string(d) }
func (d driver) Prerequisites() []string { return nil }
func (d driver) After() []string         { return nil }
func (d driver) Init() (bool, error)     { return true, nil }

type named struct {
	gpio.PinIO
	name string
}

func (n named) Name() string { return n.name }

func TestReport(t *testing.T) {
	state := &driverreg.State{}
	state.Loaded = append(state.Loaded, driver("ioctl-gpio"))
	state.Skipped = append(state.Skipped, driverreg.DriverFailure{D: driver("allwinner-gpio"), Err: errors.New("no Allwinner CPU")})
	state.Failed = append(state.Failed,
		driverreg.DriverFailure{D: driver("bcm283x-gpio"), Err: errors.New("need more access\ntry as root")},
		driverreg.DriverFailure{D: driver("odd")})
	var pins []gpio.PinIO
	for _, n := range strings.Fields("GPIO0 GPIO1 GPIO2 GPIO3 GPIO4 GPIO5") {
		pins = append(pins, named{gpio.INVALID, n})
	}
	want := []string{
		"loaded: ioctl-gpio",
		"skipped: allwinner-gpio: no Allwinner CPU",
		"failed: bcm283x-gpio: need more access try as root",
		"failed: odd: no reason given",
		"pins: GPIO0, GPIO1, GPIO2, GPIO3 and 2 more",
	}
	if got := report(state, pins); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the report is\n%s", strings.Join(got, "\n"))
	}
	if got := some(pins[:2]); got != "GPIO0, GPIO1" {
		t.Error(got)
	}
	if got := some(nil); got != "no GPIO pins" {
		t.Error(got)
	}
}

// Wherever the tests run, asking for the host's pins neither fails nor invents
// one.
func TestHost(t *testing.T) {
	lines := HostReport()
	if len(lines) < 2 || !strings.HasPrefix(lines[len(lines)-1], "pins: ") {
		t.Errorf("the report is %q", lines)
	}
	for _, l := range lines {
		if strings.Contains(l, "\n") || !strings.Contains(l, ": ") {
			t.Errorf("odd line %q", l)
		}
	}
	if p, err := HostPins("NOSUCHPIN"); p != nil || !errors.Is(err, ErrNoPin) || !strings.Contains(err.Error(), "this computer has ") {
		t.Errorf("%v, %v", p, err)
	}
	t.Logf("this computer: %s", lines)
}
