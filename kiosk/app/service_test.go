package app

import (
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// fakeService writes down what staff asked of the devices.
type fakeService struct{ *calls }

func (s fakeService) Test(p session.Part)                     { s.add("test %s", p) }
func (s fakeService) TestSlip()                               { s.add("test slip") }
func (s fakeService) PaperChanged()                           { s.add("paper changed") }
func (s fakeService) Signal(l session.Lamp, b session.Buzzer) { s.add("lamp %s, buzzer %q", l, b) }

func (s fakeService) Unlock(pin string) (answer session.Unlocked) {
	return session.Unlocked{OK: pin == "270513"}
}

func TestEffectsReachTheDevices(t *testing.T) {
	at(t, nil, func(r *rig) {
		s := fakeService{r.calls}
		for _, tt := range []struct {
			effect session.Effect
			want   string
		}{
			{session.Test{Part: session.PartReader}, "test reader"},
			{session.TestSlip{}, "test slip"},
			{session.PaperChanged{}, "paper changed"},
			{session.Signal{Lamp: session.LampTake, Buzzer: session.BuzzOK}, `lamp take, buzzer "ok"`},
		} {
			// A terminal without devices only goes on.
			r.app.o.Service, r.app.o.Panel = nil, nil
			if e := r.app.service(r.ctx, tt.effect); e != nil {
				t.Errorf("%T is answered by %T", tt.effect, e)
			}
			r.asked()
			r.app.o.Service, r.app.o.Panel = s, s
			if e := r.app.service(r.ctx, tt.effect); e != nil {
				t.Errorf("%T is answered by %T", tt.effect, e)
			}
			r.asked(tt.want)
		}
	})
}

func TestUnlockIsAnswered(t *testing.T) {
	at(t, nil, func(r *rig) {
		if e, ok := r.app.unlock(r.ctx, "1").(session.Unlocked); !ok || !e.None {
			t.Errorf("without a lock: %+v", e)
		}
	})
	// The answer comes as an event, so that the loop goes on meanwhile.
	r := newRig(t, func(o *Options) { o.Staff = fakeService{} })
	defer r.cancel()
	for pin, want := range map[string]bool{"270513": true, "111111": false} {
		if e := r.app.unlock(r.ctx, pin); e != nil {
			t.Errorf("answered at once: %+v", e)
		}
		if e, ok := (<-r.app.events).(session.Unlocked); !ok || e.OK != want || e.Time.IsZero() {
			t.Errorf("PIN %s: %+v", pin, e)
		}
	}
}

func TestLookup(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.confirm()
		code := r.shown.Referral.Code
		look := func(posting string, code kiosk.Code) session.LookedUp {
			t.Helper()
			return r.app.lookup(r.ctx, session.Lookup{Seq: 7, Posting: posting, Code: code}).(session.LookedUp)
		}
		got := look("p1", code)
		if got.Seq != 7 || !got.Open || !got.Known || got.Referral.State != kiosk.Printed || got.Item.Posting.ID != "p1" || got.Item.Metres <= 0 {
			t.Errorf("our slip: %+v", got)
		}
		if got := look("p1", ""); !got.Open || got.Known {
			t.Errorf("a posting's code: %+v", got)
		}
		if got := look("p2", code); got.Known {
			t.Error("a code is known for another posting than its own")
		}
		if got := look("p1", "2222222222"); !got.Open || got.Known || got.Err != nil {
			t.Errorf("a slip of another terminal: %+v", got)
		}
		r.board.withdraw("p1")
		if got := look("p1", code); got.Open || !got.Known {
			t.Errorf("a posting that has gone: %+v", got)
		}
		r.ledger.refuses["get"] = true
		if got := look("p2", "2222222222"); got.Err == nil || !strings.Contains(r.log.String(), "could not look a referral up") {
			t.Errorf("a ledger that cannot be read: %+v, log %s", got, r.log.String())
		}
		r.wait(time.Second)
	})
}

// Work like that of a posting is other work, not the same job from another source.
func TestSimilarWorkIsOther(t *testing.T) {
	at(t, nil, func(r *rig) {
		r.board.set(func() {
			for i := range r.board.all {
				if i != 2 && i != 5 {
					r.board.all[i].Title += "（熟手）"
				}
			}
		})
		got := r.app.rank(r.ctx, session.Rank{Except: "p2", Limit: 20})
		if got.Total != 7 || len(got.Items) != 7 {
			t.Errorf("%d of %d rows", len(got.Items), got.Total)
		}
		for _, it := range got.Items {
			if id := it.Posting.ID; id == "p2" || id == "p5" {
				t.Errorf("%s is the same job", id)
			}
		}
		if all := r.app.rank(r.ctx, session.Rank{Limit: 20}); all.Total != 9 {
			t.Errorf("%d without an exception", all.Total)
		}
	})
}
