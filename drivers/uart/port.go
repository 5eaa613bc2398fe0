// Package uart opens serial ports as periph uart ports: it implements
// periph.io/x/conn/v3/uart.PortCloser over go.bug.st/serial, because periph's
// own host/serial never sets the baud rate.
//
// A Port is a line discipline (speed, parity, flow control; see termios(3) and
// tty_ioctl(4)) and at the same time a wire: Read and Write with deadlines that
// always return, and an error that says the plug was pulled. Any terminal
// device works: a port of the board, a USB adapter, a path below
// /dev/serial/by-id, a pseudo terminal.
//
// go.bug.st/serial sets the line; the bytes go through a second, non-blocking
// descriptor of the same device, so that Go's poller keeps the deadlines and no
// goroutine is ever stuck in a blocked write.
package uart

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"

	"go.bug.st/serial"
	"golang.org/x/sys/unix"
	puart "periph.io/x/conn/v3/uart"
)

var (
	// ErrUnplugged means that the device is gone: the plug was pulled, the
	// adapter reset itself, or the other end of a pseudo terminal was closed.
	// Close the port and open it again later.
	ErrUnplugged = errors.New("device unplugged")
	// ErrClosed means that Close was called on this port.
	ErrClosed = errors.New("port closed")
)

// Opts is how a line is set when a port is opened. The zero value is
// 115200 8N1 without flow control.
type Opts struct {
	Baud   int          // bits per second; 0 means 115200
	Flow   puart.Flow   // puart.NoFlow (or 0), puart.RTSCTS or puart.XOnXOff, see Carries
	Parity puart.Parity // 0 means puart.NoParity
	Stop   puart.Stop   // puart.One (or 0) or puart.Two
	Bits   int          // 5 to 8; 0 means 8
}

func (o Opts) withDefaults() Opts {
	if o.Baud == 0 {
		o.Baud = 115200
	}
	if o.Flow == 0 {
		o.Flow = puart.NoFlow
	}
	if o.Parity == 0 {
		o.Parity = puart.NoParity
	}
	if o.Stop == 0 {
		o.Stop = puart.One
	}
	if o.Bits == 0 {
		o.Bits = 8
	}
	return o
}

// Port is one open serial port. Reading and writing may go on at the same time
// from two goroutines; Close may be called from any goroutine and makes both
// return.
type Port struct {
	path string
	f    *os.File    // the bytes: non-blocking, polled
	line serial.Port // the line: speed, parity, exclusive use

	mu     sync.Mutex // guards what follows, and the line
	opts   Opts
	limit  int // bits per second set by LimitSpeed; 0 is none
	closed bool
	wdl    time.Time // write deadline, for Drain
}

// Open opens the terminal device at path, takes it for exclusive use and sets
// the line. Path may be a symbolic link. The error says what to do about a
// missing device, a missing permission or a busy port.
func Open(path string, o Opts) (*Port, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("uart: open %s: %w", path, err)
	}
	f, err := os.OpenFile(path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, openError(path, err)
	}
	if err := f.SetDeadline(time.Time{}); err != nil {
		f.Close()
		return nil, fmt.Errorf("uart: open %s: not a serial port: %w", path, err)
	}
	line, err := serial.Open(path, o.mode())
	if err != nil {
		f.Close()
		return nil, openError(path, err)
	}
	p := &Port{path: path, f: f, line: line, opts: o}
	if err := p.setFlow(o.Flow); err != nil {
		p.Close()
		return nil, fmt.Errorf("uart: open %s: %w", path, err)
	}
	if err := p.FlushInput(); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// openError adds what a person can do about it.
