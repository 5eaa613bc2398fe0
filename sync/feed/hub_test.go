package feed

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"jobhome/sync/delta"
	"jobhome/sync/internal/churn"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

var start = time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)

// signer is the n-th key of a test: always the same.
func signer(n byte) trust.Signer {
	return trust.NewSigner(ed25519.NewKeyFromSeed(bytes.Repeat([]byte{n}, ed25519.SeedSize)))
}

func publicKeys(from, to byte) (all []trust.Key) {
	for n := from; n <= to; n++ {
		all = append(all, signer(n).Key())
	}
	return all
}

// hub is a publisher for tests, which can also be told to lie.
type hub struct {
	t      *testing.T
	tree   tree
	root   trust.Root
	sign   trust.Signer // of heads
	days   *churn.Board
	rows   delta.Rows // of the newest version
	head   wire.Head
	revoke []string
}

const boardName = "360482"

func newHub(t *testing.T, rows int) *hub {
	t.Helper()
	h := &hub{t: t, tree: tree{}, sign: signer(10), days: churn.New(start, rows, 4*rows, 1)}
	h.root = trust.Root{Format: trust.Format, N: 1, Epoch: 1, Issued: start, Expires: start.AddDate(1, 0, 0)}
	h.root.SetRole(trust.RoleRoot, 2, publicKeys(1, 3)...)
	h.root.SetRole(trust.RoleHead, 1, h.sign.Key())
	h.root.SetRole(trust.RoleAck, 1, signer(20).Key())
	h.putRoot(signer(1), signer(2))
	h.rows = h.now()
	h.head = wire.Head{Format: wire.Format, Board: boardName, Version: wire.Version{Epoch: 1, N: 1}}
	h.head.Base = h.base(h.rows, h.head.Version)
	h.publish()
	return h
}

func (h *hub) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hub) now() delta.Rows {
	h.t.Helper()
	rows, err := h.days.Rows()
	h.must(err)
	return rows
}

func (h *hub) putRoot(signers ...trust.Signer) {
	h.t.Helper()
	e, err := h.root.Sign(signers...)
	h.must(err)
	text, err := e.Write()
	h.must(err)
	h.tree[fmt.Sprintf("root/%d.json", h.root.N)] = text
}

// packed are objects that a test has packed before: packing is what costs time.
var packed sync.Map

// once packs what has the key only once.
func (h *hub) once(key any, pack func() (delta.Packed, error)) wire.Object {
	h.t.Helper()
	if p, ok := packed.Load(key); ok {
		return h.put(p.(delta.Packed), nil)
	}
	p, err := pack()
	packed.Store(key, p)
	return h.put(p, err)
}

// put lays an object into the tree.
func (h *hub) put(p delta.Packed, err error) wire.Object {
	h.t.Helper()
	h.must(err)
	o := wire.Object{Hash: sha256.Sum256(p.Bytes), Size: int64(len(p.Bytes)), Raw: p.Raw}
	h.tree[o.Path()] = p.Bytes
	return o
}

func (h *hub) base(rows delta.Rows, v wire.Version) wire.Base {
	h.t.Helper()
	o := h.once(rows.Sum(), func() (delta.Packed, error) {
		var buf bytes.Buffer
		raw, err := delta.EncodeBase(&buf, func(yield func(wire.Row, error) bool) {
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
		})
		return delta.Packed{Bytes: buf.Bytes(), Raw: raw}, err
	})
	return wire.Base{Object: o, Version: v, Rows: len(rows), Sum: rows.Sum()}
}

// between is a delta, in both forms.
func (h *hub) between(from delta.Rows, v wire.Version, to delta.Rows, w wire.Version) wire.Delta {
	h.t.Helper()
	type form struct {
		from, to wire.Sum
		dict     bool
	}
	c := delta.Between(from, to)
	dict := h.once(form{from.Sum(), to.Sum(), true}, func() (delta.Packed, error) { return delta.EncodeDict(c, from) })
	plain := h.once(form{from.Sum(), to.Sum(), false}, func() (delta.Packed, error) { return delta.EncodePlain(c) })
	return wire.Delta{From: v, To: w, Rows: len(to), Sum: to.Sum(), Dict: &dict, Plain: plain}
}

