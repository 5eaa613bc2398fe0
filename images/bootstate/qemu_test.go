package bootstate

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/images/disk"
	"jobhome/images/gpt"
)

// firmware is what brings GRUB up, by machine.
var firmware = map[string]struct{ arch, program, bios, efi, modules string }{
	"UEFI":       {"amd64", "qemu-system-x86_64", "/usr/share/OVMF/OVMF_CODE.fd", "EFI/BOOT/BOOTX64.EFI", "/usr/lib/grub/x86_64-efi"},
	"UEFI arm64": {"arm64", "qemu-system-aarch64", "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd", "EFI/BOOT/BOOTAA64.EFI", os.Getenv("JOBHOME_GRUB_ARM64")},
	"U-Boot":     {"arm64", "qemu-system-aarch64", "/usr/lib/u-boot/qemu_arm64/u-boot.bin", "EFI/BOOT/BOOTAA64.EFI", os.Getenv("JOBHOME_GRUB_ARM64")},
}

// A GRUB with no kernel to start counts every slot down, gives all tries back
// and ends at the reboot; what it wrote is read by us.
func TestGRUBCounts(t *testing.T) {
	if os.Getenv("JOBHOME_IMAGE") == "" {
		t.Skip("needs QEMU and takes a minute: set JOBHOME_IMAGE=1")
	}
	for name, fw := range firmware {
		t.Run(name, func(t *testing.T) {
			if fw.modules == "" {
				t.Skip("set JOBHOME_GRUB_ARM64 to the directory arm64-efi of grub-efi-arm64-unsigned")
			}
			dir := t.TempDir()
			efi := filepath.Join(dir, "grub.efi")
			if err := GRUB(t.Context(), GRUBOptions{Arch: fw.arch, Modules: fw.modules, Out: efi}); err != nil {
				t.Fatal(err)
			}
			img := filepath.Join(dir, "disk.img")
			makeDisk(t, img, efi, fw.efi)
			for i, want := range []State{
				{First: "b", A: Slot{7, true, 5}, B: Slot{2, false, 6}},
				{First: "b", A: Slot{7, true, 5}, B: Slot{1, false, 6}},
				{First: "b", A: Slot{7, true, 5}, B: Slot{0, false, 6}},
				{First: "b", A: Slot{6, true, 5}, B: Slot{0, false, 6}},
				{First: "b", A: Slot{5, true, 5}, B: Slot{0, false, 6}},
			} {
				powerOn(t, fw.program, fw.bios, img)
				f, err := os.Open(img)
				if err != nil {
					t.Fatal(err)
				}
				got, err := Read(&window{f, disk.StateStart * disk.MiB})
				_ = f.Close()
				if err != nil || got != want {
					t.Errorf("after %d starts: %+v, %v; want %+v", i+1, got, err, want)
				}
			}
		})
	}
}

// window is a partition of a file.
type window struct {
	f  *os.File
	at int64
}

func (w *window) ReadAt(p []byte, off int64) (int, error)  { return w.f.ReadAt(p, w.at+off) }
func (w *window) WriteAt(p []byte, off int64) (int, error) { return w.f.WriteAt(p, w.at+off) }
func (w *window) Sync() error                              { return w.f.Sync() }

// makeDisk makes a disk whose slots hold a kernel that says its name and hangs.
func makeDisk(t *testing.T, img, efi, at string) {
	t.Helper()
	dir := filepath.Dir(img)
	esp, boot, cfg := filepath.Join(dir, "esp"), filepath.Join(dir, "boot"), filepath.Join(dir, "slot.cfg")
	// In place of a kernel: a script that says that it would start, and stops.
	if err := os.WriteFile(cfg, []byte("echo started slot $slot\nsleep 600\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	fat := func(out string, files ...disk.File) {
		if err := disk.FAT(t.Context(), out, disk.FATOptions{Size: 40 << 20, Label: "X", Serial: 7, Time: time.Unix(1e9, 0), Files: files}); err != nil {
			t.Fatal(err)
		}
	}
	fat(esp, disk.File{Name: at, From: efi})
	fat(boot, disk.File{Name: "vmlinuz", From: cfg}, disk.File{Name: "slot.cfg", From: cfg})
	s := New(5)
	s.Install("b", 6)
	state := filepath.Join(dir, "state")
	if err := Partition(t.Context(), state, s, time.Unix(1e9, 0)); err != nil {
		t.Fatal(err)
	}
	part := func(name string, kind gpt.GUID, start, size int, from string) disk.Part {
		return disk.Part{From: from, Part: gpt.Part{Name: name, Type: kind, ID: gpt.GUID{1, byte(start)}, First: uint64(start) * 2048, Last: uint64(start+size)*2048 - 1}}
	}
	err := disk.Assemble(img, 300<<20, gpt.GUID{9}, []disk.Part{
		part("jobhome-esp", gpt.ESP, disk.ESPStart, disk.ESPSize, esp),
		part("jobhome-state", gpt.LinuxData, disk.StateStart, disk.StateSize, state),
		part("jobhome-boot-a", gpt.LinuxData, disk.BootAStart, disk.BootSize, boot),
		part("jobhome-boot-b", gpt.LinuxData, disk.BootBStart, disk.BootSize, boot),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// powerOn runs the machine until a slot says that it started, and takes the
// power away.
func powerOn(t *testing.T, program, bios, img string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	machine := []string{"-M", "q35"}
	if program == "qemu-system-aarch64" {
		machine = []string{"-M", "virt", "-cpu", "cortex-a72"}
	}
	cmd := exec.CommandContext(ctx, program, append(machine, "-m", "512", "-nodefaults", "-nographic", "-serial", "stdio", "-bios", bios,
		"-drive", "if=none,id=d,format=raw,file="+img, "-device", "virtio-blk-pci,drive=d,bootindex=0")...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Skip(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	var all bytes.Buffer
	buf := make([]byte, 4096)
	for {
		n, err := out.Read(buf)
		all.Write(buf[:n])
		if strings.Contains(all.String(), "started slot") {
			return
		}
		if err != nil || strings.Contains(all.String(), "No system") || strings.Contains(all.String(), "grub>") {
			t.Fatalf("no slot started: %v\n%s", err, all.String())
		}
	}
}
