package sim_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/sim"
)

func TestPipe(t *testing.T) {
	a, b := sim.Pipe()
	big := bytes.Repeat([]byte("x"), 1<<20)
	for _, e := range []*sim.PipeEnd{a, b} { // both write first: nobody waits
		if n, err := e.Write(big); n != len(big) || err != nil {
			t.Fatal(n, err)
		}
	}
	got := make([]byte, len(big))
	for _, e := range []*sim.PipeEnd{a, b} {
		if _, err := io.ReadFull(e, got); err != nil || !bytes.Equal(got, big) {
			t.Fatal(err)
		}
	}
	a.Write([]byte("stale"))
	b.FlushInput()
	a.Write([]byte("last"))
	a.Close()
	if n, err := b.Read(got); string(got[:n]) != "last" || err != nil {
		t.Errorf("after the other end closed: %q, %v", got[:n], err)
	}
	if _, err := b.Read(got); err != io.EOF {
		t.Errorf("then: %v, want io.EOF", err)
	}
	if _, err := b.Write([]byte("x")); err != io.ErrClosedPipe {
		t.Errorf("write to a cut wire: %v", err)
	}
	if _, err := a.Read(got); !errors.Is(err, os.ErrClosed) {
		t.Errorf("read of a closed end: %v", err)
	}
	a.Close()
	b.Close()
}

func TestPipeDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := sim.Pipe()
		start := time.Now()
		a.SetReadDeadline(start.Add(time.Hour))
		if _, err := a.Read(make([]byte, 1)); err != os.ErrDeadlineExceeded || time.Since(start) != time.Hour {
			t.Errorf("%v after %v", err, time.Since(start))
		}
		a.SetReadDeadline(time.Time{})
		go func() {
			time.Sleep(time.Hour)
			b.Write([]byte("x"))
		}()
		if n, err := a.Read(make([]byte, 9)); n != 1 || err != nil {
			t.Error(n, err)
		}
		go func() {
			time.Sleep(time.Hour)
			a.Close()
		}()
		if _, err := a.Read(make([]byte, 9)); err != os.ErrClosed {
			t.Error(err)
		}
	})
}

func TestPTYKeepsBytesAndSurvivesReopening(t *testing.T) {
	p, err := sim.OpenPTY()
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	link := filepath.Join(t.TempDir(), "by-id")
	if err := p.Link(link); err != nil {
		t.Fatal(err)
	}
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for range 2 {
		f, err := os.OpenFile(link, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(all); err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 256)
		p.SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, err := io.ReadFull(p, got); err != nil || !bytes.Equal(got, all) {
			t.Fatalf("% X, %v", got, err)
		}
		p.Write(all)
		clear(got)
		if _, err := io.ReadFull(f, got); err != nil || !bytes.Equal(got, all) {
			t.Fatalf("% X, %v", got, err)
		}
		f.Close()
	}
	p.SetReadDeadline(time.Now().Add(time.Millisecond))
	if _, err := p.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("silent terminal: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := p.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("closed terminal: %v", err)
	}
	if _, err := os.Lstat(link); !errors.Is(err, os.ErrNotExist) {
		t.Error("the link stays after Close")
	}
}
