// Package datafs is for the one partition that the terminal writes: it makes the
// ext4 filesystem of /data, mends it before it is mounted, and takes everything
// off it for a factory reset. The layout that it reads is ext4's, as
// docs.kernel.org/filesystems/ext4 describes it; the work on it is done by the
// programs of e2fsprogs.
package datafs

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Label is the filesystem's label once it is whole. While it is being made the
// label is another one: a filesystem without this label is made again.
const Label = "jobhome-data"

const unfinished = "jobhome-new"

// Outcome is what became of the filesystem.
type Outcome string

// The outcomes. After Lost and Reset nothing of what was there is left.
const (
	Clean    Outcome = "clean"    // it was as it should be
	Repaired Outcome = "repaired" // it was mended
	Made     Outcome = "made"     // there was none
	Lost     Outcome = "lost"     // there was one that could not be mended; it was made again
	Reset    Outcome = "reset"    // it was asked to be wiped, and was
)

// A Device is the partition. Discard tells the medium to forget all of it, or
// that it cannot.
type Device interface {
	io.ReaderAt
	io.WriterAt
	Sync() error
	Discard() error
}

// A Runner runs a program. The error tells that it did not run, not that its
// status was not 0.
type Runner func(ctx context.Context, name string, args ...string) (out []byte, status int, err error)

// A Marker asks for a factory reset until it is cleared. One that cannot be read
// does not ask.
type Marker interface {
	Asked() (bool, error)
	Clear() error
}

// A FS is the filesystem of a partition.
type FS struct {
	Path    string // its node, for the programs
	Size    int64  // in bytes
	Dev     Device // the same, opened
	Run     Runner
	Markers []Marker
	Say     func(string) // a line for the log; it names no content
}

// Ready brings the filesystem into a state in which it can be mounted, and says
// what it did for it. It must not be mounted. An error means that it cannot be
// mounted; running Ready again is right after any error and any power cut:
//
//   - A reset clears its markers when all else is done, so a cut starts it again.
//   - Making ends with the label, in one write, so a cut makes it again.
//   - Mending is e2fsck's, which is run again.
func (f FS) Ready(ctx context.Context) (Outcome, error) {
	if asked := f.asked(); len(asked) > 0 {
		return f.reset(ctx, asked)
	}
	sb, err := f.find()
	if err != nil {
		return "", err
	}
	switch {
	case sb == nil:
		return Made, f.make(ctx)
	case sb.label() == unfinished:
		f.Say("the filesystem was not made to its end")
		return Made, f.make(ctx)
	}
	return f.mend(ctx)
}

// mend runs e2fsck: the careful way, then the one that gives up what it must.
func (f FS) mend(ctx context.Context) (Outcome, error) {
	for _, how := range [][]string{{"-p"}, {"-f", "-y"}} {
		out, status, err := f.Run(ctx, "e2fsck", append(how, f.Path)...)
		switch {
		case err != nil:
			return "", fmt.Errorf("datafs: e2fsck: %w", err)
		case status == 0:
			return Clean, nil
		case status&^3 == 0: // 1: errors corrected; 2: and it should not have been mounted
			return Repaired, nil
		}
		f.Say(fmt.Sprintf("e2fsck %v: status %d: %s", how, status, lastLine(out)))
	}
	f.Say("the filesystem cannot be mended; it is made again")
	return Lost, f.make(ctx)
}

// make makes the filesystem. The old one's superblocks go first, so that no part
// of it comes back when the power goes in the middle.
//
//   - No lazy initialising: a device that is switched off every evening would do
//     that work again and again, and a new journal over an old one is zeroed.
//   - The journal takes all that is written (data=journal): 32 MiB of it hold
//     what a commit every five seconds brings, and are 0.1 % of a small card.
//   - One inode for 64 KiB: few files, and the tables that are zeroed stay small.
func (f FS) make(ctx context.Context) error {
	if err := f.forget(); err != nil {
		return err
	}
	journal := "32"
	if f.Size < 512<<20 {
		journal = "4"
	}
	err := f.must(ctx, "mkfs.ext4", "-q", "-F", "-L", unfinished, "-b", "4096", "-I", "256", "-i", "65536", "-m", "1",
		"-J", "size="+journal, "-e", "remount-ro", "-E", "lazy_itable_init=0,lazy_journal_init=0,nodiscard", f.Path)
	if err != nil {
		return err
	}
	if err := f.Dev.Sync(); err != nil {
		return fmt.Errorf("datafs: sync %s: %w", f.Path, err)
	}
	if err := f.must(ctx, "tune2fs", "-L", Label, f.Path); err != nil {
		return err
	}
	if err := f.Dev.Sync(); err != nil {
		return fmt.Errorf("datafs: sync %s: %w", f.Path, err)
	}
	return nil
}

// must runs a program whose status has to be 0.
func (f FS) must(ctx context.Context, name string, args ...string) error {
	out, status, err := f.Run(ctx, name, args...)
	if err != nil {
		return fmt.Errorf("datafs: %s: %w", name, err)
	}
	if status != 0 {
		return fmt.Errorf("datafs: %s %s: status %d: %s", name, f.Path, status, lastLine(out))
	}
	return nil
}

// ErrNoDiscard tells that a medium cannot forget.
var ErrNoDiscard = errors.New("the medium has no discard")
