package usb

import (
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// kernel is one open usbfs node as far as this package needs it. The tests put a
// device made of software behind it.
type kernel interface {
	// ioctl returns a syscall.Errno, or the error of a closed descriptor.
	ioctl(req uintptr, arg unsafe.Pointer) error
	// collect calls f at first and whenever a URB may have been completed, until
	// f returns true or the descriptor is closed.
	collect(f func() bool) error
	Close() error
}

// urb is struct usbdevfs_urb of linux/usbdevice_fs.h without the isochronous
// packets behind it. The kernel keeps its address and fills in status and actual
// when it is reaped.
type urb struct {
	kind     uint8
	endpoint uint8
	status   int32 // 0 or a negative errno
	flags    uint32
	buffer   unsafe.Pointer
	length   int32
	actual   int32
	start    int32
	packets  int32
	errors   int32
	signal   uint32
	context  unsafe.Pointer
}

// getDriver is struct usbdevfs_getdriver.
type getDriver struct {
	iface  uint32
	driver [256]byte
}

// ifaceIoctl is struct usbdevfs_ioctl: a request to the driver of an interface.
type ifaceIoctl struct {
	iface   int32
	request int32
	data    unsafe.Pointer
}

const urbBulk = 3 // USBDEVFS_URB_TYPE_BULK

// The encoding of ioctl numbers (asm-generic/ioctl.h), which x86, ARM and RISC-V
// use; MIPS and PowerPC have another.
const (
	iocWrite = 1
	iocRead  = 2
)

func ioc(dir, nr, size uintptr) uintptr { return dir<<30 | size<<16 | 'U'<<8 | nr }

// Numbers with a structure in them differ between 32 and 64 bits.
const (
	sizeInt = unsafe.Sizeof(uint32(0))
	sizePtr = unsafe.Sizeof(uintptr(0))
)

func reqGetDriver() uintptr  { return ioc(iocWrite, 8, unsafe.Sizeof(getDriver{})) }
func reqSubmit() uintptr     { return ioc(iocRead, 10, unsafe.Sizeof(urb{})) }
func reqDiscard() uintptr    { return ioc(0, 11, 0) }
func reqReapNow() uintptr    { return ioc(iocWrite, 13, sizePtr) }
func reqClaim() uintptr      { return ioc(iocRead, 15, sizeInt) }
func reqRelease() uintptr    { return ioc(iocRead, 16, sizeInt) }
func reqIface() uintptr      { return ioc(iocWrite|iocRead, 18, unsafe.Sizeof(ifaceIoctl{})) }
func reqClearHalt() uintptr  { return ioc(iocRead, 21, sizeInt) }
func reqDisconnect() uintptr { return ioc(0, 22, 0) }
func reqConnect() uintptr    { return ioc(0, 23, 0) }

// node is the real thing. The descriptor is non-blocking and watched by Go's
// poller; usbfs reports a completed URB as room for writing.
type node struct {
	f   *os.File
	raw syscall.RawConn
}

func openNode(path string) (*node, error) {
	f, err := os.OpenFile(path, os.O_RDWR|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	raw, err := pollable(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &node{f, raw}, nil
}

func (n *node) ioctl(req uintptr, arg unsafe.Pointer) error {
	var no syscall.Errno
	err := n.raw.Control(func(fd uintptr) {
		_, _, no = unix.Syscall(unix.SYS_IOCTL, fd, req, uintptr(arg))
	})
	if err == nil && no != 0 {
		err = no
	}
	return err
}

func (n *node) collect(f func() bool) error { return n.raw.Write(func(uintptr) bool { return f() }) }

func (n *node) Close() error { return n.f.Close() }
