package datafs

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Places of ext4 with blocks of 4096, as make makes it.
const (
	block      = 4096
	perGroup   = 8 * block // blocks of a group: what one block of bitmap holds
	superStart = 1024      // of the first superblock; the copies begin their group
	superSize  = 1024
	magicAt    = 0x38
	magic      = 0xEF53
	labelAt    = 0x78
)

// superblock is ext4's.
type superblock []byte

func (s superblock) label() string {
	return string(bytes.TrimRight(s[labelAt:labelAt+16], "\x00"))
}

// find gives the first superblock that is there, the primary or a copy; nil when
// there is none.
func (f FS) find() (superblock, error) {
	for _, at := range f.supers() {
		b := make(superblock, superSize)
		if _, err := f.Dev.ReadAt(b, at); err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("datafs: read %s at byte %d: %w", f.Path, at, err)
		}
		if binary.LittleEndian.Uint16(b[magicAt:]) == magic {
			return b, nil
		}
	}
	return nil, nil
}

// forget overwrites all superblocks, the copies first: until the primary is gone
// there is a filesystem, which a cut leaves to be mended or forgotten again.
func (f FS) forget() error {
	places := f.supers()
	for i := len(places) - 1; i >= 0; i-- {
		if _, err := f.Dev.WriteAt(make([]byte, superSize), places[i]); err != nil {
			return fmt.Errorf("datafs: overwrite %s at byte %d: %w", f.Path, places[i], err)
		}
	}
	if err := f.Dev.Sync(); err != nil {
		return fmt.Errorf("datafs: sync %s: %w", f.Path, err)
	}
	return nil
}

// supers gives where superblocks are, in bytes, the primary first: at the
// beginning of the groups 0, 1 and the powers of 3, 5 and 7.
func (f FS) supers() []int64 {
	places := []int64{superStart}
	for group := int64(1); group*perGroup*block+superSize <= f.Size; group++ {
		if group == 1 || power(group, 3) || power(group, 5) || power(group, 7) {
			places = append(places, group*perGroup*block)
		}
	}
	return places
}

func power(n, of int64) bool {
	for n%of == 0 {
		n /= of
	}
	return n == 1
}

// lastLine is what a program said last, for an error.
func lastLine(out []byte) string {
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	return string(bytes.TrimSpace(lines[len(lines)-1]))
}
