package samusb_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/idcard/samusb"
	"jobhome/drivers/idcard/samv"
)

// pipe is one endpoint: packets to be read, what was written, and every buffer
// that was read into.
type pipe struct {
	packets [][]byte
	wrote   [][]byte
	bufs    [][]byte
	until   time.Time
}

func (p *pipe) Read(b []byte) (int, error) {
	if len(p.packets) == 0 {
		time.Sleep(time.Until(p.until))
		return 0, os.ErrDeadlineExceeded
	}
	p.bufs = append(p.bufs, b[:cap(b)])
	n := copy(b, p.packets[0])
	if p.packets[0] = p.packets[0][n:]; len(p.packets[0]) == 0 {
		p.packets = p.packets[1:]
	}
	return n, nil
}

func (p *pipe) Write(b []byte) (int, error) {
	p.wrote = append(p.wrote, bytes.Clone(b))
	return len(b), nil
}

func (p *pipe) SetReadDeadline(t time.Time) error {
	p.until = t
	return nil
}

func (p *pipe) SetWriteDeadline(time.Time) error { return nil }

func (p *pipe) Close() error { return errors.New("closed") }

// wire is what package idcard asks of a line.
type wire interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
	FlushInput() error
}

func request(t testing.TB, c samv.Command) []byte {
	t.Helper()
	b, err := samv.AppendRequest(nil, c)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// answer is the frame of a read: 1295 bytes, none of the last kilobyte zero.
func answer() []byte {
	data := append([]byte{1, 0, 4, 0}, bytes.Repeat([]byte{'A', 0}, samv.TextLen/2)...)
	return samv.AppendReply(nil, samv.OK, append(data, bytes.Repeat([]byte{0xD7}, samv.PhotoLen)...))
}

// packets cuts b up.
func packets(b []byte, size int) (out [][]byte) {
	for p := range slices.Chunk(bytes.Clone(b), size) {
		out = append(out, p)
	}
	return out
}

// receive reads until nothing has come for 100 ms, size bytes at a time. It is
// called in a bubble.
func receive(t *testing.T, w wire, size int) (got []byte) {
	t.Helper()
	for b := make([]byte, size); ; {
		w.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
		n, err := w.Read(b)
		got = append(got, b[:n]...)
		clear(b)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return got
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestPair(t *testing.T) { synctest.Test(t, testPair) }

func testPair(t *testing.T) {
	in, out := &pipe{}, &pipe{}
	w := samusb.NewPair(in, out, in)
	req := request(t, samv.Read)
	if n, err := w.Write(req); n != len(req) || err != nil || len(out.wrote) != 1 || !bytes.Equal(out.wrote[0], req) {
		t.Errorf("sent % X, %d, %v", out.wrote, n, err)
	}
	in.packets = packets(answer(), 64)
	if got := receive(t, w, 256); !bytes.Equal(got, answer()) {
		t.Errorf("%d bytes", len(got))
	}
	in.packets = packets(answer(), 64)
	if err := w.FlushInput(); err != nil || len(in.packets) != 0 {
		t.Errorf("flush: %v, %d packets left", err, len(in.packets))
	}
	clean(t, in)
	if w.Close() == nil {
		t.Error("the device was not closed")
	}
}

// clean wants every buffer that was read into to be zero.
func clean(t *testing.T, p *pipe) {
	t.Helper()
	for _, b := range p.bufs {
		if bytes.Count(b, []byte{0}) != len(b) {
			t.Fatalf("a buffer holds % X", b)
		}
	}
}

func split() (w *samusb.SplitWire, ho, ro, hi, ri *pipe) {
	ho, ro, hi, ri = &pipe{}, &pipe{}, &pipe{}, &pipe{}
	return samusb.NewSplit(samusb.Pipes{HeadOut: ho, RestOut: ro, HeadIn: hi, RestIn: ri, Closer: hi}), ho, ro, hi, ri
}

func TestSplit(t *testing.T) { synctest.Test(t, testSplit) }

func testSplit(t *testing.T) {
	w, ho, ro, hi, ri := split()
	req := request(t, samv.Find)
	if n, err := w.Write(req); n != 10 || err != nil {
		t.Fatal(n, err)
	}
	if len(ho.wrote) != 1 || !bytes.Equal(ho.wrote[0], req[:7]) || len(ro.wrote) != 1 || !bytes.Equal(ro.wrote[0], req[7:]) {
		t.Errorf("sent % X and % X", ho.wrote, ro.wrote)
	}
	whole := answer()
	for name, c := range map[string]struct{ head, headBy, restBy int }{
		"as the pages say":         {7, 7, 64},
		"head byte by byte":        {7, 1, 64},
		"rest byte by byte":        {7, 7, 1},
		"more than the head first": {64, 64, 64},
		"everything first":         {len(whole), 64, 64}, // on the first endpoint
	} {
		for _, size := range []int{1, 7, 256, 4096} {
			if c.head != 7 && size < 64 {
				continue // what is in one packet is read at once
			}
			hi.packets, ri.packets = packets(whole[:c.head], c.headBy), packets(whole[c.head:], c.restBy)
			if got := receive(t, w, size); !bytes.Equal(got, whole) {
				t.Errorf("%s, %d at a time: %d bytes", name, size, len(got))
			}
			if w.Write(req); len(hi.packets)+len(ri.packets) > 0 {
				t.Errorf("%s: %d packets left", name, len(hi.packets)+len(ri.packets))
			}
		}
	}
	clean(t, hi)
	clean(t, ri)
}

// The rest of an answer that was given up is not taken for the next one.
func TestSplitOutOfStep(t *testing.T) { synctest.Test(t, testSplitOutOfStep) }

func testSplitOutOfStep(t *testing.T) {
	w, _, _, hi, ri := split()
	req := request(t, samv.Read)
	whole, next := answer(), samv.AppendReply(nil, samv.NotFound, nil)
	w.Write(req)
	hi.packets = packets(whole[:7], 7)
	receive(t, w, 256) // given up
	ri.packets = packets(whole[7:], 64)
	w.Write(req)
	hi.packets, ri.packets = packets(next[:7], 7), append(ri.packets, packets(next[7:], 64)...)
	if got := receive(t, w, 256); !bytes.Equal(got, next) {
		t.Errorf("% X", got[:min(len(got), 20)])
	}
	// The first 7 bytes are noise: the frame is found on either endpoint.
	w.Write(req)
	hi.packets, ri.packets = packets([]byte{0, 0xAA, 0xAA, 0x96, 0, 0, 9}, 7), packets(next, 64)
	if got := receive(t, w, 256); !bytes.Contains(got, next) {
		t.Errorf("% X", got)
	}
	w.Write(req)
	hi.packets, ri.packets = packets(next[:7], 7), packets(next[7:], 64)
	if got := receive(t, w, 256); !bytes.Equal(got, next) {
		t.Errorf("back in step: % X", got)
	}
	if _, err := w.Write(req[:7]); err == nil {
		t.Error("a frame without a body was sent")
	}
	if n, err := w.Read(nil); n != 0 || err != nil {
		t.Error(n, err)
	}
}

// envelope makes the report of an answer, by hand.
func envelope(payload []byte) []byte {
	r := append([]byte{0xAA, 0, 0, byte(len(payload) + 3), 0, 0, 7, 0}, payload...)
	s := 0
	for _, b := range r[3:] {
		s += int(b)
	}
	r = append(r, byte(s), byte(s>>8))
	return append(r, bytes.Repeat([]byte{0x5A}, 64-len(r))...)
}

func TestHID(t *testing.T) { synctest.Test(t, testHID) }

func testHID(t *testing.T) {
	p := &pipe{}
	w := samusb.NewHID(p)
	w.Write(request(t, samv.Find))
	// 0B 00 B1, the frame and their sum: 0B+B1+AA+AA+AA+96+69+03+20+01+22 = 03FF.
	want, _ := hex.DecodeString(strings.ReplaceAll("88 0000 0B00 B1 AAAAAA9669 0003 2001 22 FF03", " ", ""))
	if len(p.wrote) != 1 || len(p.wrote[0]) != 64 || !bytes.Equal(p.wrote[0], append(want, make([]byte, 64-len(want))...)) {
		t.Errorf("sent % X", p.wrote)
	}
	whole := answer()
	for _, size := range []int{1, 10, 54} {
		for _, step := range []int{1, 53, 54, 256} {
			p.packets = nil
			for c := range slices.Chunk(whole, size) {
				p.packets = append(p.packets, envelope(c))
			}
			if size == 54 && len(p.packets) != 24 {
				t.Errorf("%d reports", len(p.packets))
			}
			if got := receive(t, w, step); !bytes.Equal(got, whole) {
				t.Errorf("%d a report, %d at a time: %d bytes", size, step, len(got))
			}
		}
	}
	clean(t, p)
	good := envelope([]byte("good"))
	spoil := func(at int, b byte) []byte {
		r := bytes.Clone(good)
		r[at] = b
		return r
	}
	p.packets = [][]byte{
		spoil(0, 0x88), spoil(3, 2), spoil(3, 60), spoil(4, 1), spoil(9, 'x'), spoil(12, 0),
		good[:9], make([]byte, 64), bytes.Repeat([]byte{0xAA}, 64), good,
	}
	if got := receive(t, w, 64); string(got) != "good" {
		t.Errorf("%q", got)
	}
	p.packets = [][]byte{envelope([]byte("stale")), envelope(nil), envelope([]byte("more"))}
	if n, _ := w.Read(make([]byte, 2)); n != 2 {
		t.Error(n)
	}
	if err := w.FlushInput(); err != nil || len(receive(t, w, 64)) != 0 {
		t.Errorf("flush: %v", err)
	}
	clean(t, p)
	if _, err := w.Write(make([]byte, 57)); err == nil {
		t.Error("57 bytes were sent in one report")
	}
	if n, err := w.Write(make([]byte, 56)); n != 56 || err != nil || len(p.wrote[len(p.wrote)-1]) != 64 {
		t.Errorf("56 bytes: %d, %v", n, err)
	}
}

func TestChoose(t *testing.T) {
	for bulk, want := range map[string]samusb.Framing{
		"\x02\x06\x81\x85": samusb.Split, "\x85\x81\x06\x02\x03": samusb.Split,
		"\x01\x82": samusb.Pair, "": samusb.HID, "\x81": 0, "\x01\x02\x81": 0,
	} {
		got, err := samusb.Choose([]byte(bulk))
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("% X: %v, %v, want %v", bulk, got, err, want)
		}
	}
	for _, f := range []samusb.Framing{samusb.Split, samusb.Pair, samusb.HID} {
		if got, err := samusb.ParseFraming(f.String()); got != f || err != nil {
			t.Errorf("%v: %v, %v", f, got, err)
		}
	}
	if _, err := samusb.ParseFraming("serial"); err == nil || samusb.Framing(9).String() != "unknown" {
		t.Error("an unknown framing has a name")
	}
}
