package escpos

// ReplyKind tells which kind of message a printer has sent.
type ReplyKind uint8

// The kinds, sorted by fixed bits (Epson ESC/POS Command Reference,
// "Identifying the transmission status"; Citizen command reference).
const (
	ReplyOther    ReplyKind = iota // XON, XOFF, other blocks ending in NUL, noise
	ReplyRealTime                  // answer to DLE EOT
	ReplyFence                     // answer to GS r or to a one-byte GS I
	ReplyAuto                      // automatic status back (GS a), four bytes
	ReplyInfo                      // answer to GS I 65 to 69: its text, without the frame 5F ... 00
	ReplyProcess                   // answer to GS ( H function 48: the id's four bytes, without 37 22 ... 00
)

// Reply is one message from the printer.
type Reply struct {
	Kind  ReplyKind
	Bytes []byte // as received, or what the kind says; valid until the next Feed
}

// Sorter cuts what a printer sends into messages. Without it the name in a GS I
// block or the tail of an automatic status would pass for the answer to a
// fence. The zero value is ready.
type Sorter struct {
	buf  [maxBlock]byte
	one  [1]byte
	n    int
	want int // length of the message under way; 0: between messages; -1: block
	kind ReplyKind
	next Query // a reply without fixed bits that is awaited
}

const (
	maxBlock = 80 // bytes of a block: one whose NUL was lost ends there
	xon      = 0x11
	xoff     = 0x13
)

// Expect says that q was asked. It matters for QueryExit and QueryFull, whose
// answers have no fixed bits to know them by. A message that has begun to come
// is read to its end first.
func (s *Sorter) Expect(q Query) {
	s.next = 0
	if q == QueryExit || q == QueryFull {
		s.next = q
	}
}

// Busy reports whether a message has begun to come and is not whole yet.
func (s *Sorter) Busy() bool { return s.want != 0 }

// Reset forgets a message that was left half received, as after a silence.
func (s *Sorter) Reset() { s.n, s.want, s.kind, s.next = 0, 0, ReplyOther, 0 }

// Feed takes the next byte. It returns a message and true when b ends one.
func (s *Sorter) Feed(b byte) (Reply, bool) {
	switch {
	case s.want == 0:
		return s.first(b)
	case s.kind == ReplyRealTime: // QueryFull: any byte may be in it
		return s.add(b)
	case b == xon || b == xoff:
		return s.single(ReplyOther, b) // the only bytes that may come inside a message
	case s.want < 0:
		return s.block(b)
	case b&0x90 != 0:
		s.drop() // not the rest of an automatic status: begin anew with b
		return s.first(b)
	}
	return s.add(b)
}

// first begins a message with b.
func (s *Sorter) first(b byte) (Reply, bool) {
	s.n = 0
	if b == xon || b == xoff {
		return s.single(ReplyOther, b)
	}
	switch s.next {
	case QueryExit:
		s.next = 0
		return s.single(ReplyRealTime, b)
	case QueryFull:
		if b == 0x10 {
			s.next, s.want, s.kind = 0, 6, ReplyRealTime
			return s.add(b)
		}
	}
	switch {
	case b == 0x5f || b == 0x37:
		s.want, s.buf[0], s.n = -1, b, 1
		return Reply{}, false
	case b&0x13 == 0x12: // bit 7 is set by MY-628 only, see Status.Apply
		return s.single(ReplyRealTime, b)
	case b&0x93 == 0x10:
		s.want, s.kind = 4, ReplyAuto
		return s.add(b)
	case b&0x90 == 0:
		return s.single(ReplyFence, b)
	}
	return s.single(ReplyOther, b)
}

func (s *Sorter) single(k ReplyKind, b byte) (Reply, bool) {
	s.one[0] = b
	return Reply{Kind: k, Bytes: s.one[:]}, true
}

// add appends b to a message of known length.
func (s *Sorter) add(b byte) (Reply, bool) {
	s.buf[s.n] = b
	s.n++
	if s.n < s.want {
		return Reply{}, false
	}
	r := Reply{Kind: s.kind, Bytes: s.buf[:s.n]}
	s.drop()
	return r, true
}

// block appends b to a block that ends with a NUL. Its text has no control
// bytes but the separator 1F; another one means that the NUL was lost.
func (s *Sorter) block(b byte) (Reply, bool) {
	switch {
	case b == 0:
		text := s.buf[:s.n]
		s.drop()
		switch {
		case text[0] == 0x5f:
			return Reply{Kind: ReplyInfo, Bytes: text[1:]}, true
		case len(text) == 6 && text[1] == 0x22:
			return Reply{Kind: ReplyProcess, Bytes: text[2:]}, true
		}
		return Reply{Kind: ReplyOther}, true
	case b < 0x20 && b != 0x1f:
		s.drop()
		return s.first(b)
	case s.n == maxBlock:
		s.drop()
		return Reply{Kind: ReplyOther}, true
	}
	s.buf[s.n] = b
	s.n++
	return Reply{}, false
}

// drop ends the message under way.
func (s *Sorter) drop() { s.n, s.want, s.kind = 0, 0, ReplyOther }
