package idcard_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
	"jobhome/drivers/uart/uarttest"
)

// late, in place of a split, makes the answer come after its deadline.
const late = -1

// keeper remembers every buffer the driver ever read into.
type keeper struct {
	idcard.Wire
	mu   sync.Mutex
	bufs [][]byte
	seen int // bytes read
}

func (k *keeper) Read(b []byte) (int, error) {
	n, err := k.Wire.Read(b)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.bufs = append(k.bufs, b[:cap(b)])
	k.seen += n
	return n, err
}

// When a card has been reported, or its answer came too late, nothing of it is
// left in any buffer of the driver: neither the photo nor the text.
func TestNothingOfACardStaysInTheBuffers(t *testing.T) {
	for name, dial := range transports {
		for _, split := range []int{0, 1, 300, late} {
			t.Run(fmt.Sprint(name, split), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { leavesNothing(t, dial, split) })
			})
		}
	}
}

func leavesNothing(t *testing.T, dial func(*sim.Reader) (idcard.Wire, error), split int) {
	rd := sim.NewReader(sim.ReaderOpts{})
	if split == late {
		for range 4 { // module id and status, find, select
			rd.DelayNext(0)
		}
		rd.DelayNext(3030 * time.Millisecond)
	} else {
		rd.Split(split)
	}
	k := &keeper{}
	dev := idcard.New(func() (idcard.Wire, error) {
		w, err := dial(rd)
		k.Wire = w
		return k, err
	}, idcard.Opts{NewestAddress: true})
	ctx, cancel := context.WithCancel(t.Context())
	chen, _ := people()
	rd.Place(chen)
	dev.Arm()
	var end idcard.Kind
	dev.Run(ctx, func(e idcard.Event) {
		if e.Kind != idcard.Read && e.Kind != idcard.Failed {
			return
		}
		end = e.Kind
		k.mu.Lock()
		defer k.mu.Unlock()
		for _, b := range k.bufs {
			if bytes.Count(b, []byte{0}) != len(b) {
				t.Errorf("split %d: a read buffer holds % X", split, b)
				break
			}
		}
		cancel()
	})
	want := idcard.Read
	if split == late {
		want = idcard.Failed
	}
	if end != want || k.seen < 1295 {
		t.Errorf("split %d: %v, %d bytes", split, end, k.seen)
	}
}

func frame(t testing.TB, c samv.Command, data ...byte) []byte {
	t.Helper()
	b, err := samv.AppendRequest(nil, c, data...)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func answer(s samv.Status, data ...byte) []byte { return samv.AppendReply(nil, s, data) }

// play runs the driver, armed, over a script until it asks for more than the
// script has, and returns the kinds of its events.
func play(t *testing.T, ops []uarttest.IO) (kinds []idcard.Kind, last idcard.Event) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		p := &uarttest.Playback{Ops: ops}
		dev := idcard.New(func() (idcard.Wire, error) { return p, nil }, idcard.Opts{})
		dev.Arm()
		ctx, cancel := context.WithCancel(t.Context())
		dev.Run(ctx, func(e idcard.Event) {
			last = e
			if e.Kind == idcard.Down {
				cancel() // the script is over, or was left
				return
			}
			kinds = append(kinds, e.Kind)
		})
		if last.Err != nil && p.Close() != nil && !errors.Is(last.Err, io.EOF) &&
			!bytes.Contains([]byte(last.Err.Error()), []byte("the script is over")) {
			t.Errorf("left the script: %v", last.Err)
		}
	})
	return kinds, last
}

// greeting is what every session begins with.
func greeting(t *testing.T) []uarttest.IO {
	id := answer(samv.OK, 5, 0, 3, 0, 0xF3, 0xD6, 0x34, 1, 0x87, 0xD6, 0x12, 0, 0xB1, 0x68, 0xDE, 0x3A)
	return []uarttest.IO{
		{W: frame(t, samv.SAMID), R: [][]byte{id[:5], id[5:6], id[6:]}},
		{W: frame(t, samv.SAMStatus), R: [][]byte{answer(samv.OK)}},
	}
}

