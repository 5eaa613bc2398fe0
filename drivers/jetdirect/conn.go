// Package jetdirect speaks to a receipt printer on the network: raw TCP, port
// 9100, named after the print server that made it common (also "AppSocket"). The
// bytes go both ways untouched; the wire is the one of drivers/printer. The
// options of the socket are those of tcp(7), in particular TCP_USER_TIMEOUT of
// RFC 5482.
//
// Such a printer has room for one connection. A printer that lost its power
// sends no word of farewell: it is noticed when it does not confirm what was
// sent, or the questions of the keepalive, for some seconds.
package jetdirect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

var (
	// ErrUnplugged means that the printer is not there any more: switched off, the
	// cable pulled, or it closed the connection. Close the connection and dial
	// again later.
	ErrUnplugged = errors.New("printer gone from the network")
	// ErrClosed means that Close was called on this connection.
	ErrClosed = errors.New("connection closed")
	// ErrDropped means that FlushOutput has given up the connection with what was
	// queued. Dial again.
	ErrDropped = errors.New("connection given up with what was queued")
	// ErrRefused means that the printer takes no connection: mostly it has one.
	ErrRefused = errors.New("the printer refuses the connection")
)

// Opts sets times. The zero value is right for most networks.
type Opts struct {
	Timeout time.Duration // for connecting; 0 means 3 s
	Dead    time.Duration // silence of the other side taken for its end; 0 means 10 s
	Linger  time.Duration // how long Close waits for the printer to take the rest; 0 means 2 s
}

const (
	// sendBuffer keeps what was written and has not left small, so that a printer
	// that takes nothing is noticed; the kernel doubles it.
	sendBuffer = 16 << 10
	// step is how often Drain and Close look at the kernel's queue.
	step = 2 * time.Millisecond
	// farewell is how long Close waits for the printer's own end once it has taken
	// everything.
	farewell = 250 * time.Millisecond
	maxStale = 64 << 10
)

func (o Opts) withDefaults() Opts {
	def := func(d *time.Duration, v time.Duration) {
		if *d <= 0 {
			*d = v
		}
	}
	def(&o.Timeout, 3*time.Second)
	def(&o.Dead, 10*time.Second)
	def(&o.Linger, 2*time.Second)
	return o
}

// Conn is one connection. Reading and writing may go on at the same time from two
// goroutines; Close may be called from any goroutine and makes both return.
type Conn struct {
	addr string
	tcp  *net.TCPConn
	o    Opts

	mu  sync.Mutex // guards what follows
	end error      // ErrClosed or ErrDropped once it is over
	wdl time.Time  // write deadline, for Drain
}

// Dial connects to a printer, "host" or "host:port"; the port is 9100 if not
// given. The error says what to do, and wraps ErrRefused or ErrUnplugged.
func Dial(addr string, o Opts) (*Conn, error) {
	o = o.withDefaults()
	addr, err := withPort(addr)
	if err != nil {
		return nil, fmt.Errorf("jetdirect: %w", err)
	}
	d := net.Dialer{
		Timeout:         o.Timeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: o.Dead / 3, Interval: max(o.Dead/6, time.Second), Count: 4},
		ControlContext: func(_ context.Context, _, _ string, c syscall.RawConn) error {
			return control(c, func(fd int) error {
				return unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(o.Dead/time.Millisecond))
			})
		},
	}
	c, err := d.Dial("tcp", addr)
	if err != nil {
		return nil, dialError(addr, err)
	}
	tcp := c.(*net.TCPConn)
	if err := tcp.SetWriteBuffer(sendBuffer); err != nil {
		tcp.Close()
		return nil, fmt.Errorf("jetdirect: connect to %s: %w", addr, err)
	}
	return &Conn{addr: addr, tcp: tcp, o: o}, nil
}

