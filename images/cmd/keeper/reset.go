package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"jobhome/kiosk/durable"
)

// resetFile is the terminal's wish to forget everything. It holds the id of the
// boot in which somebody asked for it (random(4)), so that one that was left over
// wipes nothing later.
const resetFile = "reset"

// reset is where keeper finds the wish and puts the mark.
type reset struct{ *site }

func runReset(ctx context.Context, out io.Writer, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	r := reset{newSite()}
	return r.run(ctx, out)
}

var errNotOfThisBoot = errors.New("the wish to reset is not of this boot; nothing is wiped")

// run marks that the data partition is to be made anew at the next start, before
// anything of it is mounted, and restarts. The mark is the file jobhome/reset of
// the boot partition. A cut before it is there leaves the terminal as it was, one
// after it wipes at the next start.
func (r *reset) run(ctx context.Context, out io.Writer) error {
	wish, err := r.get(resetFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	now, err := os.ReadFile(r.bootID)
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(now)) == 0 || !bytes.Equal(bytes.TrimSpace(wish), bytes.TrimSpace(now)) {
		return errors.Join(errNotOfThisBoot, r.forget(resetFile))
	}
	if err := r.remount(true); err != nil {
		return err
	}
	err = mark(filepath.Join(r.esp, "jobhome", resetFile), now)
	if err := errors.Join(err, r.remount(false)); err != nil {
		return err
	}
	fmt.Fprintln(out, "the data partition will be made anew at the next start")
	return r.command(ctx, "systemctl", "--no-block", "reboot")
}

// mark writes the mark where a directory is FAT, which has no modes.
func mark(path string, id []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return durable.Replace(path, id)
}

// forget takes a file out of the terminal's directory.
func (s *site) forget(name string) error {
	root, err := os.OpenRoot(s.data)
	if err != nil {
		return err
	}
	defer root.Close()
	return root.Remove(name)
}
