package usb

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// discardTime is how long the kernel may take to give a cancelled transfer back;
// a healthy controller takes less than a millisecond.
const discardTime = time.Second

// Handle is an open device. Its methods and those of its endpoints may be called
// from any goroutine.
type Handle struct {
	d Device
	k kernel

	mu       sync.Mutex
	flying   map[uintptr]*transfer // submitted and not yet reaped: the kernel knows their addresses
	claimed  []uint32
	detached []uint32      // interfaces whose kernel driver was sent away
	err      error         // why nothing works any more
	closing  chan struct{} // closed together with err being set
	ended    chan struct{} // closed when the collecting goroutine has
}

// transfer is one URB on its way.
type transfer struct {
	u    *urb
	buf  []byte
	done chan struct{}
	err  error // the status of the URB
	left bool  // nobody waits for it any more
}

// finish hands the transfer back to who waits for it. What was received for
// nobody is zeroed. Handle.mu is held.
func (t *transfer) finish(err error) {
	t.err = err
	if t.left {
		t.wipe()
	}
	close(t.done)
}

// wipe zeroes what was received.
func (t *transfer) wipe() {
	if t.u.endpoint&0x80 != 0 {
		clear(t.buf)
	}
}

// Open opens the device of Host.One. Close it in any case: it also ends the
// goroutine that collects transfers.
func Open(d Device) (*Handle, error) {
	n, err := openNode(d.Node)
	if err != nil {
		return nil, openError(d.String(), err)
	}
	return newHandle(d, n), nil
}

func newHandle(d Device, k kernel) *Handle {
	h := &Handle{
		d: d, k: k, flying: map[uintptr]*transfer{},
		closing: make(chan struct{}), ended: make(chan struct{}),
	}
	go h.collect()
	return h
}

