// Package gpt is for the table that says where a disk's partitions are: the GUID
// Partition Table of the UEFI specification 2.10, chapter 5. It reads and checks
// one, falls back to the backup, writes one, and stretches the last partition
// over a larger disk so that power may go at any write.
package gpt

import (
	"errors"
	"fmt"
	"io"
	"slices"
)

// Sector is what a table counts in, in bytes. A disk whose logical sector is
// larger has its table elsewhere, and is found to have none.
const Sector = 512

// The array of entries, as everybody writes it: 128 of 128 bytes.
const (
	entries      = 128
	entrySize    = 128
	arraySectors = entries * entrySize / Sector
	first        = 2 + arraySectors // the first sector that a partition may have
	align        = 2048             // a grown partition ends where a MiB does
)

// Limits of a table.
const maxName = 36 // UTF-16 units of a partition's name

// ErrNone tells that a disk has no readable table, neither at its beginning nor
// at its end.
var ErrNone = errors.New("no GUID partition table")

// A Table is the partitions of one disk.
type Table struct {
	Disk  GUID
	Parts []Part // in the order of their numbers, from 1; a zero Type is a free entry
}

// A Part is one partition.
type Part struct {
	Name        string // at most 36 UTF-16 units
	Type, ID    GUID
	First, Last uint64 // sectors of 512 bytes, both belong to it
	Attr        uint64 // UEFI 2.10, table 5.8
}

// Size is how many bytes a partition has.
func (p Part) Size() int64 { return int64(p.Last-p.First+1) * Sector }

// Find gives the partition with a name and its number, from 1; the number is 0
// when there is none.
func (t *Table) Find(name string) (Part, int) {
	for i, p := range t.Parts {
		if p.Type != (GUID{}) && p.Name == name {
			return p, i + 1
		}
	}
	return Part{}, 0
}

// Read reads the table of a disk of size bytes: the primary, or the backup in
// the disk's last sector when the primary is torn. The error is ErrNone when
// neither is whole.
func Read(r io.ReaderAt, size int64) (*Table, error) {
	t, perr := readAt(r, size, 1)
	if perr == nil {
		return t, nil
	}
	t, berr := readAt(r, size, lastSector(size))
	if berr == nil {
		return t, nil
	}
	return nil, fmt.Errorf("%w: primary: %w; backup: %w", ErrNone, perr, berr)
}

// lastSector is where the backup's header is.
func lastSector(size int64) uint64 { return uint64(size/Sector) - 1 }

// lastUsable is the last sector that a partition may have.
func lastUsable(size int64) uint64 { return lastSector(size) - arraySectors - 1 }

// check tells why a table cannot be that of a disk whose last usable sector is
// given.
func (t *Table) check(last uint64) error {
	if len(t.Parts) > entries {
		return fmt.Errorf("gpt: %d partitions, and %d at most", len(t.Parts), entries)
	}
	var taken []Part
	for i, p := range t.Parts {
		if p.Type == (GUID{}) {
			continue
		}
		if p.First < first || p.Last < p.First || p.Last > last {
			return fmt.Errorf("gpt: partition %d (%s), sectors %d to %d, is outside the disk's %d to %d",
				i+1, p.Name, p.First, p.Last, first, last)
		}
		if n := len(units(p.Name)); n > maxName {
			return fmt.Errorf("gpt: partition %d (%s): a name of %d UTF-16 units, and %d at most", i+1, p.Name, n, maxName)
		}
		for _, q := range taken {
			if p.First <= q.Last && q.First <= p.Last {
				return fmt.Errorf("gpt: partition %d (%s) overlaps %s", i+1, p.Name, q.Name)
			}
		}
		taken = append(taken, p)
	}
	return nil
}

// Write makes a disk of size bytes carry the table: the protective MBR, the
// primary and the backup. It is for a new disk: a table that was there before
// is gone at once. Grow is for one in use.
func (t *Table) Write(w io.WriterAt, size int64) error {
	if size < (first+arraySectors+1)*Sector {
		return fmt.Errorf("gpt: a disk of %d bytes is too small for a table", size)
	}
	if err := t.check(lastUsable(size)); err != nil {
		return err
	}
	if _, err := w.WriteAt(protective(size), 0); err != nil {
		return fmt.Errorf("gpt: the protective MBR: %w", err)
	}
	d := disk{w: w, size: size}
	if err := d.put(t, backup); err != nil {
		return err
	}
	return d.put(t, primary)
}

// same tells whether two tables say the same.
func (t *Table) same(o *Table) bool {
	return t.Disk == o.Disk && slices.Equal(t.used(), o.used())
}

// used is the entries without free ones at the end.
func (t *Table) used() []Part {
	n := len(t.Parts)
	for n > 0 && t.Parts[n-1].Type == (GUID{}) {
		n--
	}
	return t.Parts[:n]
}
