package board

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
)

// oracle answers a query by looking at every posting, written without regard
// to how the board does it.
type oracle struct {
	site     kiosk.Site
	postings []kiosk.Posting
	text     []string
	keys     []string // what the postings of one row of a folded list have in common
}

// arrived is when a posting came to a board that was imported at once.
func (o *oracle) arrived(p *kiosk.Posting) time.Time { return p.Published }

func newOracle(ps []kiosk.Posting) *oracle {
	o := &oracle{site: demo.Site(), postings: ps}
	for i := range ps {
		o.text = append(o.text, folded(&ps[i]))
		o.keys = append(o.keys, rowKey(&ps[i]))
	}
	return o
}

// failures names, for every posting, the filters of the query that it fails.
// One that has expired or lacks a word fails "always", which nothing leaves out.
func (o *oracle) failures(q kiosk.Query) [][]string {
	words, like := formsOf(q), o.keyOf(q.Like)
	all := make([][]string, len(o.postings))
	for i := range o.postings {
		p := &o.postings[i]
		need := func(name string, ok bool) {
			if !ok {
				all[i] = append(all[i], name)
			}
		}
		need("always", !q.Now.After(p.ValidThrough))
		need("always", !slices.ContainsFunc(numbers(len(words)), func(n int) bool {
			means := n < len(q.Means) && !q.Means[n].None() && q.Means[n].Fits(p)
			return !means && holds(words[n:n+1], o.text[i]) == 0
		}))
		need("always", q.Lawful == 0 || p.Shifts&q.Lawful != 0)
		need("always", q.Since.IsZero() || o.arrived(p).After(q.Since))
		need("always", q.Like == "" || o.keys[i] == like)
		need("area", strings.HasPrefix(string(p.Area), string(q.Area)))
		need("channel", len(q.Channels) == 0 || slices.Contains(q.Channels, p.Channel))
		need("trade", len(q.Trades) == 0 || slices.Contains(q.Trades, p.Occupation.Trade()))
		need("occupation", q.Occupation == "" || strings.HasPrefix(p.Occupation.Code+"-", q.Occupation+"-"))
		need("education", q.Education.Meets(p.Education))
		need("shifts", q.Shifts == 0 || p.Shifts&q.Shifts != 0)
		need("benefits", p.Benefits&q.Benefits == q.Benefits)
		if q.Within > 0 {
			d := p.Location.Metres(o.origin(q))
			need("within", d >= 0 && d <= q.Within)
		}
		if _, hi, known := p.Pay.Monthly(); q.PayAtLeast > 0 {
			need("pay", known && hi >= q.PayAtLeast)
		}
	}
	return all
}

// formsOf is the forms of each word of the query, folded.
func formsOf(q kiosk.Query) (all [][]string) {
	for i, w := range strings.Fields(q.Text) {
		forms := []string{fold(w)}
		if i < len(q.Also) {
			for _, f := range q.Also[i] {
				forms = append(forms, fold(f))
			}
		}
		all = append(all, forms)
	}
	return all
}

func numbers(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	return all
}

// holds counts the words of which the text has a form.
func holds(words [][]string, text string) (n int) {
	for _, forms := range words {
		if slices.ContainsFunc(forms, func(f string) bool { return strings.Contains(text, f) }) {
			n++
		}
	}
	return n
}

func rowKey(p *kiosk.Posting) string {
	place := p.Area
	if len(place) >= 9 {
		place = place[:9]
	}
	return fold(p.Employer.Name) + "\n" + coreTitle(p.Title) + "\n" + string(place)
}

func (o *oracle) keyOf(id string) string {
	i := slices.IndexFunc(o.postings, func(p kiosk.Posting) bool { return p.ID == id })
	if i < 0 {
		return "none"
	}
	return o.keys[i]
}

func (o *oracle) ids(q kiosk.Query) []string {
	var out []string
	for i, failed := range o.failures(q) {
		if len(failed) == 0 {
			out = append(out, o.postings[i].ID)
		}
	}
	slices.Sort(out)
	return out
}

func (o *oracle) facets(q kiosk.Query) kiosk.Facets {
	f := kiosk.Facets{
		Channels: map[kiosk.Channel]int{}, Trades: map[kiosk.Trade]int{}, Towns: map[kiosk.Area]int{},
		Pay: map[kiosk.Fen]int{}, Educations: map[kiosk.Education]int{}, Shifts: map[kiosk.Shifts]int{},
		Benefits: map[kiosk.Benefits]int{}, Distances: map[int]int{},
	}
	failures := o.failures(q)
	left := func(i int, leaveOut string) bool {
		for _, name := range failures[i] {
			if name != leaveOut {
				return false
			}
		}
		return true
	}
	// Each count is what a query with only that filter changed would find.
	count := func(leaveOut string, also func(p *kiosk.Posting) bool) (n int) {
		rows := map[string]bool{}
		for i := range o.postings {
			if left(i, leaveOut) && also(&o.postings[i]) {
				rows[o.row(q, i)] = true
			}
		}
		return len(rows)
	}
	for _, c := range kiosk.Channels() {
		f.Channels[c] = count("channel", func(p *kiosk.Posting) bool { return p.Channel == c })
	}
	for _, s := range kiosk.AllShifts.Each() {
		f.Shifts[s] = count("shifts", func(p *kiosk.Posting) bool { return p.Shifts&s != 0 })
	}
	for _, b := range kiosk.AllBenefits.Each() {
		f.Benefits[b] = count("benefits", func(p *kiosk.Posting) bool { return p.Benefits&b != 0 })
	}
	for _, e := range kiosk.Educations() {
		f.Educations[e] = count("education", func(p *kiosk.Posting) bool { return e.Meets(p.Education) })
	}
	for _, m := range kiosk.PayBands() {
		f.Pay[m] = count("pay", func(p *kiosk.Posting) bool { _, hi, ok := p.Pay.Monthly(); return ok && hi >= m })
	}
	for _, d := range kiosk.DistanceBands() {
		f.Distances[d] = count("within", func(p *kiosk.Posting) bool {
			m := p.Location.Metres(o.origin(q))
			return m >= 0 && m <= float64(d)
		})
	}
	seen := map[string]bool{}
	once := func(what string, i int) bool {
		key := what + "\n" + o.row(q, i)
		first := !seen[key]
		seen[key] = true
		return first
	}
	for i := range o.postings {
		p := &o.postings[i]
		if trade := p.Occupation.Trade(); left(i, "trade") && once("trade "+string(trade), i) {
			f.Trades[trade]++
		}
		if left(i, "area") && len(p.Area) >= 9 && once("town "+string(p.Area[:9]), i) {
			f.Towns[p.Area[:9]]++
		}
	}
	return f
}

