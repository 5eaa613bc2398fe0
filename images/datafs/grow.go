package datafs

import (
	"fmt"

	"jobhome/images/gpt"
)

// A Disk is the whole disk. Resize tells the kernel where a partition ends;
// first and sectors count 512 bytes.
type Disk interface {
	gpt.ReadWriterAt
	Resize(number int, first, sectors uint64) error
}

// Grow stretches the partition of /data over a disk of size bytes, when the disk
// is larger than its table, and gives its number. The table is as gpt's Grow
// leaves it at a cut; the kernel is told every time, so a cut before that is
// mended too. The filesystem is grown when it is mounted, in the kernel, which
// keeps a journal of it (resize2fs does not): x-systemd.growfs.
func Grow(d Disk, size int64) (number int, err error) {
	var t gpt.Table
	if _, err := t.Grow(d, size); err != nil {
		return 0, err
	}
	p, n := t.Find(Label)
	if n == 0 {
		return 0, fmt.Errorf("datafs: the disk has no partition %s", Label)
	}
	if err := d.Resize(n, p.First, p.Last-p.First+1); err != nil {
		return n, fmt.Errorf("datafs: the kernel: %w", err)
	}
	return n, nil
}
