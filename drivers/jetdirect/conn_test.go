package jetdirect_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"jobhome/drivers/jetdirect"
)

// far is a deadline that a passing test never reaches.
const far = 20 * time.Second

// big is more than the kernel buffers for a connection to itself.
var big = make([]byte, 16<<20)

// dial connects to a printer of which the test has the other end.
func dial(t *testing.T, o jetdirect.Opts) (*net.TCPConn, *jetdirect.Conn) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	c, err := jetdirect.Dial(l.Addr().String(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	printer, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { printer.Close() })
	if c.String() != l.Addr().String() {
		t.Errorf("String %q", c)
	}
	return printer.(*net.TCPConn), c
}

// fill writes until the printer takes no more, and returns how much it was. A slow
// machine may meet a deadline before it wrote anything, so one refusal is not enough.
func fill(t *testing.T, c *jetdirect.Conn) (all int) {
	t.Helper()
	for refused := 0; refused < 3; {
		c.SetWriteDeadline(time.Now().Add(30 * time.Millisecond))
		n, err := c.Write(big)
		if err != os.ErrDeadlineExceeded {
			t.Fatalf("Write = %d, %v, want os.ErrDeadlineExceeded", n, err)
		}
		if refused++; n > 0 || all == 0 {
			refused = 0
		}
		all += n
	}
	return all
}

func TestBytesGoBothWays(t *testing.T) {
	printer, c := dial(t, jetdirect.Opts{})
	c.SetReadDeadline(time.Now().Add(far))
	c.SetWriteDeadline(time.Now().Add(far))
	if n, err := c.Write([]byte("\x10\x04\x01")); n != 3 || err != nil {
		t.Fatalf("Write = %d, %v", n, err)
	}
	if err := c.Drain(); err != nil {
		t.Fatalf("Drain: %v", err)
	}
	got := make([]byte, 3)
	if _, err := io.ReadFull(printer, got); err != nil || string(got) != "\x10\x04\x01" {
		t.Fatalf("the printer got % X, %v", got, err)
	}
	printer.Write([]byte("\x12"))
	if n, err := c.Read(got); n != 1 || got[0] != 0x12 || err != nil {
		t.Fatalf("Read = %d, % X, %v", n, got[:n], err)
	}
}

func TestDeadlines(t *testing.T) {
	_, c := dial(t, jetdirect.Opts{})
	c.SetReadDeadline(time.Now().Add(time.Millisecond))
	if _, err := c.Read(make([]byte, 1)); err != os.ErrDeadlineExceeded {
		t.Errorf("Read = %v", err)
	}
	fill(t, c)
	if err := c.Drain(); err != os.ErrDeadlineExceeded {
		t.Errorf("Drain = %v", err)
	}
}

func TestCloseFreesReaderAndWriter(t *testing.T) {
	_, c := dial(t, jetdirect.Opts{Linger: time.Millisecond})
	fill(t, c)
	c.SetWriteDeadline(time.Time{})
	errs := make(chan error, 2)
	go func() {
		_, err := c.Read(make([]byte, 1))
		errs <- err
	}()
	go func() {
		_, err := c.Write(make([]byte, 1<<20))
		errs <- err
	}()
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-errs; !errors.Is(err, jetdirect.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}
	if err := c.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
	for name, op := range map[string]func() error{
		"Drain": c.Drain, "FlushInput": c.FlushInput, "FlushOutput": c.FlushOutput,
		"SetReadDeadline":  func() error { return c.SetReadDeadline(time.Now()) },
		"SetWriteDeadline": func() error { return c.SetWriteDeadline(time.Now()) },
	} {
		if err := op(); !errors.Is(err, jetdirect.ErrClosed) {
			t.Errorf("%s after Close: %v", name, err)
		}
	}
}

func TestPrinterGoes(t *testing.T) {
	for name, leave := range map[string]func(*net.TCPConn){
		"in order": func(p *net.TCPConn) { p.Close() },
		"reset":    func(p *net.TCPConn) { p.SetLinger(0); p.Close() },
	} {
		printer, c := dial(t, jetdirect.Opts{})
		errs := make(chan error, 1)
		go func() {
			_, err := c.Read(make([]byte, 1)) // no deadline: only the printer ends it
			errs <- err
		}()
		leave(printer)
		if err := <-errs; !errors.Is(err, jetdirect.ErrUnplugged) {
			t.Errorf("%s: Read: %v", name, err)
		}
		var err error
		for err == nil { // the first bytes are still taken
			_, err = c.Write(make([]byte, 1<<10))
		}
		if !errors.Is(err, jetdirect.ErrUnplugged) {
			t.Errorf("%s: Write: %v", name, err)
		}
		if err := c.Close(); err != nil {
			t.Errorf("%s: Close: %v", name, err)
		}
	}
}

