package panel_test

import (
	"context"
	"fmt"

	"jobhome/drivers/panel"

	"periph.io/x/conn/v3/gpio"
)

// On a terminal the pins are panel.HostPins. Here they are a door switch that
// pulls its pin down, and a lamp.
func Example() {
	door, lamp := newWire("GPIO27", told), newWire("GPIO17", none)
	pins := map[string]gpio.PinIO{"GPIO27": door, "GPIO17": lamp}
	find := func(name string) (gpio.PinIO, error) {
		if p, ok := pins[name]; ok {
			return p, nil
		}
		return nil, fmt.Errorf("%s: %w", name, panel.ErrNoPin)
	}

	d := panel.New(find, panel.Opts{Door: "!GPIO27:up", Lamp: "GPIO17", Buzzer: "GPIO22"})
	defer d.Close()
	d.Lamp(panel.LampSlow) // take your slip
	for _, p := range d.Parts() {
		fmt.Printf("%s: %s\n", p.Function, p.State)
	}
	fmt.Println(d.Part(panel.Buzzer).Reason)
	ctx, cancel := context.WithCancel(context.Background())
	err := d.Run(ctx, func(e panel.Event) {
		if e.Function == panel.Door && e.State == panel.Fitted {
			fmt.Println("door open:", e.On)
			cancel()
		}
	})
	fmt.Println(err)
	// Output:
	// presence sensor: not fitted
	// service key: not fitted
	// door switch: fitted
	// lamp: fitted
	// buzzer: failed
	// reader relay: not fitted
	// panel: buzzer: GPIO22: no such pin
	// door open: true
	// context canceled
}
