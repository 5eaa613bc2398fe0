package samusb_test

import (
	"bytes"
	"errors"
	"os"
	"slices"
	"testing"
	"testing/synctest"

	"jobhome/drivers/idcard/samusb"
	"jobhome/drivers/idcard/samv"
)

// Whatever reports come, the envelope decoder ends, hands on no more than 54
// bytes of each, keeps nothing, and finds a whole answer after them.
func FuzzHID(f *testing.F) {
	f.Add([]byte{}, 1)
	f.Add(envelope([]byte("payload")), 3)
	f.Add(append(envelope(bytes.Repeat([]byte{1}, 54)), envelope(nil)...), 64)
	f.Add(bytes.Repeat([]byte{0xAA, 0, 0, 57, 0}, 40), 7)
	f.Fuzz(func(t *testing.T, data []byte, step int) {
		if len(data) > 1<<14 {
			return
		}
		synctest.Test(t, func(t *testing.T) { fuzzHID(t, data, 1+(step&0x7fffffff)%300) })
	})
}

func fuzzHID(t *testing.T, data []byte, step int) {
	p := &pipe{packets: packets(data, 64)}
	reports := len(p.packets)
	w := samusb.NewHID(p)
	if got := receive(t, w, step); len(got) > reports*54 {
		t.Fatalf("%d bytes from %d reports", len(got), reports)
	}
	clean(t, p)
	whole := samv.AppendReply(nil, samv.NotFound, nil)
	for c := range slices.Chunk(whole, 5) {
		p.packets = append(p.packets, envelope(c))
	}
	if got := receive(t, w, step); !bytes.Equal(got, whole) {
		t.Fatalf("% X", got)
	}
}

// Whatever comes on the two endpoints, reading ends, every byte is handed on
// once, and after the next request the wire is in step.
func FuzzSplit(f *testing.F) {
	next := samv.AppendReply(nil, samv.NotFound, nil)
	f.Add(next[:7], next[7:], 256)
	f.Add([]byte{0xAA, 0xAA, 0xAA, 0x96, 0x69, 0xFF, 0xFF}, []byte{1, 2, 3}, 1)
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8}, next, 7)
	f.Add(next[:3], next, 64)
	f.Fuzz(func(t *testing.T, head, rest []byte, step int) {
		if len(head)+len(rest) > 1<<14 {
			return
		}
		synctest.Test(t, func(t *testing.T) { fuzzSplit(t, head, rest, 1+(step&0x7fffffff)%300) })
	})
}

func fuzzSplit(t *testing.T, head, rest []byte, step int) {
	next := samv.AppendReply(nil, samv.NotFound, nil)
	w, _, _, hi, ri := split()
	hi.packets, ri.packets = packets(head, 64), packets(rest, 64)
	got := receive(t, w, step)
	left := 0
	for _, p := range append(slices.Clone(hi.packets), ri.packets...) {
		left += len(p)
	}
	if len(got)+left != len(head)+len(rest) {
		t.Fatalf("%d bytes read and %d left of %d", len(got), left, len(head)+len(rest))
	}
	if err := w.FlushInput(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte("request with a body")); err != nil {
		t.Fatal(err)
	}
	hi.packets, ri.packets = packets(next[:7], 7), packets(next[7:], 64)
	if got := receive(t, w, step); !bytes.Equal(got, next) {
		t.Fatalf("% X", got)
	}
	if _, err := w.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
}
