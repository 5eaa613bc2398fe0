package csvfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/jsonl"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// the must-columns and a row for them.
const (
	head = "岗位编号,岗位名称,单位名称,职业代码,岗位类别,行政区划,最低工资,最高工资,工资单位,发布日期,有效期至"
	row  = "p-1,缝纫工,某某服饰厂,6-05-01-03,企业招聘,360482,5000,8000,元/月,2026-11-01,2026-12-31"
)

// taken is what an importer makes of the lines: postings by line, and
// problems as it would report them.
type taken struct {
	postings map[int]kiosk.Posting
	problems map[int][]jsonl.Problem
	kept     []string // ids of bad lines
}

func take(t testing.TB, r io.Reader) taken {
	t.Helper()
	c, err := NewReader(r)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	got := taken{map[int]kiosk.Posting{}, map[int][]jsonl.Problem{}, nil}
	for i, line := range bytes.Split(text, []byte("\n")) {
		if len(line) == 0 {
			if c.Problems(i+1) != nil {
				t.Errorf("line %d has problems, but nothing stands in it", i+1)
			}
			continue
		}
		p, problems := jsonl.Parse(line)
		if own := c.Problems(i + 1); own != nil {
			if problems == nil {
				t.Errorf("line %d has problems %v, but is taken", i+1, own)
			}
			problems = own
		}
		if problems != nil {
			got.problems[i+1] = problems
			got.kept = append(got.kept, p.ID)
		} else {
			got.postings[i+1] = p
		}
	}
	return got
}

func TestDemonstrationReadsBack(t *testing.T) {
	list := demo.Postings(time.Date(2026, 11, 25, 9, 0, 0, 0, zone), 2000, 3)
	list[7].Description = "第一行，\"引号\"；\n第二行\t制表"
	var file bytes.Buffer
	if err := Write(&file, list); err != nil {
		t.Fatal(err)
	}
	got := take(t, &file)
	if len(got.problems) > 0 || len(got.postings) != len(list) {
		t.Fatalf("%d of %d postings read, problems %v", len(got.postings), len(list), got.problems)
	}
	byID := map[string]kiosk.Posting{}
	for _, p := range got.postings {
		byID[p.ID] = p
	}
	for i := range list {
		line, err := jsonl.Append(nil, &list[i])
		if err != nil {
			t.Fatal(err)
		}
		if want, _ := jsonl.Parse(bytes.TrimSpace(line)); !reflect.DeepEqual(byID[want.ID], want) {
			t.Fatalf("as JSON Lines %+v\nas CSV %+v", want, byID[want.ID])
		}
	}
}

// A file may be in any of the encodings, delimiters and line ends that
// spreadsheets write.
func TestForms(t *testing.T) {
	plain := head + "\n" + row + "\n"
	encode := func(s string, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	want := take(t, strings.NewReader(plain)).postings[2]
	if want.Title != "缝纫工" || want.Pay.Max != kiosk.Yuan(8000) {
		t.Fatalf("read %+v", want)
	}
	for name, file := range map[string]string{
		"mark":             "\ufeff" + plain,
		"semicolon":        strings.ReplaceAll(plain, ",", ";"),
		"tab":              strings.ReplaceAll(plain, ",", "\t"),
		"CRLF":             strings.ReplaceAll(plain, "\n", "\r\n"),
		"CR":               strings.ReplaceAll(plain, "\n", "\r"),
		"no end":           strings.TrimSuffix(plain, "\n"),
		"GB 18030":         encode(simplifiedchinese.GB18030.NewEncoder().String(plain)),
		"UTF-16":           encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(plain, ",", "\t"))),
		"all quoted":       `"` + strings.NewReplacer(",", `","`, "\n", "\"\n\"").Replace(strings.TrimSpace(plain)) + `"`,
		"names of fields":  "id,title,employer.name,occupation.code,channel,area,pay.min,pay.max,pay.unit,published,valid_through\n" + row,
		"other names":      "职位编号 *,职位名称,企业名称,职业编码,岗位类型,区划代码,最低薪资,最高工资 （元）,计薪方式,发布时间,截止日期\n" + row,
		"GB, English head": encode(simplifiedchinese.GB18030.NewEncoder().String("id,title,employer.name,occupation.code,channel,area,pay.min,pay.max,pay.unit,published,valid_through\n" + row)),
		"an empty column":  strings.ReplaceAll(plain, "\n", ",\n"),
	} {
		got := take(t, iotest.HalfReader(strings.NewReader(file)))
		if !reflect.DeepEqual(got.postings[2], want) || len(got.problems) > 0 {
			t.Errorf("%s: %+v, problems %v", name, got.postings, got.problems)
		}
	}
	other := strings.Join(reversed(head), ",") + "\n" + strings.Join(reversed(row), ",")
	if got := take(t, strings.NewReader(other)); !reflect.DeepEqual(got.postings[2], want) {
		t.Errorf("another order: %+v", got)
	}
}

