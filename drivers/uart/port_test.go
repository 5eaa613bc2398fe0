package uart_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"periph.io/x/conn/v3/physic"
	puart "periph.io/x/conn/v3/uart"
	"periph.io/x/conn/v3/uart/uartreg"

	"jobhome/drivers/sim"
	"jobhome/drivers/uart"
)

// far is a deadline that a passing test never reaches.
const far = 20 * time.Second

func openPTY(t *testing.T, o uart.Opts) (*sim.PTY, *uart.Port) {
	t.Helper()
	pty, err := sim.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pty.Close() })
	p, err := uart.Open(pty.Path(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return pty, p
}

// termios reads back what the kernel has for the device.
func termios(t *testing.T, path string) *unix.Termios {
	t.Helper()
	fd, err := unix.Open(path, unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Skipf("cannot look at the line beside an exclusive port: %v", err)
	}
	defer unix.Close(fd)
	tio, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return tio
}

func TestBytesGoBothWaysUnchanged(t *testing.T) {
	pty, p := openPTY(t, uart.Opts{})
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i) // includes CR, LF, XON, XOFF, ^C, ^D
	}
	p.SetWriteDeadline(time.Now().Add(far))
	if n, err := p.Write(all); n != len(all) || err != nil {
		t.Fatalf("Write = %d, %v", n, err)
	}
	if err := p.Drain(); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, len(all))
	if _, err := io.ReadFull(pty, got); err != nil || !bytes.Equal(got, all) {
		t.Fatalf("the terminal got % X (%v)", got, err)
	}
	if _, err := pty.Write(all); err != nil {
		t.Fatal(err)
	}
	p.SetReadDeadline(time.Now().Add(far))
	clear(got)
	if _, err := io.ReadFull(p, got); err != nil || !bytes.Equal(got, all) {
		t.Fatalf("the port got % X (%v)", got, err)
	}
}

func TestReadGivesUpAtItsDeadline(t *testing.T) {
	_, p := openPTY(t, uart.Opts{})
	p.SetReadDeadline(time.Now().Add(time.Millisecond))
	if _, err := p.Read(make([]byte, 1)); err != os.ErrDeadlineExceeded {
		t.Fatalf("Read = %v, want os.ErrDeadlineExceeded", err)
	}
}

func TestWriteNobodyTakesGivesUpAtItsDeadline(t *testing.T) {
	_, p := openPTY(t, uart.Opts{})
	big := make([]byte, 1<<20) // more than a terminal buffers
	p.SetWriteDeadline(time.Now().Add(20 * time.Millisecond))
	n, err := p.Write(big)
	if err != os.ErrDeadlineExceeded || n == 0 || n == len(big) {
		t.Fatalf("Write = %d, %v, want part of it and os.ErrDeadlineExceeded", n, err)
	}
	if err := p.FlushOutput(); err != nil {
		t.Fatal(err)
	}
}

func TestCloseFreesReaderAndWriter(t *testing.T) {
	_, p := openPTY(t, uart.Opts{})
	errs := make(chan error, 2)
	go func() {
		_, err := p.Read(make([]byte, 1))
		errs <- err
	}()
	go func() {
		_, err := p.Write(make([]byte, 1<<20))
		errs <- err
	}()
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-errs; !errors.Is(err, uart.ErrClosed) {
			t.Errorf("after Close: %v, want ErrClosed", err)
		}
	}
	if err := p.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	for name, op := range map[string]func() error{
		"Drain": p.Drain, "FlushInput": p.FlushInput, "FlushOutput": p.FlushOutput,
		"Connect": func() error {
			_, err := p.Connect(9600*physic.Hertz, puart.One, puart.NoParity, puart.NoFlow, 8)
			return err
		},
	} {
		if err := op(); !errors.Is(err, uart.ErrClosed) {
			t.Errorf("%s after Close: %v, want ErrClosed", name, err)
		}
	}
}

