// Package powercut takes the power away from programs that keep things. It is a
// disk that logs every write and every flush: a file in FUSE, under a loop device,
// under ext4, on which the programs run as they do on a card. Afterwards it makes
// the disk as it would be had the power gone at some moment, mounts it, and hands
// it to whoever checks what is left.
//
// It models an honest device: what was flushed is there, and what was not is there
// or not, block by block of 4 KiB and in any order. A card that lies about flushes
// is another matter. It needs root, /dev/fuse and a free loop device; where they
// are missing Available says why.
//
// It is a module of its own, so that no terminal depends on go-fuse.
package powercut

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// Available returns why no power can be cut here, or nil.
func Available() error {
	if os.Geteuid() != 0 {
		return errors.New("only root mounts file systems")
	}
	for _, path := range []string{"/dev/fuse", "/dev/loop-control"} {
		if _, err := os.Stat(path); err != nil {
			return err
		}
	}
	_, err := exec.LookPath("mkfs.ext4")
	return err
}

// diskFile is a Disk as a file.
type diskFile struct {
	fs.Inode
	disk *Disk
}

func (f *diskFile) attr(a *fuse.Attr) { a.Mode, a.Size = 0o600, uint64(len(f.disk.now)) }

// Getattr implements fs.NodeGetattrer.
func (f *diskFile) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	f.attr(&out.Attr)
	return 0
}

// Setattr implements fs.NodeSetattrer: the times that a write sets are not kept.
func (f *diskFile) Setattr(_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	if size, ok := in.GetSize(); ok && size != uint64(len(f.disk.now)) {
		return syscall.EPERM
	}
	f.attr(&out.Attr)
	return 0
}

// Open implements fs.NodeOpener. No page is kept in between: a write that is not
// in the log has not happened.
func (f *diskFile) Open(context.Context, uint32) (fs.FileHandle, uint32, syscall.Errno) {
	return nil, fuse.FOPEN_DIRECT_IO, 0
}

// Read implements fs.NodeReader.
func (f *diskFile) Read(_ context.Context, _ fs.FileHandle, b []byte, off int64) (fuse.ReadResult, syscall.Errno) {
	return fuse.ReadResultData(b[:f.disk.read(b, off)]), 0
}

// Write implements fs.NodeWriter.
func (f *diskFile) Write(_ context.Context, _ fs.FileHandle, b []byte, off int64) (uint32, syscall.Errno) {
	return uint32(f.disk.write(b, off)), 0
}

// Fsync implements fs.NodeFsyncer: the loop device asks for it when ext4 flushes.
func (f *diskFile) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	f.disk.flush()
	return 0
}

type root struct {
	fs.Inode
	disk *Disk
}

// OnAdd implements fs.NodeOnAdder.
func (r *root) OnAdd(ctx context.Context) {
	r.AddChild("disk", r.NewPersistentInode(ctx, &diskFile{disk: r.disk}, fs.StableAttr{Mode: syscall.S_IFREG}), false)
}

// Mounted is a Disk with an ext4 on it, to be used at Dir.
type Mounted struct {
	Dir    string
	loop   string
	server *fuse.Server
}

// Mount makes an ext4 on the disk and mounts it below dir, which must be empty.
func (d *Disk) Mount(dir string) (m *Mounted, err error) {
	below := filepath.Join(dir, "fuse")
	m = &Mounted{Dir: filepath.Join(dir, "mnt")}
	for _, path := range []string{below, m.Dir} {
		if err := os.Mkdir(path, 0o700); err != nil {
			return nil, err
		}
	}
	m.server, err = fs.Mount(below, &root{disk: d}, &fs.Options{MountOptions: fuse.MountOptions{Name: "powercut", DirectMount: true}})
	if err != nil {
		return nil, fmt.Errorf("powercut: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.Unmount())
		}
	}()
	out, err := run("losetup", "--find", "--show", filepath.Join(below, "disk"))
	if err != nil {
		return m, err
	}
	m.loop = strings.TrimSpace(out)
	if _, err := run("mkfs.ext4", "-q", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", m.loop); err != nil {
		return m, err
	}
	_, err = run("mount", "-t", "ext4", m.loop, m.Dir)
	return m, err
}

// Unmount ends the use. What it still writes is in the log.
func (m *Mounted) Unmount() error {
	var errs []error
	if m.loop != "" {
		errs = append(errs, unmount(m.Dir))
		if _, err := run("losetup", "--detach", m.loop); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(append(errs, m.server.Unmount())...)
}

// With mounts what a cut has left at dir, which repairs the file system by its
// journal, and calls look.
func With(left []byte, dir string, look func(dir string)) (err error) {
	image, at := filepath.Join(dir, "left.img"), filepath.Join(dir, "left")
	if err := os.WriteFile(image, left, 0o600); err != nil {
		return err
	}
	if err := os.MkdirAll(at, 0o700); err != nil {
		return err
	}
	if _, err := run("mount", "-t", "ext4", "-o", "loop", image, at); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unmount(at)) }()
	look(at)
	return nil
}

// unmount waits for those who only look at what is mounted, as desktops do, and
// for files in memory that nobody uses any more and the collector unmaps.
func unmount(dir string) (err error) {
	for range 100 {
		runtime.GC()
		if _, err = run("umount", dir); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

func run(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("powercut: %s: %w: %s", name, err, out)
	}
	return string(out), nil
}
