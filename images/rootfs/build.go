// Package rootfs makes the tree of an image's root out of unpacked Debian
// packages: it leaves out what nobody uses, writes the users and the links that
// dpkg's scripts would have made, lays our own files over it and makes the
// caches that a read-only root cannot make for itself. No script of a package
// is run; the few programs of the target that are needed run by the target's own
// loader, or in qemu-user on another machine. It needs neither root nor mounts.
package rootfs

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jobhome/images/debs"
	"jobhome/images/recipe"
)

// Options say what a root is made of.
type Options struct {
	Target   recipe.Target
	Packages []recipe.Package
	Deb      func(recipe.Package) string // path of a package's file
	Overlay  fs.FS                       // laid over everything
	Programs map[string]string           // our programs: path in the root, file here
	Files    map[string][]byte           // further files, by path in the root
	Time     time.Time                   // of all files, where one is written down
	Drivers  []string                    // kernel modules that are kept, as recipe.Drivers names them; a ? behind a name means nothing here
	Native   bool                        // this machine can run the target's programs
}

// Build makes the tree in dir, which must not exist, and returns the kernel's
// release. The kernel itself lies in dir/boot, to be taken from there.
func Build(ctx context.Context, dir string, o Options) (kernel string, err error) {
	for _, d := range []string{"usr/bin", "usr/lib", "usr/sbin", "usr/lib64", "etc", "dev", "proc", "sys", "run", "tmp", "var", "data", "root", "mnt"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return "", err
		}
	}
	for _, p := range o.Packages {
		if err := debs.Unpack(ctx, o.Deb(p), dir, func(name string) bool { return o.Target.Keeps(p.Name, name) }); err != nil {
			return "", err
		}
	}
	if err := o.add(dir); err != nil {
		return "", err
	}
	if err := caches(ctx, dir, o); err != nil {
		return "", err
	}
	if _, err := prune(dir, o.Target.Triplet, recipe.Opened); err != nil {
		return "", fmt.Errorf("take out unused libraries: %w", err)
	}
	if kernel, err = Kernel(dir); err != nil {
		return "", err
	}
	if err := pruneModules(ctx, dir, kernel, o.Drivers); err != nil {
		return "", fmt.Errorf("take out unused drivers: %w", err)
	}
	return kernel, errors.Join(checkUnits(dir, o.Overlay), tidy(dir))
}

// checkUnits reports units of ours that would start a program that the tree
// does not have.
func checkUnits(dir string, ours fs.FS) error {
	const units = "usr/lib/systemd/system"
	entries, err := fs.ReadDir(ours, units)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		text, err := fs.ReadFile(ours, units+"/"+e.Name())
		if err != nil {
			return err
		}
		for line := range strings.Lines(string(text)) {
			name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
			if !ok || !strings.HasPrefix(name, "Exec") || value == "" {
				continue
			}
			program := strings.TrimLeft(strings.Fields(value)[0], "-+!@:")
			if _, err := os.Stat(filepath.Join(dir, program)); err != nil {
				errs = append(errs, fmt.Errorf("%s starts %s, which is not in the image", e.Name(), program))
			}
		}
	}
	return errors.Join(errs...)
}

// add lays our own files over the packages'.
func (o Options) add(dir string) error {
	for to, from := range o.Programs {
		data, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if err := write(dir, to, data, 0o755); err != nil {
			return err
		}
	}
	err := fs.WalkDir(o.Overlay, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(o.Overlay, p)
		if err != nil {
			return err
		}
		return write(dir, p, data, 0o644)
	})
	if err != nil {
		return err
	}
	for _, files := range []map[string][]byte{recipe.Accounts(), recipe.Sticks(), o.Files} {
		for to, data := range files {
			if err := write(dir, to, data, 0o644); err != nil {
				return err
			}
		}
	}
	return link(dir, recipe.Links())
}

func write(dir, name string, data []byte, mode fs.FileMode) error {
	to := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.RemoveAll(to); err != nil { // a link of a package would be followed
		return err
	}
	return os.WriteFile(to, data, mode)
}

// link makes symbolic links, by name.
func link(dir string, links map[string]string) error {
	for name, to := range links {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			return err
		}
		if err := os.RemoveAll(at); err != nil {
			return err
		}
		if err := os.Symlink(to, at); err != nil {
			return err
		}
	}
	return nil
}

// tidy takes out directories that are empty, except those at the top, which
// something is mounted on.
func tidy(dir string) error {
	var dirs []string
	err := filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && filepath.Dir(p) != dir && p != dir {
			dirs = append(dirs, p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := len(dirs) - 1; i >= 0; i-- { // from within
		if left, err := os.ReadDir(dirs[i]); err == nil && len(left) == 0 {
			if err := os.Remove(dirs[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
