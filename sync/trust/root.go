package trust

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// The roles that a root gives keys to.
const (
	RoleRoot  = "root"  // signs roots
	RoleHead  = "head"  // signs the heads of boards, and offers of releases
	RoleAck   = "ack"   // signs what the hub answers
	RoleImage = "image" // signs releases of the terminal's system; a root may be without it, and believes none
)

// Bounds of a root.
const (
	Format     = 1        // of the roots that this program reads and writes
	MaxRoot    = 64 << 10 // bytes of a root as it travels
	maxKeys    = 32
	maxSeal    = 32
	mostEpochs = 1 << 31 // see wire.Version
)

// Role is who may sign something: Threshold of Keys, by their ids.
type Role struct {
	Keys      []string `json:"keys"`
	Threshold int      `json:"threshold"`
}

// SealKey is a key of the hub that records are sealed to; see sync/seal.
type SealKey struct {
	ID     string `json:"id"`
	KEM    string `json:"kem"`
	Public []byte `json:"public"`
}

// Root says which keys count. The one that a terminal was commissioned with is
// where its trust begins; each later one is vouched for by the one before.
type Root struct {
	Format int    `json:"format"`
	N      uint32 `json:"n"`     // from 1, without a gap
	Epoch  uint32 `json:"epoch"` // of the versions of all boards; it only rises
	// Expires is a reminder for the people who hold the keys. A terminal that was
	// offline over it walks on all the same.
	Issued  time.Time       `json:"issued"`
	Expires time.Time       `json:"expires"`
	Keys    map[string]Key  `json:"keys"`
	Roles   map[string]Role `json:"roles"`
	Seal    []SealKey       `json:"seal,omitempty"` // the first one is used, all are opened
}

// Check returns what is wrong with the root by itself, or nil.
func (r *Root) Check() error {
	switch {
	case r.Format != Format:
		return fmt.Errorf("trust: root of format %d %w", r.Format, ErrForm)
	case r.N == 0 || r.Epoch == 0 || r.Epoch >= mostEpochs:
		return fmt.Errorf("trust: root %d of epoch %d %w", r.N, r.Epoch, ErrForm)
	case r.Issued.IsZero() || !r.Expires.After(r.Issued):
		return fmt.Errorf("trust: a root that does not expire after it was issued %w", ErrForm)
	case len(r.Keys) > maxKeys || len(r.Seal) > maxSeal:
		return fmt.Errorf("trust: a root with %d keys and %d for sealing %w", len(r.Keys), len(r.Seal), ErrForm)
	}
	for id, k := range r.Keys {
		if k.ID() != id || k.Alg == "" {
			return fmt.Errorf("trust: a root that calls key %s %.20q %w", k.ID(), id, ErrForm)
		}
	}
	for _, name := range []string{RoleRoot, RoleHead, RoleAck} {
		if err := r.checkRole(name); err != nil {
			return err
		}
	}
	if err := r.checkImage(); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, s := range r.Seal {
		if s.ID == "" || s.KEM == "" || len(s.ID) > 32 || len(s.KEM) > 32 || len(s.Public) == 0 || len(s.Public) > 4096 || seen[s.ID] {
			return fmt.Errorf("trust: a root whose sealing key %.32q is not whole, or there twice, %w", s.ID, ErrForm)
		}
		seen[s.ID] = true
	}
	return nil
}

// checkImage keeps the keys of releases away from those that a hub holds: a hub
// that was broken into can hold a release back, never make one.
func (r *Root) checkImage() error {
	image, ok := r.Roles[RoleImage]
	if !ok {
		return nil
	}
	for _, name := range []string{RoleHead, RoleAck} {
		for _, id := range r.Roles[name].Keys {
			if slices.Contains(image.Keys, id) {
				return fmt.Errorf("trust: a root whose roles %s and %s share key %s %w", RoleImage, name, id, ErrForm)
			}
		}
	}
	return r.checkRole(RoleImage)
}

func (r *Root) checkRole(name string) error {
	role := r.Roles[name]
	seen := map[string]bool{}
	for _, id := range role.Keys {
		if _, ok := r.Keys[id]; !ok || seen[id] {
			return fmt.Errorf("trust: a root whose role %s names key %.20q twice or without giving it %w", name, id, ErrForm)
		}
		seen[id] = true
	}
	if role.Threshold < 1 || role.Threshold > len(seen) {
		return fmt.Errorf("trust: a root whose role %s asks for %d of %d keys %w", name, role.Threshold, len(seen), ErrForm)
	}
	return nil
}

// Open gives back what an envelope of one of this root's roles carries.
func (r *Root) Open(e Envelope, payloadType string) ([]byte, error) {
	role, ok := map[string]string{TypeRoot: RoleRoot, TypeHead: RoleHead, TypeAck: RoleAck}[payloadType]
	if !ok {
		return nil, fmt.Errorf("trust: no role of a root signs %q: it %w", payloadType, ErrType)
	}
	return e.Open(payloadType, r.Roles[role], r.Keys)
}

