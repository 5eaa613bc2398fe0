package postings_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/hubdb/hubdbtest"
	"jobhome/sync/hub/postings"
	"jobhome/sync/wire"
)

// world is a hub to which anything is done in any order, and what must hold of it
// whatever that is. Every choice is a byte.
type world struct {
	*rig
	bytes    []byte
	revoked  map[string]bool
	approved map[string]bool // ids with texts that a second person has approved
	follower map[string][]byte
	after    string
	log      []string
}

// pick takes the next choice, below n.
func (w *world) pick(n int) int {
	if len(w.bytes) == 0 {
		return 0
	}
	c := int(w.bytes[0]) % n
	w.bytes = w.bytes[1:]
	return c
}

func newWorld(t testing.TB, db *hubdb.DB, choices []byte) *world {
	return &world{
		rig: newRig(t, db), bytes: choices, revoked: map[string]bool{}, approved: map[string]bool{},
		follower: map[string][]byte{}, after: "0",
	}
}

var (
	worldTexts = []string{"会平车", "会锁边", "985 优先", "交押金"}
	people     = []string{"ann", "bob", "eve"}
)

// offer is a posting as a source could have it at this moment.
func (w *world) offer(ref string) kiosk.Posting {
	p := w.posting(ref)
	p.Description = worldTexts[w.pick(len(worldTexts))]
	p.Channel = []kiosk.Channel{kiosk.Market, kiosk.Gig, kiosk.Policy}[w.pick(3)]
	p.ValidThrough = w.now.Truncate(time.Hour).AddDate(0, 0, 1+w.pick(4))
	if w.pick(3) == 0 {
		p.Refreshed = w.now.Truncate(time.Second)
	}
	return p
}

// all lists every posting of the hub.
func (w *world) all() []postings.Record {
	list, _, err := w.Search(w.t.Context(), postings.Query{Limit: 500})
	w.must(err)
	return list
}

// any picks one of them.
func (w *world) any() (postings.Record, bool) {
	list := w.all()
	if len(list) == 0 {
		return postings.Record{}, false
	}
	slices.SortFunc(list, func(a, b postings.Record) int { return bytes.Compare([]byte(a.ID), []byte(b.ID)) })
	return list[w.pick(len(list))], true
}

// allowed are the errors that say no.
var allowed = []error{postings.ErrState, postings.ErrMoved, postings.ErrBlocked, postings.ErrEyes, postings.ErrEnded}

func (w *world) may(doing string, err error) bool {
	w.log = append(w.log, fmt.Sprint(doing, ": ", err))
	if err != nil && !slices.ContainsFunc(allowed, func(a error) bool { return errors.Is(err, a) }) {
		w.t.Errorf("%s: %v", doing, err)
	}
	return err == nil
}

func (w *world) importAny(ctx context.Context) {
	source := []string{"x", "y"}[w.pick(2)]
	var offers []kiosk.Posting
	has := map[string]bool{}
	for i := range 4 {
		if w.pick(3) > 0 {
			ref := fmt.Sprint("r", i)
			has[ref] = true
			offers = append(offers, w.offer(ref))
		}
	}
	full := w.pick(2) == 0
	report, err := w.Import(ctx, people[w.pick(3)], postings.Batch{Source: source, Full: full, Items: items(offers...)})
	w.may(fmt.Sprintf("import %s full=%v %v %s", source, full, has, reportOf(report)), err)
	if !full || report.Withheld > 0 {
		return
	}
	shown := w.shown()
	for _, rec := range w.all() {
		if rec.From == source && !has[rec.Ref] && shown[rec.ID] != nil {
			w.t.Errorf("%s is shown, and its source no longer has it", rec.ID)
		}
	}
}

// do does one thing.
func (w *world) do(ctx context.Context) {
	who := people[w.pick(3)]
	switch op := w.pick(13); op {
	case 0, 1:
		w.importAny(ctx)
		return
	case 2:
		w.now = w.now.Add(time.Duration(1+w.pick(40)) * time.Hour)
		return
	case 3:
		_, err := w.Write(ctx, who, w.offer("d"))
		w.may("write", err)
		return
	case 4:
		_, err := w.Release(ctx, who)
		w.may("release", err)
		return
	}
	rec, ok := w.any()
	if !ok {
		return
	}
	other, _ := w.any()
	w.doTo(ctx, who, rec, other)
}

