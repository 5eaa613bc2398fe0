package usb

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

var (
	// ErrUnplugged means that the device is gone. Close it, and find and open it
	// again later.
	ErrUnplugged = errors.New("device unplugged")
	// ErrClosed means that Close was called.
	ErrClosed = errors.New("device closed")
	// ErrBusy means that another program has claimed the interface.
	ErrBusy = errors.New("another program uses the device")
	// ErrStuck means that the kernel did not give a cancelled transfer back.
	ErrStuck = errors.New("a cancelled transfer does not end")
)

// pollable makes sure that deadlines work on f.
func pollable(f *os.File) (syscall.RawConn, error) {
	if err := f.SetDeadline(time.Time{}); err != nil {
		return nil, fmt.Errorf("not a device node: %w", err)
	}
	return f.SyscallConn()
}

// openError adds what a person can do about it.
func openError(what string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	hint := ""
	switch {
	case errors.Is(err, fs.ErrNotExist), gone(err):
		err = fmt.Errorf("%w: %w", ErrUnplugged, err)
	case errors.Is(err, fs.ErrPermission):
		hint = " (a udev rule must give the device to the group of this program)"
	case errors.Is(err, syscall.EBUSY):
		err = fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return fmt.Errorf("usb: open %s: %w%s", what, err, hint)
}

// gone reports whether err is how the kernel says that a device is not there any
// more.
func gone(err error) bool {
	for _, no := range []syscall.Errno{syscall.ENODEV, syscall.ENXIO, syscall.ESHUTDOWN, syscall.EIO} {
		if errors.Is(err, no) {
			return true
		}
	}
	return errors.Is(err, io.EOF)
}

// plain turns what the kernel says into the errors of this package.
func plain(err error) error {
	switch {
	case err == nil || errors.Is(err, ErrUnplugged) || errors.Is(err, ErrClosed) || errors.Is(err, ErrStuck):
		return err
	case errors.Is(err, os.ErrDeadlineExceeded):
		return os.ErrDeadlineExceeded
	case errors.Is(err, os.ErrClosed), errors.Is(err, syscall.EBADF):
		return ErrClosed
	case gone(err):
		var pe *fs.PathError
		if errors.As(err, &pe) {
			err = pe.Err
		}
		return fmt.Errorf("%w: %w", ErrUnplugged, err)
	}
	return err
}
