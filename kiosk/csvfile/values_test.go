package csvfile

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestValues(t *testing.T) {
	list := func(names ...string) any { return names }
	for _, tt := range []struct {
		heading, cell string
		want          any
		reason        string
	}{
		{"学历", "初中", 70, ""},
		{"学历", "70", 70, ""},
		{"学历", "不限", nil, ""},
		{"学历", "学历不限", nil, ""},
		{"学历", "高中及以上", 60, ""},
		{"学历", "本科学历", 20, ""},
		{"学历", "大专或以上", 30, ""},
		{"学历", "中专、技校", 40, ""},
		{"学历", "高中／中专", 60, ""},
		{"学历", "高中/不限", nil, ""},
		{"学历", "幼儿园", nil, `none of 没上过学 (90), 小学 (80), 初中 (70),`},
		{"学历", "高中/幼儿园", nil, "none of"},
		{"班次", "白班、夜班", list("day", "night"), ""},
		{"班次", "白班 夜班", list("day", "night"), ""},
		{"班次", "day;part-time", list("day", "part-time"), ""},
		{"班次", "白班，白班；长白班", list("day"), ""},
		{"班次", "黄昏班|白班", nil, `has "黄昏班", which is none of 白班 (day), 夜班 (night)`},
		{"待遇", "包吃 | 包住,五险", list("meals", "dorm", "insurance"), ""},
		{"待遇", "包吃住、五险一金，双休", list("meals", "dorm", "insurance", "housing-fund", "weekends-off"), ""},
		{"待遇", "无", nil, ""},
		{"证书", "C1 驾照 健康证", list("car-licence", "health"), ""},
		{"证书", "健康证 ｃ１驾照", list("health", "car-licence"), ""},
		{"证书", "叉车证 龙舟证 会计证 帆船证", nil, `has "龙舟证", "帆船证", which`},
		{"岗位类别", "市场", "market", ""},
		{"岗位类别", "零工", "gig", ""},
		{"岗位类别", "Gig", "gig", ""},
		{"岗位类别", "黑市", nil, "none of 企业招聘 (market), 零工 (gig)"},
		{"工资单位", "月", "month", ""},
		{"工资单位", "元/月", "month", ""},
		{"工资单位", "元每小时", "hour", ""},
		{"工资单位", "计件", "piece", ""},
		{"工资单位", "面议", "negotiable", ""},
		{"工资单位", "每年", "year", ""},
		{"工资单位", "元/个世纪", nil, "none of 元/月 (month)"},
		{"最低工资", "5000", json.Number("5000"), ""},
		{"最低工资", "￥5,000.00元", json.Number("5000.00"), ""},
		{"最低工资", "００.35", json.Number("0.35"), ""},
		{"最低工资", "面议", nil, ""},
		{"最低工资", "5千", nil, "amount in yuan"},
		{"最低工资", "5,00", nil, "amount in yuan"},
		{"最低工资", "-5", nil, "amount in yuan"},
		{"招聘人数", "12人", 12, ""},
		{"招聘人数", "若干", nil, ""},
		{"招聘人数", "一打", nil, "whole number"},
		{"招聘人数", "99999999999999999999", nil, "whole number"},
		{"经验（月）", "6", 6, ""},
		{"经验(月)", "1年半", 18, ""},
		{"经验（月）", "半年", 6, ""},
		{"经验（月）", "不限", nil, ""},
		{"经验（月）", "很久", nil, "span of time"},
		{"经验（月）", "半个月", nil, "whole number of months"},
		{"工作经验", "2年以上", 24, ""},
		{"工作经验", "3个月", 3, ""},
		{"工作经验", "2", nil, "span of time"},
		{"发布日期", "2026-11-25", "2026-11-25", ""},
		{"发布日期", "2026/11/5", "2026-11-05", ""},
		{"发布日期", "2026.11.25", "2026-11-25", ""},
		{"发布日期", "2026年11月25日", "2026-11-25", ""},
		{"发布日期", "20261125", "2026-11-25", ""},
		{"发布日期", "2026/11/25 8:05", "2026-11-25T08:05:00+08:00", ""},
		{"发布日期", "2026-11-25 08:05:09", "2026-11-25T08:05:09+08:00", ""},
		{"发布日期", "2026-11-25T08:05:09Z", "2026-11-25T08:05:09Z", ""},
		{"发布日期", "2026-02-30", nil, "no day"},
		{"发布日期", "25.11.2026", nil, "no day"},
		{"发布日期", "昨天", nil, "no day"},
		{"纬度", "29.2539", json.Number("29.2539"), ""},
		{"经度", "-0115.8°", json.Number("-115.8"), ""},
		{"纬度", "北纬29", nil, "degrees"},
		{"行政区划", "３６０４８２", "360482", ""},
		{"说明", "一\r\n二\r三", "一\n二\n三", ""},
	} {
		got, reason := findColumn(tt.heading).read(tt.cell)
		if !reflect.DeepEqual(got, tt.want) || (reason != "") != (tt.reason != "") || !strings.Contains(reason, tt.reason) {
			t.Errorf("%s %q: %#v, %q; want %#v, ...%s...", tt.heading, tt.cell, got, reason, tt.want, tt.reason)
		}
	}
	for i := range columns {
		if v, reason := columns[i].read(""); v != nil || reason != "" {
			t.Errorf("%s: nothing is read as %v, %q", columns[i].field, v, reason)
		}
	}
}

