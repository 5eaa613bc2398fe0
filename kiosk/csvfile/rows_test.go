package csvfile

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func readRows(t testing.TB, text string) []Row {
	t.Helper()
	rows, err := NewRows(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var all []Row
	for {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, row)
	}
}

func TestRowsBelowTitles(t *testing.T) {
	text := "共青城市招聘岗位一览表\n填表人：王，2026年\n序号;岗位;待遇\n1;缝纫工;\"5000\n8000\"\n2;坏\"行;\n3;裁剪工;4000\n"
	want := []Row{
		{Line: 1, Cells: []string{"共青城市招聘岗位一览表"}},
		{Line: 2, Cells: []string{"填表人：王，2026年"}},
		{Line: 3, Cells: []string{"序号", "岗位", "待遇"}},
		{Line: 4, Cells: []string{"1", "缝纫工", "5000\n8000"}},
		{Line: 6, Cells: []string{"2", "坏\"行", ""}, Broken: `there is a quote inside a field; put the field in quotes and write "" for it`},
		{Line: 7, Cells: []string{"3", "裁剪工", "4000"}},
	}
	if got := readRows(t, text); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	if got := readRows(t, gb); !reflect.DeepEqual(got, want) {
		t.Errorf("of GB 18030 got %+v\nwant %+v", got, want)
	}
}

func TestRowsOfNothing(t *testing.T) {
	if got := readRows(t, ""); got != nil {
		t.Errorf("an empty file has %+v", got)
	}
	if _, err := NewRows(strings.NewReader("PK\x03\x04...")); err == nil {
		t.Error("a workbook was taken for CSV")
	}
}

func TestFieldsAndValues(t *testing.T) {
	for heading, want := range map[string]string{"招聘岗位*": "title", "联系电话（必填）": "contact.phone", "序号": ""} {
		if got := Field(heading); got != want {
			t.Errorf("Field(%s) = %q, want %q", heading, got, want)
		}
	}
	n := 0
	for field, heading := range Fields() {
		if n++; Field(heading) != field {
			t.Errorf("%s is %s, not %s", heading, Field(heading), field)
		}
	}
	if n != len(columns) {
		t.Errorf("there are %d fields, not %d", n, len(columns))
	}
	if v, reason := Value("headcount", " 12人 "); v != 12 || reason != "" {
		t.Errorf("12人 is %v, %s", v, reason)
	}
	if v, reason := Value("nothing", "1"); v != nil || reason == "" {
		t.Errorf("a column that is not there gives %v, %q", v, reason)
	}
	names, unknown := Words("benefits", "包吃住、五险；节日礼物")
	if !reflect.DeepEqual(names, []string{"meals", "dorm", "insurance"}) || !reflect.DeepEqual(unknown, []string{"节日礼物"}) {
		t.Errorf("benefits are %q and %q", names, unknown)
	}
	if names, unknown = Words("colour", "红"); names != nil || len(unknown) != 1 {
		t.Errorf("a set that is not there gives %q and %q", names, unknown)
	}
}
