package usblp

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// maxStale bounds FlushInput: no printer has said more than this unasked.
const maxStale = 64 << 10

// Drain waits until the printer has taken every written byte, or until the write
// deadline (os.ErrDeadlineExceeded). Without it Close drops the last bytes. What
// the printer has taken is in its buffer and not on paper yet.
func (p *Port) Drain() error {
	f, err := p.file()
	if err != nil {
		return p.wireError("drain", err)
	}
	raw, err := f.SyscallConn()
	if err == nil {
		var gone error
		err = raw.Write(func(fd uintptr) bool {
			if _, err := p.sys.ints(fd, getProtocols); isGone(err) {
				gone = err
			}
			return gone != nil || ready(fd, unix.POLLOUT)
		})
		if gone != nil {
			err = gone
		}
	}
	if err != nil {
		return p.wireError("drain", err)
	}
	return nil
}

// ready asks poll(2) without waiting.
func ready(fd uintptr, events int16) bool {
	fds := []unix.PollFd{{Fd: int32(fd), Events: events}}
	for {
		n, err := unix.Poll(fds, 0)
		if err == unix.EINTR {
			continue
		}
		return err == nil && n > 0 && fds[0].Revents&events != 0
	}
}

// FlushInput drops what the printer has said and nobody has read.
func (p *Port) FlushInput() error {
	if p.mute.Load() {
		return nil
	}
	f, err := p.file()
	if err != nil {
		return p.wireError("flush input of", err)
	}
	var scrap [512]byte
	err = control(f, func(fd uintptr) error {
		for got := 0; got < maxStale; {
			n, err := unix.Read(int(fd), scrap[:])
			switch {
			case err == unix.EINTR:
			case err == unix.EAGAIN, err == unix.EINVAL, n == 0 && err == nil:
				return nil
			case err != nil:
				return err
			default:
				got += n
			}
		}
		return nil
	})
	if err != nil {
		return p.wireError("flush input of", err)
	}
	return nil
}

// FlushOutput makes sure that what was written and has not left never leaves. The
// kernel gives a block back only when the port is closed, so a port that holds
// one is closed and opened again here; calls that wait on it go on. If it cannot
// be opened again, that is the error, here and of every later call.
func (p *Port) FlushOutput() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.clean:
		return p.wireError("flush output of", ErrClosed)
	case p.err != nil:
		return p.wireError("flush output of", p.err)
	}
	idle := false
	err := control(p.f, func(fd uintptr) error {
		idle = ready(fd, unix.POLLOUT)
		return nil
	})
	if err == nil && idle {
		return nil
	}
	_ = p.f.Close() // its error would be about what is dropped anyway
	if p.f, err = p.reopen(); err != nil {
		p.err = err
		return p.wireError("flush output of", err)
	}
	return nil
}

func (p *Port) reopen() (*os.File, error) {
	f, err := p.sys.open(p.path)
	if err != nil {
		return nil, err
	}
	for _, set := range []struct {
		to func(time.Time) error
		at time.Time
	}{{f.SetReadDeadline, p.rdl}, {f.SetWriteDeadline, p.wdl}} {
		if err := set.to(set.at); err != nil {
			f.Close()
			return nil, fmt.Errorf("set deadline: %w", err)
		}
	}
	return f, nil
}
