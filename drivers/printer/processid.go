package printer

import (
	"errors"
	"os"
	"slices"
	"time"

	"jobhome/drivers/escpos"
)

// processIDs are the numbers that a printer is asked to say when it has printed
// all before them: GS ( H function 48 (Epson ESC/POS Command Reference). GS r
// answers when all has been worked out, an id when all is on paper.
type processIDs struct {
	state idsState
	next  uint32
	id    [4]byte // of the job
	seen  bool    // it was said
}

// idsState is whether a printer knows GS ( H, found out once for each wire.
type idsState int

const (
	idsUntried idsState = iota
	idsWork
	idsUnknown
)

// take chooses the next id: four characters from 20 to 7E, other ones for every
// job.
func (p *processIDs) take() {
	n := p.next
	p.next++
	p.seen = false
	for i := range p.id {
		p.id[i] = byte(0x20 + n%95)
		n /= 95
	}
}

func (p *processIDs) request() []byte {
	return append([]byte{0x1d, '(', 'H', 6, 0, '0', '0'}, p.id[:]...)
}

// tryIDs finds out whether a printer whose profile has GS ( H knows it, while it
// has nothing to print: a request for an id and then one that every printer
// answers. A job is never used for it, since there a missing id means that the
// slip is not out.
func (d *Dev) tryIDs() error {
	if !d.p.ProcessID || d.ids.state != idsUntried {
		return nil
	}
	d.ids.take()
	if err := d.drain(); err != nil {
		return err
	}
	d.fences = 0
	req := append(d.ids.request(), escpos.Fence...)
	if _, err := d.write("ask for an id", req); err != nil {
		return err
	}
	d.owed++
	until := time.Now().Add(5*d.o.Answer + d.wireTime(2*len(req)))
	for d.fences == 0 || !d.ids.seen {
		before := d.fences
		_, err := d.reply("ask for an id", until)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			if d.fences == 0 { // busy with something: its answer must not pass for that of a slip
				d.dirty = true
				return nil
			}
			d.owed--
			d.ids.state = idsUnknown
			return nil
		case err != nil:
			return err
		}
		if d.fences > before {
			until = time.Now().Add(2 * d.o.Answer)
		}
	}
	d.owed--
	d.ids.state = idsWork
	return nil
}

// saw takes an id that the printer has said.
func (p *processIDs) saw(b []byte) {
	if slices.Equal(b, p.id[:]) {
		p.seen = true
	}
}
