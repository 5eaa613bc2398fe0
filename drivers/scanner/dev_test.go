package scanner_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/scanner"
	"jobhome/drivers/scanner/scannertest"
)

// The conformance suite: every way a scanner ends and splits a code gives the
// same events.
func TestEveryFraming(t *testing.T) {
	for _, tail := range []string{"\r", "\n", "\r\n", ""} {
		for _, split := range []int{0, 1, 2, 3, 7} {
			for _, pause := range []time.Duration{0, 20 * time.Millisecond} {
				so := scannertest.Opts{Tail: tail, Split: split, Pause: pause}
				onBench(t, so, scanner.Opts{}, func(b *bench) {
					b.next(scanner.Ready)
					b.s.Show("JH7-2KQ9-M4XA")
					b.scans("JH7-2KQ9-M4XA")
					time.Sleep(time.Second)
					b.s.Show("岗位：电焊工 №14")
					b.scans("岗位：电焊工 №14")
					b.silence(time.Minute)
					if n, _ := b.s.Received(); n != 0 {
						b.Errorf("the scanner was sent %d bytes", n)
					}
				})
			}
		}
	}
}

func TestTwoCodesInOneRead(t *testing.T) {
	onBench(t, scannertest.Opts{}, scanner.Opts{}, func(b *bench) {
		b.next(scanner.Ready)
		b.s.Noise([]byte("\r\n\none\r\rtwo\nthr"))
		b.scans("one")
		b.scans("two")
		b.scans("thr") // by silence
		b.silence(time.Minute)
	})
}

// A silence within a code ends it; the default is 50 ms.
func TestGap(t *testing.T) {
	so := scannertest.Opts{Split: 4, Pause: 60 * time.Millisecond}
	onBench(t, so, scanner.Opts{}, func(b *bench) {
		b.next(scanner.Ready)
		b.s.Show("abcdefgh")
		b.scans("abcd")
		b.scans("efgh")
	})
	onBench(t, so, scanner.Opts{Gap: 100 * time.Millisecond}, func(b *bench) {
		b.next(scanner.Ready)
		b.s.Show("abcdefgh")
		b.scans("abcdefgh")
	})
}

func TestHeldStill(t *testing.T) {
	onBench(t, scannertest.Opts{Tail: "\r"}, scanner.Opts{}, func(b *bench) {
		b.next(scanner.Ready)
		for range 100 { // for 50 s, with another code beside it
			b.s.Show("slip")
			b.s.Show("poster")
			time.Sleep(500 * time.Millisecond)
		}
		b.scans("slip")
		b.scans("poster")
		b.silence(time.Millisecond)
		time.Sleep(2400 * time.Millisecond) // 2.9 s since the last reading
		b.s.Show("slip")
		b.silence(2900 * time.Millisecond)
		time.Sleep(100 * time.Millisecond) // 3 s
		b.s.Show("slip")
		b.scans("slip")
		for _, c := range strings.Split("a b c d e f g h", " ") {
			b.s.Show(c)
			b.scans(c)
			time.Sleep(10 * time.Millisecond)
		}
		b.s.Show("slip") // eight others pushed it out
		b.scans("slip")
		b.s.Show("h")
		b.silence(time.Second)
	})
}

