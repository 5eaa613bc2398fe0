package trust

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

var day = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

// key is the n-th key of a test: always the same.
func key(n byte) Signer {
	return NewSigner(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize)))
}

func keys(from, to byte) (all []Key) {
	for n := from; n <= to; n++ {
		all = append(all, key(n).Key())
	}
	return all
}

// first is a root of three keys, two of which must sign.
func first() Root {
	r := Root{Format: Format, N: 1, Epoch: 1, Issued: day, Expires: day.AddDate(1, 0, 0)}
	r.SetRole(RoleRoot, 2, keys(1, 3)...)
	r.SetRole(RoleHead, 1, keys(10, 10)...)
	r.SetRole(RoleAck, 1, keys(20, 20)...)
	r.Seal = []SealKey{{"s1", "x25519", []byte{1}}}
	return r
}

func signed(t *testing.T, r Root, by ...byte) []byte {
	t.Helper()
	var signers []Signer
	for _, n := range by {
		signers = append(signers, key(n))
	}
	e, err := r.Sign(signers...)
	if err != nil {
		t.Fatal(err)
	}
	return written(t, e)
}

func written(t *testing.T, e Envelope) []byte {
	t.Helper()
	text, err := e.Write()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// The example of the standard's protocol.md.
func TestPAE(t *testing.T) {
	if got := PAE("http://example.com/HelloWorld", []byte("hello world")); string(got) != "DSSEv1 29 http://example.com/HelloWorld 11 hello world" {
		t.Errorf("%s", got)
	}
}

func TestEnvelopeTravels(t *testing.T) {
	role, known := Role{[]string{key(1).Key().ID()}, 1}, map[string]Key{key(1).Key().ID(): key(1).Key()}
	for _, payload := range []string{"", "{}", "\xff\xfe\xfb\xff any bytes", strings.Repeat("就业", 1000)} {
		e, err := Seal(TypeAck, []byte(payload), key(1))
		if err != nil {
			t.Fatal(err)
		}
		text := string(written(t, e))
		url := fmt.Sprintf(`{"payloadType":%q,"payload":%q,"signatures":[{"keyid":"","sig":%q}]}`, TypeAck,
			base64.URLEncoding.EncodeToString(e.Payload), base64.URLEncoding.EncodeToString(e.Signatures[0].Sig))
		for _, form := range []string{text, url, strings.Replace(text, "{", ` {"more":[1],`, 1) + " \n"} {
			back, err := ReadEnvelope([]byte(form))
			if err != nil {
				t.Fatalf("%s: %v", form, err)
			}
			if got, err := back.Open(TypeAck, role, known); err != nil || string(got) != payload {
				t.Errorf("%.40q comes back as %.40q, %v", payload, got, err)
			}
		}
	}
}

func TestReadEnvelopeIsStrict(t *testing.T) {
	good := `{"payloadType":"t","payload":"eA==","signatures":[{"keyid":"k","sig":"eA=="}]}`
	if _, err := ReadEnvelope([]byte(good)); err != nil {
		t.Fatal(err)
	}
	many := `{"payloadType":"t","payload":"","signatures":[` + strings.Repeat(`{"sig":""},`, maxSignatures) + `{"sig":""}]}`
	for _, bad := range []string{
		"", "null", "[]", "{}", good + "{}", good + "x", good[:len(good)-1], many,
		strings.Replace(good, "eA==", "eA=", 1), strings.Replace(good, "eA==", "eA", 1),
		strings.Replace(good, "eA==", "eB==", 1), strings.Replace(good, "eA==", `eA\n==`, 1),
		strings.Replace(good, `"payload":"eA==",`, "", 1), strings.Replace(good, `"payloadType":"t",`, "", 1),
		strings.Replace(good, `,"sig":"eA=="`, "", 1), strings.Replace(good, `[{"keyid":"k","sig":"eA=="}]`, "null", 1),
		strings.Repeat(" ", MaxEnvelope) + good,
	} {
		if _, err := ReadEnvelope([]byte(bad)); !errors.Is(err, ErrForm) {
			t.Errorf("%.80s: %v", bad, err)
		}
	}
}

func TestOpen(t *testing.T) {
	a, b, c := key(1), key(2), key(3)
	role := Role{[]string{a.Key().ID(), b.Key().ID()}, 2}
	sm2 := Key{"sm2-sm3", bytes.Repeat([]byte{4}, 65)}
	known := map[string]Key{a.Key().ID(): a.Key(), b.Key().ID(): b.Key(), c.Key().ID(): c.Key(), sm2.ID(): sm2}
	e, err := Seal(TypeHead, []byte("x"), a, b)
	if err != nil {
		t.Fatal(err)
	}
	twice := Envelope{TypeHead, []byte("x"), []Signature{e.Signatures[0], e.Signatures[0], {"other", e.Signatures[0].Sig}, {"", e.Signatures[0].Sig}}}
	stranger, _ := Seal(TypeHead, []byte("x"), a, c)
	changed := Envelope{TypeHead, []byte("y"), e.Signatures}
	retyped := Envelope{TypeAck, e.Payload, e.Signatures}
	swapped := Envelope{TypeHead, e.Payload, []Signature{{b.Key().ID(), e.Signatures[0].Sig}, {"", e.Signatures[1].Sig}}}
	foreign := Envelope{TypeHead, e.Payload, []Signature{e.Signatures[0], {sm2.ID(), e.Signatures[1].Sig}}}
	liar := map[string]Key{a.Key().ID(): a.Key(), b.Key().ID(): c.Key()}
	for what, v := range map[string]struct {
		e    Envelope
		role Role
		keys map[string]Key
		want error
	}{
		"both":                         {e, role, known, nil},
		"the ids are only hints":       {swapped, role, known, nil},
		"one of two":                   {Envelope{TypeHead, e.Payload, e.Signatures[:1]}, role, known, ErrThreshold},
		"one key twice":                {twice, role, known, ErrThreshold},
		"a key of another role":        {stranger, role, known, ErrThreshold},
		"another payload":              {changed, role, known, ErrThreshold},
		"another type":                 {e, role, known, ErrType},
		"signed as another type":       {retyped, role, known, ErrThreshold},
		"an unknown algorithm":         {foreign, Role{[]string{a.Key().ID(), sm2.ID()}, 2}, known, ErrThreshold},
		"an unknown one beside enough": {foreign, Role{[]string{a.Key().ID(), b.Key().ID(), sm2.ID()}, 2}, known, nil},
		"a key under another's name":   {stranger, role, liar, ErrThreshold},
		"no threshold":                 {e, Role{role.Keys, 0}, known, ErrThreshold},
		"nobody's role":                {e, Role{nil, 0}, nil, ErrThreshold},
	} {
		kind := TypeHead
		if what == "another type" || what == "signed as another type" {
			kind = TypeAck
		}
		if _, err := v.e.Open(kind, v.role, v.keys); !errors.Is(err, v.want) || (v.want == nil) != (err == nil) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestAddReplaces(t *testing.T) {
	e, err := Seal(TypeRoot, []byte("x"), key(1), key(2))
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Add(key(1)); err != nil || len(e.Signatures) != 2 {
		t.Errorf("%d signatures, %v", len(e.Signatures), err)
	}
}

func TestSignerFile(t *testing.T) {
	text, err := WriteSigner(key(7).(signer).private)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadSigner(text)
	if err != nil || s.Key().ID() != key(7).Key().ID() {
		t.Fatalf("%v", err)
	}
	other, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	der, _ := x509.MarshalPKCS8PrivateKey(other)
	for _, bad := range [][]byte{
		nil, text[1:], append(text, text...),
		pem.EncodeToMemory(&pem.Block{Type: pemPrivate, Bytes: []byte("short")}),
		pem.EncodeToMemory(&pem.Block{Type: pemPrivate, Bytes: der}),
	} {
		if _, err := ReadSigner(bad); err == nil {
			t.Errorf("read %q", bad)
		}
	}
}

func TestFloor(t *testing.T) {
	f := Floor{Build: day}
	for _, v := range []struct {
		what string
		set  func()
		want time.Time
	}{
		{"when it was built", func() {}, day},
		{"a head", func() { f.Issued = day.AddDate(0, 1, 0) }, day.AddDate(0, 1, 0)},
		{"the hub", func() { f.Hub = day.AddDate(0, 2, 0) }, day.AddDate(0, 2, 0)},
		{"a hub that was in the future", func() { f.Issued = day.AddDate(70, 0, 0) }, day.AddDate(70, 0, 0)},
		{"and is back", func() { f.Issued = day.AddDate(0, 3, 0) }, day.AddDate(0, 3, 0)},
	} {
		v.set()
		for _, clock := range []time.Time{{}, time.Unix(0, 0), v.want.Add(-1), v.want} {
			if got := f.Now(clock); !got.Equal(v.want) {
				t.Errorf("%s: clock %s: %s, want %s", v.what, clock, got, v.want)
			}
		}
		if later := v.want.Add(time.Hour); !f.Now(later).Equal(later) {
			t.Errorf("%s: a clock above the floor is not believed", v.what)
		}
	}
}

func FuzzReadEnvelope(f *testing.F) {
	f.Add([]byte(`{"payloadType":"t","payload":"eA==","signatures":[{"keyid":"k","sig":"eA=="}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := ReadEnvelope(text)
		if err != nil {
			return
		}
		again, err := e.Write()
		if err != nil {
			t.Fatal(err)
		}
		back, err := ReadEnvelope(again)
		if err != nil || back.PayloadType != e.PayloadType || !bytes.Equal(back.Payload, e.Payload) || fmt.Sprint(back.Signatures) != fmt.Sprint(e.Signatures) {
			t.Errorf("%s reads back as %+v, %v; base64 %s", again, back, err, base64.StdEncoding.EncodeToString(e.Payload))
		}
	})
}
