package postings_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/sync/hub/postings"
)

func TestFromIntakeToBoard(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		a, b := r.posting("a"), r.posting("b")
		wantReport(t, r.take("x", true, a, b), "new 2, bad 0")
		r.wantBoard()
		rec := r.wantStatus("x", "a", postings.Review)
		if len(rec.ID) != 12 || rec.SubmittedBy != "import:x" || rec.Revision != 1 {
			t.Errorf("%+v", rec)
		}
		r.publish()
		r.wantBoard("a/会平车", "b/会平车")
		if again := r.wantStatus("x", "a", postings.Published); again.ID != rec.ID || !again.FirstPublished.Equal(r.now) {
			t.Errorf("%+v", again)
		}
		wantReport(t, r.take("x", true, a, b), "same 2, new 0, changed 0")
		r.days(1)
		bumped := with(a, func(p *kiosk.Posting) { p.Refreshed = r.now })
		wantReport(t, r.take("x", true, bumped, b), "refreshed 1, same 1")
		all, _, err := r.Board(t.Context(), postings.Scope{}, r.now)
		r.must(err)
		if n := len(all); n != 2 {
			t.Fatalf("%d postings", n)
		}
		for _, p := range all {
			if p.ID == rec.ID && !p.Refreshed.Equal(r.now) {
				t.Errorf("refreshed %v, want %v", p.Refreshed, r.now)
			}
		}
		steps, err := r.History(t.Context(), rec.ID)
		r.must(err)
		var did []string
		for _, s := range steps {
			did = append(did, s.What+" by "+s.Who)
		}
		if got := strings.Join(did, ", "); got != "import by import:x, approve by bob, publish by bob" {
			t.Errorf("history: %s", got)
		}
	})
}

// A source that publishes the same offer anew every day says that it still holds.
func TestANewDateOfPublicationIsARefresh(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		a := r.posting("a")
		r.take("x", true, a)
		r.publish()
		first := r.find("x", "a")
		r.days(2)
		a.Published = r.now
		wantReport(t, r.take("x", true, a), "refreshed 1, changed 0")
		rec := r.wantStatus("x", "a", postings.Published)
		if rec.Revision != 1 || !rec.Posting.Published.Equal(first.Posting.Published) || !rec.Refreshed.Equal(r.now) {
			t.Errorf("%+v", rec)
		}
		wantReport(t, r.take("x", true, a), "same 1")
	})
}

func TestAChangeIsReviewedWhileTheOldTextStays(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		a := r.posting("a")
		r.take("x", true, a)
		r.publish()
		wantReport(t, r.take("x", true, with(a, describe("会锁边"))), "changed 1")
		rec := r.wantStatus("x", "a", postings.Review)
		if rec.Revision != 2 {
			t.Errorf("revision %d", rec.Revision)
		}
		r.wantBoard("a/会平车")
		full, err := r.Get(t.Context(), rec.ID)
		if err != nil || full.Live == nil || full.Live.Description != "会平车" || full.Description != "会锁边" {
			t.Errorf("%+v, %v", full, err)
		}
		if old, err := r.Content(t.Context(), rec.ID, 1); err != nil || old.Description != "会平车" {
			t.Errorf("%+v, %v", old, err)
		}
		r.wantErr("approve what was changed", r.Approve(t.Context(), "bob", rec.ID, 1), postings.ErrMoved)
		r.must(r.Reject(t.Context(), "bob", rec.ID, "工资没写"))
		r.wantStatus("x", "a", postings.Draft)
		wantReport(t, r.take("x", true, with(a, describe("会锁边"))), "same 1")
		r.wantStatus("x", "a", postings.Draft)
		r.wantBoard("a/会平车")
		r.must(r.Submit(t.Context(), "ann", rec.ID, 2))
		r.publish()
		r.wantBoard("a/会锁边")
	})
}