// No heading is of two columns: the later one would never be read. Every value
// is known by its name in files.
func TestHeadingsAndWords(t *testing.T) {
	seen := map[string]string{}
	for _, c := range append(append([]column{}, columns...), spoken...) {
		for _, h := range append([]string{c.heading, c.field}, c.also...) {
			of, twice := seen[plainHeading(h)]
			if twice && h != c.field {
				t.Errorf("the heading %s is of %s and %s", h, of, c.field)
			}
			seen[plainHeading(h)] = c.field
			if got := findColumn(h); got == nil || got.field != c.field {
				t.Errorf("the heading %s of %s finds %v", h, c.field, got)
			}
		}
	}
	for name, v := range map[string]vocabulary{
		"education": educationWords, "channel": channelWords, "unit": unitWords,
		"shifts": shiftWords, "benefits": benefitWords, "certificates": certificateWords,
	} {
		if len(v.names) < 10 || strings.Contains(v.list, "⟦") {
			t.Errorf("%s: %d words, listed as %s", name, len(v.names), v.list)
		}
		for _, to := range v.names {
			if v.names[to] != to || !strings.Contains(v.list, "("+to+")") {
				t.Errorf("%s: %s is not known by its name", name, to)
			}
		}
	}
}

// What a cell says wrongly is told with its field; what package jsonl finds in
// the same row is told too, but not twice.
func TestProblemsOfValues(t *testing.T) {
	h := head + ",学历,纬度,经度,经验（月）,统一社会信用代码,"
	for _, tt := range []struct{ from, to, want string }{
		{"2026-11-01", "昨天", "published"},
		{"企业招聘", "黑市", "channel"},
		{"元/月", "元/世纪", "pay.unit"},
		{"5000", "五千", "pay.min"},
		{"5000", "9000", "pay"},
		{"5000", "0.355", "pay.min"},
		{"6-05-01-03", "6-5", "occupation"},
		{"缝纫工", "", "title"},
		{"2026-12-31", "2026-10-31", "dates"},
		{"p-1", "p 1", "id"},
		{",,,,,,", ",幼儿园,,,,,", "education"},
		{",,,,,,", ",65,,,,,", "education"},
		{",,,,,,", ",,29.2,,,,", "location"},
		{",,,,,,", ",,29.2,东,,,", "location.lon"},
		{",,,,,,", ",,129.2,115,,,", "location"},
		{",,,,,,", ",,,,601,,", "experience"},
		{",,,,,,", ",,,,,91360482MA00000000,", "employer.credit_code"},
		{",,,,,,", ",,,,,,备注", ""},
		{"缝纫工,某某服饰厂,6-05-01-03,企业招聘", ",,6-05-01-03,黑市", "channel title employer.name"},
	} {
		text := strings.Replace(row+",,,,,,", tt.from, tt.to, 1)
		got := take(t, strings.NewReader(h+"\n"+text))
		var fields []string
		for _, p := range got.problems[2] {
			fields = append(fields, p.Field)
		}
		if strings.Join(fields, " ") != tt.want || len(got.problems) != 1 {
			t.Errorf("%s for %s: %v, want problems of %q", tt.to, tt.from, got.problems, tt.want)
		}
		if tt.want != "id" && (len(got.kept) != 1 || got.kept[0] != "p-1") {
			t.Errorf("%s for %s: the id is %q", tt.to, tt.from, got.kept)
		}
	}
}

func TestHeading(t *testing.T) {
	c, err := NewReader(strings.NewReader(strings.NewReplacer("岗位名称", " 职位名称 ", "岗位类别", "channel").Replace(head)))
	if err != nil {
		t.Fatal(err)
	}
	for field, want := range map[string]string{
		"title": "职位名称", "pay": "最低工资, 最高工资, 工资单位", "dates": "发布日期, 有效期至",
		"channel": "", "education": "", "": "", "nonsense": "",
	} {
		if got := c.Heading(field); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
}

// TestColumnsInReadme keeps the table of columns right.
func TestColumnsInReadme(t *testing.T) {
	raw, err := os.ReadFile("../board/README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, ok := strings.Cut(string(raw), "## CSV\n")
	if !ok {
		t.Fatal("README.md does not tell of CSV")
	}
	for _, c := range columns {
		must := ""
		if c.must {
			must = "yes"
		}
		row := strings.Join([]string{"", c.heading, strings.Join(c.also, "、"), c.field, must, ""}, " | ")
		if !strings.Contains(table, strings.TrimSpace(row)) {
			t.Errorf("README.md has no row %s", row)
		}
	}
	if n := strings.Count(table, "\n|"); n != len(columns)+2 {
		t.Errorf("README.md has %d rows, not %d", n-2, len(columns))
	}
}
