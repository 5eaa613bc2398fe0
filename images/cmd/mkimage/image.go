package main

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"jobhome/images/disk"
	"jobhome/images/gpt"
	"jobhome/images/initrd"
	"jobhome/images/verity"
)

// slot makes the two images of a slot: the boot and the root.
func (b *builder) slot(ctx context.Context) error {
	key, err := os.ReadFile(filepath.Join(b.dir, ".root"))
	if err != nil {
		return err
	}
	stage0, err := digest(b.bin("stage0"))
	if err != nil {
		return err
	}
	made := filepath.Join(b.dir, "boot.img")
	return b.do(ctx, step{"slot", []string{string(key), stage0, b.kernelArgs}, made}, func(ctx context.Context) error {
		root := filepath.Join(b.dir, "root.img")
		hash, start, err := b.rootImage(ctx, root)
		if err != nil {
			return err
		}
		return b.bootImage(ctx, made, fmt.Sprintf("jobhome.roothash=%x jobhome.hashstart=%d", hash, start))
	})
}

// rootImage makes the read-only file system with its proof behind it.
func (b *builder) rootImage(ctx context.Context, out string) (hash [32]byte, start int64, err error) {
	if err := disk.Erofs(ctx, out, filepath.Join(b.dir, "root"), disk.ErofsOptions{UUID: uuid(b.unique("root")), Time: b.time}); err != nil {
		return hash, 0, err
	}
	f, err := os.OpenFile(out, os.O_RDWR, 0)
	if err != nil {
		return hash, 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return hash, 0, err
	}
	start = (info.Size() + 4095) / 4096 * 4096
	if err := f.Truncate(start); err != nil {
		return hash, 0, err
	}
	salt := b.unique("salt")
	hash, err = verity.Format(f, f, verity.Superblock{UUID: b.unique("verity"), Salt: salt[:], DataBlocks: uint64(start / verity.Block)}, start)
	if err != nil {
		return hash, 0, err
	}
	if info, err = f.Stat(); err == nil && info.Size() > disk.RootSize*disk.MiB {
		err = fmt.Errorf("the root with its proof has %d MiB, there is room for %d", info.Size()/disk.MiB+1, disk.RootSize)
	}
	return hash, start, err
}

func (b *builder) bootImage(ctx context.Context, out, proof string) error {
	ramdisk := filepath.Join(b.dir, "initrd")
	init, err := os.ReadFile(b.bin("stage0"))
	if err != nil {
		return err
	}
	f, err := os.Create(ramdisk)
	if err != nil {
		return err
	}
	err = initrd.Build(f, initrd.Options{
		Init: init, Modules: initrd.Modules(b.t.Arch), Tree: filepath.Join(b.dir, "root"), Kernel: b.kernel, Time: b.time,
	})
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	args := fmt.Sprintf("%s quiet loglevel=3 vt.global_cursor_default=0 rd.udev.log_level=3 panic=5 gpt systemd.show_status=no %s %s", b.t.Console, proof, b.kernelArgs)
	id := b.unique("boot")
	cfg := filepath.Join(b.dir, "slot.cfg")
	if err := os.WriteFile(cfg, fmt.Appendf(nil, "set slot_args=\"%s\"\n", args), 0o644); err != nil {
		return err
	}
	kernel := filepath.Join(b.dir, "kernel")
	return disk.FAT(ctx, out, disk.FATOptions{
		Size: disk.BootSize * disk.MiB, Label: "JOBHOMEBOOT", Serial: binary.LittleEndian.Uint32(id[:]), Time: b.time,
		Files: []disk.File{{Name: "vmlinuz", From: kernel}, {Name: "initrd", From: ramdisk}, {Name: "slot.cfg", From: cfg}},
	})
}

// unique is a number that another part, another target and another version do
// not have, and that two builds of the same have both.
func (b *builder) unique(part string) (id [16]byte) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %s %d", part, b.t.Name, b.version, b.serial))
	copy(id[:], sum[:])
	id[6], id[8] = id[6]&0x0f|0x80, id[8]&0x3f|0x80 // RFC 9562, version 8
	return id
}

func uuid(id [16]byte) string {
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// image puts the disk together. Slot B is empty until the first update.
func (b *builder) image(ctx context.Context) error {
	slot, err := os.ReadFile(filepath.Join(b.dir, ".slot"))
	if err != nil {
		return err
	}
	made := filepath.Join(b.dir, "disk.img")
	self, err := b.self()
	if err != nil {
		return err
	}
	return b.do(ctx, step{"image", []string{string(slot), self, fmt.Sprint(b.serial)}, made}, func(ctx context.Context) error {
		if err := b.esp(ctx); err != nil {
			return err
		}
		return disk.Assemble(made, disk.DiskSize*disk.MiB, b.unique("disk"), b.parts())
	})
}

func (b *builder) parts() []disk.Part {
	part := func(name string, kind gpt.GUID, start, size int, from string) disk.Part {
		if from != "" {
			from = filepath.Join(b.dir, from)
		}
		return disk.Part{From: from, Part: gpt.Part{
			Name: "jobhome-" + name, Type: kind, ID: b.unique("part " + name),
			First: uint64(start) * disk.MiB / gpt.Sector, Last: uint64(start+size)*disk.MiB/gpt.Sector - 1,
		}}
	}
	return []disk.Part{
		part("esp", gpt.ESP, disk.ESPStart, disk.ESPSize, "esp.img"),
		part("state", gpt.LinuxData, disk.StateStart, disk.StateSize, "state.img"),
		part("boot-a", gpt.LinuxData, disk.BootAStart, disk.BootSize, "boot.img"),
		part("boot-b", gpt.LinuxData, disk.BootBStart, disk.BootSize, ""),
		part("root-a", gpt.LinuxData, disk.RootAStart, disk.RootSize, "root.img"),
		part("root-b", gpt.LinuxData, disk.RootBStart, disk.RootSize, ""),
		part("data", gpt.LinuxData, disk.DataStart, disk.DataSize, ""),
	}
}
