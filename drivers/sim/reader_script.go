package sim

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"jobhome/drivers/idcard/samv"
)

// readerStep is one line.
type readerStep struct {
	line  int
	on    func(samv.Command) bool // when a request comes for which this holds
	after time.Duration           // when it has passed
	act   func(*Reader)           // r.mu is held
	last  time.Duration           // how long it goes on,
	end   func(*Reader)           // and what ends it
}

func parseReaderScript(text string) (steps []readerStep, err error) {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		step, err := parseReaderStep(line)
		if err != nil {
			return nil, fmt.Errorf("sim: reader script, line %d: %w", i+1, err)
		}
		step.line = i + 1
		steps = append(steps, step)
	}
	return steps, nil
}

func parseReaderStep(line string) (step readerStep, err error) {
	if when, what, ok := strings.Cut(line, ":"); ok {
		if err := step.parseWhen(strings.Fields(when)); err != nil {
			return step, err
		}
		line = what
	}
	words := strings.Fields(line)
	if len(words) == 0 {
		return step, fmt.Errorf("nothing happens in this line")
	}
	if err := step.parseWhat(words[0], words[1:]); err != nil {
		return step, fmt.Errorf("%s: %w", words[0], err)
	}
	return step, nil
}

func (step *readerStep) parseWhen(w []string) error {
	switch {
	case len(w) == 3 && w[0] == "after" && (w[2] == "answers" || w[2] == "answer"):
		n, err := strconv.Atoi(w[1])
		if err != nil || n < 1 || n > 1e6 {
			return fmt.Errorf("after %q answers: want a number from 1", w[1])
		}
		step.on = func(samv.Command) bool {
			n--
			return n <= 0
		}
	case len(w) == 2 && w[0] == "after":
		d, err := scriptTime(w[1])
		if err != nil {
			return err
		}
		step.after = d
	case len(w) == 2 && w[0] == "at":
		c, err := scriptCommand(w[1])
		if err != nil {
			return err
		}
		step.on = func(got samv.Command) bool { return got == c }
	default:
		return fmt.Errorf("when %q: want after N answers, after a time, or at a command", strings.Join(w, " "))
	}
	return nil
}

func scriptTime(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > 24*time.Hour {
		return 0, fmt.Errorf("%q: want a time such as 4s or 30ms", s)
	}
	return d, nil
}

func scriptCommand(s string) (samv.Command, error) {
	c, ok := map[string]samv.Command{
		"reset": samv.Reset, "status": samv.SAMStatus, "id": samv.SAMID, "find": samv.Find,
		"select": samv.Select, "read": samv.Read, "address": samv.ReadAddress, "card-id": samv.ReadCardID,
	}[s]
	if !ok {
		return 0, fmt.Errorf("command %q: want reset, status, id, find, select, read, address or card-id", s)
	}
	return c, nil
}

// Play lets a script happen to the reader, once, and returns when its last line
// has, or ctx's error. A script with a mistake does nothing; the error names the
// line. A script is a list of things that happen, one a line:
//
//	[when:] what [words]
//
// A line that begins with # is a comment. Lines happen one after the other.
// When is one of
//
//	after N answers     before the answer to the Nth request from now on
//	at COMMAND          before the answer to the next such request: reset,
//	                    status, id, find, select, read, address, card-id
//	after 1.5s          when this time has passed
//
// and without it a line happens at once. What is one of
//
//	place ID | place other | place unreadable   a card is put down (see People)
//	swap ID             the same within one moment
//	lift                it is taken away
//	corrupt N           one wrong bit in each of the next N answers
//	garble N            two wrong bits in the next N reads that the checksum misses
//	cut N               the next N answers end in their middle
//	truncate N          the next answer ends after N bytes
//	wrong-length N      the length of the next answer is N too large (or small)
//	lose AT N           N bytes of the next answer are lost, from AT
//	double AT N         N bytes of the next answer come twice, from AT
//	repeat N            the next N answers come twice
//	late D              the next answer comes D later
//	slow D              every answer does; slow 0s ends it
//	garbage HEX...      these bytes come before every answer; garbage none ends it
//	split N             answers come N bytes at a time; split 0 ends it
//	split-at N D        the next answer comes in two parts, the second D later
//	status HEX,HEX      the next reads fail with these codes
//	refuse COMMAND HEX  the next such request is answered with this code
//	timeout-reply       the next answer is one maker's time-out answer
//	mute N              the next N requests are not answered
//	dead D              nothing is answered for D
//	hang                nothing is answered until the power is cycled
//	selftest HEX        the self-test fails with 60 or 66; selftest ok ends it
//	power off | power on   the supply, as by a relay
//	unplug | replug     the cable
//	wait D              nothing happens for D
//
// N and AT are decimal, D is a duration (4s, 30ms).
func (r *Reader) Play(ctx context.Context, script string) error {
	steps, err := parseReaderScript(script)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if err := step.play(ctx, r); err != nil {
			return fmt.Errorf("sim: reader script, line %d: %w", step.line, err)
		}
	}
	return nil
}

func (step *readerStep) play(ctx context.Context, r *Reader) error {
	if err := scriptSleep(ctx, step.after); err != nil {
		return err
	}
	if step.on == nil {
		r.mu.Lock()
		step.act(r)
		r.mu.Unlock()
	} else {
		t := &readerTrap{match: step.on, act: step.act, sprung: make(chan struct{})}
		r.mu.Lock()
		r.trap = t
		r.mu.Unlock()
		select {
		case <-t.sprung:
		case <-ctx.Done():
			r.mu.Lock()
			r.trap = nil
			r.mu.Unlock()
			return ctx.Err()
		}
	}
	err := scriptSleep(ctx, step.last)
	if step.end != nil {
		r.mu.Lock()
		step.end(r)
		r.mu.Unlock()
	}
	return err
}

func scriptSleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
