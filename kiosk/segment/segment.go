// Package segment is the form in which postings lie on the disk: some of them
// in a row, packed and deflated (RFC 1951) together with a dictionary that the
// whole board shares, under a checksum (CRC-32C, RFC 3720). It knows no
// database.
package segment

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"sync"

	"jobhome/kiosk"
)

// ErrDamaged tells that a segment is not what was written.
var ErrDamaged = errors.New("the segment is damaged")

// A segment has at most so many bytes before it is deflated, and so many rows.
const (
	MostBytes = 16 << 20
	MostRows  = 4096
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Row is a posting as a board keeps it. Times are kept to the second.
type Row struct {
	Posting kiosk.Posting
	Arrived int64 // when it came to this board, Unix seconds
}

// Segment is rows with the numbers First, First+1, ... of a board.
type Segment struct {
	First int64
	Count int
	Size  int    // of the rows before they were deflated, bytes
	Data  []byte // deflated
	Sum   uint32 // of everything above and the dictionary
}

// Encode makes a segment of rows, deflated with a dictionary of at most 32 KiB,
// which may be empty.
func Encode(first int64, rows []Row, dict []byte) (Segment, error) {
	var raw []byte
	for i := range rows {
		p := AppendPosting(nil, &rows[i].Posting)
		raw = binary.AppendVarint(raw, rows[i].Arrived)
		raw = binary.AppendUvarint(raw, uint64(len(p)))
		raw = append(raw, p...)
	}
	if len(raw) > MostBytes || len(rows) > MostRows {
		return Segment{}, fmt.Errorf("segment: %d bytes and %d rows in one, more than %d or %d", len(raw), len(rows), MostBytes, MostRows)
	}
	var out bytes.Buffer
	w, err := flate.NewWriterDict(&out, flate.DefaultCompression, dict)
	if err != nil {
		return Segment{}, fmt.Errorf("segment: %w", err)
	}
	if _, err := w.Write(raw); err != nil {
		return Segment{}, fmt.Errorf("segment: %w", err)
	}
	if err := w.Close(); err != nil {
		return Segment{}, fmt.Errorf("segment: %w", err)
	}
	s := Segment{First: first, Count: len(rows), Size: len(raw), Data: out.Bytes()}
	s.Sum = s.sum(dict)
	return s, nil
}

func (s *Segment) sum(dict []byte) uint32 {
	head := binary.LittleEndian.AppendUint64(nil, uint64(s.First))
	head = binary.LittleEndian.AppendUint64(head, uint64(s.Count))
	head = binary.LittleEndian.AppendUint64(head, uint64(s.Size))
	head = binary.LittleEndian.AppendUint32(head, crc32.Checksum(dict, castagnoli))
	return crc32.Update(crc32.Checksum(head, castagnoli), castagnoli, s.Data)
}

// Decode checks a segment and returns its rows. Its errors wrap [ErrDamaged].
func Decode(s Segment, dict []byte) ([]Row, error) {
	if err := s.check(dict); err != nil {
		return nil, err
	}
	raw, err := inflate(s, dict)
	if err != nil {
		return nil, s.damaged(err)
	}
	rows := make([]Row, 0, s.Count)
	d := decoder{text: raw}
	for range s.Count {
		arrived := d.int()
		p, err := ParsePosting(d.string())
		if err != nil || d.bad {
			return nil, s.damaged(errors.New("a row cannot be read"))
		}
		rows = append(rows, Row{p, arrived})
	}
	if d.text != "" {
		return nil, s.damaged(fmt.Errorf("%d bytes too many", len(d.text)))
	}
	return rows, nil
}

// check compares the checksum, so that what follows has only to do with what
// was written, or with somebody who has made a checksum for something else.
func (s *Segment) check(dict []byte) error {
	if s.Sum != s.sum(dict) || s.Size < 0 || s.Size > MostBytes || s.Count < 0 || s.Count > min(s.Size, MostRows) {
		return s.damaged(errors.New("the checksum or a size is wrong"))
	}
	return nil
}

func (s *Segment) damaged(why error) error {
	return fmt.Errorf("segment %d: %w: %w", s.First, ErrDamaged, why)
}

// readers are flate readers at rest: one has 44 KiB, as much as what it reads.
var readers = sync.Pool{New: func() any { return flate.NewReader(nil) }}

// inflate returns what was deflated, which must be as much as the segment says.
func inflate(s Segment, dict []byte) (string, error) {
	r := readers.Get().(io.ReadCloser)
	defer readers.Put(r)
	if err := r.(flate.Resetter).Reset(bytes.NewReader(s.Data), dict); err != nil {
		return "", err
	}
	var raw strings.Builder
	raw.Grow(s.Size)
	n, err := io.Copy(&raw, io.LimitReader(r, int64(s.Size)+1))
	if err == nil && n != int64(s.Size) {
		err = fmt.Errorf("%d bytes and not %d", n, s.Size)
	}
	return raw.String(), err
}
