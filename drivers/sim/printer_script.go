package sim

import (
	"encoding/hex"
	"fmt"
	"sort"
	"strconv"
	"strings"
	"time"
)

// PrinterScript is what happens to a printer while it works, step by step. The
// zero value is nothing.
type PrinterScript struct{ steps []printerStep }

// printerStep is one line of a script.
type printerStep struct {
	bytes int           // happens when so many were received since the step before
	wait  time.Duration // or so much later
	cut   bool          // or when the cutter is about to work
	do    func(*Printer)
}

// scriptLines bounds a script.
const scriptLines = 1000

// ParsePrinterScript reads a script: one step a line, in the order in which they
// happen, each when the one before has happened. Empty lines and what follows a #
// are nothing. A step is an action, behind a time to wait for if it has one:
//
//	after 120 bytes: power off     # right after the 120th byte received from now on
//	after 1.5s: power on
//	at cut: jam cutter             # when the cutter is about to work
//	cover open                     # at once
//
// The actions:
//
//	power off · power on · unplug · stall · resume
//	cover open · cover close · paper out [ROWS] · paper low · paper load
//	jam cutter · free cutter · take slip
//	overheat · cool · break          # break: an error that only the switch ends
//	ignore flow · obey flow          # reads on when full and loses what does not fit
//	lose N [answers]                 # the next bytes received, or of its answers
//	duplicate N [answers]
//	split N                          # answers come in pieces of N bytes; 0: whole
//	delay TIME                       # every answer from now on; 0s: at once
//	say HEX...                       # bytes nobody asked for: "say 13", "say 10 00 00 00"
//
// Times are written as in Go: 500ms, 2s. The error names the line.
func ParsePrinterScript(text string) (PrinterScript, error) {
	var s PrinterScript
	for i, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		line = strings.ToLower(strings.TrimSpace(line))
		if line == "" {
			continue
		}
		step, err := parsePrinterStep(line)
		if err == nil && len(s.steps) == scriptLines {
			err = fmt.Errorf("more than %d steps", scriptLines)
		}
		if err != nil {
			return PrinterScript{}, fmt.Errorf("sim: printer script: line %d: %w", i+1, err)
		}
		s.steps = append(s.steps, step)
	}
	return s, nil
}

func parsePrinterStep(line string) (printerStep, error) {
	var s printerStep
	when, action, ok := strings.Cut(line, ":")
	if !ok {
		when, action = "", line
	}
	w := strings.Fields(when)
	var err error
	switch {
	case !ok:
	case len(w) == 2 && w[0] == "at" && w[1] == "cut":
		s.cut = true
	case len(w) == 3 && w[0] == "after" && strings.HasPrefix(w[2], "byte"):
		s.bytes, err = parseCount(w[1], 1<<30)
	case len(w) == 2 && w[0] == "after":
		s.wait, err = parseWait(w[1])
	default:
		err = fmt.Errorf("%q: want \"after N bytes\", \"after TIME\" or \"at cut\"", strings.TrimSpace(when))
	}
	if err == nil {
		s.do, err = parsePrinterAction(strings.Fields(action))
	}
	return s, err
}

func parseCount(s string, most int) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > most {
		return 0, fmt.Errorf("%q: want a number from 0 to %d", s, most)
	}
	return n, nil
}

func parseWait(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > time.Hour {
		return 0, fmt.Errorf("%q: want a time up to one hour, as 500ms or 2s", s)
	}
	return d, nil
}

// printerActions are the actions without a number.
func printerActions() map[string]func(*Printer) {
	return map[string]func(*Printer){
		"power off":   func(p *Printer) { p.off = true; p.forget() },
		"power on":    func(p *Printer) { p.off = false },
		"unplug":      (*Printer).pull,
		"stall":       func(p *Printer) { p.stalled = true },
		"resume":      func(p *Printer) { p.stalled = false },
		"cover open":  func(p *Printer) { p.cover = true },
		"cover close": func(p *Printer) { p.cover = false },
		"paper out":   func(p *Printer) { p.endPaper(0) },
		"paper low":   func(p *Printer) { p.low = true },
		"paper load":  (*Printer).loadPaper,
		"jam cutter":  func(p *Printer) { p.jammed = true },
		"free cutter": func(p *Printer) { p.jammed = false },
		"take slip":   func(p *Printer) { p.held = false },
		"overheat":    func(p *Printer) { p.hot = true },
		"cool":        func(p *Printer) { p.hot = false },
		"break":       func(p *Printer) { p.broken = true },
		"ignore flow": func(p *Printer) { p.deafFlow = true },
		"obey flow":   func(p *Printer) { p.deafFlow = false },
	}
}