// A text that the law forbids is never shown, and takes the old one with it.
func TestForbiddenTextIsNeverShown(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		a, b := r.posting("a"), r.posting("b")
		r.take("x", true, a, with(b, describe("交押金 300，985 优先")))
		rec := r.wantStatus("x", "b", postings.Review)
		if !rec.Blocked || len(rec.Findings) != 2 || rec.Findings[0].Rule != "fee" || rec.Findings[1].Level != postings.Warn {
			t.Errorf("%+v", rec.Findings)
		}
		r.wantErr("approve it", r.Approve(t.Context(), "bob", rec.ID, 1), postings.ErrBlocked)
		r.must(r.Approve(t.Context(), "bob", r.find("x", "a").ID, 1))
		_, err := r.Release(t.Context(), "bob")
		r.must(err)
		r.wantBoard("a/会平车")
		r.take("x", false, with(a, describe("要押金")))
		r.wantBoard()
		if v, err := r.View(t.Context(), r.find("x", "a").ID); err != nil || v.Status != postings.Review || v.Posting.Title != "" {
			t.Errorf("%+v, %v", v, err)
		}
		list, _, err := r.Search(t.Context(), postings.Query{Status: postings.Review, Blocked: true})
		if err != nil || len(list) != 2 {
			t.Errorf("%d blocked, %v", len(list), err)
		}
		c, err := r.Counts(t.Context(), "360482")
		if err != nil || c.By[postings.Review] != 2 || c.Blocked != 2 || c.Live != 0 {
			t.Errorf("%+v, %v", c, err)
		}
		r.take("x", false, a) // mended
		r.publishOne("a")
		r.wantBoard("a/会平车")
	})
}

func (r *rig) publishOne(ref string) {
	r.t.Helper()
	rec := r.find("x", ref)
	r.must(r.Approve(r.t.Context(), "bob", rec.ID, rec.Revision))
	_, err := r.Release(r.t.Context(), "bob")
	r.must(err)
}

func TestWhatIsMissingIsClosedAndComesBack(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		a, b, c := r.posting("a"), r.posting("b"), r.posting("c")
		r.take("x", true, a, b, c)
		r.take("y", true, r.posting("d"))
		r.publish()
		wantReport(t, r.take("x", false, a), "closed 0")
		wantReport(t, r.take("x", true, a), "closed 2, same 1")
		r.wantBoard("a/会平车", "d/会平车")
		r.wantStatus("x", "b", postings.Closed)
		wantReport(t, r.take("x", true, a, b, with(c, describe("会锁边"))), "reopened 1, changed 1")
		r.wantBoard("a/会平车", "b/会平车", "d/会平车")
		r.wantStatus("x", "c", postings.Review)

		// What was closed by hand stays so until the source says something new.
		r.must(r.Close(t.Context(), "ann", r.find("x", "b").ID, postings.Filled))
		wantReport(t, r.take("x", true, a, b, c), "held 1")
		r.wantStatus("x", "b", postings.Closed)
		wantReport(t, r.take("x", true, a, with(b, describe("又招")), c), "changed 1")
		r.wantStatus("x", "b", postings.Review)

		// Rows that cannot be read are not missing, nor those that are wrong.
		bad := with(a, func(p *kiosk.Posting) { p.Title = "" })
		report, err := r.Import(t.Context(), "import:x", postings.Batch{Source: "x", Full: true, Items: items(bad), Unread: []string{"b", "no"}})
		r.must(err)
		wantReport(t, report, "bad 1, closed 1")
		if !strings.Contains(report.Problems[0].Why, "title: is empty") || report.Problems[0].Ref != "a" {
			t.Errorf("%+v", report.Problems)
		}
		r.wantBoard("a/会平车", "d/会平车")
	})
}

