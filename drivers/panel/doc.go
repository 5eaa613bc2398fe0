// Package panel drives what is wired to the terminal's GPIO header: a presence
// sensor (PIR or time-of-flight, with a digital output), a lamp, a buzzer, a
// service key, a door switch and the relay in the ID-card reader's supply. Pins
// are those of periph.io/x/conn/v3/gpio, chosen by their periph names; on Linux
// they are lines of the GPIO character device
// (docs.kernel.org/userspace-api/gpio/chardev.html).
//
// # Wiring
//
//	GPIO17       high means on
//	!GPIO17      low means on: an open-collector sensor, a relay module
//	!GPIO17:up   a contact to ground; the pin's own resistor pulls it up
//	P1_11:down   a contact to 3.3 V, named by its place on the header
//	(empty)      not fitted, which is a state and no fault
//
// A switched-on relay takes the reader's power away, so the reader hangs on the
// contact that is closed at rest: it has power while the pin is released, while
// the program does not run, and when the wire is off.
//
// # Trouble
//
// No pin can keep the terminal from starting. A pin that is not there, or that
// somebody else holds, is a Part that failed with its reason; inputs are tried
// again for as long as Run runs, lamp and buzzer every few seconds, the relay
// whenever it is to be switched.
package panel