// parsePrinterAction turns words into what they do, with the lock held.
func parsePrinterAction(w []string) (func(*Printer), error) {
	if do, ok := printerActions()[strings.Join(w, " ")]; ok {
		return do, nil
	}
	name := strings.Join(w, " ")
	if len(w) < 2 {
		return nil, unknownAction(name)
	}
	answers := len(w) == 3 && w[2] == "answers"
	switch {
	case w[0] == "say":
		b, err := hex.DecodeString(strings.Join(w[1:], ""))
		if err != nil {
			return nil, fmt.Errorf("%q: want bytes in hexadecimal, as 10 0f", name)
		}
		return func(p *Printer) { p.answer(b...) }, nil
	case len(w) == 3 && w[0] == "paper" && w[1] == "out":
		n, err := parseCount(w[2], 1<<20)
		return func(p *Printer) { p.endPaper(n) }, err
	case len(w) == 2 && w[0] == "delay":
		d, err := parseWait(w[1])
		return func(p *Printer) { p.late = d }, err
	case len(w) == 2 && w[0] == "split":
		n, err := parseCount(w[1], 1000)
		return func(p *Printer) { p.play.split = n }, err
	case (len(w) == 2 || answers) && w[0] == "lose":
		n, err := parseCount(w[1], 1<<20)
		return func(p *Printer) { p.play.of(answers).lose = n }, err
	case (len(w) == 2 || answers) && w[0] == "duplicate":
		n, err := parseCount(w[1], 1<<20)
		return func(p *Printer) { p.play.of(answers).double = n }, err
	}
	return nil, unknownAction(name)
}

func unknownAction(name string) error {
	names := []string{"paper out ROWS", "lose N", "duplicate N", "split N", "delay TIME", "say HEX"}
	for n := range printerActions() {
		names = append(names, n)
	}
	sort.Strings(names)
	return fmt.Errorf("%q is no action; there are %s", name, strings.Join(names, ", "))
}

// Play begins a script, in place of one that is under way.
func (p *Printer) Play(s PrinterScript) {
	p.change(func() {
		p.play.steps = s.steps
		p.play.run++
		p.play.advance(p)
	})
}

// printerPlay is a script under way, and the noise it has made on the wire.
type printerPlay struct {
	steps   []printerStep
	run     int // which script, for a timer that comes late
	left    int // bytes until the next step
	in, out printerNoise
	split   int
}

// printerNoise is what becomes of the next bytes in one direction.
type printerNoise struct{ lose, double int }

func (s *printerPlay) of(answers bool) *printerNoise {
	if answers {
		return &s.out
	}
	return &s.in
}

// copies is how many times the next byte counts.
func (n *printerNoise) copies() int {
	switch {
	case n.lose > 0:
		n.lose--
		return 0
	case n.double > 0:
		n.double--
		return 2
	}
	return 1
}

// advance does the steps that wait for nothing, and gets ready for the next.
func (s *printerPlay) advance(p *Printer) {
	for len(s.steps) > 0 {
		next := s.steps[0]
		switch {
		case next.cut:
			return
		case next.bytes > 0:
			s.left = next.bytes
			return
		case next.wait > 0:
			run := s.run
			time.AfterFunc(next.wait, func() {
				p.change(func() {
					if s.run == run && !p.closed {
						s.fire(p)
						s.advance(p)
					}
				})
			})
			return
		}
		s.fire(p)
	}
}

// fire does the first step.
func (s *printerPlay) fire(p *Printer) {
	do := s.steps[0].do
	s.steps = s.steps[1:]
	do(p)
}

// received counts one byte.
func (s *printerPlay) received(p *Printer) {
	if len(s.steps) == 0 || s.steps[0].bytes == 0 {
		return
	}
	if s.left--; s.left == 0 {
		s.fire(p)
		s.advance(p)
		p.autoStatus()
		p.wake.Broadcast()
	}
}

// atCut does a step that waits for the cutter.
func (s *printerPlay) atCut(p *Printer) {
	if len(s.steps) > 0 && s.steps[0].cut {
		s.fire(p)
		s.advance(p)
		p.autoStatus()
		p.wake.Broadcast()
	}
}

// answer is an answer as it leaves: with bytes lost or doubled, in pieces.
func (s *printerPlay) answer(b []byte) [][]byte {
	var all []byte
	for _, v := range b {
		for range s.out.copies() {
			all = append(all, v)
		}
	}
	if s.split == 0 || len(all) == 0 {
		return [][]byte{all}
	}
	var parts [][]byte
	for len(all) > 0 {
		n := min(s.split, len(all))
		parts = append(parts, all[:n:n])
		all = all[n:]
	}
	return parts
}
