package usblp

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// far is a deadline that a passing test never reaches.
const far = 20 * time.Second

func TestBytesGoBothWays(t *testing.T) {
	b := newBench(t)
	p := b.port()
	p.SetReadDeadline(time.Now().Add(far))
	p.SetWriteDeadline(time.Now().Add(far))
	if n, err := p.Write([]byte("\x10\x04\x01")); n != 3 || err != nil {
		t.Fatalf("Write = %d, %v", n, err)
	}
	got := make([]byte, 3)
	if _, err := io.ReadFull(b.printer, got); err != nil || string(got) != "\x10\x04\x01" {
		t.Fatalf("the printer got % X, %v", got, err)
	}
	b.say("\x12")
	if n, err := p.Read(got); n != 1 || got[0] != 0x12 || err != nil {
		t.Fatalf("Read = %d, % X, %v", n, got[:n], err)
	}
	if err := p.Drain(); err != nil {
		t.Errorf("Drain: %v", err)
	}
	if p.WriteOnly() || p.String() != "/dev/usb/lp0" {
		t.Errorf("WriteOnly %t, String %q", p.WriteOnly(), p)
	}
}

// fill writes until the printer takes no more and the deadline has come.
func fill(t *testing.T, p *Port) {
	t.Helper()
	for n := 0; n == 0; { // a slow machine may meet the deadline before it wrote anything
		var err error
		p.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
		if n, err = p.Write(make([]byte, 4<<20)); err != os.ErrDeadlineExceeded || n == 4<<20 {
			t.Fatalf("Write = %d, %v, want a part of it and os.ErrDeadlineExceeded", n, err)
		}
	}
}

func TestDeadlines(t *testing.T) {
	b := newBench(t)
	p := b.port()
	p.SetReadDeadline(time.Now().Add(time.Millisecond))
	if _, err := p.Read(make([]byte, 1)); err != os.ErrDeadlineExceeded {
		t.Errorf("Read = %v", err)
	}
	fill(t, p)
	if err := p.Drain(); err != os.ErrDeadlineExceeded {
		t.Errorf("Drain = %v", err)
	}
}

func TestCloseFreesReaderAndWriter(t *testing.T) {
	for _, protocol := range []int32{1, 2} {
		b := newBench(t)
		b.protocol = protocol
		p := b.port()
		errs := make(chan error, 2)
		go func() {
			_, err := p.Read(make([]byte, 1))
			errs <- err
		}()
		go func() {
			_, err := p.Write(make([]byte, 4<<20))
			errs <- err
		}()
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := <-errs; !errors.Is(err, ErrClosed) {
				t.Errorf("7/1/%d: after Close: %v", protocol, err)
			}
		}
		if err := p.Close(); err != nil {
			t.Errorf("second Close: %v", err)
		}
		for name, op := range map[string]func() error{
			"Drain": p.Drain, "FlushOutput": p.FlushOutput,
			"SetReadDeadline": func() error { return p.SetReadDeadline(time.Now()) },
			"DeviceID":        func() error { _, err := p.DeviceID(); return err },
			"PortStatus":      func() error { _, _, _, err := p.PortStatus(); return err },
		} {
			if err := op(); !errors.Is(err, ErrClosed) {
				t.Errorf("7/1/%d: %s after Close: %v", protocol, name, err)
			}
		}
	}
}

