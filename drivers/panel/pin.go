package panel

import (
	"errors"
	"fmt"
	"strings"

	"periph.io/x/conn/v3/gpio"
)

// maxName is the longest name of a pin; the kernel's have at most 31 bytes
// (GPIO_MAX_NAME_SIZE), to which periph may add the chip's.
const maxName = 64

// spec is what a setting says of a pin.
type spec struct {
	name string
	low  bool // low means on
	pull gpio.Pull
}

// parseSpec reads [!]NAME[:up|:down].
func parseSpec(s string) (spec, error) {
	p := spec{pull: gpio.PullNoChange}
	p.name, p.low = strings.CutPrefix(s, "!")
	name, pull, pulled := strings.Cut(p.name, ":")
	p.name = name
	switch {
	case !pulled:
	case pull == "up":
		p.pull = gpio.PullUp
	case pull == "down":
		p.pull = gpio.PullDown
	default:
		return spec{}, fmt.Errorf("pull %q is neither up nor down", pull)
	}
	odd := func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("_.-", r)
	}
	if p.name == "" || len(p.name) > maxName || strings.ContainsFunc(p.name, odd) {
		return spec{}, fmt.Errorf("%q is no name of a pin", p.name)
	}
	return p, nil
}

// String writes the setting as parseSpec reads it.
func (p spec) String() string {
	s := p.name
	if p.low {
		s = "!" + s
	}
	switch p.pull {
	case gpio.PullUp:
		s += ":up"
	case gpio.PullDown:
		s += ":down"
	}
	return s
}

// level is the level of the pin for on or off.
func (p spec) level(on bool) gpio.Level { return gpio.Level(on != p.low) }

// on is what a level of the pin means.
func (p spec) on(l gpio.Level) bool { return bool(l) != p.low }

// Find returns the pin of that name, or an error that says why there is none.
// It is [HostPins] but in tests.
type Find func(name string) (gpio.PinIO, error)

// claims gives each pin to one function only.
type claims struct {
	find Find
	by   map[string]Function
}

// claim returns the pin that a setting names.
func (c *claims) claim(f Function, setting string) (gpio.PinIO, spec, error) {
	p, err := parseSpec(setting)
	if err != nil {
		return nil, p, err
	}
	if !f.input() && p.pull != gpio.PullNoChange {
		return nil, p, errors.New("a pull is for inputs only")
	}
	pin, err := c.find(p.name)
	if err != nil {
		return nil, p, err
	}
	if pin == nil {
		return nil, p, fmt.Errorf("%s: %w", p.name, ErrNoPin)
	}
	real := pin
	if alias, ok := pin.(gpio.RealPin); ok {
		real = alias.Real()
	}
	if other, taken := c.by[real.Name()]; taken {
		return nil, p, fmt.Errorf("%s is the pin of the %s already", p.name, other)
	}
	c.by[real.Name()] = f
	return pin, p, nil
}
