package bootstate

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"jobhome/images/disk"
)

// PartitionSize is that of the partition, in bytes.
const PartitionSize = disk.StateSize * disk.MiB

// Partition writes the partition of a fresh image to out: a FAT with the two
// blocks and, between them, a gap, so that what tears one does not reach the
// other.
func Partition(ctx context.Context, out string, s State, at time.Time) error {
	block, err := encode(s.vars())
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp(filepath.Dir(out), ".state-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var files []disk.File
	for name, data := range map[string][]byte{firstFile: block, gapFile: make([]byte, second-first-length), secondFile: block} {
		from := filepath.Join(dir, name)
		if err := os.WriteFile(from, data, 0o644); err != nil {
			return err
		}
		files = append(files, disk.File{Name: name, From: from})
	}
	if err := disk.FAT(ctx, out, disk.FATOptions{Size: PartitionSize, Label: "JOBHOMEENV", Serial: 0x6a6f6273, Time: at, Files: files}); err != nil {
		return err
	}
	made, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	for _, place := range []int{first, second} {
		if !bytes.HasPrefix(made[place:], block) {
			return errors.New("bootstate: mtools did not lay the blocks where they are looked for")
		}
	}
	return nil
}

// Open opens the partition for reading and writing it.
func Open(path string) (*os.File, error) { return os.OpenFile(path, os.O_RDWR|os.O_SYNC, 0) }
