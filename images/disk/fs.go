package disk

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// File is a file to put into a file system: its path there, and where it is
// here.
type File struct{ Name, From string }

// FAT writes a FAT file system of that many bytes to out; a small one is FAT12
// with one table, whose files lie one behind the other in the order of their
// names. Serial is its volume number, of which other file systems must not have
// the same.
func FAT(ctx context.Context, out string, o FATOptions) error {
	if err := sparse(out, o.Size); err != nil {
		return err
	}
	kind := []string{"-F", "32"}
	if o.Size < small {
		kind = []string{"-F", "12", "-R", "1", "-f", "1", "-r", "16"}
	}
	if err := run(ctx, o.Time, "mkfs.vfat", append(kind, "--invariant", "-s", "1", "-i", fmt.Sprintf("%08x", o.Serial), "-n", o.Label, out)...); err != nil {
		return err
	}
	// mtools writes down when a directory was made, so it gets one that has the
	// wanted time, with all files in it.
	stage, err := os.MkdirTemp(filepath.Dir(out), ".fat-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(stage) }()
	slices.SortFunc(o.Files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	made := map[string]bool{}
	for _, f := range o.Files {
		for _, dir := range parents(f.Name) {
			if made[dir] {
				continue
			}
			made[dir] = true
			if err := run(ctx, o.Time, "mmd", "-i", out, "::/"+dir); err != nil {
				return err
			}
		}
		copied := filepath.Join(stage, "file")
		data, err := os.ReadFile(f.From)
		if err != nil {
			return err
		}
		if err := os.WriteFile(copied, data, 0o644); err != nil {
			return err
		}
		if err := os.Chtimes(copied, o.Time, o.Time); err != nil {
			return err
		}
		if err := run(ctx, o.Time, "mcopy", "-m", "-i", out, copied, "::/"+f.Name); err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	return nil
}

// small is below what a FAT32 can have, in bytes.
const small = 2 << 20

// FATOptions say what a FAT file system is like.
type FATOptions struct {
	Size   int64 // bytes
	Label  string
	Serial uint32
	Time   time.Time
	Files  []File
}

// parents are the directories above a path, from the top.
func parents(name string) []string {
	var all []string
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		all = append([]string{dir}, all...)
	}
	return all
}

// ErofsOptions say what a read-only file system is like.
type ErofsOptions struct {
	UUID string
	Time time.Time
}

// Erofs writes a compressed, read-only file system of everything in dir to out.
// All files belong to root and have the one time.
func Erofs(ctx context.Context, out, dir string, o ErofsOptions) error {
	_ = os.Remove(out)
	return run(ctx, o.Time, "mkfs.erofs", "-zlz4hc,12", "-C65536", "--all-root", "-x-1", "-T", fmt.Sprint(o.Time.Unix()), "-U", o.UUID, "--quiet", out, dir)
}

func sparse(path string, size int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return f.Truncate(size)
}

// run runs a program that knows the time only as at: mtools reads it so.
func run(ctx context.Context, at time.Time, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", at.Unix()), "MTOOLS_SKIP_CHECK=1", "TZ=UTC", "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", program, err, strings.TrimSpace(string(bytes.ToValidUTF8(out, nil))))
	}
	return nil
}
