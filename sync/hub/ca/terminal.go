package ca

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"
)

// The reasons why a certificate or a request for one is refused.
var (
	// ErrRequest tells that a request for a certificate is none, or asks for one
	// over another kind of key than ed25519.
	ErrRequest = errors.New("no request of a terminal for a certificate")
	// ErrForeign tells that a certificate is not one of a terminal by this authority.
	ErrForeign = errors.New("no certificate of a terminal of this hub")
	// ErrExpired tells that a certificate was good, once.
	ErrExpired = errors.New("the certificate has expired")
)

var terminalID = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$`)

// CheckID checks the name of a terminal, which is also a name of a directory on
// sticks: 1 to 64 of letters, digits, point, hyphen and _, the first one a letter or a digit.
func CheckID(id string) error {
	if !terminalID.MatchString(id) {
		return fmt.Errorf("%.80q is no name of a terminal: 1 to 64 of letters, digits, . - _, not beginning with the last three", id)
	}
	return nil
}

// Request is what a terminal sends to be given a certificate over its key:
// PKCS #10 (RFC 2986), DER. Whose it is the hub says, not the request.
func Request(private ed25519.PrivateKey) ([]byte, error) {
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, private)
	if err != nil {
		return nil, fmt.Errorf("ca: request: %w", err)
	}
	return csr, nil
}

// ParseRequest gives the public key of a request. Its error wraps ErrRequest.
func ParseRequest(csr []byte) (ed25519.PublicKey, error) {
	r, err := x509.ParseCertificateRequest(csr)
	if err == nil {
		err = r.CheckSignature()
	}
	if err != nil {
		return nil, fmt.Errorf("ca: %w: %w", ErrRequest, err)
	}
	key, ok := r.PublicKey.(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("ca: %w: its key is a %T", ErrRequest, r.PublicKey)
	}
	return key, nil
}

// Terminal issues a terminal's certificate, good for TerminalLife.
func (c *CA) Terminal(id string, key ed25519.PublicKey, now time.Time) (*x509.Certificate, error) {
	if err := CheckID(id); err != nil {
		return nil, fmt.Errorf("ca: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: id}, URIs: []*url.URL{terminalURI(id)},
		NotBefore: now.Add(-early), NotAfter: now.Add(TerminalLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, c.cert, key, c.key)
	if err != nil {
		return nil, fmt.Errorf("ca: terminal %s: %w", id, err)
	}
	return x509.ParseCertificate(der)
}

func terminalURI(id string) *url.URL {
	return &url.URL{Scheme: "urn", Opaque: "jobhome:terminal:" + id}
}

// Verify says whose certificate it is. Its error wraps ErrForeign or, where
// nothing is wrong but the time, ErrExpired: then the name is given as well.
func (c *CA) Verify(cert *x509.Certificate, now time.Time) (id string, err error) {
	at := now
	if now.After(cert.NotAfter) {
		at = cert.NotAfter // whether it was good before
	}
	roots := x509.NewCertPool()
	roots.AddCert(c.cert)
	_, err = cert.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	if err != nil {
		return "", fmt.Errorf("ca: %w: %w", ErrForeign, err)
	}
	id = cert.Subject.CommonName
	if CheckID(id) != nil || len(cert.URIs) != 1 || *cert.URIs[0] != *terminalURI(id) {
		return "", fmt.Errorf("ca: %w", ErrForeign)
	}
	if at != now {
		return id, fmt.Errorf("ca: terminal %s, until %s: %w", id, cert.NotAfter.Format(time.DateOnly), ErrExpired)
	}
	return id, nil
}
