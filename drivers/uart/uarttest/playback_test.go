package uarttest_test

import (
	"errors"
	"io"
	"os"
	"reflect"
	"testing"

	"jobhome/drivers/uart/uarttest"
)

func TestPlayback(t *testing.T) {
	script := []uarttest.IO{
		{W: []byte("hello"), R: [][]byte{[]byte("wo"), []byte("rld")}},
		{W: []byte("silent?")},
		{W: []byte("bye"), R: [][]byte{[]byte("b")}, Err: io.EOF},
	}
	p := &uarttest.Playback{Ops: script}
	rec := uarttest.NewRecord(p)
	buf := make([]byte, 8)
	read := func(want string, wantErr error) {
		t.Helper()
		n, err := rec.Read(buf)
		if string(buf[:n]) != want || err != wantErr {
			t.Fatalf("Read = %q, %v, want %q, %v", buf[:n], err, want, wantErr)
		}
	}
	write := func(s string) {
		t.Helper()
		if n, err := rec.Write([]byte(s)); n != len(s) || err != nil {
			t.Fatalf("Write(%q) = %d, %v", s, n, err)
		}
	}
	read("", os.ErrDeadlineExceeded)
	write("hel")
	read("", os.ErrDeadlineExceeded)
	write("lo")
	read("wo", nil)
	read("rld", nil)
	read("", os.ErrDeadlineExceeded)
	write("silent?")
	read("", os.ErrDeadlineExceeded)
	// A silent exchange and the next one look the same on a wire, so the
	// recording starts afresh here.
	got := rec.Ops()
	if want := []uarttest.IO{script[0], {W: []byte("silent?")}}; !reflect.DeepEqual(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}
	write("bye")
	read("b", nil)
	read("", io.EOF)
	read("", io.EOF)
	if err := rec.Close(); err != nil {
		t.Errorf("Close after the whole script: %v", err)
	}
	if _, err := p.Write(nil); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Write after Close: %v", err)
	}
	if _, err := p.Read(buf); !errors.Is(err, os.ErrClosed) {
		t.Errorf("Read after Close: %v", err)
	}
}

func TestPlaybackCatchesADeparture(t *testing.T) {
	p := &uarttest.Playback{Ops: []uarttest.IO{{W: []byte{1, 2}}}}
	if _, err := p.Write([]byte{1, 3}); err == nil {
		t.Error("a wrong byte was accepted")
	}
	if _, err := p.Write([]byte{2}); err == nil {
		t.Error("the script went on after a departure")
	}
	if p.Close() == nil {
		t.Error("Close forgot the departure")
	}
	p = &uarttest.Playback{Ops: []uarttest.IO{{W: []byte{1}, R: [][]byte{{9}}}, {W: []byte{2}}}}
	p.Write([]byte{1})
	p.FlushInput()
	if _, err := p.Read(make([]byte, 1)); err != os.ErrDeadlineExceeded {
		t.Errorf("Read after FlushInput: %v", err)
	}
	if p.Close() == nil {
		t.Error("Close accepted half a script")
	}
	p = &uarttest.Playback{}
	if _, err := p.Write([]byte{1}); err == nil {
		t.Error("an empty script accepted a write")
	}
}
