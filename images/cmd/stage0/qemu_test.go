package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"math/rand"
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

// The tests of this file boot a kernel in QEMU.
const (
	imageEnv  = "JOBHOME_IMAGE"  // 1: run them
	kernelEnv = "JOBHOME_KERNEL" // an unpacked linux-image-*-amd64 with its modules.dep
)

const mib = 1 << 20

// machine is a kernel, an initramfs and a disk.
type machine struct {
	kernel, initrd, disk string
	append               string
}

// build makes a machine whose disk has a good root in slot a, and tells where the
// root begins on the disk.
func build(t *testing.T) (m machine, rootAt int64) {
	t.Helper()
	tree := os.Getenv(kernelEnv)
	if os.Getenv(imageEnv) != "1" || tree == "" {
		t.Skipf("boots QEMU: set %s=1, and %s to an unpacked Debian kernel package on which depmod -b has run", imageEnv, kernelEnv)
	}
	dir := t.TempDir()
	kernels, _ := filepath.Glob(filepath.Join(tree, "boot/vmlinuz-*"))
	if len(kernels) != 1 {
		t.Fatalf("%s has %d kernels", tree, len(kernels))
	}
	m.kernel, m.initrd, m.disk = kernels[0], filepath.Join(dir, "initrd"), filepath.Join(dir, "disk")
	_, version, _ := strings.Cut(filepath.Base(m.kernel), "-")

	goBuild(t, filepath.Join(dir, "stage0"), ".")
	program, err := os.ReadFile(filepath.Join(dir, "stage0"))
	if err != nil {
		t.Fatal(err)
	}
	var ramfs bytes.Buffer
	err = initrd.Build(&ramfs, initrd.Options{
		Init: program, Tree: tree, Kernel: version, Time: time.Unix(1700000000, 0),
		Modules: []string{"virtio_pci", "virtio_blk", "erofs", "dm-verity"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(m.initrd, ramfs.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Logf("stage0 %d bytes, initramfs %d bytes", len(program), ramfs.Len())

	root := makeRoot(t, dir)
	sb := verity.Superblock{UUID: [16]byte{1}, Salt: []byte("salt"), DataBlocks: uint64(len(root)) / verity.Block}
	f := memory(root)
	hash, err := verity.Format(&f, &f, sb, int64(len(root)))
	if err != nil {
		t.Fatal(err)
	}
	rootAt = 3 * mib
	table := gpt.Table{Disk: gpt.GUID{9}, Parts: []gpt.Part{
		{Name: "jobhome-state", Type: gpt.LinuxData, ID: gpt.GUID{1}, First: mib / 512, Last: 2*mib/512 - 1},
		{Name: "jobhome-root-a", Type: gpt.LinuxData, ID: gpt.GUID{2}, First: uint64(rootAt) / 512, Last: uint64(rootAt+int64(len(f))+4095)/512 - 1},
	}}
	disk := memory(make([]byte, 16*mib))
	copy(disk[rootAt:], f)
	if err := table.Write(&disk, 16*mib); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(m.disk, disk, 0o600); err != nil {
		t.Fatal(err)
	}
	m.append = "jobhome.root=jobhome-root-a jobhome.slot=a jobhome.hashstart=" + strconv.Itoa(len(root)) +
		" jobhome.roothash=" + hex.EncodeToString(hash[:]) + " jobhome.disk=" + gpt.GUID{9}.String() + " jobhome.wait=5"
	return m, rootAt
}

// makeRoot makes a root with erofs, whole blocks of it.
func makeRoot(t *testing.T, dir string) []byte {
	t.Helper()
	tree := filepath.Join(dir, "tree")
	for _, d := range []string{"dev", "proc", "sys", "run", "usr/lib/systemd"} {
		if err := os.MkdirAll(filepath.Join(tree, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	goBuild(t, filepath.Join(tree, "usr/lib/systemd/systemd"), "./testdata/init")
	blob := make([]byte, mib)
	rand.New(rand.NewSource(1)).Read(blob)
	copy(blob[mib/2:], "here is a byte to flip")
	if err := os.WriteFile(filepath.Join(tree, "blob"), blob, 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "erofs")
	if out, err := exec.Command("mkfs.erofs", file, tree).CombinedOutput(); err != nil {
		t.Fatalf("mkfs.erofs: %v\n%s", err, out)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return append(b, make([]byte, -len(b)&(verity.Block-1))...)
}

func goBuild(t *testing.T, out, pkg string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH=amd64")
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, b)
	}
}

// memory is a file in memory that grows.
type memory []byte

func (m *memory) ReadAt(p []byte, off int64) (int, error) {
	return bytes.NewReader(*m).ReadAt(p, off)
}

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	if need := int(off) + len(p); need > len(*m) {
		*m = append(*m, make([]byte, need-len(*m))...)
	}
	return copy((*m)[off:], p), nil
}

// boot runs the machine until it goes off or reboots, and gives its console.
func (m machine) boot(t *testing.T, drives ...string) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	defer stop()
	args := []string{
		"-M", "q35", "-cpu", "max", "-m", "256", "-nodefaults", "-nographic", "-serial", "stdio", "-no-reboot",
		"-kernel", m.kernel, "-initrd", m.initrd, "-append", "console=ttyS0 panic=5 gpt " + m.append,
	}
	for _, d := range append([]string{m.disk}, drives...) {
		args = append(args, "-drive", "if=virtio,format=raw,file="+d)
	}
	out, err := exec.CommandContext(ctx, "qemu-system-x86_64", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("QEMU: %v\n%s", err, out)
	}
	return string(out)
}

// expect looks for lines in a console, and for lines that must not be there.
func expect(t *testing.T, console string, want, never []string) {
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

func TestBoots(t *testing.T) {
	m, _ := build(t)
	console := m.boot(t)
	expect(t, console, []string{
		"stage0: jobhome-root-a on vda2 is the root, slot a", "INIT pid: yes", "INIT slot: yes a", "INIT disk: yes vda",
		"INIT initramfs gone: yes", "INIT read-only: yes", "INIT blob: yes", "INIT DONE",
	}, []string{"rebooting"})
	for line := range strings.Lines(console) {
		if strings.Contains(line, "stage0") || strings.Contains(line, "INIT pid") || strings.Contains(line, "/init") {
			t.Log(strings.TrimSpace(line))
		}
	}
}

// A flipped byte in what the root's programs read restarts the machine there.
func TestCorruptDataReboots(t *testing.T) {
	m, _ := build(t)
	flip(t, m.disk, "here is a byte to flip")
	expect(t, m.boot(t), []string{"INIT read-only: yes", "corrupted"}, []string{"INIT blob", "INIT DONE"})
}

func TestWrongRootReboots(t *testing.T) {
	m, _ := build(t)
	i := strings.Index(m.append, "roothash=") + len("roothash=")
	other := "0"
	if m.append[i] == '0' {
		other = "1"
	}
	m.append = m.append[:i] + other + m.append[i+1:]
	expect(t, m.boot(t), []string{"corrupted"}, []string{"INIT"})
}

func TestRefuses(t *testing.T) {
	m, _ := build(t)
	good := m.append
	for name, c := range map[string]struct{ from, to, want string }{
		"another partition": {"jobhome-root-a ", "jobhome-root-b ", "stage0: no partition jobhome-root-b, after 5s; rebooting"},
		"another disk":      {gpt.GUID{9}.String(), gpt.GUID{8}.String(), "is not 00000008-"},
		"no hash":           {"jobhome.roothash", "roothash", "stage0: jobhome.roothash must be on the command line"},
		"no superblock":     {"hashstart=", "hashstart=4096 was=", "no superblock at byte 4096"},
		"no init":           {"jobhome.slot=a", "jobhome.slot=a init=/nothing", "stage0: exec /nothing"},
	} {
		m.append = strings.Replace(good, c.from, c.to, 1)
		if m.append == good {
			t.Fatalf("%s: nothing replaced in %q", name, good)
		}
		expect(t, m.boot(t), []string{c.want, "rebooting"}, []string{"INIT"})
	}
}

// Two disks that are the same cannot be told apart.
func TestRefusesTwo(t *testing.T) {
	m, _ := build(t)
	b, err := os.ReadFile(m.disk)
	if err != nil {
		t.Fatal(err)
	}
	second := m.disk + "2"
	if err := os.WriteFile(second, b, 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, m.boot(t, second), []string{"stage0: more than one partition jobhome-root-a: vda2 vdb2"}, []string{"INIT"})
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
