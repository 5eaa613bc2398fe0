package escpos

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestStatusApply(t *testing.T) {
	known := func(q ...Query) (k uint8) {
		for _, v := range q {
			k |= v.Known()
		}
		return k
	}
	tests := []struct {
		name  string
		query Query
		bytes []byte
		want  Status
	}{
		{"online", QueryPrinter, []byte{0x12}, Status{Known: known(QueryPrinter)}},
		{"drawer pin high", QueryPrinter, []byte{0x16}, Status{Known: known(QueryPrinter)}},
		{"offline", QueryPrinter, []byte{0x1a}, Status{Known: known(QueryPrinter), Offline: true}},
		{"MY-628 not taken", QueryPrinter, []byte{0x92}, Status{Known: known(QueryPrinter), SlipNotTaken: true}},
		{"cover", QueryOffline, []byte{0x16}, Status{Known: known(QueryOffline), CoverOpen: true}},
		{"feed key", QueryOffline, []byte{0x1a}, Status{Known: known(QueryOffline), FeedKey: true}},
		{"stopped by paper end", QueryOffline, []byte{0x32}, Status{Known: known(QueryOffline), PaperOut: true}},
		{"error", QueryOffline, []byte{0x52}, Status{Known: known(QueryOffline), Error: true}},
		{"jam", QueryError, []byte{0x16}, Status{Known: known(QueryError), Jam: true}},
		{"cutter", QueryError, []byte{0x1a}, Status{Known: known(QueryError), Cutter: true}},
		{"unrecoverable", QueryError, []byte{0x32}, Status{Known: known(QueryError), Unrecoverable: true}},
		{"head hot", QueryError, []byte{0x52}, Status{Known: known(QueryError), Overheated: true}},
		{"paper low", QueryPaper, []byte{0x1e}, Status{Known: known(QueryPaper), PaperLow: true}},
		{"paper out", QueryPaper, []byte{0x7e}, Status{Known: known(QueryPaper), PaperLow: true, PaperOut: true}},
		{"exit clear", QueryExit, []byte{0}, Status{Known: known(QueryExit)}},
		{"slip at exit", QueryExit, []byte{4}, Status{Known: known(QueryExit), SlipNotTaken: true}},
		{"Custom well", QueryFull, []byte{0x10, 0x0f, 0, 0, 0, 0}, Status{Known: known(QueryFull)}},
		{"Custom ticket", QueryFull, []byte{0x10, 0x0f, 0x24, 0, 0, 0}, Status{Known: known(QueryFull), PaperLow: true, SlipNotTaken: true}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got Status
			if err := got.Apply(tt.query, tt.bytes); err != nil || got != tt.want {
				t.Errorf("Apply(%d, % x) = %+v, %v; want %+v", tt.query, tt.bytes, got, err, tt.want)
			}
		})
	}
}

func TestStatusRefuses(t *testing.T) {
	for q, answers := range map[Query][][]byte{
		QueryPrinter: {nil, {0x00}, {0xff}, {0x10}, {0x13}, {0x12, 0x12}},
		QueryOffline: {{0x92}, {0x11}, {0x02}},
		QueryPaper:   {{0x0c}, {0x92}},
		QueryFull:    {{0x10, 0x0f}, {0x11, 0x0f, 0, 0, 0, 0}},
		Query(9):     {{0x12}},
	} {
		for _, a := range answers {
			var s Status
			if err := s.Apply(q, a); !errors.Is(err, ErrStatus) || s != (Status{}) {
				t.Errorf("Apply(%d, % x) = %+v, %v; want ErrStatus and no change", q, a, s, err)
			}
		}
	}
}

