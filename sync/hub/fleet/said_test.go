package fleet

import (
	"testing"
	"time"

	"jobhome/kiosk"
)

// What is said on a page of the hub is counted with what is said at terminals,
// and goes with it.
func TestComplaintsOfThePages(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		h.enrol("360482001")
		sites, err := h.Sites(t.Context(), "")
		if err != nil || len(sites) == 0 {
			t.Fatal(sites, err)
		}
		b := kiosk.BadPosting{Posting: "p-9", Site: sites[0].ID, Why: kiosk.FeePosting, At: h.clock()}
		for range 2 {
			if err := h.AddComplaint(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
		for _, change := range []func(*kiosk.BadPosting){
			func(b *kiosk.BadPosting) { b.Why = "ugly" },
			func(b *kiosk.BadPosting) { b.Posting = "" },
			func(b *kiosk.BadPosting) { b.At = time.Time{} },
		} {
			bad := b
			change(&bad)
			refused(t, "a complaint", h.AddComplaint(t.Context(), bad), ErrInvalid)
		}
		got, err := h.Complaints(t.Context(), Scope{}, 9)
		if err != nil || len(got) != 1 || got[0].Times != 2 || got[0].Posting != "p-9" || got[0].Why != kiosk.FeePosting {
			t.Errorf("%+v, %v", got, err)
		}
		h.wait(4 * 366 * 24 * time.Hour)
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := h.count("fleet_said"); n != 0 {
			t.Errorf("%d complaints are left after four years", n)
		}
	})
}
