package postings_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/postings"
)

func TestFourEyes(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		ctx := t.Context()
		write := func(c kiosk.Channel) string {
			id, err := r.Write(ctx, "ann", with(r.posting("d"), func(p *kiosk.Posting) { p.Channel = c }))
			r.must(err)
			return id
		}
		market, gig, policy := write(kiosk.Market), write(kiosk.Gig), write(kiosk.Policy)
		r.wantErr("approve a draft", r.Approve(ctx, "bob", market, 1), postings.ErrState)
		for _, id := range []string{market, gig, policy} {
			r.must(r.Submit(ctx, "ann", id, 1))
		}
		r.wantErr("her own market posting", r.Approve(ctx, "ann", market, 1), postings.ErrEyes)
		r.wantErr("her own policy posting, whatever the settings say", r.Approve(ctx, "ann", policy, 1), postings.ErrEyes)
		r.must(r.Approve(ctx, "ann", gig, 1)) // the settings allow it
		r.must(r.Approve(ctx, "bob", policy, 1))

		// Who has changed it counts as much as who has submitted it.
		r.must(r.Edit(ctx, "bob", 1, with(r.posting("d"), func(p *kiosk.Posting) { p.ID = market })))
		r.wantErr("an old revision", r.Submit(ctx, "ann", market, 1), postings.ErrMoved)
		r.must(r.Submit(ctx, "ann", market, 2))
		r.wantErr("what he has written", r.Approve(ctx, "bob", market, 2), postings.ErrEyes)
		r.wantErr("what she has submitted", r.Approve(ctx, "ann", market, 2), postings.ErrEyes)
		r.must(r.Approve(ctx, "eve", market, 2))
		r.wantErr("nobody", r.Close(ctx, " ", market, "x"), postings.ErrWho)
		r.wantErr("no reason", r.Close(ctx, "ann", market, " "), postings.ErrWho)
		r.wantErr("no such posting", r.Close(ctx, "ann", "none", "x"), postings.ErrUnknown)
	})
}

// What is approved waits for its day, and what ended meanwhile never appears.
func TestReleaseWaitsForTheDay(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		later := with(r.posting("a"), func(p *kiosk.Posting) { p.Published = r.now.AddDate(0, 0, 2) })
		r.take("x", true, later)
		r.publish()
		r.wantBoard()
		r.wantStatus("x", "a", postings.Approved)
		r.days(2)
		ids, err := r.Release(t.Context(), "bob")
		if err != nil || len(ids) != 1 {
			t.Errorf("%v, %v", ids, err)
		}
		r.wantBoard("a/会平车")
		r.days(60)
		r.wantBoard()
		r.take("x", false, with(r.posting("b"), func(p *kiosk.Posting) { p.ValidThrough = r.now.Add(time.Hour) }))
		r.must(r.Approve(t.Context(), "bob", r.find("x", "b").ID, 1))
		r.days(1)
		r.publish()
		r.wantBoard()
		n, err := r.Expire(t.Context())
		if err != nil || n != 2 {
			t.Errorf("%d expired, %v", n, err)
		}
		r.wantErr("submit what has ended", r.Submit(t.Context(), "ann", r.find("x", "b").ID, 1), postings.ErrEnded)
	})
}

