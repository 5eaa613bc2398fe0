// Package drivers is a shelf: it has no code, only the list of devices this
// terminal can drive and what every driver here keeps to.
//
// # Devices
//
//	package   device                                     standard or manual                  URL in the settings
//	idcard    resident-ID-card reader on a serial line   GA 450, GA 467 (SAM_V), GA/T 490    uart:/dev/ttyUSB0?baud=115200
//	printer   receipt printer, 58 or 80 mm               ESC/POS, see package escpos         uart:/dev/ttyS1?baud=19200&profile=generic80
//	scanner   2D code scanner of the GM65 class          GM65 user manual                    uart:/dev/ttyACM0?baud=9600
//	pn532     NFC reader for badges                      NXP UM0701-02, ISO 14443-3          uart:/dev/ttyUSB1, i2c:1
//
// Below them are uart (serial ports, with deadlines and unplugging as an
// error), idcard/samv and escpos (what the devices say, as bytes; no input or
// output). Beside them are uart/uarttest (a scripted wire), sim (both devices
// made of software) and cmd/probe (a device tried by hand).
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
