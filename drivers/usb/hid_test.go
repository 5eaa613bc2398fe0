package usb

import (
	"bytes"
	"errors"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// hidPair is a HID on one end of a socket that keeps packets apart, as hidraw
// does.
func hidPair(t *testing.T) (*HID, int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	h, err := newHID("hidraw0", os.NewFile(uintptr(fds[0]), "hidraw0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h, fds[1]
}

func TestHID(t *testing.T) {
	h, far := hidPair(t)
	report := bytes.Repeat([]byte{0xB1}, ReportLen)
	if n, err := h.Write(report); n != ReportLen || err != nil {
		t.Fatal(n, err)
	}
	got := make([]byte, 100)
	n, err := unix.Read(far, got)
	if err != nil || n != 65 || got[0] != 0 || !bytes.Equal(got[1:n], report) {
		t.Errorf("sent % X, %v", got[:max(n, 0)], err)
	}
	if bytes.Count(h.out[:], []byte{0}) != len(h.out) {
		t.Error("the report was kept")
	}
	for _, r := range [][]byte{report, bytes.Repeat([]byte{2}, ReportLen)} {
		if _, err := unix.Write(far, r); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []byte{0xB1, 2} {
		if n, err := h.Read(got); n != ReportLen || err != nil || got[0] != want {
			t.Errorf("% X, %v", got[:n], err)
		}
	}
	h.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := h.Read(got); err != os.ErrDeadlineExceeded {
		t.Errorf("deadline: %v", err)
	}
	h.SetReadDeadline(time.Time{})
	if _, err := h.Read(got[:10]); err == nil {
		t.Error("a report was read into 10 bytes")
	}
	if _, err := h.Write(got[:10]); err == nil {
		t.Error("10 bytes were sent as a report")
	}
	unix.Close(far)
	if _, err := h.Read(got); !errors.Is(err, ErrUnplugged) {
		t.Errorf("unplugged: %v", err)
	}
	if _, err := h.Write(report); !errors.Is(err, ErrUnplugged) {
		t.Errorf("unplugged: %v", err)
	}
}

func TestHIDClose(t *testing.T) {
	h, far := hidPair(t)
	defer unix.Close(far)
	done := make(chan error)
	go func() {
		_, err := h.Read(make([]byte, ReportLen))
		done <- err
	}()
	h.Close()
	h.Close()
	if err := <-done; !errors.Is(err, ErrClosed) {
		t.Errorf("%v, want ErrClosed", err)
	}
	if _, err := OpenHID(t.TempDir() + "/hidraw9"); !errors.Is(err, ErrUnplugged) {
		t.Errorf("no node: %v", err)
	}
}

// Opening and closing leaves no descriptor behind.
func TestHIDDescriptors(t *testing.T) {
	count := func() int {
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Skip("no /proc")
		}
		return len(fds)
	}
	before := count()
	for range 200 {
		h, far := hidPair(t)
		h.Close()
		unix.Close(far)
	}
	if after := count(); after > before {
		t.Errorf("%d descriptors, then %d", before, after)
	}
}
