package panel

import (
	"fmt"
	"sync"

	"periph.io/x/conn/v3/gpio"
)

// output is one pin that is driven.
type output struct {
	d *Dev
	f Function
	spec

	mu  sync.Mutex
	pin gpio.PinIO
}

// set drives the pin and notes how that went.
func (o *output) set(on bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	err := o.pin.Out(o.level(on))
	if err != nil {
		err = fmt.Errorf("panel: drive %s on pin %s: %w", o.f, o.name, err)
	}
	o.d.set(o.f, false, err)
	return err
}

// off switches off for good.
func (o *output) off() (err error) {
	for range offTries {
		if err = o.set(false); err == nil {
			break
		}
	}
	return err
}

const offTries = 3
