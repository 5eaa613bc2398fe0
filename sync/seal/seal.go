// Package seal closes what residents do so that only the hub can read it: HPKE
// (RFC 9180) in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and
// ChaCha20-Poly1305. A terminal holds the public key alone, and so cannot read
// back what it has sealed. The additional data is the record's place, so that no
// sealed payload passes for another record, kind, terminal or ledger.
package seal

import (
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
)

// Format is the version of About that this program seals with.
const Format = 1

// Overhead is by how many bytes a sealed payload is longer than a plain one: the
// 32 bytes of the sender's key and the 16 of the tag.
const Overhead = 32 + 16

// info tells HPKE what the keys are used for: the same key used for anything else
// opens nothing of this.
const info = "jobhome sealed record v1"

// KEM is the name of the key's algorithm, in roots and in key files.
const KEM = "x25519"

// ErrKey tells that bytes are no public key to seal to.
var ErrKey = errors.New("no X25519 public key")

// ErrOpen tells that a payload was sealed to another key or about another record,
// or was changed.
var ErrOpen = errors.New("the sealed payload does not open")

// About is what a payload is bound to: where it stands for ever.
type About struct {
	Kiosk       string // the terminal's name
	Incarnation string // of its ledger
	Seq         uint64 // of the record
	Kind        string // of the record
	Format      int    // of this, see the constant; 0 stands for it
}

// Key is the hub's public key. The zero value seals nothing.
type Key struct {
	id     string
	public hpke.PublicKey
}

// ParseKey reads a public key of 32 bytes. Its error wraps ErrKey.
func ParseKey(public []byte) (Key, error) {
	p, err := suite().NewPublicKey(public)
	if err != nil {
		return Key{}, fmt.Errorf("seal: %w: %w", ErrKey, err)
	}
	if _, _, err := hpke.NewSender(p, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), nil); err != nil {
		// A point of small order: whatever is sealed to it, everybody opens.
		return Key{}, fmt.Errorf("seal: %w: %w", ErrKey, err)
	}
	return Key{keyID(public), p}, nil
}

// ID names the key by its bytes: 16 hexadecimal digits of SHA-256 over the name of
// its algorithm, 0 and the key, in the manner of sync/trust.
func (k Key) ID() string { return k.id }

// Public is the key as 32 bytes.
func (k Key) Public() []byte { return k.public.Bytes() }

// Seal closes a payload. Twice the same gives other bytes each time.
func (k Key) Seal(a About, payload []byte) ([]byte, error) {
	if k.public == nil {
		return nil, fmt.Errorf("seal: %w: there is none", ErrKey)
	}
	enc, s, err := hpke.NewSender(k.public, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(info))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	box, err := s.Seal(a.encode(), payload)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return append(enc, box...), nil
}

// PrivateKey opens what was sealed to its Key. It is only ever at the hub.
type PrivateKey struct {
	key     Key
	private hpke.PrivateKey
}

// NewKey draws a key.
func NewKey() (PrivateKey, error) {
	p, err := suite().GenerateKey()
	if err != nil {
		return PrivateKey{}, fmt.Errorf("seal: draw a key: %w", err)
	}
	return private(p), nil
}

// parsePrivate reads a private key of 32 bytes.
func parsePrivate(b []byte) (PrivateKey, error) {
	p, err := suite().NewPrivateKey(b)
	if err != nil {
		return PrivateKey{}, fmt.Errorf("seal: no X25519 private key: %w", err)
	}
	return private(p), nil
}

func private(p hpke.PrivateKey) PrivateKey {
	public := p.PublicKey()
	return PrivateKey{Key{keyID(public.Bytes()), public}, p}
}

// Key is the public half.
func (p PrivateKey) Key() Key { return p.key }

// Open opens a payload that was sealed about a. Its error wraps ErrOpen.
func (p PrivateKey) Open(a About, sealed []byte) ([]byte, error) {
	if p.private == nil || len(sealed) < Overhead {
		return nil, fmt.Errorf("seal: %w: %d bytes", ErrOpen, len(sealed))
	}
	r, err := hpke.NewRecipient(sealed[:32], p.private, hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), []byte(info))
	if err != nil {
		return nil, fmt.Errorf("seal: %w: %w", ErrOpen, err)
	}
	payload, err := r.Open(a.encode(), sealed[32:])
	if err != nil {
		return nil, fmt.Errorf("seal: %w: %w", ErrOpen, err)
	}
	return payload, nil
}

// encode writes a in the one way in which it can be written: the name of the
// encoding, the format as 4 bytes, the number of the record as 8, and each text
// behind its length as 4 bytes; all big-endian.
func (a About) encode() []byte {
	if a.Format == 0 {
		a.Format = Format
	}
	b := []byte("jobhome about")
	b = binary.BigEndian.AppendUint32(b, uint32(a.Format))
	b = binary.BigEndian.AppendUint64(b, a.Seq)
	for _, s := range []string{a.Kiosk, a.Incarnation, a.Kind} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return b
}

func suite() hpke.KEM { return hpke.DHKEM(ecdh.X25519()) }

func keyID(public []byte) string {
	sum := sha256.Sum256(append([]byte(KEM+"\x00"), public...))
	return hex.EncodeToString(sum[:8])
}
