package datafs

import (
	"fmt"
	"io"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// BlockDevice is a disk or a partition, opened.
type BlockDevice struct {
	*os.File
	size int64
}

// Open opens a disk for reading and writing.
func Open(path string) (BlockDevice, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return BlockDevice{}, err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		f.Close()
		return BlockDevice{}, err
	}
	return BlockDevice{f, size}, nil
}

// OpenFree opens a partition, and refuses one that is mounted or part of another
// device: what is done to it then would destroy it.
func OpenFree(path string) (BlockDevice, error) {
	f, err := os.OpenFile(path, os.O_RDWR|unix.O_EXCL, 0)
	if err != nil {
		return BlockDevice{}, err
	}
	if err := f.Close(); err != nil { // the programs ask for the same
		return BlockDevice{}, err
	}
	return Open(path)
}

// Size is in bytes.
func (p BlockDevice) Size() int64 { return p.size }

// Requests of include/uapi/linux/fs.h and blkpg.h.
const (
	blkDiscard       = 0x1277
	blkSecureDiscard = 0x127D
	blkPartition     = 0x1269
	resizePartition  = 3
)

// Discard makes the medium forget all of the partition: so that nobody can read
// it, when the medium can do that (eMMC), or else as one that is not needed.
func (p BlockDevice) Discard() error {
	all := [2]uint64{0, uint64(p.size)}
	for _, request := range []uintptr{blkSecureDiscard, blkDiscard} {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, p.Fd(), request, uintptr(unsafe.Pointer(&all)))
		if errno == 0 {
			return nil
		}
		if errno != unix.EOPNOTSUPP && errno != unix.ENOTTY {
			return fmt.Errorf("discard %s: %w", p.Name(), errno)
		}
	}
	return ErrNoDiscard
}

// Resize tells the kernel where a partition of the disk ends, while others of it
// are mounted: first and sectors count 512 bytes.
func (p BlockDevice) Resize(number int, first, sectors uint64) error {
	part := struct {
		start, length int64
		number        int32
		_             [128]byte
		_             [4]byte
	}{start: int64(first) * 512, length: int64(sectors) * 512, number: int32(number)}
	arg := struct {
		op, flags, size int32
		_               int32
		data            unsafe.Pointer
	}{op: resizePartition, size: int32(unsafe.Sizeof(part)), data: unsafe.Pointer(&part)}
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, p.Fd(), blkPartition, uintptr(unsafe.Pointer(&arg)))
	if errno != 0 {
		return fmt.Errorf("resize partition %d of %s: %w", number, p.Name(), errno)
	}
	return nil
}
