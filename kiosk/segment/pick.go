package segment

import (
	"bufio"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Pick is [Decode] for some of the rows: those with the numbers at, counted from
// 0 and ascending. It inflates no more than up to the last of them.
func Pick(s Segment, dict []byte, at ...int) ([]Row, error) {
	if err := s.check(dict); err != nil {
		return nil, err
	}
	p := pickers.Get().(*picker)
	defer pickers.Put(p)
	if err := p.reset(s, dict); err != nil {
		return nil, s.damaged(err)
	}
	rows, next := make([]Row, 0, len(at)), 0
	for _, n := range at {
		if n < next || n >= s.Count {
			return nil, fmt.Errorf("segment %d: row %d of %d was asked for after row %d", s.First, n, s.Count, next-1)
		}
		var row Row
		for ; next <= n; next++ {
			var err error
			if row, err = p.row(next == n); err != nil {
				return nil, s.damaged(err)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// picker takes rows off the front of a segment.
type picker struct {
	flate io.ReadCloser
	limit io.LimitedReader
	buf   *bufio.Reader
}

var pickers = sync.Pool{New: func() any {
	return &picker{flate: flate.NewReader(nil), buf: bufio.NewReaderSize(nil, 1<<10)}
}}

func (p *picker) reset(s Segment, dict []byte) error {
	if err := p.flate.(flate.Resetter).Reset(bytes.NewReader(s.Data), dict); err != nil {
		return err
	}
	p.limit = io.LimitedReader{R: p.flate, N: int64(s.Size)}
	p.buf.Reset(&p.limit)
	return nil
}

// row goes over the next row, or reads it.
func (p *picker) row(wanted bool) (Row, error) {
	arrived, err := binary.ReadVarint(p.buf)
	if err != nil {
		return Row{}, err
	}
	size, err := binary.ReadUvarint(p.buf)
	if err != nil {
		return Row{}, err
	}
	if left := int64(p.buf.Buffered()) + p.limit.N; size > uint64(left) {
		return Row{}, errors.New("a row is longer than the segment")
	}
	if !wanted {
		_, err := p.buf.Discard(int(size))
		return Row{}, err
	}
	text := make([]byte, size)
	if _, err := io.ReadFull(p.buf, text); err != nil {
		return Row{}, err
	}
	posting, err := ParsePosting(string(text))
	return Row{posting, arrived}, err
}