// publish signs the head as it stands.
func (h *hub) publish() {
	h.t.Helper()
	h.head.Issued = h.days.Now()
	h.head.Expires = h.head.Issued.Add(48 * time.Hour)
	h.head.Rows, h.head.Sum = len(h.rows), h.rows.Sum()
	lane := h.once(fmt.Sprint(h.revoke), func() (delta.Packed, error) { return delta.EncodeRevoked(h.revoke) })
	h.head.Revoked = wire.Revoked{Object: lane, Count: len(h.revoke)}
	h.signHead()
}

func (h *hub) signHead() {
	h.t.Helper()
	payload, err := json.Marshal(h.head)
	h.must(err)
	e, err := trust.Seal(trust.TypeHead, payload, h.sign)
	h.must(err)
	text, err := e.Write()
	h.must(err)
	h.tree["b/"+h.head.Board+"/head"] = text
}

// next publishes the board a day later.
func (h *hub) next(d churn.Day) {
	h.t.Helper()
	h.must(h.days.Next(d))
	h.to(h.now())
}

// to publishes these rows as the next version.
func (h *hub) to(rows delta.Rows) {
	h.t.Helper()
	from, v := h.rows, h.head.Version
	h.head.Version.N++
	h.head.Deltas = append(slices.Clone(h.head.Deltas), h.between(from, v, rows, h.head.Version))
	h.rows = rows
	h.publish()
}

// usual is a day of a small board.
var usual = churn.Day{New: 6, Gone: 5, Edited: 4, Dated: 30, OwnMinute: 3}

// tree is a source in memory: a mirror.
type tree map[string][]byte

func (t tree) Get(_ context.Context, path string, want Range) (Reply, error) {
	text, ok := t[path]
	if !ok {
		return Reply{}, ErrNone
	}
	if tag := fmt.Sprintf(`"%x"`, sha256.Sum256(text)); tag != want.ETag {
		return Reply{Body: io.NopCloser(bytes.NewReader(text[min(want.From, int64(len(text))):])), From: want.From, ETag: tag}, nil
	}
	return Reply{Unchanged: true}, nil
}

func (t tree) clone() tree { return maps.Clone(t) }

// memory is a board in memory.
type memory struct {
	rows     delta.Rows
	sequence int64
	changes  []Change
	before   func(Change) error // what happens instead of the next transaction, if anything
	after    func() error       // what happens right behind it
}

func (m *memory) Sequence(context.Context) (int64, error) { return m.sequence, nil }

func (m *memory) IDs(context.Context) ([]string, error) {
	var ids []string
	for _, r := range m.rows {
		ids = append(ids, r.ID)
	}
	return ids, nil
}

func (m *memory) Rows(_ context.Context, ids []string) ([]wire.Row, error) {
	if len(ids) > atOnce || !slices.IsSorted(ids) {
		return nil, fmt.Errorf("%d rows asked for at once, or not in order", len(ids))
	}
	return m.rows.Rows(ids)
}

func (m *memory) Apply(_ context.Context, c Change) error {
	if m.before != nil {
		if err := m.before(c); err != nil {
			return err
		}
	}
	if c.Sequence != 0 && c.Sequence <= m.sequence && !c.Replace {
		return fmt.Errorf("sequence %d after %d", c.Sequence, m.sequence)
	}
	rows := map[string]wire.Row{}
	if !c.Replace {
		for _, r := range m.rows {
			rows[r.ID] = r
		}
	}
	for p, err := range c.Upsert {
		if err != nil {
			return err
		}
		r, err := wire.RowOf(&p)
		if err != nil {
			return err
		}
		rows[p.ID] = r
	}
	for _, id := range c.Remove {
		delete(rows, id)
	}
	for _, d := range c.Dates {
		r, ok := rows[d.ID]
		if !ok {
			return fmt.Errorf("%s is dated and is not there", d.ID)
		}
		r.Refreshed = d.Refreshed
		rows[d.ID] = r
	}
	m.rows = m.rows[:0:0]
	for _, id := range slices.Sorted(maps.Keys(rows)) {
		m.rows = append(m.rows, rows[id])
	}
	if c.Sequence != 0 {
		m.sequence = c.Sequence
	}
	m.changes = append(m.changes, c)
	if m.after != nil {
		return m.after()
	}
	return nil
}

