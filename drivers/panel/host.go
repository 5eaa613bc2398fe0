package panel

import (
	"fmt"
	"strings"

	"periph.io/x/conn/v3/driver/driverreg"
	"periph.io/x/conn/v3/gpio"
	"periph.io/x/conn/v3/gpio/gpioreg"
	"periph.io/x/host/v3"
)

// namesTold is how many pins an error names.
const namesTold = 4

// HostPins finds a pin of this computer: by its chip's name (GPIO17), its place
// on the header (P1_11) or its number (17). The first call loads periph's
// drivers. A computer without GPIO is no fault; its pins are just not there.
func HostPins(name string) (gpio.PinIO, error) {
	if _, err := host.Init(); err != nil {
		return nil, fmt.Errorf("load GPIO drivers: %w", err)
	}
	if p := gpioreg.ByName(name); p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s: %w: this computer has %s", name, ErrNoPin, some(gpioreg.All()))
}

// some names a few pins.
func some(all []gpio.PinIO) string {
	var names []string
	for _, p := range all[:min(len(all), namesTold)] {
		names = append(names, p.Name())
	}
	switch rest := len(all) - len(names); {
	case len(all) == 0:
		return "no GPIO pins"
	case rest == 0:
		return strings.Join(names, ", ")
	default:
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), rest)
	}
}

// HostReport tells what periph found on this computer: a line for each driver,
// loaded, skipped or failed with its reason, and one for the pins.
func HostReport() []string {
	state, err := host.Init()
	if err != nil {
		return []string{"failed: GPIO drivers: " + oneLine(err)}
	}
	return report(state, gpioreg.All())
}

func report(state *driverreg.State, pins []gpio.PinIO) []string {
	var lines []string
	for _, d := range state.Loaded {
		lines = append(lines, "loaded: "+d.String())
	}
	for _, f := range state.Skipped {
		lines = append(lines, "skipped: "+f.D.String()+": "+oneLine(f.Err))
	}
	for _, f := range state.Failed {
		lines = append(lines, "failed: "+f.D.String()+": "+oneLine(f.Err))
	}
	return append(lines, "pins: "+some(pins))
}

// oneLine keeps a reason of several lines on one.
func oneLine(err error) string {
	if err == nil {
		return "no reason given"
	}
	return strings.Join(strings.Fields(err.Error()), " ")
}
