package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"jobhome/kiosk"
	"jobhome/kiosk/csvfile"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/jsonl"
	"jobhome/kiosk/words"
	"jobhome/sync/hub/lint"
	"jobhome/sync/hub/normal"
)

var zone = time.FixedZone("CST", 8*60*60)

var now = time.Date(2026, 11, 25, 10, 0, 0, 0, zone)

var usual = Options{Source: "共青城市就业之家", Area: "360482", Days: 30, Now: now}

func mustRead(t testing.TB, data string, o Options) *Result {
	t.Helper()
	res, err := Read(context.Background(), strings.NewReader(data), o)
	if err != nil {
		t.Fatal(err)
	}
	if c := res.Counts; c.Good != len(res.Rows) || c.Rows != c.Good+c.Rejected+c.Empty {
		t.Errorf("the counts are wrong: %+v with %d rows", c, len(res.Rows))
	}
	return res
}

// problemsOf writes the problems shortly: "7 pay:pay-unread".
func problemsOf(res *Result) string {
	var all []string
	for _, p := range res.Problems {
		all = append(all, fmt.Sprintf("%d %s:%s", p.Line, p.Field, reflect.ValueOf(p.Reason).String()))
	}
	return strings.Join(all, "; ")
}

func (r *Row) has(field string, why Reason) bool {
	for _, n := range r.Notes {
		if n.Field == field && n.Reason == why {
			return true
		}
	}
	return false
}

const official = `共青城市2026年秋季招聘会岗位信息汇总表,,,,,,,,,,
填报单位：共青城市人力资源和社会保障局　　填报日期：2026年11月20日,,,,,,,,,,
序号,单位名称,招聘岗位,需求人数,学历要求,工作经验,薪资待遇（元/月）,年龄要求,工作地点,联系人及电话,备注
1,江西某某服饰有限公司,缝纫工（熟手）,20人,不限,1-3年,"5000-8000",18-50岁,共青城市甘露镇工业大道8号,张经理13800138000,包吃住
2,,裁剪工,若干,初中及以上,不限,4500元以上,,,,
3,九江某某电子有限公司,操作工,100,高中/中专,,计件,,高新区科技二路5号,0792-4345678,
4,九江某某电子有限公司,质检员,5,优秀,,180-220,,,0792-4345678,
5,,,,,,,,,,
合计,,,125,,,,,,,
注：以上岗位长期有效，请带身份证复印件到现场报名。,,,,,,,,,,
`

func TestOfficialTable(t *testing.T) {
	res := mustRead(t, official, usual)
	if res.Format != CSV || res.Counts != (Counts{Rows: 10, Good: 3, Rejected: 1, Empty: 6}) {
		t.Fatalf("read %s %+v: %s", res.Format, res.Counts, problemsOf(res))
	}
	if got := problemsOf(res); got != "7 pay:pay-unlikely; 7 education:education-unread" {
		t.Errorf("problems: %s", got)
	}
	a := res.Rows[0].Posting
	want := kiosk.Posting{
		Title: "缝纫工（熟手）", Employer: kiosk.Employer{Name: "江西某某服饰有限公司"},
		Occupation: kiosk.Occupation{Code: "6-05-01-03", Name: "缝纫工"}, Channel: kiosk.Market, Headcount: 20,
		Area: "360482100", Address: "共青城市甘露镇工业大道8号",
		Pay:        kiosk.Pay{Min: kiosk.Yuan(5000), Max: kiosk.Yuan(8000), Unit: kiosk.PerMonth, Original: "5000-8000"},
		Experience: 12, Requirements: "年龄：18-50岁", Description: "备注：包吃住",
		Contact:   kiosk.Contact{Person: "张经理", Phone: "13800138000"},
		Published: now, ValidThrough: now.AddDate(0, 0, 30), Source: kiosk.Source{Name: "共青城市就业之家"},
	}
	if a != want {
		t.Errorf("got  %+v\nwant %+v", a, want)
	}
	b := res.Rows[1]
	if b.Posting.Employer.Name != "江西某某服饰有限公司" || b.Posting.Contact.Phone != "13800138000" || !b.has("employer.name", FilledDown) {
		t.Errorf("the second row is not filled down: %+v", b)
	}
	if b.Posting.Education != kiosk.MiddleSchool || !b.has("pay", normal.PayOpenTop) {
		t.Errorf("the second row asks %d, notes %v", b.Posting.Education, b.Notes)
	}
	c := res.Rows[2].Posting
	if c.Pay.Unit != kiosk.Negotiable || c.Education != kiosk.HighSchool || c.Headcount != 100 || c.Area != "360482" {
		t.Errorf("the third row is %+v", c)
	}
	var why []string
	for _, s := range res.Skipped {
		why = append(why, fmt.Sprintf("%d-%d %s", s.Line, s.Line+s.Rows-1, string(s.Why)))
	}
	if got := strings.Join(why, "; "); got != "1-1 title-row; 2-2 title-row; 3-3 header-row; 8-8 number-only; 9-9 total-row; 10-10 note-row" {
		t.Errorf("skipped: %s", got)
	}
}

