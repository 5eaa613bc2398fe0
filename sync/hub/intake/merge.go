package intake

import (
	"slices"
	"strings"
)

// mergeFill writes what stands in the first cell of a merged range into the
// others, row by row.
type mergeFill struct {
	waiting []span // not begun
	sorted  bool
	active  []activeSpan
}

type activeSpan struct {
	span
	text string
	date bool
}

// fill fills a row's cells. Rows must come in their order.
func (f *mergeFill) fill(l *line) {
	if !f.sorted {
		slices.SortStableFunc(f.waiting, func(a, b span) int { return a.top - b.top })
		f.sorted = true
	}
	f.active = slices.DeleteFunc(f.active, func(s activeSpan) bool { return s.bottom < l.n })
	for len(f.waiting) > 0 && f.waiting[0].top <= l.n {
		s := f.waiting[0]
		f.waiting = f.waiting[1:]
		if s.top == l.n && s.left <= len(l.cells) && strings.TrimSpace(l.cells[s.left-1]) != "" {
			date := s.left <= len(l.dates) && l.dates[s.left-1]
			f.active = append(f.active, activeSpan{s, l.cells[s.left-1], date})
		}
	}
	for _, s := range f.active {
		for col := s.left; col <= min(s.right, MaxColumns); col++ {
			for len(l.cells) < col {
				l.cells = append(l.cells, "")
			}
			if strings.TrimSpace(l.cells[col-1]) != "" {
				continue
			}
			l.cells[col-1] = s.text
			if s.date {
				if l.dates == nil {
					l.dates = make([]bool, MaxColumns+1)
				}
				l.dates[col-1] = true
			}
		}
	}
}
