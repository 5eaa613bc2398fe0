package board

import "testing"

func TestReportCountsLinesNotProblems(t *testing.T) {
	r := Report{Lines: 6, Good: 3, Added: 2, Same: 1, Bad: []BadLine{
		{4, "", "no JSON"}, {5, "title", "is empty"}, {5, "area", "is missing"}, {6, "pay.min", "is no number"},
	}}
	want := "6 lines: 3 taken (2 new, 0 changed, 1 as before), 3 not taken, 0 removed"
	if got := r.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := r.Bad[1].String() + "; " + r.Bad[0].String(); got != "line 5: title: is empty; line 4: no JSON" {
		t.Error(got)
	}
}