func TestUnplug(t *testing.T) {
	for _, protocol := range []int32{1, 2} {
		b := newBench(t)
		b.protocol = protocol
		p := b.port()
		errs := make(chan error, 1)
		go func() {
			_, err := p.Read(make([]byte, 1)) // no deadline: only the end of the printer ends it
			errs <- err
		}()
		b.set(func() { b.gone = true })
		b.printer.Close()
		if err := <-errs; !errors.Is(err, ErrUnplugged) {
			t.Errorf("7/1/%d: waiting Read: %v", protocol, err)
		}
		if _, err := p.Write([]byte{1}); !errors.Is(err, ErrUnplugged) {
			t.Errorf("Write: %v", err)
		}
		if err := p.Drain(); !errors.Is(err, ErrUnplugged) {
			t.Errorf("Drain: %v", err)
		}
		if _, _, known, err := p.PortStatus(); known || !errors.Is(err, ErrUnplugged) {
			t.Errorf("PortStatus: %t, %v", known, err)
		}
		if _, err := p.DeviceID(); !errors.Is(err, ErrUnplugged) {
			t.Errorf("DeviceID: %v", err)
		}
	}
}

func TestWriteOnly(t *testing.T) {
	b := newBench(t)
	b.protocol = unidirectional
	p := b.port()
	if !p.WriteOnly() {
		t.Fatal("7/1/1 is not write-only")
	}
	b.say("x") // such a printer cannot; the kernel would not hand it over
	p.SetReadDeadline(time.Now().Add(2 * time.Millisecond))
	if _, err := p.Read(make([]byte, 1)); err != os.ErrDeadlineExceeded {
		t.Errorf("Read = %v", err)
	}
	if err := p.FlushInput(); err != nil {
		t.Errorf("FlushInput: %v", err)
	}
	p.SetWriteDeadline(time.Now().Add(far))
	if n, err := p.Write([]byte("slip")); n != 4 || err != nil {
		t.Errorf("Write = %d, %v", n, err)
	}
}

// An empty packet reads as zero bytes, like the end of a file; the printer is
// still there.
func TestEmptyPacketIsNotTheEnd(t *testing.T) {
	b := newBench(t)
	p := b.port()
	if err := unix.Shutdown(int(b.printer.Fd()), unix.SHUT_WR); err != nil { // reads give 0 from now on
		t.Fatal(err)
	}
	p.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if _, err := p.Read(make([]byte, 1)); err != os.ErrDeadlineExceeded {
		t.Errorf("Read = %v, want to wait for the deadline", err)
	}
	b.set(func() { b.gone = true })
	p.SetReadDeadline(time.Time{})
	if _, err := p.Read(make([]byte, 1)); !errors.Is(err, ErrUnplugged) {
		t.Errorf("Read = %v, want ErrUnplugged", err)
	}
}

func TestFlushInput(t *testing.T) {
	b := newBench(t)
	p := b.port()
	b.say("stale")
	p.SetReadDeadline(time.Now().Add(far))
	if n, err := p.Read(make([]byte, 1)); n != 1 || err != nil {
		t.Fatal(err)
	}
	p.SetReadDeadline(time.Now().Add(-time.Second)) // it does not matter here
	if err := p.FlushInput(); err != nil {
		t.Fatal(err)
	}
	b.say("!")
	p.SetReadDeadline(time.Now().Add(far))
	got := make([]byte, 8)
	if n, err := p.Read(got); string(got[:n]) != "!" || err != nil {
		t.Errorf("Read = %q, %v", got[:n], err)
	}
}

