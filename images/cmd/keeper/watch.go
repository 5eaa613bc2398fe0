package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"jobhome/images/watch"
)

// watchEvery is how often the machine is looked at.
const watchEvery = 30 * time.Second

// machine is what is left for others to read: how the machine is, which names
// nobody.
type machine struct {
	At           time.Time       `json:"at"`
	Memory       int64           `json:"memory"`    // bytes
	Available    int64           `json:"available"` // of them, bytes
	Stalled      float64         `json:"stalled"`   // % of the last minute
	Celsius      float64         `json:"celsius"`   // 0: not known
	UnderVoltage bool            `json:"under_voltage"`
	Troubles     []watch.Trouble `json:"troubles"`
}

// watcher looks after the machine below the terminal.
type watcher struct {
	out     io.Writer // the journal
	file    string    // of the machine's state
	take    func() watch.Reading
	restart func(context.Context) error // of the terminal
	watch   watch.Watch
	failing bool // the file cannot be written, and that was said
}

func watchCommand() command {
	return command{"watch", "", "look after memory, temperature and power until it is told to end", runWatch}
}

func runWatch(ctx context.Context, out io.Writer, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	root := os.DirFS("/")
	w := watcher{
		out: out, file: "/run/jobhome/machine.json",
		take: func() watch.Reading { return watch.Take(root) },
		restart: func(ctx context.Context) error {
			return exec.CommandContext(ctx, "systemctl", "--no-block", "try-restart", "kiosk.service").Run()
		},
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		w.look(ctx, time.Now())
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// look looks once. Each change is one line for the journal, with its priority as
// sd-daemon(3) has it.
func (w *watcher) look(ctx context.Context, now time.Time) {
	r := w.take()
	changes, restart := w.watch.Step(now, r)
	for _, c := range changes {
		if c.Begins {
			fmt.Fprintf(w.out, "<4>%s: %s\n", c.Trouble, c.Text)
		} else {
			fmt.Fprintf(w.out, "<5>%s has ended: %s\n", c.Trouble, c.Text)
		}
	}
	if restart {
		fmt.Fprintln(w.out, "<4>the terminal is restarted, since memory stays short and nobody is there")
		if err := w.restart(ctx); err != nil {
			fmt.Fprintln(w.out, "<3>the terminal was not restarted:", err)
		}
	}
	w.write(now, r)
}

// write replaces the file of the machine's state, on a file system in memory.
func (w *watcher) write(now time.Time, r watch.Reading) {
	b, err := json.Marshal(machine{
		At: now.UTC().Truncate(time.Second), Memory: r.Memory, Available: r.Available, Stalled: r.Stalled,
		Celsius: r.Celsius, UnderVoltage: r.UnderVoltage, Troubles: w.watch.Troubles(),
	})
	temp := filepath.Join(filepath.Dir(w.file), ".machine.json")
	if err == nil {
		err = os.WriteFile(temp, append(b, '\n'), 0o644)
	}
	if err == nil {
		err = os.Rename(temp, w.file)
	}
	if err != nil && !w.failing {
		fmt.Fprintln(w.out, "<4>the machine's state was not written:", err)
	}
	w.failing = err != nil
}
