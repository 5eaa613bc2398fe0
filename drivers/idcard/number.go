package idcard

import (
	"errors"
	"fmt"
)

// ErrNumber is wrapped by every reason why an ID number is not valid. No error
// contains the number.
var ErrNumber = errors.New("not a valid ID number")

// CheckDigit is the last character of an ID number whose first 17 digits are
// body (GB 11643-1999, ISO 7064 MOD 11-2): '0' to '9' or 'X'. It returns 0 if
// body is not 17 digits.
func CheckDigit(body []byte) byte {
	if len(body) != 17 || !digits(body) {
		return 0
	}
	weights := [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		sum += int(body[i]-'0') * w
	}
	return "10X98765432"[sum%11]
}

// CheckNumber reports whether n is 18 characters with a birth date that exists
// and the right check digit; a lower-case x is accepted. The area code is not
// looked up: codes vanish with reforms and stay on cards.
func CheckNumber(n []byte) error {
	if len(n) != 18 {
		return fmt.Errorf("%w: %d characters, want 18", ErrNumber, len(n))
	}
	if !digits(n[:17]) {
		return fmt.Errorf("%w: not all of the first 17 are digits", ErrNumber)
	}
	if !numberBirth(n).valid() {
		return fmt.Errorf("%w: no such birth date", ErrNumber)
	}
	if c := n[17]; c != CheckDigit(n[:17]) && (c != 'x' || CheckDigit(n[:17]) != 'X') {
		return fmt.Errorf("%w: wrong check digit", ErrNumber)
	}
	return nil
}

// ExtendNumber turns a 15-digit number of the first generation into the 18
// characters of today: the century 19 after the area, a check digit at the end.
func ExtendNumber(n []byte) ([]byte, error) {
	if len(n) != 15 || !digits(n) {
		return nil, fmt.Errorf("%w: %d characters, want 15 digits", ErrNumber, len(n))
	}
	out := make([]byte, 0, 18)
	out = append(out, n[:6]...)
	out = append(out, "19"...)
	out = append(out, n[6:]...)
	out = append(out, CheckDigit(out))
	if !numberBirth(out).valid() {
		clear(out)
		return nil, fmt.Errorf("%w: no such birth date", ErrNumber)
	}
	return out, nil
}

// numberBirth reads the birth date out of an 18-character number of digits.
func numberBirth(n []byte) Date { return parseDigits(n[6:14]) }

// parseDigits reads YYYYMMDD; b must be eight digits.
func parseDigits(b []byte) Date {
	v := func(b []byte) (n int) {
		for _, c := range b {
			n = n*10 + int(c-'0')
		}
		return n
	}
	return Date{v(b[0:4]), v(b[4:6]), v(b[6:8])}
}

// digits reports whether b is ASCII digits only.
func digits(b []byte) bool {
	for _, c := range b {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