func TestUnplug(t *testing.T) {
	pty, p := openPTY(t, uart.Opts{})
	errs := make(chan error, 1)
	go func() {
		_, err := p.Read(make([]byte, 1)) // no deadline: only the hang-up can end it
		errs <- err
	}()
	pty.Close()
	if err := <-errs; !errors.Is(err, uart.ErrUnplugged) {
		t.Errorf("blocked Read: %v, want ErrUnplugged", err)
	}
	if _, err := p.Read(make([]byte, 1)); !errors.Is(err, uart.ErrUnplugged) {
		t.Errorf("Read: %v, want ErrUnplugged", err)
	}
	if _, err := p.Write([]byte{1}); !errors.Is(err, uart.ErrUnplugged) {
		t.Errorf("Write: %v, want ErrUnplugged", err)
	}
	if err := p.FlushInput(); !errors.Is(err, uart.ErrUnplugged) {
		t.Errorf("FlushInput: %v, want ErrUnplugged", err)
	}
	if err := p.Tx([]byte{1}, make([]byte, 2)); !errors.Is(err, uart.ErrUnplugged) {
		t.Errorf("Tx: %v, want ErrUnplugged", err)
	}
}

func TestOpenThroughALink(t *testing.T) {
	pty, err := sim.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "usb-FTDI_FT232R_A50285BI-if00-port0")
	if err := pty.Link(link); err != nil {
		t.Fatal(err)
	}
	for range 2 { // closing does not hang the terminal up
		p, err := uart.Open(link, uart.Opts{})
		if err != nil {
			t.Fatal(err)
		}
		if p.String() != link {
			t.Errorf("String = %q", p)
		}
		p.Close()
	}
	pty.Close()
	if _, err := uart.Open(link, uart.Opts{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Open after unplugging: %v, want not-exist", err)
	}
}

func TestOpenErrorsSayWhatToDo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path string
		o    uart.Opts
		want string
	}{
		{"/dev/no-such-tty", uart.Opts{}, "ls /dev/serial/by-id"},
		{file, uart.Opts{}, "not a serial port"},
		{"/dev/null", uart.Opts{}, "port"},
		{"/dev/ttyX", uart.Opts{Baud: 7}, "7 baud"},
		{"/dev/ttyX", uart.Opts{Bits: 9}, "9 data bits"},
		{"/dev/ttyX", uart.Opts{Stop: puart.OneHalf}, "stop bits"},
		{"/dev/ttyX", uart.Opts{Parity: 'Q'}, "parity"},
		{"/dev/ttyX", uart.Opts{Flow: 1}, "flow control"},
	} {
		_, err := uart.Open(c.path, c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.path) {
			t.Errorf("Open(%s, %+v) = %v, want it to name the path and say %q", c.path, c.o, err, c.want)
		}
	}
}

func TestConnectSetsTheLine(t *testing.T) {
	pty, p := openPTY(t, uart.Opts{Baud: 57600, Flow: puart.RTSCTS})
	if tio := termios(t, pty.Path()); tio.Cflag&unix.CBAUD != unix.B57600 || tio.Cflag&unix.CRTSCTS == 0 {
		t.Fatalf("after Open: cflag %o, want B57600 with CRTSCTS", tio.Cflag)
	}
	c, err := p.Connect(115200*physic.Hertz, puart.Two, puart.Even, puart.XOnXOff, 7)
	if err != nil {
		t.Fatal(err)
	}
	if c.String() != pty.Path() {
		t.Errorf("conn %v", c)
	}
	tio := termios(t, pty.Path())
	// A pseudo terminal has no wire: the kernel always gives it 8 bits and no parity.
	if got := tio.Cflag & (unix.CBAUD | unix.CSTOPB | unix.CRTSCTS); got != unix.B57600|unix.CSTOPB {
		t.Errorf("cflag %o, want the slower speed, two stop bits, no RTS/CTS", got)
	}
	if tio.Iflag&(unix.IXON|unix.IXOFF) != unix.IXON|unix.IXOFF || tio.Cc[unix.VSTART] != 0x11 || tio.Cc[unix.VSTOP] != 0x13 {
		t.Errorf("iflag %o start %#x stop %#x, want XON/XOFF", tio.Iflag, tio.Cc[unix.VSTART], tio.Cc[unix.VSTOP])
	}
	if err := p.LimitSpeed(9600 * physic.Hertz); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Connect(115200*physic.Hertz, puart.One, puart.NoParity, puart.NoFlow, 8); err != nil {
		t.Fatal(err)
	}
	if tio := termios(t, pty.Path()); tio.Cflag&unix.CBAUD != unix.B9600 || tio.Iflag&unix.IXON != 0 {
		t.Errorf("cflag %o iflag %o, want 9600 without flow control", tio.Cflag, tio.Iflag)
	}
	if _, err := p.Connect(0, puart.One, puart.NoParity, puart.NoFlow, 8); err == nil {
		t.Error("Connect at 0 Hz: no error")
	}
	if err := p.LimitSpeed(0); err == nil {
		t.Error("LimitSpeed(0): no error")
	}
}

