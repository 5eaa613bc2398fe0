package main

import (
	"context"
	"io"
	"time"
	"unicode/utf8"

	"jobhome/drivers/scanner"
	"jobhome/drivers/wires"
)

const scanUsage = `usage: probe scan URL [-reveal] [-n COUNT]

Waits for codes in front of a 2D scanner and prints what happens as JSON lines:
ready, scanned, ignored (payment codes and card numbers, for example), down. Ends with
Ctrl-C. Nothing is sent to the scanner, so ready says only that the line is open.

  URL       the scanner's port, uart:/dev/ttyACM0?baud=9600, or uart:1a86:7523 by the
            USB id; without baud= it is 9600, as scanners of the GM65 class are
            delivered
  -reveal   print what the codes say; without it only their length
  -n COUNT  end after COUNT codes

Exit code: 0 when ended, 1 when the scanner could not be used, 2 for a wrong
command line.
`

// scanLine is one line of output.
type scanLine struct {
	Time  string `json:"time"`
	Event string `json:"event"`
	Chars int    `json:"chars,omitempty"`
	Text  string `json:"text,omitempty"`
	Error string `json:"error,omitempty"`
}

// scanCommand is "probe scan".
func scanCommand(args []string, stdout, stderr io.Writer) int {
	out := [2]io.Writer{stdout, stderr}
	a, err := parseWatch("scan", args)
	var at wires.Address
	if err == nil {
		at, err = scannerKind.parsePlain(a.url)
	}
	if err != nil {
		return a.usageCode(err, scanUsage, out)
	}
	return a.scan(context.Background(), func() (scanner.Wire, error) { return open(at, nil) }, out)
}

func (a watchArgs) scan(ctx context.Context, open func() (scanner.Wire, error), out [2]io.Writer) int {
	dev := scanner.New(open, scanner.Opts{})
	return a.watch(ctx, func(ctx context.Context, tell func(watched)) error {
		return dev.Run(ctx, func(e scanner.Event) {
			l := scanLine{Time: e.At.Format(time.RFC3339Nano), Event: e.Kind.String(), Chars: utf8.RuneCount(e.Text)}
			if a.reveal {
				l.Text = string(e.Text)
			}
			w := watched{ready: e.Kind == scanner.Ready, hit: e.Kind == scanner.Scanned}
			if e.Err != nil {
				l.Error = e.Err.Error()
			}
			if e.Kind == scanner.Down {
				w.down = e.Err
			}
			w.line = l
			tell(w)
		})
	}, out)
}
