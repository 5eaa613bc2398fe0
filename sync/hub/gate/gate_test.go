package gate

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/ca"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/hubdb/hubdbtest"
	"jobhome/sync/record"
	"jobhome/sync/seal"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// hub is a gate behind real TLS, with a clock that a test moves.
type hub struct {
	*Gate
	t     *testing.T
	fleet *fleet.Fleet
	ca    *ca.CA
	seal  seal.PrivateKey
	url   string
	db    *hubdb.DB
	mid   func(http.Handler) http.Handler // between a terminal and the gate

	mu  sync.Mutex
	now time.Time
}

func (h *hub) clock() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.now }

func (h *hub) wait(d time.Duration) { h.mu.Lock(); h.now = h.now.Add(d); h.mu.Unlock() }

func newHub(t *testing.T, db *hubdb.DB, feed fs.FS) *hub {
	t.Helper()
	h := &hub{t: t, db: db, now: time.Now().Truncate(time.Millisecond)}
	var err error
	if h.ca, err = ca.Open(t.TempDir(), h.now); err != nil {
		t.Fatal(err)
	}
	if h.seal, err = seal.NewKey(); err != nil {
		t.Fatal(err)
	}
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	h.fleet, err = fleet.New(t.Context(), db, fleet.Opts{
		Now: h.clock, CA: h.ca, Signer: trust.NewSigner(private), Ring: seal.Ring{h.seal.Key().ID(): h.seal}, SealKey: h.seal.Key().ID(),
		Audit: func(context.Context, string, string, string) error { return nil },
		News: func(_ context.Context, board string) (fleet.News, error) {
			return fleet.News{Heads: []record.HeadNote{{Board: board, Version: wire.Version{Epoch: 1, N: 9}}}}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	if h.Gate, err = New(Opts{Fleet: h.fleet, Feed: feed, Now: h.clock, Log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	err = h.fleet.PutSite(t.Context(), fleet.Site{ID: "360482001", Name: "茶山街道就业之家", Tier: kiosk.TierTown, Area: "360482001", Board: "gongqing"})
	if err != nil {
		t.Fatal(err)
	}
	inner := h.Handler()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.mid != nil {
			h.mid(inner).ServeHTTP(w, r)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	// Not StartTLS, which brings a certificate of its own.
	s.Listener = tls.NewListener(s.Listener, h.ca.Server(h.clock, "127.0.0.1").Config())
	s.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	s.Start()
	t.Cleanup(s.Close)
	h.url = strings.Replace(s.URL, "http:", "https:", 1)
	return h
}

func each(t *testing.T, f func(t *testing.T, h *hub)) {
	t.Helper()
	hubdbtest.Each(t, func(t *testing.T, db *hubdb.DB) { f(t, newHub(t, db, nil)) })
}

func one(t *testing.T, feed fs.FS) *hub {
	t.Helper()
	db, err := hubdb.Open(t.Context(), hubdbtest.SQLite(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return newHub(t, db, feed)
}

// term is a terminal with its own TLS client.
type term struct {
	*hub
	private ed25519.PrivateKey
	id      string
	cert    []byte // DER, nil before it is enrolled
	seq     uint64
	client  *http.Client
}

func (h *hub) terminal() *term {
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	k := &term{hub: h, private: private}
	roots := x509.NewCertPool()
	roots.AddCert(h.ca.Certificate())
	k.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs: roots, Time: h.clock,
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if k.cert == nil {
				return &tls.Certificate{}, nil
			}
			return &tls.Certificate{Certificate: [][]byte{k.cert}, PrivateKey: k.private}, nil
		},
	}}}
	h.t.Cleanup(k.client.CloseIdleConnections)
	return k
}

// ask sends a request and holds the answer against openapi.json.
func (k *term) ask(method, path string, body []byte) *http.Response {
	k.t.Helper()
	req, err := http.NewRequestWithContext(k.t.Context(), method, k.url+path, bytes.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return k.do(req)
}

func (k *term) do(req *http.Request) *http.Response {
	k.t.Helper()
	resp, err := k.client.Do(req)
	if err != nil {
		k.t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		k.t.Fatal(err)
	}
	resp.Body = io.NopCloser(bytes.NewReader(text))
	documented(k.t, req, resp, text)
	return resp
}

// is checks status and problem.
func (k *term) is(what string, resp *http.Response, p problem) {
	k.t.Helper()
	var got struct {
		Type   string `json:"type"`
		Status int    `json:"status"`
	}
	err := json.NewDecoder(resp.Body).Decode(&got)
	if err != nil || resp.StatusCode != p.status || got.Status != p.status || got.Type != problemType+p.name ||
		resp.Header.Get("Content-Type") != "application/problem+json" {
		k.t.Errorf("%s: %d %+v, %v; want %d %s", what, resp.StatusCode, got, err, p.status, p.name)
	}
	if retry := resp.Header.Get("Retry-After"); (retry != "") != (p.status == 429 || p.status == 503) {
		k.t.Errorf("%s: Retry-After %q", what, retry)
	} else if n, err := strconv.Atoi(retry); retry != "" && (err != nil || n < 1) {
		k.t.Errorf("%s: Retry-After %q", what, retry)
	}
}

func (k *term) csr() []byte {
	csr, err := ca.Request(k.private)
	if err != nil {
		k.t.Fatal(err)
	}
	return csr
}

func asJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

func (k *term) take(resp *http.Response) {
	k.t.Helper()
	var c certified
	if err := json.NewDecoder(resp.Body).Decode(&c); err != nil || resp.StatusCode != http.StatusOK {
		k.t.Fatalf("%d, %v", resp.StatusCode, err)
	}
	block, _ := pem.Decode([]byte(c.Certificate))
	authority, _ := pem.Decode([]byte(c.CA))
	if block == nil || authority == nil || !bytes.Equal(authority.Bytes, k.ca.Certificate().Raw) || c.Site.Board != "gongqing" || c.RenewAt.IsZero() {
		k.t.Fatalf("%+v", c)
	}
	k.id, k.cert = c.Terminal, block.Bytes
	k.client.CloseIdleConnections()
}

// enrolled is a terminal that has its certificate.
func (h *hub) enrolled() *term {
	h.t.Helper()
	code, err := h.fleet.NewCode(h.t.Context(), fleet.Draft{Site: "360482001", By: "li"})
	if err != nil {
		h.t.Fatal(err)
	}
	k := h.terminal()
	k.take(k.ask("POST", "/v1/enrol", asJSON(enrolment{code.Code, k.csr()})))
	if k.id != code.Terminal {
		h.t.Fatalf("enrolled as %q", k.id)
	}
	return k
}

// batch is n referrals, signed.
func (k *term) batch(n int) []byte {
	k.t.Helper()
	b := record.Batch{Kiosk: k.id, Incarnation: "i1", Nonce: "n1"}
	for range n {
		k.seq++
		c, _ := kiosk.NewCode(rand.Reader)
		payload := asJSON(map[string]any{"v": 1, "code": c, "posting": "p-1", "site": "x", "state": "issued", "at": k.clock()})
		key, box, err := seal.Terminal{Kiosk: k.id, Key: k.seal.Key()}.Seal("i1", k.seq, record.Referral, payload)
		if err != nil {
			k.t.Fatal(err)
		}
		b.Records = append(b.Records, record.Record{Seq: k.seq, Kind: record.Referral, Key: key, Sealed: box, At: k.clock()})
	}
	return k.sign(asJSON(b))
}

func (k *term) sign(payload []byte) []byte {
	e, err := trust.Seal(trust.TypeBatch, payload, trust.NewSigner(k.private))
	if err != nil {
		k.t.Fatal(err)
	}
	return asJSON(e)
}

func (k *term) ack(resp *http.Response) record.Ack {
	k.t.Helper()
	var e trust.Envelope
	var a record.Ack
	if err := json.NewDecoder(resp.Body).Decode(&e); err != nil || resp.StatusCode != http.StatusOK || e.PayloadType != trust.TypeAck || len(e.Signatures) != 1 {
		k.t.Fatalf("%d %s, %v", resp.StatusCode, e.PayloadType, err)
	}
	if err := json.Unmarshal(e.Payload, &a); err != nil {
		k.t.Fatal(err)
	}
	return a
}

func TestFromCodeToAck(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrolled()
		first := k.batch(3)
		if a := k.ack(k.ask("POST", "/v1/records", first)); a.Watermark != 3 || a.Kiosk != k.id || len(a.Heads) != 1 {
			t.Errorf("%+v", a)
		}
		if a := k.ack(k.ask("POST", "/v1/records", first)); a.Watermark != 3 || a.Verdicts[0].State != record.Duplicate {
			t.Errorf("replayed: %+v", a)
		}
		// A year and a half later it is back.
		h.wait(550 * 24 * time.Hour)
		k.client.CloseIdleConnections()
		k.is("expired", k.ask("POST", "/v1/records", k.batch(1)), certificateExpired)
		k.take(k.ask("POST", "/v1/renew", asJSON(enrolment{CSR: k.csr()})))
		k.seq = 3
		if a := k.ack(k.ask("POST", "/v1/records", k.batch(1))); a.Watermark != 4 {
			t.Errorf("%+v", a)
		}
		if err := h.fleet.Revoke(t.Context(), k.id, "li"); err != nil {
			t.Fatal(err)
		}
		k.is("revoked", k.ask("POST", "/v1/records", k.batch(1)), revoked)
		k.is("revoked", k.ask("POST", "/v1/renew", asJSON(enrolment{CSR: k.csr()})), revoked)
	})
}

// The connection breaks behind the commit, before the commit, or requests come
// twice: every record has one effect, and nothing is lost.
func TestAcksDroppedAndRequestsRepeated(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrolled()
		n := 0
		dropped := 0
		h.mid = func(inner http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				n++
				switch n % 4 {
				case 1: // taken, and the answer is lost
					inner.ServeHTTP(httptest.NewRecorder(), r)
					dropped++
					panic(http.ErrAbortHandler)
				case 2: // never arrives
					dropped++
					panic(http.ErrAbortHandler)
				case 3: // arrives twice
					text, _ := io.ReadAll(r.Body)
					again := r.Clone(r.Context())
					again.Body = io.NopCloser(bytes.NewReader(text))
					inner.ServeHTTP(httptest.NewRecorder(), again)
					r.Body = io.NopCloser(bytes.NewReader(text))
				}
				inner.ServeHTTP(w, r)
			})
		}
		for range 12 {
			text := k.batch(5)
			for try := 0; ; try++ {
				req, _ := http.NewRequestWithContext(t.Context(), "POST", k.url+"/v1/records", bytes.NewReader(text))
				req.Header.Set("Content-Type", "application/json")
				req.GetBody = nil // the transport must not repeat it by itself
				resp, err := k.client.Do(req)
				if err == nil {
					if a := k.ack(resp); a.Watermark != k.seq {
						t.Fatalf("watermark %d of %d", a.Watermark, k.seq)
					}
					_ = resp.Body.Close()
					break
				}
				if try > 9 {
					t.Fatal(err)
				}
			}
		}
		list, err := h.fleet.Referrals(t.Context(), fleet.Scope{}, 1000)
		if err != nil || len(list) != 60 || dropped < 12 {
			t.Errorf("%d referrals, %d dropped, %v", len(list), dropped, err)
		}
	})
}

