package outboxtest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/record"
	"jobhome/sync/trust"
)

// Transport brings requests to a handler without a network, so that time can be
// made of software too. What the handler aborts is a broken line.
type Transport struct{ Handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (t Transport) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	w := httptest.NewRecorder()
	defer func() {
		if p := recover(); p == http.ErrAbortHandler {
			resp, err = nil, io.ErrUnexpectedEOF
		} else if p != nil {
			panic(p)
		}
	}()
	t.Handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// Trust is what a terminal knows of this hub.
type Trust struct {
	mu    sync.Mutex
	floor time.Time
	acks  []record.Ack
}

// Root names the hub's key.
func (t *Trust) Root() trust.Root {
	k := trust.NewSigner(Key("hub")).Key()
	return trust.Root{
		Keys:  map[string]trust.Key{k.ID(): k},
		Roles: map[string]trust.Role{trust.RoleAck: {Keys: []string{k.ID()}, Threshold: 1}},
	}
}

// Floor is the time of the last ack.
func (t *Trust) Floor() time.Time { t.mu.Lock(); defer t.mu.Unlock(); return t.floor }

// Heard keeps what was heard.
func (t *Trust) Heard(_ context.Context, ack record.Ack) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.acks = append(t.acks, ack)
	t.floor = ack.HubTime
	return nil
}

// Acks returns what was heard.
func (t *Trust) Acks() []record.Ack { t.mu.Lock(); defer t.mu.Unlock(); return slices.Clone(t.acks) }

// State is a state in memory.
type State struct {
	Bytes []byte
	Saves int
	Err   error // of the next Saves
}

// Load returns what was saved.
func (s *State) Load() ([]byte, error) { return s.Bytes, nil }

// Save keeps it.
func (s *State) Save(b []byte) error {
	if s.Err != nil {
		return s.Err
	}
	s.Bytes, s.Saves = slices.Clone(b), s.Saves+1
	return nil
}

// Memory is a ledger in memory, with what became of its records.
type Memory struct {
	mu       sync.Mutex
	last     uint64
	waiting  []record.Record
	aside    map[uint64]string
	outcomes []record.OutcomeNote
	codes    []kiosk.Code
}

// Write writes n records down.
func (m *Memory) Write(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for range n {
		m.last++
		m.waiting = append(m.waiting, record.Record{
			Seq: m.last, Kind: record.Referral, Key: "k", Sealed: fmt.Appendf(nil, "record %d", m.last), At: time.Now(),
		})
	}
}

// Pending returns the oldest records.
func (m *Memory) Pending(_ context.Context, limit int) ([]record.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.waiting[:min(limit, len(m.waiting))]), nil
}

// Delivered deletes records.
func (m *Memory) Delivered(_ context.Context, upTo uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.waiting = slices.DeleteFunc(m.waiting, func(r record.Record) bool { return r.Seq <= upTo })
	return nil
}

// Quarantine puts a record aside.
func (m *Memory) Quarantine(_ context.Context, seq uint64, why string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.waiting {
		if r := &m.waiting[i]; r.Seq == seq && r.Kind != record.Void {
			if m.aside == nil {
				m.aside = map[uint64]string{}
			}
			m.aside[seq] = why
			*r = record.Record{Seq: seq, Kind: record.Void, Sealed: []byte("{}"), At: r.At}
		}
	}
	return nil
}

// Aside returns the reasons of what was put aside.
func (m *Memory) Aside() map[uint64]string { m.mu.Lock(); defer m.mu.Unlock(); return m.aside }

// Await makes the ledger ask for outcomes.
func (m *Memory) Await(codes ...kiosk.Code) { m.mu.Lock(); defer m.mu.Unlock(); m.codes = codes }

// Awaited returns the next codes.
func (m *Memory) Awaited(_ context.Context, after kiosk.Code, limit int) ([]kiosk.Code, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []kiosk.Code
	for _, c := range m.codes {
		if c > after && len(list) < limit {
			list = append(list, c)
		}
	}
	return list, nil
}

// SetOutcomes keeps outcomes.
func (m *Memory) SetOutcomes(_ context.Context, notes []record.OutcomeNote) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.outcomes = append(m.outcomes, notes...)
	return nil
}

// Heard returns the outcomes that were kept.
func (m *Memory) Heard() []record.OutcomeNote { m.mu.Lock(); defer m.mu.Unlock(); return m.outcomes }
