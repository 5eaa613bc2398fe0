package jetdirect

import (
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// queued is the number of bytes that the printer has not confirmed yet, the mark
// of our end among them.
func (c *Conn) queued() (n int, err error) {
	err = c.control(func(fd int) error {
		n, err = unix.IoctlGetInt(fd, unix.SIOCOUTQ)
		return err
	})
	return n, err
}

func (c *Conn) control(op func(fd int) error) error {
	raw, err := c.tcp.SyscallConn()
	if err != nil {
		return err
	}
	return control(raw, op)
}

// Drain waits until the printer has confirmed every written byte, or until the
// write deadline (os.ErrDeadlineExceeded). What it has confirmed is in its memory
// and not on paper yet.
func (c *Conn) Drain() error {
	for {
		n, err := c.queued()
		if err == nil {
			err = c.broken()
		}
		if err != nil {
			return c.wireError("drain", err)
		}
		if n == 0 {
			return nil
		}
		c.mu.Lock()
		deadline := c.wdl
		c.mu.Unlock()
		if !deadline.IsZero() && !time.Now().Before(deadline) {
			return os.ErrDeadlineExceeded
		}
		time.Sleep(step)
	}
}

// tcpClose is the state of a connection that ended, TCP_CLOSE of tcp_states.h.
const tcpClose = 7

// broken reports a connection that the kernel has ended, because the printer reset
// it or was silent for too long. What was queued then is lost, and may still be
// counted.
func (c *Conn) broken() error {
	return c.control(func(fd int) error {
		info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
		if err == nil && info.State == tcpClose {
			err = unix.EPIPE
		}
		return err
	})
}

// FlushInput drops what the printer has said and nobody has read.
func (c *Conn) FlushInput() error {
	if err := c.over(); err != nil {
		return c.wireError("flush input of", err)
	}
	if _, err := c.discard(); err != nil {
		return c.wireError("flush input of", err)
	}
	return nil
}

// discard reads away what has come. End says that nothing more can come.
func (c *Conn) discard() (end bool, err error) {
	var scrap [512]byte
	err = c.control(func(fd int) error {
		for got := 0; got < maxStale; {
			n, err := unix.Read(fd, scrap[:])
			switch {
			case err == unix.EINTR:
			case err == unix.EAGAIN:
				return nil
			case err != nil:
				return err
			case n == 0:
				end = true // the next Read will say so
				return nil
			default:
				got += n
			}
		}
		return nil
	})
	return end, err
}

// FlushOutput makes sure that what was written and has not left never leaves. Of
// a connection only the whole can be dropped: if anything is queued the
// connection is given up, every later call returns ErrDropped, and the printer is
// told that it broke (RST). Otherwise nothing happens.
func (c *Conn) FlushOutput() error {
	if err := c.over(); err != nil {
		return c.wireError("flush output of", err)
	}
	if n, err := c.queued(); err == nil && n == 0 {
		return nil
	}
	if !c.finish(ErrDropped) {
		return nil
	}
	return c.drop()
}

// finish marks the end, frees whoever waits, and reports whether it was not over
// before.
func (c *Conn) finish(why error) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.end != nil {
		return false
	}
	c.end = why
	_ = c.tcp.SetDeadline(time.Unix(1, 0)) // it is closed next, if this fails
	return true
}

// drop closes so that nothing more is sent.
func (c *Conn) drop() error {
	err := c.tcp.SetLinger(0)
	if err := errors.Join(err, c.tcp.Close()); err != nil {
		return fmt.Errorf("jetdirect: drop %s: %w", c.addr, err)
	}
	return nil
}

// Close ends the connection in order: it tells the printer that no more comes,
// waits until it has confirmed everything, at most Opts.Linger, and reads what it
// still says, since closing on unread bytes would break the connection and with it
// the end of the slip. What the printer has not taken by then is dropped. A second
// Close, or one after FlushOutput gave up, does nothing.
func (c *Conn) Close() error {
	if !c.finish(ErrClosed) {
		return nil
	}
	if err := c.tcp.CloseWrite(); err != nil {
		return c.drop() // it broke before: there is nothing to save
	}
	taken := false
	for until := time.Now().Add(c.o.Linger); time.Now().Before(until); time.Sleep(step) {
		end, err := c.discard()
		if err != nil {
			return c.drop()
		}
		n, err := c.queued()
		if err != nil {
			return c.drop()
		}
		if n == 0 && end {
			taken = true
			break
		}
		if n == 0 && !taken {
			taken = true
			if soon := time.Now().Add(farewell); soon.Before(until) {
				until = soon
			}
		}
	}
	if !taken {
		return c.drop()
	}
	if err := c.tcp.Close(); err != nil {
		return fmt.Errorf("jetdirect: close %s: %w", c.addr, err)
	}
	return nil
}
