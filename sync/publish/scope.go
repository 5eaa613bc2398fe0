package publish

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"

	"jobhome/kiosk"
	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// Scope says which postings belong to a board. A posting belongs to it when one of
// its areas begins the posting's area, or it lies in the ring, or its channel
// always belongs to it. A scope that names nothing has every posting.
type Scope struct {
	// Areas are a province, a city, a county, a town, with all that lies in it.
	Areas []kiosk.Area `json:"areas,omitempty"`
	// Centre and Km are the ring. Postings without a place are not in it.
	Centre kiosk.Point `json:"centre"`
	Km     float64     `json:"km,omitempty"`
	// Always are channels that belong to every board, e.g. policy posts and public
	// welfare ones, which are few and open to all.
	Always []kiosk.Channel `json:"always,omitempty"`
	// MaxBytes bounds the board, unpacked as it lies in a base; 0: no bound. When
	// there is more, Rank says what stays.
	MaxBytes int64 `json:"max_bytes,omitempty"`
}

// Check returns what is wrong with the scope, or nil.
func (s *Scope) Check() error {
	for _, a := range s.Areas {
		if err := a.Check(); err != nil {
			return fmt.Errorf("publish: area: %w", err)
		}
	}
	for _, c := range s.Always {
		if !c.Valid() {
			return fmt.Errorf("publish: %q is no channel", c)
		}
	}
	switch {
	case s.Km < 0 || s.Km > 20000:
		return fmt.Errorf("publish: a ring of %g km", s.Km)
	case s.Km > 0 && !s.Centre.Known():
		return errors.New("publish: a ring has no centre")
	case s.MaxBytes < 0:
		return fmt.Errorf("publish: at most %d bytes", s.MaxBytes)
	}
	if err := s.Centre.Check(); err != nil {
		return fmt.Errorf("publish: centre: %w", err)
	}
	return nil
}

// Has reports whether a posting belongs to the board, whatever its bound.
func (s *Scope) Has(p *kiosk.Posting) bool {
	if len(s.Areas) == 0 && s.Km == 0 {
		return true
	}
	if slices.Contains(s.Always, p.Channel) {
		return true
	}
	if slices.ContainsFunc(s.Areas, func(a kiosk.Area) bool { return p.Area.Within(a) }) {
		return true
	}
	return s.Km > 0 && p.Location.Known() && s.km(p) <= s.Km
}

// Rank orders postings of a board by what has to stay when there are too many:
// channels that always belong to it, in their order; then rings of a growing
// number of kilometres around the centre (5, 10, 20, 40, …), with those that
// have no place as if they were at the edge; in a ring those that were published last come first. The
// refresh date does not count, or the board would be another one every day.
func (s *Scope) Rank(a, b *kiosk.Posting) int {
	return cmp.Or(
		cmp.Compare(s.always(a), s.always(b)),
		cmp.Compare(s.ring(a), s.ring(b)),
		b.Published.Compare(a.Published),
		cmp.Compare(a.ID, b.ID),
	)
}

func (s *Scope) always(p *kiosk.Posting) int {
	if i := slices.Index(s.Always, p.Channel); i >= 0 {
		return i
	}
	return len(s.Always)
}

// ring is 0 within 5 km, 1 within 10, 2 within 20, and so on.
func (s *Scope) ring(p *kiosk.Posting) (ring int) {
	if !s.Centre.Known() {
		return 0
	}
	km := s.Km
	if p.Location.Known() {
		km = s.km(p)
	}
	for edge := 5.0; km > edge; edge *= 2 {
		ring++
	}
	return ring
}

func (s *Scope) km(p *kiosk.Posting) float64 { return s.Centre.Metres(p.Location) / 1000 }

// Rows are the postings of the board as rows, ascending by id. It is the same
// whatever the order of postings. A posting that cannot be written is an error.
func (s *Scope) Rows(postings []kiosk.Posting) (delta.Rows, error) {
	var some []*kiosk.Posting
	for i := range postings {
		if s.Has(&postings[i]) {
			some = append(some, &postings[i])
		}
	}
	if s.MaxBytes > 0 {
		slices.SortFunc(some, s.Rank)
	}
	rows := make(delta.Rows, 0, len(some))
	left := s.MaxBytes
	for _, p := range some {
		r, err := wire.RowOf(p)
		if err != nil {
			return nil, err
		}
		// What comes behind the first that has no room has none either, so that
		// nothing is kept for being short.
		if left -= delta.LineSize(r); s.MaxBytes > 0 && left < 0 {
			break
		}
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b wire.Row) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
	return rows, nil
}
