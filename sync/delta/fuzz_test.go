package delta

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"jobhome/kiosk/demo"
	"jobhome/sync/wire"
)

func few(t testing.TB) Rows {
	t.Helper()
	var out Rows
	ps := demo.Postings(time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), 40, 1)
	for i := range ps {
		r, err := wire.RowOf(&ps[i])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}

func changed(t testing.TB) (from Rows, c Change) {
	from = few(t)
	c = Change{
		Upsert: []wire.Row{{ID: from[3].ID, Body: bytes.Replace(from[3].Body, []byte(`"title":"`), []byte(`"title":"好`), 1), Refreshed: minDate}},
		Remove: []string{from[5].ID},
		Dates:  []Date{{from[7].ID, 0}, {from[9].ID, maxDate}},
	}
	return from, c
}

const fuzzLimit = 1 << 20

// quick packs many small texts without the tables of the best level.
var quick, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithZeroFrames(true))

// The text of a plain delta, packed here, so that the fuzzer reaches the lines:
// what is taken is written again as the same text.
func FuzzPlainText(f *testing.F) {
	from, c := changed(f)
	var text []byte
	text = appendRow(appendDate(appendRemove(nil, "a-1"), c.Dates[1]), from[0])
	for _, seed := range []string{
		string(text), "", "{}\n", `{"remove":"a"}` + "\n", `{"date":"a"}` + "\n" + `{"id":"b"}` + "\n",
		`{"date":"a","refreshed":"2026-11-25T08:00:00+08:00"}` + "\n",
		`{"id":"a","refreshed":"2026-02-30T08:00:00+08:00"}` + "\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := DecodePlain(quick.EncodeAll(text, nil), fuzzLimit)
		if err != nil {
			return
		}
		var again []byte
		for _, id := range c.Remove {
			again = appendRemove(again, id)
		}
		for _, d := range c.Dates {
			again = appendDate(again, d)
		}
		for _, r := range c.Upsert {
			again = appendRow(again, r)
		}
		if !bytes.Equal(again, text) {
			t.Errorf("%q taken, written as %q", text, again)
		}
	})
}

// Packed bytes, whatever they are, to every decoder.
func FuzzPacked(f *testing.F) {
	from, c := changed(f)
	plain, err := EncodePlain(c)
	if err != nil {
		f.Fatal(err)
	}
	dict, err := EncodeDict(c, from)
	if err != nil {
		f.Fatal(err)
	}
	revoked, err := EncodeRevoked([]string{"b", "a"})
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range []Packed{plain, dict, revoked} {
		f.Add(p.Bytes)
		f.Add(p.Bytes[:len(p.Bytes)/2])
		f.Add(append(bytes.Clone(p.Bytes), 0))
		f.Add(append(bytes.Clone(p.Bytes), p.Bytes...))
	}
	f.Fuzz(func(t *testing.T, packed []byte) {
		if c, err := DecodePlain(packed, fuzzLimit); err == nil {
			check(t, c)
		}
		if c, err := DecodeDict(packed, fuzzLimit, from); err == nil {
			check(t, c)
			if _, err := from.Apply(c); err != nil {
				t.Errorf("what was decoded cannot be applied: %v", err)
			}
		}
		_, _ = DecodeRevoked(packed, fuzzLimit)
		_ = DecodeBase(bytes.NewReader(packed), fuzzLimit, func(r wire.Row) error { return nil })
	})
}

func check(t *testing.T, c Change) {
	t.Helper()
	if err := c.Check(); err != nil {
		t.Errorf("decoded, and not in order: %v", err)
	}
}

// What is inside the packed part of the dictionary form, which carries no
// checksum of its own.
func FuzzFrame(f *testing.F) {
	_, c := changed(f)
	f.Add(appendFrame(nil, c, []int{0}))
	f.Add(appendFrame(nil, Change{}, nil))
	f.Add([]byte{1, 1, 0, '{', '}', '\n'})
	f.Fuzz(func(t *testing.T, raw []byte) {
		got := Change{}
		if readFrame(raw, &got, []string{"a", "b"}) != nil || got.Check() != nil {
			return
		}
		order := make([]int, len(got.Upsert))
		for i := range order {
			order[i] = i
		}
		again := Change{}
		if err := readFrame(appendFrame(nil, got, order), &again, []string{"a", "b"}); err != nil || !sameChange(got, again) {
			t.Errorf("%q reads as %+v, written again as %+v, %v", raw, got, again, err)
		}
	})
}

func sameChange(a, b Change) bool {
	return reflect.DeepEqual(a.Upsert, b.Upsert) && reflect.DeepEqual(a.Dates, b.Dates)
}

func FuzzOrdinals(f *testing.F) {
	for _, o := range [][]uint32{nil, {0}, {5}, {0, 1, 2, 3}, {7, 900, 901, 4000}} {
		f.Add(appendOrdinals(nil, o))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		ordinals, rest, err := readOrdinals(src, 5000)
		if err != nil {
			return
		}
		for i, o := range ordinals {
			if o >= 5000 || i > 0 && o <= ordinals[i-1] {
				t.Fatalf("%d at %d", o, i)
			}
		}
		if again := appendOrdinals(nil, ordinals); !bytes.Equal(append(again, rest...), src) {
			t.Errorf("%x taken, written as %x", src, again)
		}
	})
}
