package sim

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"jobhome/drivers/idcard/samv"
)

// ErrUnplugged is returned by a simulated device between Unplug and Replug.
var ErrUnplugged = errors.New("sim: device is unplugged")

// ReaderOpts is how a simulated reader differs from the usual one; the zero
// value is a module that behaves as the protocol pages describe.
type ReaderOpts struct {
	PowerUp     time.Duration // silent this long after NewReader and Replug
	HaltOnError bool          // after a failed read the card is not found until it is lifted
	ReadOnce    bool          // a second read in one presence fails with 41
	NoCardID    bool          // does not know 30 05 (answers 21)
	FindData    bool          // find and select answer with data that is not zero
}

// Reader is a resident-ID-card reader with a SAM_V module. A card is placed and
// lifted through its methods, from any goroutine, while Serve answers requests.
//
// Like the real thing it finds a card once: after a successful read, find
// answers 80 until the card is lifted, while 30 03 and 30 05 still answer.
type Reader struct {
	o ReaderOpts

	mu       sync.Mutex
	card     *readerCard
	state    readerState
	faults   readerFaults
	sent     []samv.Command
	stay     int // counts cards put down; 0 while none lies there
	stays    int
	lastRead int // the stay whose record was sent last
	trap     *readerTrap
	off      bool // without power
	readyAt  time.Time
	wire     io.Closer     // what Serve is on, for Unplug
	gone     chan struct{} // closed by Unplug
}

// readerState is how far the module has come with the card on it.
type readerState uint8

const (
	readerIdle readerState = iota
	readerFound
	readerSelected
	readerRead
	readerHalted // only lifting the card helps
)

// readerCard is what lies on the reader.
type readerCard struct {
	person     Person
	other      bool // not a resident card
	unreadable bool
}

// NewReader returns a reader with no card on it.
func NewReader(o ReaderOpts) *Reader {
	return &Reader{o: o, readyAt: time.Now().Add(o.PowerUp), gone: make(chan struct{})}
}

// Place puts a person's card on the reader. A card that lies there is replaced,
// as by Swap.
func (r *Reader) Place(p Person) { r.put(&readerCard{person: p}) }

// Swap exchanges the card on the reader for another within one moment.
func (r *Reader) Swap(p Person) { r.put(&readerCard{person: p}) }

// PlaceOther puts down a card that is no resident card: a bus or a bank card.
func (r *Reader) PlaceOther() { r.put(&readerCard{other: true}) }

// PlaceUnreadable puts down a resident card whose every read fails.
func (r *Reader) PlaceUnreadable() { r.put(&readerCard{unreadable: true}) }

// Lift takes the card away.
func (r *Reader) Lift() { r.put(nil) }

func (r *Reader) put(c *readerCard) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lay(c)
}

// lay is put with r.mu held.
func (r *Reader) lay(c *readerCard) {
	r.card, r.state, r.stay = c, readerIdle, 0
	if c != nil {
		r.stays++
		r.stay = r.stays
	}
}

// Stays numbers the cards put down from 1 and returns the one that lies there
// now, or 0, and the one whose record was sent last, or 0.
func (r *Reader) Stays() (now, read int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stay, r.lastRead
}

// Commands returns every request understood so far, in order.
func (r *Reader) Commands() []samv.Command {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]samv.Command(nil), r.sent...)
}

// Dial connects to the reader in-process: it serves one end of a Pipe and
// returns the other. While the reader is unplugged it returns ErrUnplugged.
func (r *Reader) Dial() (*PipeEnd, error) {
	select {
	case <-r.unplugged():
		return nil, ErrUnplugged
	default:
	}
	ours, theirs := Pipe()
	go r.Serve(ours) // ends when either end is closed
	return theirs, nil
}

func (r *Reader) unplugged() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.gone
}

// Serve answers requests read from rw until rw ends, which is no error, or
// Unplug is called (ErrUnplugged). One Serve runs at a time.
func (r *Reader) Serve(rw io.ReadWriter) error {
	gone := r.unplugged()
	r.mu.Lock()
	r.wire, _ = rw.(io.Closer)
	r.mu.Unlock()
	var d samv.Decoder
	d.Reset(64)
	buf := make([]byte, 256)
	for {
		select {
		case <-gone:
			if c, ok := rw.(io.Closer); ok {
				c.Close()
			}
			return ErrUnplugged
		default:
		}
		n, err := rw.Read(buf)
		for in := buf[:n]; len(in) > 0; {
			used, done := d.Feed(in)
			if in = in[used:]; !done {
				continue
			}
			if err := r.answer(rw, &d, gone); err != nil {
				return r.ended(err, gone)
			}
			d.Reset(64)
		}
		if err != nil {
			return r.ended(err, gone)
		}
	}
}

