package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/wires"
)

const cardUsage = `usage: probe card URL [-reveal] [-n COUNT]

Waits for resident ID cards on a reader and prints what happens as JSON lines:
ready, found, read, failed, not-resident, removed, down. Ends with Ctrl-C.

  URL       where the reader is:
              uart:/dev/ttyUSB0?baud=115200   on a serial port, 115200 baud without baud=
              uart:1a86:7523                  the same by the USB id of its adapter
              usb:0400:c35a                   with a USB plug of its own; framing=split,
                                              pair or hid if its endpoints mislead
              hid:10c4:0007                   with HID reports, or hid:/dev/hidraw0
            of several with the same USB id port=1-1.3 chooses one
  -reveal   print cards unmasked, with address and newest address; use it with
            your own card or a test card only
  -n COUNT  end after COUNT cards have been read

Exit code: 0 when ended, 1 when the reader could not be used, 2 for a wrong
command line.
`

// cardArgs is a parsed command line.
type cardArgs struct {
	at     wires.Address
	reveal bool
	count  int
	tap    tap
}

// cardCommand is "probe card".
func cardCommand(args []string, stdout, stderr io.Writer) int {
	return tappedCard(args, nil, stdout, stderr)
}

// tappedCard is cardCommand with a listener in its wire.
func tappedCard(args []string, t tap, stdout, stderr io.Writer) int {
	a, err := parseCard(args)
	a.tap = t
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, cardUsage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "probe card: %v\n\n%s", err, cardUsage)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return probeCards(ctx, a, stdout, stderr)
}

// parseCard accepts flags before and after the URL.
func parseCard(args []string) (a cardArgs, err error) {
	fs := flag.NewFlagSet("probe card", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.BoolVar(&a.reveal, "reveal", false, "")
	fs.IntVar(&a.count, "n", 0, "")
	urls, err := anywhere(fs, args)
	if err != nil {
		return a, err
	}
	switch {
	case len(urls) != 1:
		return a, fmt.Errorf("%d URLs given, want one, for example uart:/dev/ttyUSB0", len(urls))
	case a.count < 0:
		return a, fmt.Errorf("-n %d: want a number of cards", a.count)
	}
	a.at, err = readerKind.parsePlain(urls[0])
	return a, err
}

// probeCards runs the reader until ctx ends, enough cards were read, or the
// reader cannot be used from the start.
func probeCards(ctx context.Context, a cardArgs, stdout, stderr io.Writer) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	dev := idcard.New(func() (idcard.Wire, error) { return open(a.at, a.tap) }, idcard.Opts{Baud: a.at.Baud, NewestAddress: a.reveal})
	dev.Arm() // whoever runs probe lays down the card
	code, ready, cards := 0, false, 0
	out := json.NewEncoder(stdout)
	out.SetEscapeHTML(false)
	err := dev.Run(ctx, func(e idcard.Event) {
		line := newCardLine(e, a.reveal)
		err := out.Encode(line)
		if e.Card != nil {
			e.Card.Wipe()
			cards++
		}
		ready = ready || e.Kind == idcard.Ready
		switch {
		case err != nil:
			fmt.Fprintf(stderr, "probe card: write event: %v\n", err)
			code = 1
			cancel()
		case e.Kind == idcard.Down && !ready:
			fmt.Fprintf(stderr, "probe card: %v\n%s", e.Err, a.hint(e.Err))
			code = 1
			cancel()
		case a.count > 0 && cards >= a.count:
			cancel()
		}
	})
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintf(stderr, "probe card: %v\n", err)
		return 1
	}
	return code
}

// hint says what to try when a reader does not come up. Trouble with the port
// explains itself.
func (a cardArgs) hint(err error) string {
	switch {
	case !errors.Is(err, idcard.ErrSilent):
		return ""
	case a.at.Scheme == wires.UART:
		return "The port opens but no card module answers. Is it the right port? Does the reader\n" +
			"have power? Try baud=57600, 38400, 19200 or 9600. Readers with a USB plug of their\n" +
			"own (not a USB serial adapter) are at usb:VENDOR:PRODUCT or hid:VENDOR:PRODUCT;\n" +
			"`probe list` names those it knows.\n"
	case a.at.Scheme == wires.USB:
		return "The reader opens but does not answer. Try framing=split, pair or hid.\n"
	}
	return "The node opens but no card module answers. Is it the reader's? `probe list` names it.\n"
}

// cardLine is one line of output.
type cardLine struct {
	Time   string `json:"time"`
	Event  string `json:"event"`
	SAM    string `json:"sam,omitempty"`
	Status string `json:"status,omitempty"`
	Do     string `json:"do,omitempty"`
	Error  string `json:"error,omitempty"`
	Card   any    `json:"card,omitempty"`
}

func newCardLine(e idcard.Event, reveal bool) cardLine {
	l := cardLine{Time: e.At.Format(time.RFC3339Nano), Event: e.Kind.String(), SAM: e.SAM}
	if e.Status != 0 {
		l.Status, l.Do = e.Status.String(), e.Status.Action().String()
	}
	if e.Err != nil && e.Status == 0 {
		l.Error = e.Err.Error()
	}
	switch {
	case e.Card == nil:
	case reveal:
		l.Card = newOpenCard(e.Card, e.At)
	default:
		l.Card = e.Card // prints itself masked
	}
	return l
}

// openCard is a card with nothing masked.
type openCard struct {
	Type        string `json:"type"`
	Name        string `json:"name"`
	ForeignName string `json:"foreign_name,omitempty"`
	Sex         string `json:"sex"`
	Ethnic      string `json:"ethnic,omitempty"`
	Birth       string `json:"birth"`
	Age         int    `json:"age"`
	Number      string `json:"number"`
	Address     string `json:"address,omitempty"`
	NewAddress  string `json:"newest_address,omitempty"`
	Authority   string `json:"authority,omitempty"`
	From        string `json:"valid_from"`
	To          string `json:"valid_to"`
	Expired     bool   `json:"expired"`
	Nationality string `json:"nationality,omitempty"`
	Pass        string `json:"pass,omitempty"`
	Issue       int    `json:"issue,omitempty"`
}

func newOpenCard(c *idcard.Card, at time.Time) openCard {
	to := c.ValidTo.String()
	if c.LongTerm {
		to = "长期"
	}
	return openCard{
		Type: c.Type.String(), Name: string(c.Name), ForeignName: string(c.ForeignName),
		Sex: c.Sex.String(), Ethnic: c.EthnicName(), Birth: c.Birth.String(), Age: c.Age(at),
		Number: string(c.Number), Address: string(c.Address), NewAddress: string(c.NewAddress),
		Authority: string(c.Authority), From: c.ValidFrom.String(), To: to, Expired: c.Expired(at),
		Nationality: string(c.Nationality), Pass: string(c.Pass), Issue: c.Issue,
	}
}
