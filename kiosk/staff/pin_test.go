package staff

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
)

func TestHashPIN(t *testing.T) {
	p, err := HashPIN("271828", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := p.String()
	if !strings.HasPrefix(s, "pbkdf2-sha256:200000:") || strings.Contains(s, "271828") {
		t.Errorf("written as %s", s)
	}
	q, err := ParsePIN(s)
	if err != nil || q != p || !q.is("271828") || q.is("271829") || q.is("") || q.is("2718280") {
		t.Errorf("%s is read as %v, %v", s, q, err)
	}
	other, err := HashPIN("271828", rand.Reader)
	if err != nil || other.salt == p.salt || other.hash == p.hash {
		t.Error("the same PIN has the same hash twice")
	}
	if _, err := HashPIN("271828", strings.NewReader("short")); err == nil {
		t.Error("half a salt was enough")
	}
}

// The hash is that of RFC 8018 with HMAC-SHA256, as another implementation
// makes it (hashlib.pbkdf2_hmac of Python 3), so that PINs outlive this one.
func TestHashIsPBKDF2(t *testing.T) {
	p := PIN{rounds: 1000}
	for i := range p.salt {
		p.salt[i] = byte(i)
	}
	h, err := p.of("271828")
	if got := hex.EncodeToString(h[:]); err != nil || got != "cc44e2f6385d1efd9701cd098c9b04d04aa6f5f23e7937631fe56ed1f98682f8" {
		t.Errorf("%s, %v", got, err)
	}
}

func TestRefusedPINs(t *testing.T) {
	phone := "0571-8765 4321"
	for pin, want := range map[string]error{
		"": ErrForm, "12345": ErrForm, "1234567890123": ErrForm, "12345a": ErrForm, "１２３４５６": ErrForm, "-27182": ErrForm, "27182\x00": ErrForm,
		"000000": ErrTrivial, "999999999999": ErrTrivial,
		"123456": ErrTrivial, "654321": ErrTrivial, "345678": ErrTrivial, "890123": ErrTrivial, "012345678901": ErrTrivial, "321098": ErrTrivial,
		"121212": ErrTrivial, "1212121": ErrTrivial, "123123": ErrTrivial, "808808808": ErrTrivial,
		"876543": ErrTrivial, "057187": ErrTrivial, "87654321": ErrTrivial, "718765": ErrTrivial, "057187654321": ErrTrivial,
		"314159265358": nil, "876540": nil,
	} {
		_, err := HashPIN(pin, rand.Reader, phone, "", "8001")
		if !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%q: %v, want %v", pin, err, want)
		}
		if err != nil && pin != "" && strings.Contains(err.Error(), pin) {
			t.Errorf("the error tells the PIN: %v", err)
		}
	}
	if _, err := HashPIN("927182", rand.Reader, "27182"); err != nil {
		t.Errorf("an extension refuses a PIN: %v", err)
	}
	if _, err := HashPIN("92718281", rand.Reader, "271828"); !errors.Is(err, ErrTrivial) {
		t.Errorf("a number with a digit before and behind: %v", err)
	}
}

const sample = "pbkdf2-sha256:200000:AAECAwQFBgcICQoLDA0ODw:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

func TestParsePIN(t *testing.T) {
	if p, err := ParsePIN(""); err != nil || p.Set() || p.is("") || p.is("000000") || p.String() != "" {
		t.Errorf("no PIN: %v, %v", p, err)
	}
	if p, err := ParsePIN(sample); err != nil || !p.Set() || p.String() != sample {
		t.Errorf("%v, %v", p, err)
	}
	for _, s := range []string{
		"271828", "pbkdf2-sha256", "pbkdf2-sha256:::", sample + ":", sample + "\n", " " + sample, sample + "=",
		strings.Replace(sample, "sha256", "sha1", 1),
		strings.Replace(sample, "200000", "199999", 1),
		strings.Replace(sample, "200000", "1000001", 1),
		strings.Replace(sample, "200000", "+200000", 1),
		strings.Replace(sample, "200000", "0200000", 1),
		strings.Replace(sample, "200000", "-1", 1),
		strings.Replace(sample, "200000", "99999999999999999999", 1),
		strings.Replace(sample, "DA0ODw:", "DA0O:", 1),
		strings.Replace(sample, "DA0ODw:", "DA0O\nDw:", 1),
		strings.Replace(sample, "DA0ODw:", "DA0ODx:", 1), // spare bits
		sample[:len(sample)-4],
	} {
		if p, err := ParsePIN(s); !errors.Is(err, ErrForm) || p.Set() {
			t.Errorf("%q is read as %v, %v", s, p, err)
		}
	}
}

func FuzzParsePIN(f *testing.F) {
	f.Add("")
	f.Add(sample)
	f.Add(strings.ToUpper(sample))
	f.Add("pbkdf2-sha256:200000::")
	f.Add("pbkdf2-sha256:200000:" + base64.StdEncoding.EncodeToString(make([]byte, 16)) + ":" + base64.StdEncoding.EncodeToString(make([]byte, 32)))
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePIN(s)
		if err != nil {
			if p.Set() || !errors.Is(err, ErrForm) || strings.Contains(err.Error(), s) && len(s) > 20 {
				t.Errorf("%q: %v, %v", s, p, err)
			}
			return
		}
		if p.String() != s || p.Set() != (s != "") || p.Set() && (p.rounds < rounds || p.rounds > mostRounds) {
			t.Errorf("%q is read as %q", s, p)
		}
	})
}
