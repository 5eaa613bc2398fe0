package usb

import (
	"os"
	"sync"
	"syscall"
	"unsafe"
)

// fake is a device made of software below the ioctls of usbfs. It treats URBs as
// the kernel does: it fills status and actual in when a URB is reaped, and gives
// every URB back once.
type fake struct {
	mu       sync.Mutex
	wake     *sync.Cond
	in       map[byte][][]byte // packets waiting on IN endpoints
	out      func(ep byte, b []byte) syscall.Errno
	pending  []*urb // waiting for packets
	complete []*urb
	status   map[*urb]int32
	got      map[*urb][]byte
	calls    []uintptr // ioctls but those that reap
	driver   string    // bound to the interface
	busy     bool
	stall    bool // the next transfer fails with EPIPE
	stuck    bool // discarded URBs do not come back
	gone     bool
	closed   bool
}

func newFake() *fake {
	f := &fake{in: map[byte][][]byte{}, status: map[*urb]int32{}, got: map[*urb][]byte{}}
	f.wake = sync.NewCond(&f.mu)
	return f
}

// feed puts packets on an IN endpoint.
func (f *fake) feed(ep byte, packets ...[]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.in[ep] = append(f.in[ep], packets...)
	f.match()
}

// pull takes the plug out.
func (f *fake) pull() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.gone = true
	for _, u := range f.pending {
		f.finish(u, -int32(syscall.ESHUTDOWN), nil)
	}
	f.pending = nil
	f.wake.Broadcast()
}

func (f *fake) finish(u *urb, status int32, b []byte) {
	f.status[u], f.got[u] = status, b
	f.complete = append(f.complete, u)
	f.wake.Broadcast()
}

// match gives waiting URBs what has come: packets until one is not full or the
// buffer is.
func (f *fake) match() {
	var left []*urb
	for _, u := range f.pending {
		q := f.in[u.endpoint]
		b := f.got[u]
		done := false
		for len(q) > 0 && !done {
			b = append(b, q[0]...)
			done = len(q[0]) < 64 || len(b) >= int(u.length)
			q = q[1:]
		}
		f.in[u.endpoint] = q
		switch {
		case len(b) > int(u.length):
			f.finish(u, -int32(syscall.EOVERFLOW), nil)
		case done:
			f.finish(u, 0, b)
		default:
			f.got[u] = b
			left = append(left, u)
		}
	}
	f.pending = left
}

func (f *fake) submit(u *urb) error {
	switch {
	case f.stall:
		f.stall = false
		f.finish(u, -int32(syscall.EPIPE), nil)
	case u.endpoint&0x80 != 0:
		f.pending = append(f.pending, u)
		f.match()
	case f.out == nil:
		f.pending = append(f.pending, u) // the device takes nothing
	default:
		b := append([]byte(nil), unsafe.Slice((*byte)(u.buffer), u.length)...)
		f.finish(u, -int32(f.out(u.endpoint, b)), b)
	}
	return nil
}

func (f *fake) discard(u *urb) error {
	for i, p := range f.pending {
		if p == u {
			f.pending = append(f.pending[:i], f.pending[i+1:]...)
			if !f.stuck {
				f.finish(u, -int32(syscall.ENOENT), f.got[u])
			}
			return nil
		}
	}
	return syscall.EINVAL
}

func (f *fake) reap(addr *uintptr) error {
	if len(f.complete) == 0 {
		if f.gone {
			return syscall.ENODEV
		}
		return syscall.EAGAIN
	}
	u := f.complete[0]
	f.complete = f.complete[1:]
	u.status, u.actual = f.status[u], int32(len(f.got[u]))
	if u.endpoint&0x80 != 0 {
		copy(unsafe.Slice((*byte)(u.buffer), u.length), f.got[u])
	}
	delete(f.status, u)
	delete(f.got, u)
	*addr = uintptr(unsafe.Pointer(u))
	return nil
}

func (f *fake) ioctl(req uintptr, arg unsafe.Pointer) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return os.ErrClosed
	}
	if req == reqReapNow() {
		return f.reap((*uintptr)(arg))
	}
	f.calls = append(f.calls, req)
	if f.gone {
		return syscall.ENODEV
	}
	switch req {
	case reqSubmit():
		return f.submit((*urb)(arg))
	case reqDiscard():
		return f.discard((*urb)(arg))
	case reqGetDriver():
		if f.driver == "" {
			return syscall.ENODATA
		}
		copy((*getDriver)(arg).driver[:], f.driver)
	case reqIface():
		switch uintptr((*ifaceIoctl)(arg).request) {
		case reqDisconnect():
			f.driver = ""
		case reqConnect():
			f.driver = "back"
		}
	case reqClaim():
		if f.busy || f.driver != "" {
			return syscall.EBUSY
		}
	}
	return nil
}

func (f *fake) collect(done func() bool) error {
	for !done() {
		f.mu.Lock()
		for len(f.complete) == 0 && !f.gone && !f.closed {
			f.wake.Wait()
		}
		closed := f.closed
		f.mu.Unlock()
		if closed {
			return os.ErrClosed
		}
	}
	return nil
}

func (f *fake) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = true
	f.wake.Broadcast()
	return nil
}
