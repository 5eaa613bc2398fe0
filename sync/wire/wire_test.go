package wire

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

func board(t *testing.T, n int) []kiosk.Posting {
	t.Helper()
	return demo.Postings(time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), n, 1)
}

func row(t *testing.T, p *kiosk.Posting) Row {
	t.Helper()
	r, err := RowOf(p)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRowReadsBackAsTheSamePosting(t *testing.T) {
	for _, p := range board(t, 300) {
		r := row(t, &p)
		q, err := r.Posting()
		if err != nil {
			t.Fatal(err)
		}
		s := row(t, &q)
		if !bytes.Equal(r.Body, s.Body) || r.Refreshed != s.Refreshed || r.ID != s.ID {
			t.Fatalf("%s\nreads back as\n%s", r.Body, s.Body)
		}
	}
}

func TestRowInAnotherFormIsRefused(t *testing.T) {
	p := board(t, 1)[0]
	r := row(t, &p)
	for _, change := range []func(*Row){
		func(r *Row) { r.Body = append([]byte(" "), r.Body...) },
		func(r *Row) { r.ID = "another" },
		func(r *Row) { r.Body = bytes.Replace(r.Body, []byte(`"channel"`), []byte(`"chanel"`), 1) },
		func(r *Row) { r.Body = bytes.TrimSuffix(r.Body, []byte("}")) },
		func(r *Row) {
			r.Body = append(bytes.TrimSuffix(r.Body, []byte("}")), `,"refreshed":"2026-11-25T08:00:00+08:00"}`...)
		},
		func(r *Row) { r.Refreshed = 1 },
	} {
		bad := Row{r.ID, bytes.Clone(r.Body), r.Refreshed}
		change(&bad)
		if _, err := bad.Posting(); err == nil {
			t.Errorf("taken: %s refreshed %d", bad.Body, bad.Refreshed)
		}
	}
}

// The sum is that of the rows that are there, in whatever order they came and
// went, and any other change of a row changes it.
func TestSum(t *testing.T) {
	all := board(t, 60)
	dice := rand.New(rand.NewPCG(1, 2))
	var want, sum Sum
	for i := range all {
		sum = sum.Add(RowSum(row(t, &all[i])))
	}
	dice.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for i := range all {
		r := RowSum(row(t, &all[i]))
		if i < 20 {
			sum = sum.Sub(r)
		} else {
			want = want.Add(r)
		}
	}
	if sum != want || sum == (Sum{}) {
		t.Fatalf("sum %x, want %x", sum, want)
	}
	r := row(t, &all[0])
	later := r
	later.Refreshed++
	if a, b := RowSum(r), RowSum(later); a.Bodies != b.Bodies || a.Dates == b.Dates {
		t.Error("a refresh date must change the sum of dates and no other")
	}
	text, err := json.Marshal(sum)
	var back Sum
	if err != nil || json.Unmarshal(text, &back) != nil || back != sum {
		t.Errorf("%s reads back as %x, %v", text, back, err)
	}
}

func TestVersion(t *testing.T) {
	v := Version{3, 17}
	text, err := json.Marshal(v)
	if err != nil || string(text) != "[3,17]" || v.String() != "3.17" || VersionOf(v.Sequence()) != v {
		t.Errorf("%s %s %v", text, v, err)
	}
	if v.Compare(Version{2, 1<<32 - 1}) != 1 || (Version{2, 1<<32 - 1}).Sequence() >= v.Sequence() {
		t.Error("a new epoch must be above all of the one before")
	}
	for _, bad := range []string{"[1]", "[1,2,3]", "[-1,2]", "[2147483648,1]", `"1.2"`, "[1,4294967296]"} {
		if err := json.Unmarshal([]byte(bad), new(Version)); err == nil {
			t.Errorf("%s was read", bad)
		}
	}
}

func TestHeadCheck(t *testing.T) {
	now := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	good := Head{
		Format: Format, Board: "360482", Version: Version{1, 9}, Issued: now, Expires: now.Add(time.Hour),
		Base:   Base{Version: Version{1, 7}},
		Deltas: []Delta{{From: Version{1, 7}, To: Version{1, 9}, Dict: &Object{Size: 9}}},
	}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(*Head){
		"format":           func(h *Head) { h.Format = 2 },
		"no name":          func(h *Head) { h.Board = "../x" },
		"no version":       func(h *Head) { h.Version = Version{} },
		"does not expire":  func(h *Head) { h.Expires = h.Issued },
		"newer than":       func(h *Head) { h.Base.Version.N = 10 },
		"below 0":          func(h *Head) { h.Rows = -1 },
		"delta leads from": func(h *Head) { h.Deltas = []Delta{{From: Version{1, 9}, To: Version{1, 9}}} },
		"never read":       func(h *Head) { h.Base.Size = 5 << 30 },
	} {
		h := good
		change(&h)
		if err := h.Check(); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func FuzzRow(f *testing.F) {
	f.Add("p-1", []byte(`{"id":"p-1"}`), int64(0))
	f.Fuzz(func(t *testing.T, id string, body []byte, refreshed int64) {
		r := Row{id, body, refreshed}
		p, err := r.Posting()
		if err != nil {
			return
		}
		if s := row(t, &p); !bytes.Equal(s.Body, body) || s.Refreshed != refreshed {
			t.Errorf("%q taken, written as %q", body, s.Body)
		}
	})
}
