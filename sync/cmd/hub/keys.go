package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"jobhome/kiosk/durable"
	"jobhome/sync/seal"
	"jobhome/sync/trust"
)

// How the keys of a hub lie below its data directory:
//
//	root-keys/1.pem, 2.pem, 3.pem   sign roots, two of three; to be taken elsewhere
//	keys/head.pem                   signs the heads of boards
//	keys/ack.pem                    signs what terminals are answered
//	keys/seal/<id>.sealkey          opens what residents asked for
//	root/<n>.json                   the chain of roots
//	ca/                             the authority for terminals

// rootLife is when whoever holds the root keys is reminded to renew the root.
const rootLife = 2 * 365 * 24 * time.Hour

// rootKeys and rootThreshold are how many keys sign roots, and how many must.
const (
	rootKeys      = 3
	rootThreshold = 2
)

// errHasRoot tells that a hub was made there before.
var errHasRoot = errors.New("has a root already")

// keys are what a running hub signs and opens with.
type keys struct {
	root      trust.Root // the newest one
	head, ack trust.Signer
	ring      seal.Ring
	was       []trust.Key // that signed heads before
}

// makeKeys makes the keys of a new hub. It touches nothing when there are any.
func makeKeys(data string, now time.Time) error {
	if _, err := os.Stat(rootPath(data, 1)); err == nil {
		return fmt.Errorf("%s %w", data, errHasRoot)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	root := trust.Root{Format: trust.Format, N: 1, Epoch: 1, Issued: now.UTC().Truncate(time.Second)}
	root.Expires = root.Issued.Add(rootLife)
	var signers []trust.Signer
	var holders []trust.Key
	for i := range rootKeys {
		s, err := newSigner(filepath.Join(data, "root-keys", fmt.Sprintf("%d.pem", i+1)))
		if err != nil {
			return err
		}
		signers, holders = append(signers, s), append(holders, s.Key())
	}
	root.SetRole(trust.RoleRoot, rootThreshold, holders...)
	for _, role := range []string{trust.RoleHead, trust.RoleAck} {
		s, err := newSigner(filepath.Join(data, "keys", role+".pem"))
		if err != nil {
			return err
		}
		root.SetRole(role, 1, s.Key())
	}
	sealing, err := newSealKey(filepath.Join(data, "keys", "seal"))
	if err != nil {
		return err
	}
	root.Seal = []trust.SealKey{sealing}
	return writeRoot(data, &root, signers...)
}

func newSigner(path string) (trust.Signer, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make a key: %w", err)
	}
	text, err := trust.WriteSigner(private)
	if err != nil {
		return nil, err
	}
	if err := durable.Replace(path, text); err != nil {
		return nil, fmt.Errorf("write a key: %w", err)
	}
	return trust.NewSigner(private), nil
}

func newSealKey(dir string) (trust.SealKey, error) {
	p, err := seal.NewKey()
	if err != nil {
		return trust.SealKey{}, err
	}
	if _, err := p.WriteFile(dir); err != nil {
		return trust.SealKey{}, err
	}
	return trust.SealKey{ID: p.Key().ID(), KEM: "x25519", Public: p.Key().Public()}, nil
}

func rootPath(data string, n uint32) string {
	return filepath.Join(data, "root", fmt.Sprintf("%d.json", n))
}

func writeRoot(data string, root *trust.Root, signers ...trust.Signer) error {
	e, err := root.Sign(signers...)
	if err != nil {
		return err
	}
	text, err := e.Write()
	if err != nil {
		return err
	}
	return durable.Replace(rootPath(data, root.N), text)
}

// loadKeys reads the keys of a hub, and walks its chain of roots.
func loadKeys(data string) (*keys, error) {
	k, err := loadRoots(data)
	if err != nil {
		return nil, err
	}
	if k.head, err = k.signer(data, trust.RoleHead); err != nil {
		return nil, err
	}
	if k.ack, err = k.signer(data, trust.RoleAck); err != nil {
		return nil, err
	}
	k.ring, err = seal.ReadRing(filepath.Join(data, "keys", "seal"))
	return k, err
}

// loadRoots walks the chain of roots, and reads no key.
func loadRoots(data string) (*keys, error) {
	text, err := os.ReadFile(rootPath(data, 1))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s has no root; make one with hub init", data)
	} else if err != nil {
		return nil, err
	}
	first, err := trust.ReadRoot(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", rootPath(data, 1), err)
	}
	k := &keys{root: first}
	k.remember(&first)
	k.root, _, err = trust.Walk(first, func(n uint32) ([]byte, error) {
		text, err := os.ReadFile(rootPath(data, n))
		if errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err == nil {
			k.rememberText(text)
		}
		return text, err
	})
	if err != nil {
		return nil, fmt.Errorf("the chain of roots: %w", err)
	}
	return k, nil
}

// rememberText notes which keys of a root have signed heads. What a root says
// that is not followed is never used.
func (k *keys) rememberText(text []byte) {
	if e, err := trust.ReadEnvelope(text); err == nil {
		var r trust.Root
		if json.Unmarshal(e.Payload, &r) == nil {
			k.remember(&r)
		}
	}
}

func (k *keys) remember(r *trust.Root) {
	for _, id := range r.Roles[trust.RoleHead].Keys {
		k.was = append(k.was, r.Keys[id])
	}
}

// signer reads the key of a role, which must be the one that the root names.
func (k *keys) signer(data, role string) (trust.Signer, error) {
	path := filepath.Join(data, "keys", role+".pem")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := trust.ReadSigner(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, id := range k.root.Roles[role].Keys {
		if id == s.Key().ID() {
			return s, nil
		}
	}
	return nil, fmt.Errorf("%s is not a key that root %d gives the role %s to", path, k.root.N, role)
}
