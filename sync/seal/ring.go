package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// ErrUnknownKey tells that a payload was sealed to a key that the ring has not.
var ErrUnknownKey = errors.New("the key is not on the ring")

// ErrLoose tells that others than its owner may read a key file.
var ErrLoose = errors.New("others may read the key file")

// keyFile is how a private key lies on the hub's disk.
type keyFile struct {
	KEM     string `json:"kem"` // "x25519"
	ID      string `json:"id"`  // so that a file can be told by looking at it
	Public  string `json:"public"`
	Private string `json:"private"` // base64, like Public
}

// suffix is what the names of key files end in; before it stands the key's id.
const suffix = ".sealkey"

// WriteFile lays the key down as <dir>/<id>.sealkey, mode 0600 in a directory of
// mode 0700, and returns its path when it is on the disk. A file that is there
// already is not touched: a lost key can open nothing any more.
func (p PrivateKey) WriteFile(dir string) (string, error) {
	secret, err := p.private.Bytes()
	if err != nil {
		return "", fmt.Errorf("seal: write key: %w", err)
	}
	text, err := json.MarshalIndent(keyFile{
		KEM, p.key.id, base64.StdEncoding.EncodeToString(p.key.Public()), base64.StdEncoding.EncodeToString(secret),
	}, "", " ")
	if err != nil {
		return "", fmt.Errorf("seal: write key: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("seal: write key: %w", err)
	}
	path := filepath.Join(dir, p.key.id+suffix)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", fmt.Errorf("seal: write key: %w", err)
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		return "", fmt.Errorf("seal: write key: %w", err)
	}
	return path, nil
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Ring is the keys of a hub by their ids: the one in use, and those before it,
// which terminals may have sealed to weeks ago.
type Ring map[string]PrivateKey

// ReadRing reads all key files of a directory. Its error wraps ErrLoose when a
// file is open to others, and fs.ErrNotExist when there is no directory.
func ReadRing(dir string) (Ring, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("seal: read keys: %w", err)
	}
	ring := Ring{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), suffix) {
			continue
		}
		p, err := readFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("seal: read key %s: %w", e.Name(), err)
		}
		ring[p.key.id] = p
	}
	return ring, nil
}

func readFile(path string) (PrivateKey, error) {
	f, err := os.Open(path)
	if err != nil {
		return PrivateKey{}, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return PrivateKey{}, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return PrivateKey{}, fmt.Errorf("mode %v: %w", info.Mode().Perm(), ErrLoose)
	}
	if info.Size() > 4096 {
		return PrivateKey{}, errors.New("a key file is much shorter")
	}
	text := make([]byte, info.Size())
	if _, err := io.ReadFull(f, text); err != nil {
		return PrivateKey{}, err
	}
	return parseFile(text)
}

// parseFile reads a key file. Id and public half must be those of the private
// one, so that a file that was mixed up is found out before it is needed.
func parseFile(text []byte) (PrivateKey, error) {
	var k keyFile
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&k); err != nil {
		return PrivateKey{}, err
	}
	if k.KEM != KEM {
		return PrivateKey{}, fmt.Errorf("its algorithm is %q, not %q", k.KEM, KEM)
	}
	secret, err := base64.StdEncoding.DecodeString(k.Private)
	if err != nil {
		return PrivateKey{}, errors.New("the private key is no base64") // which would be shown by err
	}
	p, err := parsePrivate(secret)
	if err != nil {
		return PrivateKey{}, err
	}
	if k.ID != p.key.id || k.Public != base64.StdEncoding.EncodeToString(p.key.Public()) {
		return PrivateKey{}, fmt.Errorf("it says to be key %q and holds key %s", k.ID, p.key.id)
	}
	return p, nil
}

// Open opens a payload that was sealed to the key of that id. Its error wraps
// ErrUnknownKey or ErrOpen.
func (r Ring) Open(key string, a About, sealed []byte) ([]byte, error) {
	p, ok := r[key]
	if !ok {
		return nil, fmt.Errorf("seal: key %q, of %d: %w", key, len(r), ErrUnknownKey)
	}
	return p.Open(a, sealed)
}

// IDs are the names of the keys, sorted.
func (r Ring) IDs() []string { return slices.Sorted(maps.Keys(r)) }