func TestTxAndFlushInput(t *testing.T) {
	pty, p := openPTY(t, uart.Opts{})
	pty.Write([]byte("stale"))
	p.SetReadDeadline(time.Now().Add(far))
	if _, err := p.Read(make([]byte, 1)); err != nil { // the stale bytes have arrived
		t.Fatal(err)
	}
	if err := p.FlushInput(); err != nil {
		t.Fatal(err)
	}
	go func() {
		b := make([]byte, 2)
		io.ReadFull(pty, b)
		pty.Write([]byte{b[1], b[0]})
	}()
	r := make([]byte, 2)
	if err := p.Tx([]byte("ab"), r); err != nil || string(r) != "ba" {
		t.Fatalf("Tx = %q, %v", r, err)
	}
	p.SetReadDeadline(time.Now().Add(-time.Second))
	if err := p.Tx(nil, r); err != os.ErrDeadlineExceeded {
		t.Fatalf("Tx = %v, want os.ErrDeadlineExceeded", err)
	}
}

func TestRegister(t *testing.T) {
	pty, err := sim.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	defer pty.Close()
	dev := filepath.Join(t.TempDir(), "ttyTEST0")
	if err := pty.Link(dev); err != nil {
		t.Fatal(err)
	}
	if err := uart.Register(dev, -1, uart.Opts{}); err != nil {
		t.Fatal(err)
	}
	defer uartreg.Unregister(dev)
	for _, name := range []string{dev, "ttyTEST0"} {
		p, err := uartreg.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		p.Close()
	}
	if err := uart.Register(dev, -1, uart.Opts{}); err == nil {
		t.Error("registered twice without an error")
	}
}

// Real flow control: the other side says XOFF, a write stops and gives up at its
// deadline; after XON it goes on.
func TestWriteStoppedByFlowControl(t *testing.T) {
	pty, p := openPTY(t, uart.Opts{Flow: puart.XOnXOff})
	say := func(b byte) { // and wait until the kernel has taken it
		t.Helper()
		if _, err := pty.Write([]byte{b, 'x'}); err != nil {
			t.Fatal(err)
		}
		p.SetReadDeadline(time.Now().Add(far))
		got := make([]byte, 1)
		if _, err := p.Read(got); err != nil || got[0] != 'x' {
			t.Fatalf("%q, %v: XON and XOFF are no data", got, err)
		}
	}
	say(0x13)
	p.SetWriteDeadline(time.Now().Add(5 * time.Millisecond))
	if n, err := p.Write([]byte("stop")); n != 0 || err != os.ErrDeadlineExceeded {
		t.Fatalf("Write after XOFF = %d, %v", n, err)
	}
	say(0x11)
	p.SetWriteDeadline(time.Now().Add(far))
	if n, err := p.Write([]byte("go")); n != 2 || err != nil {
		t.Fatalf("Write after XON = %d, %v", n, err)
	}
	got := make([]byte, 2)
	if _, err := io.ReadFull(pty, got); err != nil || string(got) != "go" {
		t.Fatalf("%q, %v", got, err)
	}
	say(0x13)
	if err := p.Close(); err != nil { // does not wait for XON
		t.Fatal(err)
	}
}
