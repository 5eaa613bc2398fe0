package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"jobhome/drivers/uart/uarttest"
	"jobhome/drivers/wires"
)

const recordUsage = `usage: probe record URL FILE [-reveal] -- card [-n COUNT] [-reveal]
       probe record URL FILE -- printer status|test [-profile NAME] [-profiles DIR]

Runs another command of probe on the device at URL, and writes what went over the
wire into FILE, which must not exist yet: a transcript that a test of the driver
plays back without the device. URL is any that the other command takes; it stands in
front only, not behind --. Of a USB reader the frames are kept, without their
envelopes.

What a card says is not kept. Every name, number, address, photo and chip number in
FILE is replaced by those of a person who does not exist, or by zeros, with the
checksums put right, and so are all bytes that are not understood.

  -reveal   (in front of --) keep them. FILE then holds somebody's identity: use it
            with your own card or a test card, and never pass FILE on

Exit code: that of the command; 1 if FILE cannot be written, 2 for a wrong command
line.
`

// recordArgs is a parsed command line.
type recordArgs struct {
	url, file string
	reveal    bool
	command   []string // card or printer, with its URL
}

// recordCommand is "probe record".
func recordCommand(args []string, stdout, stderr io.Writer) int {
	a, err := parseRecord(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, recordUsage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "probe record: %v\n\n%s", err, recordUsage)
		return 2
	}
	// Before the device is touched, so that no card is read in vain.
	f, err := os.OpenFile(a.file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		fmt.Fprintf(stderr, "probe record: %v\n", err)
		return 1
	}
	var log uarttest.Log
	code := a.run(&log, stdout, stderr)
	if err := errors.Join(a.save(f, log.Transcript()), f.Close()); err != nil {
		fmt.Fprintf(stderr, "probe record: %v\n", err)
		return 1
	}
	return code
}

// parseRecord splits the line at -- and puts the URL into the other command.
func parseRecord(args []string) (a recordArgs, err error) {
	var behind []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, behind = args[:i], args[i+1:]
	}
	fs := flag.NewFlagSet("probe record", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.BoolVar(&a.reveal, "reveal", false, "")
	words, err := anywhere(fs, args)
	switch {
	case err != nil:
		return a, err
	case len(words) != 2:
		return a, fmt.Errorf("%d words in front of --, want a URL and a file", len(words))
	case len(behind) == 0:
		return a, errors.New("no command behind --: want card or printer")
	}
	a.url, a.file = words[0], words[1]
	a.command = slices.Insert(slices.Clone(behind), 1, a.url)
	switch behind[0] {
	case "card":
		_, err = parseCard(a.command[1:])
	case "printer":
		var c printerCall
		c, err = parsePrinter(a.command[1:])
		if err == nil && c.verb == "print" {
			err = errors.New("printer print: a transcript would keep what is printed; record a test page")
		}
	default:
		err = fmt.Errorf("command %q behind --: want card or printer", behind[0])
	}
	if errors.Is(err, flag.ErrHelp) {
		err = errors.New("-h behind --: ask the command itself")
	}
	return a, err
}

// anywhere parses flags that may stand before, between and behind the words.
func anywhere(fs *flag.FlagSet, args []string) (words []string, err error) {
	for {
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		if args = fs.Args(); len(args) == 0 {
			return words, nil
		}
		words, args = append(words, args[0]), args[1:]
	}
}

// run runs the other command with a listener in its wire.
func (a recordArgs) run(log *uarttest.Log, stdout, stderr io.Writer) int {
	listen := func(w wires.Wire) wires.Wire { return listenTo(log, w) }
	if a.command[0] == "card" {
		return tappedCard(a.command[1:], listen, stdout, stderr)
	}
	return tappedPrinter(a.command[1:], listen, stdout, stderr)
}

// save writes the transcript.
func (a recordArgs) save(w io.Writer, t uarttest.Transcript) error {
	kept := "everything that went over the wire"
	switch {
	case a.command[0] == "card" && a.reveal:
		kept = "EVERYTHING THE CARD SAID: do not pass this file on"
	case a.command[0] == "card":
		redactCards(t)
		kept = "a person who does not exist in place of the card's"
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# probe record %s -- %s\n# %s, with %s\n",
		a.url, strings.Join(append([]string{a.command[0]}, a.command[2:]...), " "), time.Now().Format(time.DateOnly), kept)
	if _, err := t.WriteTo(&b); err != nil {
		return err
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write transcript: %w", err)
	}
	return nil
}

// flusher and porter are what a driver asks of a wire if the wire can do it.
type (
	flusher interface {
		FlushInput() error
		FlushOutput() error
	}
	porter interface {
		PortStatus() (paperOut, fault, known bool, err error)
	}
)

// listenTo keeps what the wire can do besides, so that the driver behaves as
// without a listener.
func listenTo(log *uarttest.Log, w wires.Wire) wires.Wire {
	r := log.Listen(w)
	f, flushes := w.(flusher)
	p, tells := w.(porter)
	switch {
	case flushes && tells:
		return struct {
			*uarttest.Record
			flusher
			porter
		}{r, f, p}
	case flushes:
		return struct {
			*uarttest.Record
			flusher
		}{r, f}
	}
	return r
}