func TestGB18030AndTwoRowsOfHeader(t *testing.T) {
	text := "序号,企业,岗位,月薪（千元）,,数量\n,,,最低,最高,\n1,某某公司,保安,3,4.5,2\n2,某某公司,保洁员,3000,,1\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	res := mustRead(t, gb, usual)
	if res.Counts != (Counts{Rows: 4, Good: 2, Empty: 2}) {
		t.Fatalf("%+v: %s", res.Counts, problemsOf(res))
	}
	if p := res.Rows[0].Posting.Pay; p.Min != kiosk.Yuan(3000) || p.Max != kiosk.Yuan(4500) || p.Unit != kiosk.PerMonth {
		t.Errorf("the pay is %+v", p)
	}
	if p := res.Rows[1].Posting.Pay; p.Min != kiosk.Yuan(3000) || p.Max != kiosk.Yuan(3000) {
		t.Errorf("the second pay is %+v", p)
	}
}

func TestMappingOverrules(t *testing.T) {
	text := "甲,乙,丙,岗位名称\n缝纫工,某某公司,5000元/月,是\n"
	o := usual
	if _, err := Read(context.Background(), strings.NewReader("甲,乙,丙\n1,2,3\n"), o); err != NoHeader {
		t.Errorf("a table without headings gives %v", err)
	}
	o.Mapping = map[string]string{"甲": "title", "乙": "employer.name", "丙": "pay.original", "岗位名称": "-"}
	res := mustRead(t, text, o)
	if res.Counts.Good != 1 || res.Rows[0].Posting.Title != "缝纫工" || res.Rows[0].Posting.Pay.Max != kiosk.Yuan(5000) {
		t.Errorf("%+v %s", res.Counts, problemsOf(res))
	}
	o.Mapping["甲"] = "colour"
	o.Mapping["岗位名称"] = "title"
	if _, err := Read(context.Background(), strings.NewReader(text), o); err != BadMapping {
		t.Errorf("a mapping to no field gives %v", err)
	}
}

func TestUnknownColumnsAreReported(t *testing.T) {
	res := mustRead(t, "岗位名称,单位名称,工资,吉祥物\n保安,某公司,3000,猫\n保洁,某公司,2800,\n", usual)
	var report bytes.Buffer
	if err := res.WriteText(&report, words.Zh); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(report.String(), "未用的列 吉祥物：没有用到这一列 (1 cells)") {
		t.Errorf("the report is\n%s", report.String())
	}
}

// What the terminal's own files hold comes through unchanged.
func TestOwnFormatsComeThrough(t *testing.T) {
	list := demo.Postings(now, 300, 5)
	var csv, lines bytes.Buffer
	if err := csvfile.Write(&csv, list); err != nil {
		t.Fatal(err)
	}
	for i := range list {
		line, err := jsonl.Append(nil, &list[i])
		if err != nil {
			t.Fatal(err)
		}
		lines.Write(line)
	}
	for format, text := range map[Format]string{CSV: csv.String(), JSONL: lines.String()} {
		res := mustRead(t, text, usual)
		if res.Format != format || res.Counts.Good+countOf(res, Expired) != len(list) {
			t.Fatalf("%s is read as %s: %+v %.300s", format, res.Format, res.Counts, problemsOf(res))
		}
		byRef := map[string]*kiosk.Posting{}
		for i := range list {
			byRef[list[i].ID] = &list[i]
		}
		wrong := 0
		for _, row := range res.Rows {
			want := *byRef[row.Ref]
			want.ID = ""
			want.Source = row.Posting.Source
			want.Published, want.Refreshed = want.Published.Truncate(time.Second), want.Refreshed.Truncate(time.Second)
			want.Starts, want.ValidThrough = want.Starts.Truncate(time.Second), want.ValidThrough.Truncate(time.Second)
			if d := differing(&row.Posting, &want); d != "" {
				if wrong++; wrong < 6 {
					t.Errorf("%s %s differs: %s", format, row.Ref, d)
				}
			}
		}
	}
}

