// Package initrd is for the little root that the kernel starts in: a newc archive
// of cpio, as Documentation/driver-api/early-userspace/buffer-format.rst of the
// kernel describes it, that holds one program as /init and the modules it needs
// to reach the disk. Two builds of the same inputs are the same bytes.
package initrd

import (
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// Options is what goes into an initramfs.
type Options struct {
	Init    []byte    // the program, static
	Modules []string  // names as modprobe takes them; what they need comes with them; "?" at the end: if the kernel has it
	Tree    string    // the unpacked system that has usr/lib/modules
	Kernel  string    // its version, as the folder in usr/lib/modules is called
	Time    time.Time // of every entry; whole seconds since 1970
}

// Build writes the archive, compressed as zstd (CONFIG_RD_ZSTD). Its parts: /init;
// /modules/NAME.ko, uncompressed, so that the whole packs better; /modules.list
// with their paths, a line each, in the order they are loaded; the folders /init
// mounts things on. Modules that are built into the kernel are left out; a name
// that the kernel does not have is an error that says it.
func Build(w io.Writer, o Options) error {
	if len(o.Init) == 0 {
		return errors.New("initrd: no program for /init")
	}
	mods, err := resolve(o)
	if err != nil {
		return err
	}
	files := []entry{
		{name: "dev", mode: dir | 0o755},
		{name: "dev/console", mode: charDev | 0o600, major: 5, minor: 1},
		{name: "init", mode: regular | 0o755, data: o.Init},
		{name: "modules", mode: dir | 0o755},
		{name: "proc", mode: dir | 0o755},
		{name: "run", mode: dir | 0o755},
		{name: "sys", mode: dir | 0o755},
		{name: "sysroot", mode: dir | 0o755},
	}
	var list strings.Builder
	for _, m := range mods {
		data, err := m.read()
		if err != nil {
			return err
		}
		name := path.Join("modules", m.name+".ko")
		files = append(files, entry{name: name, mode: regular | 0o644, data: data})
		list.WriteString("/" + name + "\n")
	}
	files = append(files, entry{name: "modules.list", mode: regular | 0o644, data: []byte(list.String())})
	slices.SortFunc(files, func(a, b entry) int { return strings.Compare(a.name, b.name) })

	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return fmt.Errorf("initrd: %w", err)
	}
	if err := writeArchive(z, files, o.Time); err != nil {
		return fmt.Errorf("initrd: write the archive: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("initrd: write the archive: %w", err)
	}
	return nil
}
