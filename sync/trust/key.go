package trust

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
)

// Ed25519 is the one algorithm that this program checks (RFC 8032). A key of
// another one may stand in a root beside it, for programs that know it.
const Ed25519 = "ed25519"

// Key is a public key. Public is written as its algorithm has it: for ed25519
// 32 bytes.
type Key struct {
	Alg    string `json:"alg"`
	Public []byte `json:"public"`
}

// ID names the key: 16 hexadecimal digits of SHA-256 over algorithm, 0 and key.
func (k Key) ID() string {
	sum := sha256.Sum256(append([]byte(k.Alg+"\x00"), k.Public...))
	return hex.EncodeToString(sum[:8])
}

// verify tells whether the key signed the message. A key of an algorithm that is
// not known has signed nothing.
func (k Key) verify(message, sig []byte) bool {
	return k.Alg == Ed25519 && len(k.Public) == ed25519.PublicKeySize &&
		ed25519.Verify(k.Public, message, sig)
}

// Signer signs: a key in memory, or a device that holds one.
type Signer interface {
	Key() Key
	Sign(message []byte) ([]byte, error)
}

type signer struct{ private ed25519.PrivateKey }

// NewSigner signs with a key in memory.
func NewSigner(private ed25519.PrivateKey) Signer { return signer{private} }

func (s signer) Key() Key {
	return Key{Ed25519, s.private.Public().(ed25519.PublicKey)}
}

func (s signer) Sign(message []byte) ([]byte, error) { return ed25519.Sign(s.private, message), nil }

const pemPrivate = "PRIVATE KEY"

// WriteSigner is a private key as a file: PEM, PKCS #8.
func WriteSigner(private ed25519.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("trust: write a key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemPrivate, Bytes: der}), nil
}

// ReadSigner reads what WriteSigner, or openssl genpkey -algorithm ed25519, wrote.
// An error never repeats what the file holds.
func ReadSigner(text []byte) (Signer, error) {
	block, rest := pem.Decode(text)
	if block == nil || block.Type != pemPrivate || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("trust: a key file holds one PEM block PRIVATE KEY and no more")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("trust: the key file is not PKCS #8")
	}
	private, ok := key.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("trust: the key file holds a %T, not a key for ed25519", key)
	}
	return NewSigner(private), nil
}