// Claim takes an interface for this program alone. A kernel driver that is bound
// to it is sent away, and called back by Close. The error wraps ErrBusy if
// another program has it.
func (h *Handle) Claim(iface int) error {
	n := uint32(iface)
	g := &getDriver{iface: n}
	err := h.k.ioctl(reqGetDriver(), unsafe.Pointer(g))
	bound := err == nil && cString(g.driver[:]) != "usbfs"
	if bound {
		err = h.k.ioctl(reqIface(), unsafe.Pointer(&ifaceIoctl{iface: int32(iface), request: int32(reqDisconnect())}))
		if err != nil && !errors.Is(err, syscall.ENODATA) {
			return openError(fmt.Sprintf("%v: send the driver of interface %d away", h.d, iface), err)
		}
	}
	if err := h.k.ioctl(reqClaim(), unsafe.Pointer(&n)); err != nil {
		return openError(fmt.Sprintf("%v: claim interface %d", h.d, iface), err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.claimed = append(h.claimed, n)
	if bound {
		h.detached = append(h.detached, n)
	}
	return nil
}

func cString(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// Close frees waiting transfers, gives the interfaces back and closes the
// device. A second Close does nothing.
func (h *Handle) Close() error {
	if !h.fail(ErrClosed) {
		<-h.ended
		return nil
	}
	h.mu.Lock()
	claimed, detached := h.claimed, h.detached
	h.mu.Unlock()
	// The device may be gone; then there is nothing to give back.
	for _, n := range claimed {
		_ = h.k.ioctl(reqRelease(), unsafe.Pointer(&n))
	}
	for _, n := range detached {
		_ = h.k.ioctl(reqIface(), unsafe.Pointer(&ifaceIoctl{iface: int32(n), request: int32(reqConnect())}))
	}
	err := h.k.Close()
	<-h.ended
	if err != nil {
		return fmt.Errorf("usb: close %v: %w", h.d, err)
	}
	return nil
}

// fail makes everything end with err. It reports false after ErrClosed was
// given once; other reasons are kept until then.
func (h *Handle) fail(err error) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	was := h.err
	if was == ErrClosed || was != nil && err != ErrClosed {
		return false
	}
	h.err = err
	if was == nil {
		close(h.closing)
	}
	return true
}

// collect reaps transfers until the device is closed or gone.
func (h *Handle) collect() {
	defer close(h.ended)
	err := h.k.collect(h.reap)
	if err == nil {
		err = syscall.ENODEV // reap has met it
	}
	h.fail(plain(err))
	h.mu.Lock()
	defer h.mu.Unlock()
	for addr, t := range h.flying {
		delete(h.flying, addr)
		t.finish(plain(err))
	}
}

// reap takes every completed URB and reports whether the device is gone.
func (h *Handle) reap() bool {
	for {
		var addr uintptr
		err := h.k.ioctl(reqReapNow(), unsafe.Pointer(&addr))
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			return false
		case err != nil:
			return true
		}
		h.mu.Lock()
		if t := h.flying[addr]; t != nil {
			delete(h.flying, addr)
			if t.u.status != 0 {
				t.finish(syscall.Errno(-t.u.status))
			} else {
				t.finish(nil)
			}
		}
		h.mu.Unlock()
	}
}

// submit hands buf to the kernel.
func (h *Handle) submit(ep byte, buf []byte) (*transfer, error) {
	t := &transfer{buf: buf, done: make(chan struct{})}
	t.u = &urb{kind: urbBulk, endpoint: ep, buffer: unsafe.Pointer(unsafe.SliceData(buf)), length: int32(len(buf))}
	addr := uintptr(unsafe.Pointer(t.u))
	h.mu.Lock()
	if h.err != nil {
		h.mu.Unlock()
		return nil, h.err
	}
	h.flying[addr] = t
	h.mu.Unlock()
	if err := h.k.ioctl(reqSubmit(), unsafe.Pointer(t.u)); err != nil {
		h.mu.Lock()
		delete(h.flying, addr)
		h.mu.Unlock()
		return nil, err
	}
	return t, nil
}

// transfer moves buf through a bulk endpoint. It returns what was moved, or
// os.ErrDeadlineExceeded if nothing was until the deadline.
func (h *Handle) transfer(ep byte, buf []byte, d *deadline) (int, error) {
	select {
	case <-d.wait():
		return 0, os.ErrDeadlineExceeded
	default:
	}
	t, err := h.submit(ep, buf)
	if err != nil {
		return 0, plain(err)
	}
	late := false
	select {
	case <-t.done:
	case <-h.closing:
		return 0, h.leave(t)
	case <-d.wait():
		late = true
		if err := h.discard(t); err != nil {
			return 0, err
		}
	}
	n := min(max(int(t.u.actual), 0), len(buf))
	switch {
	case t.err == nil || late && n > 0:
		return n, nil
	case late && (errors.Is(t.err, syscall.ENOENT) || errors.Is(t.err, syscall.ECONNRESET)):
		return 0, os.ErrDeadlineExceeded
	case errors.Is(t.err, syscall.EPIPE):
		// The endpoint is halted. Wake it for whoever opens the device again.
		addr := uint32(ep)
		_ = h.k.ioctl(reqClearHalt(), unsafe.Pointer(&addr))
	}
	return 0, plain(t.err)
}

// discard cancels a transfer and waits until the kernel has let go of it.
func (h *Handle) discard(t *transfer) error {
	// EINVAL: it has been completed meanwhile and is reaped like any other.
	err := h.k.ioctl(reqDiscard(), unsafe.Pointer(t.u))
	if err != nil && !errors.Is(err, syscall.EINVAL) {
		return plain(err)
	}
	timer := time.NewTimer(discardTime)
	defer timer.Stop()
	select {
	case <-t.done:
		return nil
	case <-h.closing:
	case <-timer.C:
		h.fail(ErrStuck)
	}
	return h.leave(t)
}

// leave gives a transfer up that the kernel may still have, and returns why.
func (h *Handle) leave(t *transfer) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-t.done:
		t.wipe()
	default:
		t.left = true
	}
	return h.err
}
