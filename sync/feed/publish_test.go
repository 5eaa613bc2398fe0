package feed

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"jobhome/sync/delta"
	"jobhome/sync/internal/churn"
	"jobhome/sync/publish"
	"jobhome/sync/trust"
)

// With the real publisher, from a directory: days of a board, something taken down
// between two of them, and a terminal that was off meanwhile, which has the hub's
// board after one round. JOBHOME_FEED_DAYS is how many days; 60 take a minute.
func TestPublishedDays(t *testing.T) {
	days := 6
	if n, err := strconv.Atoi(os.Getenv("JOBHOME_FEED_DAYS")); err == nil {
		days = n
	}
	h := newHub(t, 120)
	dir := h.tree.stick(t) // only its root is good for this
	store, err := publish.NewDir(dir)
	h.must(err)
	h.must(store.Delete(t.Context(), "b/"+boardName+"/head"))
	hub, err := publish.New(store, publish.Options{Epoch: 1, Signers: []trust.Signer{h.sign}})
	h.must(err)

	var revoked []string
	put := func() {
		t.Helper()
		h.rows = h.now()
		h.head, err = hub.Publish(context.Background(), boardName, publish.Content{Rows: h.rows, Revoked: revoked}, h.days.Now())
		h.must(err)
		gone := map[string]bool{}
		for _, id := range revoked {
			gone[id] = true
		}
		var left delta.Rows
		for _, r := range h.rows {
			if !gone[r.ID] {
				left = append(left, r)
			}
		}
		h.rows = left
	}
	put()
	daily, off := h.terminal(nil), h.terminal(nil)
	for _, c := range []*terminal{daily, off} {
		c.is(c.FromDir(t.Context(), dir), Applied)
		c.equals(h)
	}
	for n := range days {
		day := churn.Day{New: 2, Gone: 1, Edited: 1}
		if n < 20 {
			day.Dated = 15
		}
		h.must(h.days.Next(day))
		if n%20 == 3 { // taken down at noon: the same version is signed again
			revoked = append([]string{daily.board.rows[3].ID}, revoked...)
			h.head, err = hub.Revoke(t.Context(), boardName, revoked[:1], h.days.Now().Add(-12*time.Hour))
			h.must(err)
			rep := daily.FromDir(t.Context(), dir)
			if daily.is(rep, Applied); rep.Revoked != 1 || rep.Steps != 0 || daily.board.has(revoked[0]) {
				t.Errorf("day %d: %+v", n, rep)
			}
		}
		put()
		daily.clock = h.days.Now()
		daily.is(daily.FromDir(t.Context(), dir), Applied)
		daily.equals(h)
	}
	off.clock = h.days.Now()
	rep := off.FromDir(t.Context(), dir)
	off.is(rep, Applied)
	off.equals(h)
	t.Logf("%d days: %d questions, %d bytes, %d steps; a base has %d", days, rep.Gets, rep.Bytes, rep.Steps, h.head.Base.Size)
	if rep.Gets > 6 {
		t.Errorf("%+v", rep)
	}
}