func countOf(res *Result, why Reason) int {
	n := 0
	for _, p := range res.Problems {
		if p.Reason == why {
			n++
		}
	}
	return n
}

// differing compares two postings as JSON Lines.
func differing(a, b *kiosk.Posting) string {
	x, _ := jsonl.Append(nil, a)
	y, _ := jsonl.Append(nil, b)
	if bytes.Equal(x, y) {
		return ""
	}
	return string(x) + string(y)
}

func TestRefTwice(t *testing.T) {
	res := mustRead(t, "岗位编码,岗位名称,单位名称,工资\nA1,保安,某公司,3000\nA1,保洁,某公司,2800\n", usual)
	if problemsOf(res) != "3 id:ref-twice" || res.Counts.Good != 1 || res.Rows[0].Ref != "A1" || res.Rows[0].Posting.ID != "" {
		t.Errorf("%+v %s", res.Counts, problemsOf(res))
	}
}

func TestRowsWithoutValidity(t *testing.T) {
	text := "岗位名称,单位名称,工资,有效期至\n保安,某公司,3000,\n保安,某公司,3000,长期\n保安,某公司,3000,2026-11-01\n保安,某公司,3000,2026-12-01\n保安,某公司,3000,哪天\n"
	o := usual
	o.Days = 0
	res := mustRead(t, text, o)
	want := "2 valid_through:no-validity; 3 valid_through:no-validity; 4 dates:check-failed; 6 valid_through:day-unread"
	if got := problemsOf(res); got != want {
		t.Errorf("problems %s\nwant     %s", got, want)
	}
	res = mustRead(t, "岗位名称,单位名称,工资,发布日期,有效期至\n保安,某公司,3000,2026-10-01,2026-11-24\n", usual)
	if got := problemsOf(res); got != "2 valid_through:expired" {
		t.Errorf("problems %s", got)
	}
}

func TestSexAndAgeAreKeptInWords(t *testing.T) {
	res := mustRead(t, "岗位名称,单位名称,工资,性别要求,年龄\n保安,某公司,3000,男,18-45\n", usual)
	if got := res.Rows[0].Posting.Requirements; got != "性别：男；年龄：18-45" {
		t.Errorf("kept %q", got)
	}
}

// What a table has in columns of its own reaches the linter in words.
func TestLintSeesWhatColumnsSay(t *testing.T) {
	res := mustRead(t, "岗位名称,单位名称,工资,性别要求,户籍,备注\n保安,某公司,3000,男,不限,入职交押金200元\n保洁,某公司,3000,不限,不限,\n", usual)
	for i, want := range []string{"sex fee", ""} {
		var got []string
		for _, f := range lint.Check(&res.Rows[i].Posting) {
			if f.Severity == lint.Block {
				got = append(got, string(f.Rule))
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("row %d: found %q, want %q in %+v", i, got, want, res.Rows[i].Posting)
		}
	}
}

func TestMappingMayNameAllFields(t *testing.T) {
	n := 0
	for field, zh := range Fields() {
		if n++; !knownField(field) || zh == "" {
			t.Errorf("%s %s cannot be mapped to", field, zh)
		}
	}
	if n < 30 {
		t.Errorf("only %d fields", n)
	}
}

func TestProblemsSayWhatIsWanted(t *testing.T) {
	res := mustRead(t, "岗位名称,单位名称,工资,信用代码\n保安,,3000,\n"+strings.Repeat("保", 61)+",某公司,3000,\n保安,某公司,3000,91360482\n", usual)
	var zh, en bytes.Buffer
	if err := errors.Join(res.WriteText(&zh, words.Zh), res.WriteText(&en, words.En)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"没有填写：单位名称要有，最多 60 个字", "不合规定：岗位名称要有，最多 60 个字", "“91360482”：不合规定：统一社会信用代码是 18 位",
	} {
		if !strings.Contains(zh.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, zh.String())
		}
	}
	if want := "is not allowed: has 61 characters, more than 60"; !strings.Contains(en.String(), want) {
		t.Errorf("the report lacks %q:\n%s", want, en.String())
	}
}

