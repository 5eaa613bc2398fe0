package board

import "fmt"

// String is one problem as a person mends it: "line 5: title: is empty".
func (b BadLine) String() string {
	if b.Field == "" {
		return fmt.Sprintf("line %d: %s", b.Line, b.Reason)
	}
	return fmt.Sprintf("line %d: %s: %s", b.Line, b.Field, b.Reason)
}

// BadLines is the number of lines that have a problem.
func (r Report) BadLines() int {
	n, last := 0, 0
	for _, b := range r.Bad {
		if b.Line != last {
			n, last = n+1, b.Line
		}
	}
	return n
}

// String is the sum of a report.
func (r Report) String() string {
	return fmt.Sprintf("%d lines: %d taken (%d new, %d changed, %d as before), %d not taken, %d removed",
		r.Lines, r.Good, r.Added, r.Changed, r.Same, r.BadLines(), r.Removed)
}