// dialError adds what a person can do about it.
func dialError(addr string, err error) error {
	var oe *net.OpError
	if errors.As(err, &oe) {
		err = oe.Err
	}
	hint := ""
	var dns *net.DNSError
	var nt net.Error
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		err = fmt.Errorf("%w: %w", ErrRefused, err)
		hint = " (it takes one connection at a time, so another computer may be printing; or port 9100 is switched off in its menu)"
	case errors.As(err, &dns):
		err = fmt.Errorf("%w: %w", ErrUnplugged, err)
		hint = " (the name is not known here; its address, as its self test prints it, does without)"
	case errors.As(err, &nt) && nt.Timeout(), unreachable(err):
		err = fmt.Errorf("%w: %w", ErrUnplugged, err)
		hint = " (is it switched on and on this network? its self test prints its address)"
	}
	return fmt.Errorf("jetdirect: connect to %s: %w%s", addr, err, hint)
}

// String returns host and port.
func (c *Conn) String() string { return c.addr }

// Read reads what the printer has said, at least one byte, waiting until the
// read deadline. It returns os.ErrDeadlineExceeded itself at the deadline, an
// error wrapping ErrUnplugged when the printer is gone, and one wrapping
// ErrClosed or ErrDropped after Close and FlushOutput.
func (c *Conn) Read(b []byte) (int, error) {
	n, err := c.tcp.Read(b)
	if n > 0 || err == nil {
		return n, nil
	}
	return 0, c.wireError("read from", err)
}

// Write hands all of b to the kernel, waiting for room until the write deadline.
// It returns os.ErrDeadlineExceeded itself at the deadline, with the number of
// bytes the kernel has taken; those leave later unless FlushOutput drops them.
// Other errors are those of Read. A write never says that the printer got the
// bytes: ask it afterwards.
func (c *Conn) Write(b []byte) (int, error) {
	n, err := c.tcp.Write(b)
	if err != nil {
		return n, c.wireError("write to", err)
	}
	return n, nil
}

// SetReadDeadline sets when Read gives up; the zero time means never.
func (c *Conn) SetReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end != nil { // or it would undo what frees a waiting Read
		return fmt.Errorf("jetdirect: set deadline of %s: %w", c.addr, c.end)
	}
	if err := c.tcp.SetReadDeadline(t); err != nil {
		return fmt.Errorf("jetdirect: set deadline of %s: %w", c.addr, err)
	}
	return nil
}

// SetWriteDeadline sets when Write and Drain give up; the zero time means never.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end != nil {
		return fmt.Errorf("jetdirect: set deadline of %s: %w", c.addr, c.end)
	}
	c.wdl = t
	if err := c.tcp.SetWriteDeadline(t); err != nil {
		return fmt.Errorf("jetdirect: set deadline of %s: %w", c.addr, err)
	}
	return nil
}

// over returns why the connection is over, or nil.
func (c *Conn) over() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.end
}

// wireError turns what the kernel says into the errors of this package.
func (c *Conn) wireError(doing string, err error) error {
	end := c.over()
	switch {
	case end != nil:
		err = end
	case errors.Is(err, os.ErrDeadlineExceeded):
		return os.ErrDeadlineExceeded
	case errors.Is(err, io.EOF):
		err = fmt.Errorf("%w: it closed the connection; some do so at once when another computer has one", ErrUnplugged)
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), unreachable(err):
		var no syscall.Errno
		errors.As(err, &no)
		err = fmt.Errorf("%w: %w", ErrUnplugged, no)
	}
	return fmt.Errorf("jetdirect: %s %s: %w", doing, c.addr, err)
}

// unreachable reports whether err is how the kernel says that nobody answers.
func unreachable(err error) bool {
	for _, no := range []syscall.Errno{
		syscall.ETIMEDOUT, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EHOSTDOWN, syscall.ENETDOWN, syscall.ECONNABORTED,
	} {
		if errors.Is(err, no) {
			return true
		}
	}
	return false
}

// control runs op on the socket.
func control(raw syscall.RawConn, op func(fd int) error) error {
	var opErr error
	if err := raw.Control(func(fd uintptr) { opErr = op(int(fd)) }); err != nil {
		return err
	}
	return opErr
}
