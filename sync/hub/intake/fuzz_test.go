package intake

import (
	"bytes"
	"context"
	"io"
	"testing"

	"jobhome/kiosk/words"
)

// Whatever a stranger sends is read or refused: every row counts once, every
// posting passes its checks, everything that is reported has words.
func FuzzRead(f *testing.F) {
	f.Add([]byte(official), "甲")
	f.Add([]byte(officialBook(f).bytes()), "甲")
	f.Add([]byte(linked), "甲")
	f.Add([]byte("<script type=application/ld+json>"+linked+"</script>"), "")
	f.Add([]byte("岗位;单位\n\"a\";b\n"), "岗位")
	f.Add([]byte(`{"id":"1"}`+"\n"+`{"title":3}`), "")
	f.Fuzz(func(t *testing.T, data []byte, heading string) {
		o := usual
		o.Mapping = map[string]string{heading: "title"}
		res, err := Read(context.Background(), bytes.NewReader(data), o)
		if err != nil {
			if c, ok := err.(Cause); !ok || causes[c][0] == "" {
				t.Fatalf("the error %v is no Cause", err)
			}
			return
		}
		rejected, skipped := map[[2]any]bool{}, 0
		for _, p := range res.Problems {
			rejected[[2]any{p.Sheet, p.Line}] = true
			if p.Reason.Say(words.Zh) == "" || p.Reason.Say(words.En) == "" {
				t.Errorf("a problem without words: %+v", p)
			}
		}
		for _, s := range res.Skipped {
			skipped += s.Rows
		}
		c := res.Counts
		if c.Good != len(res.Rows) || c.Empty != skipped || len(rejected) > c.Rejected || c.Rejected > 0 && len(rejected) == 0 {
			t.Errorf("counts %+v, but %d rows, %d skipped, %d rejected", c, len(res.Rows), skipped, len(rejected))
		}
		for _, r := range res.Rows {
			if rejected[[2]any{r.Sheet, r.Line}] {
				t.Errorf("line %d is taken and rejected", r.Line)
			}
			r.Posting.ID = "x"
			if err := r.Posting.Check(); err != nil {
				t.Errorf("line %d is taken, but %v", r.Line, err)
			}
		}
		if err := res.WriteCSV(io.Discard); err != nil {
			t.Error(err)
		}
	})
}

// Every row that a source gives is counted once.
func FuzzEveryRowCounts(f *testing.F) {
	f.Add([]byte(official))
	f.Add([]byte("岗位,单位,薪资,\n,,最低,最高\n保安,某公司,3000,4000\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		in := &intake{ctx: context.Background(), o: usual, result: &Result{}, refs: map[string]bool{}}
		if in.readTable(data) != nil {
			return
		}
		if c := in.result.Counts; in.rows != c.Good+c.Rejected+c.Empty {
			t.Errorf("%d rows were read, and counted as %+v", in.rows, c)
		}
	})
}
