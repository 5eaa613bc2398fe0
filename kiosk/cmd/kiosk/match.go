package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
	"jobhome/kiosk/match"
	"jobhome/kiosk/words"
)

// matchFlags are the answers of somebody, as options. They live as long as the
// command and are neither logged nor stored.
type matchFlags struct {
	profile  kiosk.Profile
	n        int
	asJSON   bool
	explain  bool
	shifts   []string
	benefits []string
	papers   []string
}

func (f *matchFlags) set() *flag.FlagSet {
	flags := flag.NewFlagSet("match", flag.ContinueOnError)
	p := &f.profile
	list := func(to *[]string) func(string) error {
		return func(s string) error { *to = append(*to, s); return nil }
	}
	flags.BoolVar(&f.asJSON, "json", false, "write JSON")
	flags.BoolVar(&f.explain, "explain", false, "tell of every point where it comes from")
	flags.IntVar(&f.n, "n", 10, "most postings written")
	flags.Func("trade", "wanted `trade`, e.g. garment; may be repeated", func(s string) error {
		if !words.Has("trade." + s) {
			return fmt.Errorf("there is no trade %q", s)
		}
		p.Trades = append(p.Trades, kiosk.Trade(s))
		return nil
	})
	flags.Func("occupation", "wanted occupation, a `code` of 职业分类大典 2022", func(s string) error {
		p.Occupation.Code = s
		return p.Occupation.Check()
	})
	flags.Func("pay", "at least so many `yuan` a month", func(s string) error {
		return number(s, func(n int64) { p.PayAtLeast = kiosk.Yuan(n) })
	})
	flags.Func("within", "so many `metres` from the site", func(s string) error {
		return number(s, func(n int64) { p.Within = float64(n) })
	})
	flags.Func("shift", "`hours` that suit, e.g. day; may be repeated", list(&f.shifts))
	flags.Func("benefit", "needed `benefit`, e.g. dorm; may be repeated", list(&f.benefits))
	flags.Func("certificate", "`certificate` held, e.g. forklift, or none; may be repeated", list(&f.papers))
	flags.Func("education", "schooling reached, a `level` of GB/T 4658, e.g. 70", func(s string) error {
		return number(s, func(n int64) { p.Education = kiosk.Education(n) })
	})
	flags.Func("experience", "`months` in the wanted work, 0 for none", func(s string) error {
		return number(s, func(n int64) { p.Experience, p.ExperienceSaid = int(n), true })
	})
	flags.Func("term", "`term`: this-week or long-term", func(s string) error {
		p.Term = kiosk.Term(s)
		if p.Term != kiosk.ThisWeek && p.Term != kiosk.LongTerm {
			return fmt.Errorf("it is neither this-week nor long-term")
		}
		return nil
	})
	return flags
}

// number reads a whole number from 0 to ten million.
func number(s string, to func(int64)) error {
	var n int64
	if _, err := fmt.Sscanf(s+"\n", "%d\n", &n); err != nil || n < 0 || n > 10_000_000 {
		return fmt.Errorf("%q is not a number from 0", s)
	}
	to(n)
	return nil
}

// finish reads the lists of names.
func (f *matchFlags) finish() error {
	p := &f.profile
	var err error
	if p.Shifts, err = kiosk.ParseShifts(f.shifts); err != nil {
		return err
	}
	if p.Benefits, err = kiosk.ParseBenefits(f.benefits); err != nil {
		return err
	}
	p.CertificatesSaid = len(f.papers) > 0
	held := slices.DeleteFunc(f.papers, func(s string) bool { return s == "none" })
	if p.Certificates, err = kiosk.ParseCertificates(held); err != nil {
		return err
	}
	if !p.Education.Valid() {
		return fmt.Errorf("schooling %d is no level of GB/T 4658", p.Education)
	}
	return nil
}

// runMatch ranks the board for the answers that the options give.
func runMatch(ctx context.Context, m *Main, args []string) error {
	var f matchFlags
	rest, err := m.parse(f.set(), args)
	if err != nil {
		return err
	}
	if len(rest) > 0 || f.n < 1 {
		return errUsage
	}
	if err := f.finish(); err != nil {
		return err
	}
	p, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	now := time.Now()
	found := match.Rank(p.board.Candidates(kiosk.Query{Now: now}), match.Ask{
		Profile: f.profile, Site: p.settings.Site, Now: now, Limit: f.n,
	})
	if f.asJSON {
		return writeMatches(m.Out, found)
	}
	for i := range found {
		printMatch(m.Out, &found[i], f.explain)
	}
	return nil
}

func printMatch(w io.Writer, m *kiosk.Match, explain bool) {
	p := &m.Posting
	fmt.Fprintf(w, "%4d  %-20s %s  %s  %s\n", m.Score, p.ID, p.Title, words.Pay(words.Zh, p.Pay), p.Employer.Name)
	if !explain {
		var said []string
		for _, r := range m.Reasons {
			said = append(said, fmt.Sprintf("%s %+d", words.Reason(words.Zh, r), r.Points))
		}
		fmt.Fprintf(w, "      %s\n", strings.Join(said, "；"))
		return
	}
	sum := 0
	for _, r := range m.Reasons {
		kind := "wish"
		if r.Factor.Hard() {
			kind = "requirement"
		}
		fmt.Fprintf(w, "      %+5d  %-12s %-11s %-8s %s\n", r.Points, r.Factor, kind, r.Fit, words.Reason(words.Zh, r))
		sum += r.Points
	}
	fmt.Fprintf(w, "      %5d  sum\n", sum)
}

// matchJSON is a row of `kiosk match -json`: a posting in the format of the
// import file, and the reasons whose points sum to the score.
type matchJSON struct {
	Score   int             `json:"score"`
	Reasons []reasonJSON    `json:"reasons"`
	Posting json.RawMessage `json:"posting"`
}

type reasonJSON struct {
	Factor   kiosk.Factor   `json:"factor"`
	Hard     bool           `json:"requirement"`
	Fit      kiosk.Fit      `json:"fit"`
	Points   int            `json:"points"`
	Relation kiosk.Relation `json:"relation,omitempty"`
	Lacking  []string       `json:"lacking,omitempty"`
	Words    string         `json:"words"`
}

func writeMatches(w io.Writer, found []kiosk.Match) error {
	out := make([]matchJSON, 0, len(found))
	for i := range found {
		line, err := jsonl.Append(nil, &found[i].Posting)
		if err != nil {
			return err
		}
		row := matchJSON{Score: found[i].Score, Posting: line}
		for _, r := range found[i].Reasons {
			reason := reasonJSON{
				Factor: r.Factor, Hard: r.Factor.Hard(), Fit: r.Fit, Points: r.Points, Relation: r.Relation,
				Words: words.Reason(words.Zh, r),
			}
			for _, c := range r.Lacking.Each() {
				reason.Lacking = append(reason.Lacking, c.Name())
			}
			row.Reasons = append(row.Reasons, reason)
		}
		out = append(out, row)
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}
