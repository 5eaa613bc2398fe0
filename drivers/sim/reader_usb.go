package sim

import (
	"io"
	"os"
)

// ReaderUSB is the USB plug of a simulated reader, as a program sees it that has
// claimed it. Only the pipes of its framing are set.
type ReaderUSB struct {
	HeadOut, RestOut *USBPipe // endpoints 02 and 06: 7 bytes of a request, and the rest
	HeadIn, RestIn   *USBPipe // endpoints 81 and 85: 7 bytes of an answer, and the rest
	In, Out          *USBPipe // the one pair of endpoints
	Reports          *USBPipe // 64-byte HID reports, both ways
	all              []*packetQueue
}

// Close gives the device back; the reader stays plugged.
func (u *ReaderUSB) Close() error {
	u.shut(os.ErrClosed)
	return nil
}

func (u *ReaderUSB) shut(err error) {
	for _, q := range u.all {
		q.close(err)
	}
}

func (u *ReaderUSB) queue() *packetQueue {
	q := newPacketQueue()
	u.all = append(u.all, q)
	return q
}

// usbDevice is the reader's side of the plug.
type usbDevice struct {
	u    *ReaderUSB
	recv func() ([]byte, error)         // waits for bytes of a request
	send func(sent int, b []byte) error // sent bytes of this frame went before
	rest []byte
	sent int
}

func (d *usbDevice) beginAnswer() { d.sent = 0 }

func (d *usbDevice) Read(b []byte) (int, error) {
	for len(d.rest) == 0 {
		var err error
		if d.rest, err = d.recv(); err != nil {
			return 0, err
		}
	}
	n := copy(b, d.rest)
	d.rest = d.rest[n:]
	return n, nil
}

func (d *usbDevice) Write(b []byte) (int, error) {
	if err := d.send(d.sent, b); err != nil {
		return 0, err
	}
	d.sent += len(b)
	return len(b), nil
}

// Close pulls the plug.
func (d *usbDevice) Close() error {
	d.u.shut(io.EOF)
	return nil
}

// plug serves the reader's side, unless it is unplugged.
func (r *Reader) plug(d *usbDevice) (*ReaderUSB, error) {
	select {
	case <-r.unplugged():
		return nil, ErrUnplugged
	default:
	}
	go r.Serve(d) // ends when the plug is closed
	return d.u, nil
}

const usbHead = 7 // preamble and length of a frame

// DialSplit connects to the reader by the split endpoints of the ministry
// standard. It hears a request only if exactly its first 7 bytes come on the
// first endpoint.
func (r *Reader) DialSplit() (*ReaderUSB, error) {
	u := &ReaderUSB{}
	ho, ro, hi, ri := u.queue(), u.queue(), u.queue(), u.queue()
	u.HeadOut, u.RestOut = &USBPipe{out: ho}, &USBPipe{out: ro}
	u.HeadIn, u.RestIn = &USBPipe{in: hi}, &USBPipe{in: ri}
	body := 0
	d := &usbDevice{u: u}
	d.recv = func() ([]byte, error) {
		if body > 0 {
			p, err := ro.get()
			body = max(body-len(p), 0)
			return p, err
		}
		p, err := ho.get()
		if err != nil || len(p) != usbHead {
			return nil, err
		}
		body = int(p[5])<<8 | int(p[6])
		return p, nil
	}
	d.send = func(sent int, b []byte) error {
		n := min(max(usbHead-sent, 0), len(b))
		if err := hi.put(b[:n]); err != nil {
			return err
		}
		return ri.put(b[n:])
	}
	return r.plug(d)
}

// DialPair connects to the reader by one pair of bulk endpoints.
func (r *Reader) DialPair() (*ReaderUSB, error) {
	u := &ReaderUSB{}
	in, out := u.queue(), u.queue()
	u.In, u.Out = &USBPipe{in: in}, &USBPipe{out: out}
	return r.plug(&usbDevice{u: u, recv: out.get, send: func(_ int, b []byte) error { return in.put(b) }})
}

// DialHID connects to the reader by HID reports: requests in 88 00 00 LEN B1
// frame SUM, answers in AA number LEN result index payload SUM, LEN and SUM
// little-endian, 54 bytes of payload at most. It does not hear a request whose
// envelope is wrong.
func (r *Reader) DialHID() (*ReaderUSB, error) {
	u := &ReaderUSB{}
	in, out := u.queue(), u.queue()
	u.Reports = &USBPipe{in: in, out: out}
	d := &usbDevice{u: u}
	d.recv = func() ([]byte, error) {
		p, err := out.get()
		if err != nil {
			return nil, err
		}
		return hidRequest(p), nil
	}
	d.send = func(sent int, b []byte) error {
		const most = 54
		for i := sent / most; len(b) > 0; i++ {
			n := min(len(b), most)
			if err := in.put(hidReport(i, b[:n])); err != nil {
				return err
			}
			b = b[n:]
		}
		return nil
	}
	return r.plug(d)
}

func hidSum(b []byte) (lo, hi byte) {
	s := 0
	for _, c := range b {
		s += int(c)
	}
	return byte(s), byte(s >> 8)
}

// hidRequest takes a frame out of a report, or returns nil.
func hidRequest(p []byte) []byte {
	if len(p) != usbPacket || p[0] != 0x88 || p[4] != 0 || p[3] < 2 || int(p[3]) > usbPacket-7 || p[5] != 0xB1 {
		return nil
	}
	end := 5 + int(p[3])
	if lo, hi := hidSum(p[3:end]); lo != p[end] || hi != p[end+1] {
		return nil
	}
	return p[6:end]
}

// hidReport is the report of an answer with this payload.
func hidReport(index int, payload []byte) []byte {
	p := append(make([]byte, 0, usbPacket), 0xAA, 0, 0, byte(len(payload)+3), 0, 0, byte(index), byte(index>>8))
	p = append(p, payload...)
	lo, hi := hidSum(p[3:])
	p = append(p, lo, hi)
	return p[:usbPacket]
}