func reversed(s string) []string {
	list := strings.Split(s, ",")
	slices.Reverse(list)
	return list
}

func TestHeaderProblems(t *testing.T) {
	for _, tt := range []struct{ file, says string }{
		{"", "no header"},
		{"\n\n", "no header"},
		{"\xef\xbb\xbf", "no header"},
		{head + ",学厉\n" + row, `line 1: no column is called "学厉"; the columns are 岗位编号 (id), 岗位名称 (title),`},
		{head + ",title\n" + row, `"岗位名称" and "title" are both title`},
		{strings.Replace(head, "岗位名称,", "", 1), "there is no column 岗位名称 (title); those that must"},
		{head + ",\"学历\n" + row, "line 1: the header cannot be read"},
		{"\n" + head + ",x\n", "line 2: no column"},
		{"PK\x03\x04\x14\x00", "workbook"},
		{strings.Repeat("学历,", MaxRecord), "longer than"},
	} {
		_, err := NewReader(strings.NewReader(tt.file))
		if err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%.40q: %v; want ...%s...", tt.file, err, tt.says)
		}
	}
}

// A broken row is reported with the line it begins in, its id is known, and
// the rows around it are taken.
func TestBrokenRows(t *testing.T) {
	numbered := func(id string) string { return strings.Replace(row, "p-1", id, 1) }
	for _, tt := range []struct{ name, broken, reason, kept string }{
		{"too few", "p-9,缝纫工", "has 2 fields, the header 11", "p-9"},
		{"too many", numbered("p-9") + ",x", "has 12 fields", "p-9"},
		{"bare quote", strings.Replace(numbered("p-9"), "缝纫工", `5"管工`, 1), "a quote inside a field", "p-9"},
		{"text after a quote", strings.Replace(numbered("p-9"), "缝纫工", `"缝纫工"的`, 1), "after the quote", "p-9"},
		{"open quote", strings.Replace(numbered("p-9"), "缝纫工", `"缝纫工`, 1), "not closed", "p-9"},
		{"open quote, quoted id", `"p-9","缝纫工,x`, "not closed", "p-9"},
		{"too long", numbered("p-9") + strings.Repeat("长", MaxRecord), "longer than", "p-9"},
		{"much too long", numbered("p-9") + strings.Repeat("长", 3*MaxRecord), "longer than", "p-9"},
		{"not UTF-8", strings.Replace(numbered("p-9"), "缝", "\xff", 1), "not valid in the encoding of the file, UTF-8", "p-9"},
	} {
		file := strings.Join([]string{head, numbered("p-1"), tt.broken, numbered("p-2"), "", `"p-3"` + row[3:], numbered("p-4")}, "\n")
		got := take(t, strings.NewReader(file))
		for line, id := range map[int]string{2: "p-1", 4: "p-2", 6: "p-3", 7: "p-4"} {
			if got.postings[line].ID != id {
				t.Errorf("%s: line %d: %q was taken, not %s; problems %v", tt.name, line, got.postings[line].ID, id, got.problems)
			}
		}
		if p := got.problems[3]; len(p) != 1 || p[0].Field != "" || !strings.Contains(p[0].Reason, tt.reason) || len(got.problems) != 1 {
			t.Errorf("%s: problems %v; want line 3: ...%s...", tt.name, got.problems, tt.reason)
		}
		if !slices.Equal(got.kept, []string{tt.kept}) {
			t.Errorf("%s: the bad row's id is %q, not %s", tt.name, got.kept, tt.kept)
		}
	}
}

