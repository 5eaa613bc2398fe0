package gpt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"unicode/utf16"
)

const (
	signature  = "EFI PART"
	revision   = 0x00010000
	headerSize = 92
)

var le = binary.LittleEndian

// where is one of the two copies of the table.
type where int

const (
	primary where = iota
	backup
)

func (w where) String() string {
	if w == backup {
		return "backup"
	}
	return "primary"
}

// disk is where the copies are written.
type disk struct {
	w    io.WriterAt
	size int64
}

// place gives the sectors of a copy's header and array, and of the other
// header.
func (d disk) place(c where) (header, array, other uint64) {
	last := lastSector(d.size)
	if c == primary {
		return 1, 2, last
	}
	return last, last - arraySectors, 1
}

// put writes a copy: the array, and the header that makes it valid after it.
func (d disk) put(t *Table, c where) error {
	header, array, other := d.place(c)
	raw := t.array()
	for i := 0; i < len(raw); i += Sector {
		if d.has(raw[i:i+Sector], int64(array)*Sector+int64(i)) {
			continue
		}
		if _, err := d.w.WriteAt(raw[i:i+Sector], int64(array)*Sector+int64(i)); err != nil {
			return fmt.Errorf("gpt: the entries of the %v: %w", c, err)
		}
	}
	if err := d.sync(c); err != nil {
		return err
	}
	h := make([]byte, Sector)
	copy(h, signature)
	le.PutUint32(h[8:], revision)
	le.PutUint32(h[12:], headerSize)
	le.PutUint64(h[24:], header)
	le.PutUint64(h[32:], other)
	le.PutUint64(h[40:], first)
	le.PutUint64(h[48:], lastUsable(d.size))
	copy(h[56:72], t.Disk[:])
	le.PutUint64(h[72:], array)
	le.PutUint32(h[80:], entries)
	le.PutUint32(h[84:], entrySize)
	le.PutUint32(h[88:], crc32.ChecksumIEEE(raw))
	le.PutUint32(h[16:], crc32.ChecksumIEEE(h[:headerSize]))
	if _, err := d.w.WriteAt(h, int64(header)*Sector); err != nil {
		return fmt.Errorf("gpt: the header of the %v: %w", c, err)
	}
	return d.sync(c)
}

// has tells that a sector holds b already: what is not written cannot be torn.
func (d disk) has(b []byte, off int64) bool {
	r, ok := d.w.(io.ReaderAt)
	if !ok {
		return false
	}
	old := make([]byte, len(b))
	n, _ := r.ReadAt(old, off)
	return n == len(b) && bytes.Equal(old, b)
}

// sync puts what was written beyond the reach of a power cut, where w can.
func (d disk) sync(c where) error {
	s, ok := d.w.(interface{ Sync() error })
	if !ok {
		return nil
	}
	if err := s.Sync(); err != nil {
		return fmt.Errorf("gpt: sync the %v: %w", c, err)
	}
	return nil
}

// readAt reads the copy whose header is in a sector, and checks all of it.
func readAt(r io.ReaderAt, size int64, header uint64) (*Table, error) {
	if size < (first+arraySectors+1)*Sector {
		return nil, fmt.Errorf("a disk of %d bytes has no room for one", size)
	}
	h := make([]byte, Sector)
	if _, err := r.ReadAt(h, int64(header)*Sector); err != nil {
		return nil, fmt.Errorf("read its header: %w", err)
	}
	if err := checkHeader(h, header); err != nil {
		return nil, err
	}
	array, n, each := le.Uint64(h[72:]), le.Uint32(h[80:]), le.Uint32(h[84:])
	if n > 1024 || each < entrySize || each > 4096 || array > lastSector(size) {
		return nil, fmt.Errorf("%d entries of %d bytes from sector %d", n, each, array)
	}
	raw := make([]byte, int(n)*int(each))
	if _, err := r.ReadAt(raw, int64(array)*Sector); err != nil {
		return nil, fmt.Errorf("read its entries: %w", err)
	}
	if crc32.ChecksumIEEE(raw) != le.Uint32(h[88:]) {
		return nil, errors.New("the checksum of its entries is wrong")
	}
	t := &Table{Disk: GUID(h[56:72])}
	for ; len(raw) >= int(each); raw = raw[each:] {
		t.Parts = append(t.Parts, part(raw))
	}
	t.Parts = t.used()
	if err := t.check(lastSector(size)); err != nil {
		return nil, err
	}
	return t, nil
}

// checkHeader tells why a sector is not a header of its place.
func checkHeader(h []byte, sector uint64) error {
	n := le.Uint32(h[12:])
	switch {
	case string(h[:8]) != signature:
		return errors.New("no signature")
	case le.Uint32(h[8:])>>16 != revision>>16:
		return fmt.Errorf("revision %#x", le.Uint32(h[8:]))
	case n < headerSize || n > Sector:
		return fmt.Errorf("a header of %d bytes", n)
	}
	sum := bytes.Clone(h[:n])
	le.PutUint32(sum[16:], 0)
	if crc32.ChecksumIEEE(sum) != le.Uint32(h[16:]) {
		return errors.New("the checksum of its header is wrong")
	}
	if le.Uint64(h[24:]) != sector {
		return fmt.Errorf("its header is of sector %d, in sector %d", le.Uint64(h[24:]), sector)
	}
	return nil
}

// array is the entries as they lie on the disk.
func (t *Table) array() []byte {
	raw := make([]byte, entries*entrySize)
	for i, p := range t.Parts {
		e := raw[i*entrySize:]
		if p.Type == (GUID{}) {
			continue
		}
		copy(e[0:16], p.Type[:])
		copy(e[16:32], p.ID[:])
		le.PutUint64(e[32:], p.First)
		le.PutUint64(e[40:], p.Last)
		le.PutUint64(e[48:], p.Attr)
		for j, u := range units(p.Name) {
			le.PutUint16(e[56+2*j:], u)
		}
	}
	return raw
}

// part reads one entry.
func part(e []byte) Part {
	p := Part{
		Type: GUID(e[0:16]), ID: GUID(e[16:32]),
		First: le.Uint64(e[32:]), Last: le.Uint64(e[40:]), Attr: le.Uint64(e[48:]),
	}
	if p.Type == (GUID{}) {
		return Part{}
	}
	var u []uint16
	for j := range maxName {
		c := le.Uint16(e[56+2*j:])
		if c == 0 {
			break
		}
		u = append(u, c)
	}
	p.Name = string(utf16.Decode(u))
	return p
}

func units(name string) []uint16 { return utf16.Encode([]rune(name)) }

// protective is the MBR that keeps old programs off the disk (UEFI 2.10, 5.2.3).
func protective(size int64) []byte {
	b := make([]byte, Sector)
	e := b[446:]
	copy(e, []byte{0, 0x00, 0x02, 0x00, 0xEE, 0xFF, 0xFF, 0xFF})
	le.PutUint32(e[8:], 1)
	le.PutUint32(e[12:], uint32(min(lastSector(size), 0xFFFFFFFF)))
	b[510], b[511] = 0x55, 0xAA
	return b
}
