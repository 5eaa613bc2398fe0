package disk

import (
	"errors"
	"fmt"
	"io"
	"os"

	"jobhome/images/gpt"
)

// Part is a partition of a disk and the file that it begins with; "" for an
// empty one.
type Part struct {
	gpt.Part
	From string
}

// Assemble writes a disk of size bytes with these partitions to out. What is
// empty takes no room in the file.
func Assemble(out string, size int64, id gpt.GUID, parts []Part) (err error) {
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := f.Truncate(size); err != nil {
		return err
	}
	t := &gpt.Table{Disk: id}
	for _, p := range parts {
		t.Parts = append(t.Parts, p.Part)
		if p.From == "" {
			continue
		}
		if err := place(f, p); err != nil {
			return fmt.Errorf("partition %s: %w", p.Name, err)
		}
	}
	return t.Write(f, size)
}

func place(f *os.File, p Part) error {
	from, err := os.Open(p.From)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	off, buf := int64(p.First)*gpt.Sector, make([]byte, MiB)
	end := off + p.Size()
	for {
		n, err := io.ReadFull(from, buf)
		if err == io.EOF {
			return nil
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		if off+int64(n) > end {
			return fmt.Errorf("%s is larger than its %d bytes", p.From, p.Size())
		}
		if !zero(buf[:n]) {
			if _, err := f.WriteAt(buf[:n], off); err != nil {
				return err
			}
		}
		off += int64(n)
	}
}

func zero(b []byte) bool {
	for _, v := range b {
		if v != 0 {
			return false
		}
	}
	return true
}
