// Package ca is the hub's own small certification authority on crypto/x509: a
// certificate for each terminal, by which its hub knows it in TLS and whose key
// signs its batches, and the certificate of the hub's own server. It knows no
// database: whether a terminal was revoked is asked there, at each request, so
// that there are no lists of revoked certificates. ../fleet/DESIGN.md tells how a
// terminal comes by its certificate.
package ca

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"time"
)

// How long certificates are good for.
const (
	rootLife     = 20 * 365 * 24 * time.Hour
	TerminalLife = 365 * 24 * time.Hour
	ServerLife   = 90 * 24 * time.Hour
	early        = time.Hour // before now: clocks differ
)

// Names of the files.
const (
	keyFile  = "ca.key"
	certFile = "ca.crt"
)

// ErrLoose tells that others than its owner may read the key.
var ErrLoose = errors.New("others may read the key of the authority")

// CA issues and checks certificates. Its methods may be called from any goroutine.
type CA struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// Open reads the authority from a directory, or makes one there: ca.key (PKCS #8,
// P-256, mode 0600) and ca.crt, both PEM. When only one of the two is there it
// fails: whoever made a new key would lock all terminals out.
func Open(dir string, now time.Time) (*CA, error) {
	keyText, keyErr := readPrivate(filepath.Join(dir, keyFile))
	certText, certErr := os.ReadFile(filepath.Join(dir, certFile))
	if errors.Is(keyErr, fs.ErrNotExist) && errors.Is(certErr, fs.ErrNotExist) {
		return create(dir, now)
	}
	if err := errors.Join(keyErr, certErr); err != nil {
		return nil, fmt.Errorf("ca: open: %w", err)
	}
	c, err := parse(keyText, certText)
	if err != nil {
		return nil, fmt.Errorf("ca: open %s: %w", dir, err)
	}
	return c, nil
}

func readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("mode %v of %s: %w", info.Mode().Perm(), path, ErrLoose)
	}
	return os.ReadFile(path)
}

func parse(keyText, certText []byte) (*CA, error) {
	block, _ := pem.Decode(keyText)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("the key is not PEM of PKCS #8")
	}
	read, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the key is not PKCS #8") // err might repeat what the file holds
	}
	key, ok := read.(*ecdsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("the key is a %T", read)
	}
	block, _ = pem.Decode(certText)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("the certificate is not PEM")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, err
	}
	if !cert.IsCA || !key.PublicKey.Equal(cert.PublicKey) {
		return nil, errors.New("the certificate is not that of the key")
	}
	return &CA{cert, key}, nil
}

func create(dir string, now time.Time) (*CA, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("ca: create: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "jobhome hub"},
		NotBefore: now.Add(-early), NotAfter: now.Add(rootLife),
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("ca: create: %w", err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("ca: create: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("ca: create: %w", err)
	}
	keyText := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})
	certText := PEM(der)
	err = errors.Join(writeNew(filepath.Join(dir, keyFile), keyText, 0o600), writeNew(filepath.Join(dir, certFile), certText, 0o644))
	if err == nil {
		err = syncDir(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("ca: create: %w", err)
	}
	return parse(keyText, certText)
}

func writeNew(path string, text []byte, mode os.FileMode) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Certificate is the authority's own, for whoever has to believe its server.
func (c *CA) Certificate() *x509.Certificate { return c.cert }

// Pin is the SHA-256 of the authority's public key in base64, as RFC 7469 writes
// it: who was told it can believe the server before having the certificate.
func (c *CA) Pin() string {
	sum := sha256.Sum256(c.cert.RawSubjectPublicKeyInfo)
	return base64.StdEncoding.EncodeToString(sum[:])
}

// PEM is a certificate as a file.
func PEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// RenewAt is when a certificate should be renewed: after two thirds of its life.
func RenewAt(cert *x509.Certificate) time.Time {
	return cert.NotBefore.Add(cert.NotAfter.Sub(cert.NotBefore) / 3 * 2)
}

// serial draws the number of a certificate: 127 random bits, never 0 or below.
func serial() *big.Int {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	b[0] = b[0]&0x7f | 0x40
	return new(big.Int).SetBytes(b[:])
}
