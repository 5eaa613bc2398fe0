package pn532_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/physic"

	"jobhome/drivers/pn532"
)

// babbler is a chip gone mad, on a line and on a bus: it says something to every
// command, now and then the right thing.
type babbler struct {
	mu     sync.Mutex
	rng    *rand.Rand
	data   []byte // if rng is nil: what is said, a length before each piece
	quiet  bool
	frames int
	out    [][]byte
	closed bool
}

func sealed(data ...byte) []byte {
	sum := byte(0xD5)
	for _, x := range data {
		sum += x
	}
	n := byte(len(data) + 1)
	return append(append([]byte{0, 0, 0xFF, n, -n, 0xD5}, data...), -sum, 0)
}

// hear takes what the host sent.
func (b *babbler) hear(w []byte) {
	i := bytes.Index(w, []byte{0x00, 0xFF})
	if b.quiet || len(w) < i+7 || i < 0 {
		return
	}
	if b.rng == nil {
		if len(b.data) > 0 {
			n := min(int(b.data[0]), len(b.data)-1)
			b.out = append(b.out, b.data[1:1+n])
			b.data = b.data[1+n:]
		}
		return
	}
	b.say(ack())
	code := w[i+5]
	switch code {
	case 0x02:
		b.say(sealed(3, 0x32, 1, 6, 7))
	case 0x4A:
		b.say(b.target())
	default:
		b.say(sealed(code+1, 0))
	}
}

func (b *babbler) target() []byte {
	n := []byte{4, 4, 7, 10, byte(b.rng.IntN(20))}[b.rng.IntN(5)]
	switch b.rng.IntN(4) {
	case 0:
		return sealed(0x4B, 0)
	case 1:
		return sealed(append([]byte{0x4B, 1, 1, 0, 4, 8, 4}, 0xC1, 0x5A, 0x77, 0x3E)...)
	}
	t := []byte{0x4B, 1, 1, 0, 4, 8, n}
	for range n {
		t = append(t, byte(b.rng.IntN(3)*4))
	}
	return sealed(t...)
}

// say sends a frame, in one case of five with something done to it.
func (b *babbler) say(f []byte) {
	b.frames++
	f = bytes.Clone(f)
	for b.rng.IntN(5) == 0 && len(f) > 0 {
		at := b.rng.IntN(len(f))
		switch b.rng.IntN(6) {
		case 0:
			f[at] ^= 1 << b.rng.IntN(8)
		case 1:
			f = f[:at]
		case 2:
			f = append(f[:at:at], f[min(at+1, len(f)):]...)
		case 3:
			f = append(f[:at:at], append([]byte{byte(b.rng.Uint32())}, f[at:]...)...)
		case 4:
			f = append(f, f...)
		case 5:
			noise := make([]byte, b.rng.IntN(300))
			for i := range noise {
				noise[i] = []byte{0x00, 0xFF, 0xD5, byte(b.rng.Uint32())}[b.rng.IntN(4)]
			}
			f = append(noise, f...)
		}
	}
	b.out = append(b.out, f)
}

func (b *babbler) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.hear(p)
	return len(p), nil
}

func (b *babbler) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.closed || b.rng == nil && !b.quiet && len(b.data) == 0 && len(b.out) == 0:
		return 0, io.EOF
	case len(b.out) == 0:
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(p, b.out[0])
	if b.out[0] = b.out[0][n:]; len(b.out[0]) == 0 {
		b.out = b.out[1:]
	}
	return n, nil
}

func (b *babbler) Tx(_ uint16, w, r []byte) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || b.rng == nil && !b.quiet && len(b.data) == 0 && len(b.out) == 0 {
		return io.EOF
	}
	b.hear(w)
	if len(r) > 0 && len(b.out) > 0 {
		if r[0] = 0x01; len(r) > 1 {
			copy(r[1:], b.out[0])
			b.out = b.out[1:]
		}
	}
	return nil
}

func (b *babbler) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	return nil
}

func (b *babbler) SetReadDeadline(time.Time) error  { return nil }
func (b *babbler) SetWriteDeadline(time.Time) error { return nil }
func (b *babbler) String() string                   { return "babbler" }
func (b *babbler) SetSpeed(physic.Frequency) error  { return nil }

// orderly checks that events come in an order that makes sense.
type orderly struct {
	t           *testing.T
	ready, here bool
	tapped      int
	down        int
}

