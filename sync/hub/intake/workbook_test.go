package intake

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"jobhome/kiosk"
	"jobhome/sync/hub/normal"
)

// book is a workbook in the making; a mistake in making it fails the test.
type book struct {
	t testing.TB
	f *excelize.File
}

func newBook(t testing.TB) *book { return &book{t, excelize.NewFile()} }

func (b *book) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *book) set(sheet, cell string, row ...any) { b.must(b.f.SetSheetRow(sheet, cell, &row)) }

func (b *book) bytes() string {
	var out bytes.Buffer
	b.must(b.f.Write(&out))
	return out.String()
}

// officialBook is a template as offices send it: a sheet of instructions, a
// title and a header over merged cells, an employer over several rows, dates,
// numbers, formulas, a note below.
func officialBook(t testing.TB) *book {
	b := newBook(t)
	const s = "岗位信息"
	b.must(b.f.SetSheetName("Sheet1", s))
	_, err := b.f.NewSheet("填表说明")
	b.must(err)
	b.set("填表说明", "A1", "请如实填写，勿改动表头")
	b.set("填表说明", "A2", "工资按月填写")
	b.set(s, "A1", "共青城市企业用工需求表")
	b.must(b.f.MergeCell(s, "A1", "J1"))
	b.set(s, "A2", "序号", "单位名称", "岗位名称", "人数", "月薪（元）", nil, "发布日期", "有效期至", "联系电话", "经验")
	b.must(b.f.MergeCell(s, "E2", "F2"))
	for _, c := range []string{"A", "B", "C", "D", "G", "H", "I", "J"} {
		b.must(b.f.MergeCell(s, c+"2", c+"3"))
	}
	b.set(s, "E3", "最低", "最高")
	day := time.Date(2026, 11, 5, 0, 0, 0, 0, time.UTC)
	last := time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)
	b.set(s, "A4", 1, "江西某某服饰有限公司", "缝纫工", 20, 5000, 8000, day, last, 13800138000, "1年")
	b.set(s, "A5", 2, nil, "裁剪工", 5, 4500.5, nil, day, nil, nil, "不限")
	b.must(b.f.MergeCell(s, "H4", "H5"))
	b.must(b.f.MergeCell(s, "B4", "B5"))
	b.must(b.f.MergeCell(s, "I4", "I5"))
	b.set(s, "A6", 3, "九江某某电子有限公司", "操作工", 100, nil, nil, "2026/11/6", "长期", "0792-4345678", day)
	b.set(s, "A7", 4, "九江某某电子有限公司", "质检员", nil, 4000, 5000, "46331", last, "#N/A", "不限")
	b.set(s, "A8", 5)
	b.set(s, "A9", "注：以上岗位长期有效")
	b.must(b.f.MergeCell(s, "A9", "J9"))
	return b
}

func TestOfficialWorkbook(t *testing.T) {
	res := mustRead(t, officialBook(t).bytes(), usual)
	if res.Format != XLSX || res.Counts != (Counts{Rows: 11, Good: 2, Rejected: 2, Empty: 7}) {
		t.Errorf("%s %+v: %s", res.Format, res.Counts, problemsOf(res))
		for _, s := range res.Skipped {
			t.Logf("%+v", s)
		}
	}
	if got := problemsOf(res); got != "6 experience:cell-date; 7 contact.phone:cell-error" {
		t.Errorf("problems: %s", got)
	}
	a := res.Rows[0]
	day := time.Date(2026, 11, 5, 0, 0, 0, 0, zone)
	if p := a.Posting; !p.Published.Equal(day) || !p.ValidThrough.Equal(time.Date(2026, 12, 31, 23, 59, 59, 0, zone)) ||
		p.Contact.Phone != "13800138000" || p.Pay.Min != kiosk.Yuan(5000) || p.Pay.Max != kiosk.Yuan(8000) ||
		p.Headcount != 20 || p.Experience != 12 || a.Sheet != "岗位信息" || a.Line != 4 {
		t.Errorf("the first row is %+v", a)
	}
	if a.has("published", normal.DaySerial) {
		t.Error("a day that is shown as one was guessed from a number")
	}
	if p := res.Rows[1].Posting; p.Employer.Name != "江西某某服饰有限公司" || p.Contact.Phone != "13800138000" ||
		p.Pay.Min != 450050 || p.Pay.Max != 450050 || p.ValidThrough.Format(time.DateOnly) != "2026-12-31" {
		t.Errorf("the second row is %+v", p)
	}
}

func TestWorkbookWithoutHeader(t *testing.T) {
	b := newBook(t)
	b.set("Sheet1", "A1", "a", "b", "c")
	if _, err := Read(context.Background(), strings.NewReader(b.bytes()), usual); err != NoHeader {
		t.Errorf("got %v", err)
	}
}

func TestWorkbookFrom1904(t *testing.T) {
	b := newBook(t)
	yes := true
	b.must(b.f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
	b.set("Sheet1", "A1", "岗位名称", "单位名称", "工资", "有效期至")
	b.set("Sheet1", "A2", "保安", "某公司", 3000, time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC))
	res := mustRead(t, b.bytes(), usual)
	if len(res.Rows) != 1 || res.Rows[0].Posting.ValidThrough.Format(time.DateOnly) != "2026-12-31" {
		t.Errorf("%s %+v", problemsOf(res), res.Rows)
	}
}

