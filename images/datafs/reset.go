package datafs

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// A FileMarker asks for a reset by being there.
type FileMarker string

// Asked tells whether the file is there.
func (m FileMarker) Asked() (bool, error) {
	_, err := os.Lstat(string(m))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// Clear removes the file, beyond the reach of a power cut.
func (m FileMarker) Clear() error {
	if err := os.Remove(string(m)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	d, err := os.Open(filepath.Dir(string(m)))
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// asked gives the markers that ask.
func (f FS) asked() (asked []Marker) {
	for _, m := range f.Markers {
		yes, err := m.Asked()
		if err != nil {
			f.Say("whether a reset is asked for: " + err.Error())
		}
		if yes {
			asked = append(asked, m)
		}
	}
	return asked
}

// reset wipes the partition, makes its filesystem, and clears the markers last.
//
// What is wiped: every block that the filesystem has in use is overwritten with
// zeros, but for its tables, which show where the rest is until it is gone; then
// the medium is told to forget all of it; then the superblocks go, and making the
// filesystem zeroes its tables and its journal, which lie where they lay.
//
// What may be left: the blocks of files deleted long before, on a medium without
// discard; and on any flash what its controller has put aside (a write goes to
// other cells than those it replaces, worn-out ones keep what they had), which no
// command but the medium's own erasing reaches, and only a reader below the
// controller sees.
func (f FS) reset(ctx context.Context, asked []Marker) (Outcome, error) {
	f.Say("factory reset: wiping the data")
	if err := f.overwriteUsed(ctx); err != nil {
		f.Say("factory reset: " + err.Error()) // of a damaged filesystem: what follows is done all the same
	}
	if err := f.Dev.Discard(); err != nil {
		f.Say("factory reset: " + err.Error())
	}
	if err := f.make(ctx); err != nil {
		return "", err
	}
	for _, m := range asked {
		if err := m.Clear(); err != nil {
			return "", fmt.Errorf("datafs: the reset is done, and its marker stays: %w", err)
		}
	}
	return Reset, nil
}

// overwriteUsed puts zeros over the blocks in use.
func (f FS) overwriteUsed(ctx context.Context) error {
	sb, err := f.find()
	if err != nil || sb == nil || sb.label() == unfinished {
		return err // nothing that could be found
	}
	if _, _, err := f.Run(ctx, "e2fsck", "-p", f.Path); err != nil { // what the journal holds comes to its place
		return fmt.Errorf("e2fsck: %w", err)
	}
	out, status, err := f.Run(ctx, "dumpe2fs", f.Path)
	if err != nil {
		return fmt.Errorf("dumpe2fs: %w", err)
	}
	if status != 0 {
		return fmt.Errorf("dumpe2fs: status %d", status)
	}
	spans, err := usedSpans(out)
	if err != nil {
		return err
	}
	zeros := make([]byte, 256*block)
	for _, s := range spans {
		for at, end := s.first*block, min((s.last+1)*block, f.Size); at < end; {
			if err := ctx.Err(); err != nil {
				return err
			}
			n, err := f.Dev.WriteAt(zeros[:min(int64(len(zeros)), end-at)], at)
			if err != nil {
				return fmt.Errorf("overwrite %s at byte %d: %w", f.Path, at, err)
			}
			at += int64(n)
		}
	}
	return f.Dev.Sync()
}
