package postings_test

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/sync/hub/postings"
)

func TestScope(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		put := func(ref string, area kiosk.Area, at kiosk.Point, c kiosk.Channel) kiosk.Posting {
			return with(r.posting(ref), func(p *kiosk.Posting) { p.Area, p.Location, p.Channel = area, at, c })
		}
		near, far := kiosk.Point{Lat: 29.25, Lon: 115.81}, kiosk.Point{Lat: 29.25, Lon: 116.2} // 38 km apart
		r.take("x", true,
			put("town", "360482001", kiosk.Point{}, kiosk.Market),
			put("city", "3604", kiosk.Point{}, kiosk.Market),
			put("beside", "360483001", near, kiosk.Market),
			put("far", "360483001", far, kiosk.Market),
			put("policy", "110101", far, kiosk.Policy),
			put("nowhere", "110101", kiosk.Point{}, kiosk.Market))
		r.publish()
		refs := func(s postings.Scope) string {
			all, _, err := r.Board(t.Context(), s, r.now)
			r.must(err)
			var out []string
			for _, p := range all {
				out = append(out, p.Source.Ref)
			}
			slices.Sort(out)
			return strings.Join(out, " ")
		}
		scope := postings.Scope{Areas: []kiosk.Area{"360482"}, Points: []kiosk.Point{near}, Ring: 10, Always: []kiosk.Channel{kiosk.Policy}}
		for _, tt := range []struct {
			want   string
			change func(s *postings.Scope)
		}{
			{"beside city policy town", func(*postings.Scope) {}},
			{"beside city far policy town", func(s *postings.Scope) { s.Ring = 50 }},
			{"city policy town", func(s *postings.Scope) { s.Points = nil }},
			{"city town", func(s *postings.Scope) { s.Points, s.Always = nil, nil }},
			{"beside city far town", func(s *postings.Scope) { s.Areas, s.Always = []kiosk.Area{"36"}, nil }},
			{"beside city far nowhere policy town", func(s *postings.Scope) { *s = postings.Scope{} }},
			{"", func(s *postings.Scope) { *s = postings.Scope{Areas: []kiosk.Area{"220101"}} }},
		} {
			s := scope
			if tt.change(&s); refs(s) != tt.want {
				t.Errorf("%+v has %s, want %s", s, refs(s), tt.want)
			}
		}
		rows, _, err := r.Rows(t.Context(), scope, r.now)
		r.must(err)
		size := int64(len(rows[0].Body))
		scope.Ring = 50
		for n, want := range []string{"policy", "policy town", "city policy town", "beside city policy town"} {
			scope.Bytes = size*int64(n+1) + 60*int64(n+1)
			if got := refs(scope); n != 1 && got != want || n == 1 && got != want && got != "city policy" {
				t.Errorf("of %d bytes: %s, want %s", scope.Bytes, got, want)
			}
		}
	})
}

func TestSimilarOnes(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		at := func(ref, code string, lat float64) kiosk.Posting {
			return with(r.posting(ref), func(p *kiosk.Posting) {
				p.Occupation.Code, p.Location.Lat = code, lat
			})
		}
		r.take("x", true, at("me", "6-05-01-01", 29.25), at("next", "6-05-01-01", 29.26), at("third", "6-05-01-02", 29.40),
			at("cook", "4-03-02-01", 29.25), at("second", "6-05-01-01", 29.20))
		r.publish()
		me := r.find("x", "me").ID
		got := func(most int) string {
			list, err := r.Similar(t.Context(), me, most)
			r.must(err)
			var out []string
			for _, p := range list {
				out = append(out, p.Source.Ref)
			}
			return strings.Join(out, " ")
		}
		if s := got(9); s != "next second third cook" {
			t.Errorf("similar: %s", s)
		}
		_, err := r.Revoke(t.Context(), "ann", me, "x")
		r.must(err)
		if s := got(2); s != "next second" {
			t.Errorf("similar to what was revoked: %s", s)
		}
		_, err = r.Similar(t.Context(), "none", 3)
		r.wantErr("similar to nothing", err, postings.ErrUnknown)
	})
}

// What was never published is unknown to the public, and what is over is told so.
func TestViewOfWhatIsOver(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		r.take("x", true, r.posting("a"), r.posting("b"))
		_, err := r.View(t.Context(), r.find("x", "a").ID)
		r.wantErr("a page in review", err, postings.ErrUnknown)
		r.publish()
		r.must(r.Close(t.Context(), "ann", r.find("x", "a").ID, "不招了"))
		v, err := r.View(t.Context(), r.find("x", "a").ID)
		if err != nil || v.Status != postings.Closed || v.Filled || v.Posting.Description != "会平车" || !v.Ended.Equal(r.now) {
			t.Errorf("%+v, %v", v, err)
		}
		r.days(40)
		for range 2 { // before anybody swept, and after
			v, err = r.View(t.Context(), r.find("x", "b").ID)
			if err != nil || v.Status != postings.Expired || v.Posting.Title == "" || v.Ended.IsZero() {
				t.Errorf("%+v, %v", v, err)
			}
			_, err = r.Expire(t.Context())
			r.must(err)
		}
	})
}

