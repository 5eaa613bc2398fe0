package enrol

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	mrand "math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"jobhome/kiosk/durable"
	"jobhome/sync/trust"
)

// Names of the files, all of mode 0600.
const (
	keyFile  = "terminal.key" // PEM, PKCS #8
	certFile = "terminal.crt" // PEM; is written last
	caFile   = "hub-ca.crt"   // PEM
	siteFile = "site.json"    // as the hub last said it; may be missing
)

// Identity is an enrolled terminal: its key, its certificate and the authority of
// its hub. Its methods may be called from any goroutine.
type Identity struct {
	dir    string
	signer trust.Signer
	now    func() time.Time

	profile string // set once, before anybody else has the identity

	mu   sync.Mutex
	cert *x509.Certificate
	ca   *x509.Certificate
	site json.RawMessage
}

// ErrLoose tells that others may read the terminal's key.
var ErrLoose = errors.New("others may read the key file")

// Open reads the identity from its directory. The error wraps ErrNone when the
// terminal was never enrolled. A certificate that has expired is no error: it can
// be renewed.
func Open(dir string, now func() time.Time) (*Identity, error) {
	certText, err := os.ReadFile(filepath.Join(dir, certFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("enrol: open: %w", ErrNone)
	}
	if err != nil {
		return nil, fmt.Errorf("enrol: open: %w", err)
	}
	id := &Identity{dir: dir, now: now}
	if id.signer, err = readKey(filepath.Join(dir, keyFile)); err != nil {
		return nil, fmt.Errorf("enrol: open: %w", err)
	}
	caText, err := os.ReadFile(filepath.Join(dir, caFile))
	if err == nil {
		id.cert, id.ca, err = id.check(answer{Certificate: string(certText), CA: string(caText)})
	}
	if err == nil {
		id.site, err = os.ReadFile(filepath.Join(dir, siteFile))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) || id.cert == nil {
		return nil, fmt.Errorf("enrol: open: %w", err)
	}
	return id, nil
}

// key returns the terminal's key, which is drawn when there is none, and a request
// for a certificate over it.
func key(dir string) (trust.Signer, []byte, error) {
	path := filepath.Join(dir, keyFile)
	signer, err := readKey(path)
	if errors.Is(err, fs.ErrNotExist) {
		var private ed25519.PrivateKey
		if _, private, err = ed25519.GenerateKey(rand.Reader); err != nil {
			return nil, nil, err
		}
		text, err := trust.WriteSigner(private)
		if err != nil {
			return nil, nil, err
		}
		if err := durable.Replace(path, text); err != nil {
			return nil, nil, err
		}
		signer = trust.NewSigner(private)
	} else if err != nil {
		return nil, nil, err
	}
	csr, err := request(asCrypto{signer})
	return signer, csr, err
}

func readKey(path string) (trust.Signer, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("mode %v: %w", info.Mode().Perm(), ErrLoose)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return trust.ReadSigner(text)
}

// asCrypto is a signer as crypto/tls and crypto/x509 ask for one.
type asCrypto struct{ trust.Signer }

func (a asCrypto) Public() crypto.PublicKey { return ed25519.PublicKey(a.Key().Public) }

func (a asCrypto) Sign(_ io.Reader, message []byte, _ crypto.SignerOpts) ([]byte, error) {
	return a.Signer.Sign(message)
}

// check reads an answer: the certificate must be over this key and by the
// authority, whether or not it has expired.
func (id *Identity) check(a answer) (cert, ca *x509.Certificate, err error) {
	if cert, err = parsePEM(a.Certificate); err == nil {
		ca, err = parsePEM(a.CA)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	k, ok := cert.PublicKey.(ed25519.PublicKey)
	if !ok || !bytes.Equal(k, id.signer.Key().Public) {
		return nil, nil, fmt.Errorf("%w: it is over another key", ErrAnswer)
	}
	roots := x509.NewCertPool()
	roots.AddCert(ca)
	_, err = cert.Verify(x509.VerifyOptions{
		Roots: roots, CurrentTime: cert.NotBefore, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	if name := cert.Subject.CommonName; name == "" || a.Terminal != "" && a.Terminal != name {
		return nil, nil, fmt.Errorf("%w: it is for %.80q", ErrAnswer, name)
	}
	return cert, ca, nil
}

func parsePEM(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("it is not PEM")
	}
	return x509.ParseCertificate(block.Bytes)
}

// accept takes an answer over, on the disk and here. pin is nil for a renewal,
// which cannot change the authority.
func (id *Identity) accept(a answer, pin []byte) error {
	cert, ca, err := id.check(a)
	if err != nil {
		return err
	}
	id.mu.Lock()
	defer id.mu.Unlock()
	switch {
	case pin != nil && !pinned(ca, pin), pin == nil && !ca.Equal(id.ca):
		return fmt.Errorf("%w: by another authority", ErrAnswer)
	case pin == nil && cert.Subject.CommonName != id.cert.Subject.CommonName:
		return fmt.Errorf("%w: it is for %.80q", ErrAnswer, cert.Subject.CommonName)
	}
	if pin != nil {
		if err := durable.Replace(filepath.Join(id.dir, caFile), encode(ca)); err != nil {
			return err
		}
	}
	if len(a.Site) > 0 {
		if err := durable.Replace(filepath.Join(id.dir, siteFile), a.Site); err != nil {
			return err
		}
		id.site = a.Site
	}
	if err := durable.Replace(filepath.Join(id.dir, certFile), encode(cert)); err != nil {
		return err
	}
	id.cert, id.ca = cert, ca
	return nil
}

// Profile is what the hub said when the invitation was spent: the profile of a
// terminal at that site (kiosk/profile), without what was not asked; "" where it
// said nothing, or the identity was read from the disk.
func (id *Identity) Profile() string { return id.profile }

// Site is where the terminal stands, as the hub last said it: a JSON object with
// id, name, tier, area, lat, lon, phone and board; nil when it has said nothing.
func (id *Identity) Site() json.RawMessage {
	id.mu.Lock()
	defer id.mu.Unlock()
	return id.site
}

func encode(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

// Kiosk is the terminal's name, which the hub has given to it.
func (id *Identity) Kiosk() string { return id.current().Subject.CommonName }

// Signer signs with the terminal's key.
func (id *Identity) Signer() trust.Signer { return id.signer }

// RenewAt is when the certificate should be renewed: after two thirds of its life.
func (id *Identity) RenewAt() time.Time {
	c := id.current()
	return c.NotBefore.Add(c.NotAfter.Sub(c.NotBefore) / 3 * 2)
}

func (id *Identity) current() *x509.Certificate {
	id.mu.Lock()
	defer id.mu.Unlock()
	return id.cert
}

// Client speaks to the hub, which must show a certificate of its authority, and
// shows it the terminal's newest one.
func (id *Identity) Client() *http.Client {
	id.mu.Lock()
	roots := x509.NewCertPool()
	roots.AddCert(id.ca)
	id.mu.Unlock()
	c := client(&tls.Config{
		MinVersion: tls.VersionTLS13, RootCAs: roots, Time: id.now,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			cert := id.current()
			return &tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: asCrypto{id.signer}, Leaf: cert}, nil
		},
	})
	c.Timeout = 0 // whoever asks says how long
	return c
}

// Renew asks for a new certificate over the same key, with the one that it has,
// even if that has expired.
func (id *Identity) Renew(ctx context.Context, hub string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	u, err := address(hub)
	if err != nil {
		return fmt.Errorf("enrol: renew: %w", err)
	}
	csr, err := request(asCrypto{id.signer})
	if err != nil {
		return fmt.Errorf("enrol: renew: %w", err)
	}
	c := id.Client()
	defer c.CloseIdleConnections()
	a, err := ask(ctx, c, u.JoinPath("v1", "renew"), map[string]any{"csr": csr})
	if err == nil {
		err = id.accept(a, nil)
	}
	if err != nil {
		return fmt.Errorf("enrol: renew: %w", err)
	}
	return nil
}

// Keep renews the certificate whenever it is time, until ctx ends. It looks about
// every hour, because a clock may be set; said, if not nil, is told of every try.
func (id *Identity) Keep(ctx context.Context, hub string, said func(error)) error {
	for {
		if !id.now().Before(id.RenewAt()) {
			err := id.Renew(ctx, hub)
			if said != nil && ctx.Err() == nil {
				said(err)
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Hour/2 + mrand.N(time.Hour)):
		}
	}
}
