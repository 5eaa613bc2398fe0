package powercut

import (
	"math/rand/v2"
	"slices"
	"sync"
)

// block is what a disk writes whole or not at all, in bytes.
const block = 4096

// entry is one thing that happened to a disk: a write, or where data is nil, a
// flush.
type entry struct {
	off  int64
	data []byte
}

// mark is something that was said while the disk was at a place of its log.
type mark struct {
	at   int
	text string
}

// Disk is a disk in memory that remembers everything that was written to it.
// Before Record it is an ordinary one.
type Disk struct {
	mu     sync.Mutex
	now    []byte // as whoever uses it sees it
	first  []byte // as it was when recording began; nil: not yet
	log    []entry
	marks  []mark
	bytes  int64
	flushs int
}

// NewDisk is an empty disk of that many bytes.
func NewDisk(size int64) *Disk { return &Disk{now: make([]byte, size)} }

// Record begins the log.
func (d *Disk) Record() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.first = slices.Clone(d.now)
}

func (d *Disk) read(b []byte, off int64) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return copy(b, d.now[min(off, int64(len(d.now))):])
}

func (d *Disk) write(b []byte, off int64) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := copy(d.now[min(off, int64(len(d.now))):], b)
	if d.first != nil {
		d.log = append(d.log, entry{off, slices.Clone(b[:n])})
		d.bytes += int64(n)
	}
	return n
}

func (d *Disk) flush() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.first != nil {
		d.log = append(d.log, entry{})
		d.flushs++
	}
}

// Said remembers that something was reported as done at this moment.
func (d *Disk) Said(text string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.marks = append(d.marks, mark{len(d.log), text})
}

// Size says how long the log is: entries, bytes written, flushes.
func (d *Disk) Size() (entries int, bytes int64, flushes int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.log), d.bytes, d.flushs
}

// Cuts takes the power away at n random moments, one after the other, and calls
// after with what is left of the disk and what had been said by then. Everything
// that was written before the last flush is there; of what came after it, each
// block of each write is there or not, as a coin falls. The slice is after's own
// until it returns.
func (d *Disk) Cuts(n int, dice *rand.Rand, after func(left []byte, said []string)) {
	places := make([]int, n)
	for i := range places {
		places[i] = 1 + dice.IntN(len(d.log))
	}
	slices.Sort(places)
	safe, upTo := slices.Clone(d.first), 0 // the first upTo entries are in safe
	left := make([]byte, len(safe))
	for _, p := range places {
		for i := upTo; i < p; i++ {
			if d.log[i].data == nil {
				for _, e := range d.log[upTo:i] {
					copy(safe[e.off:], e.data)
				}
				upTo = i + 1
			}
		}
		copy(left, safe)
		for _, e := range d.log[upTo:p] {
			scatter(left, e, dice)
		}
		after(left, d.said(p))
	}
}

// scatter applies a write of which each block survives with one chance in two.
func scatter(left []byte, e entry, dice *rand.Rand) {
	for b := int64(0); b < int64(len(e.data)); {
		n := min(block-(e.off+b)%block, int64(len(e.data))-b)
		if dice.IntN(2) == 0 {
			copy(left[e.off+b:], e.data[b:b+n])
		}
		b += n
	}
}

// said is what had been said when the log was p long.
func (d *Disk) said(p int) []string {
	var all []string
	for _, m := range d.marks {
		if m.at <= p {
			all = append(all, m.text)
		}
	}
	return all
}
