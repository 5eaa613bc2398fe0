package bootstate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Where the two blocks lie on the partition, in bytes, and how long each is.
// They are files of a small FAT, since GRUB writes only to files, in place; the
// running system writes to the same places and never mounts it. Partition
// checks that they are there.
const (
	first  = 4096
	second = 68608
	length = 1024
)

// The files, in the order in which they lie.
const (
	firstFile  = "a-env"
	gapFile    = "b-gap"
	secondFile = "c-env"
)

// sector is what is written whole or not at all.
const sector = 512

const signature = "# GRUB Environment Block\n"

// ErrNone tells that neither block can be read: an empty partition, or both
// torn.
var ErrNone = errors.New("bootstate: no readable block")

// encode writes variables as a block. They must stay within the first sector,
// so that a block is either the old or the new one.
func encode(vars [][2]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(signature)
	for _, v := range vars {
		fmt.Fprintf(&b, "%s=%s\n", v[0], v[1])
	}
	if b.Len() > sector {
		return nil, fmt.Errorf("bootstate: %d bytes, and %d at most", b.Len(), sector)
	}
	b.Write(bytes.Repeat([]byte("#"), length-b.Len()))
	return b.Bytes(), nil
}

func decode(block []byte) (map[string]string, error) {
	rest, ok := bytes.CutPrefix(block, []byte(signature))
	if !ok {
		return nil, ErrNone
	}
	vars := map[string]string{}
	for len(rest) > 0 && rest[0] != '#' {
		line, more, ok := bytes.Cut(rest, []byte("\n"))
		name, value, isVar := strings.Cut(string(line), "=")
		if !ok || !isVar || name == "" {
			return nil, ErrNone
		}
		vars[name], rest = value, more
	}
	if strings.Trim(string(rest), "#") != "" {
		return nil, ErrNone
	}
	return vars, nil
}

// Device is where the blocks lie: a partition opened for synchronous writing,
// or a file.
type Device interface {
	io.ReaderAt
	io.WriterAt
	Sync() error
}

// Read reads the first block that is whole.
func Read(r io.ReaderAt) (State, error) {
	for _, at := range []int64{first, second} {
		block := make([]byte, length)
		if _, err := r.ReadAt(block, at); err != nil && err != io.EOF {
			return State{}, fmt.Errorf("bootstate: read at byte %d: %w", at, err)
		}
		if vars, err := decode(block); err == nil {
			if s, err := parse(vars); err == nil {
				return s, nil
			}
		}
	}
	return State{}, ErrNone
}

// Write writes the copy and then the first block, each synced: whenever the
// power goes, one of them is whole.
func (s State) Write(d Device) error {
	block, err := encode(s.vars())
	if err != nil {
		return err
	}
	for _, at := range []int64{second, first} {
		if _, err := d.WriteAt(block, at); err != nil {
			return fmt.Errorf("bootstate: write at byte %d: %w", at, err)
		}
		if err := d.Sync(); err != nil {
			return fmt.Errorf("bootstate: write at byte %d: %w", at, err)
		}
	}
	return nil
}
