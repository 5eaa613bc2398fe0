// Package boottest is for tests that boot: a disk with a root behind dm-verity, an
// initramfs and a Debian kernel, run in QEMU (qemu.org/docs, "Direct Linux Boot").
// The system in the root is one program of the test's, so that a boot takes
// seconds and not minutes.
//
// They run with JOBHOME_IMAGE=1 and with a kernel in JOBHOME_KERNEL: the package
// linux-image-VERSION unpacked there by "dpkg-deb -x" (since 7.x linux-base-,
// linux-binary- and linux-modules-VERSION), and "depmod -b DIR/usr VERSION" run.
// They need qemu-system-x86 or -arm, erofs-utils and, keeper's, mtools.
package boottest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"jobhome/images/gpt"
	"jobhome/images/initrd"
	"jobhome/images/verity"
)

// What switches these tests on.
const (
	imageEnv  = "JOBHOME_IMAGE"  // 1: run them
	kernelEnv = "JOBHOME_KERNEL" // an unpacked Debian kernel package, after depmod -b
)

const mib = 1 << 20

// DiskID is the GUID of every machine's disk.
var DiskID = gpt.GUID{9}

// Options is what a machine is made of.
type Options struct {
	Init     string            // the Go package of the root's init
	Programs map[string]string // more of them: Go packages, by their paths in the root
	Host     []string          // programs of this machine, copied to /usr/bin with their libraries
	Modules  []string          // that stage0 loads, besides those it needs for the root
	Spare    int64             // bytes of the disk behind the table's end
}

// A Machine can be booted again and again; its disk keeps what was written.
type Machine struct {
	Arch   string // amd64 or arm64, as the kernel is
	Disk   string // the file
	RootAt int64  // where the root is on the disk, in bytes
	ESPAt  int64  // where the first partition is
	Bus    string // virtio, ahci, nvme or usb; sdhci
	Append string // the command line, without the console
	// DriveOptions are put behind QEMU's -drive.
	DriveOptions string
	All          bool // its initramfs is the image's, for every bus; a cloud kernel knows only virtio

	kernel, version, initrd string
}

// New makes a machine, or skips the test where none can be booted.
func New(t *testing.T, o Options) *Machine {
	t.Helper()
	tree := os.Getenv(kernelEnv)
	if os.Getenv(imageEnv) != "1" || tree == "" {
		t.Skipf("boots QEMU: set %s=1, and %s to an unpacked Debian kernel package on which depmod -b has run", imageEnv, kernelEnv)
	}
	dir := t.TempDir()
	m := &Machine{Arch: "amd64", Bus: "virtio", initrd: filepath.Join(dir, "initrd"), Disk: filepath.Join(dir, "disk")}
	m.findKernel(t, tree)
	m.makeInitrd(t, tree, o.Modules)
	root := m.makeRoot(t, dir, o)
	hash, start := m.makeDisk(t, root, o.Spare)
	m.Append = "jobhome.root=jobhome-root-a jobhome.slot=a jobhome.hashstart=" + strconv.Itoa(start) +
		" jobhome.roothash=" + hex.EncodeToString(hash[:]) + " jobhome.wait=8"
	return m
}

// findKernel finds the kernel where the packages up to 6.x have it, or since 7.x.
func (m *Machine) findKernel(t *testing.T, tree string) {
	t.Helper()
	folders, _ := filepath.Glob(filepath.Join(tree, "usr/lib/modules/*"))
	if len(folders) != 1 {
		t.Fatalf("%s has %d kernels", tree, len(folders))
	}
	m.version = filepath.Base(folders[0])
	if strings.HasSuffix(m.version, "arm64") {
		m.Arch = "arm64"
	}
	m.kernel = filepath.Join(tree, "boot/vmlinuz-"+m.version)
	if _, err := os.Stat(m.kernel); err != nil {
		m.kernel = filepath.Join(folders[0], "vmlinuz")
	}
}

// makeInitrd builds stage0 and the initramfs around it.
func (m *Machine) makeInitrd(t *testing.T, tree string, more []string) {
	t.Helper()
	program := filepath.Join(filepath.Dir(m.initrd), "stage0")
	m.build(t, program, "jobhome/images/cmd/stage0")
	b := readFile(t, program)
	modules := append([]string{"virtio_blk", "erofs", "dm-verity"}, more...)
	if m.All = !strings.Contains(m.version, "cloud"); m.All {
		modules = append(initrd.Modules(m.Arch), more...)
	}
	var ramfs bytes.Buffer
	err := initrd.Build(&ramfs, initrd.Options{
		Init: b, Tree: tree, Kernel: m.version, Time: time.Unix(1700000000, 0),
		Modules: modules,
	})
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, m.initrd, ramfs.Bytes())
	t.Logf("stage0 %d bytes, initramfs %d bytes", len(b), ramfs.Len())
}

