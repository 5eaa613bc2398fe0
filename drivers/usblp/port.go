package usblp

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

var (
	// ErrUnplugged means that the printer is gone or switched off. Close the port
	// and open it again later.
	ErrUnplugged = errors.New("printer unplugged")
	// ErrClosed means that Close was called on this port.
	ErrClosed = errors.New("port closed")
	// ErrBusy means that another program has the port open; it has room for one.
	ErrBusy = errors.New("another program has the printer open")
	// ErrNotFound means that no printer port belongs to the USB id.
	ErrNotFound = errors.New("no such USB printer")
	// ErrNoID means that the printer does not say what it is.
	ErrNoID = errors.New("the printer has no device id")
)

// emptyPause keeps a printer that answers with empty packets from taking all
// processor time.
const emptyPause = 5 * time.Millisecond

// Opts says where to look; the zero value is right but for tests.
type Opts struct {
	Port string // of several printers with the same USB id the one plugged in here, such as 1-1.3
	Sys  string // where sysfs is; "" means /sys
	Dev  string // "" means /dev
}

// Port is one open printer port. Reading and writing may go on at the same time
// from two goroutines; Close may be called from any goroutine and makes both
// return.
type Port struct {
	path  string
	sys   system
	mute  atomic.Bool // a write-only interface
	mu    sync.Mutex  // guards what follows
	f     *os.File
	rdl   time.Time
	wdl   time.Time
	err   error // why there is no f any more
	clean bool  // Close was called
}

// Open opens a printer port by its node ("/dev/usb/lp0") or by the vendor and
// product number of the printer ("04b8:0202"). The error says what to do about a
// missing printer, a missing permission or a busy port, and wraps ErrUnplugged,
// ErrBusy, ErrNotFound or fs.ErrPermission.
func Open(where string, o Opts) (*Port, error) {
	path, err := o.locate(where)
	if err != nil {
		return nil, err
	}
	return open(path, kernel{})
}

func open(path string, s system) (*Port, error) {
	p := &Port{path: path, sys: s}
	var err error
	if p.f, err = s.open(path); err != nil {
		return nil, openError(path, err)
	}
	if err := p.f.SetDeadline(time.Time{}); err != nil {
		p.f.Close()
		return nil, fmt.Errorf("usblp: open %s: not a printer port: %w", path, err)
	}
	switch n, err := protocol(s, p.f); {
	case isGone(err):
		p.f.Close()
		return nil, openError(path, err)
	case err == nil && n == unidirectional:
		p.mute.Store(true)
	}
	return p, nil
}

// String returns the node of the port.
func (p *Port) String() string { return p.path }

// WriteOnly reports whether the printer cannot be heard. A port that hides it is
// found out by the first Read.
func (p *Port) WriteOnly() bool { return p.mute.Load() }

// file returns the open file.
func (p *Port) file() (*os.File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.clean:
		return nil, ErrClosed
	case p.err != nil:
		return nil, p.err
	}
	return p.f, nil
}

// Read reads what the printer has said, at least one byte, waiting until the
// read deadline. It returns os.ErrDeadlineExceeded itself at the deadline, an
// error wrapping ErrUnplugged when the printer is gone, and one wrapping
// ErrClosed after Close. On a write-only port it waits for the deadline.
func (p *Port) Read(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	for {
		f, err := p.file()
		if err != nil {
			return 0, p.wireError("read", err)
		}
		if p.mute.Load() {
			err = p.listen(f)
		} else {
			var n int
			if n, err = f.Read(b); n > 0 {
				return n, nil
			}
		}
		switch {
		case errors.Is(err, unix.EINVAL):
			p.mute.Store(true) // the kernel does not read from this one
		case err == nil, errors.Is(err, io.EOF):
			// An empty packet, which some printers send for nothing; or the end.
			if _, err := protocol(p.sys, f); isGone(err) {
				return 0, p.wireError("read", err)
			}
			time.Sleep(emptyPause)
		case p.swapped(f, err):
		default:
			return 0, p.wireError("read", err)
		}
	}
}

// listen waits for the deadline or the end of a port that never says anything.
func (p *Port) listen(f *os.File) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var gone error
	err = raw.Read(func(fd uintptr) bool {
		if _, err := p.sys.ints(fd, getProtocols); isGone(err) {
			gone = err
		}
		return gone != nil
	})
	if gone != nil {
		return gone
	}
	return err
}

// swapped reports whether err is only that FlushOutput has opened the port anew.
func (p *Port) swapped(f *os.File, err error) bool {
	if !errors.Is(err, os.ErrClosed) {
		return false
	}
	now, err := p.file()
	return err == nil && now != f
}

// Write hands all of b to the kernel, waiting for the printer to take what came
// before until the write deadline. It returns os.ErrDeadlineExceeded itself at
// the deadline, with the number of bytes the kernel has taken; the last of them,
// up to 8192, may not have left, and do so later unless FlushOutput or Close drops
// them. Other errors are those of Read. A write never says that the printer got
// the bytes: ask it afterwards.
func (p *Port) Write(b []byte) (int, error) {
	f, err := p.file()
	if err != nil {
		return 0, p.wireError("write", err)
	}
	n, err := f.Write(b)
	if err != nil {
		return n, p.wireError("write", err)
	}
	return n, nil
}

// SetReadDeadline sets when Read gives up; the zero time means never.
func (p *Port) SetReadDeadline(t time.Time) error {
	return p.deadline(&p.rdl, t, (*os.File).SetReadDeadline)
}

// SetWriteDeadline sets when Write and Drain give up; the zero time means never.
func (p *Port) SetWriteDeadline(t time.Time) error {
	return p.deadline(&p.wdl, t, (*os.File).SetWriteDeadline)
}

func (p *Port) deadline(kept *time.Time, t time.Time, set func(*os.File, time.Time) error) error {
	p.mu.Lock()
	*kept = t
	p.mu.Unlock()
	f, err := p.file()
	if err == nil {
		err = set(f, t)
	}
	if err != nil && (f == nil || !p.swapped(f, err)) {
		return p.wireError("set deadline of", err)
	}
	return nil
}

// Close gives the port back to other programs. What has not left is dropped; call
// Drain first to be sure of it. It waits for a PortStatus or DeviceID that runs.
// A second Close does nothing.
func (p *Port) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.clean {
		return nil
	}
	p.clean = true
	if p.err != nil {
		return nil
	}
	if err := p.f.Close(); err != nil && !isGone(err) {
		return fmt.Errorf("usblp: close %s: %w", p.path, err)
	}
	return nil
}
