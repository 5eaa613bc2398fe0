package wire

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
)

// Row is a posting as it travels. Body is the one line of kiosk/jsonl that the
// posting is written as, without "refreshed" and without a line end: the same
// posting has the same bytes everywhere. The date on which the source last said
// that it still holds travels beside it, because every day it changes for a
// third of all postings and nothing else does.
type Row struct {
	ID        string
	Body      []byte
	Refreshed int64 // Unix seconds; 0: not said
}

// RowOf is a posting as a row.
func RowOf(p *kiosk.Posting) (Row, error) {
	bare := *p
	bare.Refreshed = time.Time{}
	body, err := jsonl.Append(nil, &bare)
	if err != nil {
		return Row{}, fmt.Errorf("wire: %w", err)
	}
	r := Row{ID: p.ID, Body: bytes.TrimRight(body, "\n")}
	if !p.Refreshed.IsZero() {
		r.Refreshed = p.Refreshed.Unix()
	}
	return r, nil
}

// Posting reads the row. Its error names every field that is wrong. A body that
// is not written as RowOf writes it is refused: it would have another checksum on
// every machine that stores it.
func (r Row) Posting() (kiosk.Posting, error) {
	p, problems := jsonl.Parse(r.Body)
	var errs []error
	for _, pr := range problems {
		errs = append(errs, fmt.Errorf("%s: %s", pr.Field, pr.Reason))
	}
	if errs != nil {
		return p, fmt.Errorf("wire: posting %s: %w", r.ID, errors.Join(errs...))
	}
	if p.ID != r.ID || !p.Refreshed.IsZero() {
		return p, fmt.Errorf("wire: posting %s: its body has the id %q or a refresh date", r.ID, p.ID)
	}
	if again, err := RowOf(&p); err != nil || !bytes.Equal(again.Body, r.Body) {
		return p, fmt.Errorf("wire: posting %s is not written in the one form", r.ID)
	}
	if r.Refreshed != 0 {
		p.Refreshed = time.Unix(r.Refreshed, 0).In(p.Published.Location())
		if err := p.Check(); err != nil {
			return p, fmt.Errorf("wire: posting %s: %w", r.ID, err)
		}
	}
	return p, nil
}

// Sum is a checksum of a whole board that is kept up row by row, in any order:
// the sums, modulo 2^256, of the SHA-256 of all bodies and of all refresh dates.
// It tells a board that has silently gone another way; against a forger there are
// the signatures, since sums of hashes can be made to collide.
type Sum struct{ Bodies, Dates [32]byte }

// RowSum is the sum of a board that has one row.
func RowSum(r Row) Sum {
	return Sum{
		sha256.Sum256(r.Body),
		sha256.Sum256([]byte(r.ID + "\x00" + strconv.FormatInt(r.Refreshed, 10))),
	}
}

// Add is the sum of both boards together.
func (s Sum) Add(t Sum) Sum { return Sum{add(s.Bodies, t.Bodies, 0), add(s.Dates, t.Dates, 0)} }

// Sub takes the rows of t away again.
func (s Sum) Sub(t Sum) Sum { return s.Add(Sum{negative(t.Bodies), negative(t.Dates)}) }

func add(a, b [32]byte, carry uint64) (out [32]byte) {
	for i := 24; i >= 0; i -= 8 {
		x, y := binary.BigEndian.Uint64(a[i:]), binary.BigEndian.Uint64(b[i:])
		sum := x + y + carry
		if sum < x || carry == 1 && sum == x {
			carry = 1
		} else {
			carry = 0
		}
		binary.BigEndian.PutUint64(out[i:], sum)
	}
	return out
}

func negative(a [32]byte) [32]byte {
	for i := range a {
		a[i] = ^a[i]
	}
	return add(a, [32]byte{}, 1)
}

// MarshalText writes 128 hexadecimal digits.
func (s Sum) MarshalText() ([]byte, error) {
	return []byte(hex.EncodeToString(append(s.Bodies[:], s.Dates[:]...))), nil
}

// UnmarshalText reads them.
func (s *Sum) UnmarshalText(text []byte) error {
	raw, err := hex.DecodeString(string(text))
	if err != nil || len(raw) != 64 {
		return errors.New("a sum has 128 hexadecimal digits")
	}
	copy(s.Bodies[:], raw)
	copy(s.Dates[:], raw[32:])
	return nil
}
