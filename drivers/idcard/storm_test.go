package idcard_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/idcard"
	"jobhome/drivers/idcard/samv"
	"jobhome/drivers/sim"
)

// storm is a reader whose answers are damaged in every way, a person who puts
// cards down and takes them away, and what may never happen.
type storm struct {
	*testing.T
	rd     *sim.Reader
	dev    *idcard.Dev
	rng    *rand.Rand   // of the answers, used by the reader only
	calm   atomic.Bool  // answers come undamaged
	frames atomic.Int64 // answers sent

	mu     sync.Mutex
	stays  []string // the number of the card in each stay, from 1; none for others
	read   int      // the stay of the last Read,
	open   bool     // and neither Removed nor Down came after it
	armed  bool
	reads  int
	events int
}

// damage is one answer on its way.
func (s *storm) damage(frame []byte, send func(time.Duration, []byte)) {
	s.frames.Add(1)
	if s.calm.Load() {
		send(0, frame)
		return
	}
	r := s.rng
	noise := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = [...]byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0, byte(r.Uint32())}[r.IntN(7)]
		}
		return b
	}
	at := r.IntN(len(frame))
	switch r.IntN(30) {
	case 0: // a wrong bit
		frame[at] ^= 1 << r.IntN(8)
	case 1: // two that the checksum does not see
		// Not in names and addresses: nothing in a record can tell those.
		other := len(frame) - 2
		if len(frame) == 1295 {
			const birth = 14 + 122 + 2*6 // within the number
			at, other = birth+2*r.IntN(4), birth+2*(4+r.IntN(4))
		}
		frame[at] ^= 4
		frame[other] ^= 4
	case 2:
		frame = frame[:at]
	case 3:
		frame = append(noise(1+r.IntN(40)), frame...)
	case 4:
		frame = noise(r.IntN(100))
	case 5:
		send(time.Duration(r.IntN(5000))*time.Millisecond, nil)
	case 6:
		send(0, bytes.Clone(frame))
	case 7:
		send(0, bytes.Clone(frame))
		send(time.Duration(r.IntN(120))*time.Millisecond, nil)
	case 8:
		send(0, frame[:at])
		send(time.Duration(r.IntN(700))*time.Millisecond, nil)
		frame = frame[at:]
	case 9:
		frame = append(frame[:at:at], frame[at+1:]...)
	case 10:
		frame = append(frame[:at:at], append(noise(1+r.IntN(3)), frame[at:]...)...)
	case 11:
		frame = nil
	case 12: // another status, well formed
		frame = samv.AppendReply(nil, samv.Status(r.Uint32()), make([]byte, r.IntN(9)))
	}
	send(0, frame)
}

// event checks what the driver says.
func (s *storm) event(e idcard.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events++
	switch e.Kind {
	case idcard.Removed, idcard.Down:
		s.open = false
	case idcard.Read:
		_, stay := s.rd.Stays()
		switch {
		case stay == 0 || string(e.Card.Number) != s.stays[stay-1]:
			s.Error("a card was reported that does not lie there")
		case s.open && stay == s.read:
			s.Errorf("stay %d was reported twice", stay)
		case !s.armed:
			s.Error("a card was reported without consent")
		}
		s.read, s.open = stay, true
		s.reads++
		e.Card.Wipe()
	}
}

func (s *storm) arm(on bool) {
	s.mu.Lock()
	s.armed = on
	s.mu.Unlock()
	if on {
		s.dev.Arm()
	} else {
		s.dev.Disarm()
	}
}

func (s *storm) place(p sim.Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stays = append(s.stays, p.Number)
	switch p.ID {
	case "":
		s.rd.PlaceOther()
	case "unreadable":
		s.rd.PlaceUnreadable()
	default:
		s.rd.Place(p)
	}
}

// person does something at random.
func (s *storm) person(r *rand.Rand) {
	people := sim.People()
	switch r.IntN(12) {
	case 0, 1, 2, 3:
		s.place(people[r.IntN(len(people))])
	case 4, 5, 6:
		s.rd.Lift()
	case 7:
		s.place(sim.Person{ID: [...]string{"", "unreadable"}[r.IntN(2)]})
	case 8:
		s.arm(false)
		time.Sleep(time.Duration(r.IntN(3000)) * time.Millisecond)
		s.arm(true)
	case 9:
		if r.IntN(10) == 0 {
			s.rd.Unplug()
			time.Sleep(time.Duration(r.IntN(10)) * time.Second)
			s.rd.Replug()
		}
	}
	time.Sleep(time.Duration(50+r.IntN(6000)) * time.Millisecond)
}

