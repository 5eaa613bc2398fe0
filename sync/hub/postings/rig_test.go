package postings_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/hubdb/hubdbtest"
	"jobhome/sync/hub/postings"
)

var zone = time.FixedZone("CST", 8*60*60)

// rig is a hub's postings with a clock that the test moves.
type rig struct {
	*postings.Postings
	t      testing.TB
	now    time.Time
	events []postings.Event
	refuse bool // the audit log does
	forbid string
}

func newRig(t testing.TB, db *hubdb.DB) *rig {
	t.Helper()
	r := &rig{t: t, now: time.Date(2026, 11, 25, 9, 0, 0, 0, zone), forbid: "押金"}
	p, err := postings.New(t.Context(), db, postings.Opts{
		Lint:  r.lint,
		Rules: map[kiosk.Channel]postings.Rule{kiosk.Gig: {OneMayApprove: true}, kiosk.Policy: {OneMayApprove: true}},
		Audit: r.audit,
		Now:   func() time.Time { return r.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	r.Postings = p
	return r
}

func (r *rig) lint(p *kiosk.Posting) []postings.Finding {
	var all []postings.Finding
	if strings.Contains(p.Description, r.forbid) {
		all = append(all, postings.Finding{Rule: "fee", Level: postings.Block, Field: "description", Text: r.forbid})
	}
	if strings.Contains(p.Description, "985") {
		all = append(all, postings.Finding{Rule: "school", Level: postings.Warn, Field: "description", Text: "985"})
	}
	return all
}

func (r *rig) audit(_ context.Context, _ *hubdb.Tx, e postings.Event) error {
	if r.refuse {
		return errors.New("the audit log is full")
	}
	r.events = append(r.events, e)
	return nil
}

// posting is one that a source could have.
func (r *rig) posting(ref string) kiosk.Posting {
	return kiosk.Posting{
		Title: "缝纫工 " + ref, Employer: kiosk.Employer{Name: "共青城某某服饰有限公司"},
		Occupation: kiosk.Occupation{Code: "6-05-01-01", Name: "缝纫工"}, Channel: kiosk.Market, Headcount: 3,
		Area: "360482001", Address: "工业三路 8 号", Location: kiosk.Point{Lat: 29.25, Lon: 115.81},
		Pay:         kiosk.Pay{Min: kiosk.Yuan(5000), Max: kiosk.Yuan(8000), Unit: kiosk.PerMonth},
		Description: "会平车", Contact: kiosk.Contact{Person: "王主管", Phone: "0792-0000001"},
		Published: r.now.Truncate(24 * time.Hour), ValidThrough: time.Date(2026, 12, 20, 23, 59, 59, 0, zone),
		Source: kiosk.Source{Name: "测试来源", Ref: ref},
	}
}

func items(all ...kiosk.Posting) iter.Seq2[kiosk.Posting, error] {
	return func(yield func(kiosk.Posting, error) bool) {
		for _, p := range all {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func (r *rig) take(source string, full bool, all ...kiosk.Posting) postings.Report {
	r.t.Helper()
	report, err := r.Import(r.t.Context(), "import:"+source, postings.Batch{Source: source, Items: items(all...), Full: full})
	if err != nil {
		r.t.Fatal(err)
	}
	return report
}

// find returns the record of what a source calls ref, the newest one.
func (r *rig) find(source, ref string) postings.Record {
	r.t.Helper()
	list, _, err := r.Search(r.t.Context(), postings.Query{Source: source, Text: ref, Limit: 500})
	if err != nil {
		r.t.Fatal(err)
	}
	list = slices.DeleteFunc(list, func(p postings.Record) bool { return p.Ref != ref })
	if len(list) == 0 {
		r.t.Fatalf("%s has no %s", source, ref)
	}
	return slices.MaxFunc(list, func(a, b postings.Record) int { return int(a.Gen - b.Gen) })
}

// publish approves what waits and puts it on the board.
func (r *rig) publish() {
	r.t.Helper()
	list, _, err := r.Search(r.t.Context(), postings.Query{Status: postings.Review, Limit: 500})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, rec := range list {
		if err := r.Approve(r.t.Context(), "bob", rec.ID, rec.Revision); err != nil {
			r.t.Fatal(err)
		}
	}
	if _, err := r.Release(r.t.Context(), "bob"); err != nil {
		r.t.Fatal(err)
	}
}

// board is everything that is shown, as "title/description".
func (r *rig) board() []string {
	r.t.Helper()
	all, _, err := r.Board(r.t.Context(), postings.Scope{}, r.now)
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, p := range all {
		out = append(out, strings.TrimPrefix(p.Title, "缝纫工 ")+"/"+p.Description)
	}
	slices.Sort(out)
	return out
}

func (r *rig) wantBoard(want ...string) {
	r.t.Helper()
	if got := r.board(); !slices.Equal(got, want) {
		r.t.Errorf("the board has %q, want %q", got, want)
	}
}

func (r *rig) wantStatus(source, ref string, want postings.Status) postings.Record {
	r.t.Helper()
	rec := r.find(source, ref)
	if rec.Status != want {
		r.t.Errorf("%s is %s, want %s", ref, rec.Status, want)
	}
	return rec
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) wantErr(what string, err, want error) {
	r.t.Helper()
	if !errors.Is(err, want) {
		r.t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func (r *rig) days(n int) { r.now = r.now.AddDate(0, 0, n) }

func each(t *testing.T, f func(t *testing.T, r *rig)) {
	t.Helper()
	hubdbtest.Each(t, func(t *testing.T, db *hubdb.DB) { f(t, newRig(t, db)) })
}

func with(p kiosk.Posting, change func(p *kiosk.Posting)) kiosk.Posting {
	change(&p)
	return p
}

func describe(text string) func(p *kiosk.Posting) {
	return func(p *kiosk.Posting) { p.Description = text }
}

func reportOf(r postings.Report) string {
	return fmt.Sprintf("new %d changed %d moved %d refreshed %d same %d reopened %d held %d closed %d withheld %d bad %d",
		r.New, r.Changed, r.Moved, r.Refreshed, r.Same, r.Reopened, r.Held, r.Closed, r.Withheld, r.Bad)
}

func wantReport(t testing.TB, r postings.Report, want string) {
	t.Helper()
	got := reportOf(r)
	for part := range strings.SplitSeq(want, ", ") {
		if !strings.Contains(" "+got+" ", " "+part+" ") {
			t.Errorf("the import did %s, want %s; %v", got, part, r.Problems)
		}
	}
}
