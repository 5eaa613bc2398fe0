package publish

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"jobhome/sync/delta"
	"jobhome/sync/internal/churn"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

var start = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

func signer(n byte) trust.Signer {
	return trust.NewSigner(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, 32)))
}

// memoryStore is a tree in memory. It can be made to fail after some writes.
type memoryStore struct {
	mu    sync.Mutex
	files map[string][]byte
	puts  int
	left  int // writes that still succeed; below 0: all
}

var errCut = errors.New("the power was cut")

func newMemory() *memoryStore { return &memoryStore{files: map[string][]byte{}, left: -1} }

func (m *memoryStore) Get(_ context.Context, path string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	b, ok := m.files[path]
	if !ok {
		return nil, fmt.Errorf("%s: %w", path, fs.ErrNotExist)
	}
	return b, nil
}

func (m *memoryStore) change() error {
	if m.left == 0 {
		return errCut
	}
	m.left--
	m.puts++
	return nil
}

func (m *memoryStore) Put(_ context.Context, path string, content []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.change(); err != nil {
		return err
	}
	m.files[path] = bytes.Clone(content)
	return nil
}

func (m *memoryStore) List(_ context.Context, prefix string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []string
	for path := range m.files {
		if strings.HasPrefix(path, prefix) {
			out = append(out, path)
		}
	}
	return out, nil
}

func (m *memoryStore) Delete(_ context.Context, path string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.change(); err != nil {
		return err
	}
	delete(m.files, path)
	return nil
}

func (m *memoryStore) clone() *memoryStore {
	return &memoryStore{files: maps.Clone(m.files), left: -1}
}

func publisher(t testing.TB, s Store, o Options) *Publisher {
	t.Helper()
	if o.Epoch == 0 {
		o.Epoch = 1
	}
	if o.Signers == nil {
		o.Signers = []trust.Signer{signer(1)}
	}
	p, err := New(s, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func rowsOfBoard(t testing.TB, b *churn.Board) delta.Rows {
	t.Helper()
	rows, err := b.Rows()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// terminal is the least that a terminal does: it believes a key and takes routes.
type terminal struct {
	store   Store
	plain   bool // takes plain forms only
	key     trust.Key
	version wire.Version
	rows    delta.Rows
	gets    int
	bytes   int64
	bases   int
}

func (m *terminal) object(o wire.Object) ([]byte, error) {
	b, err := m.store.Get(context.Background(), o.Path())
	if err == nil && objectOf(delta.Packed{Bytes: b, Raw: o.Raw}) != o {
		err = fmt.Errorf("%s is not what the head says", o.Hash)
	}
	m.gets++
	m.bytes += int64(len(b))
	return b, err
}

func (m *terminal) head(board string) (h wire.Head, err error) {
	text, err := m.store.Get(context.Background(), headPath(board))
	if err != nil {
		return h, err
	}
	m.gets++
	e, err := trust.ReadEnvelope(text)
	if err != nil {
		return h, err
	}
	keys := map[string]trust.Key{m.key.ID(): m.key}
	payload, err := e.Open(trust.TypeHead, trust.Role{Keys: []string{m.key.ID()}, Threshold: 1}, keys)
	if err != nil {
		return h, err
	}
	if err := json.Unmarshal(payload, &h); err != nil {
		return h, err
	}
	return h, h.Check()
}

// sync brings the terminal to the head, and checks everything that it names.
func (m *terminal) sync(board string) (h wire.Head, err error) {
	m.gets, m.bytes, m.bases = 0, 0, 0
	if h, err = m.head(board); err != nil {
		return h, err
	}
	b, err := m.object(h.Revoked.Object)
	if err != nil {
		return h, err
	}
	if ids, err := delta.DecodeRevoked(b, h.Revoked.Raw); err != nil || len(ids) != h.Revoked.Count {
		return h, fmt.Errorf("%d revoked, not %d: %w", len(ids), h.Revoked.Count, err)
	}
	route, ok := h.Route(m.version, func(d wire.Delta) int64 { return d.Plain.Size })
	if !ok {
		if err := m.takeBase(h.Base); err != nil {
			return h, err
		}
		if route, ok = h.Route(m.version, func(d wire.Delta) int64 { return d.Plain.Size }); !ok {
			return h, fmt.Errorf("no way from the base %s to %s", m.version, h.Version)
		}
	}
	for _, d := range route {
		if err := m.take(d); err != nil {
			return h, err
		}
	}
	if len(m.rows) != h.Rows || m.rows.Sum() != h.Sum {
		return h, fmt.Errorf("%d rows at %s, want %d", len(m.rows), h.Version, h.Rows)
	}
	return h, nil
}

func (m *terminal) takeBase(base wire.Base) error {
	b, err := m.object(base.Object)
	if err != nil {
		return err
	}
	m.bases++
	m.version, m.rows = base.Version, nil
	err = delta.DecodeBase(bytes.NewReader(b), base.Raw, func(r wire.Row) error {
		m.rows = append(m.rows, r)
		return nil
	})
	if err == nil && (len(m.rows) != base.Rows || m.rows.Sum() != base.Sum) {
		err = errors.New("the base has another sum")
	}
	return err
}

func (m *terminal) take(d wire.Delta) error {
	var c delta.Change
	if m.plain || d.Dict == nil {
		b, err := m.object(d.Plain)
		if err != nil {
			return err
		}
		if c, err = delta.DecodePlain(b, d.Plain.Raw); err != nil {
			return err
		}
	} else {
		b, err := m.object(*d.Dict)
		if err != nil {
			return err
		}
		if c, err = delta.DecodeDict(b, d.Dict.Raw, m.rows); err != nil {
			return err
		}
	}
	rows, err := m.rows.Apply(c)
	if err != nil {
		return err
	}
	if len(rows) != d.Rows || rows.Sum() != d.Sum {
		return fmt.Errorf("the delta %s to %s leads elsewhere", d.From, d.To)
	}
	m.version, m.rows = d.To, rows
	return nil
}

func (m *terminal) clone() *terminal {
	other := *m
	other.rows = slices.Clone(m.rows)
	return &other
}