func (m *memory) has(id string) bool {
	_, ok := slices.BinarySearchFunc(m.rows, id, func(r wire.Row, id string) int { return bytes.Compare([]byte(r.ID), []byte(id)) })
	return ok
}

// terminal is a client with its board.
type terminal struct {
	t *testing.T
	*Client
	board *memory
	clock time.Time
}

// terminal commissions one at the hub's first root.
func (h *hub) terminal(from Source) *terminal {
	h.t.Helper()
	t := &terminal{t: h.t, board: &memory{}, clock: start}
	t.start(Options{
		Kiosk: "360482001-01", Board: boardName, Root: h.tree["root/1.json"], Dir: h.t.TempDir(),
		From: from, Build: start.AddDate(0, -1, 0),
	})
	return t
}

// start begins, or begins again after a power cut.
func (t *terminal) start(o Options) {
	t.t.Helper()
	o.To = t.board
	if o.Now == nil {
		o.Now = func() time.Time { return t.clock }
	}
	c, err := New(o)
	if err != nil {
		t.t.Fatal(err)
	}
	t.Client = c
}

// sync makes a round that must end with the code.
func (t *terminal) sync(want Code) Report {
	t.t.Helper()
	rep := t.Sync(t.t.Context())
	t.is(rep, want)
	return rep
}

func (t *terminal) is(rep Report, want Code) {
	t.t.Helper()
	ok := want == UpToDate || want == Applied || want == Waiting
	if rep.Code != want || rep.OK() != ok {
		t.t.Fatalf("%s, wanted %s: %v", rep.Code, want, rep.Err)
	}
}

// equals checks that the board is that of the hub, byte for byte.
func (t *terminal) equals(h *hub) {
	t.t.Helper()
	t.equalsBut(h)
}

// equalsBut is equals for a board from which some rows were taken down.
func (t *terminal) equalsBut(h *hub, down ...string) {
	t.t.Helper()
	want := slices.DeleteFunc(slices.Clone(h.rows), func(r wire.Row) bool { return slices.Contains(down, r.ID) })
	same := func(a, b wire.Row) bool {
		return a.ID == b.ID && bytes.Equal(a.Body, b.Body) && a.Refreshed == b.Refreshed
	}
	if !slices.EqualFunc(t.board.rows, want, same) || t.board.sequence != h.head.Version.Sequence() {
		t.t.Fatalf("the terminal has %d rows at %s, the hub %d at %s", len(t.board.rows),
			wire.VersionOf(t.board.sequence), len(want), h.head.Version)
	}
}

// unchanged runs f and checks that neither board nor state, in memory and on the
// disk, is touched by it, but for back-off and counted bytes (CVE-2025-2888: what is
// written down before it is proven is believed after a power cut).
func (t *terminal) unchanged(f func()) {
	t.t.Helper()
	picture := func() string {
		disk, err := loadState(t.statePath(), boardName)
		if err != nil {
			t.t.Fatal(err)
		}
		var text []byte
		for _, st := range []state{t.st, disk} {
			st.Wait, st.NotUntil, st.Used, st.Day = 0, time.Time{}, 0, ""
			one, err := json.Marshal(st)
			if err != nil {
				t.t.Fatal(err)
			}
			text = append(text, one...)
		}
		rows := sha256.New()
		for _, r := range t.board.rows {
			fmt.Fprintf(rows, "%s %d\n", r.Body, r.Refreshed)
		}
		return fmt.Sprintf("%s %d %x", text, t.board.sequence, rows.Sum(nil))
	}
	before := picture()
	f()
	if after := picture(); after != before {
		t.t.Fatalf("what must not be touched was:\n%s\n%s", before, after)
	}
}
