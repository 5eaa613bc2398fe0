package staff

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

const (
	keyFile  = "staff.key"
	keyBytes = 32
	maxLabel = 32 // characters
)

var (
	// ErrUnknownBadge is the error of a badge that is not enrolled.
	ErrUnknownBadge = errors.New("is not enrolled")
	// ErrRandomUID is the error of a badge that has another number each time.
	ErrRandomUID = errors.New("has another number each time")
	// ErrKey is the error when the key of this terminal is missing or damaged;
	// its badges must be enrolled anew then.
	ErrKey = errors.New("badge key of this terminal")
)

// Holder is somebody who has put an enrolled badge on the reader. The zero
// Holder is nobody.
type Holder struct{ label string }

// Label is what the badge was enrolled as.
func (h Holder) Label() string { return h.label }

// badge is one enrolled badge.
type badge struct {
	label string
	hash  [sha256.Size]byte
}

// Badges are the enrolled badges of one terminal. A badge's number is hashed
// with a key that only this terminal has, so a list is worth nothing elsewhere.
type Badges struct {
	path string
	list []badge

	mu sync.Mutex // one at a time makes the key
}

// OpenBadges reads the list of the settings, an entry as Enroll makes it. Dir is
// the data directory, where the key lies; the key is read when it is needed, and
// made at the first Enroll.
func OpenBadges(dir string, list []string) (*Badges, error) {
	b := &Badges{path: filepath.Join(dir, keyFile)}
	for i, s := range list {
		one, err := parseBadge(s)
		if err != nil {
			return nil, fmt.Errorf("staff: badge %d of the list: %w", i+1, err)
		}
		for _, other := range b.list {
			if other.label == one.label || other.hash == one.hash {
				return nil, fmt.Errorf("staff: badge %d of the list: %w: it is there twice", i+1, ErrForm)
			}
		}
		b.list = append(b.list, one)
	}
	return b, nil
}

// Len is how many badges are enrolled. A nil list has none.
func (b *Badges) Len() int {
	if b == nil {
		return 0
	}
	return len(b.list)
}

// Know says who a badge with this number was enrolled for. The error is
// ErrUnknownBadge or ErrKey. The number is overwritten.
func (b *Badges) Know(uid []byte) (Holder, error) {
	defer clear(uid)
	if b.Len() == 0 {
		return Holder{}, fmt.Errorf("staff: badge %w", ErrUnknownBadge)
	}
	key, err := b.key(false)
	if err != nil {
		return Holder{}, err
	}
	defer clear(key)
	sum := hash(key, uid)
	var h Holder
	for _, one := range b.list { // all of them, whichever it is
		if subtle.ConstantTimeCompare(one.hash[:], sum[:]) == 1 {
			h.label = one.label
		}
	}
	if h == (Holder{}) {
		return h, fmt.Errorf("staff: badge %w", ErrUnknownBadge)
	}
	return h, nil
}

// Enroll makes the entry for the settings of a badge with this number: a label
// of 1 to 32 characters, = and the hash. A number that changes each time (four
// bytes, the first 08: ISO/IEC 14443-3) is ErrRandomUID. The number is
// overwritten. The badge is known once the entry stands in the settings and the
// list is opened anew.
func (b *Badges) Enroll(label string, uid []byte) (string, error) {
	defer clear(uid)
	switch {
	case !goodLabel(label):
		return "", fmt.Errorf("staff: enroll: label %w: 1 to %d characters without =", ErrForm, maxLabel)
	case len(uid) != 4 && len(uid) != 7 && len(uid) != 10:
		return "", fmt.Errorf("staff: enroll: badge's number %w: %d bytes", ErrForm, len(uid))
	case len(uid) == 4 && uid[0] == 0x08:
		return "", fmt.Errorf("staff: enroll: badge %w", ErrRandomUID)
	}
	key, err := b.key(true)
	if err != nil {
		return "", err
	}
	defer clear(key)
	return badge{label, hash(key, uid)}.String(), nil
}

// hash is the keyed hash of a badge's number.
func hash(key, uid []byte) (sum [sha256.Size]byte) {
	h := hmac.New(sha256.New, key)
	h.Write(uid)
	h.Sum(sum[:0])
	return sum
}

// key reads the key, or makes it if there is none and it may.
func (b *Badges) key(mayMake bool) ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key, err := readKey(b.path)
	if !missing(err) || !mayMake {
		return key, err
	}
	key = make([]byte, keyBytes)
	rand.Read(key) // never fails, see crypto/rand
	err = create(b.path, key)
	if errors.Is(err, fs.ErrExist) { // another program was faster
		return readKey(b.path)
	}
	if err != nil {
		return nil, fmt.Errorf("staff: make %w: %w", ErrKey, err)
	}
	return key, nil
}

func readKey(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("staff: %w: %w", ErrKey, err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("staff: %w: others may read %s", ErrKey, path)
	}
	key, err := readSmall(path)
	if err != nil {
		return nil, fmt.Errorf("staff: %w: %w", ErrKey, err)
	}
	if len(key) != keyBytes {
		return nil, fmt.Errorf("staff: %w: %s has %d bytes, not %d", ErrKey, path, len(key), keyBytes)
	}
	return key, nil
}

// parseBadge reads label=hash.
func parseBadge(s string) (badge, error) {
	label, sum, _ := strings.Cut(s, "=")
	one := badge{label: label}
	raw, err := hex.DecodeString(sum)
	if err != nil || len(raw) != len(one.hash) || !goodLabel(label) {
		return badge{}, fmt.Errorf("%w: label=hash", ErrForm)
	}
	copy(one.hash[:], raw)
	if one.String() != s {
		return badge{}, fmt.Errorf("%w: the hash is in small letters", ErrForm)
	}
	return one, nil
}

// String is the entry of the settings.
func (b badge) String() string { return b.label + "=" + hex.EncodeToString(b.hash[:]) }

func goodLabel(s string) bool {
	n := utf8.RuneCountInString(s)
	odd := func(r rune) bool { return r == '=' || !unicode.IsGraphic(r) }
	return utf8.ValidString(s) && n >= 1 && n <= maxLabel && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, odd)
}
