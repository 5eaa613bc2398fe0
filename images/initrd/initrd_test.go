package initrd

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// newTree is an unpacked system with a kernel "6.0" of five modules.
func newTree(t *testing.T) string {
	t.Helper()
	tree := t.TempDir()
	folder := filepath.Join(tree, "usr/lib/modules/6.0")
	var packed bytes.Buffer
	z, err := zstd.NewWriter(&packed)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(z, "bytes of dm-bufio")
	z.Close()
	for name, text := range map[string]string{
		"modules.dep": "kernel/md/dm-mod.ko:\n" +
			"kernel/md/dm-bufio.ko.zst: kernel/md/dm-mod.ko\n" +
			"kernel/md/dm-verity.ko: kernel/md/dm-bufio.ko.zst kernel/md/dm-mod.ko\n" +
			"kernel/fs/erofs.ko.xz:\nkernel/crypto/crc32c-generic.ko:\n",
		"modules.softdep":                 "# Soft dependencies\nsoftdep dm_mod pre: crc32c nosuch post: erofs\n",
		"modules.alias":                   "# Aliases\nalias crc32c crc32c_generic\nalias crc32c crc32c_nosuch\n",
		"kernel/crypto/crc32c-generic.ko": "bytes of crc32c",
		"modules.builtin":                 "kernel/drivers/virtio/virtio-pci.ko\n",
		"kernel/md/dm-mod.ko":             "bytes of dm-mod",
		"kernel/md/dm-bufio.ko.zst":       packed.String(),
		"kernel/md/dm-verity.ko":          "bytes of dm-verity",
	} {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return tree
}

func options(t *testing.T) Options {
	return Options{
		Init: []byte("a program"), Modules: []string{"virtio_pci", "dm_verity", "dm-mod"},
		Tree: newTree(t), Kernel: "6.0", Time: time.Unix(1700000000, 0),
	}
}

// unpack gives the archive without its compression.
func unpack(t *testing.T, b []byte) []byte {
	t.Helper()
	d, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	out, err := d.DecodeAll(b, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func build(t *testing.T, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Build(&b, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBuildTwice(t *testing.T) {
	if !bytes.Equal(build(t, options(t)), build(t, options(t))) {
		t.Error("two builds of the same are not the same bytes")
	}
	later := options(t)
	later.Time = later.Time.Add(time.Second)
	if bytes.Equal(unpack(t, build(t, options(t))), unpack(t, build(t, later))) {
		t.Error("the time is not in the archive")
	}
}

// What cpio makes of the archive.
func TestAgainstCpio(t *testing.T) {
	cpio, err := exec.LookPath("cpio")
	if err != nil {
		t.Skip("no cpio here")
	}
	archive := unpack(t, build(t, options(t)))
	run := func(args ...string) string {
		cmd := exec.Command(cpio, args...)
		cmd.Stdin = bytes.NewReader(archive)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return string(out)
	}
	list := run("--list", "--quiet")
	want := "dev\ndev/console\ninit\nmodules\nmodules.list\nmodules/crc32c_generic.ko\nmodules/dm_bufio.ko\nmodules/dm_mod.ko\nmodules/dm_verity.ko\nproc\nrun\nsys\nsysroot\n"
	if list != want {
		t.Errorf("files\n%s", list)
	}
	for _, c := range []struct{ file, want string }{
		{"init", "a program"},
		{"modules.list", "/modules/crc32c_generic.ko\n/modules/dm_mod.ko\n/modules/dm_bufio.ko\n/modules/dm_verity.ko\n"},
		{"modules/dm_bufio.ko", "bytes of dm-bufio"},
	} {
		if got := run("--extract", "--to-stdout", "--quiet", c.file); got != c.want {
			t.Errorf("%s holds %q", c.file, got)
		}
	}
	verbose := run("--list", "--quiet", "--verbose", "--numeric-uid-gid")
	for _, line := range strings.Split(verbose, "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) == 0:
		case f[2] != "0" || f[3] != "0":
			t.Errorf("not root's: %s", line)
		case strings.HasSuffix(line, "dev/console") && !(f[0] == "crw-------" && f[4] == "5," && f[5] == "1"):
			t.Errorf("the console: %s", line)
		case strings.HasSuffix(line, " init") && f[0] != "-rwxr-xr-x":
			t.Errorf("the program: %s", line)
		}
	}
}

func TestBuildUncompressesXZ(t *testing.T) {
	xz, err := exec.LookPath("xz")
	if err != nil {
		t.Skip("no xz here")
	}
	o := options(t)
	o.Modules = []string{"erofs"}
	cmd := exec.Command(xz, "--stdout")
	cmd.Stdin = strings.NewReader("bytes of erofs")
	packed, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(o.Tree, "usr/lib/modules/6.0/kernel/fs/erofs.ko.xz")
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, packed, 0o644); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(unpack(t, build(t, o)), []byte("bytes of erofs")) {
		t.Error("not uncompressed")
	}
}

func TestOptionalModules(t *testing.T) {
	o := options(t)
	with := build(t, o)
	o.Modules = []string{"virtio_pci?", "nosuch?", "dm_verity?", "dm-mod"}
	if !bytes.Equal(with, build(t, o)) {
		t.Error("an optional module that is there is not the same as one that must be")
	}
}

func TestModules(t *testing.T) {
	for _, arch := range []string{"amd64", "arm64"} {
		for _, name := range []string{"erofs", "dm-verity", "virtio_blk", "mmc_block", "nvme", "usb_storage", "ahci"} {
			if !slices.Contains(Modules(arch), name) {
				t.Errorf("%s has no %s", arch, name)
			}
		}
	}
	if Modules("mips") != nil {
		t.Error("modules of an architecture that is not known")
	}
}

func TestBuildRefuses(t *testing.T) {
	for want, spoil := range map[string]func(*Options){
		"has no module nosuch":        func(o *Options) { o.Modules = append(o.Modules, "nosuch") },
		"no program":                  func(o *Options) { o.Init = nil },
		"depmod":                      func(o *Options) { o.Kernel = "7.0" },
		"module erofs: open":          func(o *Options) { o.Modules = []string{"erofs"} },
		"uncompress module dm_bufio:": func(o *Options) { tear(t, o.Tree) },
	} {
		o := options(t)
		spoil(&o)
		if err := Build(io.Discard, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q was expected: %v", want, err)
		}
	}
}

// tear makes a compressed module one that is cut short.
func tear(t *testing.T, tree string) {
	t.Helper()
	file := filepath.Join(tree, "usr/lib/modules/6.0/kernel/md/dm-bufio.ko.zst")
	if err := os.Truncate(file, 9); err != nil {
		t.Fatal(err)
	}
}
