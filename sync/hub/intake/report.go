package intake

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"jobhome/kiosk/words"
)

// reportHead heads the columns of the CSV report.
var reportHead = []string{"结果", "工作表", "行", "编号", "字段", "列名", "原文", "原因", "Reason", "Detail"}

// verdicts are the first column of the report, and what it is in English.
var verdicts = map[string]string{"未导入": "not taken", "请核对": "please check", "跳过": "skipped", "未用的列": "column not used"}

// WriteCSV writes a line for every problem, note, skipped row and column that
// was not used, in UTF-8 with a byte order mark, as Excel takes it. Texts from the
// source that a spreadsheet would take for formulas are quoted with an
// apostrophe.
func (r *Result) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return fmt.Errorf("intake: write report: %w", err)
	}
	out := csv.NewWriter(w)
	_ = out.Write(reportHead) // errors are kept for Error
	for _, l := range r.lines() {
		_ = out.Write([]string{
			l.verdict, harmless(l.sheet), strconv.Itoa(l.line), harmless(l.ref), l.field, harmless(l.heading), harmless(l.value),
			l.say(words.Zh), l.say(words.En), harmless(l.detail),
		})
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("intake: write report: %w", err)
	}
	return nil
}

// WriteText writes the same for people to read, in one language, below the
// counts.
func (r *Result) WriteText(w io.Writer, l words.Lang) error {
	var b strings.Builder
	c := r.Counts
	if l == words.En {
		fmt.Fprintf(&b, "%s: %d rows: %d taken, %d not taken, %d empty or no posting\n", r.Format, c.Rows, c.Good, c.Rejected, c.Empty)
	} else {
		fmt.Fprintf(&b, "%s：共 %d 行，可导入 %d 行，未导入 %d 行，空行或不是岗位 %d 行\n", r.Format, c.Rows, c.Good, c.Rejected, c.Empty)
	}
	for _, line := range r.lines() {
		b.WriteString(line.text(l))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("intake: write report: %w", err)
	}
	return nil
}

// reportLine is one thing to report.
type reportLine struct {
	verdict, sheet string
	line           int
	ref, field     string
	heading, value string
	say            func(words.Lang) string
	detail         string
}

// lines are the problems, then the notes, then what was skipped, each in the
// order of the source.
func (r *Result) lines() []reportLine {
	var all []reportLine
	for _, p := range r.Problems {
		all = append(all, reportLine{"未导入", p.Sheet, p.Line, p.Ref, p.Field, p.Heading, p.Value, p.Say, p.Detail})
	}
	for _, row := range r.Rows {
		for _, n := range row.Notes {
			all = append(all, reportLine{"请核对", row.Sheet, row.Line, row.Ref, n.Field, n.Heading, n.Value, n.Reason.Say, ""})
		}
	}
	for _, s := range r.Skipped {
		detail := ""
		if s.Rows > 1 {
			detail = strconv.Itoa(s.Rows) + " rows"
		}
		all = append(all, reportLine{"跳过", s.Sheet, s.Line, "", "", "", s.Text, s.Why.Say, detail})
	}
	for _, c := range r.Columns {
		if c.Field == "" && c.Filled > 0 {
			all = append(all, reportLine{"未用的列", c.Sheet, 0, "", "", c.Heading, "", ColumnUnused.Say, strconv.Itoa(c.Filled) + " cells"})
		}
	}
	return all
}

func (l *reportLine) text(lang words.Lang) string {
	var b strings.Builder
	verdict, place, colon, quotes := l.verdict, "第 %d 行", "：", "“%s”"
	if lang == words.En {
		verdict, place, colon, quotes = verdicts[l.verdict], "line %d", ": ", "%q"
	}
	b.WriteString(verdict)
	if l.sheet != "" {
		b.WriteString(" [" + l.sheet + "]")
	}
	if l.line > 0 {
		fmt.Fprintf(&b, " "+place, l.line)
	}
	if l.heading != "" || l.field != "" {
		b.WriteString(" " + strings.Join(strings.Fields(l.heading+" "+bracketed(l.field, l.heading)), " "))
	}
	if l.value != "" {
		fmt.Fprintf(&b, " "+quotes, strings.Join(strings.Fields(l.value), " "))
	}
	b.WriteString(colon + l.say(lang))
	if l.detail != "" && l.verdict != "未导入" {
		b.WriteString(" (" + l.detail + ")")
	}
	return b.String() + "\n"
}

func bracketed(field, heading string) string {
	if field == "" || heading == "" {
		return field
	}
	return "(" + field + ")"
}

// harmless is a text that no spreadsheet takes for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
