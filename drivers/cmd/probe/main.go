// Command probe tries one device of the terminal by hand: it opens the port a
// settings file would name, drives the device with the driver that ships, and
// prints what happens. Nothing it prints about a person is unmasked unless
// asked for.
package main

import (
	"fmt"
	"io"
	"os"
)

const usage = `probe tries one device of the terminal by hand.

usage:
  probe card URL [-reveal] [-n COUNT]   read cards, one JSON line an event
  probe printer URL ...                 ask and test a receipt printer

URL is a port as the settings file writes it, for example
  uart:/dev/ttyUSB0?baud=115200
"probe card -h" and "probe printer -h" say more.

Exit code: 0 all well, 1 the device is not, 2 the command line is not.
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run is main without the process.
func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	switch args[0] {
	case "card":
		return cardCommand(args[1:], stdout, stderr)
	case "printer":
		return printerCommand(args[1:], stdout, stderr)
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, usage)
		return 0
	}
	fmt.Fprintf(stderr, "probe: no device %q: want card or printer\n\n%s", args[0], usage)
	return 2
}