func (w *world) doTo(ctx context.Context, who string, rec, other postings.Record) {
	revision := rec.Revision - int64(w.pick(8)/7)
	switch w.pick(9) {
	case 0, 1, 2:
		if !w.may("approve by "+who+" of "+rec.ID, w.Approve(ctx, who, rec.ID, revision)) {
			return
		}
		w.approved[rec.ID+rec.Description] = true
		if alone := rec.Channel == kiosk.Gig; !alone && (rec.SubmittedBy == who || rec.EditedBy == who) {
			w.t.Errorf("%s approved %s, which %s submitted and %s wrote", who, rec.ID, rec.SubmittedBy, rec.EditedBy)
		}
		if rec.Blocked || revision != rec.Revision {
			w.t.Errorf("%s was approved", rec.ID)
		}
	case 3:
		edited := w.offer("d")
		edited.ID = rec.ID
		w.may("edit "+rec.ID, w.Edit(ctx, who, revision, edited))
	case 4:
		w.may("submit "+rec.ID, w.Submit(ctx, who, rec.ID, revision))
	case 5:
		w.may("close "+rec.ID, w.Close(ctx, who, rec.ID, []string{postings.Filled, "x"}[w.pick(2)]))
	case 6:
		if w.pick(2) == 0 {
			w.may("reject "+rec.ID, w.Reject(ctx, who, rec.ID, "x"))
			return
		}
		ids, err := w.Revoke(ctx, who, rec.ID, "x")
		if w.may("revoke "+rec.ID, err) {
			for _, id := range ids {
				w.revoked[id] = true
			}
		}
	case 7:
		id, err := w.Renew(ctx, who, rec.ID)
		if w.may("renew "+rec.ID, err) && w.revoked[id] {
			w.t.Errorf("%s was given again", id)
		}
	case 8:
		if w.pick(3) == 0 {
			w.may("unfold "+rec.ID, w.Unfold(ctx, who, rec.ID))
			return
		}
		w.may("fold "+rec.ID+" "+other.ID, w.Fold(ctx, who, [][]string{{rec.ID, other.ID}}))
	}
}

// shown is what is on the board of everything, as written.
func (w *world) shown() map[string][]byte {
	rows, _, err := w.Rows(w.t.Context(), postings.Scope{}, w.now)
	w.must(err)
	out := map[string][]byte{}
	for _, r := range rows {
		out[r.ID] = fmt.Appendf(r.Body, " %d", r.Refreshed)
	}
	return out
}

// check looks whether all that must hold does.
func (w *world) check(ctx context.Context) {
	_, err := w.Expire(ctx)
	w.must(err)
	all, gone, err := w.Board(ctx, postings.Scope{}, w.now)
	w.must(err)
	shown := w.shown()
	for _, p := range all {
		switch {
		case w.revoked[p.ID]:
			w.t.Errorf("%s was revoked and is shown", p.ID)
		case !p.Open(w.now):
			w.t.Errorf("%s ended on %v and is shown", p.ID, p.ValidThrough)
		case p.Description == "交押金":
			w.t.Errorf("%s is forbidden and is shown", p.ID)
		case !w.approved[p.ID+p.Description]:
			w.t.Errorf("%s is shown as %q, which nobody approved", p.ID, p.Description)
		}
		if v, err := w.View(ctx, p.ID); err != nil || v.Status != postings.Published || v.Leader != p.ID || v.Posting.Description != p.Description {
			w.t.Errorf("%s is shown, and its page says %+v, %v", p.ID, v, err)
		}
	}
	w.checkRecords(ctx, shown, gone)
	w.follow(ctx, shown)
}

