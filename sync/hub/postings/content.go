package postings

import (
	"bytes"
	"crypto/sha256"
	"encoding/base32"
	"strconv"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
	"jobhome/sync/wire"
)

// idLength is the number of characters of an id, five bits each: 60 bits, so that
// among a million postings two want the same id once in two million hubs, and
// then one of them is given another. Fewer characters are a coarser QR code.
const idLength = 12

var idLetters = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID is the id of what a source calls ref, the same whenever it is asked. salt
// is 0, and above 0 after another posting was found to have the id.
func newID(o from, salt int) string {
	text := o.source + "\x00" + o.ref + "\x00" + strconv.FormatInt(o.gen, 10)
	if salt > 0 {
		text += "\x00" + strconv.Itoa(salt)
	}
	sum := sha256.Sum256([]byte(text))
	return idLetters.EncodeToString(sum[:])[:idLength]
}

// origin is the hash of what a source says of a posting, without id and dates:
// those move from day to day while the posting stays the same.
func origin(p *kiosk.Posting) ([]byte, error) {
	bare := *p
	bare.ID, bare.Published, bare.Refreshed, bare.ValidThrough = "", time.Time{}, time.Time{}, time.Time{}
	line, err := jsonl.Append(nil, &bare)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(line)
	return sum[:], nil
}

// content is one revision of a posting.
type content struct {
	kiosk.Posting
	body     []byte
	findings []Finding
}

func (c *content) blocked() bool {
	for _, f := range c.findings {
		if f.Level == Block {
			return true
		}
	}
	return false
}

// content turns what was brought in into what is kept: in its one form, checked
// and linted.
func (p *Postings) content(posting kiosk.Posting) (content, error) {
	if err := posting.Check(); err != nil {
		return content{}, err
	}
	row, err := wire.RowOf(&posting)
	if err != nil {
		return content{}, err
	}
	// Read back: what cannot be read from the feed must not get into it.
	kept, err := row.Posting()
	if err != nil {
		return content{}, err
	}
	return content{kept, row.Body, p.o.Lint(&kept)}, nil
}

// firstPublished puts the day on which the posting was first seen in the place of
// the one that the source says now: sources "publish" the same offer every day,
// which says no more than that it still holds.
func firstPublished(p *kiosk.Posting, first time.Time) {
	if first.IsZero() || !p.Published.After(first) {
		return
	}
	if p.Refreshed.Before(p.Published) {
		p.Refreshed = p.Published
	}
	p.Published = first
}

func unix(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromUnix(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(s, 0)
}

func fromMilli(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func same(a, b []byte) bool { return bytes.Equal(a, b) }
