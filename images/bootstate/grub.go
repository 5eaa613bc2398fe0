package bootstate

import (
	"archive/tar"
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed grub.cfg
var script []byte

// modules are those of GRUB that the script needs, and nothing that would give
// somebody a menu or a shell.
var modules = []string{"part_gpt", "fat", "loadenv", "linux", "test", "regexp", "echo", "reboot", "sleep", "normal", "true", "memdisk", "tar", "configfile", "search", "search_fs_file"}

// GRUBOptions say for which machine GRUB is made.
type GRUBOptions struct {
	Arch    string // amd64 or arm64
	Modules string // directory with GRUB's modules of that machine
	Out     string // the EFI program that is written
}

// GRUB makes the boot loader as one EFI program with the script in it, by
// grub-mkimage(1). The same modules give the same bytes.
func GRUB(ctx context.Context, o GRUBOptions) error {
	format := map[string]string{"amd64": "x86_64-efi", "arm64": "arm64-efi"}[o.Arch]
	if format == "" {
		return fmt.Errorf("bootstate: no GRUB for %q", o.Arch)
	}
	dir, err := os.MkdirTemp("", "grub-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	// A script that is handed over directly may have no conditions; one in an
	// archive may.
	archive := filepath.Join(dir, "memdisk.tar")
	if err := os.WriteFile(archive, memdisk(), 0o644); err != nil {
		return err
	}
	args := append([]string{"-O", format, "-d", o.Modules, "-p", "(memdisk)/boot/grub", "-m", archive, "-o", o.Out}, modules...)
	out, err := exec.CommandContext(ctx, "grub-mkimage", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("grub-mkimage: %w: %s", err, strings.TrimSpace(string(out)))
	}
	return nil
}

func memdisk() []byte {
	var b bytes.Buffer
	t := tar.NewWriter(&b)
	// Writing to memory cannot fail.
	_ = t.WriteHeader(&tar.Header{Name: "boot/grub/grub.cfg", Mode: 0o644, Size: int64(len(script)), Format: tar.FormatUSTAR})
	_, _ = t.Write(script)
	_ = t.Close()
	return b.Bytes()
}