func TestARevokedIDNeverComesBack(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		ctx := t.Context()
		a := r.posting("a")
		r.take("x", true, a, r.posting("b"))
		r.publish()
		old := r.find("x", "a")
		_, err := r.Revoke(ctx, "ann", old.ID, "")
		r.wantErr("without a reason", err, postings.ErrWho)
		ids, err := r.Revoke(ctx, "ann", old.ID, "收押金")
		if err != nil || !slices.Equal(ids, []string{old.ID}) {
			t.Fatalf("%v, %v", ids, err)
		}
		r.wantBoard("b/会平车")
		wantReport(t, r.take("x", true, a, r.posting("b")), "held 1")
		r.wantBoard("b/会平车")
		for what, err := range map[string]error{
			"submit": r.Submit(ctx, "ann", old.ID, 1), "approve": r.Approve(ctx, "bob", old.ID, 1), "close": r.Close(ctx, "ann", old.ID, "x"),
			"edit": r.Edit(ctx, "ann", 1, with(a, func(p *kiosk.Posting) { p.ID = old.ID })),
		} {
			r.wantErr(what, err, postings.ErrState)
		}
		_, revoked, err := r.Board(ctx, postings.Scope{}, r.now)
		if err != nil || !slices.Equal(revoked, []string{old.ID}) {
			t.Errorf("revoked %v, %v", revoked, err)
		}
		v, err := r.View(ctx, old.ID)
		if err != nil || v.Status != postings.Revoked || v.Posting.Title != "" || v.Posting.Contact.Phone != "" || v.Sources != nil {
			t.Errorf("%+v, %v", v, err)
		}

		id, err := r.Renew(ctx, "ann", old.ID)
		if err != nil || id == old.ID {
			t.Fatalf("%s, %v", id, err)
		}
		_, err = r.Renew(ctx, "ann", old.ID)
		r.wantErr("twice", err, postings.ErrState)
		r.wantErr("by herself", r.Approve(ctx, "ann", id, 1), postings.ErrEyes)
		r.publish()
		r.wantBoard("a/会平车", "b/会平车")
		wantReport(t, r.take("x", true, a, r.posting("b")), "same 2")

		// What the source changes after a revocation is another posting.
		_, err = r.Revoke(ctx, "ann", id, "收押金")
		r.must(err)
		wantReport(t, r.take("x", true, with(a, describe("不收押钱")), r.posting("b")), "new 1, held 0")
		if rec := r.wantStatus("x", "a", postings.Review); rec.ID == id || rec.ID == old.ID || rec.Gen != 3 {
			t.Errorf("%+v", rec)
		}
		_, revoked, err = r.Board(ctx, postings.Scope{}, r.now)
		if err != nil || len(revoked) != 2 {
			t.Errorf("revoked %v, %v", revoked, err)
		}
	})
}

func TestCopiesAreFolded(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		ctx := t.Context()
		from := func(name string) kiosk.Posting {
			return with(r.posting("a"), func(p *kiosk.Posting) { p.Source.Name = name })
		}
		r.take("x", true, from("甲网"), r.posting("b"))
		r.publish()
		r.days(1)
		r.take("y", true, from("乙网"))
		r.take("z", true, from("乙网"))
		r.publish()
		x, y, z := r.find("x", "a").ID, r.find("y", "a").ID, r.find("z", "a").ID
		r.must(r.Fold(ctx, "hub", [][]string{{y, z}, {x, y, "none"}, {x}, nil}))
		before := len(r.events)
		r.must(r.Fold(ctx, "hub", [][]string{{z, x}}))
		if len(r.events) != before {
			t.Error("what is folded was folded again")
		}
		all, _, err := r.Board(ctx, postings.Scope{}, r.now)
		r.must(err)
		names := map[string]string{}
		for _, p := range all {
			names[p.ID] = p.Source.Name
		}
		if len(names) != 2 || names[x] != "甲网、乙网" {
			t.Errorf("%v", names)
		}
		v, err := r.View(ctx, y)
		if err != nil || v.Status != postings.Published || v.Leader != x || len(v.Sources) != 2 {
			t.Errorf("%+v, %v", v, err)
		}
		members, err := r.Cluster(ctx, r.find("x", "a").Cluster)
		if err != nil || len(members) != 3 || members[0] != x {
			t.Errorf("%v, %v", members, err)
		}

		// Where the first one goes, another stands for it.
		wantReport(t, r.take("x", true, r.posting("b")), "closed 1")
		if all, _, err = r.Board(ctx, postings.Scope{}, r.now); err != nil || len(all) != 2 || !slices.ContainsFunc(all, func(p kiosk.Posting) bool {
			return (p.ID == y || p.ID == z) && p.Source.Name == "乙网"
		}) {
			t.Errorf("%+v, %v", all, err)
		}
		r.must(r.Unfold(ctx, "ann", z))
		r.wantErr("unfold twice", r.Unfold(ctx, "ann", z), postings.ErrState)
		r.wantBoard("a/会平车", "a/会平车", "b/会平车")
		r.must(r.Fold(ctx, "hub", [][]string{{z, y}}))

		// A fraud is one from whatever source, and who is found is found.
		ids, err := r.Revoke(ctx, "ann", y, "假的")
		slices.Sort(ids)
		if want := slices.Sorted(slices.Values([]string{x, y, z})); err != nil || !slices.Equal(ids, want) {
			t.Errorf("revoked %v, %v", ids, err)
		}
		r.wantBoard("b/会平车")
	})
}

