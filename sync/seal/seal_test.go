package seal

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var place = About{Kiosk: "k-1", Incarnation: "i-1", Seq: 7, Kind: "callback", Format: Format}

func newKey(t testing.TB) PrivateKey {
	t.Helper()
	p, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func sealed(t testing.TB, k Key, a About, payload string) []byte {
	t.Helper()
	box, err := k.Seal(a, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestSealedOpens(t *testing.T) {
	p := newKey(t)
	for _, payload := range []string{"", "{}", strings.Repeat("电话", 5000)} {
		box := sealed(t, p.Key(), place, payload)
		if len(box) != len(payload)+Overhead {
			t.Errorf("%d bytes became %d", len(payload), len(box))
		}
		got, err := p.Open(place, box)
		if err != nil || string(got) != payload {
			t.Errorf("%q, %v", got, err)
		}
		if again := sealed(t, p.Key(), place, payload); bytes.Equal(again, box) {
			t.Error("the same payload was sealed to the same bytes twice")
		}
	}
}

// Nothing but the one key about the one place opens it, and no byte may change.
func TestSealedOpensNowhereElse(t *testing.T) {
	p, other := newKey(t), newKey(t)
	box := sealed(t, p.Key(), place, `{"phone":"13800138000"}`)
	if _, err := other.Open(place, box); !errors.Is(err, ErrOpen) {
		t.Errorf("another key: %v", err)
	}
	for name, change := range map[string]func(*About){
		"kiosk":       func(a *About) { a.Kiosk = "k-2" },
		"incarnation": func(a *About) { a.Incarnation = "i-2" },
		"seq":         func(a *About) { a.Seq++ },
		"kind":        func(a *About) { a.Kind = "rating" },
		"format":      func(a *About) { a.Format++ },
		"shifted":     func(a *About) { a.Kiosk, a.Incarnation = "k-1i", "-1" },
	} {
		a := place
		change(&a)
		if _, err := p.Open(a, box); !errors.Is(err, ErrOpen) {
			t.Errorf("with another %s: %v", name, err)
		}
	}
	for i := range box {
		bad := bytes.Clone(box)
		bad[i] ^= 1
		if i == 31 {
			bad[i] ^= 0x81 // the top bit alone: the point is the same (RFC 7748 §5), its bytes are not
		}
		if _, err := p.Open(place, bad); !errors.Is(err, ErrOpen) {
			t.Errorf("byte %d changed: %v", i, err)
		}
		if _, err := p.Open(place, box[:i]); !errors.Is(err, ErrOpen) {
			t.Errorf("cut after %d bytes: %v", i, err)
		}
	}
}

// What a terminal has in its hands, the public key and its own sealed bytes, is
// no private key in any form.
func TestTheSealerCannotOpen(t *testing.T) {
	p := newKey(t)
	terminal := Terminal{Kiosk: place.Kiosk, Key: p.Key()}
	id, box, err := terminal.Seal(place.Incarnation, place.Seq, place.Kind, []byte("secret"))
	if err != nil || id != p.Key().ID() {
		t.Fatalf("%q, %v", id, err)
	}
	if bytes.Contains(box, []byte("secret")) {
		t.Error("the payload is in clear")
	}
	as, err := parsePrivate(terminal.Key.Public())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := as.Open(place, box); err == nil {
		t.Errorf("the terminal read back %q", got)
	}
	if got, err := p.Open(place, box); err != nil || string(got) != "secret" {
		t.Errorf("the hub reads %q, %v", got, err)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	small := make([]byte, 32) // the point 0, of small order
	for name, public := range map[string][]byte{"nothing": nil, "short": small[1:], "small order": small} {
		if _, err := ParseKey(public); !errors.Is(err, ErrKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := (Key{}).Seal(place, nil); !errors.Is(err, ErrKey) {
		t.Errorf("the zero key sealed: %v", err)
	}
	if _, err := (PrivateKey{}).Open(place, make([]byte, 100)); !errors.Is(err, ErrOpen) {
		t.Errorf("the zero key opened: %v", err)
	}
	p := newKey(t)
	if k, err := ParseKey(p.Key().Public()); err != nil || k.ID() != p.Key().ID() || len(k.ID()) != 16 {
		t.Errorf("read back as %q, %v", k.ID(), err)
	}
}

// The vectors were written by testdata/vectors.py.
func TestVectors(t *testing.T) {
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []struct {
		Private, Sealed  []byte
		ID, AAD, Payload string
		About            About
	}
	if err := json.Unmarshal(text, &all); err != nil || len(all) < 5 {
		t.Fatalf("%d vectors, %v", len(all), err)
	}
	for i, v := range all {
		p, err := parsePrivate(v.Private)
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(v.About.encode()); got != v.AAD {
			t.Errorf("vector %d: additional data %s, want %s", i, got, v.AAD)
		}
		if p.Key().ID() != v.ID {
			t.Errorf("vector %d: key %s, want %s", i, p.Key().ID(), v.ID)
		}
		if got, err := p.Open(v.About, v.Sealed); err != nil || string(got) != v.Payload {
			t.Errorf("vector %d: %q, %v", i, got, err)
		}
	}
}

func TestRing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	old, now := newKey(t), newKey(t)
	for _, p := range []PrivateKey{old, now} {
		path, err := p.WriteFile(dir)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
	}
	if _, err := old.WriteFile(dir); !errors.Is(err, os.ErrExist) {
		t.Errorf("a key was written over: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("?"), 0o600); err != nil {
		t.Fatal(err)
	}
	ring, err := ReadRing(dir)
	if err != nil || len(ring.IDs()) != 2 {
		t.Fatalf("%v, %v", ring.IDs(), err)
	}
	for _, p := range []PrivateKey{old, now} {
		box := sealed(t, p.Key(), place, "x")
		if got, err := ring.Open(p.Key().ID(), place, box); err != nil || string(got) != "x" {
			t.Errorf("%q, %v", got, err)
		}
		if _, err := ring.Open("0123456789abcdef", place, box); !errors.Is(err, ErrUnknownKey) {
			t.Errorf("unknown key: %v", err)
		}
	}
	loose := filepath.Join(dir, old.Key().ID()+suffix)
	if err := os.Chmod(loose, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadRing(dir); !errors.Is(err, ErrLoose) {
		t.Errorf("a key that others can read: %v", err)
	}
	if _, err := ReadRing(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}

func TestKeyFilesThatAreMixedUp(t *testing.T) {
	p, other := newKey(t), newKey(t)
	path, err := p.WriteFile(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"id":        {p.Key().ID(), other.Key().ID()},
		"algorithm": {KEM, "x448"},
		"public":    {base64.StdEncoding.EncodeToString(p.Key().Public()), base64.StdEncoding.EncodeToString(other.Key().Public())},
		"name":      {`"private"`, `"secret"`},
		"end":       {"}\n", ""},
	} {
		bad := strings.Replace(string(text), change[0], change[1], 1)
		if bad == string(text) {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := parseFile([]byte(bad)); err == nil {
			t.Errorf("a key file with another %s was read", name)
		}
	}
}

// FuzzOpen hands the hub bytes from outside.
func FuzzOpen(f *testing.F) {
	p, err := NewKey()
	if err != nil {
		f.Fatal(err)
	}
	box, err := p.Key().Seal(place, []byte("payload"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(box, "k-1", "i-1", uint64(7))
	f.Add(box[:Overhead], "", "", uint64(0))
	f.Fuzz(func(t *testing.T, sealed []byte, kiosk, incarnation string, seq uint64) {
		a := About{Kiosk: kiosk, Incarnation: incarnation, Seq: seq, Kind: "callback"}
		got, err := p.Open(a, sealed)
		if err == nil && (!bytes.Equal(sealed[32:], box[32:]) || a.Kiosk != place.Kiosk || a.Incarnation != place.Incarnation || a.Seq != place.Seq) {
			t.Fatalf("opened %q about %+v", got, a)
		}
	})
}

// FuzzAbout looks for two places that are written the same.
func FuzzAbout(f *testing.F) {
	f.Add("a", "bc", "d", "ab", "c", "d")
	f.Add("", "\x00\x00\x00\x00", "", "\x00\x00\x00\x00", "", "")
	f.Fuzz(func(t *testing.T, k1, i1, n1, k2, i2, n2 string) {
		a, b := About{Kiosk: k1, Incarnation: i1, Kind: n1}, About{Kiosk: k2, Incarnation: i2, Kind: n2}
		if a != b && bytes.Equal(a.encode(), b.encode()) {
			t.Fatalf("%+v and %+v are one", a, b)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	k, payload := newKey(b).Key(), make([]byte, 200)
	for b.Loop() {
		if _, err := k.Seal(place, payload); err != nil {
			b.Fatal(err)
		}
	}
}
