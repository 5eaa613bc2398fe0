// Package wire holds what travels between a hub and its terminals, as values:
// the head of a feed, its rows and their checksum, and the records that go up.
// It knows no network, no file and no database. ../DESIGN.md describes the whole.
package wire

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
)

// Version is a state of one board. Within an epoch N only grows. A new epoch
// begins when the key that signs heads is replaced, so that a stolen key that
// signed N = 2^32-1 cannot stop the board for ever.
type Version struct{ Epoch, N uint32 }

// Compare orders versions: -1, 0 or 1.
func (v Version) Compare(w Version) int {
	if c := cmp.Compare(v.Epoch, w.Epoch); c != 0 {
		return c
	}
	return cmp.Compare(v.N, w.N)
}

// Sequence is the version as one number that a board keeps: ordered as the
// versions are, above 0 for all but the zero version. It is good for epochs
// below 2^31.
func (v Version) Sequence() int64 { return int64(v.Epoch)<<32 | int64(v.N) }

// VersionOf is the version of a sequence.
func VersionOf(sequence int64) Version {
	return Version{uint32(sequence >> 32), uint32(sequence)}
}

// String writes "2.17".
func (v Version) String() string { return fmt.Sprintf("%d.%d", v.Epoch, v.N) }

// MarshalJSON writes [2,17].
func (v Version) MarshalJSON() ([]byte, error) { return json.Marshal([2]uint32{v.Epoch, v.N}) }

// UnmarshalJSON reads [2,17].
func (v *Version) UnmarshalJSON(text []byte) error {
	var pair []uint32
	if err := json.Unmarshal(text, &pair); err != nil {
		return err
	}
	if len(pair) != 2 || pair[0] >= 1<<31 {
		return errors.New("a version is [epoch, number] with an epoch below 2^31")
	}
	*v = Version{pair[0], pair[1]}
	return nil
}
