package feed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"jobhome/sync/delta"
	"jobhome/sync/internal/churn"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

// arena is a hub with three versions, a terminal at the second, and a mirror that
// has been taken over.
type arena struct {
	*hub
	c      *terminal
	mirror tree
	first  tree // the mirror as it was at the first version
	rooted bool // the attack comes with a root that is good
}

var someDay = churn.Day{New: 2, Gone: 2, Edited: 2, Dated: 5}

// scene is what every arena begins with; it is made once.
var scene struct {
	sync.Once
	hub   hub
	first tree
	board memory
	state []byte
}

func newArena(t *testing.T) *arena {
	t.Helper()
	scene.Do(func() {
		h := newHub(t, 40)
		scene.first = h.tree.clone()
		c := h.terminal(h.tree)
		c.sync(Applied)
		h.next(someDay)
		c.sync(Applied)
		h.next(someDay)
		scene.hub, scene.board = *h, *c.board
		var err error
		scene.state, err = os.ReadFile(c.statePath())
		h.must(err)
	})
	h := scene.hub
	h.t, h.tree, h.rows, h.head.Deltas = t, h.tree.clone(), slices.Clone(h.rows), slices.Clone(h.head.Deltas)
	a := &arena{hub: &h, first: scene.first, mirror: h.tree.clone()}
	a.c = h.terminal(a.mirror)
	a.c.board.rows, a.c.board.sequence, a.c.board.changes = slices.Clone(scene.board.rows), scene.board.sequence, slices.Clone(scene.board.changes)
	h.must(os.WriteFile(a.c.statePath(), scene.state, 0o600))
	a.c.restart(a.mirror)
	return a
}

// lie signs a head that the hub would not, and lays it on the mirror.
func (a *arena) lie(change func(h *wire.Head), signers ...trust.Signer) {
	a.t.Helper()
	h := a.head
	h.Deltas = slices.Clone(h.Deltas)
	change(&h)
	payload, err := json.Marshal(h)
	a.must(err)
	if signers == nil {
		signers = []trust.Signer{a.sign}
	}
	e, err := trust.Seal(trust.TypeHead, payload, signers...)
	a.must(err)
	a.lay(e)
}

func (a *arena) lay(e trust.Envelope) {
	a.t.Helper()
	text, err := e.Write()
	a.must(err)
	a.mirror["b/"+boardName+"/head"] = text
}

func (a *arena) envelope() trust.Envelope {
	a.t.Helper()
	e, err := trust.ReadEnvelope(a.mirror["b/"+boardName+"/head"])
	a.must(err)
	return e
}

// object lays an object that the hub never made on the mirror.
func (a *arena) object(p delta.Packed, err error) wire.Object {
	a.t.Helper()
	o := a.put(p, err)
	a.mirror[o.Path()] = p.Bytes
	return o
}

// newRoot is a second root on the mirror and at the hub, after a change.
func (a *arena) newRoot(change func(r *trust.Root), signers ...trust.Signer) {
	a.t.Helper()
	a.root = a.root.Successor(start, time.Hour)
	change(&a.root)
	a.putRoot(signers...)
	name := fmt.Sprintf("root/%d.json", a.root.N)
	a.mirror[name] = a.tree[name]
}

// each changes all objects of the mirror.
func (a *arena) each(change func(text []byte) []byte) {
	for path, text := range a.mirror {
		if strings.HasPrefix(path, "o/") && path != a.head.Revoked.Path() {
			a.mirror[path] = change(slices.Clone(text))
		}
	}
}

// tail puts a frame behind a packed text that every reader skips (RFC 8878, 3.1.2).
func tail(text []byte, content byte) []byte {
	return append(slices.Clip(text), 0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, content)
}

// tail names an object with such a tail of 0, and lays one on the mirror whose
// tail holds what is given.
func (a *arena) tail(o *wire.Object, content byte) {
	a.t.Helper()
	text := a.mirror[o.Path()]
	*o = a.object(delta.Packed{Bytes: tail(text, 0), Raw: o.Raw}, nil)
	a.mirror[o.Path()] = tail(text, content)
}

// tailed gives the base and every delta of the head a tail.
func (a *arena) tailed(h *wire.Head, content byte) {
	a.tail(&h.Base.Object, content)
	for i := range h.Deltas {
		d := &h.Deltas[i]
		dict := *d.Dict
		d.Dict = &dict
		a.tail(d.Dict, content)
		a.tail(&d.Plain, content)
	}
}

// latest publishes over the newest delta and a base of its own, so that nothing
// that went before is needed.
func (a *arena) latest(h *wire.Head, raw int64) {
	h.Base = a.base(a.rows, h.Version)
	a.mirror[h.Base.Path()] = a.tree[h.Base.Path()]
	h.Base.Raw += raw
	h.Deltas = nil
}

// bomb is a packed text that unpacks to n bytes.
func bomb(n int) delta.Packed {
	var buf bytes.Buffer
	w, _ := zstd.NewWriter(&buf, zstd.WithEncoderLevel(zstd.SpeedFastest))
	line := append(bytes.Repeat([]byte(" "), 999), '\n')
	for range n / len(line) {
		_, _ = w.Write(line)
	}
	_ = w.Close()
	return delta.Packed{Bytes: buf.Bytes(), Raw: int64(n)}
}

var sm2 = trust.Key{Alg: "sm2-sm3", Public: bytes.Repeat([]byte{4}, 65)}

func replace(m, by tree) {
	clear(m)
	maps.Copy(m, by)
}

// seen lets the terminal accept what the mirror has.
func (a *arena) seen() {
	a.t.Helper()
	a.c.sync(Applied)
}

