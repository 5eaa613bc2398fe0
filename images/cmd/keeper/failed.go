package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"jobhome/images/bootstate"
)

// slotFile holds the name of the slot that runs; stage0 writes it.
const slotFile = "/run/jobhome/slot"

// stateDevice is the partition of the boot state, of the disk that was booted.
const stateDevice = "/run/jobhome/part/jobhome-state"

// runFailed decides what follows when the terminal was given up: on a slot that
// was never seen to work the machine restarts, so that its tries run out and the
// other slot comes back; on any other the calm page stays.
func runFailed(ctx context.Context, out io.Writer, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	f := fallen{slot: slotFile, state: stateDevice, restart: func(ctx context.Context) error {
		return exec.CommandContext(ctx, "systemctl", "--no-block", "reboot").Run()
	}}
	return f.decide(ctx, out)
}

// fallen is where a terminal that does not run is looked at.
type fallen struct {
	slot, state string // files
	restart     func(ctx context.Context) error
}

func (f fallen) decide(ctx context.Context, out io.Writer) error {
	ok, err := f.confirmed()
	switch {
	case err != nil:
		// A page with a telephone number is better than a machine that restarts
		// for ever.
		return fmt.Errorf("the terminal stays stopped: whether this slot ever worked is not known: %w", err)
	case ok:
		fmt.Fprintln(out, "this slot has worked before: the terminal is tried again later")
		return nil
	}
	fmt.Fprintln(out, "this slot was never seen to work: restarting")
	return f.restart(ctx)
}

func (f fallen) confirmed() (bool, error) {
	name, err := os.ReadFile(f.slot)
	if err != nil {
		return false, err
	}
	slot := strings.TrimSpace(string(name))
	if slot != "a" && slot != "b" {
		return false, fmt.Errorf("%s says %q, which is no slot", f.slot, slot)
	}
	file, err := os.Open(f.state)
	if err != nil {
		return false, err
	}
	s, err := bootstate.Read(file)
	return s.Slot(slot).OK, errors.Join(err, file.Close())
}
