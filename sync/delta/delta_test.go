package delta_test

import (
	"bytes"
	"errors"
	"iter"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"jobhome/sync/delta"
	"jobhome/sync/internal/churn"
	"jobhome/sync/wire"
)

var start = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

// day is a board, and the same a day later.
func day(t testing.TB, n int, d churn.Day) (from, to delta.Rows) {
	t.Helper()
	b := churn.New(start, n, d.New, 1)
	from = rows(t, b)
	if err := b.Next(d); err != nil {
		t.Fatal(err)
	}
	return from, rows(t, b)
}

func rows(t testing.TB, b *churn.Board) delta.Rows {
	t.Helper()
	r, err := b.Rows()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func seq(rows delta.Rows) iter.Seq2[wire.Row, error] {
	return func(yield func(wire.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func same(t *testing.T, what string, got, want delta.Rows) {
	t.Helper()
	if got.Sum() != want.Sum() || !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %d rows with the sum %x, want %d with %x", what, len(got), got.Sum(), len(want), want.Sum())
	}
}

func TestBase(t *testing.T) {
	from, _ := day(t, 800, churn.Day{})
	for _, want := range []delta.Rows{from, from[:1], nil} {
		var packed bytes.Buffer
		raw, err := delta.EncodeBase(&packed, seq(want))
		if err != nil {
			t.Fatal(err)
		}
		var got delta.Rows
		keep := func(r wire.Row) error { got = append(got, r); return nil }
		if err := delta.DecodeBase(bytes.NewReader(packed.Bytes()), raw, keep); err != nil {
			t.Fatal(err)
		}
		same(t, "base", got, want)
		if err := delta.DecodeBase(bytes.NewReader(packed.Bytes()), raw-1, keep); err == nil && raw > 0 {
			t.Error("a base greater than its limit was taken")
		}
	}
	for what, bad := range map[string]delta.Rows{
		"out of order": {from[1], from[0]},
		"twice":        {from[0], from[0]},
		"another id":   {{ID: "x", Body: from[0].Body}},
		"no body":      {{ID: from[0].ID}},
		"year 1999":    {{ID: from[0].ID, Body: from[0].Body, Refreshed: 1}},
	} {
		if _, err := delta.EncodeBase(new(bytes.Buffer), seq(bad)); err == nil {
			t.Errorf("a base was written with a row %s", what)
		}
	}
}

func TestBothFormsLeadToTheSameBoard(t *testing.T) {
	for what, d := range map[string]churn.Day{
		"all kinds":    {New: 30, Gone: 25, Edited: 20, Dated: 400, OwnMinute: 50},
		"dates only":   {Dated: 300},
		"removed only": {Gone: 7},
		"new only":     {New: 9},
		"edited only":  {Edited: 5},
		"nothing":      {},
	} {
		from, to := day(t, 1200, d)
		c := delta.Between(from, to)
		if len(c.Upsert) != d.New+d.Edited || len(c.Remove) != d.Gone || len(c.Dates) != d.Dated {
			t.Errorf("%s: %d, %d and %d changes, want %+v", what, len(c.Upsert), len(c.Remove), len(c.Dates), d)
		}
		plain, err := delta.EncodePlain(c)
		if err != nil {
			t.Fatal(err)
		}
		dict, err := delta.EncodeDict(c, from)
		if err != nil {
			t.Fatal(err)
		}
		byPlain, err := delta.DecodePlain(plain.Bytes, plain.Raw)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		byDict, err := delta.DecodeDict(dict.Bytes, dict.Raw, from)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for form, got := range map[string]delta.Change{"plain": byPlain, "dict": byDict} {
			after, err := from.Apply(got)
			if err != nil {
				t.Fatalf("%s, %s: %v", what, form, err)
			}
			same(t, what+", "+form, after, to)
		}
		if _, err := delta.DecodeDict(dict.Bytes, dict.Raw-1, from); err == nil {
			t.Errorf("%s: the dictionary form was taken above its limit", what)
		}
		if _, err := delta.DecodePlain(plain.Bytes, plain.Raw-1); err == nil && plain.Raw > 0 {
			t.Errorf("%s: the plain form was taken above its limit", what)
		}
	}
}

func TestEverythingIsNewOrGone(t *testing.T) {
	_, to := day(t, 300, churn.Day{})
	for _, step := range []struct{ from, to delta.Rows }{{nil, to}, {to, nil}} {
		p, err := delta.EncodeDict(delta.Between(step.from, step.to), step.from)
		if err != nil {
			t.Fatal(err)
		}
		c, err := delta.DecodeDict(p.Bytes, p.Raw, step.from)
		if err != nil {
			t.Fatal(err)
		}
		after, err := step.from.Apply(c)
		if err != nil || len(after) != len(step.to) || after.Sum() != step.to.Sum() {
			t.Errorf("%d rows, %v; want %d", len(after), err, len(step.to))
		}
	}
}

// A terminal whose board is not the one of From must take the plain form, and
// must find that out before it has changed anything.
func TestOtherRows(t *testing.T) {
	from, to := day(t, 1000, churn.Day{New: 30, Gone: 20, Edited: 20, Dated: 100})
	c := delta.Between(from, to)
	p, err := delta.EncodeDict(c, from)
	if err != nil {
		t.Fatal(err)
	}
	edited := slices.IndexFunc(from, func(r wire.Row) bool {
		return slices.ContainsFunc(c.Upsert, func(u wire.Row) bool { return u.ID == r.ID })
	})
	other := slices.Clone(from)
	other[edited].Body = bytes.Replace(other[edited].Body, []byte(`"published":"2026`), []byte(`"published":"2025`), 1)
	renamed := slices.Clone(from)
	renamed[999].ID = "gq001000x"
	for what, known := range map[string]delta.Known{
		"one row fewer":        from[1:],
		"one row more":         append(slices.Clone(from), wire.Row{ID: "zz"}),
		"another id":           renamed,
		"another body":         other,
		"a body that is gone":  lacking{from, from[edited].ID},
		"no rows":              delta.Rows(nil),
		"another old version":  to,
		"the id but no bodies": lacking{from, ""},
	} {
		if _, err := delta.DecodeDict(p.Bytes, p.Raw, known); !errors.Is(err, delta.ErrOtherRows) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// lacking knows all ids, and not the rows of one, or of any.
type lacking struct {
	from delta.Rows
	id   string
}

func (l lacking) IDs() iter.Seq2[string, error] { return l.from.IDs() }

func (l lacking) Rows(ids []string) ([]wire.Row, error) {
	rows, err := l.from.Rows(ids)
	return slices.DeleteFunc(rows, func(r wire.Row) bool { return l.id == "" || r.ID == l.id }), err
}

func TestApplyRefusesWhatDoesNotFit(t *testing.T) {
	from, _ := day(t, 10, churn.Day{})
	for what, c := range map[string]delta.Change{
		"removed":      {Remove: []string{"zz"}},
		"dated":        {Dates: []delta.Date{{ID: "a", Refreshed: start.Unix()}}},
		"twice":        {Remove: []string{from[0].ID}, Upsert: []wire.Row{from[0]}},
		"out of order": {Remove: []string{from[1].ID, from[0].ID}},
		"no id":        {Remove: []string{""}},
	} {
		if _, err := from.Apply(c); err == nil {
			t.Errorf("%s: applied", what)
		}
		if _, err := delta.EncodePlain(c); err == nil && what != "removed" && what != "dated" {
			t.Errorf("%s: written in the plain form", what)
		}
		if _, err := delta.EncodeDict(c, from); err == nil {
			t.Errorf("%s: written in the dictionary form", what)
		}
	}
}

func TestRevoked(t *testing.T) {
	for _, ids := range [][]string{nil, {"b", "a", "gq000017"}} {
		p, err := delta.EncodeRevoked(ids)
		if err != nil {
			t.Fatal(err)
		}
		got, err := delta.DecodeRevoked(p.Bytes, p.Raw)
		if err != nil || !slices.Equal(got, ids) {
			t.Errorf("%q, %v; want %q", got, err, ids)
		}
	}
	for _, bad := range [][]string{{""}, {"a b"}, {strings.Repeat("x", 21)}} {
		if _, err := delta.EncodeRevoked(bad); err == nil {
			t.Errorf("%q was written", bad)
		}
	}
	p, err := delta.EncodeRevoked([]string{"a", "b", "a"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := delta.DecodeRevoked(p.Bytes, p.Raw); err == nil {
		t.Error("an id was taken twice")
	}
	if _, err := delta.DecodeRevoked(p.Bytes, p.Raw-1); err == nil {
		t.Error("a list was taken above its limit")
	}
}

func TestDictIsSmallerThanPlain(t *testing.T) {
	from, to := day(t, 4000, churn.Day{New: 16, Gone: 16, Edited: 8})
	c := delta.Between(from, to)
	plain, err := delta.EncodePlain(c)
	if err != nil {
		t.Fatal(err)
	}
	dict, err := delta.EncodeDict(c, from)
	if err != nil {
		t.Fatal(err)
	}
	if len(dict.Bytes)*2 > len(plain.Bytes) {
		t.Errorf("%d bytes with a dictionary, %d without", len(dict.Bytes), len(plain.Bytes))
	}
}

// A few packed kilobytes that stand for 64 MB stop at the limit, before room is
// made for them.
func TestBombsStopAtTheLimit(t *testing.T) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		t.Fatal(err)
	}
	defer enc.Close()
	bombs := [][]byte{
		enc.EncodeAll(make([]byte, 64<<20), nil),
		enc.EncodeAll(bytes.Repeat([]byte(`{"remove":"a"}`+"\n"), 64<<20/15), nil),
		enc.EncodeAll(bytes.Repeat([]byte("gq000001\n"), 64<<20/9), nil),
	}
	from, _ := day(t, 10, churn.Day{})
	head, err := delta.EncodeDict(delta.Change{}, from)
	if err != nil {
		t.Fatal(err)
	}
	frame := bytes.LastIndex(head.Bytes, []byte{0x28, 0xb5, 0x2f, 0xfd})
	forged := append(head.Bytes[:frame-1:frame-1], 0x80, 0x80, 0x80, 0x20) // 64 MiB
	const limit = 100_000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i, bomb := range bombs {
		_, plain := delta.DecodePlain(bomb, limit)
		_, revoked := delta.DecodeRevoked(bomb, limit)
		base := delta.DecodeBase(bytes.NewReader(bomb), limit, func(wire.Row) error { return nil })
		_, dict := delta.DecodeDict(append(bytes.Clone(forged), bomb...), limit, from)
		_, lying := delta.DecodeDict(append(bytes.Clone(head.Bytes[:frame]), bomb...), limit, from)
		for what, err := range map[string]error{"plain": plain, "revoked": revoked, "base": base, "dict": dict, "lying": lying} {
			if err == nil {
				t.Errorf("bomb %d: taken as %s", i, what)
			}
		}
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 48<<20 {
		t.Errorf("%d MB were allocated", used>>20)
	}
}
