package usb

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// reader is the device of the tests.
func reader() Device {
	return Device{ID: ID{0x0400, 0xC35A}, Port: "1-1", Interfaces: []Interface{{Endpoints: []Endpoint{
		{0x02, true, 64}, {0x06, true, 64}, {0x81, true, 64}, {0x85, true, 64}, {0x83, false, 64},
	}}}}
}

// onFake opens the fake device in a bubble, which ends only if no goroutine is
// left behind.
func onFake(t *testing.T, play func(t *testing.T, f *fake, h *Handle, in *In, out *Out)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFake()
		h := newHandle(reader(), f)
		in, err := h.In(0x81)
		if err != nil {
			t.Fatal(err)
		}
		out, err := h.Out(0x02)
		if err != nil {
			t.Fatal(err)
		}
		play(t, f, h, in, out)
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		if len(h.flying) != 0 {
			t.Errorf("%d transfers still fly", len(h.flying))
		}
	})
}

func TestRead(t *testing.T) {
	onFake(t, func(t *testing.T, f *fake, _ *Handle, in *In, _ *Out) {
		long := bytes.Repeat([]byte{0xC3}, 150)
		f.feed(0x81, []byte("seven b"), nil, long[:64], long[64:128], long[128:])
		buf := make([]byte, 256)
		for _, want := range [][]byte{[]byte("seven b"), long} {
			if n, err := in.Read(buf); err != nil || !bytes.Equal(buf[:n], want) {
				t.Fatalf("% X, %v", buf[:n], err)
			}
		}
		f.feed(0x81, []byte("split up"))
		if n, _ := in.Read(buf[:3]); string(buf[:n]) != "spl" {
			t.Errorf("%q", buf[:n])
		}
		if n, _ := in.Read(buf); string(buf[:n]) != "it up" {
			t.Errorf("%q", buf[:n])
		}
		if bytes.Count(in.buf, []byte{0}) != len(in.buf) {
			t.Errorf("left in the buffer: % X", in.buf)
		}
		f.feed(0x81, make([]byte, 65)) // more than a packet
		if _, err := in.Read(buf[:10]); !errors.Is(err, syscall.EOVERFLOW) {
			t.Errorf("overflow: %v", err)
		}
	})
}

func TestDeadlines(t *testing.T) {
	onFake(t, func(t *testing.T, f *fake, _ *Handle, in *In, out *Out) {
		start := time.Now()
		for _, wait := range []time.Duration{50 * time.Millisecond, 0, time.Second, -time.Second} {
			in.SetReadDeadline(time.Now().Add(wait))
			out.SetWriteDeadline(time.Now().Add(wait))
			before := time.Now()
			if _, err := in.Read(make([]byte, 8)); err != os.ErrDeadlineExceeded {
				t.Errorf("read: %v", err)
			}
			if n, err := out.Write([]byte("x")); n != 0 || err != os.ErrDeadlineExceeded {
				t.Errorf("write: %d, %v", n, err)
			}
			if took := time.Since(before); took != max(wait, 0) { // fake time: exact
				t.Errorf("%v took %v", wait, took)
			}
		}
		// A deadline moved while a Read waits for it.
		in.SetReadDeadline(start.Add(time.Hour))
		time.AfterFunc(time.Second, func() { in.SetReadDeadline(time.Now().Add(time.Second)) })
		before := time.Now()
		if _, err := in.Read(make([]byte, 8)); err != os.ErrDeadlineExceeded || time.Since(before) != 2*time.Second {
			t.Errorf("moved: %v after %v", err, time.Since(before))
		}
		// What came before the deadline is not lost with the transfer.
		in.SetReadDeadline(time.Now().Add(time.Second))
		f.feed(0x81, bytes.Repeat([]byte{7}, 64))
		buf := make([]byte, 256)
		if n, err := in.Read(buf); n != 64 || err != nil {
			t.Errorf("a full packet, then nothing: %d, %v", n, err)
		}
		in.SetReadDeadline(time.Time{})
		time.AfterFunc(24*time.Hour, func() { f.feed(0x81, []byte("late")) })
		if n, err := in.Read(buf); string(buf[:n]) != "late" || err != nil {
			t.Errorf("%q, %v", buf[:n], err)
		}
	})
}

