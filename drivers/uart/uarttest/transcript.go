package uarttest

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// Kind is what happened on a wire.
type Kind byte

// The kinds, by the sign that begins their line in a file.
const (
	Opened   Kind = '=' // the wire was opened, or opened again
	Written  Kind = '>' // to the device
	Received Kind = '<' // from the device, in one Read
	Ended    Kind = '!' // a call failed, and not because of its deadline
)

// Event is one thing that happened on a wire.
type Event struct {
	Kind  Kind
	At    time.Duration // since the first opening; for people, a Playback has no time
	Bytes []byte        // Written and Received
}

// Transcript is what happened on a wire, in order. Its text form is a line for
// each event: the sign, seconds since the beginning, and bytes in hex. A line that
// begins with a space goes on with the bytes of the one before; what follows # is a
// remark. The seconds may be left out, for transcripts written by hand.
//
//	# a reader that is asked for its number
//	= 0.000000
//	> 0.000131 AA AA AA 96 69 00 03 12 FF EE
//	< 0.012400 AA AA AA 96 69 00 14 00 00 90 05 00 03 00 F3 D6 34 01 87 D6 12 00 B1 68 DE 3A
//	  EC 27
//	! 0.950000
type Transcript []Event

const (
	perLine  = 32      // bytes on a line
	maxBytes = 1 << 20 // bytes of one event
)

// WriteTo writes the text form.
func (t Transcript) WriteTo(w io.Writer) (int64, error) {
	var b bytes.Buffer
	for _, e := range t {
		fmt.Fprintf(&b, "%c %d.%06d", e.Kind, e.At/time.Second, e.At%time.Second/time.Microsecond)
		for i, x := range e.Bytes {
			if i > 0 && i%perLine == 0 {
				b.WriteString("\n ")
			}
			fmt.Fprintf(&b, " %02X", x)
		}
		b.WriteByte('\n')
	}
	n, err := w.Write(b.Bytes())
	if err != nil {
		return int64(n), fmt.Errorf("uarttest: write transcript: %w", err)
	}
	return int64(n), nil
}

// ParseTranscript reads the text form. The error names the line.
func ParseTranscript(r io.Reader) (Transcript, error) {
	var t Transcript
	lines := bufio.NewScanner(r)
	n := 0
	for lines.Scan() {
		n++
		text, _, _ := strings.Cut(lines.Text(), "#")
		if strings.TrimSpace(text) == "" {
			continue
		}
		var err error
		if t, err = t.line(text); err != nil {
			return nil, fmt.Errorf("uarttest: transcript: line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("uarttest: transcript: line %d: %w", n+1, err)
	}
	return t, nil
}

// line adds one line.
func (t Transcript) line(text string) (Transcript, error) {
	words := strings.Fields(text)
	if text[0] == ' ' || text[0] == '\t' {
		if len(t) == 0 || !t[len(t)-1].carries() {
			return nil, errors.New("goes on with bytes, and there are none before it")
		}
		return t, t[len(t)-1].add(words)
	}
	if len(words[0]) != 1 || !strings.Contains("=><!", words[0]) {
		return nil, fmt.Errorf("begins with %q: want = > < ! or a space", words[0])
	}
	e := Event{Kind: Kind(words[0][0])}
	words = words[1:]
	if len(t) > 0 {
		e.At = t[len(t)-1].At
	}
	if len(words) > 0 && strings.Contains(words[0], ".") {
		at, err := seconds(words[0])
		if err != nil {
			return nil, err
		}
		if at < e.At {
			return nil, fmt.Errorf("%s: before the line above", words[0])
		}
		e.At, words = at, words[1:]
	}
	switch {
	case e.carries() && len(words) == 0:
		return nil, errors.New("no bytes")
	case !e.carries() && len(words) > 0:
		return nil, fmt.Errorf("%c has no bytes", e.Kind)
	case e.Kind != Opened && len(t) > 0 && t[len(t)-1].Kind == Ended:
		return nil, errors.New("nothing can follow ! but =")
	}
	if err := e.add(words); err != nil {
		return nil, err
	}
	return append(t, e), nil
}

func (e Event) carries() bool { return e.Kind == Written || e.Kind == Received }

func (e *Event) add(words []string) error {
	for _, w := range words {
		b, err := hex.DecodeString(w)
		if err != nil || len(b) != 1 {
			return fmt.Errorf("%.20q: want a byte as two hex digits", w)
		}
		e.Bytes = append(e.Bytes, b[0])
	}
	if len(e.Bytes) > maxBytes {
		return fmt.Errorf("more than %d bytes at once", maxBytes)
	}
	return nil
}

// seconds reads 12.345678; further digits are cut off.
func seconds(s string) (time.Duration, error) {
	whole, part, _ := strings.Cut(s, ".")
	part = (part + "000000")[:6]
	sec, err1 := strconv.ParseUint(whole, 10, 31)
	micro, err2 := strconv.ParseUint(part, 10, 31)
	if err1 != nil || err2 != nil {
		return 0, fmt.Errorf("%.20q: want seconds such as 0.012400", s)
	}
	return time.Duration(sec)*time.Second + time.Duration(micro)*time.Microsecond, nil
}

// Playbacks returns a wire for each time it was opened, in order, for the driver's
// open function. Bytes that came before anything was written are there from the
// beginning.
func (t Transcript) Playbacks() []*Playback {
	var all []*Playback
	for _, e := range t {
		if e.Kind == Opened || len(all) == 0 {
			all = append(all, &Playback{})
		}
		all[len(all)-1].add(e)
	}
	return all
}

// add adds an event to the script.
func (p *Playback) add(e Event) {
	last := len(p.Ops) - 1
	switch e.Kind {
	case Written:
		// Writes without a read between them are one exchange, see Record.
		if last >= 0 && len(p.Ops[last].R) == 0 {
			p.Ops[last].W = append(p.Ops[last].W, e.Bytes...)
		} else {
			p.Ops = append(p.Ops, IO{W: bytes.Clone(e.Bytes)})
		}
	case Received:
		if last >= 0 {
			p.Ops[last].R = append(p.Ops[last].R, bytes.Clone(e.Bytes))
		} else {
			p.pending = append(p.pending, bytes.Clone(e.Bytes))
		}
	case Ended:
		if last >= 0 {
			p.Ops[last].Err = io.EOF
		} else {
			p.err = io.EOF
		}
	}
}
