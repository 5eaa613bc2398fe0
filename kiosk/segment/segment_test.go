package segment

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
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

func FuzzDecode(f *testing.F) {
	s, err := Encode(1, rows(3), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(s.Data, s.Count, s.Size)
	f.Fuzz(func(t *testing.T, data []byte, count, size int) {
		s := Segment{First: 1, Count: count, Size: size, Data: data}
		s.Sum = s.sum(nil) // as if the checksum had been made for it
		if _, err := Decode(s, nil); err != nil && !errors.Is(err, ErrDamaged) {
			t.Fatal(err)
		}
	})
}
