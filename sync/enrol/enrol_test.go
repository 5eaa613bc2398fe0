package enrol

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var year = 365 * 24 * time.Hour

// office is a hub that enrols: an authority and its server.
type office struct {
	*testing.T
	now    time.Time
	ca     *x509.Certificate
	key    *ecdsa.PrivateKey
	server *httptest.Server
	spent  map[string]string              // code → key
	shown  *x509.Certificate              // by the last terminal
	lose   bool                           // the next answer
	answer func(*answer)                  // changes the answers
	refuse func(http.ResponseWriter) bool // answers instead
}

func authority(t *testing.T, now time.Time) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(20 * year),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	ca, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return ca, key
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{T: t, now: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), spent: map[string]string{}}
	o.ca, o.key = authority(t, o.now)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: o.now, NotAfter: o.now.Add(20 * year), DNSNames: []string{"localhost"},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, o.ca, key.Public(), o.key)
	if err != nil {
		t.Fatal(err)
	}
	o.server = httptest.NewUnstartedServer(o)
	o.server.Config.ErrorLog = log.New(io.Discard, "", 0)
	o.server.TLS = &tls.Config{
		Certificates: []tls.Certificate{{Certificate: [][]byte{der, o.ca.Raw}, PrivateKey: key}}, ClientAuth: tls.RequestClientCert,
	}
	o.server.StartTLS()
	t.Cleanup(o.server.Close)
	return o
}

func (o *office) url() string {
	return "https://localhost:" + o.server.URL[strings.LastIndex(o.server.URL, ":")+1:]
}

func (o *office) pin() string {
	sum := sha256.Sum256(o.ca.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func (o *office) certify(key any, name string) string {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: name}, NotBefore: o.now, NotAfter: o.now.Add(year),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, o.ca, key, o.key)
	if err != nil {
		o.Error(err)
	}
	c, _ := x509.ParseCertificate(der)
	return string(encode(c))
}

