package gate

import (
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"jobhome/sync/hub/ca"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/trust"
)

// enrolment is the body of /v1/enrol and, without a code, of /v1/renew.
type enrolment struct {
	Code string `json:"code,omitempty"`
	CSR  []byte `json:"csr"` // PKCS #10, DER
}

// certified is the answer to both.
type certified struct {
	Terminal    string    `json:"terminal"`
	Certificate string    `json:"certificate"` // PEM
	CA          string    `json:"ca"`          // PEM
	RenewAt     time.Time `json:"renew_at"`
	Site        siteText  `json:"site"`
	Profile     string    `json:"profile,omitempty"` // of /v1/enrol
}

type siteText struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Tier  string  `json:"tier"`
	Area  string  `json:"area"`
	Lat   float64 `json:"lat"`
	Lon   float64 `json:"lon"`
	Phone string  `json:"phone"`
	Board string  `json:"board"`
}

func (g *Gate) enrol(w http.ResponseWriter, r *http.Request) {
	now := g.o.Now()
	for _, try := range []struct {
		l   *limiter
		key string
	}{{g.codes, network(r.RemoteAddr)}, {g.all, ""}} {
		if wait := try.l.take(try.key, now); wait > 0 {
			setRetryAfter(w, wait)
			g.refuse(w, r, tooMany, nil)
			return
		}
	}
	var e enrolment
	if !g.read(w, r, &e) {
		return
	}
	got, err := g.o.Fleet.Enrol(r.Context(), e.Code, e.CSR)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	g.o.Log.Info("gate: enrolled", "terminal", got.Terminal)
	profile := ""
	if g.o.Profile != nil {
		if profile, err = g.o.Profile(got); err != nil { // the certificate is the terminal's all the same
			g.o.Log.Warn("gate: no profile for a terminal", "terminal", got.Terminal, "error", err)
		}
	}
	answerCertified(w, got, profile)
}

func (g *Gate) renew(w http.ResponseWriter, r *http.Request) {
	cert, id := g.identify(w, r, true)
	if id == "" {
		return
	}
	var e enrolment
	if !g.read(w, r, &e) {
		return
	}
	got, err := g.o.Fleet.Renew(r.Context(), cert, e.CSR)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	answerCertified(w, got, "")
}

func answerCertified(w http.ResponseWriter, e fleet.Enrolled, profile string) {
	s := e.Site
	answer(w, certified{
		Terminal: e.Terminal, Certificate: string(ca.PEM(e.Cert.Raw)), CA: string(ca.PEM(e.CA.Raw)), RenewAt: e.RenewAt.UTC(),
		Site:    siteText{s.ID, s.Name, string(s.Tier), string(s.Area), s.Location.Lat, s.Location.Lon, s.Phone, s.Board},
		Profile: profile,
	})
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(v) // what fails here is the connection
}

// identify says which terminal it is, or refuses and says "".
func (g *Gate) identify(w http.ResponseWriter, r *http.Request, renewal bool) (*x509.Certificate, string) {
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		g.refuse(w, r, noCertificate, nil)
		return nil, ""
	}
	cert := r.TLS.PeerCertificates[0]
	id, err := g.o.Fleet.Identify(r.Context(), cert, renewal)
	if err != nil {
		g.fail(w, r, err)
		return nil, ""
	}
	if wait := g.batches.take(id, g.o.Now()); wait > 0 {
		setRetryAfter(w, wait)
		g.refuse(w, r, tooMany, nil)
		return nil, ""
	}
	return cert, id
}

// records takes a signed batch and answers with the signed ack.
func (g *Gate) records(w http.ResponseWriter, r *http.Request) {
	_, id := g.identify(w, r, false)
	if id == "" {
		return
	}
	select {
	case g.working <- struct{}{}:
		defer func() { <-g.working }()
	default:
		g.refuse(w, r, busy, nil)
		return
	}
	text, ok := g.body(w, r, mostBatch)
	if !ok {
		return
	}
	batch, err := trust.ReadEnvelope(text)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	ack, err := g.o.Fleet.Accept(r.Context(), fleet.From{Terminal: id}, batch)
	if err != nil {
		g.fail(w, r, err)
		return
	}
	answer(w, ack)
}

// read reads a small body of JSON, or refuses.
func (g *Gate) read(w http.ResponseWriter, r *http.Request, into any) bool {
	text, ok := g.body(w, r, mostRequest)
	if !ok {
		return false
	}
	if err := json.Unmarshal(text, into); err != nil {
		g.refuse(w, r, malformed, err)
		return false
	}
	return true
}

func (g *Gate) body(w http.ResponseWriter, r *http.Request, most int64) ([]byte, bool) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "application/json" && !strings.HasSuffix(kind, "+json") {
		g.refuse(w, r, notJSON, nil)
		return nil, false
	}
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	var over *http.MaxBytesError
	switch {
	case errors.As(err, &over):
		g.refuse(w, r, tooLarge, nil)
	case err != nil:
		g.refuse(w, r, malformed, err)
	}
	return text, err == nil
}

// network is where a request comes from, as far as one may be told from another:
// an address, or the /64 of one of IPv6.
func network(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	addr, err := netip.ParseAddr(host)
	if err != nil || addr.Unmap().Is4() {
		return host
	}
	p, _ := addr.Prefix(64)
	return p.String()
}
