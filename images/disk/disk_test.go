package disk

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/images/gpt"
)

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Two file systems of the same files are the same bytes.
func TestFATIsTheSame(t *testing.T) {
	for _, program := range []string{"mkfs.vfat", "mcopy", "mmd"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skip(err)
		}
	}
	for _, size := range []int64{1 << 20, 40 << 20} {
		var made [2][]byte
		for i := range made {
			out := filepath.Join(t.TempDir(), "fat")
			err := FAT(t.Context(), out, FATOptions{Size: size, Label: "X", Serial: 1, Time: time.Unix(1.7e9, 0), Files: []File{
				{Name: "b.txt", From: write(t, "b", "two")}, {Name: "EFI/BOOT/a.efi", From: write(t, "a", "one")},
			}})
			if err != nil {
				t.Fatal(err)
			}
			if made[i], err = os.ReadFile(out); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(made[0], made[1]) {
			t.Errorf("two of %d bytes differ", size)
		}
	}
}

func TestAssemble(t *testing.T) {
	out := filepath.Join(t.TempDir(), "disk")
	part := func(name string, first, last uint64, from string) Part {
		return Part{From: from, Part: gpt.Part{Name: name, Type: gpt.LinuxData, ID: gpt.GUID{1, byte(first)}, First: first, Last: last}}
	}
	one := write(t, "one", strings.Repeat("x", 700))
	parts := []Part{part("one", 2048, 4095, one), part("none", 4096, 6143, "")}
	if err := Assemble(out, 4<<20, gpt.GUID{9}, parts); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	table, err := gpt.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil || len(table.Parts) < 2 || table.Parts[1].Name != "none" {
		t.Fatalf("%v, %v", table, err)
	}
	if at := data[2048*gpt.Sector:]; string(at[:700]) != strings.Repeat("x", 700) || at[700] != 0 {
		t.Error("the first partition does not begin with its file")
	}
	parts[0].Last = 2048
	if err := Assemble(out, 4<<20, gpt.GUID{9}, parts); err == nil || !strings.Contains(err.Error(), "one") {
		t.Errorf("a file that is too large: %v", err)
	}
}