// checkRecords looks at every posting by itself, and at each cluster.
func (w *world) checkRecords(ctx context.Context, shown map[string][]byte, gone []string) {
	offered, leaders := map[string]bool{}, map[string]int{}
	current := map[string]int{}
	for _, rec := range w.all() {
		full, err := w.Get(ctx, rec.ID)
		w.must(err)
		steps, err := w.History(ctx, rec.ID)
		w.must(err)
		if last := steps[len(steps)-1]; last.Status != full.Status || last.Revision != full.Revision {
			w.t.Errorf("%s is %s %d, and the last thing done to it was %+v", rec.ID, full.Status, full.Revision, last)
		}
		if (full.Status == postings.Revoked) != w.revoked[rec.ID] {
			w.t.Errorf("%s is %s", rec.ID, full.Status)
		}
		if full.Status == postings.Published && full.Live == nil || full.Live != nil && full.FirstPublished.IsZero() {
			w.t.Errorf("%s is %s, on the board: %v, first on %v", rec.ID, full.Status, full.Live != nil, full.FirstPublished)
		}
		if full.Status == postings.Revoked && !full.FirstPublished.IsZero() != slices.Contains(gone, rec.ID) {
			w.t.Errorf("%s is revoked, was shown %v, and among the revoked: %v", rec.ID, full.FirstPublished, slices.Contains(gone, rec.ID))
		}
		if full.Status != postings.Revoked {
			current[rec.From+" "+rec.Ref]++
		}
		if c := rec.Cluster; c != "" {
			offered[c] = offered[c] || full.Live != nil
			if shown[rec.ID] != nil {
				leaders[c]++
			}
		} else if (full.Live != nil) != (shown[rec.ID] != nil) {
			w.t.Errorf("%s is live: %v, shown: %v", rec.ID, full.Live != nil, shown[rec.ID] != nil)
		}
	}
	for c, live := range offered {
		if want := map[bool]int{true: 1}[live]; leaders[c] != want {
			w.t.Errorf("%d of the cluster %s are shown, not %d", leaders[c], c, want)
		}
	}
	for ref, n := range current {
		if n > 1 {
			w.t.Errorf("%s has %d postings that are not revoked", ref, n)
		}
	}
}

// follow does what a reader of the changes does, a few at a time: it must come to
// have what the board has.
func (w *world) follow(ctx context.Context, shown map[string][]byte) {
	for {
		changes, err := w.Changes(ctx, w.after, 3)
		w.must(err)
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			if w.after = c.After; c.Removed {
				delete(w.follower, c.Posting.ID)
				continue
			}
			r, err := wire.RowOf(&c.Posting)
			w.must(err)
			w.follower[r.ID] = fmt.Appendf(r.Body, " %d", r.Refreshed)
		}
	}
	for id, body := range shown {
		if !bytes.Equal(w.follower[id], body) {
			w.t.Errorf("%s: who follows has\n%s, the board\n%s", id, w.follower[id], body)
		}
	}
	for id := range w.follower {
		if shown[id] == nil {
			w.t.Errorf("%s: who follows still has it", id)
		}
	}
}

func (w *world) run(steps int) {
	for range steps {
		if len(w.bytes) == 0 {
			return
		}
		w.do(w.t.Context())
		w.check(w.t.Context())
		if w.t.Failed() {
			for _, l := range w.log[max(0, len(w.log)-40):] {
				w.t.Log(l)
			}
			return
		}
	}
}

// Whatever is done to a hub in whatever order, nothing is shown that should not
// be, and nothing is missed by who follows.
func TestAnyOrderOfThings(t *testing.T) {
	for seed := range uint64(2) {
		hubdbtest.Each(t, func(t *testing.T, db *hubdb.DB) {
			dice := rand.New(rand.NewPCG(seed, 17))
			choices := make([]byte, 4000)
			for i := range choices {
				choices[i] = byte(dice.Uint32())
			}
			w := newWorld(t, db, choices)
			w.run(100)
			if !t.Failed() && (len(w.revoked) == 0 || len(w.approved) == 0 || len(w.all()) < 5) {
				t.Errorf("seed %d did too little: %d revoked, %d approved", seed, len(w.revoked), len(w.approved))
			}
		})
	}
}

func FuzzAnyOrderOfThings(f *testing.F) {
	f.Add([]byte("0123456789abcdefghijklmnopqrstuvwxyz0123456789"))
	f.Add(bytes.Repeat([]byte{1, 0, 2, 7, 9, 4, 200, 33}, 30))
	f.Fuzz(func(t *testing.T, choices []byte) {
		db, err := hubdb.Open(t.Context(), hubdbtest.SQLite(t))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = db.Close() }()
		newWorld(t, db, choices).run(25)
	})
}
