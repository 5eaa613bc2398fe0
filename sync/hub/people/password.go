package people

import (
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The limits of a password, in characters.
const (
	MinPassword = 10
	maxPassword = 128
)

// What can be wrong with a password that somebody chooses.
var (
	ErrShort  = fmt.Errorf("a password has at least %d characters", MinPassword)
	ErrLong   = fmt.Errorf("a password has at most %d characters", maxPassword)
	ErrDigits = errors.New("a password is not made of digits only")
	ErrPlain  = errors.New("a password that anybody would try first")
)

//go:embed badpasswords.txt
var badPasswords string

// CheckPassword returns what is wrong with a password that the account would
// have, or nil.
func (a *Account) CheckPassword(password string) error {
	n := utf8.RuneCountInString(password)
	low := strings.ToLower(password)
	switch {
	case n < MinPassword:
		return ErrShort
	case n > maxPassword:
		return ErrLong
	case strings.IndexFunc(password, func(r rune) bool { return !unicode.IsDigit(r) }) < 0:
		return ErrDigits
	case strings.Contains(low, a.Name), monotone(low):
		return ErrPlain
	}
	// What is left of a known one after its decoration is still known.
	core := strings.TrimRightFunc(low, func(r rune) bool { return !unicode.IsLetter(r) })
	for bad := range strings.FieldsSeq(badPasswords) {
		if low == bad || core == bad {
			return ErrPlain
		}
	}
	return nil
}

// monotone reports whether s has fewer than four different characters, or only
// goes up or down by one.
func monotone(s string) bool {
	seen := map[rune]bool{}
	up, down, last := true, true, rune(0)
	for i, r := range s {
		seen[r] = true
		up = up && (i == 0 || r == last+1)
		down = down && (i == 0 || r == last-1)
		last = r
	}
	return len(seen) < 4 || up || down
}

// cost is what a guess of a password takes: RFC 9106 in the measure of a small
// machine, above the least of OWASP's password storage sheet (19 MiB, 2 passes).
type cost struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

var todaysCost = cost{memory: 32 << 10, passes: 3, threads: 1}

const (
	saltBytes = 16
	hashBytes = 32
)

// hashing lets two passwords be hashed at a time: 64 MiB, whoever knocks.
var hashing = make(chan struct{}, 2)

func (c cost) key(password string, salt []byte) []byte {
	hashing <- struct{}{}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, c.passes, c.memory, c.threads, hashBytes)
}

// hash returns the password as a PHC string, which holds its cost and salt.
func (c cost) hash(password string) string {
	salt := make([]byte, saltBytes)
	_, _ = rand.Read(salt) // never fails
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		c.memory, c.passes, c.threads, b64.EncodeToString(salt), b64.EncodeToString(c.key(password, salt)))
}

// verify reports whether the password is the one of phc, and whether phc was
// made at another cost than today's.
func (c cost) verify(password, phc string) (ok, old bool, err error) {
	var version int
	var was cost
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, false, errors.New("a stored password is not argon2id")
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, false, fmt.Errorf("a stored password has the version %q", parts[2])
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &was.memory, &was.passes, &was.threads); err != nil {
		return false, false, fmt.Errorf("the cost of a stored password: %w", err)
	}
	if was.memory > 1<<20 || was.passes == 0 || was.passes > 64 || was.threads == 0 {
		return false, false, fmt.Errorf("a stored password has the cost %q", parts[3])
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err := errors.Join(err1, err2); err != nil {
		return false, false, fmt.Errorf("a stored password: %w", err)
	}
	ok = len(want) == hashBytes && subtle.ConstantTimeCompare(was.key(password, salt), want) == 1
	return ok, was != c, nil
}
