// Package trust says whom a terminal and its hub believe: keys, signed envelopes
// (DSSE v1.0.2, github.com/secure-systems-lab/dsse), the chain of roots that
// names the keys, and a floor for the time. It knows no network and no file; it
// takes bytes and gives back what they say once that is proven.
// ../DESIGN.md describes the whole.
package trust

import "errors"

// What an envelope may carry. The type is signed with the payload, so that none
// passes for another.
const (
	TypeRoot  = "application/vnd.jobhome.root+json"
	TypeHead  = "application/vnd.jobhome.head+json"
	TypeBatch = "application/vnd.jobhome.batch+json"
	TypeAck   = "application/vnd.jobhome.ack+json"
)

// Why something is not believed, for errors.Is.
var (
	// ErrForm is returned for bytes that are not what they should be.
	ErrForm = errors.New("is not in the form that is read")
	// ErrType is returned for an envelope that carries something else.
	ErrType = errors.New("carries another type of payload")
	// ErrThreshold is returned when too few of the right keys have signed.
	ErrThreshold = errors.New("is not signed by enough of the right keys")
	// ErrChain is returned for a root that does not follow the one before.
	ErrChain = errors.New("does not follow the root before it")
)
