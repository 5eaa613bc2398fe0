package initrd

import (
	"fmt"
	"io"
	"time"
)

// Types of an entry's mode.
const (
	dir     = 0o040000
	charDev = 0o020000
	regular = 0o100000
)

// entry is one file of an archive.
type entry struct {
	name         string // without a leading slash
	mode         uint32
	major, minor uint32 // of a device
	data         []byte
}

// writeArchive writes the entries in their order, all root's, all of one time.
func writeArchive(w io.Writer, files []entry, t time.Time) error {
	for i, f := range files {
		if err := f.write(w, uint32(i+1), uint32(t.Unix())); err != nil {
			return err
		}
	}
	return entry{name: "TRAILER!!!"}.write(w, 0, 0)
}

func (e entry) write(w io.Writer, inode, mtime uint32) error {
	links := uint32(1)
	if e.mode&dir == dir {
		links = 2
	}
	head := "070701"
	for _, v := range []uint32{
		inode, e.mode, 0, 0, links, mtime, uint32(len(e.data)),
		0, 0, e.major, e.minor, uint32(len(e.name) + 1), 0,
	} {
		head += fmt.Sprintf("%08X", v)
	}
	head += e.name + "\x00"
	for _, b := range [][]byte{padded([]byte(head)), padded(e.data)} {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// padded fills up to a multiple of four.
func padded(b []byte) []byte {
	return append(b[:len(b):len(b)], make([]byte, -len(b)&3)...)
}
