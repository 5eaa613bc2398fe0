package usb

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// ReportLen is the size of the reports of a HID in bytes, that of a full-speed
// interrupt packet.
const ReportLen = 64

// HID is a device that exchanges unnumbered 64-byte reports, through a hidraw
// node.
type HID struct {
	path string
	f    *os.File
	out  [1 + ReportLen]byte
}

// OpenHID opens a hidraw node, as found in Device.HIDs.
func OpenHID(path string) (*HID, error) {
	f, err := os.OpenFile(path, os.O_RDWR|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, openError(path, err)
	}
	h, err := newHID(path, f)
	if err != nil {
		f.Close()
		return nil, openError(path, err)
	}
	return h, nil
}

func newHID(path string, f *os.File) (*HID, error) {
	if _, err := pollable(f); err != nil {
		return nil, err
	}
	return &HID{path: path, f: f}, nil
}

// Read waits for one report until the read deadline, then returns
// os.ErrDeadlineExceeded. B must have room for 64 bytes. The error wraps
// ErrUnplugged when the device is gone and ErrClosed after Close.
func (h *HID) Read(b []byte) (int, error) {
	if len(b) < ReportLen {
		return 0, fmt.Errorf("usb: read from %s: room for %d bytes, want %d", h.path, len(b), ReportLen)
	}
	n, err := h.f.Read(b[:ReportLen])
	if err != nil {
		return 0, h.wireError("read from", err)
	}
	return n, nil
}

// Write sends one report, which must have 64 bytes. One Write runs at a time.
// The kernel waits for the device itself, up to 5 seconds, whatever the write
// deadline.
func (h *HID) Write(b []byte) (int, error) {
	if len(b) != ReportLen {
		return 0, fmt.Errorf("usb: write to %s: %d bytes, want %d", h.path, len(b), ReportLen)
	}
	h.out[0] = 0 // the number of a report without numbers
	copy(h.out[1:], b)
	defer clear(h.out[:])
	n, err := h.f.Write(h.out[:])
	if err != nil {
		return 0, h.wireError("write to", err)
	}
	return max(n-1, 0), nil
}

// SetReadDeadline sets when Read gives up; the zero time means never.
func (h *HID) SetReadDeadline(t time.Time) error {
	return h.wireError("set deadline of", h.f.SetReadDeadline(t))
}

// SetWriteDeadline sets until when Write waits for room; see Write.
func (h *HID) SetWriteDeadline(t time.Time) error {
	return h.wireError("set deadline of", h.f.SetWriteDeadline(t))
}

// Close frees a waiting Read. A second Close does nothing.
func (h *HID) Close() error {
	if err := h.f.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("usb: close %s: %w", h.path, err)
	}
	return nil
}

func (h *HID) wireError(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.EPROTO):
		err = fmt.Errorf("%w: %w", ErrUnplugged, err)
	}
	if err = plain(err); err == os.ErrDeadlineExceeded {
		return err
	}
	return fmt.Errorf("usb: %s %s: %w", doing, h.path, err)
}
