package usb

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samusb"
	"jobhome/drivers/sim"
)

// socket is a USB socket on a machine: a card reader that may be plugged in, each
// time with another number.
type socket struct {
	t    *testing.T
	rd   *sim.Reader
	root string
	port string

	mu   sync.Mutex
	num  int
	fake *fake
	open int // handles not closed
}

// plug shows the reader in sysfs under the next number, all at once.
func (s *socket) plug() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.num++
	dir := filepath.Join(s.root, "new")
	for name, text := range map[string]string{
		"idVendor": "0400", "idProduct": "c35a", "busnum": "1", "devnum": string(rune('0' + s.num)),
		s.port + ":1.0/bInterfaceNumber": "00", s.port + ":1.0/bInterfaceClass": "ff",
	} {
		s.write(filepath.Join(dir, s.port, name), text)
	}
	for _, ep := range []string{"02", "06", "81", "85"} {
		e := filepath.Join(dir, s.port, s.port+":1.0/ep_"+ep)
		s.write(e+"/bEndpointAddress", ep)
		s.write(e+"/type", "Bulk")
		s.write(e+"/wMaxPacketSize", "0040")
	}
	all := filepath.Join(s.root, "bus/usb/devices")
	if err := errors.Join(os.MkdirAll(all, 0o755), os.Rename(filepath.Join(dir, s.port), filepath.Join(all, s.port))); err != nil {
		s.t.Error(err)
	}
}

func (s *socket) write(path, text string) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		s.t.Error(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Error(err)
	}
}

func (s *socket) pull() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.RemoveAll(filepath.Join(s.root, "bus/usb/devices", s.port)); err != nil {
		s.t.Error(err)
	}
	s.rd.Unplug()
	s.fake.pull()
}

// serve carries packets between the fake device and the simulated reader.
func (s *socket) serve(f *fake) error {
	u, err := s.rd.DialSplit()
	if err != nil {
		return err
	}
	f.out = func(ep byte, b []byte) syscall.Errno {
		p := u.HeadOut
		if ep == samusb.RestOut {
			p = u.RestOut
		}
		if _, err := p.Write(b); err != nil {
			return syscall.ESHUTDOWN
		}
		return 0
	}
	for ep, p := range map[byte]*sim.USBPipe{samusb.HeadIn: u.HeadIn, samusb.RestIn: u.RestIn} {
		go func() {
			for b := make([]byte, 64); ; {
				n, err := p.Read(b)
				if err != nil {
					return
				}
				f.feed(ep, append([]byte(nil), b[:n]...))
			}
		}()
	}
	return nil
}

// dial is what a program does to open a reader by its USB id.
func (s *socket) dial() (idcard.Wire, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, _, err := ParseURL("usb:0400:C35A")
	if err != nil {
		return nil, err
	}
	d, err := Host{Sys: s.root}.One(q)
	if err != nil {
		return nil, err
	}
	if d.Number != s.num {
		s.t.Errorf("opened number %d, want %d", d.Number, s.num)
	}
	if framing, err := samusb.Choose(d.Bulk()); framing != samusb.Split {
		s.t.Errorf("%v, %v", framing, err)
	}
	f := newFake()
	if err := s.serve(f); err != nil {
		return nil, err
	}
	h := newHandle(d, f) // here the test goes another way than Open
	if err := h.Claim(d.Interfaces[0].Number); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	s.fake, s.open = f, s.open+1
	var p samusb.Pipes
	errs := make([]error, 4)
	p.HeadOut, errs[0] = h.Out(samusb.HeadOut)
	p.RestOut, errs[1] = h.Out(samusb.RestOut)
	p.HeadIn, errs[2] = h.In(samusb.HeadIn)
	p.RestIn, errs[3] = h.In(samusb.RestIn)
	p.Closer = closer(func() error {
		s.mu.Lock()
		s.open--
		s.mu.Unlock()
		s.rd.Unplug() // ends the simulator's side
		s.rd.Replug()
		return h.Close()
	})
	return samusb.NewSplit(p), errors.Join(errs...)
}

type closer func() error

func (c closer) Close() error { return c() }

// The driver that ships reads cards through URBs, and finds its reader again
// after it was pulled out and plugged in, under another number and at another
// port.
func TestReaderByUSBID(t *testing.T) {
	root := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		s := &socket{t: t, rd: sim.NewReader(sim.ReaderOpts{}), root: root, port: "1-1.2"}
		s.plug()
		events := make(chan idcard.Event, 64)
		dev := idcard.New(s.dial, idcard.Opts{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- dev.Run(ctx, func(e idcard.Event) { events <- e }) }()
		next := func(k idcard.Kind) idcard.Event {
			t.Helper()
			select {
			case e := <-events:
				if e.Kind != k {
					t.Fatalf("%v (%v), want %v", e.Kind, e.Err, k)
				}
				return e
			case <-time.After(time.Minute):
				t.Fatalf("nothing, want %v", k)
			}
			return idcard.Event{}
		}
		next(idcard.Ready)
		dev.Arm()
		people := sim.People()
		for i, port := range []string{"1-1.2", "1-1.3", "1-1.3"} {
			s.rd.Place(people[i])
			next(idcard.Found)
			if c := next(idcard.Read).Card; string(c.Number) != people[i].Number {
				t.Error("another card was read")
			}
			s.rd.Lift()
			next(idcard.Removed)
			s.pull()
			if e := next(idcard.Down); !errors.Is(e.Err, ErrUnplugged) {
				t.Errorf("down: %v", e.Err)
			}
			time.Sleep(10 * time.Second)
			if st := dev.Stats(); !errors.Is(st.Reason, ErrNotFound) {
				t.Errorf("reason: %v", st.Reason)
			}
			s.port = port
			s.rd.Replug()
			s.plug()
			next(idcard.Ready)
		}
		cancel()
		<-done
		if s.open != 0 {
			t.Errorf("%d handles were not closed", s.open)
		}
	})
}
