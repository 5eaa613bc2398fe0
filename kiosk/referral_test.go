package kiosk

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// seeded gives the same bytes every time.
type seeded struct{ *rand.ChaCha8 }

func newSeeded() seeded { return seeded{rand.NewChaCha8([32]byte{1})} }

func newCodes(t *testing.T, n int) []Code {
	t.Helper()
	random := newSeeded()
	codes := make([]Code, n)
	for i := range codes {
		c, err := NewCode(random)
		if err != nil {
			t.Fatal(err)
		}
		codes[i] = c
	}
	return codes
}

func TestCodeAlphabetHasNoLookAlikes(t *testing.T) {
	if len(codeAlphabet) != 23 {
		t.Errorf("the alphabet has %d characters; the check needs the prime 23", len(codeAlphabet))
	}
	for _, group := range []string{"0ODQ", "1IL", "5S", "UV", "8B", "2Z"} {
		n := 0
		for _, c := range group {
			n += strings.Count(codeAlphabet, string(c))
		}
		if n > 1 {
			t.Errorf("more than one of %s can stand in a code", group)
		}
	}
}

func TestNewCodesAreRead(t *testing.T) {
	seen := map[Code]bool{}
	var used [23]int
	for _, c := range newCodes(t, 5000) {
		if seen[c] {
			t.Fatalf("%s was drawn twice", c)
		}
		seen[c] = true
		for _, written := range []string{string(c), c.Grouped(), strings.ToLower(c.Grouped()), " " + strings.ReplaceAll(c.Grouped(), "-", " ") + " "} {
			if got, err := ParseCode(written); err != nil || got != c {
				t.Fatalf("%q is read as %s, %v", written, got, err)
			}
		}
		for i := range CodeLength - 1 {
			used[strings.IndexByte(codeAlphabet, c[i])]++
		}
	}
	// 45000 draws of 23: 1957 each on average, with a deviation of 43.
	for i, n := range used {
		if n < 1957-6*43 || n > 1957+6*43 {
			t.Errorf("%c was drawn %d times, not about 1957", codeAlphabet[i], n)
		}
	}
}

func TestEveryWrongCharacterIsFound(t *testing.T) {
	for _, c := range newCodes(t, 300) {
		for i := range CodeLength {
			for _, other := range []byte(codeAlphabet) {
				if other == c[i] {
					continue
				}
				wrong := []byte(c)
				wrong[i] = other
				if _, err := ParseCode(string(wrong)); !errors.Is(err, ErrCode) {
					t.Fatalf("%s with %c at place %d is taken", c, other, i)
				}
			}
		}
	}
}

func TestEverySwapIsFound(t *testing.T) {
	for _, c := range newCodes(t, 1000) {
		for i := range CodeLength {
			for j := range i {
				if c[i] == c[j] {
					continue
				}
				wrong := []byte(c)
				wrong[i], wrong[j] = wrong[j], wrong[i]
				if _, err := ParseCode(string(wrong)); !errors.Is(err, ErrCode) {
					t.Fatalf("%s with the places %d and %d swapped is taken", c, j, i)
				}
			}
		}
	}
}

func TestParseCodeErrors(t *testing.T) {
	c := string(newCodes(t, 1)[0])
	for in, want := range map[string]string{
		"":                              "0 characters",
		c[1:]:                           "9 characters",
		c + "2":                         "11 characters",
		"0" + c[1:]:                     "never used",
		c[:9] + "!":                     "never used",
		c[:9] + "号":                     "never used",
		c + " x":                        "11 characters",
		strings.Repeat("中", CodeLength): "never used",
	} {
		_, err := ParseCode(in)
		if !errors.Is(err, ErrCode) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q in it", in, err, want)
		}
	}
}

func TestNewCodeWithoutRandomness(t *testing.T) {
	if c, err := NewCode(bytes.NewReader(make([]byte, 5))); !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		t.Errorf("%s, %v", c, err)
	}
}

// Bytes of 253 and above would favour some characters and must be thrown away.
func TestNewCodeThrowsAwayTheUnevenRest(t *testing.T) {
	in := []byte{253, 0, 254, 1, 255, 2, 3, 4, 5, 6, 7, 8}
	c, err := NewCode(bytes.NewReader(in))
	if err != nil || string(c[:9]) != codeAlphabet[:9] {
		t.Errorf("%s, %v; want it to begin with %s", c, err, codeAlphabet[:9])
	}
}

func TestGroupedOfNoCode(t *testing.T) {
	if got := Code("AB").Grouped(); got != "AB" {
		t.Errorf("%q", got)
	}
	if got := Code("2346789ACE").Grouped(); got != "234-678-9ACE" {
		t.Errorf("%q", got)
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("234-678-9ACE")
	f.Add("２３４６７８９ＡＣＥ")
	f.Add("ſſſſſ")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := ParseCode(s)
		if err != nil {
			if !errors.Is(err, ErrCode) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if again, err := ParseCode(c.Grouped()); err != nil || again != c {
			t.Fatalf("%q is read as %s, which is read as %s, %v", s, c, again, err)
		}
	})
}