func TestLongTextsMove(t *testing.T) {
	long := strings.Repeat("会缝纫，", 100)
	res := mustRead(t, "岗位名称,单位名称,工资,任职要求\n缝纫工,某公司,3000,"+long+"\n", usual)
	p := res.Rows[0].Posting
	if len([]rune(p.Requirements)) != 300 || p.Description != "要求："+long || !res.Rows[0].has("requirements", MovedText) {
		t.Errorf("kept %d characters and %q", len([]rune(p.Requirements)), p.Description)
	}
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want Cause
	}{
		"empty":    {" \n", NothingInIt},
		"old xls":  {"\xd0\xcf\x11\xe0\xa1\xb1", UnknownFormat},
		"pdf":      {"%PDF-1.7", UnknownFormat},
		"broken":   {"PK\x03\x04 not a zip", BrokenFile},
		"no job":   {`{"@context":"https://schema.org","@type":"Person"}`, NoPosting},
		"no html":  {"<html><body>hello</body></html>", NoPosting},
		"rows":     {"岗位名称,单位名称\n" + strings.Repeat(",\n", MaxRows), TooManyRows},
		"columns":  {strings.Repeat("岗位名称,", MaxColumns+1) + "\n", TooWide},
		"too big":  {strings.Repeat("x", MaxBytes+1), TooBig},
		"no names": {"a,b,c\n1,2,3\n", NoHeader},
	} {
		res, err := Read(context.Background(), strings.NewReader(c.data), usual)
		if err != c.want || res != nil {
			t.Errorf("%s: %v, not %v", name, err, c.want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, strings.NewReader(official), usual); err != TooSlow {
		t.Errorf("without time: %v", err)
	}
	if _, err := Read(context.Background(), &failing{}, usual); err == nil || errors.As(err, new(Cause)) {
		t.Errorf("a reader's error is %v", err)
	}
}

type failing struct{}

func (*failing) Read([]byte) (int, error) { return 0, errors.New("the wire broke") }

func TestReports(t *testing.T) {
	res := mustRead(t, official+"6,=cmd()公司,保安,1,,,@SUM(A1),,,,\n", usual)
	var csv, zh, en bytes.Buffer
	if err := errors.Join(res.WriteCSV(&csv), res.WriteText(&zh, words.Zh), res.WriteText(&en, words.En)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"未导入,,7,,education,学历要求,优秀,看不出学历要求,the schooling asked for cannot be made out,",
		"'@SUM(A1)",
	} {
		if !strings.Contains(csv.String(), want) {
			t.Errorf("the CSV report lacks %q:\n%s", want, csv.String())
		}
	}
	if want := "未导入 第 7 行 学历要求 (education) “优秀”：看不出学历要求\n"; !strings.Contains(zh.String(), want) {
		t.Errorf("the report lacks %q:\n%s", want, zh.String())
	}
	if want := "csv: 11 rows: 3 taken, 2 not taken, 6 empty or no posting\n"; !strings.HasPrefix(en.String(), want) {
		t.Errorf("the report begins\n%s", en.String())
	}
}

func TestEveryCauseSpeaks(t *testing.T) {
	for c, s := range causes {
		if s[0] == "" || s[1] == "" || c.Say(words.Zh) != s[0] || c.Error() != s[1] {
			t.Errorf("%s says %q", string(c), s)
		}
	}
	src, err := os.ReadFile("cause.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(src), " Cause = \""); n != len(causes) {
		t.Errorf("there are %d causes and %d sentences", n, len(causes))
	}
}

func TestEveryHeadingHasAField(t *testing.T) {
	for h, field := range headings {
		if plainHeading(h) != h {
			t.Errorf("%s is not written plainly, and never found", h)
		}
		if !knownField(field) && !strings.HasPrefix(field, fieldYes) {
			t.Errorf("%s is of %s, which there is not", h, field)
		}
		if f := csvfile.Field(h); f != "" && field != fieldGoods && field != fieldSpan && f != field {
			t.Errorf("%s is %s here and %s in csvfile", h, field, f)
		}
	}
}
