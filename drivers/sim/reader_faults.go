package sim

import (
	"bytes"
	"time"

	"jobhome/drivers/idcard/samv"
)

// readerFaults is how the reader misbehaves.
type readerFaults struct {
	dead     bool
	hung     bool          // dead until its power is switched off and on
	mute     int           // requests still to leave unanswered
	selfTest samv.Status   // 0, or what the module answers to nearly everything
	slow     time.Duration // before every answer
	late     []time.Duration
	corrupt  int // answers still to damage so that the checksum tells
	garble   int // reads still to damage so that it does not
	cut      int // answers still to cut in half
	repeat   int // answers still to send twice
	reads    []samv.Status
	refuse   map[samv.Command][]samv.Status
	damage   []func(frame []byte) []byte // one for each of the next answers
	tamper   func(frame []byte, send func(time.Duration, []byte))
	garbage  []byte
	split    int
	splitAt  int
	splitGap time.Duration
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

// Refuse makes the next requests of this command be answered with these
// statuses, and nothing be done.
func (r *Reader) Refuse(c samv.Command, s ...samv.Status) {
	r.fault(func(f *readerFaults) { f.refuseNext(c, s...) })
}

func (f *readerFaults) refuseNext(c samv.Command, s ...samv.Status) {
	if f.refuse == nil {
		f.refuse = map[samv.Command][]samv.Status{}
	}
	f.refuse[c] = append(f.refuse[c], s...)
}

// Damage sends what change makes of the next answer; each call is for one more
// answer.
func (r *Reader) Damage(change func(frame []byte) []byte) {
	r.fault(func(f *readerFaults) { f.damage = append(f.damage, change) })
}

// Tamper hands every answer to f, which sends what it likes, piece by piece,
// each after some time; nil ends it. F must not call the Reader.
func (r *Reader) Tamper(f func(frame []byte, send func(wait time.Duration, b []byte))) {
	r.fault(func(rf *readerFaults) { rf.tamper = f })
}

// Dead makes the module answer nothing, or answer again.
func (r *Reader) Dead(dead bool) { r.fault(func(f *readerFaults) { f.dead = dead }) }

// Hang makes the module answer nothing until its power is switched off and on.
func (r *Reader) Hang() { r.fault(func(f *readerFaults) { f.hung = true }) }

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
	if len(f.damage) > 0 {
		frame = f.damage[0](frame)
		f.damage = f.damage[1:]
	}
	if f.corrupt > 0 && len(frame) > 1 {
		f.corrupt--
		frame[len(frame)-2] ^= 0x10
	}
	if f.cut > 0 {
		f.cut--
		frame = frame[:len(frame)/2]
	}
	return append(bytes.Clone(f.garbage), frame...)
}
