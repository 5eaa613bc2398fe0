// Package drivers is a shelf: it has no code, only the list of devices this
// terminal can drive and what every driver here keeps to.
//
// # Devices
//
//	package   device                                     standard or manual                  URL in the settings
//	idcard    resident-ID-card reader                    GA 450, GA 467 (SAM_V), GA/T 490    uart:/dev/ttyUSB0?baud=115200, usb:0400:c35a, hid:10c4:0007
//	printer   receipt printer, 58 or 80 mm               ESC/POS, see package escpos         uart:/dev/ttyS1?baud=19200&profile=generic80, usblp:/dev/usb/lp0, tcp:HOST:9100
//	scanner   2D code scanner of the GM65 class          GM65 user manual                    uart:/dev/ttyACM0?baud=9600
//	pn532     NFC reader for badges                      NXP UM0701-02, ISO 14443-3          uart:/dev/ttyUSB1, i2c:1
//	panel     lamp, buzzer, presence, key, door, relay   GPIO character device               pins by their periph names
//
// Below them are the wires, each with deadlines and with unplugging as an error:
// uart (serial ports), usblp (USB printer ports), jetdirect (TCP 9100), usb (bulk
// endpoints and HID reports, without a C library); wires opens what an address
// names. What the devices say, as bytes
// and without input or output, is in idcard/samv, idcard/samusb and escpos.
// Beside them are the fakes: sim (reader and printer made of software, which
// misbehave by script), scanner/scannertest, pn532/pn532test, and uart/uarttest
// (a scripted wire); and cmd/probe, a device tried by hand.
//
// # Conventions
//
// A driver is a package named after the real thing. Its first sentence says
// what the device is and its package comment names the manual. It has a Dev,
// an Opts whose zero value works, and a New that returns the concrete type.
//
// A driver declares the wire it needs as an interface of its own; *uart.Port,
// the simulators and uarttest.Playback all satisfy it. Fakes sit at the wire,
// so the driver that ships is the driver that every test runs.
//
// One goroutine owns a port. Every read and write has a deadline. An unplugged
// cable is an error, never a hang, and the driver opens the port again by
// itself. Which device is there is chosen by a URL in the settings, and wired
// where the program starts: no registries, no build tags, no probing of ports
// that may belong to something else.
//
// A driver knows nothing of postings and residents. What it reads from a card
// reaches no log, no error text and no file; what it keeps is wiped.
//
// # Adding a device
//
// Write the package with its parser fuzzed, a transcript of the real device
// played back with uarttest, a simulator in sim if the terminal is to be shown
// without it, and a row in the list above.
package drivers
