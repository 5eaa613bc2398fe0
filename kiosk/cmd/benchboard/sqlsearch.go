package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"jobhome/kiosk"
)

// where are a query's conditions on the texts and the figures.
func (e *sqlEngine) where(q kiosk.Query) (string, []any) {
	text, args := e.words.where(folded(q.Text))
	all := []string{text, "valid >= ?"}
	args = append(args, q.Now.Unix())
	in := func(column string, values []any) {
		all = append(all, column+" IN ("+commas("?", len(values))+")")
		args = append(args, values...)
	}
	if q.Area != "" {
		in("town", []any{string(q.Area)})
	}
	if q.PayAtLeast > 0 {
		all = append(all, "high >= ?")
		args = append(args, int64(q.PayAtLeast))
	}
	if q.Education != kiosk.AnySchooling {
		var levels []any
		for _, asked := range schooling {
			if q.Education.Meets(asked) {
				levels = append(levels, int(asked))
			}
		}
		in("education", levels)
	}
	if len(q.Channels) > 0 {
		var channels []any
		for i, c := range kiosk.Channels() {
			for _, wanted := range q.Channels {
				if c == wanted {
					channels = append(channels, i)
				}
			}
		}
		in("channel", channels)
	}
	if len(q.Trades) > 0 {
		var trades []any
		for _, t := range q.Trades {
			trades = append(trades, string(t))
		}
		in("trade", trades)
	}
	return strings.Join(all, " AND "), args
}

// schooling is what a posting may ask for.
var schooling = append([]kiosk.Education{kiosk.AnySchooling}, kiosk.Educations()...)

var orders = map[kiosk.Sort]string{
	kiosk.SortFit:     "metres, id",
	kiosk.SortNearest: "metres, id",
	kiosk.SortPay:     "high DESC, low DESC, id",
	kiosk.SortNewest:  "published DESC, id",
}

// search finds the rows once, keeps them in memory, and takes the total, the
// four groups and the page from there; the words of the page's rows are read
// by their rowids.
func (e *sqlEngine) search(ctx context.Context, q kiosk.Query) (found, error) {
	where, args := e.where(q)
	rows, err := e.query(ctx, `WITH hit AS MATERIALIZED (
		SELECT fact.* FROM words CROSS JOIN fact ON fact.rowid = words.rowid WHERE `+where+`)
		SELECT 0 AS what, 0 AS value, count(*) AS n FROM hit
		UNION ALL SELECT 1, channel, count(*) FROM hit GROUP BY channel
		UNION ALL SELECT 2, trade, count(*) FROM hit GROUP BY trade
		UNION ALL SELECT 3, town, count(*) FROM hit GROUP BY town
		UNION ALL SELECT 4, education, count(*) FROM hit GROUP BY education
		UNION ALL SELECT * FROM (SELECT 5, id, 0 FROM hit ORDER BY `+orders[q.Sort]+` LIMIT ?)`,
		append(args, q.Limit))
	f := found{groups: map[string]int{}}
	if err != nil {
		return f, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var what, n int
		var value sql.RawBytes
		if err := rows.Scan(&what, &value, &n); err != nil {
			return f, err
		}
		switch {
		case what == 0:
			f.total = n
		case what == 5:
			f.page = append(f.page, string(value))
		case what == 3 && string(value) == "0": // coarser than a town
		default:
			f.groups[groupName(what, string(value))] = n
		}
	}
	if err := rows.Err(); err != nil {
		return f, err
	}
	return f, e.readPage(ctx, f.page)
}

func groupName(what int, value string) string {
	switch what {
	case 1:
		return "channel " + string(kiosk.Channels()[value[0]-'0'])
	case 2:
		return "trade " + value
	case 3:
		return "town " + value
	}
	return "education " + value
}

// readPage reads what a row of a list shows.
func (e *sqlEngine) readPage(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	var args []any
	for _, id := range ids {
		args = append(args, id)
	}
	rows, err := e.query(ctx, `SELECT title, employer, occupation_name, address, pay_original, hours, requirements, contact_person, headcount
		FROM posting WHERE id IN (`+commas("?", len(ids))+`)`, args)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	n := 0
	for rows.Next() {
		var text [8]string
		var headcount int
		if err := rows.Scan(&text[0], &text[1], &text[2], &text[3], &text[4], &text[5], &text[6], &text[7], &headcount); err != nil {
			return err
		}
		n++
	}
	if n != len(ids) && rows.Err() == nil {
		return fmt.Errorf("the page has %d of %d rows", n, len(ids))
	}
	return rows.Err()
}

// query prepares a statement the first time only.
func (e *sqlEngine) query(ctx context.Context, text string, args []any) (_ *sql.Rows, err error) {
	s := e.ready[text]
	if s == nil {
		if s, err = e.db.PrepareContext(ctx, text); err != nil {
			return nil, err
		}
		e.ready[text] = s
	}
	return s.QueryContext(ctx, args...)
}

func (e *sqlEngine) ids(ctx context.Context, q kiosk.Query) ([]string, error) {
	where, args := e.where(q)
	return e.column(ctx, `SELECT id FROM words CROSS JOIN fact ON fact.rowid = words.rowid WHERE `+where, args)
}

// column is the ids that a query selects.
func (e *sqlEngine) column(ctx context.Context, query string, args []any) ([]string, error) {
	rows, err := e.query(ctx, query, args)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}
