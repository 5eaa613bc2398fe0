package feed

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"testing"

	"jobhome/sync/delta"
	"jobhome/sync/wire"
)

// snapshot is the hub as it was after one version.
type snapshot struct {
	tree tree
	rows delta.Rows
	head wire.Head
	down []string // revoked by then
}

// history is a hub of some days: rows are edited, taken down between two versions,
// and gone from the next one, or from a later one.
func history(t *testing.T) (all []snapshot, h *hub) {
	h = newHub(t, 40)
	for n := range 8 {
		if n > 0 {
			h.must(h.days.Next(someDay))
			rows := h.now()
			if n%2 == 0 { // the hub is late with every other one
				rows = slices.DeleteFunc(rows, func(r wire.Row) bool { return slices.Contains(h.revoke, r.ID) })
			}
			h.to(rows)
		}
		all = append(all, snapshot{h.tree.clone(), h.rows, h.head, slices.Clone(h.revoke)})
		h.revoke = append([]string{h.rows[n+3].ID}, h.revoke...)
	}
	h.revoke = all[len(all)-1].down
	return all, h
}

// faulty is a source that fails in the middle.
type faulty struct {
	tree  tree
	dice  *rand.Rand
	after int // questions until it fails
}

var errLine = errors.New("the line broke")

func (f *faulty) Get(ctx context.Context, path string, want Range) (Reply, error) {
	rep, err := f.tree.Get(ctx, path, want)
	if f.after--; f.after >= 0 || err != nil || rep.Body == nil {
		return rep, err
	}
	text, err := io.ReadAll(rep.Body)
	if err != nil || len(text) == 0 {
		return rep, errLine
	}
	switch f.dice.IntN(4) {
	case 0:
		return Reply{}, errLine
	case 1:
		text[f.dice.IntN(len(text))] ^= 1
	case 2:
		text = text[:f.dice.IntN(len(text))]
	case 3: // the line breaks in the middle, and says so
		rep.Body = io.NopCloser(io.MultiReader(bytes.NewReader(text[:len(text)/2]), broken{}))
		return rep, nil
	}
	rep.Body = io.NopCloser(bytes.NewReader(text))
	return rep, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errLine }

// Whatever happens, in whatever order: old and new mirrors, lines that break, wrong
// bytes, sticks, days without bytes left, power cuts. The board is always a version
// of the hub, byte for byte, without what the hub had taken down by then; what was
// accepted never goes back; and one honest round sets everything right.
func TestAnythingInAnyOrder(t *testing.T) {
	all, h := history(t)
	for seed := range uint64(20) {
		dice := rand.New(rand.NewPCG(seed, 9))
		c := h.terminal(nil)
		var log []string
		for n := range 14 {
			// Now and then an older one, and mostly one that leads on.
			at := min(len(all)-1, max(0, n*len(all)/14+dice.IntN(4)-1))
			log = append(log, c.something(dice, all[at]))
			if what := c.sound(all); what != "" {
				t.Fatalf("seed %d: %s, after %q", seed, what, log)
			}
		}
		c.board.before, c.board.after, c.opts.Budget = nil, nil, 0
		c.restart(h.tree)
		if rep := c.Sync(t.Context()); !rep.OK() {
			t.Fatalf("seed %d: an honest round ends with %s: %v, after %q", seed, rep.Code, rep.Err, log)
		}
		c.equalsBut(h, h.revoke...)
	}
}

// something is one round under some trouble, or none.
func (t *terminal) something(dice *rand.Rand, s snapshot) string {
	accepted := t.st.Version
	from := &faulty{s.tree, dice, 1 << 30}
	t.board.before, t.board.after, t.opts.Budget = nil, nil, 0
	what := "well"
	switch dice.IntN(5) {
	case 0:
		from.after, what = dice.IntN(6), "a bad line"
	case 1:
		t.opts.Budget, what = 1+dice.Int64N(8000), "few bytes"
	case 2:
		moment := dice.IntN(6)
		cut := func() error {
			if moment--; moment == 0 {
				return errLine
			}
			return nil
		}
		t.board.before, t.board.after, what = func(Change) error { return cut() }, cut, "a power cut"
	}
	free := dice.IntN(3) == 0
	rep := t.round(t.t.Context(), from, free)
	if t.st.Version.Compare(accepted) < 0 {
		t.t.Fatalf("%s was accepted after %s", t.st.Version, accepted)
	}
	if what == "a power cut" || dice.IntN(4) == 0 {
		t.restart(nil)
	}
	return what + " at " + s.head.Version.String() + ": " + string(rep.Code)
}

// sound tells what is wrong with the board.
func (t *terminal) sound(all []snapshot) string {
	if t.board.sequence == 0 {
		return ""
	}
	version := all[wire.VersionOf(t.board.sequence).N-1]
	accepted := version
	if n := t.st.Version.N; n > version.head.Version.N {
		accepted = all[n-1]
	}
	for _, row := range t.board.rows {
		if slices.Contains(accepted.down, row.ID) {
			return row.ID + " was taken down and is there"
		}
	}
	rest := version.rows
	for _, row := range t.board.rows {
		for len(rest) > 0 && rest[0].ID < row.ID {
			if !slices.Contains(all[len(all)-1].down, rest[0].ID) {
				return rest[0].ID + " is missing"
			}
			rest = rest[1:]
		}
		if len(rest) == 0 || rest[0].ID != row.ID || !bytes.Equal(rest[0].Body, row.Body) || rest[0].Refreshed != row.Refreshed {
			return row.ID + " is not as the hub has it"
		}
		rest = rest[1:]
	}
	for _, row := range rest {
		if !slices.Contains(all[len(all)-1].down, row.ID) {
			return row.ID + " is missing"
		}
	}
	return ""
}
