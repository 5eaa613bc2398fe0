package desk

import (
	"slices"
	"strconv"
	"time"

	"jobhome/sync/hub/fleet"
)

// measures are the columns of the monthly evaluation, in the order of package
// fleet.
var measures = []string{
	fleet.Visits: "visits", fleet.Searches: "searches", fleet.Prints: "prints", fleet.Referrals: "referrals",
	fleet.Calls: "calls", fleet.Answered: "answered", fleet.Ratings: "ratings", fleet.Satisfied: "satisfied",
}

type figuresPage struct {
	Month    string
	Measures []string
	Rows     []fleet.Row // the sites of a tier, then its sum, which has no site
	Fewest   int
}

// evaluation reads the month that the address names, or the last whole one. What
// would tell of few people, package fleet has hidden. An account of one site sees
// that site, and no sums.
func (c *call) evaluation() (figuresPage, error) {
	now := c.Now().In(beijing)
	month, err := time.ParseInLocation("2006-01", c.r.URL.Query().Get("month"), beijing)
	if err != nil {
		month = time.Date(now.Year(), now.Month()-1, 1, 0, 0, 0, 0, beijing)
	}
	p := figuresPage{Month: month.Format("2006-01"), Measures: measures, Fewest: fleet.K}
	e, err := c.Figures.Evaluate(c.r.Context(), c.session.Account.Area, month)
	if err != nil {
		return p, err
	}
	for _, sum := range e.Tiers {
		for _, r := range e.Sites {
			if r.Tier == sum.Tier && c.session.Account.Covers(r.Area, r.Site) {
				p.Rows = append(p.Rows, r)
			}
		}
		if c.session.Account.Site == "" {
			p.Rows = append(p.Rows, sum)
		}
	}
	return p, nil
}

func (c *call) figures() error {
	p, err := c.evaluation()
	if err != nil {
		return err
	}
	return c.page("figures.html", "nav.figures", p)
}

// table is the evaluation as it is exported.
func (c *call) table(p figuresPage) [][]string {
	head := []string{
		c.t("figures.month"), c.t("figures.tier"), c.t("figures.site"), c.t("account.area"), c.t("figures.terminals"), c.t("figures.days"),
	}
	for _, m := range measures {
		head = append(head, c.t("measure."+m))
	}
	table := [][]string{head}
	for _, r := range p.Rows {
		name, area := r.Name, areaName(r.Area)
		if r.Site == "" {
			name, area = c.t("figures.sum"), ""
		}
		row := []string{p.Month, c.t("tier." + string(r.Tier)), name, area, strconv.Itoa(r.Terminals), strconv.Itoa(r.Days)}
		for _, cell := range r.Cells {
			row = append(row, cell.String())
		}
		table = append(table, row)
	}
	return table
}

func (c *call) figuresFile(format string) error {
	p, err := c.evaluation()
	if err != nil {
		return err
	}
	name := "figures-" + p.Month + "." + format
	if format == "csv" {
		return c.csv(name, c.table(p))
	}
	return c.xlsx(name, p.Month, c.table(p))
}

type searchesPage struct {
	All    []fleet.Empty
	Days   int
	Fewest int
}

// searches are what people looked for in vain. Words that fewer than five looked
// for may be somebody's name: they are left out, here too.
func (c *call) searches() error {
	p := searchesPage{Days: 30, Fewest: fleet.K}
	if days := whole(c.r.URL.Query().Get("days")); days > 0 && days <= 366 {
		p.Days = int(days)
	}
	s := fleet.Scope{Area: c.session.Account.Area, From: c.Now().AddDate(0, 0, -p.Days), To: c.Now().AddDate(0, 0, 1)}
	all, err := c.Figures.EmptySearches(c.r.Context(), s, mostListed)
	if err != nil {
		return err
	}
	p.All = slices.DeleteFunc(slices.Clone(all), func(e fleet.Empty) bool { return e.Times < fleet.K })
	return c.page("searches.html", "nav.searches", p)
}