// row is what is counted as one: a posting, or of a folded list a group.
func (o *oracle) row(q kiosk.Query, i int) string {
	if q.Fold {
		return o.keys[i]
	}
	return o.postings[i].ID
}

// randomText cuts a piece of one to eight characters out of a posting's own
// words, or two pieces of two postings, so that most queries find something.
func randomText(r *rand.Rand, o *oracle) string {
	piece := func() string {
		text := []rune(strings.ReplaceAll(o.text[r.IntN(len(o.text))], "\n", ""))
		n := min(len(text), 1+r.IntN(8))
		if r.IntN(4) == 0 {
			n = 1
		}
		at := r.IntN(len(text) - n + 1)
		return strings.ReplaceAll(string(text[at:at+n]), " ", "")
	}
	s := piece()
	switch r.IntN(6) {
	case 0:
		s += " " + piece()
	case 1:
		s = strings.ToUpper(s)
	}
	return s
}

func collectIDs(t *testing.T, b *Board, q kiosk.Query) []string {
	t.Helper()
	q.Limit = sharedSize
	res, err := b.Search(t.Context(), q)
	if err != nil {
		t.Fatalf("%q: %v", q.Text, err)
	}
	if res.Total != len(res.Items) {
		t.Fatalf("%q: total %d, %d items", q.Text, res.Total, len(res.Items))
	}
	var got []string
	for _, it := range res.Items {
		got = append(got, it.Posting.ID)
	}
	slices.Sort(got)
	return got
}

// randomMeaning is of one posting in most cases, so that it is met.
func randomMeaning(r *rand.Rand, o *oracle) (m kiosk.Meaning) {
	p := &o.postings[r.IntN(len(o.postings))]
	maybe := func() bool { return r.IntN(4) == 0 }
	if maybe() {
		m.Benefits = p.Benefits & kiosk.Benefits(r.IntN(1<<16))
	}
	if maybe() {
		m.Shifts = kiosk.Shifts(r.IntN(int(kiosk.AllShifts) + 1))
	}
	if maybe() {
		m.Channels = []kiosk.Channel{p.Channel, "no such"}
	}
	if maybe() {
		m.Occupations = []string{p.Occupation.Code, "4-0", "6"}[r.IntN(3):]
	}
	if maybe() {
		m.PayAtLeast = kiosk.Yuan(int64(r.IntN(9000)))
	}
	if maybe() {
		m.Education = p.Education
	}
	m.Untrained = maybe()
	return m
}

func randomQuery(r *rand.Rand, o *oracle) kiosk.Query {
	q := kiosk.Query{Now: now}
	maybe := func(percent int) bool { return r.IntN(100) < percent }
	if maybe(30) {
		q.Text = randomText(r, o)
	}
	if maybe(40) {
		for range strings.Fields(q.Text) {
			var forms []string
			for range r.IntN(3) {
				forms = append(forms, randomText(r, o))
			}
			q.Also = append(q.Also, forms)
		}
	}
	if maybe(20) {
		q.Means = append(q.Means, randomMeaning(r, o))
	}
	if maybe(10) {
		q.Lawful = kiosk.AllShifts &^ kiosk.NightShift
	}
	if maybe(10) {
		q.Since = now.AddDate(0, 0, -r.IntN(40))
	}
	if maybe(25) {
		q.Area = []kiosk.Area{"36", "360482", "360482001", "360482100", "360426", "9"}[r.IntN(6)]
	}
	if maybe(25) {
		q.Within = float64(r.IntN(20000))
	}
	if maybe(25) {
		q.Near = o.postings[r.IntN(len(o.postings))].Location // of some it is not known
	}
	if maybe(25) {
		q.Channels = kiosk.Channels()[:1+r.IntN(4)]
	}
	if maybe(5) {
		q.Channels = []kiosk.Channel{"no such"}
	}
	if maybe(25) {
		q.Trades = []kiosk.Trade{o.postings[r.IntN(100)].Occupation.Trade(), "courier", "no such"}
	}
	if maybe(15) {
		q.Occupation = o.postings[r.IntN(100)].Occupation.Code[:[]int{1, 4, 7}[r.IntN(3)]]
	}
	if maybe(25) {
		q.PayAtLeast = kiosk.Yuan(int64(r.IntN(9000)))
	}
	if maybe(25) {
		q.Education = kiosk.Educations()[r.IntN(8)]
	}
	if maybe(25) {
		q.Shifts = kiosk.Shifts(r.IntN(int(kiosk.AllShifts) + 1))
	}
	if maybe(25) {
		q.Benefits = kiosk.Benefits(1)<<r.IntN(11) | kiosk.Dorm
	}
	if maybe(20) {
		q.Now = now.AddDate(0, 0, r.IntN(60)-20)
	}
	return q
}
