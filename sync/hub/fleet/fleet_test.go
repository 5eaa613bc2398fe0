package fleet

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/ca"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/hubdb/hubdbtest"
	"jobhome/sync/record"
	"jobhome/sync/seal"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// hub is a fleet with a clock that a test moves.
type hub struct {
	*Fleet
	t     testing.TB
	key   seal.PrivateKey
	ackBy trust.Key

	mu    sync.Mutex
	now   time.Time
	audit []string
	deny  error
}

func (h *hub) clock() time.Time { h.mu.Lock(); defer h.mu.Unlock(); return h.now }

func (h *hub) wait(d time.Duration) { h.mu.Lock(); h.now = h.now.Add(d); h.mu.Unlock() }

// each runs the test on both databases, with one site of a town.
func each(t *testing.T, f func(t *testing.T, h *hub)) {
	t.Helper()
	hubdbtest.Each(t, func(t *testing.T, db *hubdb.DB) { f(t, newHub(t, db)) })
}

func newHub(t testing.TB, db *hubdb.DB) *hub {
	t.Helper()
	authority, err := ca.Open(t.TempDir(), noon)
	if err != nil {
		t.Fatal(err)
	}
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	_, private, _ := ed25519.GenerateKey(rand.Reader)
	signer := trust.NewSigner(private)
	h := &hub{t: t, key: key, now: noon, ackBy: signer.Key()}
	h.Fleet, err = New(t.Context(), db, Opts{
		Now: h.clock, CA: authority, Signer: signer, Ring: seal.Ring{key.Key().ID(): key}, SealKey: key.Key().ID(),
		News: func(_ context.Context, board string) (News, error) {
			return News{Heads: []record.HeadNote{{Board: board, Version: wire.Version{Epoch: 1, N: 9}}}, Revoked: []string{"p-bad"}}, nil
		},
		Audit: func(_ context.Context, who, action, subject string) error {
			h.audit = append(h.audit, who+" "+action+" "+subject)
			return h.deny
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.site("360482001", "360482001", kiosk.TierTown)
	return h
}

func (h *hub) site(id string, area kiosk.Area, tier kiosk.Tier) {
	h.t.Helper()
	err := h.PutSite(h.t.Context(), Site{ID: id, Name: "就业之家" + id, Tier: tier, Area: area, Location: kiosk.Point{Lat: 29.2, Lon: 115.8}, Phone: "0792-1", Board: "gongqing"})
	if err != nil {
		h.t.Fatal(err)
	}
}

// term is a terminal as the hub sees it, with a ledger that numbers its records.
type term struct {
	hub         *hub
	id          string
	private     ed25519.PrivateKey
	enrolled    Enrolled
	incarnation string
	seq         uint64
	last        kiosk.Code // of the bench's referrals
}

func (h *hub) enrol(site string) *term {
	h.t.Helper()
	c, err := h.NewCode(h.t.Context(), Draft{Site: site, By: "li"})
	if err != nil {
		h.t.Fatal(err)
	}
	t := &term{hub: h, id: c.Terminal, incarnation: fmt.Sprintf("%032x", len(c.Terminal)*7)}
	if t.enrolled, err = h.Enrol(h.t.Context(), c.Code, t.request()); err != nil {
		h.t.Fatal(err)
	}
	return t
}

// request draws a key when there is none.
func (t *term) request() []byte {
	if t.private == nil {
		_, t.private, _ = ed25519.GenerateKey(rand.Reader)
	}
	csr, err := ca.Request(t.private)
	if err != nil {
		t.hub.t.Fatal(err)
	}
	return csr
}

// sealed is the next record with that payload.
func (t *term) sealed(kind string, payload any) record.Record {
	t.hub.t.Helper()
	t.seq++
	text, err := json.Marshal(payload)
	if err != nil {
		t.hub.t.Fatal(err)
	}
	key, box, err := seal.Terminal{Kiosk: t.id, Key: t.hub.key.Key()}.Seal(t.incarnation, t.seq, kind, text)
	if err != nil {
		t.hub.t.Fatal(err)
	}
	return record.Record{Seq: t.seq, Kind: kind, Key: key, Sealed: box, At: t.hub.clock()}
}

type fields map[string]any

func (t *term) referral(code kiosk.Code) record.Record {
	return t.sealed(record.Referral, fields{"v": 1, "code": code, "posting": "p-1", "site": "360482001", "state": "issued", "at": t.hub.clock()})
}

func (t *term) state(code kiosk.Code, s kiosk.ReferralState) record.Record {
	return t.sealed(record.State, fields{"v": 1, "code": code, "posting": "p-1", "state": s, "attempts": 1, "at": t.hub.clock()})
}

func (t *term) rating(code kiosk.Code, r kiosk.Rating) record.Record {
	return t.sealed(record.Rating, fields{"v": 1, "code": code, "posting": "p-1", "rating": r, "at": t.hub.clock()})
}

func (t *term) call(phone string) record.Record {
	return t.sealed(record.CallBack, fields{"v": 1, "posting": "p-1", "site": "360482001", "phone": phone, "consent": "call.consent", "at": t.hub.clock()})
}

func (t *term) batch(records ...record.Record) record.Batch {
	return record.Batch{Kiosk: t.id, Incarnation: t.incarnation, Nonce: "n1", Records: records}
}

// sign is the batch as it travels.
func (t *term) sign(b record.Batch) trust.Envelope {
	t.hub.t.Helper()
	text, err := json.Marshal(b)
	if err != nil {
		t.hub.t.Fatal(err)
	}
	return t.signText(text)
}

func (t *term) signText(text []byte) trust.Envelope {
	t.hub.t.Helper()
	e, err := trust.Seal(trust.TypeBatch, text, trust.NewSigner(t.private))
	if err != nil {
		t.hub.t.Fatal(err)
	}
	return e
}

// send has a batch taken and checks the ack's signature.
func (t *term) send(b record.Batch) record.Ack {
	t.hub.t.Helper()
	e, err := t.hub.Accept(t.hub.t.Context(), From{Terminal: t.id}, t.sign(b))
	if err != nil {
		t.hub.t.Fatal(err)
	}
	return t.hub.read(e)
}

func (h *hub) read(e trust.Envelope) record.Ack {
	h.t.Helper()
	text, err := e.Open(trust.TypeAck, trust.Role{Keys: []string{h.ackBy.ID()}, Threshold: 1}, map[string]trust.Key{h.ackBy.ID(): h.ackBy})
	if err != nil {
		h.t.Fatal(err)
	}
	var a record.Ack
	if err := json.Unmarshal(text, &a); err != nil {
		h.t.Fatal(err)
	}
	return a
}

func code(t testing.TB) kiosk.Code {
	c, err := kiosk.NewCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// count is the number of rows of a table.
func (h *hub) count(table string) (n int) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), func(tx *hubdb.Tx) error {
		return tx.QueryRow(h.t.Context(), "SELECT count(*) FROM "+table).Scan(&n)
	}); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func (h *hub) find(c kiosk.Code) Referral {
	h.t.Helper()
	list, err := h.Find(h.t.Context(), "", c.Grouped())
	if err != nil || len(list) != 1 {
		h.t.Fatalf("Find: %d, %v", len(list), err)
	}
	return list[0]
}

func refused(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want: %v", what, err, want)
	}
}
