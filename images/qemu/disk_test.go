package qemu

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func newDisk(t *testing.T) *Disk {
	t.Helper()
	path := filepath.Join(t.TempDir(), "base")
	if err := os.WriteFile(path, bytes.Repeat([]byte("b"), 64<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := NewDisk(path, 128<<10, 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func (d *Disk) read(t *testing.T, off int64, n int) string {
	t.Helper()
	p := make([]byte, n)
	if _, err := d.ReadAt(p, off); err != nil {
		t.Fatal(err)
	}
	return string(p)
}

// What was flushed is there after a cut, of the rest some is not, and no block is
// half.
func TestCut(t *testing.T) {
	d := newDisk(t)
	put := func(text string, off int64) {
		if _, err := d.WriteAt([]byte(text), off); err != nil {
			t.Fatal(err)
		}
	}
	put("flushed", 1000) // over the border of two blocks
	d.Flush()
	for n := range int64(50) {
		put("cached", 4096+n*block+7)
	}
	if got := d.read(t, 4096+7, 6); got != "cached" {
		t.Errorf("before the cut: %q", got)
	}
	lost := d.Cut()
	kept := 0
	for n := range int64(50) {
		switch got := d.read(t, 4096+n*block, block); got[7:13] {
		case "cached":
			kept++
		case "bbbbbb":
		default:
			t.Errorf("a block is half: %q", got[:20])
		}
	}
	if lost+kept != 50 || lost == 0 || kept == 0 {
		t.Errorf("%d lost, %d kept", lost, kept)
	}
	if got := d.read(t, 999, 9); got != "bflushedb" {
		t.Errorf("what was flushed: %q", got)
	}
	if got := d.read(t, 100<<10, 3); got != "\x00\x00\x00" {
		t.Errorf("behind the file: %q", got)
	}
}
