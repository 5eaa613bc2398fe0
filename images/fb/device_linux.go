package fb

import (
	"fmt"
	"image"
	"os"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Requests of include/uapi/linux/fb.h and kd.h.
const (
	getVarScreenInfo = 0x4600
	getFixScreenInfo = 0x4602
	blank            = 0x4611
	unblanked        = 0
	setMode          = 0x4B3A
	graphics         = 1
)

// bitfield is struct fb_bitfield.
type bitfield struct{ offset, length, msbRight uint32 }

// varScreenInfo is struct fb_var_screeninfo.
type varScreenInfo struct {
	xres, yres, xresVirtual, yresVirtual, xoffset, yoffset uint32
	bits, grayscale                                        uint32
	red, green, blue, transp                               bitfield
	rest                                                   [20]uint32
}

// fixScreenInfo is struct fb_fix_screeninfo.
type fixScreenInfo struct {
	id                                    [16]byte
	smemStart                             uintptr
	smemLen, kind, typeAux, visual        uint32
	xpanstep, ypanstep, ywrapstep, filler uint16
	lineLength                            uint32
	mmioStart                             uintptr
	mmioLen, accel                        uint32
	capabilities                          uint16
	reserved                              [2]uint16
}

// Device is an open framebuffer.
type Device struct {
	f    *os.File
	mode Mode
}

// Open opens a framebuffer such as /dev/fb0.
func Open(path string) (*Device, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("fb: %w", err)
	}
	var v varScreenInfo
	var x fixScreenInfo
	err = ask(f, getVarScreenInfo, unsafe.Pointer(&v))
	if err == nil {
		err = ask(f, getFixScreenInfo, unsafe.Pointer(&x))
	}
	d := &Device{f: f, mode: Mode{
		Width: int(v.xres), Height: int(v.yres), X: int(v.xoffset), Y: int(v.yoffset),
		Stride: int(x.lineLength), Bits: int(v.bits),
		Red:   Channel{v.red.offset, v.red.length},
		Green: Channel{v.green.offset, v.green.length},
		Blue:  Channel{v.blue.offset, v.blue.length},
	}}
	if err == nil {
		err = d.mode.check()
	}
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return d, nil
}

func ask(f *os.File, request uintptr, into unsafe.Pointer) error {
	if _, _, errno := unix.Syscall(unix.SYS_IOCTL, f.Fd(), request, uintptr(into)); errno != 0 {
		return fmt.Errorf("fb: ask for its mode: %w", errno)
	}
	return nil
}

// Size is that of what is seen, in pixels.
func (d *Device) Size() image.Point { return image.Pt(d.mode.Width, d.mode.Height) }

// Show writes a picture of the device's size onto the screen, and lights it.
func (d *Device) Show(img *image.RGBA) error {
	rows, at, err := d.mode.Encode(img)
	if err != nil {
		return err
	}
	// Many drivers do not know how to blank, and then are not.
	_ = unix.IoctlSetInt(int(d.f.Fd()), blank, unblanked)
	if _, err := d.f.WriteAt(rows, at); err != nil {
		return fmt.Errorf("fb: write the picture: %w", err)
	}
	return nil
}

// Close closes the device; the picture stays.
func (d *Device) Close() error { return d.f.Close() }

// HideConsole keeps the kernel's text and its cursor off the screen that tty
// belongs to (KDSETMODE of ioctl_console(2)), until something else sets its mode.
func HideConsole(tty string) error {
	f, err := os.OpenFile(tty, os.O_WRONLY|unix.O_NOCTTY, 0)
	if err != nil {
		return fmt.Errorf("fb: %w", err)
	}
	defer func() { _ = f.Close() }()
	if err := unix.IoctlSetInt(int(f.Fd()), setMode, graphics); err != nil {
		return fmt.Errorf("fb: hide the text of %s: %w", tty, err)
	}
	return nil
}
