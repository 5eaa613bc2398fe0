package uart

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"go.bug.st/serial"
	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3"
	"periph.io/x/conn/v3/physic"
	puart "periph.io/x/conn/v3/uart"
)

// The port is handed to drivers as periph's interface.
var (
	_ puart.PortCloser = (*Port)(nil)
	_ conn.Conn        = (*Port)(nil)
	_ io.ReadWriter    = (*Port)(nil)
)

// drainStep is how often Drain looks at the kernel's queue. At 115200 baud
// about 23 bytes leave in this time.
const drainStep = 2 * time.Millisecond

// check reports the first setting a line cannot have.
func (o Opts) check() error {
	if o.Baud < 50 || o.Baud > 4_000_000 {
		return fmt.Errorf("%d baud: want 50 to 4000000", o.Baud)
	}
	if o.Bits < 5 || o.Bits > 8 {
		return fmt.Errorf("%d data bits: want 5 to 8", o.Bits)
	}
	if o.Stop != puart.One && o.Stop != puart.Two {
		return fmt.Errorf("stop bits %d: want one or two", o.Stop)
	}
	if _, ok := parities[o.Parity]; !ok {
		return fmt.Errorf("parity %q: want N, O, E, M or S", byte(o.Parity))
	}
	if flowKind(o.Flow) == 0 {
		return fmt.Errorf("flow control %v: want none, RTS/CTS or XON/XOFF", o.Flow)
	}
	return nil
}

// parities translates periph's letters; never written to.
var parities = map[puart.Parity]serial.Parity{
	puart.NoParity: serial.NoParity,
	puart.Odd:      serial.OddParity,
	puart.Even:     serial.EvenParity,
	puart.Mark:     serial.MarkParity,
	puart.Space:    serial.SpaceParity,
}

func (o Opts) mode() *serial.Mode {
	m := &serial.Mode{BaudRate: o.Baud, DataBits: o.Bits, Parity: parities[o.Parity]}
	if o.Stop == puart.Two {
		m.StopBits = serial.TwoStopBits
	}
	return m
}

// flowKind is f without the two characters of XON/XOFF, or 0 if unknown.
func flowKind(f puart.Flow) puart.Flow {
	switch k := f &^ 0xffff; k {
	case puart.NoFlow, puart.RTSCTS, puart.XOnXOff:
		return k
	}
	return 0
}

// Connect sets the line for a device and returns the port as its conn.Conn.
// The speed is the lowest of f (the device's limit), the speed the port was
// opened with and LimitSpeed. It may be called again to set the line anew.
func (p *Port) Connect(f physic.Frequency, stop puart.Stop, parity puart.Parity, flow puart.Flow, bits int) (conn.Conn, error) {
	if f < physic.Hertz {
		return nil, fmt.Errorf("uart: connect %s: speed %v: want at least 1Hz", p.path, f)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	o := p.opts
	o.Baud = min(o.Baud, int(f/physic.Hertz))
	if p.limit > 0 {
		o.Baud = min(o.Baud, p.limit)
	}
	o.Stop, o.Parity, o.Flow, o.Bits = stop, parity, flow, bits
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, fmt.Errorf("uart: connect %s: %w", p.path, err)
	}
	if p.closed {
		return nil, fmt.Errorf("uart: connect %s: %w", p.path, ErrClosed)
	}
	if err := p.line.SetMode(o.mode()); err != nil {
		return nil, fmt.Errorf("uart: connect %s: %w", p.path, err)
	}
	if err := p.setFlow(o.Flow); err != nil {
		return nil, fmt.Errorf("uart: connect %s: %w", p.path, err)
	}
	return p, nil
}

// LimitSpeed caps the speed of later Connect calls, in bits per second (1 Hz
// is 1 baud). Setting it again replaces the earlier limit.
func (p *Port) LimitSpeed(f physic.Frequency) error {
	if f < physic.Hertz {
		return fmt.Errorf("uart: limit speed of %s: %v: want at least 1Hz", p.path, f)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limit = int(f / physic.Hertz)
	return nil
}

// Duplex implements conn.Conn: both directions run independently.
func (p *Port) Duplex() conn.Duplex { return conn.Full }

// Tx implements conn.Conn: it writes w, then reads until r is full. Deadlines
// are those of SetReadDeadline and SetWriteDeadline.
func (p *Port) Tx(w, r []byte) error {
	if len(w) > 0 {
		if _, err := p.Write(w); err != nil {
			return err
		}
	}
	if len(r) == 0 {
		return nil
	}
	_, err := io.ReadFull(p, r)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("uart: read %s: %w", p.path, ErrUnplugged)
	}
	return err
}

// FlushInput drops what has arrived and was not read.
func (p *Port) FlushInput() error {
	return p.queue("flush input of", serial.Port.ResetInputBuffer)
}

// FlushOutput drops what was written and has not left yet.
func (p *Port) FlushOutput() error {
	return p.queue("flush output of", serial.Port.ResetOutputBuffer)
}

func (p *Port) queue(doing string, op func(serial.Port) error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return fmt.Errorf("uart: %s %s: %w", doing, p.path, ErrClosed)
	}
	if err := op(p.line); err != nil {
		return p.wireError(doing, err)
	}
	return nil
}

// Drain waits until the kernel has handed every written byte to the line, or
// until the write deadline (os.ErrDeadlineExceeded). The chip's own FIFO, 16 to
// 128 bytes, may still be sending. Unlike tcdrain(3) it cannot hang on a line
// stopped by flow control.
func (p *Port) Drain() error {
	for {
		p.mu.Lock()
		deadline, closed := p.wdl, p.closed
		n, err := 0, error(nil)
		if !closed {
			n, err = p.queued()
		}
		p.mu.Unlock()
		switch {
		case closed:
			return fmt.Errorf("uart: drain %s: %w", p.path, ErrClosed)
		case err != nil:
			return p.wireError("drain", err)
		case n == 0:
			return nil
		case !deadline.IsZero() && !time.Now().Before(deadline):
			return os.ErrDeadlineExceeded
		}
		time.Sleep(drainStep)
	}
}

// queued is the number of bytes waiting in the kernel's output queue.
func (p *Port) queued() (n int, err error) {
	ctlErr := p.control(func(fd int) error {
		n, err = unix.IoctlGetInt(fd, unix.TIOCOUTQ)
		return err
	})
	return n, ctlErr
}

// setFlow sets flow control, which go.bug.st/serial always switches off.
func (p *Port) setFlow(flow puart.Flow) error {
	err := p.control(func(fd int) error {
		t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		if err != nil {
			return err
		}
		t.Cflag &^= unix.CRTSCTS
		t.Iflag &^= unix.IXON | unix.IXOFF | unix.IXANY
		switch flowKind(flow) {
		case puart.RTSCTS:
			t.Cflag |= unix.CRTSCTS
		case puart.XOnXOff:
			t.Iflag |= unix.IXON | unix.IXOFF
			t.Cc[unix.VSTART], t.Cc[unix.VSTOP] = flowBytes(flow)
		}
		return unix.IoctlSetTermios(fd, unix.TCSETS, t)
	})
	if err != nil {
		return fmt.Errorf("set flow control: %w", err)
	}
	p.opts.Flow = flow
	return nil
}

func (p *Port) control(op func(fd int) error) error {
	raw, err := p.f.SyscallConn()
	if err != nil {
		return err
	}
	var opErr error
	if err := raw.Control(func(fd uintptr) { opErr = op(int(fd)) }); err != nil {
		return err
	}
	return opErr
}