func (o *orderly) event(e pn532.Event) {
	ok := true
	switch e.Kind {
	case pn532.Ready:
		ok, o.ready = !o.ready, true
	case pn532.Down:
		ok, o.ready = e.Err != nil && (o.ready || o.down == 0), false
		o.down++
	case pn532.Tapped:
		n := len(e.UID)
		ok, o.here = o.ready && !o.here && (n == 4 || n == 7 || n == 10), true
		o.tapped++
	case pn532.Left:
		ok, o.here = o.ready && o.here, false
	}
	if !ok {
		o.t.Errorf("%v (%v) while ready %v, here %v", e.Kind, e.Err, o.ready, o.here)
	}
}

// 100,000 frames, and 20,000 on the bus, of which many are damaged: no goroutine and no memory stays
// behind, and the events keep their order.
func TestSoak(t *testing.T) {
	for way, frames := range map[string]int{"hsu": 100_000, "i2c": 20_000} {
		synctest.Test(t, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, 8))
			b := &babbler{rng: rng}
			o := &orderly{t: t}
			reopen := func() *babbler {
				b.mu.Lock()
				defer b.mu.Unlock()
				b.closed, b.out = false, nil
				return b
			}
			dev := pn532.New(func() (pn532.Wire, error) { return reopen(), nil }, pn532.Opts{})
			if way == "i2c" {
				dev = pn532.NewI2C(func() (i2c.BusCloser, error) { return reopen(), nil }, pn532.Opts{})
			}
			ctx, cancel := context.WithCancel(t.Context())
			var middle, end runtime.MemStats
			goroutines := runtime.NumGoroutine()
			dev.Run(ctx, func(e pn532.Event) {
				o.event(e)
				if middle.HeapAlloc == 0 && b.frames > frames/10 {
					runtime.GC()
					runtime.ReadMemStats(&middle)
				}
				if b.frames >= frames {
					cancel()
				}
			})
			synctest.Wait()
			runtime.GC()
			runtime.ReadMemStats(&end)
			if n := runtime.NumGoroutine(); n > goroutines {
				t.Errorf("%s: %d goroutines, %d before", way, n, goroutines)
			}
			if end.HeapAlloc > middle.HeapAlloc+1<<20 {
				t.Errorf("%s: %d bytes of heap, %d after a tenth of the way", way, end.HeapAlloc, middle.HeapAlloc)
			}
			if o.tapped < frames/100 || o.down < 10 {
				t.Errorf("%s: %d taps and %d times down: the soak proves little", way, o.tapped, o.down)
			}
			t.Logf("%s: %d frames, %d taps, %d times down", way, b.frames, o.tapped, o.down)
		})
	}
}

// Whatever answers, the driver neither hangs nor panics and ends with its line.
func FuzzDev(f *testing.F) {
	piece := func(frames ...[]byte) (out []byte) {
		for _, x := range frames {
			out = append(append(out, byte(len(x))), x...)
		}
		return out
	}
	both := func(data ...byte) []byte { return append(ack(), sealed(data...)...) }
	up := piece(both(0x15), both(3, 0x32, 1, 6, 7), both(0x33), both(0x53, 0), both(0x33))
	f.Add([]byte{})
	f.Add(append(bytes.Clone(up), piece(both(0x4B, 0), both(0x4B, 1, 1, 0, 4, 8, 4, 1, 2, 3, 4), both(0x53, 0))...))
	f.Add(append(bytes.Clone(up), piece(both(0x4B, 1, 1, 0, 4, 8, 7, 1, 2, 3, 4), ack(), ack(), nil, nil)...))
	f.Add(piece(bytes.Repeat([]byte{0, 0xFF}, 100), ack(), both(0x15)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<13 {
			return
		}
		for _, way := range []string{"hsu", "i2c"} {
			synctest.Test(t, func(t *testing.T) {
				b, opened := &babbler{data: data}, 0
				open := func() (*babbler, error) {
					if opened++; opened > 1 {
						return nil, io.EOF
					}
					return b, nil
				}
				dev := pn532.New(func() (pn532.Wire, error) { return open() }, pn532.Opts{})
				if way == "i2c" {
					dev = pn532.NewI2C(func() (i2c.BusCloser, error) { return open() }, pn532.Opts{})
				}
				o := &orderly{t: t}
				ctx, cancel := context.WithCancel(t.Context())
				dev.Run(ctx, func(e pn532.Event) {
					if o.event(e); e.Kind == pn532.Down {
						cancel()
					}
				})
			})
		}
	})
}
