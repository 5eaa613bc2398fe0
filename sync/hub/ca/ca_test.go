package ca

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func open(t *testing.T) *CA {
	t.Helper()
	c, err := Open(t.TempDir(), noon)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func key(t *testing.T) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return public, private
}

func TestOpenTwiceIsTheSame(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "ca")
	a, err := Open(dir, noon)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(dir, noon.AddDate(1, 0, 0))
	if err != nil || a.Pin() != b.Pin() || !a.Certificate().Equal(b.Certificate()) {
		t.Fatalf("another authority: %v", err)
	}
	path := filepath.Join(dir, keyFile)
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("the key has mode %v", info.Mode())
	}
	_ = os.Chmod(path, 0o640)
	if _, err := Open(dir, noon); !errors.Is(err, ErrLoose) {
		t.Errorf("a key that others may read: %v", err)
	}
	_ = os.Remove(path)
	if _, err := Open(dir, noon); err == nil {
		t.Error("the key was lost, and a new one was made in silence")
	}
}

func TestKeyOfAnotherCertificate(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	for _, d := range []string{dir, other} {
		if _, err := Open(d, noon); err != nil {
			t.Fatal(err)
		}
	}
	text, _ := os.ReadFile(filepath.Join(other, certFile))
	if err := os.WriteFile(filepath.Join(dir, certFile), text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, noon); err == nil {
		t.Error("took a key with the certificate of another")
	}
}

func TestTerminal(t *testing.T) {
	c := open(t)
	public, private := key(t)
	csr, err := Request(private)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseRequest(csr)
	if err != nil || !got.Equal(public) {
		t.Fatalf("ParseRequest: %v", err)
	}
	cert, err := c.Terminal("360482001-1", got, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		at   time.Time
		want error
	}{
		{noon, nil},
		{noon.Add(TerminalLife), nil},
		{noon.Add(TerminalLife + time.Second), ErrExpired},
		{noon.Add(9 * TerminalLife), ErrExpired},
		{noon.Add(-2 * time.Hour), ErrForeign},
	} {
		id, err := c.Verify(cert, tt.at)
		if !errors.Is(err, tt.want) || (id == "360482001-1") != (tt.want != ErrForeign) {
			t.Errorf("at %v: %q, %v; want %v", tt.at, id, err, tt.want)
		}
	}
	if at := RenewAt(cert); at.Before(noon.Add(240*24*time.Hour)) || at.After(noon.Add(245*24*time.Hour)) {
		t.Errorf("renew at %v", at)
	}
}

func TestForeign(t *testing.T) {
	c, other := open(t), open(t)
	public, _ := key(t)
	of, err := other.Terminal("t-1", public, noon)
	if err != nil {
		t.Fatal(err)
	}
	server, err := c.server([]string{"hub.example"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	for name, cert := range map[string]*x509.Certificate{"another authority": of, "a server": server.Leaf, "the authority": c.Certificate()} {
		if id, err := c.Verify(cert, noon); !errors.Is(err, ErrForeign) || id != "" {
			t.Errorf("%s passed for terminal %q: %v", name, id, err)
		}
		if _, err := c.Verify(cert, noon.AddDate(30, 0, 0)); !errors.Is(err, ErrForeign) {
			t.Errorf("%s, expired: %v", name, err)
		}
	}
	for _, id := range []string{"", ".", "..", "a/b", "-a", "a\x00", "站"} {
		if _, err := c.Terminal(id, public, noon); err == nil {
			t.Errorf("issued one for %q", id)
		}
	}
}

func TestRequestsThatAreNone(t *testing.T) {
	p256, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	other, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, p256)
	if err != nil {
		t.Fatal(err)
	}
	_, private := key(t)
	broken, _ := Request(private)
	broken[len(broken)-1] ^= 1
	for name, csr := range map[string][]byte{"nothing": nil, "P-256": other, "a broken signature": broken} {
		if _, err := ParseRequest(csr); !errors.Is(err, ErrRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestServerRenewsItself(t *testing.T) {
	c := open(t)
	now := noon
	s := c.Server(func() time.Time { return now }, "hub.example", "10.0.0.1")
	get := func() *tls.Certificate {
		cert, err := s.Config().GetCertificate(nil)
		if err != nil {
			t.Fatal(err)
		}
		roots := x509.NewCertPool()
		roots.AddCert(c.Certificate())
		for _, host := range []string{"hub.example", "10.0.0.1"} {
			if _, err := cert.Leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: host, CurrentTime: now}); err != nil {
				t.Errorf("%s: %v", host, err)
			}
		}
		return cert
	}
	first := get()
	if now = noon.Add(ServerLife / 2); get() != first {
		t.Error("renewed before its time")
	}
	if now = noon.Add(ServerLife); get() == first {
		t.Error("not renewed")
	}
}
