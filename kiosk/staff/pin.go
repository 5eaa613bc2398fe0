package staff

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

const (
	minDigits = 6
	maxDigits = 12

	// rounds is how often a PIN is hashed: 0.06 s on a PC with SHA instructions
	// and 0.25 s on one without, measured. A Raspberry Pi 5 has them; a Pi 3 or 4
	// has not and should take 0.4 to 0.9 s.
	// Fewer in a settings file are refused, and so are so many that they would
	// stop the page for seconds.
	rounds     = 200_000
	mostRounds = 1_000_000

	pinScheme = "pbkdf2-sha256"
	saltBytes = 16
	hashBytes = sha256.Size
)

var (
	// ErrTrivial is the error of a PIN that is guessed first.
	ErrTrivial = errors.New("is too easy to guess")
	// ErrForm is the error of what is no PIN, no hashed PIN or no enrolled badge.
	ErrForm = errors.New("has not the right form")
)

// PIN is a hashed PIN. The zero PIN is none, and nothing matches it.
type PIN struct {
	rounds int
	salt   [saltBytes]byte
	hash   [hashBytes]byte
}

// HashPIN hashes a PIN of 6 to 12 digits with a salt from random, which is
// crypto/rand.Reader but in tests. A PIN that is one digit again and again, a
// run up or down, two or three digits repeated, or part of one of the numbers
// that are known here, such as the site's phone number, is ErrTrivial.
func HashPIN(pin string, random io.Reader, known ...string) (PIN, error) {
	if !digits(pin, minDigits, maxDigits) {
		return PIN{}, fmt.Errorf("staff: PIN %w: 6 to 12 digits", ErrForm)
	}
	if trivial(pin, known) {
		return PIN{}, fmt.Errorf("staff: PIN %w", ErrTrivial)
	}
	p := PIN{rounds: rounds}
	if _, err := io.ReadFull(random, p.salt[:]); err != nil {
		return PIN{}, fmt.Errorf("staff: salt for PIN: %w", err)
	}
	var err error
	p.hash, err = p.of(pin)
	return p, err
}

// ParsePIN reads what String wrote:
//
//	pbkdf2-sha256:<iterations>:<salt>:<hash>
//
// with 200,000 to 1,000,000 iterations, 16 bytes of salt and 32 of hash, both in
// base64 without padding. The empty string is no PIN.
func ParsePIN(s string) (PIN, error) {
	if s == "" {
		return PIN{}, nil
	}
	form := fmt.Errorf("staff: hashed PIN %w", ErrForm)
	part := strings.Split(s, ":")
	if len(part) != 4 || part[0] != pinScheme {
		return PIN{}, form
	}
	n, err := strconv.Atoi(part[1])
	if err != nil {
		return PIN{}, form
	}
	if n < rounds || n > mostRounds {
		return PIN{}, fmt.Errorf("%w: %d iterations, not %d to %d", form, n, rounds, mostRounds)
	}
	p := PIN{rounds: n}
	salt, err1 := base64.RawStdEncoding.DecodeString(part[2])
	hash, err2 := base64.RawStdEncoding.DecodeString(part[3])
	if err1 != nil || err2 != nil || len(salt) != saltBytes || len(hash) != hashBytes {
		return PIN{}, form
	}
	copy(p.salt[:], salt)
	copy(p.hash[:], hash)
	if p.String() != s { // the decoder skips line ends and spare bits
		return PIN{}, form
	}
	return p, nil
}

// String writes the hashed PIN as [ParsePIN] reads it.
func (p PIN) String() string {
	if !p.Set() {
		return ""
	}
	b64 := base64.RawStdEncoding.EncodeToString
	return pinScheme + ":" + strconv.Itoa(p.rounds) + ":" + b64(p.salt[:]) + ":" + b64(p.hash[:])
}

// Set reports whether there is a PIN.
func (p PIN) Set() bool { return p.rounds > 0 }

// of is the hash of a PIN with the salt of p.
func (p PIN) of(pin string) (h [hashBytes]byte, err error) {
	b, err := pbkdf2.Key(sha256.New, pin, p.salt[:], p.rounds, hashBytes)
	if err != nil {
		return h, fmt.Errorf("staff: hash PIN: %w", err)
	}
	copy(h[:], b)
	return h, nil
}

// is reports whether p is the hash of pin, in a time that does not tell how
// much of it is right.
func (p PIN) is(pin string) bool {
	h, err := p.of(pin)
	return err == nil && p.Set() && subtle.ConstantTimeCompare(h[:], p.hash[:]) == 1
}

func digits(s string, least, most int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) >= least && len(s) <= most
}

// trivial reports whether a PIN is among those that are tried first.
func trivial(pin string, known []string) bool {
	const up, down = "01234567890123456789", "98765432109876543210"
	if strings.Contains(up, pin) || strings.Contains(down, pin) {
		return true
	}
	for n := 1; n <= 3; n++ { // 111111, 121212, 123123, 1231231
		if strings.HasPrefix(strings.Repeat(pin[:n], len(pin)), pin) {
			return true
		}
	}
	for _, k := range known {
		only := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, k)
		// A short number, such as an extension, may be the most of a PIN.
		if strings.Contains(only, pin) || len(only) >= minDigits && strings.Contains(pin, only) {
			return true
		}
	}
	return false
}
