package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// The demonstration as CSV and as JSON Lines is one board: whichever is there,
// importing the other changes nothing.
func TestCommandImportCSVIsTheSameBoard(t *testing.T) {
	dir := t.TempDir()
	settings := writeSettings(t, dir, settingsFor(t, dir, "none", "none"))
	lines := filepath.Join(dir, "board.jsonl")
	sheet := filepath.Join(dir, "board.csv")
	writeFile(t, lines, must(t, "demo-board", "-n", "400"))
	text := must(t, "demo-board", "-n", "400", "-format", "csv")
	writeFile(t, sheet, text)
	if got := must(t, "-settings", settings, "import", lines); !strings.Contains(got, "400 taken (400 new") {
		t.Fatal(got)
	}
	gbk, err := simplifiedchinese.GB18030.NewEncoder().String(strings.TrimPrefix(text, "\ufeff"))
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{text, gbk, strings.ReplaceAll(text, "\n", "\r\n")} {
		writeFile(t, sheet, form)
		got := must(t, "-settings", settings, "import", "-replace", sheet)
		if !strings.Contains(got, "400 taken (0 new, 0 changed, 400 as before), 0 not taken, 0 removed") {
			t.Error(got)
		}
	}
}

// What is wrong with a row is told with its line and its column, the other rows
// are taken, and -replace keeps what stands in a bad row.
func TestCommandImportReportsBadRows(t *testing.T) {
	dir := t.TempDir()
	settings := writeSettings(t, dir, settingsFor(t, dir, "none", "none"))
	const head = "岗位编号,岗位名称,单位名称,职业代码,岗位类别,行政区划,最低工资,工资单位,学历,发布日期,有效期至,说明\n"
	row := func(id string) string { // employers differ, or the search folds them
		return id + ",缝纫工," + id + "号服饰厂,6-05-01-03,市场,360482,5000,月,初中,2026/11/1,2099年12月31日,\n"
	}
	sheet := filepath.Join(dir, "board.csv")
	writeFile(t, sheet, head+row("a")+row("b")+row("c")+row("d")+row("e"))
	must(t, "-settings", settings, "import", sheet)

	writeFile(t, sheet, head+
		strings.TrimSuffix(row("a"), "\n")+"\"两\n行\"\n"+ // line 2 and 3
		strings.NewReplacer("初中", "幼儿园", "5000", "6000").Replace(row("b"))+
		"c,缝纫工\n"+
		strings.Replace(row("d"), "缝纫工", "\"缝纫工", 1)+
		row("a")+
		strings.Replace(row("f"), "6-05", "six", 1))
	for range 2 { // the dry run changes nothing
		o := kioskRun(t, "-settings", settings, "import", "-dry-run", "-replace", sheet)
		checkBadRows(t, o)
	}
	checkBadRows(t, kioskRun(t, "-settings", settings, "import", "-replace", sheet))
	got := must(t, "-settings", settings, "search", "-json", "缝纫工")
	for id, there := range map[string]bool{"a": true, "b": true, "c": true, "d": true, "e": false, "f": false} {
		if strings.Contains(got, `"id": "`+id+`"`) != there {
			t.Errorf("posting %s: on the board %v, want %v", id, !there, there)
		}
	}
	if strings.Contains(got, `"min": 6000`) {
		t.Error("a bad row was taken")
	}
}

func checkBadRows(t *testing.T, o outcome) {
	t.Helper()
	for _, want := range []string{
		"line 4: education (学历): \"幼儿园\" is none of 没上过学 (90),",
		"line 5: the row has 2 fields, the header 12",
		"line 6: a quote is not closed",
		"line 7: id (岗位编号): a stands in line 2 already",
		"line 8: occupation (职业代码): ",
	} {
		if !strings.Contains(o.err, want) {
			t.Errorf("the report does not have %q:\n%s", want, o.err)
		}
	}
	if n := strings.Count(o.err, "line "); n != 6 { // one is in a reason
		t.Errorf("%d lines are named:\n%s", n, o.err)
	}
	if o.status != 1 || !strings.Contains(o.out, "6 lines: 1 taken (0 new, 1 changed, 0 as before), 5 not taken, 1 removed") {
		t.Errorf("exit status %d, %s", o.status, o.out)
	}
}

func TestCommandImportFormat(t *testing.T) {
	dir := t.TempDir()
	settings := writeSettings(t, dir, settingsFor(t, dir, "none", "none"))
	sheet, lines := must(t, "demo-board", "-n", "3", "-format", "csv"), must(t, "demo-board", "-n", "3")
	for _, tt := range []struct {
		name, text, format string
		status             int
		says               string
	}{
		{"a.csv", sheet, "", 0, "3 taken"},
		{"a.CSV", sheet, "", 0, "3 taken"},
		{"a.txt", sheet, "", 0, "3 taken"},
		{"a.csv", lines, "", 0, "3 taken"},
		{"a.txt", "\ufeff\n" + lines, "", 0, "3 taken"},
		{"a.txt", sheet, "csv", 0, "3 taken"},
		{"a.jsonl", sheet, "csv", 0, "3 taken"},
		{"a.csv", sheet, "jsonl", 1, "line 1: no JSON"},
		{"a.jsonl", "x\n" + lines, "", 1, "line 1: no JSON"},
		{"a.jsonl", lines, "csv", 1, "a.jsonl: csvfile: line 1: "},
		{"a.csv", strings.Replace(sheet, "学历", "学厉", 1), "", 1, `no column is called "学厉"; the columns are 岗位编号 (id)`},
		{"a.csv", sheet, "xml", 2, "usage: kiosk import"},
		{"a.xlsx", "PK\x03\x04", "", 1, "save it as CSV"},
	} {
		file := filepath.Join(dir, tt.name)
		writeFile(t, file, tt.text)
		args := []string{"-settings", settings, "import", "-dry-run"}
		if tt.format != "" {
			args = append(args, "-format", tt.format)
		}
		o := kioskRun(t, append(args, file)...)
		if o.status != tt.status || !strings.Contains(o.out+o.err, tt.says) {
			t.Errorf("%s as %q: exit status %d, want %d and %q:\n%.300s", tt.name, tt.format, o.status, tt.status, tt.says, o.out+o.err)
		}
	}
	if o := kioskRun(t, "demo-board", "-format", "xml"); o.status != 2 {
		t.Errorf("an unknown format is written: %d", o.status)
	}
}

func TestCommandImportFromStandardInput(t *testing.T) {
	dir := t.TempDir()
	settings := writeSettings(t, dir, settingsFor(t, dir, "none", "none"))
	for _, format := range []string{"csv", "jsonl"} {
		o := kioskRunWith(t, must(t, "demo-board", "-n", "3", "-format", format), "-settings", settings, "import", "-")
		if o.status != 0 || !strings.Contains(o.out, "3 taken") {
			t.Errorf("%s: exit status %d, %s%s", format, o.status, o.out, o.err)
		}
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