func readAnswer(text []byte) []byte {
	data := append(append([]byte{1, 0, 4, 0}, text...), bytes.Repeat([]byte{0xEE}, samv.PhotoLen)...)
	return answer(samv.OK, data...)
}

func TestTranscripts(t *testing.T) {
	chen, _ := people()
	find := uarttest.IO{W: frame(t, samv.Find), R: [][]byte{answer(samv.Found, 0, 0, 0, 0)}}
	none := uarttest.IO{W: frame(t, samv.Find), R: [][]byte{answer(samv.NotFound)}}
	choose := uarttest.IO{W: frame(t, samv.Select), R: [][]byte{answer(samv.OK, make([]byte, 8)...)}}
	probe := frame(t, samv.ReadCardID)
	asked := uarttest.IO{W: probe, R: [][]byte{answer(samv.ReadFailed)}} // nothing was left before
	whole := readAnswer(chen.Record())
	read := func(r ...[]byte) uarttest.IO { return uarttest.IO{W: frame(t, samv.Read), R: r} }
	for name, c := range map[string]struct {
		ops  []uarttest.IO
		want []idcard.Kind
	}{
		"a card is read, stays (91 counts) and goes": {
			[]uarttest.IO{
				none, asked, find, choose, read(whole),
				{W: probe, R: [][]byte{answer(samv.OK, make([]byte, 28)...)}},
				{W: probe, R: [][]byte{answer(samv.NoItem)}},
				{W: probe, R: [][]byte{answer(samv.ReadFailed)}},
				none,
				{W: probe, R: [][]byte{answer(samv.ReadFailed)}},
				none,
			},
			[]idcard.Kind{idcard.Ready, idcard.Found, idcard.Read, idcard.Removed},
		},
		"one missed probe is no removal": {
			[]uarttest.IO{
				find, choose, read(whole),
				{W: probe, R: [][]byte{answer(samv.ReadFailed)}},
				none,
				{W: probe, R: [][]byte{answer(samv.OK, make([]byte, 24)...)}},
				{W: probe, R: [][]byte{answer(samv.ReadFailed)}},
				none,
			},
			[]idcard.Kind{idcard.Ready, idcard.Found, idcard.Read},
		},
		"a damaged answer is asked for once more": {
			[]uarttest.IO{find, choose, read(append(bytes.Clone(whole[:1294]), whole[1294]^1)), read(whole)},
			[]idcard.Kind{idcard.Ready, idcard.Found, idcard.Read},
		},
		"a cut answer is not": {
			[]uarttest.IO{find, choose, read(whole[:1000]), none},
			[]idcard.Kind{idcard.Ready, idcard.Found, idcard.Failed},
		},
		"an answer with fingerprints is no answer": {
			[]uarttest.IO{
				find, choose, read(answer(samv.OK, make([]byte, 6+256+1024+1024)...)),
				read(answer(samv.OK, make([]byte, 6+256+1024+1024)...)), none,
			},
			[]idcard.Kind{idcard.Ready, idcard.Found, idcard.Failed},
		},
		"the late answer of another command is no success": {
			[]uarttest.IO{
				find,
				{W: frame(t, samv.Select), R: [][]byte{answer(samv.Found, 0, 0, 0, 0)}},
				find, choose, read(whole),
			},
			[]idcard.Kind{idcard.Ready, idcard.Found, idcard.Read},
		},
		"the late answer of another command is no card": {
			[]uarttest.IO{{W: frame(t, samv.Find), R: [][]byte{answer(samv.OK)}}, asked, none, find, choose, read(whole)},
			[]idcard.Kind{idcard.Ready, idcard.Found, idcard.Read},
		},
		"a maker's time-out answer is no success": {
			[]uarttest.IO{
				{W: frame(t, samv.Find), R: [][]byte{{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 5, 5, 5, 5, 5, 0}}},
				{W: frame(t, samv.Find), R: [][]byte{{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, 5, 5, 5, 0x9F, 0, 0x9A}}},
				asked, none,
			},
			[]idcard.Kind{idcard.Ready},
		},
		"select says the card is of another kind": {
			[]uarttest.IO{find, {W: frame(t, samv.Select), R: [][]byte{answer(samv.WrongCardType)}}},
			[]idcard.Kind{idcard.Ready, idcard.Found, idcard.NotResident},
		},
		"unplugged in the middle of an answer": {
			[]uarttest.IO{find, choose, {W: frame(t, samv.Read), R: [][]byte{whole[:700]}, Err: io.EOF}},
			[]idcard.Kind{idcard.Ready, idcard.Found},
		},
	} {
		t.Run(name, func(t *testing.T) {
			kinds, last := play(t, append(greeting(t), c.ops...))
			if !slices.Equal(kinds, c.want) {
				t.Errorf("events %v, want %v (ended with %v)", kinds, c.want, last.Err)
			}
		})
	}
}

