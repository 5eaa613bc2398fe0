package kiosk

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// Code is a referral code: nine random characters and a check character. The
// alphabet has one of each group of look-alikes at most (none of 0 O D Q, 1 I L,
// 5 S, U V; 8 but no B; 2 but no Z), and its size is a prime, so that the
// weighted check character finds every single wrong character and every two
// that were swapped.
type Code string

// codeAlphabet has 23 characters, a prime number.
const codeAlphabet = "2346789ACEFGHJKMNPRTWXY"

// CodeLength is the number of characters of a Code.
const CodeLength = 10

// NewCode draws a code from random, normally crypto/rand.Reader.
func NewCode(random io.Reader) (Code, error) {
	var out [CodeLength]byte
	var one [1]byte
	for i := 0; i < CodeLength-1; {
		if _, err := io.ReadFull(random, one[:]); err != nil {
			return "", fmt.Errorf("draw a referral code: %w", err)
		}
		// 253 = 11*23: bytes above would favour some characters.
		if one[0] < 253 {
			out[i] = codeAlphabet[one[0]%23]
			i++
		}
	}
	out[CodeLength-1] = codeCheck(string(out[:CodeLength-1]))
	return Code(out[:]), nil
}

func codeCheck(body string) byte {
	sum := 0
	for i := 0; i < len(body); i++ {
		sum += (i + 2) * strings.IndexByte(codeAlphabet, body[i])
	}
	return codeAlphabet[(23-sum%23)%23]
}

// ErrCode tells that some characters are no referral code.
var ErrCode = errors.New("no referral code")

// ParseCode reads a code as people write it: any case, with spaces or hyphens.
// The error wraps ErrCode and says whether the length, a character or the
// check character is wrong.
func ParseCode(s string) (Code, error) {
	s = strings.ToUpper(strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '－' || r == '—' || r == '\u3000':
			return -1
		case r >= '！' && r <= '～': // full-width forms of ASCII
			return r - '！' + '!'
		}
		return r
	}, s))
	if n := utf8.RuneCountInString(s); n != CodeLength {
		return "", fmt.Errorf("%w: it has %d characters, not %d", ErrCode, n, CodeLength)
	}
	for _, r := range s {
		if !strings.ContainsRune(codeAlphabet, r) {
			return "", fmt.Errorf("%w: %q is never used in one", ErrCode, r)
		}
	}
	if s[CodeLength-1] != codeCheck(s[:CodeLength-1]) {
		return "", fmt.Errorf("%w: one character is wrong or two are swapped", ErrCode)
	}
	return Code(s), nil
}

// Grouped writes the code as it is printed and read aloud: "7K3-M9W-XH4F".
func (c Code) Grouped() string {
	if len(c) != CodeLength {
		return string(c)
	}
	return string(c[:3] + "-" + c[3:6] + "-" + c[6:])
}

// ReferralState is how far a referral has come on this terminal.
type ReferralState string

// The states. issued → printing → printed | unconfirmed | failed. From the
// last two a marked reprint goes through printing again.
const (
	Issued      ReferralState = "issued"      // written down, nothing sent
	Printing    ReferralState = "printing"    // bytes may have reached the printer
	Printed     ReferralState = "printed"     // the printer said that it finished
	Unconfirmed ReferralState = "unconfirmed" // the slip may or may not be out
	Failed      ReferralState = "failed"      // nothing was printed
)

// Referral is the fact that somebody was given a slip for a posting. It names
// nobody.
type Referral struct {
	Code     Code
	Posting  string // the posting's id
	Title    string // of the posting, as it stood
	Employer string
	Site     string // the site's id
	Issued   time.Time
	State    ReferralState
	Attempts int // times that printing was begun; more than one means 补打
}

// ErrNoReferral tells that no referral has the code.
var ErrNoReferral = errors.New("no referral has this code")

// Slip is what one piece of paper says.
type Slip struct {
	Site       Site
	Posting    Posting
	Code       Code
	Issued     time.Time
	MaskedName string  // empty without a card
	Metres     float64 // from the site to the place of work; negative unknown
	Reprint    bool    // carries 补打
	Large      bool    // large type
}

// Rating is a resident's one-touch satisfaction.
type Rating string

// The ratings.
const (
	Good Rating = "good"
	Fair Rating = "fair"
	Poor Rating = "poor"
)
