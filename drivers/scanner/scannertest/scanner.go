// Package scannertest is a 2D scanner of the GM65 class made of software, at
// byte level: it sends codes with the end, the pieces and the noise one asks
// for, and answers the register protocol of the manual named in package scanner.
// It knows nothing of the driver, so the driver that ships is the one tested.
package scannertest

import (
	"errors"
	"io"
	"sync"
	"time"

	"jobhome/drivers/sim"
)

// ErrUnplugged is returned by Dial between Unplug and Replug.
var ErrUnplugged = errors.New("scannertest: scanner is unplugged")

// Opts is how a scanner differs from one that sends a code in one piece with
// nothing after it, and that knows no registers.
type Opts struct {
	Tail  string        // after every code: "\r", "\n", "\r\n" or ""
	Split int           // bytes of one piece; 0 sends a code whole
	Pause time.Duration // between two pieces
	// Registers makes it a GM65, which adds CR once its register says so.
	Registers bool
}

// Scanner is one scanner. Its methods may be called from any goroutine.
type Scanner struct {
	o Opts

	mu        sync.Mutex
	end       *sim.PipeEnd
	unplugged bool
	dead      bool
	stubborn  bool
	corrupt   int
	refuse    int
	delay     time.Duration
	regs      map[uint16]byte
	got       []byte // bytes of a request that is not whole yet
	requests  int
	bytesIn   int
}

// The registers it knows, and what they hold when it is delivered: reading by
// hand, light and sound on, no tail.
const (
	regMode   = 0x0000
	regOutput = 0x0060
)

// New returns a scanner that is plugged in.
func New(o Opts) *Scanner {
	return &Scanner{o: o, regs: map[uint16]byte{regMode: 0xD4, regOutput: 0x00}}
}

// Dial opens the line; the line before, if any, is cut.
func (s *Scanner) Dial() (*sim.PipeEnd, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.unplugged {
		return nil, ErrUnplugged
	}
	if s.end != nil {
		s.end.Close()
	}
	ours, theirs := sim.Pipe()
	s.end, s.got = ours, nil
	go s.serve(ours) // ends when either end is closed
	return theirs, nil
}

// Show holds a code to the window for one reading. It returns when the code has
// been sent. Nothing is sent while nobody listens.
func (s *Scanner) Show(code string) {
	s.mu.Lock()
	tail := s.o.Tail
	if s.o.Registers && s.regs[regOutput]&1 != 0 {
		tail = "\r"
	}
	s.mu.Unlock()
	s.Noise([]byte(code + tail))
}

// Noise sends bytes as they are, in pieces.
func (s *Scanner) Noise(b []byte) {
	for len(b) > 0 {
		n := len(b)
		if s.o.Split > 0 {
			n = min(n, s.o.Split)
		}
		s.mu.Lock()
		if s.end != nil && !s.dead {
			_, _ = s.end.Write(b[:n]) // nobody may be listening
		}
		s.mu.Unlock()
		if b = b[n:]; len(b) > 0 && s.o.Pause > 0 {
			time.Sleep(s.o.Pause)
		}
	}
}

// Unplug pulls the cable.
func (s *Scanner) Unplug() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unplugged = true
	if s.end != nil {
		s.end.Close()
		s.end = nil
	}
}

// Replug puts the cable back. What was set and not saved is lost.
func (s *Scanner) Replug() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unplugged = false
	s.regs[regMode], s.regs[regOutput] = 0xD4, 0
}

// Dead makes the scanner say nothing at all.
func (s *Scanner) Dead(on bool) { s.set(func() { s.dead = on }) }

// Stubborn makes the scanner answer that a setting is done, and not do it.
func (s *Scanner) Stubborn(on bool) { s.set(func() { s.stubborn = on }) }

// CorruptNext damages the next n answers.
func (s *Scanner) CorruptNext(n int) { s.set(func() { s.corrupt = n }) }

// RefuseNext answers the next n requests with a type that is not success.
func (s *Scanner) RefuseNext(n int) { s.set(func() { s.refuse = n }) }

// Delay makes every answer late.
func (s *Scanner) Delay(d time.Duration) { s.set(func() { s.delay = d }) }

func (s *Scanner) set(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// Register is what a register holds.
func (s *Scanner) Register(addr uint16) byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.regs[addr]
}

// Received is how many bytes the scanner was sent, and how many requests with a
// right checksum were among them.
func (s *Scanner) Received() (bytes, requests int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytesIn, s.requests
}

func (s *Scanner) serve(end io.ReadWriter) {
	buf := make([]byte, 64)
	for {
		n, err := end.Read(buf)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.bytesIn += n
		s.got = append(s.got, buf[:n]...)
		reply := s.answer()
		delay := s.delay
		s.mu.Unlock()
		if len(reply) == 0 {
			continue
		}
		if delay > 0 {
			time.Sleep(delay)
		}
		if _, err := end.Write(reply); err != nil {
			return
		}
	}
}
