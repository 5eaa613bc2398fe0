// Package demo invents a job board of a small city, 共青城市 in Jiangxi, so that
// the terminal can be tried, shown and measured without anybody's data. The
// same seed, number and time give the same board.
//
// Nothing in it is real. Employers' names are put together from characters
// that companies seldom use. Their unified social credit codes (GB 32100) have
// right check characters but lie in the area 999999, which GB/T 2260 does not
// assign. Phone numbers are of the form 0792-0000xxx; a subscriber number in
// China never begins with 0, so nobody can be rung up by one. Towns, their codes
// and the occupations (职业分类大典 2022) are real; pay is about what was offered
// in such a city in 2025 and 2026.
package demo

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
)

// Site returns the employment home that the demo terminal stands in.
func Site() kiosk.Site {
	return kiosk.Site{
		ID: "360482001-01", Name: "茶山街道就业之家", Tier: kiosk.TierTown, Area: "360482001",
		Location: kiosk.Point{Lat: 29.2481, Lon: 115.8083}, StaffPhone: "0792-0000001",
		BaseURL: "https://jobhome.example",
	}
}

// zone is China's one time zone.
var zone = time.FixedZone("CST", 8*60*60)

// Postings invents n postings as they would stand on a board at the time now.
// About three in a hundred have expired.
func Postings(now time.Time, n int, seed uint64) []kiosk.Posting {
	g := newGenerator(now, seed)
	out := make([]kiosk.Posting, 0, n)
	for len(out) < n {
		if len(out) > 50 && g.chance(2) {
			out = append(out, g.nearCopy(&out[g.IntN(len(out))], len(out)))
			continue
		}
		out = append(out, g.posting(len(out)))
	}
	return out
}

// WriteJSONL writes a demo board as the file that a board is imported from.
func WriteJSONL(w io.Writer, postings []kiosk.Posting) error {
	out := bufio.NewWriter(w)
	var line []byte
	for i := range postings {
		var err error
		if line, err = jsonl.Append(line[:0], &postings[i]); err != nil {
			return fmt.Errorf("demo: %w", err)
		}
		if _, err := out.Write(line); err != nil {
			return fmt.Errorf("demo: write: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("demo: write: %w", err)
	}
	return nil
}

// generator holds the dice and what was invented so far.
type generator struct {
	*rand.Rand
	now        time.Time
	today      time.Time // its midnight
	market     drawer
	others     map[kiosk.Channel]drawer
	businesses map[string]business
	employers  map[string][]employer
}

func newGenerator(now time.Time, seed uint64) *generator {
	now = now.In(zone).Truncate(time.Second)
	g := &generator{
		Rand: rand.New(rand.NewPCG(seed, 0x6a6f62)), now: now,
		today:      time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone),
		businesses: readBusinesses(),
	}
	byChannel := map[kiosk.Channel][]job{}
	for _, j := range readJobs() {
		byChannel[j.channel] = append(byChannel[j.channel], j)
	}
	g.market = newDrawer(byChannel[kiosk.Market])
	g.others = map[kiosk.Channel]drawer{}
	for _, c := range kiosk.Channels()[1:] {
		g.others[c] = newDrawer(byChannel[c])
	}
	g.inventEmployers()
	return g
}

// drawer draws jobs by their weights.
type drawer struct {
	jobs []job
	upTo []int
}

func newDrawer(jobs []job) drawer {
	d := drawer{jobs: jobs}
	sum := 0
	for _, j := range jobs {
		sum += j.weight
		d.upTo = append(d.upTo, sum)
	}
	return d
}

func (d drawer) draw(r *rand.Rand) *job {
	n := r.IntN(d.upTo[len(d.upTo)-1])
	for i, up := range d.upTo {
		if n < up {
			return &d.jobs[i]
		}
	}
	return &d.jobs[0]
}

// job draws the channel first: most offers are of the market.
func (g *generator) job() *job {
	switch n := g.IntN(1000); {
	case n < 800:
		return g.market.draw(g.Rand)
	case n < 915:
		return g.others[kiosk.Gig].draw(g.Rand)
	case n < 935:
		return g.others[kiosk.Policy].draw(g.Rand)
	case n < 968:
		return g.others[kiosk.Welfare].draw(g.Rand)
	}
	return g.others[kiosk.Internship].draw(g.Rand)
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) between(low, high int) int { return low + g.IntN(high-low+1) }

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

// some returns n of the list in its own order.
func some(g *generator, list []string, n int) []string {
	if n >= len(list) {
		return list
	}
	in := make([]bool, len(list))
	for _, i := range g.Perm(len(list))[:n] {
		in[i] = true
	}
	var out []string
	for i, s := range list {
		if in[i] {
			out = append(out, s)
		}
	}
	return out
}
