package wire

import (
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"time"
)

// Format is the version of the feed that this program reads and writes.
const Format = 1

// Hash is the SHA-256 of an object's bytes as they lie on the server, which is
// its name there. It is written as 64 hexadecimal digits.
type Hash [32]byte

// String writes it.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText writes it.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads it.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != 2*len(h) { // hex.Decode would write behind the end
		return errors.New("a hash has 64 hexadecimal digits")
	}
	if _, err := hex.Decode(h[:], text); err != nil {
		return errors.New("a hash has 64 hexadecimal digits")
	}
	return nil
}

// Object is an immutable file of the feed, at o/<first two digits>/<hash>.
type Object struct {
	Hash Hash  `json:"hash"`
	Size int64 `json:"size"` // bytes as it lies on the server; no more is ever read
	Raw  int64 `json:"raw"`  // bytes unpacked; no more is ever unpacked
}

// Path is where the object lies below the feed's root.
func (o Object) Path() string { s := o.Hash.String(); return "o/" + s[:2] + "/" + s }

// Head is the one mutable file of a board, at b/<board>/head. It is signed.
type Head struct {
	Format  int       `json:"format"`
	Board   string    `json:"board"`
	Version Version   `json:"version"`
	Issued  time.Time `json:"issued"`
	// Expires is when a terminal begins to say that it may be out of date. It
	// shows its board all the same.
	Expires time.Time `json:"expires"`
	Rows    int       `json:"rows"`
	Sum     Sum       `json:"sum"` // of the board at Version
	Base    Base      `json:"base"`
	Deltas  []Delta   `json:"deltas,omitempty"` // in any order: daily ones, and others that span several
	Revoked Revoked   `json:"revoked"`
}

// Base is a whole board in one object.
type Base struct {
	Object
	Version Version `json:"version"`
	Rows    int     `json:"rows"`
	Sum     Sum     `json:"sum"`
}

// Delta leads from one version to a later one. Dict is the form that is packed
// with rows that the terminal already has; Plain the one that needs none.
type Delta struct {
	From  Version `json:"from"`
	To    Version `json:"to"`
	Rows  int     `json:"rows"` // of the board at To
	Sum   Sum     `json:"sum"`  // of the board at To
	Dict  *Object `json:"dict,omitempty"`
	Plain Object  `json:"plain"`
}

// Revoked is the lane of postings that were taken down: it is fetched and applied
// before anything else. An id that once stands in it never comes back to a board.
type Revoked struct {
	Object
	Count int `json:"count"`
}

var boardName = regexp.MustCompile(`^[0-9a-z][0-9a-z-]{0,31}$`)

// CheckBoard checks the name of a board: 1 to 32 of [0-9a-z-].
func CheckBoard(name string) error {
	if !boardName.MatchString(name) {
		return fmt.Errorf("%q is no name of a board: 1 to 32 of 0-9, a-z and -", name)
	}
	return nil
}

// maxObject is the greatest object that a head may name: a board of a million
// postings is far below it, packed and unpacked.
const maxObject = 4 << 30

// Check returns what is wrong with the head by itself, or nil.
func (h *Head) Check() error {
	if h.Format != Format {
		return fmt.Errorf("the head has format %d, this program reads %d", h.Format, Format)
	}
	if err := CheckBoard(h.Board); err != nil {
		return err
	}
	switch {
	case h.Version.N == 0:
		return errors.New("the head has no version")
	case h.Issued.IsZero() || !h.Expires.After(h.Issued):
		return errors.New("the head does not expire after it was issued")
	case h.Base.Version.Compare(h.Version) > 0:
		return errors.New("the base is newer than the head")
	case h.Rows < 0 || h.Base.Rows < 0 || h.Revoked.Count < 0:
		return errors.New("a number of rows is below 0")
	}
	objects := []Object{h.Base.Object, h.Revoked.Object}
	for _, d := range h.Deltas {
		if d.From.Compare(d.To) >= 0 || d.To.Compare(h.Version) > 0 || d.From.Epoch != d.To.Epoch && d.From.N == 0 {
			return fmt.Errorf("a delta leads from %s to %s in a head of %s", d.From, d.To, h.Version)
		}
		if objects = append(objects, d.Plain); d.Dict != nil {
			objects = append(objects, *d.Dict)
		}
	}
	for _, o := range objects {
		if o.Size < 0 || o.Size > maxObject || o.Raw < 0 || o.Raw > maxObject {
			return fmt.Errorf("object %s has %d bytes, unpacked %d; more than %d are never read", o.Hash, o.Size, o.Raw, int64(maxObject))
		}
	}
	return nil
}
