package trust

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Bounds of what is read. A head with a year of daily deltas has about 250 kB.
const (
	MaxEnvelope   = 16 << 20 // bytes of an envelope as it travels
	maxSignatures = 32
)

// Signature is one key's signature over the type and the payload of an envelope.
// KeyID only says which key to try first; nothing else depends on it.
type Signature struct {
	KeyID string `json:"keyid"`
	Sig   []byte `json:"sig"`
}

// Envelope is a payload with its signatures. What it carries means nothing until
// Open has given it back.
type Envelope struct {
	PayloadType string      `json:"payloadType"`
	Payload     []byte      `json:"payload"`
	Signatures  []Signature `json:"signatures"`
}

// PAE is what is signed: DSSE's pre-authentication encoding of type and payload.
func PAE(payloadType string, payload []byte) []byte {
	b := make([]byte, 0, len(payloadType)+len(payload)+40)
	b = append(b, "DSSEv1 "...)
	b = strconv.AppendInt(b, int64(len(payloadType)), 10)
	b = append(b, ' ')
	b = append(b, payloadType...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(len(payload)), 10)
	b = append(b, ' ')
	return append(b, payload...)
}

// Seal is a payload signed by every signer.
func Seal(payloadType string, payload []byte, signers ...Signer) (Envelope, error) {
	e := Envelope{PayloadType: payloadType, Payload: payload, Signatures: []Signature{}}
	for _, s := range signers {
		if err := e.Add(s); err != nil {
			return Envelope{}, err
		}
	}
	return e, nil
}

// Add signs the envelope with one more key. What the same key signed before is
// replaced. Holders of root keys add theirs one after the other.
func (e *Envelope) Add(s Signer) error {
	sig, err := s.Sign(PAE(e.PayloadType, e.Payload))
	if err != nil {
		return fmt.Errorf("trust: sign with key %s: %w", s.Key().ID(), err)
	}
	id := s.Key().ID()
	for i := range e.Signatures {
		if e.Signatures[i].KeyID == id {
			e.Signatures[i].Sig = sig
			return nil
		}
	}
	e.Signatures = append(e.Signatures, Signature{id, sig})
	return nil
}

// Open gives the payload back when it is of the type and as many keys of the
// role as its threshold asks for have signed it. A key counts once, however
// often it signed and under whatever name.
func (e Envelope) Open(payloadType string, role Role, keys map[string]Key) ([]byte, error) {
	if e.PayloadType != payloadType {
		return nil, fmt.Errorf("trust: an envelope with %.80q instead of %q %w", e.PayloadType, payloadType, ErrType)
	}
	if len(e.Signatures) > maxSignatures {
		return nil, fmt.Errorf("trust: an envelope with %d signatures %w", len(e.Signatures), ErrForm)
	}
	message := PAE(e.PayloadType, e.Payload)
	signed := map[string]bool{}
	for _, s := range e.Signatures {
		for _, id := range role.candidates(s.KeyID) {
			if k := keys[id]; !signed[id] && k.ID() == id && k.verify(message, s.Sig) {
				signed[id] = true
				break
			}
		}
	}
	if role.Threshold < 1 || len(signed) < role.Threshold {
		return nil, fmt.Errorf("trust: %s %w: %d of %d", payloadType, ErrThreshold, len(signed), role.Threshold)
	}
	return e.Payload, nil
}

// candidates are the keys of the role that a signature may be of, the one that it
// names first.
func (r Role) candidates(keyid string) []string {
	if i := slices.Index(r.Keys, keyid); i > 0 {
		return slices.Concat(r.Keys[i:], r.Keys[:i])
	}
	return r.Keys
}

// envelopeText is an envelope as it is read: a missing field can be told from an
// empty one.
type envelopeText struct {
	PayloadType *string `json:"payloadType"`
	Payload     *text64 `json:"payload"`
	Signatures  *[]struct {
		KeyID string  `json:"keyid"`
		Sig   *text64 `json:"sig"`
	} `json:"signatures"`
}

// ReadEnvelope reads an envelope. Fields that it does not know are passed over,
// as the standard demands; all that it knows must be there, and nothing behind.
func ReadEnvelope(text []byte) (Envelope, error) {
	if len(text) > MaxEnvelope {
		return Envelope{}, fmt.Errorf("trust: an envelope of %d bytes %w", len(text), ErrForm)
	}
	var t envelopeText
	if err := one(text, &t); err != nil {
		return Envelope{}, fmt.Errorf("trust: an envelope %w: %w", ErrForm, err)
	}
	if t.PayloadType == nil || t.Payload == nil || t.Signatures == nil || len(*t.Signatures) > maxSignatures {
		return Envelope{}, fmt.Errorf("trust: an envelope without type, payload or 1 to %d signatures %w", maxSignatures, ErrForm)
	}
	e := Envelope{PayloadType: *t.PayloadType, Payload: *t.Payload, Signatures: []Signature{}}
	for _, s := range *t.Signatures {
		if s.Sig == nil {
			return Envelope{}, fmt.Errorf("trust: a signature without its bytes %w", ErrForm)
		}
		e.Signatures = append(e.Signatures, Signature{s.KeyID, *s.Sig})
	}
	return e, nil
}

// Write is the envelope as it travels.
func (e Envelope) Write() ([]byte, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("trust: write an envelope: %w", err)
	}
	return append(b, '\n'), nil
}

// text64 is base64 of RFC 4648, standard or URL-safe, with its padding.
type text64 []byte

func (b *text64) UnmarshalText(text []byte) error {
	if bytes.ContainsAny(text, "\r\n") {
		return fmt.Errorf("base64 with line ends")
	}
	enc := base64.StdEncoding
	if strings.ContainsAny(string(text), "-_") {
		enc = base64.URLEncoding
	}
	out, err := enc.Strict().DecodeString(string(text))
	*b = out
	return err
}

// one reads exactly one JSON value.
func one(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(into); err != nil {
		return err
	}
	if rest := bytes.TrimSpace(text[d.InputOffset():]); len(rest) > 0 {
		return fmt.Errorf("%d bytes behind the end", len(rest))
	}
	return nil
}