// The id of a row with a field too many is found where it is the last column.
func TestIDFromTheRight(t *testing.T) {
	file := strings.Join(reversed(head), ",") + "\n" + "多了，," + strings.Join(reversed(row), ",")
	if got := take(t, strings.NewReader(file)); !slices.Equal(got.kept, []string{"p-1"}) {
		t.Errorf("the id is %q", got.kept)
	}
}

// A row of several lines is reported where it begins, and what follows in its
// own line.
func TestRowsOfSeveralLines(t *testing.T) {
	h := head + ",说明"
	for _, end := range []string{"\n", "\r\n", "\r"} {
		file := strings.Join([]string{
			h, "", row + `,"一` + "\n" + `二` + "\n" + `三"`, ",,,,,,,,,,,",
			strings.Replace(row, "p-1", "p-2", 1) + `,"一` + "\n" + `二"`, strings.Replace(row, "p-1", "p 3", 1) + ",",
		}, "\n")
		got := take(t, strings.NewReader(strings.ReplaceAll(file, "\n", end)))
		if got.postings[3].Description != "一\n二\n三" || got.postings[7].Description != "一\n二" || len(got.postings) != 2 {
			t.Errorf("%q: %+v", end, got.postings)
		}
		if p := got.problems[9]; len(got.problems) != 1 || len(p) != 1 || p[0].Field != "id" {
			t.Errorf("%q: problems %v", end, got.problems)
		}
	}
}

func TestReadErrorIsPassedOn(t *testing.T) {
	want := errors.New("the stick was pulled")
	c, err := NewReader(io.MultiReader(strings.NewReader(head+"\n"+row+"\n"+strings.Repeat(" \n", MaxRecord)), iotest.ErrReader(want)))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(c); !errors.Is(err, want) || !strings.Contains(string(text), "p-1") {
		t.Errorf("%v after %d bytes", err, len(text))
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte(row + "\n\"a\nb\",c\r\n\"open\n" + row))
	f.Add([]byte("p-1,\xb7\xec\xc8\xd2\xb9\xa4,\"\"\"\",,,,,,,,"))
	f.Add([]byte(strings.Replace(row, "5000", "￥5,000元", 1) + "\r" + strings.Replace(row, "2026-11-01", "2026年13月1日", 1)))
	f.Add([]byte(strings.ReplaceAll(row, ",", ";")))
	f.Fuzz(func(t *testing.T, rows []byte) {
		names := make([]string, len(columns))
		for i := range columns {
			names[i] = columns[i].field
		}
		for _, h := range []string{head, strings.Join(names, ","), strings.ReplaceAll(head, ",", ";")} {
			file := append([]byte(h+"\n"), rows...)
			got := take(t, bytes.NewReader(file))
			lines := lineEnds(file) + 1
			for _, of := range []func() []int{
				func() []int { return keys(got.postings) }, func() []int { return keys(got.problems) },
			} {
				for _, line := range of() {
					if line < 2 || line > lines {
						t.Errorf("line %d of %d", line, lines)
					}
				}
			}
			for line, problems := range got.problems {
				for _, p := range problems {
					if p.Reason == "" {
						t.Errorf("line %d: a problem without a reason", line)
					}
				}
			}
			writeAgain(t, got)
		}
	})
}