func (a *arena) version(n uint32) wire.Version { return wire.Version{Epoch: 1, N: n} }

func (a *arena) epoch2(h *wire.Head) { h.Version = wire.Version{Epoch: 2, N: 1}; a.latest(h, 0) }

// two is a root that wants two signatures under a head, in a new epoch.
func (a *arena) two() {
	a.newRoot(func(r *trust.Root) {
		r.SetRole(trust.RoleHead, 2, a.sign.Key(), signer(11).Key())
		r.Epoch = 2
	}, signer(1), signer(2))
}

// unknown is a root with a key for heads that this program does not know.
func (a *arena) unknown(threshold int) {
	a.newRoot(func(r *trust.Root) { r.SetRole(trust.RoleHead, threshold, a.sign.Key(), sm2) }, signer(1), signer(2))
	e := a.envelope()
	e.Signatures = append(e.Signatures, trust.Signature{KeyID: sm2.ID(), Sig: bytes.Repeat([]byte{1}, 64)})
	a.lay(e)
}

func (a *arena) lane(n int) { a.laneBut(n, func(*wire.Object) {}) }

// laneBut is lane, after a change of its object.
func (a *arena) laneBut(n int, change func(o *wire.Object)) {
	var ids []string
	for _, r := range a.rows {
		ids = append(ids, r.ID)
	}
	for _, r := range a.c.board.rows {
		if !slices.Contains(ids, r.ID) {
			ids = append(ids, r.ID)
		}
	}
	ids = ids[:min(n, len(ids))]
	lane := a.object(delta.EncodeRevoked(ids))
	change(&lane)
	a.lie(func(h *wire.Head) { h.Revoked = wire.Revoked{Object: lane, Count: len(ids)} })
}

// foreign gives the head the deltas and the base of a board that was invented from
// a seed: seed 1 is this one.
func (a *arena) foreign(h *wire.Head, seed uint64) {
	days := churn.New(start, 40, 160, seed)
	rows := func() delta.Rows { r, err := days.Rows(); a.must(err); return r }
	a.must(days.Next(someDay))
	from := rows()
	a.must(days.Next(someDay))
	d := a.between(from, a.version(2), rows(), h.Version)
	b := a.base(rows(), h.Version)
	for _, o := range []wire.Object{*d.Dict, d.Plain, b.Object} {
		a.mirror[o.Path()] = a.tree[o.Path()]
	}
	d.Sum, b.Sum, d.Rows, b.Rows = h.Sum, h.Sum, h.Rows, h.Rows
	h.Deltas, h.Base = []wire.Delta{d}, b
}

// spoil gives the head a base with one posting that nobody may show.
func (a *arena) spoil(h *wire.Head, channel string) {
	rows := slices.Clone(a.rows)
	for i := range rows {
		if bad := bytes.Replace(rows[i].Body, []byte(`"channel":"`+channel), []byte(`"channel":"casino`), 1); !bytes.Equal(bad, rows[i].Body) {
			rows[i].Body = bad
			break
		}
	}
	h.Base = a.base(rows, h.Version)
	a.mirror[h.Base.Path()] = a.tree[h.Base.Path()]
	h.Sum, h.Deltas = h.Base.Sum, nil
}

// Every attack is refused whole: the board is as it was, what is remembered too,
// residents go on, and the next honest mirror brings the newest board.
func TestAttacks(t *testing.T) {
	for _, v := range attacks {
		t.Run(v.name, func(t *testing.T) {
			a := newArena(t)
			if v.control != nil {
				v.control(a)
			}
			a.c.restart(a.mirror)
			a.c.sync(Applied)

			a = newArena(t)
			a.rooted = v.rooted
			v.do(a)
			a.c.restart(a.mirror)
			rows := a.c.board.rows
			refuse := func() { a.c.sync(v.want) }
			if v.signed {
				refuse()
				if len(a.c.board.changes) > 2 || len(rows) != len(a.c.board.rows) {
					t.Fatal("the board was changed")
				}
			} else {
				if v.rooted {
					refuse()
				}
				a.c.unchanged(refuse)
			}
			a.recover()
		})
	}
}

// restart gives the terminal another source, and a state that was read from disk.
func (t *terminal) restart(from Source) {
	t.t.Helper()
	o := t.opts
	o.From = from
	t.start(o)
}

// recover publishes once more at the hub, and the terminal takes it.
func (a *arena) recover() {
	a.t.Helper()
	if !a.rooted {
		delete(a.tree, "root/2.json")
		a.root.Epoch = 1
	}
	role := a.root.Roles[trust.RoleHead]
	if a.rooted && slices.Contains(role.Keys, sm2.ID()) {
		// The people who hold the root's keys take the one back that nobody can check.
		a.newRoot(func(r *trust.Root) { r.SetRole(trust.RoleHead, 1, a.sign.Key()) }, signer(1), signer(2))
	} else if a.rooted && !slices.Contains(role.Keys, a.sign.Key().ID()) {
		a.sign = signer(11)
	}
	a.head.Version = wire.Version{Epoch: a.root.Epoch, N: max(a.head.Version.N, 100) + 1}
	a.head.Base, a.head.Deltas = a.base(a.rows, a.head.Version), nil
	a.publish()
	if a.rooted && a.root.Roles[trust.RoleHead].Threshold > 1 {
		e, err := trust.ReadEnvelope(a.tree["b/"+boardName+"/head"])
		a.must(err)
		a.must(e.Add(signer(11)))
		text, err := e.Write()
		a.must(err)
		a.tree["b/"+boardName+"/head"] = text
	}
	a.c.restart(a.tree)
	a.c.sync(Applied)
	a.c.equals(a.hub)
}