func openError(path string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	var se *serial.PortError
	hint := ""
	switch {
	case errors.Is(err, fs.ErrNotExist):
		hint = " (is the cable in? `ls /dev/serial/by-id` lists what is plugged)"
	case errors.Is(err, fs.ErrPermission):
		hint = " (add the user to the group dialout and log in again)"
	case errors.Is(err, syscall.EBUSY), errors.As(err, &se) && se.Code() == serial.PortBusy:
		hint = " (another program holds the port; `fuser -v` on the path names it)"
	case errors.Is(err, syscall.ENXIO), errors.Is(err, syscall.EIO), errors.Is(err, syscall.ENODEV):
		err = fmt.Errorf("%w: %w", ErrUnplugged, err)
	}
	return fmt.Errorf("uart: open %s: %w%s", path, err, hint)
}

// String returns the path the port was opened with.
func (p *Port) String() string { return p.path }

// Read reads what has arrived, at least one byte, waiting until the read
// deadline. It returns os.ErrDeadlineExceeded itself at the deadline, an error
// wrapping ErrUnplugged when the device is gone, and one wrapping ErrClosed
// after Close.
func (p *Port) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	n, err := p.f.Read(b)
	if n > 0 {
		return n, nil
	}
	if err == nil {
		err = io.EOF // a hung-up terminal reads as zero bytes
	}
	return 0, p.wireError("read", err)
}

// Write writes all of b, waiting for room until the write deadline. It returns
// os.ErrDeadlineExceeded itself at the deadline, with the number of bytes the
// kernel has taken; those stay queued until the line takes them or FlushOutput
// drops them. Under XON/XOFF a b with one of the two characters in it is refused
// whole, before a byte is sent, with an error wrapping ErrFlowByte. Other errors
// are those of Read.
func (p *Port) Write(b []byte) (int, error) {
	p.mu.Lock()
	o := p.opts
	p.mu.Unlock()
	if err := o.Carries(b); err != nil {
		return 0, fmt.Errorf("uart: write %s: %w", p.path, err)
	}
	n, err := p.f.Write(b)
	if err != nil {
		return n, p.wireError("write", err)
	}
	return n, nil
}

// SetReadDeadline sets when Read gives up; the zero time means never.
func (p *Port) SetReadDeadline(t time.Time) error {
	if err := p.f.SetReadDeadline(t); err != nil {
		return p.wireError("set read deadline", err)
	}
	return nil
}

// SetWriteDeadline sets when Write and Drain give up; the zero time means
// never.
func (p *Port) SetWriteDeadline(t time.Time) error {
	p.mu.Lock()
	p.wdl = t
	p.mu.Unlock()
	if err := p.f.SetWriteDeadline(t); err != nil {
		return p.wireError("set write deadline", err)
	}
	return nil
}

// Close gives the port back. Bytes the line has not taken yet are dropped,
// since the kernel would otherwise wait for a stopped line; call Drain first to
// be sure of them. A second Close does nothing.
func (p *Port) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	if n, err := p.queued(); err == nil && n > 0 {
		_ = p.line.ResetOutputBuffer() // the device may be gone: nothing to save
	}
	lineErr := p.line.Close()
	p.mu.Unlock()
	if err := p.f.Close(); err != nil {
		return fmt.Errorf("uart: close %s: %w", p.path, err)
	}
	if lineErr != nil {
		return fmt.Errorf("uart: close %s: %w", p.path, lineErr)
	}
	return nil
}

// wireError turns what the kernel says into the errors of this package.
func (p *Port) wireError(doing string, err error) error {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return os.ErrDeadlineExceeded
	case errors.Is(err, os.ErrClosed), errors.Is(err, syscall.EBADF):
		err = ErrClosed
	case errors.Is(err, io.EOF):
		err = ErrUnplugged
	case errors.Is(err, syscall.EIO), errors.Is(err, syscall.ENXIO),
		errors.Is(err, syscall.ENODEV), errors.Is(err, syscall.EPIPE):
		var no syscall.Errno
		errors.As(err, &no)
		err = fmt.Errorf("%w: %w", ErrUnplugged, no)
	}
	return fmt.Errorf("uart: %s %s: %w", doing, p.path, err)
}
