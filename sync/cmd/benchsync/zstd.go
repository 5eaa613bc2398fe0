package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"jobhome/sync/delta"
)

// zstdPatch measures what Debian's zstd makes of both boards as JSON Lines, the
// old one whole as the reference.
func zstdPatch(dir string, from, to delta.Rows) ([]row, error) {
	const name = "zstd -19 --patch-from"
	program, err := exec.LookPath("zstd")
	if err != nil {
		return []row{{name: name, note: "zstd is not on this machine"}}, nil
	}
	old, next, patch := filepath.Join(dir, "old.jsonl"), filepath.Join(dir, "new.jsonl"), filepath.Join(dir, "patch.zst")
	if err := lines(old, from); err != nil {
		return nil, err
	}
	if err := lines(next, to); err != nil {
		return nil, err
	}
	if _, err := command(program, "-q", "-f", "-19", "--long=31", "--patch-from="+old, next, "-o", patch); err != nil {
		return nil, err
	}
	memory, err := command(program, "-q", "-f", "-d", "--long=31", "--patch-from="+old, patch, "-o", filepath.Join(dir, "again.jsonl"))
	if err != nil {
		return nil, err
	}
	whole := filepath.Join(dir, "new.zst")
	if _, err := command(program, "-q", "-f", "-19", "-T2", next, "-o", whole); err != nil {
		return nil, err
	}
	return []row{
		{name, size(patch), memory, "static file; bodies only, without ids at From or dates"},
		{"zstd -19 of the whole board", size(whole), 0, "static file"},
	}, nil
}

func size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// command runs a program and tells how much memory it had at most, in bytes.
func command(program string, args ...string) (int64, error) {
	c := exec.Command(program, args...)
	out, err := c.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s: %w\n%s", filepath.Base(program), err, out)
	}
	usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0, nil
	}
	return usage.Maxrss * 1024, nil
}