// makeDisk makes the disk: a table of all that stage0 and keeper look for, and
// the root with its tree.
func (m *Machine) makeDisk(t *testing.T, root []byte, spare int64) (hash [32]byte, start int) {
	t.Helper()
	start = len(root)
	sb := verity.Superblock{UUID: [16]byte{1}, Salt: []byte("salt"), DataBlocks: uint64(start / verity.Block)}
	both := memory(root)
	hash, err := verity.Format(&both, &both, sb, int64(start))
	if err != nil {
		t.Fatal(err)
	}
	m.ESPAt, m.RootAt = mib, 18*mib
	const end = 64 * mib // a power of two, because an SD card is
	size := (int64(len(both)) + mib - 1) / mib * mib
	if m.RootAt+size+2*mib > end {
		t.Fatalf("a root of %d bytes is too large", len(root))
	}
	var parts []gpt.Part
	for i, p := range []struct {
		name     string
		kind     gpt.GUID
		at, size int64
	}{
		{"jobhome-esp", gpt.ESP, m.ESPAt, 16 * mib},
		{"jobhome-state", gpt.LinuxData, 17 * mib, mib},
		{"jobhome-root-a", gpt.LinuxData, m.RootAt, size},
		{"jobhome-data", gpt.LinuxData, m.RootAt + size, mib},
	} {
		parts = append(parts, gpt.Part{
			Name: p.name, Type: p.kind, ID: gpt.GUID{byte(i + 1)},
			First: uint64(p.at / gpt.Sector), Last: uint64((p.at+p.size)/gpt.Sector) - 1,
		})
	}
	disk := memory(make([]byte, end))
	copy(disk[m.RootAt:], both)
	if err := (&gpt.Table{Disk: DiskID, Parts: parts}).Write(&disk, end); err != nil {
		t.Fatal(err)
	}
	writeFile(t, m.Disk, disk)
	if err := os.Truncate(m.Disk, end+spare); err != nil {
		t.Fatal(err)
	}
	return hash, start
}

// Boot runs the machine until it goes off or reboots, and gives its console. Other
// disks come behind its own.
func (m *Machine) Boot(t *testing.T, disks ...string) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 4*time.Minute)
	defer stop()
	cmd := m.command(ctx, disks...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("QEMU: %v\n%s", err, out)
	}
	return string(out)
}

// Cut runs the machine, and cuts its power some time after a text was on its
// console. It tells whether the machine was still running.
func (m *Machine) Cut(t *testing.T, text string, after time.Duration) bool {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 4*time.Minute)
	defer stop()
	cmd := m.command(ctx)
	console, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("QEMU: %v", err)
	}
	lines, seen := bufio.NewScanner(console), false
	for lines.Scan() {
		if !seen && strings.Contains(lines.Text(), text) {
			seen = true
			timer := time.AfterFunc(after, stop)
			defer timer.Stop()
		}
	}
	err = cmd.Wait()
	if !seen {
		t.Fatalf("no %q on the console: %v", text, err)
	}
	return err != nil
}

// command is QEMU with the machine in it.
func (m *Machine) command(ctx context.Context, disks ...string) *exec.Cmd {
	program, console := "qemu-system-x86_64", "ttyS0"
	args := []string{"-M", "q35", "-cpu", "max", "-global", "ICH9-LPC.noreboot=false"} // its watchdog may bite
	if m.Arch == "arm64" {
		program, console = "qemu-system-aarch64", "ttyAMA0"
		args = []string{"-M", "virt", "-cpu", "cortex-a72"}
	}
	args = append(args, "-m", "512", "-nodefaults", "-nographic", "-serial", "stdio", "-no-reboot",
		"-kernel", m.kernel, "-initrd", m.initrd, "-append", "console="+console+" panic=5 gpt "+m.Append)
	for i, d := range append([]string{m.Disk}, disks...) {
		args = append(args, m.drive(d, strconv.Itoa(i))...)
	}
	return exec.CommandContext(ctx, program, args...)
}

// drive is a disk on the machine's bus.
func (m *Machine) drive(file, n string) []string {
	id := "disk" + n
	args := []string{"-drive", "if=none,format=raw,id=" + id + ",file=" + file + m.DriveOptions}
	device := map[string]string{
		"virtio": "virtio-blk-pci,drive=" + id,
		"ahci":   "ide-hd,drive=" + id + ",bus=ide." + n,
		"nvme":   "nvme,serial=" + id + ",drive=" + id,
		"usb":    "usb-storage,drive=" + id,
		"sdhci":  "sd-card,drive=" + id,
	}[m.Bus]
	switch m.Bus {
	case "usb":
		args = append(args, "-device", "qemu-xhci,id=usb"+n)
		device += ",bus=usb" + n + ".0"
	case "sdhci":
		args = append(args, "-device", "sdhci-pci")
	}
	return append(args, "-device", device)
}

// Expect looks for texts on a console, and for those that must not be there.
func Expect(t *testing.T, console string, want, never []string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(console, w) {
			t.Errorf("no %q on the console:\n%s", w, console)
		}
	}
	for _, n := range never {
		if strings.Contains(console, n) {
			t.Errorf("%q on the console:\n%s", n, console)
		}
	}
}
