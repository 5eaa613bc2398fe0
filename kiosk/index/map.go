package index

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"unsafe"
)

// mapping is a file as memory. Its pages are the kernel's: they come from the
// card when they are touched and go when memory is short. It ends when nothing
// points to it any more, so whoever holds a piece of data holds the mapping too,
// and keeps it alive until the piece was used for the last time.
type mapping struct{ data []byte }

// Open reads a file that a Writer has written, and finds it damaged when the
// checksum over all of it is not right. What takes much memory is not read but
// used where it is: so the file must never be written to or cut again, only
// replaced by another one of the same name.
func Open(path string) (*Reader, error) {
	m, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	r := NewReader(m.data)
	r.file = m
	return r, r.err
}

func mapFile(path string) (*mapping, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // a mapping needs no open file
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	size := int(info.Size())
	if size < sumSize || int64(size) != info.Size() || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: it has %d bytes", ErrDamaged, info.Size())
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, size, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("index: map %s: %w", path, err)
	}
	m := &mapping{data}
	runtime.AddCleanup(m, func(data []byte) { _ = syscall.Munmap(data) }, data)
	return m, nil
}

// checksum is the checksum of data. It is the first that touches every byte, so
// what the card cannot read, or what was cut off meanwhile, is found here: ok is
// false.
func checksum(data []byte) (sum uint32, ok bool) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			if _, fault := r.(interface{ Addr() uintptr }); !fault {
				panic(r)
			}
			sum, ok = 0, false
		}
	}()
	return crc32.Checksum(data, castagnoli), true
}

// asUint32s is b as numbers, in its own memory when that has their order and
// place.
func asUint32s(b []byte) []uint32 {
	if len(b) == 0 {
		return nil
	}
	if little && uintptr(unsafe.Pointer(&b[0]))%4 == 0 {
		return unsafe.Slice((*uint32)(unsafe.Pointer(&b[0])), len(b)/4)
	}
	return toUint32s(b)
}

// toUint32s is b as numbers, copied.
func toUint32s(b []byte) []uint32 {
	all := make([]uint32, len(b)/4)
	for i := range all {
		all[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return all
}

// little tells that this machine keeps numbers as the file does.
var little = binary.NativeEndian.Uint16([]byte{1, 0}) == 1
