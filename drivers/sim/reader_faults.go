package sim

import (
	"bytes"
	"time"

	"jobhome/drivers/idcard/samv"
)

// readerFaults is how the reader misbehaves.
type readerFaults struct {
	dead     bool
	selfTest samv.Status   // 0, or what the module answers to nearly everything
	slow     time.Duration // before every answer
	late     []time.Duration
	corrupt  int // answers still to damage so that the checksum tells
	garble   int // reads still to damage so that it does not
	cut      int // answers still to cut in half
	reads    []samv.Status
	garbage  []byte
	split    int
}

// SlowBy makes every answer wait for d; 0 ends it.
func (r *Reader) SlowBy(d time.Duration) {
	r.fault(func(f *readerFaults) { f.slow = d })
}

// DelayNext makes only the next answer wait for d, so that it can arrive after
// the driver has given up on it.
func (r *Reader) DelayNext(d time.Duration) {
	r.fault(func(f *readerFaults) { f.late = append(f.late, d) })
}

// CorruptNext damages one bit of each of the next n answers.
func (r *Reader) CorruptNext(n int) { r.fault(func(f *readerFaults) { f.corrupt = n }) }

// GarbleNext damages the text of each of the next n reads in two bytes at once,
// so that the checksum is still right.
func (r *Reader) GarbleNext(n int) { r.fault(func(f *readerFaults) { f.garble = n }) }

// CutNext sends only the first half of each of the next n answers.
func (r *Reader) CutNext(n int) { r.fault(func(f *readerFaults) { f.cut = n }) }

// FailRead makes the next reads fail, one with each status.
func (r *Reader) FailRead(s ...samv.Status) {
	r.fault(func(f *readerFaults) { f.reads = append(f.reads, s...) })
}

// Dead makes the module answer nothing, or answer again.
func (r *Reader) Dead(dead bool) { r.fault(func(f *readerFaults) { f.dead = dead }) }

// SelfTest makes the module answer status to every command but reset and SAM
// id: SelfTestFailed or NotAuthorised. 0 makes it well again.
func (r *Reader) SelfTest(status samv.Status) {
	r.fault(func(f *readerFaults) { f.selfTest = status })
}

// Garbage puts these bytes before every answer; nil ends it.
func (r *Reader) Garbage(b []byte) { r.fault(func(f *readerFaults) { f.garbage = bytes.Clone(b) }) }

// Split writes answers n bytes at a time; 0 writes them whole.
func (r *Reader) Split(n int) { r.fault(func(f *readerFaults) { f.split = n }) }

func (r *Reader) fault(set func(*readerFaults)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	set(&r.faults)
}

// delay is how long this answer waits.
func (f *readerFaults) delay() time.Duration {
	d := f.slow
	if len(f.late) > 0 {
		d += f.late[0]
		f.late = f.late[1:]
	}
	return d
}

// spoil encodes an answer and damages it as asked.
func (f *readerFaults) spoil(c samv.Command, status samv.Status, data []byte) []byte {
	if f.garble > 0 && c == samv.Read && status == samv.OK {
		f.garble--
		// The same bit in two digits of the ID number: XOR does not see it.
		const number = 4 + 122
		data[number+2*8] ^= 1
		data[number+2*11] ^= 1
	}
	frame := samv.AppendReply(nil, status, data)
	if f.corrupt > 0 {
		f.corrupt--
		frame[len(frame)-2] ^= 0x10
	}
	if f.cut > 0 {
		f.cut--
		frame = frame[:len(frame)/2]
	}
	return append(bytes.Clone(f.garbage), frame...)
}
