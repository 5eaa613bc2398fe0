// Package release says what a terminal's system is updated from, as values: the
// manifest of a release, which offline keys sign, and the hub's offer of it, which
// says which terminals may take it from when. Both travel in envelopes of
// sync/trust (DSSE v1.0.2). It knows no network, no disk and no database;
// ../DESIGN.md describes the tree that they lie in.
package release

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"jobhome/sync/wire"
)

// What an envelope carries. A manifest is signed by the root's role "image", whose
// keys no hub has; an offer by its role "head", whose key the hub signs with.
const (
	TypeManifest = "application/vnd.jobhome.release+json"
	TypeOffer    = "application/vnd.jobhome.offer+json"
)

// Format is the version of manifests and offers that this program reads and
// writes. Fields that it does not know are passed over, so that a terminal of any
// age can read what leads it to a newer system; what it must not pass over gets
// another format.
const Format = 1

// Bounds of what is read.
const (
	MaxOffer    = 1 << 20 // bytes of an offer's envelope as it travels
	maxManifest = 6 << 20 // and of a manifest's: two parts of 16384 chunks have 3 MB
	maxPart     = 1 << 30
	leastChunk  = 64 << 10
	mostChunk   = 4 << 20
	maxWaves    = 64
	maxNamed    = 4096 // terminals that an offer names, in all waves
	maxName     = 64   // bytes of a terminal's id
	maxDepth    = 8    // of JSON; a manifest has 4
)

// Why something is not taken, for errors.Is. What is not signed as it should be
// has the errors of sync/trust.
var (
	// ErrForm is returned for what is not in the form that is read.
	ErrForm = errors.New("is not in the form that is read")
	// ErrTarget is returned for what is for other machines.
	ErrTarget = errors.New("is for another target")
	// ErrStale is returned for an offer that has expired, is of another epoch than
	// the root, or is older than one that was accepted.
	ErrStale = errors.New("does not count any more")
	// ErrNotNewer is returned for what is not above the running system.
	ErrNotNewer = errors.New("is not newer than what runs")
	// ErrNotYet is returned for an offer whose share this terminal is not in.
	ErrNotYet = errors.New("is not offered to this terminal yet")
	// ErrOther is returned for a manifest that is not the one that was offered.
	ErrOther = errors.New("is not the release that is offered")
)

// Manifest is a release: what a slot of a terminal is written from.
type Manifest struct {
	Format  int       `json:"format"`
	Target  string    `json:"target"`  // rpi-arm64, uefi-arm64 or uefi-amd64
	Version string    `json:"version"` // for people
	Serial  uint64    `json:"serial"`  // from 1; orders the releases of a target
	Built   time.Time `json:"built"`
	Parts   []Part    `json:"parts"` // "boot" and "root", each once
}

// Part is an image of one partition, in chunks of one size; the last may be
// shorter. A chunk is an object of the tree, neither packed nor wrapped.
type Part struct {
	Name   string      `json:"name"` // "boot" or "root"
	Size   int64       `json:"size"` // bytes, at most 1 GiB
	Hash   wire.Hash   `json:"hash"` // of the whole image
	Chunk  int64       `json:"chunk"`
	Chunks []wire.Hash `json:"chunks"`
}

// Offer is the hub's word that terminals may take a release; at OfferPath, it is
// the only file of releases that changes.
type Offer struct {
	Format   int         `json:"format"`
	Epoch    uint32      `json:"epoch"` // of the root, as a head's
	Target   string      `json:"target"`
	Version  string      `json:"version"`
	Serial   uint64      `json:"serial"`
	Manifest wire.Object `json:"manifest"` // its envelope; Raw is Size
	Issued   time.Time   `json:"issued"`
	Expires  time.Time   `json:"expires"`
	Waves    []Wave      `json:"waves"`
}

// Wave offers a release, from a time on, to a share of the terminals and to those
// that it names.
type Wave struct {
	From      time.Time `json:"from"`
	Permille  int       `json:"permille"`
	Terminals []string  `json:"terminals,omitempty"`
}

// OfferPath is where the offer for a target lies below the root of the tree.
func OfferPath(target string) string { return "i/" + target + "/offer" }

var version = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z.+~_-]{0,63}$`)

// checkName checks what a manifest and its offer both say.
func checkName(format int, target, name string, serial uint64) error {
	switch {
	case format != Format:
		return fmt.Errorf("format %d %w", format, ErrForm)
	case !slices.Contains([]string{"rpi-arm64", "uefi-arm64", "uefi-amd64"}, target):
		return fmt.Errorf("target %.40q %w", target, ErrForm)
	case !version.MatchString(name):
		return fmt.Errorf("version %.80q %w", name, ErrForm)
	case serial == 0:
		return fmt.Errorf("serial 0 %w", ErrForm)
	}
	return nil
}

// Check returns what is wrong with the manifest by itself, or nil.
func (m Manifest) Check() error {
	if err := checkName(m.Format, m.Target, m.Version, m.Serial); err != nil {
		return fmt.Errorf("release: a manifest whose %w", err)
	}
	if m.Built.IsZero() || len(m.Parts) != 2 || m.Parts[0].Name == m.Parts[1].Name {
		return fmt.Errorf("release: a manifest without its time, or without one boot and one root, %w", ErrForm)
	}
	for _, p := range m.Parts {
		if err := p.check(); err != nil {
			return err
		}
	}
	return nil
}

func (p Part) check() error {
	switch {
	case p.Name != "boot" && p.Name != "root":
		return fmt.Errorf("release: a part named %.20q %w", p.Name, ErrForm)
	case p.Size < 1 || p.Size > maxPart || p.Chunk < leastChunk || p.Chunk > mostChunk:
		return fmt.Errorf("release: %s of %d bytes in chunks of %d %w", p.Name, p.Size, p.Chunk, ErrForm)
	case int64(len(p.Chunks)) != (p.Size+p.Chunk-1)/p.Chunk:
		return fmt.Errorf("release: %s of %d bytes in %d chunks of %d %w", p.Name, p.Size, len(p.Chunks), p.Chunk, ErrForm)
	}
	return nil
}

// Check returns what is wrong with the offer by itself, or nil.
func (o Offer) Check() error {
	if err := checkName(o.Format, o.Target, o.Version, o.Serial); err != nil {
		return fmt.Errorf("release: an offer whose %w", err)
	}
	if o.Epoch == 0 || o.Issued.IsZero() || !o.Expires.After(o.Issued) {
		return fmt.Errorf("release: an offer of epoch %d that does not expire after it was issued %w", o.Epoch, ErrForm)
	}
	if m := o.Manifest; m.Size < 1 || m.Size > maxManifest || m.Raw != m.Size {
		return fmt.Errorf("release: an offer whose manifest has %d bytes, unpacked %d, %w", m.Size, m.Raw, ErrForm)
	}
	if len(o.Waves) > maxWaves {
		return fmt.Errorf("release: an offer in %d waves %w", len(o.Waves), ErrForm)
	}
	named := 0
	for _, w := range o.Waves {
		if named += len(w.Terminals); w.From.IsZero() || w.Permille < 0 || w.Permille > 1000 || named > maxNamed {
			return fmt.Errorf("release: a wave from %s of %d ‰ and %d terminals %w", w.From, w.Permille, len(w.Terminals), ErrForm)
		}
		for _, id := range w.Terminals {
			if id == "" || len(id) > maxName {
				return fmt.Errorf("release: a wave that names terminal %.80q %w", id, ErrForm)
			}
		}
	}
	return nil
}