// writeAgain checks that what was taken is written so that it is taken again.
func writeAgain(t *testing.T, got taken) {
	t.Helper()
	var list []kiosk.Posting
	for _, p := range got.postings {
		list = append(list, p)
	}
	var file bytes.Buffer
	if err := Write(&file, list); err != nil {
		t.Fatal(err)
	}
	again := take(t, &file)
	if len(again.postings) != len(list) {
		t.Errorf("%d of %d postings are read again: %v\n%s", len(again.postings), len(list), again.problems, file.String())
	}
	for _, p := range again.postings {
		if !slices.ContainsFunc(list, func(q kiosk.Posting) bool { return reflect.DeepEqual(p, q) }) {
			t.Errorf("read again as %s", fmt.Sprintf("%+v\nof %+v", p, list))
		}
	}
}

func keys[V any](m map[int]V) []int {
	var all []int
	for k := range m {
		all = append(all, k)
	}
	return all
}

// The limits are of the row's bytes with its line end, and of the JSON that is
// made of it; the id of a row beyond them is known.
func TestLimits(t *testing.T) {
	for _, end := range []string{"\n", "\r\n"} {
		for more, taken := range map[int]int{0: 1, 1: 0, 2: 0} {
			pad := strings.Repeat(" ", MaxRecord-len(row+end)+more)
			got := take(t, strings.NewReader(head+"\n"+row+pad+end+strings.Replace(row, "p-1", "p-2", 1)+end))
			if _, ok := got.postings[2]; ok != (taken == 1) || got.postings[3].ID != "p-2" || len(got.problems) != 1-taken {
				t.Errorf("%q, %d bytes more: line 2 taken %v, line 3 %q, problems %v", end, more, ok, got.postings[3].ID, got.problems)
			}
		}
	}
	got := take(t, strings.NewReader(head+",说明\n"+row+","+strings.Repeat("\x01", 20000)+"x"))
	if p := got.problems[2]; len(p) != 1 || !strings.Contains(p[0].Reason, "longer than") || !slices.Equal(got.kept, []string{"p-1"}) {
		t.Errorf("long as JSON: %v, ids %q", got.problems, got.kept)
	}
}

// Two stray quotes are a field of several lines by RFC 4180. The rows between
// them are not lost in it.
func TestRowsBetweenStrayQuotes(t *testing.T) {
	numbered := func(id string) string { return strings.Replace(row, "p-1", id, 1) }
	for name, between := range map[string][]string{
		"none": nil, "plain": {numbered("p-5") + ","}, "quoted": {numbered(`"p-5"`) + `,"一,二"`},
	} {
		rows := []string{head + ",说明", row + `,"开`, numbered("p-2") + `,关"`, numbered("p-3") + ","}
		rows = slices.Insert(rows, 2, between...)
		got := take(t, strings.NewReader(strings.Join(rows, "\n")))
		if len(got.postings) != 1+len(between) || len(got.problems) != 2 || got.postings[len(rows)].ID != "p-3" {
			t.Errorf("%s: taken %+v, problems %v", name, got.postings, got.problems)
		}
		if slices.Sort(got.kept); !slices.Equal(got.kept, []string{"p-1", "p-2"}) {
			t.Errorf("%s: the bad rows' ids are %q", name, got.kept)
		}
	}
	// A row between them may have quotes of its own.
	got := take(t, strings.NewReader(strings.Join([]string{head + ",说明", row + `,"开`, numbered(`"p-5"`) + `,"一,二"`, `关"`}, "\n")))
	if got.postings[3].ID != "p-5" || len(got.problems) != 2 {
		t.Errorf("taken %+v, problems %v", got.postings, got.problems)
	}
	// What merely has as many commas, or begins like an id, is a text.
	for _, text := range []string{strings.Repeat("一,", 11) + "二", "OK"} {
		got := take(t, strings.NewReader(head+",说明\n"+row+",\"\n"+text+"\n\""))
		if got.postings[2].Description != text {
			t.Errorf("%s: %+v, problems %v", text, got.postings, got.problems)
		}
	}
}