func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Code string
		CSR  []byte
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		o.Error(err)
	}
	csr, err := x509.ParseCertificateRequest(q.CSR)
	if err != nil || csr.CheckSignature() != nil {
		o.Errorf("no request: %v", err)
		return
	}
	key := csr.PublicKey.(ed25519.PublicKey)
	if o.refuse != nil && o.refuse(w) {
		return
	}
	name := "s1-1"
	switch r.URL.Path {
	case "/v1/enrol":
		if by, ok := o.spent[q.Code]; q.Code != "7K3M-9WXH-4FAB" || ok && by != string(key) {
			w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"type":"about:blank","title":"the code is not valid"}`)
			return
		}
		o.spent[q.Code] = string(key)
	case "/v1/renew":
		o.shown = nil
		if len(r.TLS.PeerCertificates) > 0 {
			o.shown = r.TLS.PeerCertificates[0]
			name = o.shown.Subject.CommonName
		}
	default:
		http.NotFound(w, r)
		return
	}
	if o.lose {
		o.lose = false
		panic(http.ErrAbortHandler)
	}
	a := answer{Terminal: name, Certificate: o.certify(key, name), CA: string(encode(o.ca)), Site: json.RawMessage(`{"board":"city"}`)}
	if o.answer != nil {
		o.answer(&a)
	}
	_ = json.NewEncoder(w).Encode(a)
}

func (o *office) clock() time.Time { return o.now }

func (o *office) enrol(dir string) (*Identity, error) {
	return Enrol(o.Context(), dir, Invitation{o.url(), "7K3M-9WXH-4FAB", o.pin()}, o.clock)
}

func (o *office) enrolled(dir string) *Identity {
	o.Helper()
	id, err := o.enrol(dir)
	if err != nil {
		o.Fatal(err)
	}
	return id
}

func TestEnrol(t *testing.T) {
	o := newOffice(t)
	dir := filepath.Join(t.TempDir(), "identity")
	if _, err := Open(dir, o.clock); !errors.Is(err, ErrNone) {
		t.Errorf("before: %v", err)
	}
	o.lose = true
	if _, err := o.enrol(dir); err == nil || errors.Is(err, ErrRefused) {
		t.Errorf("with a lost answer: %v", err)
	}
	if _, err := Open(dir, o.clock); !errors.Is(err, ErrNone) {
		t.Errorf("after a lost answer: %v", err)
	}
	id := o.enrolled(dir)
	again, err := Open(dir, o.clock)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range []*Identity{id, again} {
		if i.Kiosk() != "s1-1" || !i.RenewAt().Equal(o.now.Add(year/3*2)) || i.Signer().Key().ID() != id.Signer().Key().ID() || string(i.Site()) != `{"board":"city"}` {
			t.Errorf("%s, renew at %v, key %s", i.Kiosk(), i.RenewAt(), i.Signer().Key().ID())
		}
	}
	for _, name := range []string{keyFile, certFile, caFile} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Another machine with the same code gets nothing.
	if _, err := o.enrol(t.TempDir()); !errors.Is(err, ErrRefused) {
		t.Errorf("a code that was used: %v", err)
	}
}

// Whoever answers in the hub's place learns neither code nor key.
func TestPin(t *testing.T) {
	o, other := newOffice(t), newOffice(t)
	asked := false
	o.refuse = func(http.ResponseWriter) bool { asked = true; return true }
	for name, inv := range map[string]Invitation{
		"another authority": {o.url(), "7K3M-9WXH-4FAB", other.pin()},
		"no pin":            {o.url(), "7K3M-9WXH-4FAB", ""},
		"another name":      {"https://127.0.0.1" + o.url()[len("https://localhost"):], "7K3M-9WXH-4FAB", o.pin()},
		"no TLS":            {"http" + o.url()[len("https"):], "7K3M-9WXH-4FAB", o.pin()},
	} {
		_, err := Enrol(t.Context(), t.TempDir(), inv, o.clock)
		if err == nil || asked || errors.Is(err, ErrPin) != (name == "another authority" || name == "another name") {
			t.Errorf("%s: %v, asked %v", name, err, asked)
		}
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	o, other := newOffice(t), newOffice(t)
	key := func() ed25519.PublicKey { k, _, _ := ed25519.GenerateKey(rand.Reader); return k }
	dir := t.TempDir()
	id := o.enrolled(dir)
	for name, change := range map[string]func(*answer){
		"another key": func(a *answer) { a.Certificate = o.certify(key(), "s1-1") },
		"another authority": func(a *answer) {
			a.Certificate, a.CA = other.certify(ed25519.PublicKey(id.Signer().Key().Public), "s1-1"), string(encode(other.ca))
		},
		"an authority apart": func(a *answer) { a.CA = string(encode(other.ca)) },
		"no name": func(a *answer) {
			a.Certificate, a.Terminal = o.certify(ed25519.PublicKey(id.Signer().Key().Public), ""), ""
		},
		"two names": func(a *answer) { a.Terminal = "s1-2" },
		"no PEM":    func(a *answer) { a.Certificate = "?" },
	} {
		o.answer = change
		if _, err := o.enrol(dir); !errors.Is(err, ErrAnswer) {
			t.Errorf("%s at enrolment: %v", name, err)
		}
		if err := id.Renew(t.Context(), o.url()); !errors.Is(err, ErrAnswer) {
			t.Errorf("%s at renewal: %v", name, err)
		}
	}
	o.answer = func(a *answer) {
		a.Terminal = "s1-2"
		a.Certificate = o.certify(ed25519.PublicKey(id.Signer().Key().Public), "s1-2")
	}
	if err := id.Renew(t.Context(), o.url()); !errors.Is(err, ErrAnswer) {
		t.Errorf("another name at renewal: %v", err)
	}
	if kept, err := Open(dir, o.clock); err != nil || kept.Kiosk() != "s1-1" {
		t.Errorf("kept: %v", err)
	}
}

// A terminal that was off for two years is let in again.
func TestRenewAfterItExpired(t *testing.T) {
	o := newOffice(t)
	dir := t.TempDir()
	id := o.enrolled(dir)
	old := id.current()
	o.now = o.now.Add(2 * year)
	if err := id.Renew(t.Context(), o.url()); err != nil {
		t.Fatal(err)
	}
	if o.shown == nil || !o.shown.Equal(old) {
		t.Error("the old certificate was not shown")
	}
	if err := id.Renew(t.Context(), o.url()); err != nil || o.shown.Equal(old) {
		t.Errorf("the new certificate was not shown, %v", err)
	}
	if again, err := Open(dir, o.clock); err != nil || !again.current().Equal(id.current()) {
		t.Errorf("kept: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	o := newOffice(t)
	for status, final := range map[int]bool{403: true, 409: true, 429: false, 503: false, 302: false} {
		o.refuse = func(w http.ResponseWriter) bool { w.Header().Set("Location", "/"); w.WriteHeader(status); return true }
		if _, err := o.enrol(t.TempDir()); err == nil || errors.Is(err, ErrRefused) != final {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestLooseKey(t *testing.T) {
	o := newOffice(t)
	dir := t.TempDir()
	o.enrolled(dir)
	if err := os.Chmod(filepath.Join(dir, keyFile), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, o.clock); !errors.Is(err, ErrLoose) {
		t.Errorf("a key that others can read: %v", err)
	}
}

// Keep asks at two thirds of the life, and again after a failure.
func TestKeep(t *testing.T) {
	o := newOffice(t)
	dir := t.TempDir()
	o.enrolled(dir)
	synctest.Test(t, func(t *testing.T) {
		begun, tries := time.Now(), []time.Duration{}
		id, err := Open(dir, func() time.Time { return o.now.Add(time.Since(begun)) })
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err = id.Keep(ctx, "no address", func(err error) {
			if err == nil {
				t.Error("renewed at no address")
			}
			if tries = append(tries, time.Since(begun)); len(tries) == 3 {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) || tries[0] < year/3*2 || tries[0] > year/3*2+2*time.Hour || tries[2] > tries[0]+4*time.Hour {
			t.Errorf("tries after %v, %v", tries, err)
		}
	})
}

// What a person types for a pin is as good as its beginning, however it is typed.
func TestSeal(t *testing.T) {
	sum := sha256.Sum256([]byte("an authority's key"))
	pin := base64.StdEncoding.EncodeToString(sum[:])
	seal, err := Seal(pin)
	if err != nil || len(seal) != 19 {
		t.Fatalf("%q, %v", seal, err)
	}
	typed := strings.NewReplacer("-", " ", "O", "0", "I", "1", "B", "8").Replace(seal)
	for _, s := range []string{pin, seal, strings.ToLower(seal), typed, strings.ReplaceAll(seal, "-", "")} {
		if got, err := parsePin(s); err != nil || !bytes.HasPrefix(sum[:], got) || len(got) < sealBytes {
			t.Errorf("%q: %x, %v", s, got, err)
		}
	}
	for _, s := range []string{"", seal[:18], seal + "A", pin[:20], "q83vEjRWeJA=", "AAAA-AAAA-AAAA-AAA!"} {
		if got, err := parsePin(s); err == nil {
			t.Errorf("%q is taken as %x", s, got)
		}
	}
	if _, err := Seal(seal); err == nil {
		t.Error("a seal is taken for a pin")
	}
}