// ReadRoot reads the root that a machine begins with. It must be signed as it
// asks for itself; that it is the right one is for whoever commissions it to say.
func ReadRoot(text []byte) (Root, error) {
	e, r, err := readRoot(text)
	if err != nil {
		return Root{}, err
	}
	if _, err := r.Open(e, TypeRoot); err != nil {
		return Root{}, fmt.Errorf("trust: root %d: %w", r.N, err)
	}
	return r, nil
}

// readRoot reads what nobody has vouched for yet.
func readRoot(text []byte) (Envelope, Root, error) {
	if len(text) > MaxRoot {
		return Envelope{}, Root{}, fmt.Errorf("trust: a root of %d bytes %w", len(text), ErrForm)
	}
	e, err := ReadEnvelope(text)
	if err != nil {
		return Envelope{}, Root{}, err
	}
	if e.PayloadType != TypeRoot {
		return Envelope{}, Root{}, fmt.Errorf("trust: a root that is %.80q %w", e.PayloadType, ErrType)
	}
	var r Root
	if err := one(e.Payload, &r); err != nil {
		return Envelope{}, Root{}, fmt.Errorf("trust: a root %w: %w", ErrForm, err)
	}
	return e, r, r.Check()
}

// Follow reads the root after this one. It must have the next number, an epoch
// that is not below, and be signed by the thresholds of both.
func (r *Root) Follow(text []byte) (Root, error) {
	e, next, err := readRoot(text)
	if err != nil {
		return Root{}, err
	}
	if next.N != r.N+1 || next.Epoch < r.Epoch {
		return Root{}, fmt.Errorf("trust: root %d of epoch %d after root %d of epoch %d %w", next.N, next.Epoch, r.N, r.Epoch, ErrChain)
	}
	for _, by := range []*Root{r, &next} {
		if _, err := by.Open(e, TypeRoot); err != nil {
			return Root{}, fmt.Errorf("trust: root %d by the keys of root %d: %w", next.N, by.N, err)
		}
	}
	return next, nil
}

// mostSteps is how many roots one Walk follows: two a year for 30 years. A
// terminal that is further behind goes on from there the next time.
const mostSteps = 64

// Walk follows the chain of roots as far as it goes. get gives the bytes of root
// n, or nil when there is none. Every root on the way is checked; none may be
// left out. The root returned is good even when there is an error: it is the last
// one that was vouched for, with its bytes (nil: none newer than from).
func Walk(from Root, get func(n uint32) ([]byte, error)) (Root, []byte, error) {
	var last []byte
	for range mostSteps {
		text, err := get(from.N + 1)
		if err != nil || text == nil {
			return from, last, err
		}
		next, err := from.Follow(text)
		if err != nil {
			return from, last, err
		}
		from, last = next, text
	}
	return from, last, nil
}

// Successor is a root that may follow this one, to be changed and signed.
func (r *Root) Successor(issued time.Time, lifetime time.Duration) Root {
	next := *r
	next.N++
	next.Issued, next.Expires = issued.UTC().Truncate(time.Second), issued.UTC().Truncate(time.Second).Add(lifetime)
	next.Keys, next.Roles, next.Seal = maps.Clone(r.Keys), maps.Clone(r.Roles), slices.Clone(r.Seal)
	return next
}

// SetRole gives a role to keys; who had it before loses it, and keys without any
// role leave the root. When a key loses the role of heads the epoch rises, so that
// no version which that key has signed can be above those that follow.
func (r *Root) SetRole(name string, threshold int, keys ...Key) {
	if r.Keys == nil {
		r.Keys, r.Roles = map[string]Key{}, map[string]Role{}
	}
	before := r.Roles[name]
	role := Role{Threshold: threshold, Keys: []string{}}
	for _, k := range keys {
		r.Keys[k.ID()] = k
		role.Keys = append(role.Keys, k.ID())
	}
	if name == RoleHead && slices.ContainsFunc(before.Keys, func(id string) bool { return !slices.Contains(role.Keys, id) }) {
		r.Epoch++
	}
	r.Roles[name] = role
	maps.DeleteFunc(r.Keys, func(id string, _ Key) bool {
		for _, role := range r.Roles {
			if slices.Contains(role.Keys, id) {
				return false
			}
		}
		return true
	})
}

// Sign is the root in an envelope with the signatures of signers; others may be
// added to it later. Whether they are enough is for Follow or ReadRoot to say.
func (r *Root) Sign(signers ...Signer) (Envelope, error) {
	if err := r.Check(); err != nil {
		return Envelope{}, err
	}
	payload, err := json.Marshal(r)
	if err != nil {
		return Envelope{}, fmt.Errorf("trust: write root %d: %w", r.N, err)
	}
	return Seal(TypeRoot, payload, signers...)
}
