package datafs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/images/gpt"
)

// fileDisk is a disk in a file, and what the kernel was told.
type fileDisk struct {
	*os.File
	number         int
	first, sectors uint64
	refuse         error
}

func (d *fileDisk) Resize(number int, first, sectors uint64) error {
	d.number, d.first, d.sectors = number, first, sectors
	return d.refuse
}

func newDisk(t *testing.T, last string) *fileDisk {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "disk"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	tab := gpt.Table{Disk: gpt.GUID{1}, Parts: []gpt.Part{
		{Name: "jobhome-root-a", Type: gpt.LinuxData, ID: gpt.GUID{2}, First: 2048, Last: 4095},
		{Name: last, Type: gpt.LinuxData, ID: gpt.GUID{3}, First: 4096, Last: 6143},
	}}
	if err := errors.Join(f.Truncate(4<<20), tab.Write(f, 4<<20), f.Truncate(32<<20)); err != nil {
		t.Fatal(err)
	}
	return &fileDisk{File: f}
}

func TestGrow(t *testing.T) {
	d := newDisk(t, Label)
	for range 2 { // the kernel is told again when the table is right already
		d.number = 0
		n, err := Grow(d, 32<<20)
		if n != 2 || err != nil || d.number != 2 || d.first != 4096 || d.sectors != (31<<20)/512-4096 {
			t.Errorf("%d, %v; the kernel knows %d from %d, %d sectors", n, err, d.number, d.first, d.sectors)
		}
	}
	d.refuse = errors.New("busy")
	if n, err := Grow(d, 32<<20); n != 2 || !errors.Is(err, d.refuse) {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := Grow(newDisk(t, "other"), 32<<20); err == nil || !strings.Contains(err.Error(), Label) {
		t.Errorf("%v", err)
	}
}
