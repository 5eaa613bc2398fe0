package idcard

import (
	"errors"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"jobhome/drivers/idcard/samv"
)

// ErrRecord is wrapped by every reason why a text record is not what a card of
// its type holds: a wrong length, a date that does not exist, a number that
// fails its check. A frame can be damaged and still have the right checksum,
// so this is also how such damage is found. No error contains card data.
var ErrRecord = errors.New("damaged card record")

// UnknownTypeError is returned for a record whose type letter no standard of
// this package describes. Of the record itself only the length is kept.
type UnknownTypeError struct{ Len int }

// Error says how long the record was and nothing else about it.
func (e UnknownTypeError) Error() string {
	return fmt.Sprintf("card of an unknown type (%d bytes)", e.Len)
}

// ParseRecord reads the 256-byte UTF-16LE text record of any of the four card
// types (GA/T 490; the type letter is at byte 248). The record is not kept and
// not changed. Errors wrap ErrRecord, or are an UnknownTypeError.
func ParseRecord(text []byte) (*Card, error) {
	if len(text) != samv.TextLen {
		return nil, fmt.Errorf("idcard: %w: %d bytes, want %d", ErrRecord, len(text), samv.TextLen)
	}
	c := &Card{Type: CardType(text[248])}
	if text[249] != 0 {
		c.Type = 0xFF
	} else if c.Type == 0 {
		c.Type = Resident // padded with NUL instead of spaces
	}
	var err error
	switch c.Type {
	case Resident:
		err = c.parseResident(text)
	case Permit:
		err = c.parsePermit(text)
	case Foreigner2017:
		err = c.parseForeigner2017(text)
	case Foreigner2023:
		err = c.parseForeigner2023(text)
	default:
		return nil, UnknownTypeError{len(text)}
	}
	if err != nil {
		c.Wipe()
		return nil, fmt.Errorf("idcard: %w: %w", ErrRecord, err)
	}
	return c, nil
}

func (c *Card) parseResident(t []byte) error {
	c.Ethnic = small(t[32:36])
	return c.parseChinese(t)
}

func (c *Card) parsePermit(t []byte) error {
	c.Pass = field(t[220:238])
	c.Issue = small(t[238:242])
	return c.parseChinese(t)
}

// parseChinese reads what resident cards and permits have in common.
func (c *Card) parseChinese(t []byte) error {
	c.Name = field(t[0:30])
	c.Sex = sex(t[30:32])
	c.Address = field(t[52:122])
	c.Number = field(t[122:158])
	c.Authority = field(t[158:188])
	if len(c.Name) == 0 {
		return errors.New("no name")
	}
	return errors.Join(c.parseBirth(t[36:52]), c.checkNumber(), c.parseValidity(t[188:220]))
}

func (c *Card) parseForeigner2017(t []byte) error {
	c.ForeignName = field(t[0:120])
	c.Sex = sex(t[120:122])
	c.Number = field(t[122:152])
	c.Nationality = field(t[152:158])
	c.Name = field(t[158:188])
	c.Authority = field(t[240:248])
	if len(c.ForeignName) == 0 {
		return errors.New("no name")
	}
	n := c.Number
	if len(n) != 15 || !capitals(n[:3]) || !digits(n[3:]) {
		return fmt.Errorf("%w: want three letters and twelve digits", ErrNumber)
	}
	return errors.Join(c.parseBirth(t[220:236]), c.parseValidity(t[188:220]))
}

func (c *Card) parseForeigner2023(t []byte) error {
	c.Name = field(t[0:30])
	c.Sex = sex(t[30:32])
	c.Issue = small(t[32:36])
	// One name in two places: 35 units, then 11 more.
	both := append(append(make([]byte, 0, 92), t[52:122]...), t[220:242]...)
	c.ForeignName = field(both)
	clear(both)
	c.Number = field(t[122:158])
	c.Nationality = field(t[242:248])
	c.Earlier = field(t[250:256])
	if len(c.ForeignName) == 0 && len(c.Name) == 0 {
		return errors.New("no name")
	}
	return errors.Join(c.parseBirth(t[36:52]), c.checkNumber(), c.parseValidity(t[188:220]))
}

// checkNumber holds an 18-character number against its check digit and the
// birth date beside it.
func (c *Card) checkNumber() error {
	if err := CheckNumber(c.Number); err != nil {
		return err
	}
	if numberBirth(c.Number) != c.Birth {
		return errors.New("birth date and number differ")
	}
	if c.Number[17] == 'x' {
		c.Number[17] = 'X'
	}
	return nil
}

func (c *Card) parseBirth(b []byte) error {
	var ok bool
	if c.Birth, ok = date(b); !ok {
		return errors.New("birth date: no such day")
	}
	return nil
}

// parseValidity reads two dates of 16 bytes; the second may be 长期, which
// people over 45 have.
func (c *Card) parseValidity(b []byte) error {
	var ok bool
	if c.ValidFrom, ok = date(b[:16]); !ok {
		return errors.New("first day of validity: no such day")
	}
	if to := field(b[16:]); string(to) == "长期" {
		c.LongTerm = true
		return nil
	}
	if c.ValidTo, ok = date(b[16:]); !ok {
		return errors.New("last day of validity: no such day")
	}
	if c.ValidTo.before(c.ValidFrom) {
		return errors.New("validity ends before it begins")
	}
	return nil
}

// field turns UTF-16LE into UTF-8 without trailing spaces and NULs. Surrogates
// are joined; a lone one, and any control character, becomes U+FFFD, so that
// what a chip says can never steer a screen or a printer. Spaces inside stay.
func field(b []byte) []byte {
	end := len(b) &^ 1
	for end >= 2 && b[end-1] == 0 && (b[end-2] == 0 || b[end-2] == ' ') {
		end -= 2
	}
	out := make([]byte, 0, end/2*3)
	for i := 0; i < end; i += 2 {
		r := unit(b, i)
		if utf16.IsSurrogate(r) && i+2 < end {
			if joined := utf16.DecodeRune(r, unit(b, i+2)); joined != unicode.ReplacementChar {
				r = joined
				i += 2
			}
		}
		if unicode.IsControl(r) || utf16.IsSurrogate(r) {
			r = unicode.ReplacementChar
		}
		out = utf8.AppendRune(out, r)
	}
	return out
}

func unit(b []byte, i int) rune { return rune(b[i]) | rune(b[i+1])<<8 }

// date reads YYYYMMDD in UTF-16LE.
func date(b []byte) (Date, bool) {
	f := field(b)
	defer clear(f)
	if len(f) != 8 || !digits(f) {
		return Date{}, false
	}
	d := parseDigits(f)
	return d, d.valid()
}

// small reads a number of one or two digits; 0 if it is none.
func small(b []byte) (n int) {
	f := field(b)
	if !digits(f) {
		return 0
	}
	for _, c := range f {
		n = n*10 + int(c-'0')
	}
	return n
}

// sex reads a code of GB/T 2261.1; codes the standard does not have are
// unknown.
func sex(b []byte) Sex {
	switch s := Sex(small(b)); s {
	case Male, Female, SexUnstated:
		return s
	}
	return SexUnknown
}

func capitals(b []byte) bool {
	for _, c := range b {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}