// A printer that confirms nothing is gone after Opts.Dead, without any deadline.
// Here it is alive and takes nothing, which the kernel counts the same.
func TestDeadPrinterIsNoticed(t *testing.T) {
	_, c := dial(t, jetdirect.Opts{Dead: 300 * time.Millisecond})
	if _, err := c.Write(big); !errors.Is(err, jetdirect.ErrUnplugged) {
		t.Errorf("Write = %v, want ErrUnplugged", err)
	}
	if err := c.Drain(); !errors.Is(err, jetdirect.ErrUnplugged) {
		t.Errorf("Drain = %v", err)
	}
}

// The end of a slip reaches a printer that is slow, although it has said something
// that nobody read.
func TestCloseDeliversTheTail(t *testing.T) {
	printer, c := dial(t, jetdirect.Opts{Linger: far})
	printer.Write([]byte("\x12\x12\x12"))
	slip := bytes.Repeat([]byte("slip "), 4000)
	if _, err := c.Write(slip); err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	go func() { closed <- c.Close() }()
	printer.Write([]byte("\x12"))
	got, err := io.ReadAll(printer)
	if err != nil || !bytes.Equal(got, slip) {
		t.Errorf("the printer got %d of %d bytes, %v", len(got), len(slip), err)
	}
	printer.Close()
	if err := <-closed; err != nil {
		t.Errorf("Close: %v", err)
	}
}

// What a printer does not take is dropped and does not come out later.
func TestWhatIsGivenUpDoesNotComeLater(t *testing.T) {
	for name, end := range map[string]func(c *jetdirect.Conn) error{
		"Close": (*jetdirect.Conn).Close, "FlushOutput": (*jetdirect.Conn).FlushOutput,
	} {
		printer, c := dial(t, jetdirect.Opts{Linger: time.Millisecond})
		sent := fill(t, c)
		if err := end(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got, err := io.Copy(io.Discard, printer)
		if got >= int64(sent) || !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("%s: the printer got %d of %d bytes, %v", name, got, sent, err)
		}
	}
}

func TestFlushOutput(t *testing.T) {
	printer, c := dial(t, jetdirect.Opts{})
	if err := c.FlushOutput(); err != nil {
		t.Fatal(err)
	}
	c.SetWriteDeadline(time.Now().Add(far))
	if _, err := c.Write([]byte("x")); err != nil {
		t.Fatalf("after a flush of nothing: %v", err)
	}
	io.ReadFull(printer, make([]byte, 1))
	fill(t, c)
	if err := c.FlushOutput(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Write([]byte("x")); !errors.Is(err, jetdirect.ErrDropped) {
		t.Errorf("Write: %v", err)
	}
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, jetdirect.ErrDropped) {
		t.Errorf("Read: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestFlushInput(t *testing.T) {
	printer, c := dial(t, jetdirect.Opts{})
	printer.Write([]byte("stale"))
	c.SetReadDeadline(time.Now().Add(far))
	if _, err := c.Read(make([]byte, 1)); err != nil { // it has arrived
		t.Fatal(err)
	}
	if err := c.FlushInput(); err != nil {
		t.Fatal(err)
	}
	printer.Write([]byte("!"))
	got := make([]byte, 8)
	if n, err := c.Read(got); string(got[:n]) != "!" || err != nil {
		t.Errorf("Read = %q, %v", got[:n], err)
	}
	printer.Close()
	if _, err := c.Read(got); !errors.Is(err, jetdirect.ErrUnplugged) {
		t.Errorf("Read = %v", err)
	}
	if err := c.FlushInput(); err != nil { // the end is for Read to tell
		t.Errorf("FlushInput at the end: %v", err)
	}
}

func TestDialErrorsSayWhatToDo(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free := l.Addr().String()
	l.Close()
	if _, err := jetdirect.Dial(free, jetdirect.Opts{}); !errors.Is(err, jetdirect.ErrRefused) || !strings.Contains(err.Error(), "another computer") {
		t.Errorf("refused: %v", err)
	}
	if _, err := jetdirect.Dial("", jetdirect.Opts{}); err == nil || !strings.Contains(err.Error(), "no host") {
		t.Errorf("no host: %v", err)
	}
	full := crowded(t)
	_, err = jetdirect.Dial(full, jetdirect.Opts{Timeout: 50 * time.Millisecond})
	if !errors.Is(err, jetdirect.ErrUnplugged) || !strings.Contains(err.Error(), "switched on") || strings.Count(err.Error(), full) != 1 {
		t.Errorf("no answer: %v", err)
	}
}

// crowded is the address of a socket whose queue of connections is full, so that
// the kernel does not answer any more.
func crowded(t *testing.T) string {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	sa, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	addr := fmt.Sprintf("127.0.0.1:%d", sa.(*unix.SockaddrInet4).Port)
	for range 10 {
		c, err := net.DialTimeout("tcp", addr, 50*time.Millisecond)
		if err != nil {
			return addr
		}
		t.Cleanup(func() { c.Close() })
	}
	t.Skip("this kernel answers on a full queue")
	return ""
}
