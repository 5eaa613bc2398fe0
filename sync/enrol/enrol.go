// Package enrol gets a terminal its certificate: it draws the key, which never
// leaves the machine, spends a one-time code at the hub for a certificate over it
// (PKCS #10, RFC 2986), and renews that in time. The same key signs the terminal's
// batches (sync/outbox). ../DESIGN.md describes the whole.
package enrol

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"time"
)

// Why a terminal has no certificate, for errors.Is.
var (
	// ErrNone tells that the terminal was never enrolled.
	ErrNone = errors.New("this terminal is not enrolled")
	// ErrPin tells that somebody else answers in the hub's place.
	ErrPin = errors.New("the server is not the hub that gave out the code")
	// ErrRefused tells that the hub gives no certificate: the code was used or is
	// too old, or the terminal was revoked.
	ErrRefused = errors.New("the hub refuses")
	// ErrAnswer tells that the hub's answer is no certificate for this key.
	ErrAnswer = errors.New("the answer is no certificate for this terminal's key")
)

// Invitation is what a person brings to the terminal, as text or in one QR code.
type Invitation struct {
	Hub  string // its address, https://…
	Code string // good for one terminal, once
	Pin  string // of the hub's authority: base64 of the SHA-256 of its public key (RFC 7469), or its [Seal]
}

// answer is what the hub says to /v1/enrol and /v1/renew.
type answer struct {
	Terminal    string `json:"terminal"`
	Certificate string `json:"certificate"` // PEM
	CA          string `json:"ca"`          // PEM
	// Site is where the terminal stands, as the hub has it.
	Site json.RawMessage `json:"site"`
	// Profile is what the hub would have a terminal told that stands there, for one
	// that was told no more than the invitation.
	Profile string `json:"profile"`
}

// problem is an RFC 9457 answer.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

// most is how many bytes of an answer are read, patience how long one may take.
const (
	most     = 64 << 10
	patience = 30 * time.Second
)

// Enrol spends an invitation. The key is in the directory before the hub is asked,
// so that after a lost answer the same code is good once more; a terminal that is
// enrolled already is enrolled anew with the key that it has. now is the time as
// far as the terminal can know it.
func Enrol(ctx context.Context, dir string, inv Invitation, now func() time.Time) (*Identity, error) {
	pin, err := parsePin(inv.Pin)
	if err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	signer, csr, err := key(dir)
	if err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	u, err := address(inv.Hub)
	if err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	client := client(&tls.Config{
		MinVersion: tls.VersionTLS13,
		// Nobody is known yet; the pin says who it must be.
		InsecureSkipVerify: true,
		VerifyConnection: func(s tls.ConnectionState) error {
			return verifyPin(s, pin, x509.VerifyOptions{DNSName: u.Hostname(), CurrentTime: now()})
		},
	})
	defer client.CloseIdleConnections()
	a, err := ask(ctx, client, u.JoinPath("v1", "enrol"), map[string]any{"code": inv.Code, "csr": csr})
	if err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	id := &Identity{dir: dir, signer: signer, now: now}
	if err := id.accept(a, pin); err != nil {
		return nil, fmt.Errorf("enrol: %w", err)
	}
	id.profile = a.Profile
	return id, nil
}

// verifyPin believes a server whose certificate the pinned authority has issued.
func verifyPin(s tls.ConnectionState, pin []byte, o x509.VerifyOptions) error {
	roots := x509.NewCertPool()
	o.Roots = roots
	for _, c := range s.PeerCertificates {
		if c.IsCA && pinned(c, pin) {
			roots.AddCert(c)
		}
	}
	if _, err := s.PeerCertificates[0].Verify(o); err != nil {
		return fmt.Errorf("%w: %w", ErrPin, err)
	}
	return nil
}

func pinned(c *x509.Certificate, pin []byte) bool {
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return len(pin) >= sealBytes && bytes.HasPrefix(sum[:], pin)
}

func client(c *tls.Config) *http.Client {
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: c, ForceAttemptHTTP2: true, Proxy: http.ProxyFromEnvironment},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Timeout:       patience,
	}
}

func address(hub string) (*url.URL, error) {
	u, err := url.Parse(hub)
	if err != nil || u.Host == "" || u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a hub", hub)
	}
	return u, nil
}

// ask posts a question and reads the answer.
func ask(ctx context.Context, c *http.Client, u *url.URL, question any) (answer, error) {
	text, err := json.Marshal(question)
	if err != nil {
		return answer{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(text))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	if text, err = io.ReadAll(io.LimitReader(resp.Body, most)); err != nil {
		return answer{}, err
	}
	if resp.StatusCode != http.StatusOK {
		return answer{}, refusal(resp, text)
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return answer{}, fmt.Errorf("%w: %w", ErrAnswer, err)
	}
	return a, nil
}

// refusal is what the hub says when it gives no certificate. Only a 4xx that is
// not about haste is its word about the code or the terminal.
func refusal(resp *http.Response, text []byte) error {
	var p problem
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind == "application/problem+json" {
		_ = json.Unmarshal(text, &p) // what cannot be read says no more than the status
	}
	err := fmt.Errorf("%s: %.200q %.200q", resp.Status, p.Title, p.Detail)
	if c := resp.StatusCode; c >= 400 && c < 500 && c != http.StatusTooManyRequests && c != http.StatusRequestTimeout {
		return fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return err
}

// request is the PKCS #10 request over a key, DER. Whose it is the hub says.
func request(k any) ([]byte, error) {
	return x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, k)
}