// A date in the column of pay is no pay: 5-8 was typed, and the spreadsheet made
// the eighth of May of it.
func TestDatesInOtherColumns(t *testing.T) {
	b := newBook(t)
	b.set("Sheet1", "A1", "岗位名称", "单位名称", "工资")
	b.set("Sheet1", "A2", "保安", "某公司", time.Date(2026, 5, 8, 0, 0, 0, 0, time.UTC))
	res := mustRead(t, b.bytes(), usual)
	if got := problemsOf(res); got != "2 pay.original:cell-date" {
		t.Errorf("problems %s", got)
	}
}

// part is a file of a hostile workbook; size spaces are added to it.
type part struct {
	name, text string
	padding    int64
}

func hostile(t testing.TB, parts ...part) string {
	t.Helper()
	parts = append([]part{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`, 0},
		{"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`, 0},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`, 0},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`, 0},
	}, parts...)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	blanks := bytes.Repeat([]byte(" "), 1<<20)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, p.text); err != nil {
			t.Fatal(err)
		}
		for n := p.padding; n > 0; n -= int64(len(blanks)) {
			if _, err := w.Write(blanks); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

const (
	sheetStart = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`
	sheetEnd   = `</sheetData></worksheet>`
)

func TestHostileWorkbooks(t *testing.T) {
	sheet := func(body string) part { return part{"xl/worksheets/sheet1.xml", sheetStart + body + sheetEnd, 0} }
	var rows, merges strings.Builder
	for i := range MaxRows + 1 {
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d"><v>1</v></c></row>`, i+1, i+1)
	}
	for i := range mostMerges + 1 {
		fmt.Fprintf(&merges, `<mergeCell ref="A%d:B%d"/>`, i+1, i+1)
	}
	for name, c := range map[string]struct {
		data string
		want Cause
	}{
		"bomb":         {hostile(t, sheet(""), part{"xl/media/a.xml", "", MaxUnpacked + 1}), Unpacks},
		"bombs":        {hostile(t, sheet(""), part{"xl/a.xml", "", MaxUnpacked / 2}, part{"xl/b.xml", "", MaxUnpacked/2 + 2<<20}), Unpacks},
		"rows":         {hostile(t, sheet(rows.String())), TooManyRows},
		"far row":      {hostile(t, sheet(`<row r="1048576"><c r="A1048576"><v>1</v></c></row>`)), TooManyRows},
		"far column":   {hostile(t, sheet(`<row r="1"><c r="XFD1"><v>1</v></c></row>`)), TooWide},
		"long text":    {hostile(t, sheet(`<row r="1"><c r="A1" t="inlineStr"><is><t>`+strings.Repeat("长", MaxText)+`</t></is></c></row>`)), TooLongText},
		"long shared":  {hostile(t, sheet(""), part{"xl/sharedStrings.xml", `<sst><si><t>` + strings.Repeat("长", MaxText) + `</t></si></sst>`, 0}), TooLongText},
		"many merges":  {hostile(t, part{"xl/worksheets/sheet1.xml", sheetStart + "</sheetData><mergeCells>" + merges.String() + "</mergeCells></worksheet>", 0}), TooManyRows},
		"broken sheet": {hostile(t, part{"xl/worksheets/sheet1.xml", "<worksheet><sheetData><row", 0}), BrokenFile},
		"no sheet":     {hostile(t), NoHeader},
		"cut":          {officialBook(t).bytes()[:4000], BrokenFile},
	} {
		res, err := Read(context.Background(), strings.NewReader(c.data), usual)
		if err != c.want || res != nil {
			t.Errorf("%s (%d bytes): %v, not %v", name, len(c.data), err, c.want)
		}
	}
}

// A section's name over all columns is no posting.
func TestSections(t *testing.T) {
	b := newBook(t)
	b.set("Sheet1", "A1", "岗位名称", "单位名称", "联系方式")
	b.set("Sheet1", "A2", "一、制造业")
	b.must(b.f.MergeCell("Sheet1", "A2", "C2"))
	b.set("Sheet1", "A3", "保安", "某公司", "0792-4345678")
	res := mustRead(t, b.bytes(), usual)
	if res.Counts != (Counts{Rows: 3, Good: 1, Empty: 2}) || res.Skipped[1].Why != NoteRow {
		t.Errorf("%+v %s", res.Counts, problemsOf(res))
	}
}

// Formatting far below the last row is no reason to refuse a sheet.
func TestStyledEmptyRows(t *testing.T) {
	text := sheetStart + `<row r="1"><c r="A1" t="inlineStr"><is><t>岗位名称</t></is></c><c r="B1" t="inlineStr"><is><t>单位名称</t></is></c></row>` +
		`<row r="2"><c r="A2" t="inlineStr"><is><t>保安</t></is></c><c r="B2" t="inlineStr"><is><t>某公司</t></is></c></row>` +
		`<row r="1048576" ht="20"><c r="A1048576" s="0"/></row>` + sheetEnd
	res := mustRead(t, hostile(t, part{"xl/worksheets/sheet1.xml", text, 0}), usual)
	if res.Counts != (Counts{Rows: 2, Good: 1, Empty: 1}) {
		t.Errorf("%+v %s", res.Counts, problemsOf(res))
	}
}