// A file that was cut off does not empty the board.
func TestTooManyMissingAreNotClosed(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		var all []kiosk.Posting
		for i := range 230 {
			all = append(all, r.posting(fmt.Sprintf("p%03d", i)))
		}
		wantReport(t, r.take("x", true, all...), "new 230")
		wantReport(t, r.take("x", true, all[:100]...), "withheld 130, closed 0, same 100")
		wantReport(t, r.take("x", true, all[:200]...), "withheld 0, closed 30")
		report, err := r.Import(t.Context(), "ann", postings.Batch{Source: "x", Full: true, Shrunk: true, Items: items(all[:1]...)})
		r.must(err)
		wantReport(t, report, "closed 199, same 1")
		states, err := r.Sources(t.Context())
		if err != nil || len(states) != 1 || states[0].Source != "x" || states[0].Open != 1 || states[0].Last.Closed != 199 || !states[0].Complete.Equal(r.now) {
			t.Errorf("%+v, %v", states, err)
		}
	})
}

// After an import that ended too early nothing is closed, and it can be done again.
func TestAnImportThatBreaksOff(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		a, b := r.posting("a"), r.posting("b")
		r.take("x", true, a, b)
		broken := errors.New("the line was cut")
		_, err := r.Import(t.Context(), "ann", postings.Batch{Source: "x", Full: true, Items: func(yield func(kiosk.Posting, error) bool) {
			_ = yield(a, nil) && yield(kiosk.Posting{}, broken)
		}})
		r.wantErr("the import", err, broken)
		r.wantStatus("x", "b", postings.Review)
		wantReport(t, r.take("x", true, a, b), "same 2")
	})
}

func TestWhatIsRefused(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		a := r.posting("a")
		ended := with(r.posting("old"), func(p *kiosk.Posting) {
			p.ValidThrough = r.now.AddDate(0, 0, -1)
			p.Published = r.now.AddDate(0, -1, 0)
		})
		nameless := r.posting("")
		wrong := with(r.posting("w"), func(p *kiosk.Posting) { p.Area = "36x"; p.Headcount = -1 })
		report := r.take("x", true, a, a, ended, nameless, wrong)
		wantReport(t, report, "new 1, bad 4")
		var why []string
		for _, p := range report.Problems {
			why = append(why, p.Ref+": "+p.Why)
		}
		text := strings.Join(why, "\n")
		for _, want := range []string{"another posting before it", "it ended on", "source.ref: is empty", "headcount:", "area:"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in\n%s", want, text)
			}
		}
		for _, source := range []string{"", "desk", strings.Repeat("x", 41)} {
			if _, err := r.Import(t.Context(), "ann", postings.Batch{Source: source, Items: items()}); err == nil {
				t.Errorf("a source called %q", source)
			}
		}
	})
}

// The end of an approved posting may be moved a little without a review.
func TestMovedEnds(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		a := r.posting("a")
		until := func(days int) kiosk.Posting {
			return with(a, func(p *kiosk.Posting) { p.ValidThrough = r.now.AddDate(0, 0, days) })
		}
		r.take("x", true, a)
		r.publish()
		wantReport(t, r.take("x", true, until(34)), "moved 1, changed 0")
		r.wantStatus("x", "a", postings.Published)
		wantReport(t, r.take("x", true, until(36)), "changed 1")
		r.wantStatus("x", "a", postings.Review)
		r.wantBoard("a/会平车")
		r.publish()
		wantReport(t, r.take("x", true, until(1)), "moved 1")
		r.wantStatus("x", "a", postings.Published)
		r.days(2)
		r.wantBoard()
		n, err := r.Expire(t.Context())
		if err != nil || n != 1 {
			t.Errorf("%d expired, %v", n, err)
		}
		r.wantStatus("x", "a", postings.Expired)
		wantReport(t, r.take("x", true, until(10)), "reopened 1")
		r.wantStatus("x", "a", postings.Published)
		r.wantBoard("a/会平车")
		wantReport(t, r.take("x", true, until(-1)), "moved 1")
		r.wantStatus("x", "a", postings.Expired)

		// Welfare posts have no such freedom.
		w := with(r.posting("w"), func(p *kiosk.Posting) { p.Channel = kiosk.Welfare })
		r.take("x", false, w)
		r.publish()
		w.ValidThrough = w.ValidThrough.AddDate(0, 0, 1)
		wantReport(t, r.take("x", false, w), "changed 1")
	})
}