// babble answers every write with the next piece of some bytes.
type babble struct {
	data    []byte
	pending []byte
	closed  bool
}

func (b *babble) Write(p []byte) (int, error) {
	n := 0
	if len(b.data) > 0 {
		n = min(int(b.data[0])*6, len(b.data)-1) // first byte: how much to say
		b.pending = append(b.pending, b.data[1:1+n]...)
		b.data = b.data[1+n:]
	}
	return len(p), nil
}

func (b *babble) Read(p []byte) (int, error) {
	switch {
	case b.closed || len(b.data) == 0 && len(b.pending) == 0:
		return 0, io.EOF
	case len(b.pending) == 0:
		return 0, os.ErrDeadlineExceeded
	}
	n := copy(p, b.pending)
	b.pending = b.pending[n:]
	return n, nil
}

func (b *babble) Close() error                     { b.closed = true; return nil }
func (b *babble) SetReadDeadline(time.Time) error  { return nil }
func (b *babble) SetWriteDeadline(time.Time) error { return nil }

// say packs answers the way babble takes them.
func say(answers ...[]byte) (out []byte) {
	for _, a := range answers {
		for len(a)%6 != 0 {
			a = append(a, 0)
		}
		for len(a) > 255*6 {
			a = a[:255*6]
		}
		out = append(append(out, byte(len(a)/6)), a...)
	}
	return out
}

// Whatever answers, the driver neither hangs nor panics, reports no card whose
// number fails its check, and ends when the line does.
func FuzzDev(f *testing.F) {
	chen, _ := people()
	id := answer(samv.OK, make([]byte, 16)...)
	ok := answer(samv.OK)
	f.Add([]byte{})
	f.Add(say(id, ok, answer(samv.Found), ok, readAnswer(chen.Record()), ok, ok))
	f.Add(say(id, ok, answer(samv.Found), ok, answer(samv.ReadFailed), answer(samv.NotFound)))
	f.Add(say(id, answer(samv.SelfTestFailed), ok, ok, answer(samv.Found), answer(samv.WrongCardType)))
	f.Add(say(id, ok, answer(samv.BadChecksum), answer(samv.RandomFailed), ok, ok, answer(samv.NotAuthorised)))
	f.Add(say([]byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0xFF, 0xFF}, id, ok, answer(0x77), answer(0)))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			return
		}
		synctest.Test(t, func(t *testing.T) {
			opened := false
			dev := idcard.New(func() (idcard.Wire, error) {
				if opened {
					return nil, io.EOF
				}
				opened = true
				return &babble{data: data}, nil
			}, idcard.Opts{NewestAddress: true, MaxRF: 80})
			dev.Arm()
			ctx, cancel := context.WithCancel(t.Context())
			dev.Run(ctx, func(e idcard.Event) {
				switch e.Kind {
				case idcard.Down:
					cancel()
				case idcard.Read:
					if e.Card.Type != idcard.Foreigner2017 && idcard.CheckNumber(e.Card.Number) != nil {
						t.Error("a card with a wrong number")
					}
				case idcard.Failed, idcard.NotResident:
					if e.Err == nil {
						t.Error("a failure without a reason")
					}
				}
			})
		})
	})
}