func TestUnknownIsNeverReady(t *testing.T) {
	var s Status
	if s.Ready() || !s.Unknown() || s.String() != "unknown" {
		t.Errorf("zero Status: ready %v, unknown %v, %q", s.Ready(), s.Unknown(), s)
	}
	_ = s.Apply(QueryPrinter, []byte{0x12})
	if s.Ready() {
		t.Error("ready although the paper is unknown")
	}
	_ = s.Apply(QueryPaper, []byte{0x12})
	if !s.Ready() || s.String() != "ready" {
		t.Errorf("asked and well, but %q", s)
	}
	_ = s.Apply(QueryPaper, []byte{0x72})
	if s.Ready() || s.String() != "paper out" {
		t.Errorf("without paper, but %q", s)
	}
}

func TestSorter(t *testing.T) {
	tests := []struct {
		name   string
		expect Query
		in     []byte
		want   []ReplyKind
	}{
		{"DLE EOT", 0, []byte{0x12, 0x1a}, []ReplyKind{ReplyRealTime, ReplyRealTime}},
		{"fence", 0, []byte{0x00, 0x03, 0x0f}, []ReplyKind{ReplyFence, ReplyFence, ReplyFence}},
		{"flow control", 0, []byte{0x11, 0x13}, []ReplyKind{ReplyOther, ReplyOther}},
		{"automatic status hides no fence", 0, []byte{0x10, 0, 0, 0, 0}, []ReplyKind{ReplyAuto, ReplyFence}},
		{"torn automatic status", 0, []byte{0x10, 0, 0x12}, []ReplyKind{ReplyRealTime}},
		{"a name is not four fences", 0, []byte("_XP-80\x00\x00"), []ReplyKind{ReplyInfo, ReplyFence}},
		{"exit", QueryExit, []byte{0x13, 0x04, 0x04}, []ReplyKind{ReplyOther, ReplyRealTime, ReplyFence}},
		{"full", QueryFull, []byte{0x10, 0x0f, 0x24, 0x80, 0, 0}, []ReplyKind{ReplyRealTime}},
		{"noise", 0, []byte{0xff, 0x80}, []ReplyKind{ReplyOther, ReplyOther}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var s Sorter
			s.Expect(tt.expect)
			var got []ReplyKind
			for _, b := range tt.in {
				if r, ok := s.Feed(b); ok {
					got = append(got, r.Kind)
				}
			}
			if string(kinds(got)) != string(kinds(tt.want)) {
				t.Errorf("% x sorted as %v, want %v", tt.in, got, tt.want)
			}
		})
	}
}

func TestSorterReadsBlocks(t *testing.T) {
	var s Sorter
	var got []string
	for _, b := range []byte("_EPSON\x00_\x007\x22ab12\x00_" + strings.Repeat("x", 100)) {
		if r, ok := s.Feed(b); ok {
			got = append(got, string(r.Bytes))
		}
	}
	if want := []string{"EPSON", "", "ab12", ""}; !slices.Equal(got[:4], want) {
		t.Errorf("blocks %q, want %q", got, want)
	}
}

func TestStatusByItself(t *testing.T) {
	for _, tt := range []struct {
		b    []byte
		want Status
	}{
		{[]byte{0x10, 0, 0, 0}, Status{}},
		{[]byte{0x38, 0, 0, 0}, Status{Offline: true, CoverOpen: true}},
		{[]byte{0x50, 0, 0x0f, 0}, Status{FeedKey: true, PaperLow: true, PaperOut: true}},
		{[]byte{0x10, 0x68, 0, 0}, Status{Cutter: true, Unrecoverable: true, Overheated: true}},
	} {
		var got Status
		if err := got.ApplyAuto(tt.b); err != nil || got != tt.want {
			t.Errorf("% x: %+v, %v", tt.b, got, err)
		}
	}
	for _, b := range [][]byte{nil, {0x10, 0, 0}, {0x12, 0, 0, 0}, {0x10, 0, 0x10, 0}, {0x10, 0, 0, 0x80}} {
		var got Status
		if err := got.ApplyAuto(b); !errors.Is(err, ErrStatus) || got != (Status{}) {
			t.Errorf("% x: %+v, %v", b, got, err)
		}
	}
}

