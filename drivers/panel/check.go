package panel

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Test lets the lamp light up twice and the buzzer sound once, for somebody who
// watches, and reads every input once as it is this moment, bouncing or not. It
// takes about a second. The relay is left alone. The error is that of the lamp
// or the buzzer, or ctx's; the parts are as after the test.
func (d *Dev) Test(ctx context.Context) ([]Part, error) {
	const light, dark = 300 * time.Millisecond, 200 * time.Millisecond
	var errs [2]error
	var all sync.WaitGroup
	if d.lamp != nil {
		all.Go(func() {
			errs[0] = d.lamp.test(ctx, []beat{{true, light}, {false, dark}, {true, light}, {false, dark}})
		})
	}
	if d.buzzer != nil {
		all.Go(func() { errs[1] = d.buzzer.test(ctx, Short.beats()) })
	}
	all.Wait()
	levels := map[Function]bool{}
	for _, in := range d.inputs {
		on, err := in.once()
		if err == nil {
			levels[in.f] = on
		}
	}
	parts := d.Parts()
	for i := range parts {
		if on, ok := levels[parts[i].Function]; ok {
			parts[i].On = on
		}
	}
	return parts, errors.Join(errs[:]...)
}
