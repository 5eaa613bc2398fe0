package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/browsertest"

	"github.com/xuri/excelize/v2"
)

// workbook is a table as an office sends it, with a title above the header and
// three rows that cannot be taken: no title, no end, no pay that can be read.
func workbook(t *testing.T) string {
	t.Helper()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	end := time.Now().AddDate(0, 0, 40).Format("2006-01-02")
	for i, row := range [][]any{
		{"共青城市 2026 年冬季用工需求表"},
		{"岗位编号", "岗位名称", "单位名称", "工作地点", "行政区划", "工资说明", "学历要求", "招聘人数", "有效期至", "岗位职责"},
		{"A1", "缝纫工（熟手）", "共青城某某服饰有限公司", "工业三路8号", "360482001", "5000-8000元/月", "不限", 12, end, "做羽绒服，平车"},
		{"A2", "质检员", "共青城某某电子有限公司", "火炬大道1号", "360482001", "4.5k-5.5k", "高中及以上", 2, end, "看显微镜"},
		{"A3", "", "共青城某某餐饮店", "一路1号", "360482001", "3500元/月", "不限", 1, end, "端盘子"},
		{"A4", "文员", "共青城某某贸易有限公司", "一路2号", "360482001", "4000元/月", "大专", 1, "昨天", "打字"},
		{"A5", "保安", "共青城某某物业有限公司", "一路3号", "360482001", "甲乙丙", "不限", 1, end, "巡逻"},
	} {
		if err := f.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "用工需求表.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// A workbook with bad rows is brought in, approved by a second person and
// published; a terminal shows it, and the page of a slip opens; it is revoked, and
// gone from both. By keyboard alone, at 200 % zoom.
func TestFromWorkbookToTerminalAndGone(t *testing.T) {
	if os.Getenv("JOBHOME_BROWSER") == "" {
		t.Skip("drives a browser: set JOBHOME_BROWSER=1")
	}
	b := browsertest.Start(t)
	c := newChain(t)
	b.Size(1280, 800, 2)
	desk := c.office.settings.Staff.URL + "/desk/"
	enter := func(name string) {
		b.Go(desk + "login")
		b.Fill("#name", name)
		b.Fill("#password", demoPassword)
		b.Enter("form.narrow button")
	}
	enter("wangfang")
	b.Enter(`nav a[href="/desk/imports"]`)
	b.Upload("#file", workbook(t))
	b.Fill("#source", "市人社局")
	b.Enter("form.narrow button")
	b.Want("不收的行", "第 5 行", "第 6 行")
	b.Picture("chain-import")
	b.Enter(`form[action$="/take"] button`)
	b.Want("已收下")
	b.Enter(`header form button`)

	enter("liqiang")
	b.Enter(`nav a[href="/desk/review"]`)
	b.Want("缝纫工（熟手）", "质检员")
	b.Picture("chain-review")
	for range 2 {
		b.Enter(`th a[href*="/desk/postings/"]`)
		b.Enter(`button[value=approve]`)
		b.Enter(`nav a[href="/desk/review"]`)
	}
	b.Enter(`nav a[href="/desk/publish"]`)
	b.Enter(`form[action="/desk/publish"] button`)
	b.Want("已发布")

	c.enrol()
	c.sync()
	found, err := c.board.Search(t.Context(), kiosk.Query{Text: "缝纫工", Limit: 9, Now: time.Now()})
	if err != nil || found.Total != 1 || found.Rescue != nil {
		t.Fatalf("the terminal finds %d, %v", found.Total, err)
	}
	id := found.Items[0].Posting.ID
	page := c.office.settings.Public.URL + "/p/" + id + "?r=7K3M9WXH4F"
	b.Go(page)
	b.Want("缝纫工（熟手）", "共青城某某服饰有限公司", "5000")
	b.Picture("chain-slip-page")

	b.Go(desk + "postings/" + id)
	b.TabTo("#reason")
	b.Press("ArrowDown")
	b.Fill("#why", "查实收费")
	b.Enter(`button[value=revoke]`)
	b.Want("已下架")
	c.sync()
	if _, there, _ := c.board.Get(t.Context(), id); there {
		t.Error("the terminal still has what was taken down")
	}
	b.Go(page)
	if text := b.Text(); strings.Contains(text, "共青城某某服饰有限公司") {
		t.Errorf("the page still says who: %s", text)
	}
	b.Picture("chain-slip-page-gone")
	if status, _ := get(t, page); status != http.StatusGone {
		t.Errorf("the page answers %d", status)
	}
}
