package intake

import (
	"strings"

	"jobhome/kiosk/jsonl"
)

// readLines reads JSON Lines, which are the terminal's own form: nothing is
// guessed in them.
func (in *intake) readLines(data []byte) error {
	n := 0
	for text := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(string(data), string(bom)), "\n"), "\n") {
		n++
		if err := in.count(); err != nil {
			return err
		}
		text = strings.TrimSpace(text)
		if text == "" {
			in.skip(Skipped{Line: n, Rows: 1, Why: BlankRow})
			continue
		}
		in.readLine(n, text)
	}
	return nil
}

func (in *intake) readLine(n int, text string) {
	p, problems := jsonl.Parse([]byte(text))
	row := Row{Line: n, Ref: p.ID, Posting: p}
	if row.Ref == "" {
		row.Ref = p.Source.Ref
	}
	row.Posting.ID = ""
	var own []Problem
	for _, jp := range problems {
		op := Problem{Line: n, Ref: row.Ref, Field: jp.Field, Reason: CheckFailed, Detail: jp.Reason}
		switch jp.Field {
		case "id":
			continue // whoever stores the row gives it one
		case "":
			op.Reason, op.Value = RowBroken, text
		}
		own = append(own, op)
	}
	if own == nil {
		for _, cp := range checkPosting(&row.Posting, in.o.Now) {
			cp.Line, cp.Ref = n, row.Ref
			own = append(own, cp)
		}
	}
	if own != nil {
		in.reject(own...)
		return
	}
	if row.Posting.Source.Name == "" {
		row.Posting.Source.Name = in.o.Source
	}
	if row.Posting.Source.Ref == "" {
		row.Posting.Source.Ref = row.Ref
	}
	in.accept(row)
}
