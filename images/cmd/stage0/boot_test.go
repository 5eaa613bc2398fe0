package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"jobhome/images/boottest"
)

func machine(t *testing.T) *boottest.Machine {
	t.Helper()
	m := boottest.New(t, boottest.Options{Init: "jobhome/images/cmd/stage0/testdata/init"})
	m.Append += " jobhome.disk=" + boottest.DiskID.String()
	return m
}

// booted expects that the root came up, and logs how long it took.
func booted(t *testing.T, console, part, disk string) {
	t.Helper()
	boottest.Expect(t, console, []string{
		"stage0: jobhome-root-a on " + part + " is the root, slot a", "INIT pid: yes", "INIT slot: yes a", "INIT disk: yes " + disk,
		"INIT state: yes /dev/" + strings.TrimSuffix(part, "3") + "2",
		"INIT initramfs gone: yes", "INIT read-only: yes", "INIT blob: yes", "INIT DONE",
	}, []string{"rebooting"})
	for line := range strings.Lines(console) {
		if strings.Contains(line, "stage0") || strings.Contains(line, "INIT pid") || strings.Contains(line, "Run /init") {
			t.Log(strings.TrimSpace(line))
		}
	}
}

func TestBoots(t *testing.T) {
	booted(t, machine(t).Boot(t), "vda3", "vda")
}

// The generic kernel knows more buses than the cloud's.
func TestBootsFromEveryBus(t *testing.T) {
	m := machine(t)
	if !m.All {
		t.Skip("a cloud kernel has no ahci, usb or sdhci")
	}
	for _, c := range []struct{ bus, part, disk string }{
		{"ahci", "sda3", "sda"}, {"nvme", "nvme0n1p3", "nvme0n1"}, {"usb", "sda3", "sda"}, {"sdhci", "mmcblk0p3", "mmcblk0"},
	} {
		if m.Arch != "amd64" && c.bus == "ahci" {
			continue // QEMU's virt has none
		}
		m.Bus = c.bus
		booted(t, m.Boot(t), c.part, c.disk)
	}
}

// A flipped byte in what the root's programs read restarts the machine there.
func TestCorruptDataReboots(t *testing.T) {
	m := machine(t)
	flip(t, m.Disk, boottest.Blob)
	boottest.Expect(t, m.Boot(t), []string{"INIT read-only: yes", "corrupted"}, []string{"INIT blob", "INIT DONE"})
}

func TestWrongRootReboots(t *testing.T) {
	m := machine(t)
	i := strings.Index(m.Append, "roothash=") + len("roothash=")
	other := "0"
	if m.Append[i] == '0' {
		other = "1"
	}
	m.Append = m.Append[:i] + other + m.Append[i+1:]
	boottest.Expect(t, m.Boot(t), []string{"corrupted"}, []string{"INIT"})
}

func TestRefuses(t *testing.T) {
	m := machine(t)
	good := m.Append
	for name, c := range map[string]struct{ from, to, want string }{
		"another partition": {"jobhome-root-a ", "jobhome-root-b ", "stage0: no partition jobhome-root-b, after 8s; rebooting"},
		"another disk":      {boottest.DiskID.String(), "00000008" + boottest.DiskID.String()[8:], "is not 00000008-"},
		"no hash":           {"jobhome.roothash", "roothash", "stage0: jobhome.roothash must be on the command line"},
		"no superblock":     {"hashstart=", "hashstart=4096 was=", "no superblock at byte 4096"},
		"no init":           {"jobhome.slot=a", "jobhome.slot=a init=/nothing", "stage0: exec /nothing"},
	} {
		m.Append = strings.Replace(good, c.from, c.to, 1)
		if m.Append == good {
			t.Fatalf("%s: nothing replaced in %q", name, good)
		}
		boottest.Expect(t, m.Boot(t), []string{c.want, "rebooting"}, []string{"INIT"})
	}
}

// Two disks that are the same cannot be told apart.
func TestRefusesTwo(t *testing.T) {
	m := machine(t)
	b, err := os.ReadFile(m.Disk)
	if err != nil {
		t.Fatal(err)
	}
	second := m.Disk + "2"
	if err := os.WriteFile(second, b, 0o600); err != nil {
		t.Fatal(err)
	}
	boottest.Expect(t, m.Boot(t, second), []string{"stage0: more than one partition jobhome-root-a: vda3 vdb3"}, []string{"INIT"})
}

// A table whose primary is torn, as a cut while growing leaves it.
func TestBootsWithTheBackupTable(t *testing.T) {
	m := machine(t)
	f, err := os.OpenFile(m.Disk, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("torn"), 512+16); err != nil {
		t.Fatal(err)
	}
	booted(t, m.Boot(t), "vda3", "vda")
}

// A disk that hardly answers does not keep the machine from rebooting: here the
// root is found and cannot be read in time.
func TestDeadline(t *testing.T) {
	m := machine(t)
	m.DriveOptions = ",throttling.bps-read=2000"
	m.Append += " jobhome.wait=50"
	boottest.Expect(t, m.Boot(t), []string{"stage0: not done after 1m0s; rebooting"}, []string{"INIT"})
}

// An init that stands still is ended by the watchdog that stage0 started: QEMU
// goes off at the reset.
func TestWatchdog(t *testing.T) {
	m := boottest.New(t, boottest.Options{Init: "jobhome/images/cmd/stage0/testdata/still"})
	if !m.All || m.Arch != "amd64" {
		t.Skip("needs the watchdog of QEMU's q35, and a kernel that knows it")
	}
	m.Append += " jobhome.watchdog=1"
	boottest.Expect(t, m.Boot(t), []string{"iTCO_wdt", "INIT stands still"}, []string{"rebooting"})
}

// flip changes one byte of a text in a file.
func flip(t *testing.T, file, text string) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(b, []byte(text))
	if at < 0 || bytes.Count(b, []byte(text)) != 1 {
		t.Fatalf("%q is not once in %s", text, file)
	}
	b[at] ^= 1
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
