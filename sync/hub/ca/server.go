package ca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"sync"
	"time"
)

// Server gives the hub's server its certificate, and a new one after two thirds
// of ServerLife, without a restart. The key lives in memory only.
type Server struct {
	ca    *CA
	hosts []string
	now   func() time.Time

	mu   sync.Mutex
	cert *tls.Certificate
}

// Server is for a server that is called by these names and addresses.
func (c *CA) Server(now func() time.Time, hosts ...string) *Server {
	return &Server{ca: c, hosts: hosts, now: now}
}

// Config is how the server speaks TLS. It asks for a client's certificate and
// takes any: who it is, whether it has expired, and what it may do then, is for
// CA.Verify and the handlers to say. That the client holds the certificate's key
// crypto/tls has proven by then.
func (s *Server) Config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS13, ClientAuth: tls.RequestClientCert,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return s.certificate() },
		NextProtos:     []string{"h2", "http/1.1"}, Time: s.now,
	}
}

func (s *Server) certificate() (*tls.Certificate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cert != nil && s.now().Before(RenewAt(s.cert.Leaf)) {
		return s.cert, nil
	}
	cert, err := s.ca.server(s.hosts, s.now())
	if err != nil {
		return nil, err
	}
	s.cert = cert
	return cert, nil
}

// server issues the certificate. A terminal with a slow clock checks it by its
// time floor (sync/trust), which is never before the build of its program.
func (c *CA) server(hosts []string, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("ca: server: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: "jobhome hub server"},
		NotBefore: now.Add(-early), NotAfter: now.Add(ServerLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, c.cert, key.Public(), c.key)
	if err != nil {
		return nil, fmt.Errorf("ca: server: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("ca: server: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{der, c.cert.Raw}, PrivateKey: key, Leaf: leaf}, nil
}
