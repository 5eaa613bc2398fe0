package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"

	"jobhome/images/bootstate"
)

// A terminal that does not run restarts the machine only from a slot that was
// never seen to work, and never when that is not known.
func TestFailed(t *testing.T) {
	installed := bootstate.New(5)
	installed.Install("b", 6)
	for _, c := range []struct {
		name, slot string
		state      *bootstate.State // nil: cannot be read
		restarts   bool
		fails      bool
	}{
		{"a new slot", "b\n", &installed, true, false},
		{"the slot before", "a\n", &installed, false, false},
		{"no slot", "c\n", &installed, false, true},
		{"a torn state", "b\n", nil, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			f := fallen{slot: filepath.Join(dir, "slot"), state: filepath.Join(dir, "state")}
			if err := os.WriteFile(f.slot, []byte(c.slot), 0o600); err != nil {
				t.Fatal(err)
			}
			d, err := os.Create(f.state)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Truncate(bootstate.PartitionSize); err != nil {
				t.Fatal(err)
			}
			if c.state != nil {
				if err := c.state.Write(d); err != nil {
					t.Fatal(err)
				}
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			restarted := false
			f.restart = func(context.Context) error { restarted = true; return nil }
			err = f.decide(t.Context(), io.Discard)
			if restarted != c.restarts || (err != nil) != c.fails {
				t.Errorf("restarted %v, error %v", restarted, err)
			}
		})
	}
}