func TestSearchGoesOn(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		var all []kiosk.Posting
		for i := range 7 {
			all = append(all, r.posting(fmt.Sprint("p", i)))
		}
		all[3].Title, all[4].Employer.Name, all[5].Area = "100%_保安", "某某100%_物业", "360482100"
		r.take("x", true, all[:4]...)
		r.days(1)
		r.take("x", false, all[4:]...)
		for _, oldest := range []bool{false, true} {
			var refs []string
			for after := ""; ; {
				list, next, err := r.Search(t.Context(), postings.Query{Oldest: oldest, Limit: 2, After: after})
				r.must(err)
				for _, rec := range list {
					refs = append(refs, rec.Ref)
				}
				if after = next; next == "" {
					break
				}
			}
			first := slices.Clone(refs[:3])
			if slices.Sort(first); oldest != (first[0] < "p4") || len(slices.Compact(slices.Sorted(slices.Values(refs)))) != 7 {
				t.Errorf("oldest %v: %v", oldest, refs)
			}
		}
		for what, tt := range map[string]struct {
			q    postings.Query
			want int
		}{
			"text": {postings.Query{Text: "100%_"}, 2}, "no pattern": {postings.Query{Text: "%"}, 2}, "area": {postings.Query{Area: "360482100"}, 1},
			"county": {postings.Query{Area: "360482"}, 7}, "source": {postings.Query{Source: "y"}, 0}, "ref": {postings.Query{Text: "p0"}, 1},
			"channel": {postings.Query{Channel: kiosk.Gig}, 0}, "status": {postings.Query{Status: postings.Review, Text: "缝纫"}, 6},
		} {
			list, _, err := r.Search(t.Context(), tt.q)
			if err != nil || len(list) != tt.want {
				t.Errorf("%s: %d, %v", what, len(list), err)
			}
		}
		if _, _, err := r.Search(t.Context(), postings.Query{After: "x"}); err == nil {
			t.Error("a list that ended nowhere goes on")
		}
	})
}

func TestWalkIsTheBoard(t *testing.T) {
	each(t, func(t *testing.T, r *rig) {
		var all []kiosk.Posting
		for i := range 5 {
			all = append(all, r.posting(fmt.Sprint("p", i)))
		}
		r.take("x", true, all...)
		r.publish()
		walk := func(ctx context.Context, after string, most int) (ids []string, moment string) {
			moment, err := r.Walk(ctx, after, func(p kiosk.Posting) error {
				if len(ids) == most {
					return io.EOF
				}
				ids = append(ids, p.ID)
				return nil
			})
			r.must(err)
			return ids, moment
		}
		first, moment := walk(t.Context(), "", 3)
		rest, _ := walk(t.Context(), first[2], 99)
		if len(first) != 3 || len(rest) != 2 {
			t.Errorf("%v, %v", first, rest)
		}
		if now, err := r.Moment(t.Context()); err != nil || now != moment {
			t.Errorf("moment %s, %v; the walk was at %s", now, err, moment)
		}
		changes, err := r.Changes(t.Context(), moment, 99)
		if err != nil || len(changes) != 0 {
			t.Errorf("%v, %v", changes, err)
		}
		var told []string // all were released at one moment
		for after := "0"; len(told) <= 5; {
			some, err := r.Changes(t.Context(), after, 2)
			if r.must(err); len(some) == 0 {
				break
			}
			for _, c := range some {
				told, after = append(told, c.Posting.ID), c.After
			}
		}
		if want := append(first, rest...); !slices.Equal(told, want) {
			t.Errorf("told two at a time: %v, want %v", told, want)
		}
		r.must(r.Close(t.Context(), "ann", first[0], "x"))
		changes, err = r.Changes(t.Context(), moment, 99)
		if err != nil || len(changes) != 1 || !changes[0].Removed || changes[0].Posting.ID != first[0] || changes[0].Posting.Title != "" {
			t.Errorf("%+v, %v", changes, err)
		}
		for _, bad := range []string{"", "x", "-1", "1.123456789012345678901"} {
			_, err := r.Changes(t.Context(), bad, 1)
			r.wantErr(bad, err, postings.ErrCursor)
		}
	})
}
