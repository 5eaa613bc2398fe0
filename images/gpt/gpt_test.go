package gpt

import (
	"bytes"
	"errors"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const mib = 1 << 20

func sample() *Table {
	id := func(n byte) GUID { return GUID{n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} }
	return &Table{Disk: id(200), Parts: []Part{
		{Name: "jobhome-esp", Type: ESP, ID: id(1), First: 2048, Last: 4095, Attr: 1},
		{Name: "jobhome-state", Type: LinuxData, ID: id(2), First: 4096, Last: 6143},
		{Name: "jobhome-data", Type: LinuxData, ID: id(7), First: 6144, Last: 8191},
	}}
}

// image is a disk in memory that may lose its power.
type image struct {
	b     []byte
	left  int  // sectors until the power goes; negative: it stays
	trash bool // the sector being written then is lost
}

var errPower = errors.New("the power is gone")

func (m *image) ReadAt(p []byte, off int64) (int, error) { return bytes.NewReader(m.b).ReadAt(p, off) }

func (m *image) WriteAt(p []byte, off int64) (int, error) {
	for n := 0; n < len(p); n += Sector {
		if m.left == 0 {
			if m.trash {
				copy(m.b[off+int64(n):][:Sector], bytes.Repeat([]byte{0xA5}, Sector))
			}
			return n, errPower
		}
		m.left--
		copy(m.b[off+int64(n):], p[n:n+Sector])
	}
	return len(p), nil
}

func newImage(t *testing.T, tab *Table, size int64) *image {
	t.Helper()
	m := &image{b: make([]byte, size), left: -1}
	if err := tab.Write(m, size); err != nil {
		t.Fatal(err)
	}
	return m
}

// grown is the image on a larger disk.
func (m *image) grown(size int) *image {
	b := make([]byte, size)
	copy(b, m.b)
	return &image{b: b, left: -1}
}

func read(t *testing.T, m *image) *Table {
	t.Helper()
	got, err := Read(m, int64(len(m.b)))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestWriteRead(t *testing.T) {
	m := newImage(t, sample(), 8*mib)
	if got := read(t, m); !got.same(sample()) {
		t.Errorf("read %+v", got)
	}
	p, n := read(t, m).Find("jobhome-data")
	if n != 3 || p.Size() != mib {
		t.Errorf("Find: partition %d of %d bytes", n, p.Size())
	}
	if _, n := read(t, m).Find("no"); n != 0 {
		t.Errorf("Find of what is not there: %d", n)
	}
}

// Every byte of either copy may be wrong, and the other is taken.
func TestReadsTheOtherCopy(t *testing.T) {
	for _, off := range []int{Sector, Sector + 8, Sector + 40, 2 * Sector, 3*Sector - 1, 8*mib - Sector, 8*mib - 33*Sector} {
		m := newImage(t, sample(), 8*mib)
		m.b[off] ^= 1
		if got := read(t, m); !got.same(sample()) {
			t.Errorf("byte %d wrong: read %+v", off, got)
		}
	}
	m := newImage(t, sample(), 8*mib)
	m.b[Sector+20] ^= 1 // reserved, but under the checksum
	m.b[8*mib-33*Sector] ^= 1
	if _, err := Read(m, 8*mib); !errors.Is(err, ErrNone) {
		t.Errorf("both copies wrong: %v", err)
	}
}

func TestRefusesTables(t *testing.T) {
	for name, spoil := range map[string]func(*Table){
		"overlap":  func(t *Table) { t.Parts[1].First-- },
		"too far":  func(t *Table) { t.Parts[2].Last = 8*2048 - 33 },
		"too near": func(t *Table) { t.Parts[0].First = 33 },
		"reversed": func(t *Table) { t.Parts[0].Last = t.Parts[0].First - 1 },
		"long":     func(t *Table) { t.Parts[0].Name = strings.Repeat("n", 37) },
		"many":     func(t *Table) { t.Parts = make([]Part, 129) },
	} {
		tab := sample()
		spoil(tab)
		if err := tab.Write(&image{b: make([]byte, 8*mib), left: -1}, 8*mib); err == nil {
			t.Errorf("%s: written", name)
		}
	}
}

func TestGrow(t *testing.T) {
	for _, size := range []int{8 * mib, 8*mib + Sector, 8*mib + 20*Sector, 9 * mib, 64 * mib} {
		m := newImage(t, sample(), 8*mib).grown(size)
		tab := &Table{}
		if _, err := tab.Grow(m, int64(size)); err != nil {
			t.Fatal(err)
		}
		p, _ := read(t, m).Find("jobhome-data")
		if room := int64(size) - 33*Sector - int64(p.Last+1)*Sector; room < 0 || room >= mib {
			t.Errorf("%d bytes: %d left over", size, room)
		}
		if back, err := readAt(m, int64(size), lastSector(int64(size))); err != nil || !back.same(tab) {
			t.Errorf("%d bytes: backup %+v, %v", size, back, err)
		}
		if again, err := tab.Grow(m, int64(size)); again || err != nil {
			t.Errorf("%d bytes: grown again: %v, %v", size, again, err)
		}
	}
}

// Power goes at every sector written, which is left as it was or lost; the table
// is readable, is the old one or the new, and growing again ends it.
func TestGrowCutAtEveryWrite(t *testing.T) {
	for _, size := range []int{8*mib + 5*Sector, 16 * mib} {
		for _, trash := range []bool{false, true} {
			for cut := 0; ; cut++ {
				m := newImage(t, sample(), 8*mib).grown(size)
				m.left, m.trash = cut, trash
				_, err := new(Table).Grow(m, int64(size))
				if err == nil {
					if cut < 4 {
						t.Fatalf("%d writes are not enough for a cut", cut)
					}
					break
				}
				if !errors.Is(err, errPower) {
					t.Fatal(err)
				}
				if got := read(t, m); !got.same(sample()) && !got.same(sample().stretched(int64(size))) {
					t.Errorf("cut %d: read %+v", cut, got)
				}
				m.left = -1
				if _, err := new(Table).Grow(m, int64(size)); err != nil {
					t.Fatalf("cut %d: grown again: %v", cut, err)
				}
				for _, header := range []uint64{1, lastSector(int64(size))} {
					got, err := readAt(m, int64(size), header)
					if err != nil || !got.same(sample().stretched(int64(size))) {
						t.Errorf("cut %d: header %d: %+v, %v", cut, header, got, err)
					}
				}
			}
		}
	}
}

// What another system left at the end of the disk is no backup of this table.
func TestGrowOverAnother(t *testing.T) {
	old := &Table{Disk: GUID{77}, Parts: []Part{{Name: "other", Type: LinuxData, ID: GUID{78}, First: 2048, Last: 9000}}}
	disk := newImage(t, old, 16*mib)
	copy(disk.b, newImage(t, sample(), 8*mib).b)
	for cut := range 20 {
		m := disk.grown(len(disk.b))
		m.left = cut
		_, err := new(Table).Grow(m, 16*mib)
		if got := read(t, m); got.Disk != sample().Disk {
			t.Errorf("cut %d: the other table is read", cut)
		}
		if err == nil {
			return
		}
	}
	t.Error("growing did not end")
}

// A torn primary is written again even when nothing grows.
func TestGrowMendsThePrimary(t *testing.T) {
	m := newImage(t, sample(), 8*mib)
	m.b[2*Sector+60] ^= 1
	if changed, err := new(Table).Grow(m, 8*mib); !changed || err != nil {
		t.Fatal(changed, err)
	}
	if _, err := readAt(m, 8*mib, 1); err != nil {
		t.Error(err)
	}
}

func TestGUID(t *testing.T) {
	const esp = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B"
	if got := ESP.String(); got != esp {
		t.Errorf("ESP is %s", got)
	}
	if ESP[0] != 0x28 || ESP[8] != 0xBA {
		t.Errorf("ESP on the disk: % x", ESP)
	}
	for _, bad := range []string{"", esp[1:], esp + "0", strings.Replace(esp, "C1", "G1", 1), strings.ReplaceAll(esp, "-", "0")} {
		if _, err := ParseGUID(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

// What other programs say of the tables.
func TestAgainstSgdisk(t *testing.T) {
	sgdisk, err := exec.LookPath("sgdisk")
	if err != nil {
		t.Skip("no sgdisk here")
	}
	file := filepath.Join(t.TempDir(), "disk")
	for _, size := range []int{8 * mib, 16 * mib} {
		m := newImage(t, sample(), 8*mib).grown(size)
		if _, err := new(Table).Grow(m, int64(size)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, m.b, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(sgdisk, "-v", "-p", "-i", "1", file).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, want := range []string{"No problems found", "jobhome-data", ESP.String(), sample().Disk.String(), "Attribute flags: 0000000000000001"} {
			if !strings.Contains(string(out), want) {
				t.Errorf("%d bytes: no %q in\n%s", size, want, out)
			}
		}
	}
}

// A table that another program has written.
func TestReadsSgdisk(t *testing.T) {
	sgdisk, err := exec.LookPath("sgdisk")
	if err != nil {
		t.Skip("no sgdisk here")
	}
	file := filepath.Join(t.TempDir(), "disk")
	if err := os.WriteFile(file, make([]byte, 8*mib), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(sgdisk, "-n", "1:2048:4095", "-c", "1:就业之家", "-t", "1:ef00",
		"-n", "3:6144:8191", "-U", ESP.String(), file).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := Read(f, 8*mib)
	if err != nil {
		t.Fatal(err)
	}
	if got.Disk != ESP || len(got.Parts) != 3 || got.Parts[0].Type != ESP || got.Parts[0].Name != "就业之家" ||
		got.Parts[1] != (Part{}) || got.Parts[2].Last != 8191 {
		t.Errorf("read %+v", got)
	}
}

// Nothing on a disk makes reading or growing fail other than by an error.
func FuzzRead(f *testing.F) {
	m := &image{b: make([]byte, 96*Sector), left: -1}
	tab := sample()
	tab.Parts = []Part{{Name: "x", Type: ESP, ID: GUID{1}, First: 40, Last: 50}}
	if err := tab.Write(m, int64(len(m.b))); err != nil {
		f.Fatal(err)
	}
	f.Add(m.b[Sector:3*Sector], m.b[len(m.b)-Sector:])
	f.Add([]byte("EFI PART"), []byte{})
	f.Fuzz(func(t *testing.T, begin, end []byte) {
		m := &image{b: make([]byte, 96*Sector), left: -1}
		copy(m.b[Sector:], begin)
		copy(m.b[len(m.b)-Sector:], end)
		mend(m.b[Sector:])
		mend(m.b[len(m.b)-Sector:])
		tab, err := Read(m, int64(len(m.b)))
		if err != nil {
			return
		}
		if tab.check(lastSector(int64(len(m.b)))) != nil {
			t.Error("a table that cannot be was read")
		}
		_, _ = tab.Grow(m, int64(len(m.b)))
	})
}

// mend makes a header's own checksum right, so that what is behind it is read.
func mend(h []byte) {
	le.PutUint32(h[16:], 0)
	le.PutUint32(h[16:], crc32.ChecksumIEEE(h[:headerSize]))
}
