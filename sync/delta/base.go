package delta

import (
	"bytes"
	"fmt"
	"io"
	"iter"

	"github.com/klauspost/compress/zstd"

	"jobhome/kiosk"
	"jobhome/sync/wire"
)

// EncodeBase writes a whole board, whose rows come ascending by id, as JSON Lines
// packed with zstd, and tells how many bytes it is unpacked. Any program can read
// it: zstd -d gives lines that kiosk board import takes.
func EncodeBase(w io.Writer, rows iter.Seq2[wire.Row, error]) (raw int64, err error) {
	enc, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBestCompression),
		zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(window), zstd.WithZeroFrames(true))
	if err != nil {
		return 0, fmt.Errorf("delta: pack: %w", err)
	}
	var line []byte
	last := ""
	for row, err := range rows {
		if err == nil {
			err = checkRow(row)
		}
		if err == nil && row.ID <= last {
			err = fmt.Errorf("delta: row %s stands twice or out of order", row.ID)
		}
		if err != nil {
			enc.Close()
			return raw, err
		}
		last, line = row.ID, appendRow(line[:0], row)
		raw += int64(len(line))
		if _, err := enc.Write(line); err != nil {
			return raw, fmt.Errorf("delta: pack: %w", err)
		}
	}
	if err := enc.Close(); err != nil {
		return raw, fmt.Errorf("delta: pack: %w", err)
	}
	return raw, nil
}

// DecodeBase reads a whole board of at most limit bytes unpacked. Rows come
// ascending by id; take may keep them.
func DecodeBase(r io.Reader, limit int64, take func(wire.Row) error) error {
	last := ""
	return lines(r, limit, func(line []byte) error {
		row, err := readRow(line)
		if err != nil {
			return err
		}
		if row.ID <= last {
			return fmt.Errorf("delta: row %s stands twice or out of order", row.ID)
		}
		last = row.ID
		return take(row)
	})
}

// EncodePlain packs a change so that any program can read it: JSON Lines packed
// with zstd. First come {"remove":"<id>"}, then {"date":"<id>","refreshed":"…"},
// then the new and edited postings as in a base; each ascending by id.
func EncodePlain(c Change) (Packed, error) {
	if err := c.Check(); err != nil {
		return Packed{}, err
	}
	var raw []byte
	for _, id := range c.Remove {
		raw = appendRemove(raw, id)
	}
	for _, d := range c.Dates {
		raw = appendDate(raw, d)
	}
	for _, r := range c.Upsert {
		raw = appendRow(raw, r)
	}
	return pack(raw, nil)
}

// DecodePlain reads it, at most limit bytes unpacked.
func DecodePlain(packed []byte, limit int64) (Change, error) {
	var c Change
	err := lines(bytes.NewReader(packed), limit, func(line []byte) error {
		switch {
		case bytes.HasPrefix(line, []byte(removePart)):
			d, err := readMark(line, removePart)
			if err == nil && len(c.Dates)+len(c.Upsert) > 0 {
				err = fmt.Errorf("delta: %s is removed after dates or rows", d.ID)
			}
			c.Remove = append(c.Remove, d.ID)
			return err
		case bytes.HasPrefix(line, []byte(datePart)):
			d, err := readMark(line, datePart)
			if err == nil && len(c.Upsert) > 0 {
				err = fmt.Errorf("delta: %s is dated after rows", d.ID)
			}
			c.Dates = append(c.Dates, d)
			return err
		}
		r, err := readRow(line)
		c.Upsert = append(c.Upsert, r)
		return err
	})
	if err == nil {
		err = c.Check()
	}
	if err != nil {
		return Change{}, err
	}
	return c, nil
}

// EncodeRevoked packs a list of ids, in its order, one a line.
func EncodeRevoked(ids []string) (Packed, error) {
	var raw []byte
	for _, id := range ids {
		if err := kiosk.CheckPostingID(id); err != nil {
			return Packed{}, fmt.Errorf("delta: revoked: %w", err)
		}
		raw = append(append(raw, id...), '\n')
	}
	return pack(raw, nil)
}

// DecodeRevoked reads it, at most limit bytes unpacked. No id stands twice.
func DecodeRevoked(packed []byte, limit int64) ([]string, error) {
	var ids []string
	seen := map[string]bool{}
	err := lines(bytes.NewReader(packed), limit, func(line []byte) error {
		id := string(line[:min(len(line), kiosk.MaxPostingID+1)])
		if err := kiosk.CheckPostingID(id); err != nil {
			return fmt.Errorf("delta: revoked: %w", err)
		}
		if seen[id] {
			return fmt.Errorf("delta: revoked: %s stands twice", id)
		}
		seen[id] = true
		ids = append(ids, id)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}
