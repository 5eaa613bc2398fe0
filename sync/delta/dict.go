package delta

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"slices"

	"jobhome/kiosk"
	"jobhome/sync/wire"
)

// The dictionary form, which only a terminal with the board at From can read:
//
//	"JHD1"
//	8 bytes    the first of SHA-256 over all ids at From, a line end behind each,
//	           and the dictionary
//	uvarint    number of ids at From
//	ordinals   of the ids that are removed   } rice.go: places in the
//	ordinals   of the ids that are dated     } sorted ids at From
//	ordinals   of the rows of the dictionary }
//	uvarint    size of the frame unpacked
//	zstd frame, with the dictionary:
//	    uvarint   number of new and edited rows
//	    dates     the table of all dates, ascending
//	    uvarint   for each dated id, then for each row: which date, if there are two
//	    rows      their bodies, each with a line end
//
// The dictionary is the bodies of its rows by ordinal, each with a line end. The
// rows of the frame stand in the order of the rows that they resemble.
const magic = "JHD1"

// ErrOtherRows tells that the board is not the one that the delta was made for,
// or lacks a row of its dictionary: take the plain form.
var ErrOtherRows = errors.New("delta: the rows that it was packed with are not here")

const (
	checkSize = 8
	// maxDictionary bounds what a terminal must hold in memory beside the rows.
	maxDictionary = 2 << 20
	// atOnce is how many rows are asked for at once.
	atOnce = 128
)

// EncodeDict packs a change for terminals that have the board known. Ids that are
// removed or dated must be on it.
func EncodeDict(c Change, known Known) (Packed, error) {
	if err := c.Check(); err != nil {
		return Packed{}, err
	}
	ids, err := collect(known)
	if err != nil {
		return Packed{}, err
	}
	removed, err := ordinalsOf(ids, c.Remove)
	if err != nil {
		return Packed{}, err
	}
	dated := make([]string, 0, len(c.Dates))
	for _, d := range c.Dates {
		dated = append(dated, d.ID)
	}
	bumped, err := ordinalsOf(ids, dated)
	if err != nil {
		return Packed{}, err
	}
	like, err := resembling(c.Upsert, ids, known)
	if err != nil {
		return Packed{}, err
	}
	d := dictionary{check: sha256.New()}
	for _, id := range ids {
		d.id(id)
	}
	if err := d.fill(pick(ids, like.rows), known); err != nil {
		return Packed{}, err
	}
	frame, err := pack(appendFrame(nil, c, like.order), d.bytes())
	if err != nil {
		return Packed{}, err
	}
	out := append([]byte(magic), d.sum()...)
	out = binary.AppendUvarint(out, uint64(len(ids)))
	out = appendOrdinals(appendOrdinals(appendOrdinals(out, removed), bumped), like.rows)
	out = binary.AppendUvarint(out, uint64(frame.Raw))
	return Packed{append(out, frame.Bytes...), frame.Raw}, nil
}

func appendFrame(dst []byte, c Change, order []int) []byte {
	var table []int64
	for _, d := range c.Dates {
		table = append(table, d.Refreshed)
	}
	for _, r := range c.Upsert {
		table = append(table, r.Refreshed)
	}
	slices.Sort(table)
	table = slices.Compact(table)
	dst = appendDates(binary.AppendUvarint(dst, uint64(len(c.Upsert))), table)
	which := func(date int64) {
		if i, _ := slices.BinarySearch(table, date); len(table) > 1 {
			dst = binary.AppendUvarint(dst, uint64(i))
		}
	}
	for _, d := range c.Dates {
		which(d.Refreshed)
	}
	for _, i := range order {
		which(c.Upsert[i].Refreshed)
	}
	for _, i := range order {
		dst = append(append(dst, c.Upsert[i].Body...), '\n')
	}
	return dst
}

