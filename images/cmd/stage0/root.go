package main

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"jobhome/images/verity"
)

const sysroot = "/sysroot"

// mountBasics mounts what the kernel tells through files.
func mountBasics() error {
	const quiet = unix.MS_NOSUID | unix.MS_NOEXEC | unix.MS_NODEV
	for _, m := range []filesystem{
		{what: "devtmpfs", kind: "devtmpfs", at: "/dev", flags: unix.MS_NOSUID},
		{what: "proc", kind: "proc", at: "/proc", flags: quiet},
		{what: "sysfs", kind: "sysfs", at: "/sys", flags: quiet},
	} {
		if err := m.mount(); err != nil && !errors.Is(err, unix.EBUSY) {
			return err
		}
	}
	return nil
}

// mountRoot opens the partition through its tree and mounts it.
func mountRoot(p params, root found) error {
	dev, err := verity.Open(verity.Device{
		Name: "jobhome-root", Path: "/dev/" + root.part,
		HashStart: p.hashStart, Root: p.hash, RestartOnCorruption: true,
	})
	if err != nil {
		return errors.New(p.root + " on " + root.part + ": " + err.Error())
	}
	node := "/dev/dm-" + strconv.FormatUint(uint64(unix.Minor(dev)), 10)
	fs := filesystem{what: node, kind: "erofs", at: sysroot, flags: unix.MS_RDONLY | unix.MS_NODEV}
	if err := fs.mount(); err != nil {
		return errors.New(p.root + " on " + root.part + ": " + err.Error())
	}
	return nil
}

// changeRoot leaves the initramfs for the root.
func changeRoot(p params, root found) error {
	run := filesystem{what: "tmpfs", kind: "tmpfs", at: "/run", flags: unix.MS_NOSUID | unix.MS_NODEV, data: "mode=755,size=20%"}
	if err := run.mount(); err != nil {
		return err
	}
	if err := tell("/run/jobhome", p, root); err != nil {
		return err
	}
	for _, at := range []string{"/dev", "/proc", "/sys", "/run"} {
		if err := (filesystem{what: at, at: sysroot + at, flags: unix.MS_MOVE}).mount(); err != nil {
			return err
		}
	}
	if err := unix.Chdir(sysroot); err != nil {
		return errors.New("chdir " + sysroot + ": " + err.Error())
	}
	emptyInitramfs()
	if err := (filesystem{what: ".", at: "/", flags: unix.MS_MOVE}).mount(); err != nil {
		return err
	}
	if err := unix.Chroot("."); err != nil {
		return errors.New("chroot: " + err.Error())
	}
	if err := unix.Chdir("/"); err != nil {
		return errors.New("chdir: " + err.Error())
	}
	return nil
}

// tell writes what was booted into a folder: slot (a or b), disk (as in /dev), and
// in part a link for every partition of that disk by its name, so that nobody
// takes one of the same name from another disk.
func tell(folder string, p params, root found) error {
	part := filepath.Join(folder, "part")
	if err := os.MkdirAll(part, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{"slot": p.slot, "disk": root.disk} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text+"\n"), 0o644); err != nil {
			return err
		}
	}
	for name, dev := range root.named {
		if name == "." || name == ".." || strings.Contains(name, "/") {
			continue // what a link cannot be called, nobody looks for
		}
		if err := os.Symlink("/dev/"+dev, filepath.Join(part, name)); err != nil {
			return err
		}
	}
	return nil
}

// emptyInitramfs gives the memory back. It leaves the folder that the root is
// mounted on, and goes nowhere else, because /dev and the others have been moved
// away.
func emptyInitramfs() {
	entries, _ := os.ReadDir("/")
	for _, e := range entries {
		if "/"+e.Name() != sysroot {
			_ = os.RemoveAll("/" + e.Name())
		}
	}
}

// filesystem is one mount.
type filesystem struct {
	what, kind, at string
	flags          uintptr
	data           string
}

func (f filesystem) mount() error {
	if err := unix.Mount(f.what, f.at, f.kind, f.flags, f.data); err != nil {
		return &os.PathError{Op: "mount " + f.what + " at", Path: f.at, Err: err}
	}
	return nil
}
