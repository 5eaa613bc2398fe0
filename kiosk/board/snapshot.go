package board

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"jobhome/kiosk"
)

// snapshot is the board in memory at one moment. It is never changed.
type snapshot struct {
	updated  time.Time
	postings []kiosk.Posting // in the order of their ids, without descriptions
	rows     []row           // what filters and counts look at, same order
	byRowid  []rowRef        // ascending
	trades   []kiosk.Trade   // row.trade is an index into it
	towns    []kiosk.Area    // row.town is an index into it
	nearest  []int32         // rows in the orders of kiosk.Sort
	newest   []int32
	pay      []int32
	terms    []term // what Suggest proposes
}

type rowRef struct {
	rowid int64
	row   int32
}

// row is what a pass over the board needs of one posting.
type row struct {
	valid    int64   // Unix seconds
	metres   float64 // from the site; negative unknown
	low      kiosk.Fen
	high     kiosk.Fen // a month; negative unknown
	title    string    // folded
	shifts   kiosk.Shifts
	benefits kiosk.Benefits
	channel  uint8 // index into kiosk.Channels
	asked    uint8 // index into asked
	trade    uint16
	town     int16 // -1: coarser than a town
}

func (r *row) open(now time.Time) bool { return now.Unix() <= r.valid }

// asked lists the levels of schooling that a posting may ask for.
var asked = append([]kiosk.Education{kiosk.AnySchooling}, kiosk.Educations()...)

type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// load reads the whole board but the descriptions.
func load(ctx context.Context, q querier, site kiosk.Site) (*snapshot, error) {
	s := &snapshot{}
	var updated, count int64
	err := q.QueryRowContext(ctx, `SELECT value, (SELECT count(*) FROM posting) FROM meta WHERE key = 'updated'`).
		Scan(&updated, &count)
	if err != nil {
		return nil, err
	}
	s.updated = moment(updated)
	s.postings, s.byRowid = make([]kiosk.Posting, 0, count), make([]rowRef, 0, count)
	rows, err := q.QueryContext(ctx, `SELECT rowid, `+columns+` FROM posting ORDER BY id`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	in := interner{}
	for rows.Next() {
		p, rowid, err := scanPosting(rows, false)
		if err != nil {
			return nil, err
		}
		in.posting(&p)
		s.byRowid = append(s.byRowid, rowRef{rowid, int32(len(s.postings))})
		s.postings = append(s.postings, p)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	slices.SortFunc(s.byRowid, func(a, b rowRef) int { return cmp.Compare(a.rowid, b.rowid) })
	s.index(site)
	s.terms = collectTerms(s.postings)
	return s, nil
}

// interner keeps one copy of words that many postings share.
type interner map[string]string

func (in interner) posting(p *kiosk.Posting) {
	for _, s := range []*string{
		&p.Employer.Name, &p.Employer.CreditCode, &p.Occupation.Code, &p.Occupation.Name, (*string)(&p.Channel),
		(*string)(&p.Area), &p.Address, (*string)(&p.Pay.Unit), &p.Hours, &p.Contact.Person, &p.Contact.Phone,
		&p.Contact.Rule, &p.Source.Name,
	} {
		if have, ok := in[*s]; ok {
			*s = have
		} else {
			in[*s] = *s
		}
	}
}

// index fills rows and the orders from postings.
func (s *snapshot) index(site kiosk.Site) {
	trade, town := map[kiosk.Trade]uint16{}, map[kiosk.Area]int16{}
	s.rows = make([]row, len(s.postings))
	for i := range s.postings {
		p := &s.postings[i]
		r := &s.rows[i]
		r.valid = p.ValidThrough.Unix()
		r.metres = p.Location.Metres(site.Location)
		r.low, r.high = -1, -1
		if lo, hi, ok := p.Pay.Monthly(); ok {
			r.low, r.high = lo, hi
		}
		r.title = fold(p.Title)
		r.shifts, r.benefits = p.Shifts, p.Benefits
		r.channel = uint8(max(0, slices.Index(kiosk.Channels(), p.Channel)))
		r.asked = uint8(max(0, slices.Index(asked, p.Education)))
		r.town = -1
		if a := p.Area.Town(); a != "" {
			if _, ok := town[a]; !ok {
				town[a] = int16(len(s.towns))
				s.towns = append(s.towns, a)
			}
			r.town = town[a]
		}
		t := p.Occupation.Trade()
		if _, ok := trade[t]; !ok {
			trade[t] = uint16(len(s.trades))
			s.trades = append(s.trades, t)
		}
		r.trade = trade[t]
	}
	s.order()
}

// order sorts the rows once in every order, so that a query never sorts. Rows
// are in the order of ids, and the sorts are stable: ids break ties.
func (s *snapshot) order() {
	sorted := func(less func(a, b int32) int) []int32 {
		out := make([]int32, len(s.rows))
		for i := range out {
			out[i] = int32(i)
		}
		slices.SortStableFunc(out, less)
		return out
	}
	s.nearest = sorted(func(a, b int32) int {
		x, y := s.rows[a].metres, s.rows[b].metres
		if (x < 0) != (y < 0) {
			return cmp.Compare(y, x) // the known one first
		}
		return cmp.Compare(x, y)
	})
	s.newest = sorted(func(a, b int32) int {
		return s.postings[b].Published.Compare(s.postings[a].Published)
	})
	s.pay = sorted(func(a, b int32) int {
		x, y := &s.rows[a], &s.rows[b]
		return cmp.Or(cmp.Compare(y.high, x.high), cmp.Compare(y.low, x.low))
	})
}

// rowOf returns the row with the rowid, or -1 when the snapshot lacks it.
func (s *snapshot) rowOf(rowid int64) int32 {
	i, ok := slices.BinarySearchFunc(s.byRowid, rowid, func(r rowRef, id int64) int { return cmp.Compare(r.rowid, id) })
	if !ok {
		return -1
	}
	return s.byRowid[i].row
}