// What was given up must not come out later: the block goes with the old file, and
// the port works on, deadlines and a waiting Read included.
func TestFlushOutputDropsAndGoesOn(t *testing.T) {
	b := newBench(t)
	p := b.port()
	if err := p.FlushOutput(); err != nil || b.opens != 1 {
		t.Fatalf("nothing was queued: %v, opened %d times", err, b.opens)
	}
	read := make(chan error, 1)
	go func() {
		_, err := p.Read(make([]byte, 1))
		read <- err
	}()
	fill(t, p)
	if err := p.FlushOutput(); err != nil || b.opens != 2 {
		t.Fatalf("FlushOutput: %v, opened %d times", err, b.opens)
	}
	if _, err := p.Write([]byte("x")); err != os.ErrDeadlineExceeded {
		t.Errorf("the write deadline was forgotten: %v", err)
	}
	p.SetWriteDeadline(time.Now().Add(far))
	if _, err := p.Write([]byte("new")); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 8)
	if n, err := b.printer.Read(got); string(got[:n]) != "new" || err != nil {
		t.Errorf("the printer got %q, %v", got[:n], err)
	}
	b.say("!")
	if err := <-read; err != nil {
		t.Errorf("the Read that waited: %v", err)
	}
	fill(t, p)
	b.set(func() { b.openErr = &fs.PathError{Op: "open", Path: "/dev/usb/lp0", Err: fs.ErrNotExist} })
	if err := p.FlushOutput(); !errors.Is(err, ErrUnplugged) {
		t.Errorf("FlushOutput of a printer that is gone: %v", err)
	}
	if _, err := p.Write([]byte("x")); !errors.Is(err, ErrUnplugged) {
		t.Errorf("Write: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func TestPortStatus(t *testing.T) {
	b := newBench(t)
	p := b.port()
	for _, c := range []struct {
		status       int32
		err          error
		paper, fault bool
		known        bool
	}{
		{0x18, nil, false, false, true},
		{0x38, nil, true, false, true},
		{0x08, nil, false, true, true}, // off line
		{0x10, nil, false, true, true}, // an error
		{0x20, nil, true, true, true},
		{0xFF, nil, false, false, false},
		{0x19, nil, false, false, false},
		{0x18, unix.EIO, false, false, false},
		{0x18, unix.ENOTTY, false, false, false},
	} {
		b.set(func() { b.status, b.ioctlErr = c.status, c.err })
		paper, fault, known, err := p.PortStatus()
		if paper != c.paper || fault != c.fault || known != c.known || err != nil {
			t.Errorf("status %#x, %v: paper out %t, fault %t, known %t, %v", c.status, c.err, paper, fault, known, err)
		}
	}
}

func TestDeviceID(t *testing.T) {
	b := newBench(t)
	p := b.port()
	id, err := p.DeviceID()
	if err != nil || id.Maker != "EPSON" || id.Model != "TM-T88V" || id.Commands != "E" {
		t.Errorf("%+v, %v", id, err)
	}
	b.set(func() { b.id = "\x00\x02" })
	if _, err := p.DeviceID(); !errors.Is(err, ErrNoID) {
		t.Errorf("empty: %v", err)
	}
	b.set(func() { b.ioctlErr = unix.EIO })
	if _, err := p.DeviceID(); !errors.Is(err, ErrNoID) {
		t.Errorf("EIO: %v", err)
	}
}

func TestOpenErrorsSayWhatToDo(t *testing.T) {
	for _, c := range []struct {
		err  error
		is   error
		want string
	}{
		{syscall.EBUSY, ErrBusy, "CUPS"},
		{syscall.EACCES, fs.ErrPermission, "group lp"},
		{syscall.ENOENT, ErrUnplugged, "ls /dev/usb"},
		{syscall.ENODEV, ErrUnplugged, "unplugged"},
	} {
		b := newBench(t)
		b.openErr = &fs.PathError{Op: "open", Path: "/dev/usb/lp0", Err: c.err}
		_, err := open("/dev/usb/lp0", b)
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) || strings.Count(err.Error(), "/dev/usb/lp0") != 1 {
			t.Errorf("%v: %v", c.err, err)
		}
	}
	b := newBench(t)
	b.gone = true
	if _, err := open("/dev/usb/lp0", b); !errors.Is(err, ErrUnplugged) {
		t.Errorf("pulled out while it was opened: %v", err)
	}
	file := filepath.Join(t.TempDir(), "lp0")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(file, Opts{}); err == nil || !strings.Contains(err.Error(), "not a printer port") {
		t.Errorf("a file: %v", err)
	}
	if _, err := Open(file+"x", Opts{}); !errors.Is(err, ErrUnplugged) {
		t.Errorf("nothing: %v", err)
	}
}