func TestWrite(t *testing.T) {
	onFake(t, func(t *testing.T, f *fake, _ *Handle, _ *In, out *Out) {
		var got []byte
		f.out = func(ep byte, b []byte) syscall.Errno {
			if ep != 0x02 || len(b) > mostBytes {
				t.Errorf("%d bytes to %02X", len(b), ep)
			}
			got = append(got, b...)
			return 0
		}
		data := bytes.Repeat([]byte("0123456789"), 1000)
		if n, err := out.Write(data); n != len(data) || err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d, %v", n, err)
		}
		f.stall = true
		if _, err := out.Write(data); !errors.Is(err, syscall.EPIPE) || !slices.Contains(f.calls, reqClearHalt()) {
			t.Errorf("stall: %v", err)
		}
		if n, err := out.Write(data[:5]); n != 5 || err != nil {
			t.Errorf("after it: %d, %v", n, err)
		}
	})
}

func TestPulledOut(t *testing.T) {
	onFake(t, func(t *testing.T, f *fake, h *Handle, in *In, out *Out) {
		time.AfterFunc(time.Minute, f.pull)
		_, err := in.Read(make([]byte, 8))
		if !errors.Is(err, ErrUnplugged) || !strings.Contains(err.Error(), "0400:C35A at port 1-1") {
			t.Errorf("while waiting: %v", err)
		}
		if _, err := in.Read(make([]byte, 8)); !errors.Is(err, ErrUnplugged) {
			t.Errorf("read: %v", err)
		}
		if _, err := out.Write([]byte("x")); !errors.Is(err, ErrUnplugged) {
			t.Errorf("write: %v", err)
		}
		if err := h.Claim(0); !errors.Is(err, ErrUnplugged) {
			t.Errorf("claim: %v", err)
		}
	})
}

func TestCloseFreesWaitingTransfers(t *testing.T) {
	onFake(t, func(t *testing.T, f *fake, h *Handle, in *In, out *Out) {
		done := make(chan error)
		go func() {
			_, err := in.Read(make([]byte, 8))
			done <- err
		}()
		go func() {
			_, err := out.Write([]byte("x"))
			done <- err
		}()
		synctest.Wait()
		start := time.Now()
		if err := h.Close(); err != nil {
			t.Error(err)
		}
		for range 2 {
			if err := <-done; !errors.Is(err, ErrClosed) {
				t.Errorf("%v, want ErrClosed", err)
			}
		}
		if _, err := in.Read(make([]byte, 8)); !errors.Is(err, ErrClosed) || time.Since(start) != 0 {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// A kernel that does not give a cancelled transfer back is not waited for.
func TestStuckTransfer(t *testing.T) {
	onFake(t, func(t *testing.T, f *fake, _ *Handle, in *In, _ *Out) {
		f.stuck = true
		start := time.Now()
		in.SetReadDeadline(start.Add(time.Second))
		if _, err := in.Read(make([]byte, 8)); !errors.Is(err, ErrStuck) || time.Since(start) != time.Second+discardTime {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		in.SetReadDeadline(time.Time{})
		if _, err := in.Read(make([]byte, 8)); !errors.Is(err, ErrStuck) {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestClaim(t *testing.T) {
	onFake(t, func(t *testing.T, f *fake, h *Handle, _ *In, _ *Out) {
		f.driver = "usblp"
		if err := h.Claim(0); err != nil || f.driver != "" {
			t.Errorf("%v, bound to %q", err, f.driver)
		}
		h.Close()
		if f.driver != "back" || !slices.Contains(f.calls, reqRelease()) {
			t.Errorf("after Close bound to %q", f.driver)
		}
	})
	onFake(t, func(t *testing.T, f *fake, h *Handle, _ *In, _ *Out) {
		f.driver = "usbfs" // another program
		if err := h.Claim(0); !errors.Is(err, ErrBusy) {
			t.Errorf("busy: %v", err)
		}
		for _, addr := range []byte{0x02, 0x83, 0x84, 0x06} {
			if _, err := h.In(addr); err == nil {
				t.Errorf("endpoint %02X can be read", addr)
			}
		}
		if _, err := h.Out(0x81); err == nil {
			t.Error("endpoint 81 can be written")
		}
	})
	if _, err := Open(Device{Node: t.TempDir() + "/001"}); !errors.Is(err, ErrUnplugged) {
		t.Errorf("no node: %v", err)
	}
	path := t.TempDir() + "/file"
	os.WriteFile(path, nil, 0o600)
	if _, err := Open(Device{Node: path}); err == nil {
		t.Error("a plain file was opened as a device")
	}
}
