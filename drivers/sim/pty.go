package sim

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// PTY is a pseudo terminal (pty(7)) in raw mode: the simulator reads and writes
// the PTY, the program under test opens Path as a serial port. The terminal
// stays alive while the program closes and reopens it; Close unplugs it.
type PTY struct {
	path   string
	master *os.File
	slave  *os.File // held open so that a reopening program meets no hang-up

	mu   sync.Mutex
	link string
}

// OpenPTY makes a new pseudo terminal.
func OpenPTY() (*PTY, error) {
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, fmt.Errorf("sim: open pseudo terminal: %w", err)
	}
	p := &PTY{master: master}
	if err := p.setup(); err != nil {
		master.Close()
		return nil, fmt.Errorf("sim: open pseudo terminal: %w", err)
	}
	p.slave, err = os.OpenFile(p.path, os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		master.Close()
		return nil, fmt.Errorf("sim: open pseudo terminal: %w", err)
	}
	return p, nil
}

// setup unlocks the other side, finds its name and sets it raw.
func (p *PTY) setup() error {
	raw, err := p.master.SyscallConn()
	if err != nil {
		return err
	}
	var opErr error
	err = raw.Control(func(fd uintptr) {
		if opErr = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); opErr != nil {
			return
		}
		n, err := unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		if err != nil {
			opErr = err
			return
		}
		p.path = fmt.Sprintf("/dev/pts/%d", n)
		opErr = ptyRaw(int(fd))
	})
	return errors.Join(err, opErr)
}

// ptyRaw is cfmakeraw(3): no echo, no line editing, no translation.
func ptyRaw(fd int) error {
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return err
	}
	t.Iflag &^= unix.IGNBRK | unix.BRKINT | unix.PARMRK | unix.ISTRIP |
		unix.INLCR | unix.IGNCR | unix.ICRNL | unix.IXON
	t.Oflag &^= unix.OPOST
	t.Lflag &^= unix.ECHO | unix.ECHONL | unix.ICANON | unix.ISIG | unix.IEXTEN
	t.Cflag &^= unix.CSIZE | unix.PARENB
	t.Cflag |= unix.CS8
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	return unix.IoctlSetTermios(fd, unix.TCSETS, t)
}

// Path is the device file to open, for example /dev/pts/3.
func (p *PTY) Path() string { return p.path }

// Link makes path a symbolic link to the terminal, replacing an older link, as
// /dev/serial/by-id does; Close removes it. With a link the name stays the same
// over Close and a new OpenPTY, which plays unplugging and plugging in again.
func (p *PTY) Link(path string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if fi, err := os.Lstat(path); err == nil && fi.Mode()&os.ModeSymlink != 0 {
		if err := os.Remove(path); err != nil {
			return fmt.Errorf("sim: link pseudo terminal: %w", err)
		}
	}
	if err := os.Symlink(p.path, path); err != nil {
		return fmt.Errorf("sim: link pseudo terminal: %w", err)
	}
	p.link = path
	return nil
}

// Read reads what the program under test has written. After Close it returns
// io.EOF.
func (p *PTY) Read(b []byte) (int, error) {
	n, err := p.master.Read(b)
	return n, ptyError(err)
}

// Write sends bytes to the program under test. A program that does not read
// fills the terminal's buffer after some kilobytes; Close frees the Write.
func (p *PTY) Write(b []byte) (int, error) {
	n, err := p.master.Write(b)
	return n, ptyError(err)
}

// SetReadDeadline sets when Read gives up with os.ErrDeadlineExceeded.
func (p *PTY) SetReadDeadline(t time.Time) error { return p.master.SetReadDeadline(t) }

// SetWriteDeadline sets when Write gives up with os.ErrDeadlineExceeded.
func (p *PTY) SetWriteDeadline(t time.Time) error { return p.master.SetWriteDeadline(t) }

// Close hangs the terminal up: whoever has Path open meets a hang-up, as when
// a USB adapter is pulled. A second Close does nothing.
func (p *PTY) Close() error {
	p.mu.Lock()
	link := p.link
	p.link = ""
	p.mu.Unlock()
	if link != "" {
		if to, err := os.Readlink(link); err == nil && to == p.path {
			_ = os.Remove(link) // gone already is as good
		}
	}
	err := p.master.Close()
	if err2 := p.slave.Close(); err == nil {
		err = err2
	}
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

func ptyError(err error) error {
	if errors.Is(err, os.ErrClosed) || errors.Is(err, syscall.EIO) {
		return io.EOF
	}
	return err
}