func TestMetrics(t *testing.T) {
	h := one(t, nil)
	k := h.enrolled()
	h.enrolled() // never heard of
	b := record.Batch{Kiosk: k.id, Incarnation: "i1", Nonce: "n"}
	b.Status = asJSON(record.Status{At: h.clock(), Program: `1"4\`, Boot: 7, Backlog: 3, Poison: 2, Board: wire.Version{Epoch: 1, N: 4}, Devices: map[string]string{"printer": "paper-out", "card": "ok"}})
	k.ack(k.ask("POST", "/v1/records", k.sign(asJSON(b))))
	h.wait(90 * time.Second)
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/metrics", nil)
	h.Inside().ServeHTTP(w, r)
	documented(t, r, w.Result(), w.Body.Bytes())
	lines := strings.Split(w.Body.String(), "\n")
	for _, want := range []string{
		`jobhome_terminal_seen_age_seconds{terminal="360482001-1",site="360482001"} 90`,
		`jobhome_terminal_stale{terminal="360482001-2",site="360482001"} 1`,
		`jobhome_terminal_backlog_records{terminal="360482001-1",site="360482001"} 3`,
		`jobhome_terminal_quarantine_records{terminal="360482001-1",site="360482001"} 2`,
		`jobhome_terminal_board_lag_versions{terminal="360482001-1",site="360482001"} 5`,
		`jobhome_terminal_boots{terminal="360482001-1",site="360482001"} 1`,
		`jobhome_terminal_info{terminal="360482001-1",site="360482001",program="1\"4\\",image=""} 1`,
		`jobhome_terminal_device_ok{terminal="360482001-1",site="360482001",device="printer",state="paper-out"} 0`,
		`jobhome_terminal_device_ok{terminal="360482001-1",site="360482001",device="card",state="ok"} 1`,
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("missing: %s", want)
		}
	}
	if strings.Contains(w.Body.String(), `seen_age_seconds{terminal="360482001-2"`) {
		t.Error("one that was never heard has an age")
	}
}
