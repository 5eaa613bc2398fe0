// Command probe tries one device of the terminal by hand: it opens the port a
// settings file would name, drives the device with the driver that ships, and
// prints what happens. It also lists what could be used, and records what a device
// says for tests. Nothing it prints or keeps about a person is unmasked unless
// asked for.
package main

import (
	"fmt"
	"io"
	"os"
)

const usage = `probe tries one device of the terminal by hand.

usage:
  probe list [-json]                    what is fitted, and what is wrong with it
  probe card URL [-reveal] [-n COUNT]   read cards, one JSON line an event
  probe printer URL ...                 ask and test a receipt printer
  probe scan URL [-reveal] [-n COUNT]   read codes with a 2D scanner
  probe badge URL [-reveal] [-n COUNT]  see badges on a PN532 reader
  probe panel FUNCTION=PIN ...          try lamp, buzzer and switches on GPIO
  probe record URL FILE -- card|printer ...
                                        do the same and keep a transcript for tests

URL is a port as the settings file writes it, for example
  uart:/dev/ttyUSB0?baud=115200   any device on a serial port, or uart:1a86:7523
  usblp:/dev/usb/lp0              a printer on a USB printer port, or usblp:04b8:0202
  tcp:192.168.1.60:9100           a printer on the network
  usb:0400:c35a                   a card reader with a USB plug of its own
  hid:10c4:0007                   one with HID reports, or hid:/dev/hidraw0
  i2c:1                           a badge reader on an I2C bus
Of several devices with the same USB id port=1-1.3 chooses one. Without baud= a card
or badge reader has 115200, a scanner 9600, a printer that of its profile.
Each command says more with -h, as in "probe card -h".

Exit code: 0 all well, 1 the device is not, 2 the command line is not.
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main without the process.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	command, rest := args[0], args[1:]
	switch command {
	case "list":
		return listCommand(rest, stdout, stderr)
	case "card":
		return cardCommand(rest, stdout, stderr)
	case "printer":
		return printerCommand(rest, stdout, stderr)
	case "scan":
		return scanCommand(rest, stdout, stderr)
	case "badge":
		return badgeCommand(rest, stdout, stderr)
	case "panel":
		return panelCommand(rest, stdout, stderr)
	case "record":
		return recordCommand(rest, stdout, stderr)
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, usage)
		return 0
	}
	fmt.Fprintf(stderr, "probe: no device %q: want list, card, printer, scan, badge, panel or record\n\n%s", command, usage)
	return 2
}
