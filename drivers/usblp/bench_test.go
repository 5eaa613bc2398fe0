package usblp

import (
	"os"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// bench is a printer port made of a socket pair, with the ioctls of one.
type bench struct {
	t *testing.T

	mu       sync.Mutex
	printer  *os.File // the printer's end of the port opened last
	opens    int
	openErr  error
	protocol int32
	gone     bool
	status   int32
	ioctlErr error
	id       string // raw, with its length
}

func newBench(t *testing.T) *bench {
	return &bench{t: t, protocol: 2, status: 0x18, id: "\x00\x1fMFG:EPSON;MDL:TM-T88V;CMD:E;"}
}

func (b *bench) set(f func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	f()
}

func (b *bench) open(string) (*os.File, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.openErr != nil {
		return nil, b.openErr
	}
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		b.t.Fatal(err)
	}
	if b.printer != nil {
		b.printer.Close()
	}
	b.opens++
	b.printer = os.NewFile(uintptr(fds[1]), "printer")
	return os.NewFile(uintptr(fds[0]), "port"), nil
}

func (b *bench) ints(_ uintptr, request uint) (v [2]int32, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.gone:
		return v, unix.ENODEV
	case request == getProtocols:
		return [2]int32{b.protocol, 0b1110}, nil
	case request == getStatus:
		return [2]int32{b.status}, b.ioctlErr
	}
	return v, unix.ENOTTY
}

func (b *bench) bytes(_ uintptr, request uint, buf []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.gone:
		return unix.ENODEV
	case request != deviceID(len(buf)):
		return unix.ENOTTY
	}
	copy(buf, b.id)
	return b.ioctlErr
}

func (b *bench) port() *Port {
	b.t.Helper()
	p, err := open("/dev/usb/lp0", b)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		p.Close()
		b.printer.Close()
	})
	return p
}

// say is the printer sending bytes.
func (b *bench) say(s string) {
	b.t.Helper()
	if _, err := b.printer.Write([]byte(s)); err != nil {
		b.t.Fatal(err)
	}
}
