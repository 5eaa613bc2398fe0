package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"jobhome/images/boottest"
)

// A terminal's life with its data: first boot, the next one, a damaged
// filesystem, a factory reset, a larger disk.
func TestDataBoots(t *testing.T) {
	m := newMachine(t)
	whole := []string{"INIT mount: .", "INIT write: .", "INIT unmount: .", "INIT done"}
	never := []string{"EXT4-fs error", "is not grown"}

	console := m.Boot(t)
	boottest.Expect(t, console, append(whole, "INIT outcome: made.", "INIT ledger: ERROR open"), never)
	if mib := after(console, "INIT MiB: "); mib < 180 {
		t.Errorf("/data has %d MiB:\n%s", mib, console)
	}
	boottest.Expect(t, m.Boot(t), append(whole, "INIT outcome: clean.", "INIT ledger: REFERRAL-OF-A-RESIDENT."), never)

	spoil(t, m.Disk)
	boottest.Expect(t, m.Boot(t), append(whole, "INIT outcome: repaired.", "INIT ledger: REFERRAL-OF-A-RESIDENT."), never)

	mcopyMark(t, m)
	console = m.Boot(t)
	boottest.Expect(t, console, append(whole, "INIT outcome: reset.", "INIT ledger: ERROR open"), never)
	boottest.Expect(t, m.Boot(t), append(whole, "INIT outcome: clean."), append(never, "factory reset"))

	if err := os.Truncate(m.Disk, 512<<20); err != nil {
		t.Fatal(err)
	}
	boottest.Expect(t, m.Boot(t), append(whole, "INIT outcome: clean.", "INIT ledger: REFERRAL-OF-A-RESIDENT."), never)
	if out, err := exec.Command("sgdisk", "-v", m.Disk).CombinedOutput(); err != nil || !strings.Contains(string(out), "No problems found") {
		t.Errorf("sgdisk: %v\n%s", err, out)
	}
}

// The power goes again and again while the data partition is made, mounted and
// wiped; after each the terminal comes up, and what it had written is whole.
func TestDataSurvivesCuts(t *testing.T) {
	m := newMachine(t)
	cut := 0
	for after := 200 * time.Millisecond; after < 3*time.Second; after += 350 * time.Millisecond {
		if cut%3 == 2 {
			mcopyMark(t, m)
		}
		if m.Cut(t, "is the root, slot a", after) {
			cut++
		}
	}
	if cut < 4 {
		t.Errorf("the power went only %d times before the machine was done", cut)
	}
	boottest.Expect(t, m.Boot(t), []string{"INIT mount: .", "INIT write: .", "INIT done"}, []string{"EXT4-fs error", "INIT outcome: lost"})
	boottest.Expect(t, m.Boot(t), []string{"INIT outcome: clean.", "INIT ledger: REFERRAL-OF-A-RESIDENT."}, nil)
}

// newMachine is one whose init runs keeper as the image does.
func newMachine(t *testing.T) *boottest.Machine {
	t.Helper()
	m := boottest.New(t, boottest.Options{
		Init:     "jobhome/images/cmd/keeper/testdata/init",
		Programs: map[string]string{"usr/bin/keeper": "jobhome/images/cmd/keeper"},
		Host:     []string{"mkfs.ext4", "e2fsck", "tune2fs", "dumpe2fs"},
		Modules:  []string{"ext4", "vfat", "nls_ascii", "nls_cp437", "nls_iso8859-1"},
		Spare:    192 << 20,
	})
	if m.Arch != "amd64" {
		t.Skip("the programs of this machine are copied")
	}
	makeESP(t, m)
	return m
}

// makeESP puts a FAT into the first partition.
func makeESP(t *testing.T, m *boottest.Machine) {
	t.Helper()
	fat := filepath.Join(t.TempDir(), "esp")
	tool(t, "mkfs.vfat", "-C", fat, "16384")
	tool(t, "mmd", "-i", fat, "::jobhome")
	b, err := os.ReadFile(fat)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(m.Disk, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(b, m.ESPAt)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// mcopyMark asks for a reset, as somebody with a PC does.
func mcopyMark(t *testing.T, m *boottest.Machine) {
	t.Helper()
	mark := filepath.Join(t.TempDir(), "reset")
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	tool(t, "mcopy", "-o", "-i", m.Disk+"@@"+strconv.FormatInt(m.ESPAt, 10), mark, "::"+resetMark)
}

// spoil overwrites the superblock of /data, which is the one of that label.
func spoil(t *testing.T, disk string) {
	t.Helper()
	b, err := os.ReadFile(disk)
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for i := 0; i+2048 <= len(b); i += 4096 {
		if b[i+1024+0x38] == 0x53 && b[i+1024+0x39] == 0xEF && bytes.HasPrefix(b[i+1024+0x78:], []byte("jobhome-data")) {
			at = i + 1024
			break
		}
	}
	if at < 0 {
		t.Fatal("no superblock found")
	}
	f, err := os.OpenFile(disk, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteAt(make([]byte, 1024), int64(at))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
}

// after reads the number behind a text.
func after(console, text string) int {
	_, rest, _ := strings.Cut(console, text)
	digits, _, _ := strings.Cut(rest, ".")
	n, _ := strconv.Atoi(digits)
	return n
}

func TestPartNode(t *testing.T) {
	for disk, want := range map[string]string{
		"/dev/vda": "/dev/vda7", "/dev/mmcblk0": "/dev/mmcblk0p7", "/dev/nvme0n1": "/dev/nvme0n1p7",
	} {
		if got := partNode(disk, 7); got != want {
			t.Errorf("%s", got)
		}
	}
}

func TestDataRefusesArguments(t *testing.T) {
	for _, args := range [][]string{{"x"}, {"-disks"}} {
		if err := runData(t.Context(), os.Stderr, args); !errors.Is(err, errUsage) {
			t.Errorf("%q: %v", args, err)
		}
	}
	if err := runData(t.Context(), os.Stderr, []string{"-disk", filepath.Join(t.TempDir(), "none")}); err == nil {
		t.Error("a disk that is not there")
	}
}
