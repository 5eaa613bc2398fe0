package panel_test

import (
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/panel"

	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpiotest"
)

// The driver runs on periph's own fake too.
func TestOnGPIOTest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := &gpiotest.Pin{N: "GPIO27", EdgesChan: make(chan gpio.Level)}
		relay := &gpiotest.Pin{N: "GPIO17"}
		find := func(name string) (gpio.PinIO, error) {
			return map[string]gpio.PinIO{"GPIO27": key, "GPIO17": relay}[name], nil
		}
		d := panel.New(find, panel.Opts{ServiceKey: "!GPIO27:up", ReaderPower: "GPIO17"})
		events := make(chan panel.Event, 10)
		done := make(chan error, 1)
		go func() { done <- d.Run(t.Context(), func(e panel.Event) { events <- e }) }()
		if e := <-events; e.On || e.State != panel.Fitted {
			t.Errorf("told %+v", e)
		}
		for _, l := range []gpio.Level{gpio.Low, gpio.High, gpio.Low} {
			key.EdgesChan <- l
			time.Sleep(5 * time.Millisecond)
		}
		if e := <-events; !e.On {
			t.Errorf("told %+v", e)
		}
		if err := d.Power(t.Context(), false); err != nil || relay.Read() != gpio.High {
			t.Errorf("power off: %v", err)
		}
		d.Close()
		<-done
		if relay.Read() != gpio.Low {
			t.Error("the reader has no power")
		}
	})
}
