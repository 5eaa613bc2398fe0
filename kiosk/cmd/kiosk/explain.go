package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"jobhome/kiosk"
	"jobhome/kiosk/find"
	"jobhome/kiosk/words"
)

// explainer says of a search what was asked, what was tried, and of each row
// why it stands where it does.
type explainer struct {
	out   io.Writer
	e     find.Explanation
	board find.Board
}

func (x *explainer) write(ctx context.Context) error {
	r := x.e.Results
	for i, try := range x.e.Tries {
		step := string(try.Step)
		if i == 0 {
			step = "asked"
		}
		fmt.Fprintf(x.out, "%-9s %5d  %s\n", step, try.Total, queryText(try.Query))
	}
	if r.Rescue != nil {
		fmt.Fprintf(x.out, "%-9s %5d  %s\n", "shown", r.Total, queryText(x.e.Query))
		fmt.Fprintln(x.out, words.Rescue(words.Zh, r.Rescue, r.Total))
	}
	for i, it := range r.Items {
		fmt.Fprintf(x.out, "\n%d. ", x.e.Query.Offset+i+1)
		writeRow(x.out, it)
		for _, line := range x.reasons(it) {
			fmt.Fprintln(x.out, "   "+line)
		}
		if err := x.group(ctx, it); err != nil {
			return err
		}
	}
	fmt.Fprintln(x.out, words.T(words.Zh, "list.total", r.Total))
	return nil
}

// reasons says which words a row has where, its place in the order, and the
// filters that it passes.
func (x *explainer) reasons(it kiosk.Item) []string {
	q := x.e.Query
	var lines []string
	asked := strings.Fields(q.Text)
	inTitle := len(asked)
	for _, h := range it.Hits {
		if h.Field != kiosk.FieldTitle {
			inTitle--
		}
	}
	for _, w := range asked {
		line := fmt.Sprintf("word %s: title", w)
		for _, h := range it.Hits {
			if h.Word == w {
				line = strings.TrimSpace(fmt.Sprintf("word %s: %s, as %s  %s", w, h.Field, h.As, h.Excerpt))
			}
		}
		lines = append(lines, line)
	}
	p := &it.Posting
	key := ""
	switch q.Sort {
	case kiosk.SortPay:
		key = "no month's pay is known"
		if lo, hi, ok := p.Pay.Monthly(); ok {
			key = fmt.Sprintf("%s yuan a month", words.MonthRange(lo, hi))
		}
	case kiosk.SortNewest:
		key = "published " + p.Published.Local().Format("2006-01-02 15:04")
	case kiosk.SortNearest:
		key = metresText(it.Metres)
	default:
		key = fmt.Sprintf("%d of %d words in the title, then %s", inTitle, len(asked), metresText(it.Metres))
	}
	lines = append(lines, fmt.Sprintf("order %s: %s", q.Sort, key))
	if passed := filterTexts(q); len(passed) > 0 {
		lines = append(lines, "passes "+strings.Join(passed, ", "))
	}
	return lines
}

// group says which postings a row stands for.
func (x *explainer) group(ctx context.Context, it kiosk.Item) error {
	if it.More == 0 {
		return nil
	}
	q := x.e.Query
	q.Fold, q.Like, q.Offset, q.Limit = false, it.Posting.ID, 0, it.More+1
	like, err := x.board.Search(ctx, q)
	if err != nil {
		return err
	}
	var ids []string
	for _, other := range like.Items {
		if other.Posting.ID != it.Posting.ID {
			ids = append(ids, other.Posting.ID)
		}
	}
	fmt.Fprintf(x.out, "   stands for %s too\n", strings.Join(ids, " "))
	return nil
}

func metresText(m float64) string {
	if m < 0 {
		return "at an unknown distance"
	}
	return fmt.Sprintf("%.0f m away", m)
}

// queryText writes a query in one line.
func queryText(q kiosk.Query) string {
	var parts []string
	for i, w := range strings.Fields(q.Text) {
		if i < len(q.Also) && len(q.Also[i]) > 0 {
			w += "|" + strings.Join(q.Also[i], "|")
		}
		parts = append(parts, w)
	}
	parts = append(parts, filterTexts(q)...)
	if len(parts) == 0 {
		return "everything"
	}
	return strings.Join(parts, " ")
}

// filterTexts writes the filters of a query, one by one.
func filterTexts(q kiosk.Query) []string {
	var all []string
	add := func(on bool, format string, args ...any) {
		if on {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	add(q.Area != "", "area=%s", q.Area)
	add(q.Within > 0, "within=%.0fm", q.Within)
	add(len(q.Channels) > 0, "channel=%v", q.Channels)
	add(len(q.Trades) > 0, "trade=%v", q.Trades)
	add(q.Occupation != "", "occupation=%s", q.Occupation)
	add(q.PayAtLeast > 0, "pay>=%s", q.PayAtLeast)
	add(q.Education != 0, "school=%s", words.Education(words.Zh, q.Education))
	add(q.Shifts != 0, "shift=%s", words.Shifts(words.Zh, q.Shifts))
	add(q.Lawful != 0, "lawful=%s", words.Shifts(words.Zh, q.Lawful))
	add(q.Benefits != 0, "benefit=%s", words.Benefits(words.Zh, q.Benefits))
	add(!q.Since.IsZero(), "since=%s", q.Since.Format("2006-01-02"))
	add(q.Like != "", "like=%s", q.Like)
	return all
}
