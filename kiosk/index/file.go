package index

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// ErrDamaged tells that what was read is not what a Writer has written: it is
// cut short, or some byte of it is another.
var ErrDamaged = errors.New("the index file is damaged")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Sizes in the file: every piece begins at a multiple of align, so that its
// numbers can be used where they are.
const (
	align   = 8
	sumSize = 8
)

// padding is how many bytes are missing to a multiple of align.
func padding(n int) int { return -n & (align - 1) }

// Writer writes numbers and bytes and, at the end, a checksum over all of them
// (CRC-32C, RFC 3720). Everything is little endian. The first error stays.
type Writer struct {
	w   *bufio.Writer
	sum uint32
	err error
	buf []byte
}

// NewWriter returns a Writer to w.
func NewWriter(w io.Writer) *Writer { return &Writer{w: bufio.NewWriterSize(w, 1<<16)} }

func (w *Writer) write(b []byte) {
	if w.err != nil {
		return
	}
	w.sum = crc32.Update(w.sum, castagnoli, b)
	_, w.err = w.w.Write(b)
}

// Uint64 writes a number.
func (w *Writer) Uint64(n uint64) { w.write(binary.LittleEndian.AppendUint64(w.buf[:0], n)) }

// Bytes writes bytes and how many they are.
func (w *Writer) Bytes(b []byte) {
	w.Uint64(uint64(len(b)))
	w.write(b)
	w.write(make([]byte, padding(len(b))))
}

// Uint32s writes numbers and how many they are.
func (w *Writer) Uint32s(all []uint32) {
	w.Uint64(uint64(len(all)))
	size := 4 * len(all)
	for len(all) > 0 {
		n := min(len(all), chunk)
		w.buf = w.buf[:0]
		for _, v := range all[:n] {
			w.buf = binary.LittleEndian.AppendUint32(w.buf, v)
		}
		w.write(w.buf)
		all = all[n:]
	}
	w.write(make([]byte, padding(size)))
}

// chunk is the number of numbers that are turned into bytes at a time.
const chunk = 4096

// Close writes the checksum and reports the first error.
func (w *Writer) Close() error {
	w.Uint64(uint64(w.sum))
	if w.err == nil {
		w.err = w.w.Flush()
	}
	if w.err != nil {
		return fmt.Errorf("index: write: %w", w.err)
	}
	return nil
}

// Reader reads what a Writer has written. The checksum is looked at before
// anything else. The first error stays, and zeros are read after it.
type Reader struct {
	data []byte   // what is left
	file *mapping // that data lies in; nil: it lies in the heap
	err  error
}

// NewReader returns a Reader of data, which must not change any more.
func NewReader(data []byte) *Reader {
	n := len(data) - sumSize
	if n < 0 {
		return &Reader{err: ErrDamaged}
	}
	sum, ok := checksum(data[:n])
	if !ok || binary.LittleEndian.Uint64(data[n:]) != uint64(sum) {
		return &Reader{err: ErrDamaged}
	}
	return &Reader{data: data[:n:n]}
}

// Uint64 reads a number.
func (r *Reader) Uint64() uint64 {
	b := r.take(8)
	if b == nil {
		return 0
	}
	return binary.LittleEndian.Uint64(b)
}

// take returns the next n bytes where they are, and passes over the padding.
func (r *Reader) take(n int) []byte {
	if r.err == nil && n+padding(n) > len(r.data) {
		r.err = ErrDamaged
	}
	if r.err != nil {
		return nil
	}
	b := r.data[:n:n]
	r.data = r.data[n+padding(n):]
	return b
}

// view returns the bytes of a number of things of a size, where they are. The
// number is checked against what is left, so that it cannot ask for memory.
func (r *Reader) view(size int) []byte {
	n := r.Uint64()
	if r.err == nil && n > uint64(len(r.data)/size) {
		r.err = ErrDamaged
	}
	if r.err != nil {
		return nil
	}
	return r.take(int(n) * size)
}

// Close reports whether anything was wrong, bytes left over too. It wraps
// ErrDamaged.
func (r *Reader) Close() error {
	r.must(len(r.data) == 0)
	return r.err
}

// must notes damage that the checksum did not show.
func (r *Reader) must(ok bool) {
	if r.err == nil && !ok {
		r.err = ErrDamaged
	}
}