// ended turns the end of a wire into what Serve returns.
func (r *Reader) ended(err error, gone <-chan struct{}) error {
	select {
	case <-gone:
		return ErrUnplugged
	default:
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, os.ErrClosed) {
		return nil
	}
	return fmt.Errorf("sim: reader: %w", err)
}

// reply is the module itself: what it answers to c, and the state afterwards.
// r.mu is held.
func (r *Reader) reply(c samv.Command) (samv.Status, []byte) {
	if c == samv.Reset {
		r.state = readerIdle
		return samv.OK, nil
	}
	if r.faults.selfTest != 0 && c != samv.SAMID {
		return r.faults.selfTest, nil
	}
	if s := r.faults.refuse[c]; len(s) > 0 {
		r.faults.refuse[c] = s[1:]
		return s[0], nil
	}
	switch c {
	case samv.SAMStatus, samv.SetMaxRF:
		return samv.OK, nil
	case samv.SAMID:
		return samv.OK, []byte{5, 0, 3, 0, 0xF3, 0xD6, 0x34, 1, 0x87, 0xD6, 0x12, 0, 0xB1, 0x68, 0xDE, 0x3A}
	case samv.Find:
		return r.find()
	case samv.Select:
		return r.choose()
	case samv.Read:
		return r.read()
	case samv.ReadAddress, samv.ReadCardID:
		return r.extra(c)
	}
	return samv.BadCommand, nil
}

func (r *Reader) find() (samv.Status, []byte) {
	if r.card == nil || r.state == readerRead || r.state == readerHalted {
		return samv.NotFound, nil
	}
	r.state = readerFound
	data := make([]byte, 4)
	if r.o.FindData {
		data[1] = 0x5A
	}
	return samv.Found, data
}

func (r *Reader) choose() (samv.Status, []byte) {
	if r.card == nil || r.state != readerFound {
		return samv.SelectFailed, nil
	}
	if r.card.other {
		r.state = readerIdle
		return samv.WrongCardType, nil
	}
	r.state = readerSelected
	data := make([]byte, 8)
	if r.o.FindData {
		data[7] = 0xA5
	}
	return samv.OK, data
}

func (r *Reader) read() (samv.Status, []byte) {
	fail := func(s samv.Status) (samv.Status, []byte) {
		r.state = readerIdle
		if r.o.HaltOnError {
			r.state = readerHalted
		}
		return s, nil
	}
	switch {
	case r.card == nil || r.state == readerIdle || r.state == readerFound,
		r.state == readerRead && r.o.ReadOnce:
		return samv.ReadFailed, nil
	case r.card.unreadable:
		return fail(samv.ReadFailed)
	case len(r.faults.reads) > 0:
		s := r.faults.reads[0]
		r.faults.reads = r.faults.reads[1:]
		return fail(s)
	}
	r.state, r.lastRead = readerRead, r.stay
	data := append([]byte{1, 0, 4, 0}, r.card.person.Record()...)
	return samv.OK, append(data, readerPhoto()...)
}

// readerPhoto is no picture: bytes that are never zero, so that a test can
// prove that none of them is kept.
func readerPhoto() []byte {
	b := make([]byte, samv.PhotoLen)
	for i := range b {
		b[i] = byte(i*7) | 0x81
	}
	return append([]byte("WLf"), b[3:]...)
}

func (r *Reader) extra(c samv.Command) (samv.Status, []byte) {
	switch {
	case c == samv.ReadCardID && r.o.NoCardID:
		return samv.BadCommand, nil
	case r.card == nil || r.state != readerSelected && r.state != readerRead:
		return samv.ReadFailed, nil
	case c == samv.ReadCardID:
		return samv.OK, make([]byte, 24)
	case r.card.person.NewAddress == "":
		return samv.NoItem, nil
	}
	t := make([]byte, 70)
	readerPut(t, 0, 70, r.card.person.NewAddress)
	return samv.OK, t
}
