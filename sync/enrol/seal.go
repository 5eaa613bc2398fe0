package enrol

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// sealBytes is how much of an authority's hash a person types: to find another key
// with the same beginning takes 2^80 keys.
const sealBytes = 10

// Seal is the beginning of a pin as a person types it: 16 characters of base 32
// (RFC 4648), in groups. It is an error when the pin is none.
func Seal(pin string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(pin)
	if err != nil || len(b) != sha256.Size {
		return "", fmt.Errorf("enrol: %.60q is no pin of an authority", pin)
	}
	s := base32.StdEncoding.EncodeToString(b[:sealBytes])
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:], nil
}

// parsePin reads a whole pin, or a seal as people type it: any case, any grouping,
// 0 for O, 1 for I and 8 for B.
func parsePin(s string) ([]byte, error) {
	if b, err := base64.StdEncoding.DecodeString(s); err == nil && len(b) == sha256.Size {
		return b, nil
	}
	s = strings.NewReplacer(" ", "", "-", "", "0", "O", "1", "I", "8", "B").Replace(strings.ToUpper(s))
	if b, err := base32.StdEncoding.DecodeString(s); err == nil && len(b) == sealBytes {
		return b, nil
	}
	return nil, errors.New("this is no pin of an authority")
}
