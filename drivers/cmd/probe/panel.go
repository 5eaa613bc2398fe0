package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"jobhome/drivers/panel"
)

const panelUsage = `usage: probe panel FUNCTION=PIN ... [-watch DURATION]

Tries what is wired to the GPIO header: lights the lamp twice, sounds the buzzer once,
reads every input, and prints a JSON line for each function: fitted, not fitted, or
failed and why. Then, with -watch, a line whenever an input changes.

  FUNCTION  presence, service_key, door (inputs), lamp, buzzer, reader_power (outputs),
            as in the settings. reader_power is set up so that the reader has power,
            and not switched
  PIN       GPIO17 where high means on, !GPIO17 where low does; GPIO17:up or :down with
            the pin's own resistor, inputs only; P1_11 by the place on the header
  -watch DURATION
            watch the inputs so long, such as 10s or 5m; Ctrl-C ends it earlier

For example: probe panel lamp=GPIO27 buzzer=GPIO22 presence=GPIO17:up 'door=!GPIO6' -watch 10s

The quotes keep the shell from taking ! for itself. A pin that the terminal holds is
busy: stop the terminal first.

Exit code: 0 all well, 1 something that was named has failed, 2 for a wrong command
line.
`

// wired is a function of the panel by its name in the settings.
type wired struct {
	name string
	f    panel.Function
	pin  func(*panel.Opts) *string
}

// functions are those of the panel, in its order; never written to.
var functions = []wired{
	{"presence", panel.Presence, func(o *panel.Opts) *string { return &o.Presence }},
	{"service_key", panel.ServiceKey, func(o *panel.Opts) *string { return &o.ServiceKey }},
	{"door", panel.Door, func(o *panel.Opts) *string { return &o.Door }},
	{"lamp", panel.Lamp, func(o *panel.Opts) *string { return &o.Lamp }},
	{"buzzer", panel.Buzzer, func(o *panel.Opts) *string { return &o.Buzzer }},
	{"reader_power", panel.ReaderPower, func(o *panel.Opts) *string { return &o.ReaderPower }},
}

func functionName(f panel.Function) string {
	for _, w := range functions {
		if w.f == f {
			return w.name
		}
	}
	return f.String()
}

// panelArgs is a parsed command line.
type panelArgs struct {
	pins  panel.Opts
	watch time.Duration // 0: not
}

// panelCommand is "probe panel".
func panelCommand(args []string, stdout, stderr io.Writer) int {
	a, err := parsePanel(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, panelUsage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "probe panel: %v\n\n%s", err, panelUsage)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return a.try(ctx, panel.HostPins, [2]io.Writer{stdout, stderr})
}

// parsePanel accepts flags before, between and behind the pins.
func parsePanel(args []string) (a panelArgs, err error) {
	fs := flag.NewFlagSet("probe panel", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.DurationVar(&a.watch, "watch", 0, "")
	words, err := anywhere(fs, args)
	switch {
	case err != nil:
		return a, err
	case len(words) == 0:
		return a, errors.New("no pins given, want for example lamp=GPIO27")
	case a.watch < 0:
		return a, fmt.Errorf("-watch %v: want a time, such as 10s", a.watch)
	}
	for _, word := range words {
		name, pin, _ := strings.Cut(word, "=")
		i := slices.IndexFunc(functions, func(w wired) bool { return w.name == name })
		switch {
		case i < 0:
			return a, fmt.Errorf("%q: want presence, service_key, door, lamp, buzzer or reader_power, and its pin, as in lamp=GPIO27", word)
		case pin == "":
			return a, fmt.Errorf("%q names no pin, want for example %s=GPIO27", word, name)
		case *functions[i].pin(&a.pins) != "":
			return a, fmt.Errorf("%s is given twice", name)
		}
		*functions[i].pin(&a.pins) = pin
	}
	return a, nil
}

// panelLine is one line of output.
type panelLine struct {
	Time     string `json:"time"`
	Event    string `json:"event"` // part, then change
	Function string `json:"function"`
	Pin      string `json:"pin,omitempty"`
	State    string `json:"state"`
	On       *bool  `json:"on,omitempty"` // of an input that is fitted
	Why      string `json:"why,omitempty"`
}

// panelTrial prints what the panel tells.
type panelTrial struct {
	dev  *panel.Dev
	out  *json.Encoder
	code int
	told map[panel.Function]panel.Part // as it was last printed
}

// try tests the panel, and watches it.
func (a panelArgs) try(ctx context.Context, find panel.Find, out [2]io.Writer) int {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t := panelTrial{dev: panel.New(find, a.pins), out: json.NewEncoder(out[0]), told: map[panel.Function]panel.Part{}}
	t.out.SetEscapeHTML(false)
	fail := func(err error) {
		if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return
		}
		fmt.Fprintf(out[1], "probe panel: %v\n", err)
		t.code = 1
	}
	parts, err := t.dev.Test(ctx)
	fail(err)
	for _, p := range parts {
		fail(t.tell("part", p, time.Now()))
	}
	if a.watch > 0 && ctx.Err() == nil {
		within, stop := context.WithTimeout(ctx, a.watch)
		defer stop()
		fail(t.dev.Run(within, func(e panel.Event) {
			p := panel.Part{Function: e.Function, Pin: t.told[e.Function].Pin, State: e.State, On: e.On}
			if e.Err != nil {
				p.Reason = e.Err.Error()
			}
			if p == t.told[e.Function] {
				return // Run begins with what is so already
			}
			if err := t.tell("change", p, e.At); err != nil {
				fail(err)
				stop()
			}
		}))
	}
	fail(t.dev.Close())
	return t.code
}

// tell prints how a function is.
func (t *panelTrial) tell(event string, p panel.Part, at time.Time) error {
	t.told[p.Function] = p
	l := panelLine{
		Time: at.Format(time.RFC3339Nano), Event: event, Function: functionName(p.Function),
		Pin: p.Pin, State: p.State.String(), Why: p.Reason,
	}
	switch {
	case p.State == panel.Failed:
		t.code = 1
	case p.State == panel.Fitted && p.Function <= panel.Door: // an input
		l.On = &p.On
	}
	if err := t.out.Encode(l); err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	return nil
}