// settle ends the storm and waits until the driver is well.
func (s *storm) settle() {
	s.calm.Store(true)
	s.rd.Lift()
	s.arm(true)
	for range 200 {
		time.Sleep(time.Minute)
		if st := s.dev.Stats(); st.Up && time.Since(st.LastAnswer) < 2*time.Second {
			return
		}
	}
	s.Fatalf("not well after the storm: %+v", s.dev.Stats())
}

// swaps exchanges cards on the calm reader, each lying for two polls and the time
// reading takes. None may be missed.
func (s *storm) swaps(r *rand.Rand) {
	people := sim.People()
	last := -1
	for range 6 {
		i := r.IntN(len(people))
		if i == last {
			continue
		}
		last = i
		s.place(people[i])
		time.Sleep(2*300*time.Millisecond + 200*time.Millisecond)
		s.mu.Lock()
		stay, _ := s.rd.Stays()
		if s.read != stay || !s.open {
			s.Errorf("a swap was missed: stay %d, read %d", stay, s.read)
		}
		s.mu.Unlock()
	}
	s.rd.Lift()
	time.Sleep(2 * time.Second)
}

// size is what the program holds: memory in use, goroutines, descriptors.
func size(t *testing.T) (heap uint64, goroutines, files int) {
	t.Helper()
	synctest.Wait()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fds, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skip("no /proc")
	}
	return m.HeapAlloc, runtime.NumGoroutine(), len(fds)
}

// run lets the storm blow for so many answers.
func (s *storm) run(seed uint64, frames int64) {
	person := rand.New(rand.NewPCG(seed, 2))
	ctx, cancel := context.WithCancel(s.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.dev.Run(ctx, s.event)
	}()
	var heap uint64
	var goroutines, files int
	for next := int64(0); s.frames.Load() < frames && !s.Failed(); next += min(2000, frames/3+1) {
		s.calm.Store(false)
		s.arm(true)
		for s.frames.Load() < next {
			s.person(person)
		}
		s.settle()
		s.swaps(person)
		h, g, f := size(s.T)
		if next == 0 {
			heap, goroutines, files = h, g, f
		}
		// The simulator itself keeps a list of the commands, 2 bytes each, and of
		// the stays.
		if g != goroutines || f != files || h > heap+1<<20+uint64(s.frames.Load())*8 {
			s.Errorf("after %d frames: %d goroutines, %d files, %d bytes, at first %d, %d, %d",
				s.frames.Load(), g, f, h, goroutines, files, heap)
		}
	}
	st := s.dev.Stats()
	s.Logf("%d frames, %d events, %d cards read of %d put down, %d opens, %d unanswered, %d resets",
		s.frames.Load(), s.events, s.reads, len(s.stays), st.Opens, st.Unanswered, st.Resets)
	cancel()
	<-done
	s.rd.Unplug()
	synctest.Wait()
}

// The driver survives any number of damaged answers on every transport: no card
// is reported twice in one stay or where none lies, no swap is missed once the
// line is good, and nothing grows. JOBHOME_FUZZ_FRAMES sets how many answers are
// sent in all, JOBHOME_FUZZ_SEED which.
func TestStormOfFrames(t *testing.T) {
	env := func(key string, v uint64) uint64 {
		if s := os.Getenv(key); s != "" {
			var err error
			if v, err = strconv.ParseUint(s, 10, 40); err != nil {
				t.Fatal(err)
			}
		}
		return v
	}
	frames := int64(env("JOBHOME_FUZZ_FRAMES", 100_000)) / int64(len(transports))
	seed := env("JOBHOME_FUZZ_SEED", 1)
	for name, dial := range transports {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &storm{T: t, rd: sim.NewReader(sim.ReaderOpts{}), rng: rand.New(rand.NewPCG(seed, 1))}
				s.rd.Tamper(s.damage)
				s.dev = idcard.New(func() (idcard.Wire, error) { return dial(s.rd) }, idcard.Opts{Power: func(_ context.Context, on bool) error {
					s.rd.Power(on)
					return nil
				}})
				s.run(seed, frames)
			})
		})
	}
}
