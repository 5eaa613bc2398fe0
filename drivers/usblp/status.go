package usblp

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// The bits of the port status: USB Printing Devices 1.1, 4.2.2, and linux/lp.h.
const (
	noPaper  = 0x20
	selected = 0x10
	noError  = 0x08
	reserved = 0xC7
)

// PortStatus asks for the port status of the USB printer class. PaperOut and
// fault (not selected, or an error) are as the printer says. Known is false when
// it does not say anything usable, and then the other two mean nothing. Many
// clones report that all is well whatever happens, so trust this only for bad
// news. The error is about the port: it wraps ErrUnplugged or ErrClosed.
//
// The question goes past the data and is answered while the printer takes none.
// The kernel waits up to 5 seconds for an answer, whatever the deadlines.
func (p *Port) PortStatus() (paperOut, fault, known bool, err error) {
	f, err := p.file()
	if err != nil {
		return false, false, false, p.wireError("ask status of", err)
	}
	var v [2]int32
	err = control(f, func(fd uintptr) (err error) {
		v, err = p.sys.ints(fd, getStatus)
		return err
	})
	switch {
	case err == nil:
	case isGone(err), errors.Is(err, os.ErrClosed):
		return false, false, false, p.wireError("ask status of", err)
	default: // EIO: this printer does not know the question, or is too busy
		return false, false, false, nil
	}
	s := byte(v[0])
	if s&reserved != 0 {
		return false, false, false, nil // not what the class says: noise
	}
	return s&noPaper != 0, s&selected == 0 || s&noError == 0, true, nil
}

// maxID bounds a device id; the kernel keeps 1023 bytes.
const maxID = 1024

// DeviceID asks the printer what it is. The error wraps ErrNoID if it does not
// say. Like PortStatus it may take 5 seconds.
func (p *Port) DeviceID() (ID, error) {
	f, err := p.file()
	if err != nil {
		return ID{}, p.wireError("ask id of", err)
	}
	b := make([]byte, maxID)
	err = control(f, func(fd uintptr) error { return p.sys.bytes(fd, deviceID(len(b)), b) })
	switch {
	case err == nil:
	case isGone(err), errors.Is(err, os.ErrClosed):
		return ID{}, p.wireError("ask id of", err)
	case errors.Is(err, syscall.EIO), errors.Is(err, syscall.ENOTTY), errors.Is(err, syscall.EINVAL):
		return ID{}, fmt.Errorf("usblp: ask id of %s: %w: %w", p.path, ErrNoID, err)
	default:
		return ID{}, p.wireError("ask id of", err)
	}
	id := ParseID(cutLength(b))
	if id == (ID{}) {
		return ID{}, fmt.Errorf("usblp: ask id of %s: %w", p.path, ErrNoID)
	}
	return id, nil
}
