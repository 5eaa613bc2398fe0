package gpt

import (
	"fmt"
	"io"
)

// A ReadWriterAt is a disk that is read and written. When it has Sync, it is
// called wherever a power cut could otherwise change the order of the writes.
type ReadWriterAt interface {
	io.ReaderAt
	io.WriterAt
}

// Grow brings a table that is in use to a disk of size bytes: the backup goes to
// the disk's end, and the last partition (the one that ends last) is stretched
// up to it, ending at a whole MiB. A partition never shrinks. The table in t
// becomes what is on the disk; changed tells whether anything was written.
//
// What each cut leaves: the new backup is written first, while the primary is
// valid and says what it said; then the primary, while the new backup at the
// disk's end is valid and says what will be. Only the sectors that differ are
// written: one of the entries, and the header. A primary that was torn is
// written again from the backup before anything else.
//
// Whoever reads the table must look at the backup for that: Linux does so only
// with "gpt" on its command line.
func (t *Table) Grow(rw ReadWriterAt, size int64) (changed bool, err error) {
	now, perr := readAt(rw, size, 1)
	back, berr := readAt(rw, size, lastSector(size))
	d := disk{w: rw, size: size}
	if perr != nil {
		if berr != nil {
			return false, fmt.Errorf("gpt: grow: %w: primary: %w; backup: %w", ErrNone, perr, berr)
		}
		if err := d.put(back, primary); err != nil {
			return false, err
		}
		now, changed = back, true
	}
	want := now.stretched(size)
	moved, err := headerSays(rw, size)
	if err != nil {
		return changed, err
	}
	if moved && berr == nil && now.same(want) && back.same(want) {
		*t = *want
		return changed, nil
	}
	if err := want.check(lastUsable(size)); err != nil {
		return changed, err
	}
	if err := d.put(want, backup); err != nil {
		return changed, err
	}
	if err := d.put(want, primary); err != nil {
		return true, err
	}
	*t = *want
	return true, nil
}

// headerSays tells whether the primary's header names the disk's last sector as
// the backup's place.
func headerSays(r io.ReaderAt, size int64) (bool, error) {
	h := make([]byte, Sector)
	if _, err := r.ReadAt(h, Sector); err != nil {
		return false, fmt.Errorf("gpt: read the primary's header: %w", err)
	}
	return le.Uint64(h[32:]) == lastSector(size) && le.Uint64(h[48:]) == lastUsable(size), nil
}

// stretched is the table with its last partition reaching to the disk's end.
func (t *Table) stretched(size int64) *Table {
	w := &Table{Disk: t.Disk, Parts: append([]Part(nil), t.Parts...)}
	last := -1
	for i, p := range w.Parts {
		if p.Type != (GUID{}) && (last < 0 || p.Last > w.Parts[last].Last) {
			last = i
		}
	}
	if last >= 0 {
		end := (lastUsable(size)+1)/align*align - 1
		w.Parts[last].Last = max(w.Parts[last].Last, end)
	}
	return w
}
