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
}

// Uint32s writes numbers and how many they are.
func (w *Writer) Uint32s(all []uint32) {
	w.Uint64(uint64(len(all)))
	for len(all) > 0 {
		n := min(len(all), chunk)
		w.buf = w.buf[:0]
		for _, v := range all[:n] {
			w.buf = binary.LittleEndian.AppendUint32(w.buf, v)
		}
		w.write(w.buf)
		all = all[n:]
	}
}

// chunk is the number of numbers that are turned into bytes at a time.
const chunk = 4096

// Close writes the checksum and reports the first error.
func (w *Writer) Close() error {
	w.buf = binary.LittleEndian.AppendUint32(w.buf[:0], w.sum)
	if w.write(w.buf); w.err == nil {
		w.err = w.w.Flush()
	}
	if w.err != nil {
		return fmt.Errorf("index: write: %w", w.err)
	}
	return nil
}

// Reader reads what a Writer has written. What it returns may be believed only
// after Close has found the checksum right. The first error stays, and zeros
// are read after it.
type Reader struct {
	r    *bufio.Reader
	left int64 // bytes that can still come
	sum  uint32
	err  error
	buf  []byte
}

// NewReader returns a Reader of size bytes from r.
func NewReader(r io.Reader, size int64) *Reader {
	return &Reader{r: bufio.NewReaderSize(r, 1<<16), left: size, buf: make([]byte, 4*chunk)}
}

func (r *Reader) read(b []byte) {
	if r.err == nil {
		_, r.err = io.ReadFull(r.r, b)
	}
	if r.err != nil {
		clear(b)
		return
	}
	r.left -= int64(len(b))
	r.sum = crc32.Update(r.sum, castagnoli, b)
}

// Uint64 reads a number.
func (r *Reader) Uint64() uint64 {
	r.read(r.buf[:8])
	return binary.LittleEndian.Uint64(r.buf)
}

// count reads a number of things of a size, which must fit into what is left.
func (r *Reader) count(size int64) int {
	n := r.Uint64()
	if r.err == nil && n > uint64(r.left/size) {
		r.err = ErrDamaged
	}
	if r.err != nil {
		return 0
	}
	return int(n)
}

// Bytes reads bytes.
func (r *Reader) Bytes() []byte {
	b := make([]byte, r.count(1))
	r.read(b)
	return b
}

// Uint32s reads numbers.
func (r *Reader) Uint32s() []uint32 {
	all := make([]uint32, r.count(4))
	for at := 0; at < len(all); at += chunk {
		part := all[at:min(at+chunk, len(all))]
		r.read(r.buf[:4*len(part)])
		for i := range part {
			part[i] = binary.LittleEndian.Uint32(r.buf[4*i:])
		}
	}
	return all
}

// Close reads the checksum, which must be the end. It wraps ErrDamaged when
// anything was wrong.
func (r *Reader) Close() error {
	sum := r.sum
	r.read(r.buf[:4])
	if r.err == nil && (binary.LittleEndian.Uint32(r.buf) != sum || r.left != 0) {
		r.err = ErrDamaged
	}
	if r.err != nil && !errors.Is(r.err, ErrDamaged) {
		r.err = fmt.Errorf("%w: %w", ErrDamaged, r.err)
	}
	return r.err
}