func TestFilledClosesEveryCopy(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.take("x", true, r.posting("a"))
		r.take("y", true, r.posting("a"))
		r.publish()
		x, y := r.find("x", "a").ID, r.find("y", "a").ID
		r.must(r.Fold(t.Context(), "hub", [][]string{{x, y}}))
		r.wantBoard("a/会平车")
		r.must(r.Close(t.Context(), "ann", y, postings.Filled))
		r.wantBoard()
		for _, id := range []string{x, y} {
			if v, err := r.View(t.Context(), id); err != nil || v.Status != postings.Closed || !v.Filled || v.Posting.Title == "" {
				t.Errorf("%+v, %v", v, err)
			}
		}
	})
}

// Where the rules have become stricter, what is on the boards is looked at again.
func TestRelint(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.take("x", true, r.posting("a"), with(r.posting("b"), describe("要求身高")), with(r.posting("c"), describe("985 优先")))
		r.publish()
		r.wantBoard("a/会平车", "b/要求身高", "c/985 优先")
		r.forbid = "身高"
		n, err := r.Relint(t.Context(), "ann")
		if err != nil || n != 1 {
			t.Errorf("%d, %v", n, err)
		}
		r.wantBoard("a/会平车", "c/985 优先")
		if rec := r.wantStatus("x", "b", postings.Review); !rec.Blocked {
			t.Errorf("%+v", rec)
		}
		if n, err := r.Relint(t.Context(), "ann"); err != nil || n != 0 {
			t.Errorf("again: %d, %v", n, err)
		}
	})
}

// What is not written into the audit log does not happen.
func TestTheAuditLogHasAWord(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		ctx := t.Context()
		r.take("x", true, r.posting("a"))
		r.publish()
		id := r.find("x", "a").ID
		r.refuse = true
		_, err := r.Revoke(ctx, "ann", id, "x")
		if err == nil || !strings.Contains(err.Error(), "full") {
			t.Errorf("%v", err)
		}
		if _, err := r.Write(ctx, "ann", r.posting("d")); err == nil {
			t.Error("written")
		}
		r.wantStatus("x", "a", postings.Published)
		r.refuse = false
		_, err = r.Revoke(ctx, "ann", id, "收押金")
		r.must(err)
		if e := r.events[len(r.events)-1]; e != (postings.Event{Who: "ann", Action: "posting.revoke", Subject: id, Note: "收押金"}) {
			t.Errorf("%+v", e)
		}
	})
}

// What is long over is forgotten, and what was revoked never.
func TestForget(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		ctx := t.Context()
		r.take("x", true, r.posting("a"), r.posting("b"), r.posting("c"))
		r.publish()
		a, b := r.find("x", "a").ID, r.find("x", "b").ID
		r.must(r.Close(ctx, "ann", a, "x"))
		_, err := r.Revoke(ctx, "ann", b, "x")
		r.must(err)
		draft, err := r.Write(ctx, "ann", r.posting("d"))
		r.must(err)
		if n, err := r.Forget(ctx, "hub", r.now); err != nil || n != 0 {
			t.Errorf("too early: %d, %v", n, err)
		}
		r.days(1)
		if n, err := r.Forget(ctx, "hub", r.now); err != nil || n != 2 {
			t.Errorf("%d, %v", n, err)
		}
		for _, id := range []string{a, draft} {
			_, err := r.Get(ctx, id)
			r.wantErr(id, err, postings.ErrUnknown)
		}
		r.wantStatus("x", "b", postings.Revoked)
		r.wantBoard("c/会平车")
		wantReport(t, r.take("x", true, r.posting("a"), r.posting("b"), r.posting("c")), "new 1, held 1, refreshed 1")
		if rec := r.wantStatus("x", "a", postings.Review); rec.ID != a {
			t.Errorf("%s was %s before", rec.ID, a)
		}
	})
}