// collect takes the ids of a board together.
func collect(known Known) ([]string, error) {
	var ids []string
	for id, err := range known.IDs() {
		if err != nil {
			return nil, fmt.Errorf("delta: list ids: %w", err)
		}
		if len(ids) > 0 && id <= ids[len(ids)-1] {
			return nil, fmt.Errorf("delta: id %s stands twice or out of order", id)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

func ordinalsOf(ids, some []string) ([]uint32, error) {
	out := make([]uint32, 0, len(some))
	for _, id := range some {
		i, ok := slices.BinarySearch(ids, id)
		if !ok {
			return nil, fmt.Errorf("delta: %s is removed or dated, and is not on the board", id)
		}
		out = append(out, uint32(i))
	}
	return out, nil
}

func pick(ids []string, ordinals []uint32) []string {
	out := make([]string, 0, len(ordinals))
	for _, o := range ordinals {
		out = append(out, ids[o])
	}
	return out
}

// dictionary is put together from rows of the board, and its checksum with it.
type dictionary struct {
	rows  []byte
	check hash.Hash
	line  []byte
}

func (d *dictionary) id(id string) {
	d.line = append(append(d.line[:0], id...), '\n')
	d.check.Write(d.line)
}

// fill adds the bodies of the rows, which must all be there.
func (d *dictionary) fill(ids []string, known Known) error {
	done := 0
	for some := range slices.Chunk(ids, atOnce) {
		rows, err := known.Rows(some)
		if err != nil {
			return fmt.Errorf("delta: read rows: %w", err)
		}
		if len(rows) != len(some) {
			return ErrOtherRows
		}
		done += len(some)
		d.reserve(rows, done, len(ids))
		for i, r := range rows {
			switch {
			case r.ID != some[i]:
				return ErrOtherRows
			case len(d.rows)+len(r.Body)+1 > maxDictionary:
				return fmt.Errorf("delta: the rows that it was packed with have more than %d bytes", maxDictionary)
			}
			d.rows = append(append(d.rows, r.Body...), '\n')
		}
	}
	d.check.Write(d.rows)
	return nil
}

// reserve makes room for rows, and for those that follow when done of all have been
// read: they are about as long. Growing as append does would need twice the memory
// while it copies.
func (d *dictionary) reserve(rows []wire.Row, done, all int) {
	need := len(d.rows)
	for _, r := range rows {
		need += len(r.Body) + 1
	}
	if need <= cap(d.rows) {
		return
	}
	grown := make([]byte, len(d.rows), min(need*all/done*17/16, maxDictionary))
	copy(grown, d.rows)
	d.rows = grown
}

func (d *dictionary) sum() []byte { return d.check.Sum(nil)[:checkSize] }

// bytes is never nil.
func (d *dictionary) bytes() []byte {
	if d.rows == nil {
		return []byte{}
	}
	return d.rows
}

// DecodeDict reads the dictionary form, at most limit bytes unpacked.
func DecodeDict(packed []byte, limit int64, known Known) (Change, error) {
	h, err := readDictHead(packed)
	if err != nil {
		return Change{}, err
	}
	if h.size > limit {
		return Change{}, fmt.Errorf("delta: there are more than %d bytes", limit)
	}
	d := dictionary{check: sha256.New()}
	ids, err := h.resolve(&d, known)
	if err != nil {
		return Change{}, err
	}
	if err := d.fill(ids.rows, known); err != nil {
		return Change{}, err
	}
	if !bytes.Equal(d.sum(), h.check) {
		return Change{}, ErrOtherRows
	}
	raw, err := unpack(h.frame, h.size, d.bytes())
	if err != nil {
		return Change{}, err
	}
	c := Change{Remove: ids.removed}
	if err := readFrame(raw, &c, ids.dated); err != nil {
		return Change{}, err
	}
	if err := c.Check(); err != nil {
		return Change{}, err
	}
	return c, nil
}

type dictHead struct {
	check                 []byte
	ids                   uint32
	removed, dated, likes []uint32
	size                  int64
	frame                 []byte
}

func readDictHead(packed []byte) (h dictHead, err error) {
	if len(packed) < len(magic)+checkSize || string(packed[:len(magic)]) != magic {
		return h, errors.New("delta: it is not the dictionary form")
	}
	h.check = packed[len(magic):][:checkSize]
	in := columns{src: packed[len(magic)+checkSize:]}
	h.ids = uint32(in.number(1 << 31))
	for _, list := range []*[]uint32{&h.removed, &h.dated, &h.likes} {
		if *list, in.src, err = readOrdinals(in.src, h.ids); err != nil {
			return h, err
		}
	}
	h.size = int64(in.number(maxFrame + 1))
	if h.frame = in.src; in.bad {
		return h, errors.New("delta: the head of the dictionary form is damaged")
	}
	return h, nil
}

type dictIDs struct{ removed, dated, rows []string }

// resolve turns ordinals into ids in one pass, which also checks the ids.
func (h *dictHead) resolve(d *dictionary, known Known) (out dictIDs, err error) {
	lists := []struct {
		from []uint32
		to   *[]string
	}{{h.removed, &out.removed}, {h.dated, &out.dated}, {h.likes, &out.rows}}
	for i := range lists {
		if len(lists[i].from) > 0 {
			*lists[i].to = make([]string, 0, len(lists[i].from))
		}
	}
	n := uint32(0)
	for id, err := range known.IDs() {
		if err != nil {
			return out, fmt.Errorf("delta: list ids: %w", err)
		}
		d.id(id)
		for i := range lists {
			if l := &lists[i]; len(l.from) > 0 && l.from[0] == n {
				*l.to, l.from = append(*l.to, id), l.from[1:]
			}
		}
		n++
	}
	if n != h.ids {
		return out, ErrOtherRows
	}
	return out, nil
}

var errFrame = errors.New("delta: the packed part of the dictionary form is damaged")

// readFrame reads what was packed. The rows share its memory.
func readFrame(raw []byte, c *Change, dated []string) error {
	in := columns{src: raw}
	count := in.number(uint64(len(raw)))
	table := in.dates()
	which := func() int64 {
		switch len(table) {
		case 0:
			in.bad = true
			return 0
		case 1:
			return table[0]
		}
		return table[in.number(uint64(len(table)))]
	}
	for _, id := range dated {
		c.Dates = append(c.Dates, Date{id, which()})
	}
	for ; count > 0 && !in.bad; count-- {
		c.Upsert = append(c.Upsert, wire.Row{Refreshed: which()})
	}
	if in.bad {
		return errFrame
	}
	rest := in.src
	for i := range c.Upsert {
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			return errFrame
		}
		r := &c.Upsert[i]
		r.Body, rest = rest[:end:end], rest[end+1:]
		var err error
		if r.ID, err = bodyID(r.Body); err != nil {
			return err
		}
		if err := kiosk.CheckPostingID(r.ID); err != nil {
			return fmt.Errorf("delta: %w", err)
		}
	}
	if len(rest) > 0 {
		return errFrame
	}
	slices.SortFunc(c.Upsert, func(a, b wire.Row) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
	return nil
}
