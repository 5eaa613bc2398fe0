package usb

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// mostBytes is the most bytes of one transfer; every kernel takes 16 KiB.
const mostBytes = 4096

// In is a bulk endpoint from the device to us.
type In struct {
	h      *Handle
	addr   byte
	packet int
	until  deadline

	mu   sync.Mutex // one Read at a time
	buf  []byte
	rest []byte // of buf: received and not yet handed on
}

// Out is a bulk endpoint from us to the device.
type Out struct {
	h     *Handle
	addr  byte
	until deadline
	mu    sync.Mutex // one Write at a time
}

// In returns the endpoint with this address, which has bit 7 set. Its interface
// must be claimed before Read is called.
func (h *Handle) In(addr byte) (*In, error) {
	e, _, ok := h.d.endpoint(addr)
	if !ok || addr&0x80 == 0 {
		return nil, fmt.Errorf("usb: %v has no bulk endpoint %02X to read from", h.d, addr)
	}
	return &In{h: h, addr: addr, packet: e.MaxPacket}, nil
}

// Out returns the endpoint with this address, which has bit 7 clear. Its
// interface must be claimed before Write is called.
func (h *Handle) Out(addr byte) (*Out, error) {
	if _, _, ok := h.d.endpoint(addr); !ok || addr&0x80 != 0 {
		return nil, fmt.Errorf("usb: %v has no bulk endpoint %02X to write to", h.d, addr)
	}
	return &Out{h: h, addr: addr}, nil
}

// Read waits for at least one byte until the read deadline, then returns
// os.ErrDeadlineExceeded. A transfer ends with a packet that is not full, so a
// whole answer comes at once if b has room for it; packets without bytes are
// passed over. The error wraps ErrUnplugged when the device is gone and is
// ErrClosed after Close.
func (e *In) Read(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(b) == 0 {
		return 0, nil
	}
	if len(e.rest) == 0 {
		// A device sends whole packets: a buffer of another size overflows.
		size := min(len(b), mostBytes)
		size = (size + e.packet - 1) / e.packet * e.packet
		if len(e.buf) < size {
			e.buf = make([]byte, size)
		}
		for len(e.rest) == 0 {
			n, err := e.h.transfer(e.addr, e.buf[:size], &e.until)
			if err == os.ErrDeadlineExceeded {
				return 0, err
			}
			if err != nil {
				return 0, fmt.Errorf("usb: read from %v, endpoint %02X: %w", e.h.d, e.addr, err)
			}
			e.rest = e.buf[:n]
		}
	}
	n := copy(b, e.rest)
	clear(e.rest[:n])
	e.rest = e.rest[n:]
	return n, nil
}

// SetReadDeadline sets when Read gives up; the zero time means never.
func (e *In) SetReadDeadline(t time.Time) error {
	e.until.set(t)
	return nil
}

// Write sends all of b, until the write deadline, and returns how many bytes
// the device has taken. Errors are those of In.Read.
func (e *Out) Write(b []byte) (n int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for n < len(b) {
		// The kernel reads its bytes before submitting returns, and b is not kept.
		sent, err := e.h.transfer(e.addr, b[n:min(len(b), n+mostBytes)], &e.until)
		n += sent
		if err == os.ErrDeadlineExceeded {
			return n, err
		}
		if err != nil {
			return n, fmt.Errorf("usb: write to %v, endpoint %02X: %w", e.h.d, e.addr, err)
		}
		if sent == 0 {
			return n, fmt.Errorf("usb: write to %v, endpoint %02X: nothing was taken", e.h.d, e.addr)
		}
	}
	return n, nil
}

// SetWriteDeadline sets when Write gives up; the zero time means never.
func (e *Out) SetWriteDeadline(t time.Time) error {
	e.until.set(t)
	return nil
}
