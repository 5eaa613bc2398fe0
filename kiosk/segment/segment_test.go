package segment

import (
	"bytes"
	"encoding/binary"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

var now = time.Date(2026, 11, 23, 10, 42, 0, 0, zone)

func rows(n int) (all []Row) {
	for i, p := range demo.Postings(now, n, 3) {
		p.Certificates = kiosk.Certificates(i) & kiosk.AllCertificates
		all = append(all, Row{p, now.Unix() + int64(i)})
	}
	return all
}

func TestRowsComeBack(t *testing.T) {
	all := rows(200)
	all[3].Posting.Location = kiosk.Point{Lat: 29.123456789, Lon: -115.1}
	all[4].Posting.Location = kiosk.Point{}
	dict := AppendPosting(nil, &all[0].Posting)
	for _, d := range [][]byte{nil, dict} {
		s, err := Encode(41, all, d)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(s, d)
		if err != nil || !reflect.DeepEqual(got, all) {
			t.Fatalf("other rows, %v", err)
		}
	}
}

// Some of the rows are those of all.
func TestSomeRowsComeBack(t *testing.T) {
	all := rows(32)
	dict := AppendPosting(nil, &all[0].Posting)
	s, err := Encode(41, all, dict)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range [][]int{nil, {0}, {31}, {0, 1, 2}, {3, 30}, {5, 17, 31}} {
		got, err := Pick(s, dict, at...)
		if err != nil || len(got) != len(at) {
			t.Fatalf("%v: %d rows, %v", at, len(got), err)
		}
		for i, n := range at {
			if !reflect.DeepEqual(got[i], all[n]) {
				t.Errorf("%v: another row %d", at, n)
			}
		}
	}
	for _, at := range [][]int{{32}, {-1}, {4, 4}, {4, 3}} {
		if _, err := Pick(s, dict, at...); err == nil {
			t.Errorf("rows %v were given", at)
		}
	}
}

func TestTooMuchIsRefused(t *testing.T) {
	if _, err := Encode(1, make([]Row, MostRows+1), nil); err == nil {
		t.Error("too many rows were taken")
	}
	long := []Row{{Posting: kiosk.Posting{Description: strings.Repeat("x", MostBytes)}}}
	if _, err := Encode(1, long, nil); err == nil {
		t.Error("too many bytes were taken")
	}
}

// Every byte of a segment, of its head and of its dictionary is guarded.
func TestDamageIsFound(t *testing.T) {
	all := rows(8)
	dict := AppendPosting(nil, &all[0].Posting)
	s, err := Encode(41, all, dict)
	if err != nil {
		t.Fatal(err)
	}
	bad := func(what string, s Segment, dict []byte) {
		t.Helper()
		if _, err := Decode(s, dict); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%s: %v", what, err)
		}
		if _, err := Pick(s, dict, 1); !errors.Is(err, ErrDamaged) {
			t.Fatalf("%s, one row: %v", what, err)
		}
	}
	for i := range s.Data {
		other := s
		other.Data = slices.Clone(s.Data)
		other.Data[i] ^= 0x41
		bad("a byte", other, dict)
		other.Data = s.Data[:i]
		bad("a cut", other, dict)
	}
	for _, change := range []func(*Segment){
		func(s *Segment) { s.First++ }, func(s *Segment) { s.Count-- }, func(s *Segment) { s.Size++ }, func(s *Segment) { s.Sum++ },
	} {
		other := s
		change(&other)
		bad("the head", other, dict)
	}
	bad("the dictionary", s, dict[1:])
}

func FuzzParsePosting(f *testing.F) {
	for _, r := range rows(5) {
		f.Add(AppendPosting(nil, &r.Posting))
	}
	f.Add([]byte{})
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ParsePosting(string(data))
		if err != nil {
			return
		}
		once := AppendPosting(nil, &p)
		q, err := ParsePosting(string(once))
		if err != nil || !bytes.Equal(once, AppendPosting(nil, &q)) {
			t.Fatalf("%+v comes back as %+v, %v", p, q, err)
		}
	})
}

// FuzzDecode gives damaged segments, and dictionaries that are not theirs, a
// checksum as if they had been written so. What is read then is made of the same
// bytes again, and some of it is what all of it is.
func FuzzDecode(f *testing.F) {
	all := rows(3)
	dict := AppendPosting(nil, &all[1].Posting)
	for _, d := range [][]byte{nil, dict} {
		s, err := Encode(1, all, d)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(s.Data, s.Count, s.Size, d)
		f.Add(s.Data, s.Count, s.Size, dict[:40])
		f.Add(s.Data[:len(s.Data)/2], s.Count, s.Size, d)
	}
	f.Fuzz(func(t *testing.T, data []byte, count, size int, dict []byte) {
		s := Segment{First: 1, Count: count, Size: size, Data: data}
		s.Sum = s.sum(dict)
		rows, err := Decode(s, dict)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Fatal(err)
			}
			if count > 0 { // must end, and must not give more than there is
				_, _ = Pick(s, dict, count-1)
			}
			return
		}
		again, err := Encode(1, rows, dict)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Decode(again, dict)
		if err != nil || len(back) != len(rows) {
			t.Fatalf("%d rows come back as %d, %v", len(rows), len(back), err)
		}
		for i := 0; i < len(rows); i += 1 + len(rows)/8 { // each looks from the beginning on
			some, err := Pick(s, dict, i)
			if err != nil || !bytes.Equal(bytesOf(some[0]), bytesOf(rows[i])) || !bytes.Equal(bytesOf(back[i]), bytesOf(rows[i])) {
				t.Fatalf("row %d comes back as another, %v", i, err)
			}
		}
	})
}

// bytesOf is a row as it is written; not every number is equal to itself.
func bytesOf(r Row) []byte { return AppendPosting(binary.AppendVarint(nil, r.Arrived), &r.Posting) }
