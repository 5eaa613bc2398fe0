package qemu

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"sync"
)

// block is what the disk remembers as one, in bytes: a write of more may be torn
// between blocks when the power goes, one of less is whole or not there.
const block = 512

// Disk is a disk with a volatile cache over an image file that is never
// changed. What was written is kept in memory until the next flush; a Cut
// forgets each of those blocks or keeps it, at random.
type Disk struct {
	size int64
	base *os.File

	mu     sync.Mutex
	kept   map[int64][]byte // by block number: flushed
	cached map[int64][]byte // written since the last flush
	rand   *rand.Rand
}

// NewDisk returns a disk of size bytes that begins with what the file holds; a
// size of 0 is that of the file. seed decides what a Cut forgets.
func NewDisk(file string, size int64, seed uint64) (*Disk, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	if size == 0 {
		size = info.Size()
	}
	if size%block != 0 || size < info.Size() {
		_ = f.Close()
		return nil, fmt.Errorf("%s: a disk of %d bytes", file, size)
	}
	return &Disk{size: size, base: f, kept: map[int64][]byte{}, cached: map[int64][]byte{}, rand: rand.New(rand.NewPCG(seed, 1))}, nil
}

// Close forgets everything.
func (d *Disk) Close() error { return d.base.Close() }

// Size is in bytes.
func (d *Disk) Size() int64 { return d.size }

// Cut takes the power away: of what was written since the last flush, each
// block is there or not. It returns how many were lost.
func (d *Disk) Cut() (lost int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for n, b := range d.cached {
		if d.rand.IntN(2) == 0 {
			d.kept[n] = b
		} else {
			lost++
		}
	}
	d.cached = map[int64][]byte{}
	return lost
}

// Flush keeps what was written.
func (d *Disk) Flush() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for n, b := range d.cached {
		d.kept[n] = b
	}
	clear(d.cached)
}

// ReadAt reads what was last written.
func (d *Disk) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off+int64(len(p)) > d.size {
		return 0, fmt.Errorf("disk: read of %d bytes at %d of %d", len(p), off, d.size)
	}
	n, err := d.base.ReadAt(p, off)
	if err != nil && err != io.EOF {
		return 0, err
	}
	clear(p[n:])
	d.mu.Lock()
	defer d.mu.Unlock()
	d.each(p, off, func(part []byte, number int64, from int) {
		b := d.cached[number]
		if b == nil {
			b = d.kept[number]
		}
		if b != nil {
			copy(part, b[from:])
		}
	})
	return len(p), nil
}

// WriteAt writes into the cache.
func (d *Disk) WriteAt(p []byte, off int64) (int, error) {
	if off < 0 || off+int64(len(p)) > d.size {
		return 0, fmt.Errorf("disk: write of %d bytes at %d of %d", len(p), off, d.size)
	}
	var err error
	d.mu.Lock()
	d.each(p, off, func(part []byte, number int64, from int) {
		b := make([]byte, block)
		switch old := d.cached[number]; {
		case old != nil:
			copy(b, old)
		case d.kept[number] != nil:
			copy(b, d.kept[number])
		case len(part) < block:
			if _, e := d.base.ReadAt(b, number*block); e != nil && e != io.EOF {
				err = e
			}
		}
		copy(b[from:], part)
		d.cached[number] = b
	})
	d.mu.Unlock()
	return len(p), err
}

// each cuts p at the boundaries of blocks.
func (d *Disk) each(p []byte, off int64, f func(part []byte, number int64, from int)) {
	for len(p) > 0 {
		number, from := off/block, int(off%block)
		n := min(block-from, len(p))
		f(p[:n], number, from)
		p, off = p[n:], off+int64(n)
	}
}
