package demo

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"jobhome/kiosk"
)

//go:embed jobs.txt
var jobsTable string

//go:embed employers.txt
var employersTable string

// job is a line of jobs.txt.
type job struct {
	occupation kiosk.Occupation
	channel    kiosk.Channel
	trade      string
	weight     int
	pay        []payRange
	education  []kiosk.Education
	experience []int
	shifts     []kiosk.Shifts
	titles     []string
	duties     []string
	wants      []string
}

// payRange is one way to pay: a letter for the unit, amounts in fen.
type payRange struct {
	unit     kiosk.PayUnit
	low, hi  kiosk.Fen
	piece    kiosk.Fen // piece rates: from
	pieceTop kiosk.Fen // to
}

// business is a line of employers.txt.
type business struct {
	trade    string
	count    int
	suffixes []string
	benefits map[kiosk.Benefits]int // likelihood in %
	where    string
	headLow  int
	headHigh int
	intros   []string
}

// rows splits a table; a line that is wrong is a mistake of ours, not of a
// caller, and the tests read the whole table.
func rows(table string, columns int) [][]string {
	var out [][]string
	for line := range strings.Lines(table) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, " | ")
		if len(f) != columns {
			panic(fmt.Sprintf("demo: a table line has %d columns, not %d: %s", len(f), columns, line))
		}
		out = append(out, f)
	}
	return out
}

var channelLetters = map[string]kiosk.Channel{
	"m": kiosk.Market, "g": kiosk.Gig, "p": kiosk.Policy, "w": kiosk.Welfare, "i": kiosk.Internship,
}

var shiftLetters = map[string]kiosk.Shifts{
	"D": kiosk.DayShift, "N": kiosk.NightShift, "R": kiosk.RotatingShift, "F": kiosk.FlexibleHours, "P": kiosk.PartTime,
}

func readJobs() []job {
	var out []job
	for _, f := range rows(jobsTable, 12) {
		j := job{
			occupation: kiosk.Occupation{Code: f[0], Name: f[1]}, channel: channelLetters[f[2]], trade: f[3],
			weight: int(number(f[4])), titles: strings.Split(f[9], ";"), duties: strings.Split(f[10], ";"),
			wants: strings.Split(f[11], ";"),
		}
		for p := range strings.SplitSeq(f[5], ",") {
			j.pay = append(j.pay, readPay(p))
		}
		for e := range strings.SplitSeq(f[6], ",") {
			j.education = append(j.education, kiosk.Education(number(e)))
		}
		for e := range strings.SplitSeq(f[7], ",") {
			j.experience = append(j.experience, int(number(e)))
		}
		for s := range strings.SplitSeq(f[8], ",") {
			j.shifts = append(j.shifts, shiftLetters[s])
		}
		out = append(out, j)
	}
	return out
}

var unitLetters = map[byte]kiosk.PayUnit{
	'm': kiosk.PerMonth, 'd': kiosk.PerDay, 'h': kiosk.PerHour, 'w': kiosk.PerWeek, 'y': kiosk.PerYear,
	'p': kiosk.PerPiece, 'n': kiosk.Negotiable,
}

func readPay(s string) payRange {
	p := payRange{unit: unitLetters[s[0]]}
	if p.unit == kiosk.Negotiable {
		return p
	}
	month, piece, _ := strings.Cut(s[1:], "@")
	p.low, p.hi = span(month)
	if p.unit == kiosk.PerYear { // in 万
		p.low, p.hi = p.low*10000, p.hi*10000
	}
	if piece != "" {
		p.piece, p.pieceTop = span(piece)
	}
	return p
}

func span(s string) (low, high kiosk.Fen) {
	a, b, _ := strings.Cut(s, "-")
	return kiosk.Fen(number(a)*100 + 0.5), kiosk.Fen(number(b)*100 + 0.5)
}

func number(s string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil {
		panic(fmt.Sprintf("demo: %q in a table is no number", s))
	}
	return n
}

func readBusinesses() map[string]business {
	out := map[string]business{}
	for _, f := range rows(employersTable, 7) {
		b := business{
			trade: f[0], count: int(number(f[1])), suffixes: strings.Split(f[2], ";"),
			benefits: map[kiosk.Benefits]int{}, where: f[4], intros: strings.Split(f[6], ";"),
		}
		for e := range strings.SplitSeq(f[3], ";") {
			name, percent, _ := strings.Cut(e, " ")
			set, err := kiosk.ParseBenefits([]string{name})
			if err != nil {
				panic("demo: " + err.Error())
			}
			b.benefits[set] = int(number(percent))
		}
		low, high, _ := strings.Cut(f[5], "-")
		b.headLow, b.headHigh = int(number(low)), int(number(high))
		out[b.trade] = b
	}
	return out
}