// A port that is well says nothing, since cheap printers' ports always are.
func TestStatusOfThePort(t *testing.T) {
	var s Status
	s.ApplyPort(false, false)
	if !s.Unknown() || s.Ready() {
		t.Errorf("port well: %+v", s)
	}
	s.ApplyPort(true, false)
	if s.Unknown() || s.Ready() || s.Condition() != ConditionPaperOut {
		t.Errorf("port without paper: %v", s)
	}
	s = Status{}
	s.ApplyPort(false, true)
	if s.Ready() || s.Condition() != ConditionOffline {
		t.Errorf("port with an error: %v", s)
	}
}

func TestCondition(t *testing.T) {
	well := QueryPrinter.Known() | QueryOffline.Known() | QueryPaper.Known()
	for _, tt := range []struct {
		s    Status
		want Condition
	}{
		{Status{}, ConditionUnknown},
		{Status{CoverOpen: true}, ConditionUnknown},
		{Status{Known: QueryPrinter.Known()}, ConditionUnknown},
		{Status{Known: well}, ConditionReady},
		{Status{Known: well, PaperLow: true}, ConditionPaperLow},
		{Status{Known: well, PaperLow: true, SlipNotTaken: true}, ConditionSlipNotTaken},
		{Status{Known: well, PaperOut: true, SlipNotTaken: true, Offline: true}, ConditionPaperOut},
		{Status{Known: well, PaperOut: true, CoverOpen: true}, ConditionCoverOpen},
		{Status{Known: well, Cutter: true, Error: true}, ConditionCutter},
		{Status{Known: well, Jam: true}, ConditionCutter},
		{Status{Known: well, Overheated: true, Offline: true, Error: true}, ConditionOverheated},
		{Status{Known: well, Overheated: true, Unrecoverable: true}, ConditionOffline},
		{Status{Known: well, Offline: true}, ConditionOffline},
		{Status{Known: well, FeedKey: true}, ConditionOffline},
	} {
		if got := tt.s.Condition(); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt.s, got, tt.want)
		}
	}
}

func kinds(k []ReplyKind) []byte {
	out := make([]byte, len(k))
	for i, v := range k {
		out[i] = byte(v)
	}
	return out
}

// FuzzStatus feeds any bytes as answers. Whatever a printer or a wrong baud
// rate sends, the status must not be ready unless every byte that made it so
// carries the fixed bits of an answer.
func FuzzStatus(f *testing.F) {
	f.Add(byte(1), []byte{0x12, 0x12})
	f.Add(byte(20), []byte{0x10, 0x0f, 0, 0, 0, 0})
	f.Add(byte(5), []byte("_EPSON\x00\x13\x10\x00"))
	f.Fuzz(func(t *testing.T, query byte, in []byte) {
		var sorter Sorter
		var st Status
		q := Query(query)
		sorter.Expect(q)
		total := 0
		for _, b := range in {
			r, ok := sorter.Feed(b)
			if !ok {
				continue
			}
			total += len(r.Bytes)
			before := st
			err := error(nil)
			switch r.Kind {
			case ReplyRealTime:
				err = st.Apply(q, r.Bytes)
			case ReplyFence:
				err = st.ApplyFence(r.Bytes[0])
			case ReplyAuto:
				err = st.ApplyAuto(r.Bytes)
			}
			if (st.Condition() == ConditionReady) != (st.Ready() && !st.PaperLow && !st.SlipNotTaken) {
				t.Fatalf("%v is called %s", st, st.Condition())
			}
			if err != nil && st != before {
				t.Fatalf("refused answer % x changed the status", r.Bytes)
			}
		}
		if total > len(in) {
			t.Fatalf("%d bytes sorted out of %d", total, len(in))
		}
		if st.Ready() && (st.Fault() || st.Unknown()) {
			t.Fatalf("ready in spite of %+v", st)
		}
		if st.Unknown() && !bytes.Equal([]byte(st.String()), []byte("unknown")) {
			t.Fatalf("unknown status reads %q", st)
		}
	})
}
