package escpos

// ReplyKind tells which kind of message a printer has sent.
type ReplyKind uint8

// The kinds, sorted by fixed bits (Epson ESC/POS Command Reference,
// "Identifying the transmission status"; Citizen command reference).
const (
	ReplyOther    ReplyKind = iota // XON, XOFF, blocks ending in NUL, noise
	ReplyRealTime                  // answer to DLE EOT
	ReplyFence                     // answer to GS r or to a one-byte GS I
	ReplyAuto                      // automatic status back, four bytes
)

// Reply is one message from the printer.
type Reply struct {
	Kind  ReplyKind
	Bytes []byte // as received; valid until the next Feed
}

// Sorter cuts what a printer sends into messages. Without it the name in a GS I
// block or the tail of an automatic status would pass for the answer to a
// fence. The zero value is ready.
type Sorter struct {
	buf  [6]byte
	n    int
	want int // length of the message under way; 0: between messages; -1: block
	kind ReplyKind
	next Query // a reply without fixed bits that is awaited
}

// maxBlock bounds a block whose NUL was lost.
const maxBlock = 80

// Expect says that q was asked. It matters for QueryExit and QueryFull, whose
// answers have no fixed bits to know them by.
func (s *Sorter) Expect(q Query) {
	s.Reset()
	if q == QueryExit || q == QueryFull {
		s.next = q
	}
}

// Reset forgets a message that was left half received, as after a silence.
func (s *Sorter) Reset() { s.n, s.want, s.kind, s.next = 0, 0, ReplyOther, 0 }

// Feed takes the next byte. It returns a message and true when b ends one.
func (s *Sorter) Feed(b byte) (Reply, bool) {
	switch {
	case s.want < 0:
		s.n++
		if b == 0 || s.n >= maxBlock {
			s.Reset()
			return Reply{Kind: ReplyOther}, true
		}
		return Reply{}, false
	case s.want > 0 && s.kind == ReplyAuto && b&0x90 != 0:
		s.Reset() // not the rest of an automatic status: begin anew with b
	case s.want > 0:
		return s.add(b)
	}
	return s.first(b)
}

// first begins a message with b.
func (s *Sorter) first(b byte) (Reply, bool) {
	s.n = 0
	if b == 0x11 || b == 0x13 {
		return s.one(ReplyOther, b)
	}
	switch s.next {
	case QueryExit:
		s.next = 0
		return s.one(ReplyRealTime, b)
	case QueryFull:
		if b == 0x10 {
			s.next, s.want, s.kind = 0, 6, ReplyRealTime
			return s.add(b)
		}
	}
	switch {
	case b == 0x5f || b == 0x37:
		s.want = -1
		return Reply{}, false
	case b&0x13 == 0x12: // bit 7 is set by MY-628 only, see Status.Apply
		return s.one(ReplyRealTime, b)
	case b&0x93 == 0x10:
		s.want, s.kind = 4, ReplyAuto
		return s.add(b)
	case b&0x90 == 0:
		return s.one(ReplyFence, b)
	}
	return s.one(ReplyOther, b)
}

func (s *Sorter) one(k ReplyKind, b byte) (Reply, bool) {
	s.buf[0] = b
	return Reply{Kind: k, Bytes: s.buf[:1]}, true
}

// add appends b to a message of known length.
func (s *Sorter) add(b byte) (Reply, bool) {
	s.buf[s.n] = b
	s.n++
	if s.n < s.want {
		return Reply{}, false
	}
	r := Reply{Kind: s.kind, Bytes: s.buf[:s.n]}
	s.n, s.want, s.kind = 0, 0, ReplyOther
	return r, true
}
