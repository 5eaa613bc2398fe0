package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"jobhome/images/bootstate"
	"jobhome/images/debs"
	"jobhome/images/disk"
	"jobhome/images/recipe"
)

// esp makes the first partition, with what brings a slot up, and the boot state
// of a fresh image.
func (b *builder) esp(ctx context.Context) error {
	if err := bootstate.Partition(ctx, filepath.Join(b.dir, "state.img"), bootstate.New(b.serial), b.time); err != nil {
		return err
	}
	from := filepath.Join(b.dir, "firmware")
	if err := os.RemoveAll(from); err != nil {
		return err
	}
	for _, p := range b.lock.Root {
		if !recipe.Boot[p.Name] {
			continue
		}
		if err := debs.Unpack(ctx, b.store.Path(p.SHA256), from, func(string) bool { return true }); err != nil {
			return err
		}
	}
	files, err := b.espFiles(ctx, from)
	if err != nil {
		return err
	}
	id := b.unique("esp")
	return disk.FAT(ctx, filepath.Join(b.dir, "esp.img"), disk.FATOptions{
		Size: disk.ESPSize * disk.MiB, Label: "JOBHOME", Serial: binary.LittleEndian.Uint32(id[:]), Time: b.time, Files: files,
	})
}

func (b *builder) espFiles(ctx context.Context, from string) ([]disk.File, error) {
	format, name := "x86_64-efi", "BOOTX64.EFI"
	if b.t.Arch == "arm64" {
		format, name = "arm64-efi", "BOOTAA64.EFI"
	}
	grub := filepath.Join(b.dir, "grub.efi")
	if err := bootstate.GRUB(ctx, bootstate.GRUBOptions{Arch: b.t.Arch, Modules: filepath.Join(from, "usr/lib/grub", format), Out: grub}); err != nil {
		return nil, err
	}
	hint := filepath.Join(b.dir, "hint.txt")
	if err := os.WriteFile(hint, []byte("把就业之家给的 site.txt 放在这个文件夹里，然后打开终端的电源。\r\nPut the site.txt from the hub into this folder, then switch the terminal on.\r\n"), 0o644); err != nil {
		return nil, err
	}
	files := []disk.File{{Name: "EFI/BOOT/" + name, From: grub}, {Name: "jobhome/README.txt", From: hint}}
	if b.t.Name != "rpi-arm64" {
		return files, nil
	}
	pi, err := b.piFiles(from)
	return append(files, pi...), err
}

// config is what a Pi's firmware reads (raspberrypi.com, config.txt): U-Boot in
// place of a kernel, which hands the firmware's device tree on.
const config = "arm_64bit=1\nkernel=u-boot.bin\nenable_uart=0\ndisable_splash=1\ndisable_overscan=1\navoid_warnings=1\nupstream_kernel=1\ndtparam=i2c_arm=on\ndtparam=watchdog=on\n"

// piFiles are what a Raspberry Pi's own firmware needs. Untested on hardware.
func (b *builder) piFiles(from string) ([]disk.File, error) {
	txt := filepath.Join(b.dir, "config.txt")
	if err := os.WriteFile(txt, []byte(config), 0o644); err != nil {
		return nil, err
	}
	files := []disk.File{{Name: "config.txt", From: txt}}
	for _, want := range []string{
		filepath.Join(from, "usr/lib/u-boot/rpi_arm64/u-boot.bin"),
		filepath.Join(from, "usr/lib/raspi-firmware/start4.elf"),
		filepath.Join(from, "usr/lib/raspi-firmware/fixup4.dat"),
		filepath.Join(b.dir, "dtb/broadcom/bcm271*-rpi-*.dtb"),
	} {
		found, err := filepath.Glob(want)
		if err = errors.Join(err, missing(found, want)); err != nil {
			return nil, err
		}
		for _, f := range found {
			files = append(files, disk.File{Name: filepath.Base(f), From: f})
		}
	}
	return files, nil
}

func missing(found []string, glob string) error {
	if len(found) == 0 {
		return fmt.Errorf("no package has %s", glob)
	}
	return nil
}
