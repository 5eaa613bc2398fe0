package usblp

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The ioctl requests of linux/lp.h and drivers/usb/class/usblp.c; x/sys has none
// of them.
const (
	getStatus    = 0x060b                     // LPGETSTATUS
	getProtocols = 2<<30 | 8<<16 | 'P'<<8 | 2 // LPIOC_GET_PROTOCOLS: _IOC(_IOC_READ, 'P', 2, 8)
)

// deviceID is LPIOC_GET_DEVICE_ID(n): _IOC(_IOC_READ, 'P', 1, n).
func deviceID(n int) uint { return 2<<30 | uint(n)<<16 | 'P'<<8 | 1 }

// unidirectional is the protocol number of interface 7/1/1.
const unidirectional = 1

// system is the kernel as this package needs it; tests have another.
type system interface {
	open(path string) (*os.File, error)
	ints(fd uintptr, request uint) ([2]int32, error) // an ioctl that fills one or two ints
	bytes(fd uintptr, request uint, b []byte) error  // one that fills b
}

type kernel struct{}

func (kernel) open(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|unix.O_NONBLOCK, 0)
}

func (kernel) ints(fd uintptr, request uint) (v [2]int32, err error) {
	return v, ioctl(fd, request, unsafe.Pointer(&v))
}

func (kernel) bytes(fd uintptr, request uint, b []byte) error {
	return ioctl(fd, request, unsafe.Pointer(unsafe.SliceData(b)))
}

func ioctl(fd uintptr, request uint, arg unsafe.Pointer) error {
	for {
		_, _, no := unix.Syscall(unix.SYS_IOCTL, fd, uintptr(request), uintptr(arg))
		switch no {
		case 0:
			return nil
		case unix.EINTR:
		default:
			return no
		}
	}
}

// control runs op on the descriptor of f.
func control(f *os.File, op func(fd uintptr) error) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var opErr error
	if err := raw.Control(func(fd uintptr) { opErr = op(fd) }); err != nil {
		return err
	}
	return opErr
}

// protocol is the interface in use: 1 writes only, 2 goes both ways, 3 is IEEE
// 1284.4. It causes no traffic, so it also tells whether the printer is there.
func protocol(s system, f *os.File) (n int, err error) {
	err = control(f, func(fd uintptr) error {
		v, err := s.ints(fd, getProtocols)
		n = int(v[0])
		return err
	})
	return n, err
}

// openError adds what a person can do about it.
func openError(path string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	hint := ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		err = fmt.Errorf("%w: %w", ErrUnplugged, err)
		hint = " (is the cable in, is the printer on? `ls /dev/usb` lists the ports; without the module usblp there are none)"
	case errors.Is(err, fs.ErrPermission):
		hint = " (add the user to the group lp and log in again)"
	case errors.Is(err, syscall.EBUSY):
		err = fmt.Errorf("%w: %w", ErrBusy, err)
		hint = " (`fuser -v` on the path names it; CUPS takes USB printers by itself)"
	case isGone(err):
		err = fmt.Errorf("%w: %w", ErrUnplugged, err)
	}
	return fmt.Errorf("usblp: open %s: %w%s", path, err, hint)
}

// isGone reports whether err is how the kernel says that a printer is not there
// any more.
func isGone(err error) bool {
	for _, no := range []syscall.Errno{syscall.ENODEV, syscall.ENXIO, syscall.ESHUTDOWN} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// wireError turns what the kernel says into the errors of this package.
func (p *Port) wireError(doing string, err error) error {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return os.ErrDeadlineExceeded
	case errors.Is(err, os.ErrClosed), errors.Is(err, syscall.EBADF):
		err = ErrClosed
	case errors.Is(err, fs.ErrNotExist): // opened again, and nothing there
		err = fmt.Errorf("%w: %w", ErrUnplugged, err)
	case errors.Is(err, syscall.EBUSY):
		err = fmt.Errorf("%w: %w", ErrBusy, err)
	case isGone(err), errors.Is(err, syscall.EIO), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF):
		err = fmt.Errorf("%w: %w", ErrUnplugged, err)
	}
	return fmt.Errorf("usblp: %s %s: %w", doing, p.path, plainError(err))
}

// plainError leaves out the path that os adds, which is named already.
func plainError(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) && err == error(pe) {
		return pe.Err
	}
	return err
}