func TestIgnored(t *testing.T) {
	long := strings.Repeat("x", 1200)
	for name, c := range map[string]struct {
		code string
		want error // nil: scanned as text
		text string
	}{
		"16 digits":             {"6214850112345678", scanner.ErrPayment, ""},
		"18 digits":             {"134567890123456789", scanner.ErrPayment, ""},
		"24 digits":             {strings.Repeat("2", 24), scanner.ErrPayment, ""},
		"24 digits and noise":   {"\x00" + strings.Repeat("2", 24) + "\x7F", scanner.ErrPayment, ""},
		"15 digits":             {"690123456789012", nil, "690123456789012"},
		"25 digits":             {strings.Repeat("2", 25), nil, strings.Repeat("2", 25)},
		"digits and a letter":   {"11990018991231001X", nil, "11990018991231001X"},
		"1200 bytes":            {long, nil, long},
		"513 bytes":             {long + "y", scanner.ErrLong, ""},
		"100,000 bytes":         {strings.Repeat("长", 33334), scanner.ErrLong, ""},
		"no text":               {"\xFF\xFE\xFF", scanner.ErrNoText, ""},
		"half a GBK character":  {"\xC4", scanner.ErrNoText, ""},
		"GBK":                   {"\xB5\xE7\xBA\xB8\xB9\xA4", nil, "电焊工"},
		"GBK, the euro sign":    {strings.Repeat("\x80", 1200), nil, strings.Repeat("€", 1200)},
		"control characters":    {"a\x02\x1Bb\x7Fc\tde", nil, "abcde"},
		"C1 and byte order":     {"\uFEFFab\u0085c", nil, "abc"},
		"nothing but a C1 code": {"\u0085", nil, ""},
	} {
		onBench(t, scannertest.Opts{Tail: "\r"}, scanner.Opts{}, func(b *bench) {
			b.next(scanner.Ready)
			b.s.Show(c.code)
			switch {
			case c.want != nil:
				e := b.next(scanner.Ignored)
				if e.err != c.want || e.text != "" {
					b.Errorf("%s: %v %q, want %v", name, e.err, e.text, c.want)
				}
				b.s.Show(c.code)
			case c.text != "":
				b.scans(c.text)
			}
			b.silence(time.Second)
			b.s.Show("next")
			b.scans("next")
		})
	}
}

func TestUnplug(t *testing.T) {
	onBench(t, scannertest.Opts{Tail: "\r"}, scanner.Opts{}, func(b *bench) {
		b.next(scanner.Ready)
		b.s.Noise([]byte("hal")) // the cable goes in the middle of a code
		b.s.Unplug()
		if e := b.next(scanner.Down); e.err == nil || strings.Contains(e.err.Error(), "hal") {
			b.Errorf("down: %v", e.err)
		}
		b.silence(time.Minute) // said once
		b.s.Replug()
		back := time.Now()
		b.next(scanner.Ready)
		if d := time.Since(back); d > 8*time.Second {
			b.Errorf("seen after %v", d)
		}
		b.s.Show("f code")
		b.scans("f code")
	})
}

// A line that opens and fails at once is opened ever less often, and a line
// that has held for a while is opened again at once.
func TestBackoff(t *testing.T) {
	onBench(t, scannertest.Opts{}, scanner.Opts{}, func(b *bench) {
		var gaps []time.Duration
		for range 6 {
			b.next(scanner.Ready)
			b.s.Unplug()
			down := b.next(scanner.Down)
			b.s.Replug()
			gaps = append(gaps, b.next(scanner.Ready).at.Sub(down.at))
			b.s.Unplug()
			b.next(scanner.Down)
			b.s.Replug()
		}
		want := []time.Duration{1, 4, 8, 8, 8, 8}
		for i := range want {
			if gaps[i] != want[i]*time.Second {
				b.Errorf("gaps %v, want %v s", gaps, want)
				break
			}
		}
		b.next(scanner.Ready)
		time.Sleep(time.Minute)
		b.s.Unplug()
		down := b.next(scanner.Down)
		b.s.Replug()
		if d := b.next(scanner.Ready).at.Sub(down.at); d != time.Second {
			b.Errorf("after a minute: %v, want 1s", d)
		}
	})
}

func TestConfigure(t *testing.T) {
	for mode, want := range map[scanner.Mode]byte{scanner.Continuous: 0xD6, scanner.Induction: 0xD7} {
		onBench(t, scannertest.Opts{Registers: true}, scanner.Opts{Configure: mode}, func(b *bench) {
			b.next(scanner.Ready)
			check := func() {
				b.Helper()
				if m, o := b.s.Register(0), b.s.Register(0x60); m != want || o != 0x01 {
					b.Errorf("registers %02X %02X, want %02X 01", m, o, want)
				}
			}
			check()
			bytes, requests := b.s.Received()
			if bytes != 9*requests {
				b.Errorf("%d requests understood of %d bytes", requests, bytes)
			}
			b.s.Show("slip")
			b.scans("slip")
			b.s.Unplug()
			b.next(scanner.Down)
			b.s.Replug()
			b.next(scanner.Ready)
			check()
		})
	}
}

func TestConfigureTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		so   scannertest.Opts
		do   func(*scannertest.Scanner)
		want error // nil: it becomes ready all the same
	}{
		"another model":        {scannertest.Opts{}, func(*scannertest.Scanner) {}, scanner.ErrSilent},
		"dead":                 {scannertest.Opts{Registers: true}, func(s *scannertest.Scanner) { s.Dead(true) }, scanner.ErrSilent},
		"late":                 {scannertest.Opts{Registers: true}, func(s *scannertest.Scanner) { s.Delay(time.Second) }, scanner.ErrSilent},
		"does nothing":         {scannertest.Opts{Registers: true}, func(s *scannertest.Scanner) { s.Stubborn(true) }, scanner.ErrRefused},
		"refuses":              {scannertest.Opts{Registers: true}, func(s *scannertest.Scanner) { s.RefuseNext(1) }, scanner.ErrRefused},
		"two answers damaged":  {scannertest.Opts{Registers: true}, func(s *scannertest.Scanner) { s.CorruptNext(2) }, nil},
		"all answers damaged":  {scannertest.Opts{Registers: true}, func(s *scannertest.Scanner) { s.CorruptNext(3) }, scanner.ErrSilent},
		"answers byte by byte": {scannertest.Opts{Registers: true, Split: 1}, func(*scannertest.Scanner) {}, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			b := &bench{T: t, s: scannertest.New(c.so), events: make(chan told, 100)}
			c.do(b.s)
			b.run(scanner.Opts{Configure: scanner.Induction}, func(b *bench) {
				if c.want == nil {
					b.next(scanner.Ready)
					return
				}
				if e := b.next(scanner.Down); !errors.Is(e.err, c.want) {
					b.Errorf("%s: %v, want %v", name, e.err, c.want)
				}
			})
		})
	}
}

// keeper remembers every buffer the driver ever read into.
type keeper struct {
	scanner.Wire
	bufs [][]byte
	n    int
}

func (k *keeper) Read(b []byte) (int, error) {
	n, err := k.Wire.Read(b)
	k.bufs = append(k.bufs, b[:cap(b)])
	k.n += n
	return n, err
}

// When a code is reported, nothing of it is in a buffer that was read into.
func TestNothingOfACodeStaysInTheBuffers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, k := scannertest.New(scannertest.Opts{Tail: "\r"}), &keeper{}
		dev := scanner.New(func() (scanner.Wire, error) {
			w, err := s.Dial()
			k.Wire = w
			return k, err
		}, scanner.Opts{})
		ctx, cancel := context.WithCancel(t.Context())
		dev.Run(ctx, func(e scanner.Event) {
			switch e.Kind {
			case scanner.Ready:
				s.Show(strings.Repeat("code", 100))
				return
			case scanner.Scanned:
				cancel()
			}
			for _, b := range k.bufs {
				if bytes.Count(b, []byte{0}) != len(b) {
					t.Errorf("a read buffer holds %q", b)
					break
				}
			}
			if k.n != 401 {
				t.Errorf("%d bytes read", k.n)
			}
		})
	})
}

func TestSecondRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := scannertest.New(scannertest.Opts{})
		dev := scanner.New(func() (scanner.Wire, error) { return s.Dial() }, scanner.Opts{})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- dev.Run(ctx, func(scanner.Event) {}) }()
		time.Sleep(time.Second)
		if err := dev.Run(ctx, nil); err == nil || errors.Is(err, context.Canceled) {
			t.Errorf("second Run = %v, want a refusal", err)
		}
		start := time.Now()
		cancel() // while a Read waits
		if err := <-done; !errors.Is(err, context.Canceled) || time.Since(start) != 0 {
			t.Errorf("Run = %v after %v", err, time.Since(start))
		}
	})
}
