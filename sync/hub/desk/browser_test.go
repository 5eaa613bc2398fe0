package desk_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/browsertest"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
)

// badRows is a table as an office sends it: one row is without a pay, one without
// a day until which it holds, and one asks for a deposit.
const badRows = `岗位名称,单位名称,行政区划,工资说明,有效期至,招聘人数,说明,要求,岗位编号
缝纫工（熟手）,共青城某某服饰有限公司,360482001,5000-8000元/月,2026-12-31,12,做羽绒服,会平车,A1
包装工,共青城某某电子有限公司,360482001,日结180元,2026-12-31,5,入职交押金200元,初中以上,A2
文员,共青城某某贸易有限公司,360482001,4000元/月,昨天,1,,985优先,A3
质检员,共青城某某电子有限公司,360482001,4500-5500元/月,2026-12-31,2,看显微镜,985优先,A4
,共青城某某餐饮店,360482001,3500元/月,2026-12-31,1,端盘子,,A5
`

func tableFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "岗位.csv")
	if err := os.WriteFile(path, []byte(badRows), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// startBrowser starts one where that is asked for: a walk takes a minute.
func startBrowser(t *testing.T) *browsertest.Browser {
	t.Helper()
	if os.Getenv("JOBHOME_BROWSER") == "" {
		t.Skip("drives a browser for minutes: set JOBHOME_BROWSER=1")
	}
	return browsertest.Start(t)
}

// enter logs in with the keyboard.
func enter(b *browsertest.Browser, w *world, name string) {
	b.Go(w.server.URL + "/desk/login")
	b.Fill("#name", name)
	b.Fill("#password", secret)
	b.Enter("form.narrow button")
}

// A file with bad rows is brought in, reviewed and approved by a second person,
// published and taken down, with the keyboard alone, at 200 % zoom.
func TestByKeyboard(t *testing.T) {
	b := startBrowser(t)
	w := newWorld(t)
	w.account(t, "zone", people.Zone, "360482", "chashan")
	w.account(t, "city", people.City, "360482", "")
	b.Size(1280, 800, 2)

	enter(b, w, "zone")
	b.Enter(`nav a[href="/desk/imports"]`)
	b.Upload("#file", tableFile(t))
	b.Fill("#source", "园区企业服务中心")
	b.Enter("form.narrow button")
	b.Want("不收的行", "第 4 行", "第 6 行")
	narrow(t, b, "import")
	b.Enter(`form[action$="/take"] button`)
	b.Want("已收下", "新岗位")
	b.Enter(`header form button`)
	b.Want("您已退出")

	enter(b, w, "city")
	b.Enter(`nav a[href="/desk/review"]`)
	b.Want("缝纫工（熟手）", "包装工", "质检员", "禁止 1", "注意 1")
	narrow(t, b, "review")
	b.Enter(`th a[href*="/desk/postings/"]`)
	narrow(t, b, "posting")
	b.Enter(`nav a[href="/desk/review"]`)
	b.TabTo(`input[type=checkbox]`)
	b.Press(" ")
	b.Enter(`main form button`)
	b.Want("已通过 1 条")
	b.Enter(`nav a[href="/desk/publish"]`)
	b.Enter(`form[action="/desk/publish"] button`)
	b.Want("已发布")
	b.Enter(`nav a[href="/desk/postings"]`)
	b.Fill(`input[name=q]`, "缝纫工")
	b.Enter(`form.filter button`)
	b.Enter(`th a[href*="/desk/postings/"]`)
	b.Want("已发布", "缝纫工（熟手）")
	b.TabTo("#reason")
	b.Press("ArrowDown")
	b.Fill("#why", "查实收取服装费")
	b.Enter(`button[value=revoke]`)
	b.Want("已下架", "收取费用、押金或扣押证件 查实收取服装费")
	narrow(t, b, "revoked")
	if got := strings.Join(w.logged(t), "\n"); !strings.Contains(got, "city posting.approve") || !strings.Contains(got, "city posting.revoke") {
		t.Errorf("the audit log has: %s", got)
	}
}

// narrow fails when a page has to be scrolled sideways.
func narrow(t *testing.T, b *browsertest.Browser, name string) {
	t.Helper()
	if n := b.Sideways(); n > 0 {
		t.Errorf("%s is %d pixels wider than the window", name, n)
	}
	b.Picture("zoom-" + name)
}

// No page has to be scrolled sideways on a phone, and everything that can be
// pressed is large enough.
func TestEveryPageFits(t *testing.T) {
	b := startBrowser(t)
	w := fullWorld(t)
	for _, s := range []struct {
		name          string
		width, height int
	}{{"desk", 1280, 800}, {"phone", 390, 844}} {
		b.Size(s.width, s.height, 1)
		if s.name == "desk" {
			enter(b, w, "city")
		}
		for name, path := range pages(w) {
			b.Go(w.server.URL + path)
			if n := b.Sideways(); n > 0 {
				t.Errorf("%s, %s: %d pixels wider than the window", s.name, name, n)
			}
			var small []string
			b.Eval(`[...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, nav a, .button')].filter(e => {
				const r = (e.closest('label') || e).getBoundingClientRect(); return e.offsetParent && (r.height < 43 || r.width < 24)
			}).map(e => e.outerHTML.slice(0, 80))`, &small)
			if len(small) > 0 {
				t.Errorf("%s, %s: too small to be pressed: %q", s.name, name, small)
			}
			b.Picture(s.name + "-" + name)
		}
	}
}

func pages(w *world) map[string]string {
	return map[string]string{
		"home": "/desk/", "imports": "/desk/imports", "review": "/desk/review", "postings": "/desk/postings",
		"posting": "/desk/postings/" + w.ids["2"], "changed": "/desk/postings/" + w.ids["1"], "publish": "/desk/publish",
		"callbacks": "/desk/callbacks", "referrals": "/desk/referrals", "complaints": "/desk/complaints", "sites": "/desk/sites",
		"site": "/desk/sites/chashan", "sheet": "/desk/sites/chashan/sheet", "searches": "/desk/searches", "figures": "/desk/figures", "accounts": "/desk/accounts",
		"account": "/desk/accounts/new", "audit": "/desk/audit", "password": "/desk/password", "trouble": "/desk/nothing",
	}
}

// fullWorld has something on every page.
func fullWorld(t *testing.T) *world {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	w.account(t, "town", people.Town, "360482001", "")
	bad := posting("2", "包装工（日结）")
	bad.Description, bad.Requirements = "入职交押金200元，离职退还。做五休二。", "985、211 优先"
	w.bring(t, posting("1", "缝纫工（熟手）"), bad, posting("3", "质检员"))
	w.publish(t, "1")
	changed := posting("1", "缝纫工（熟手）")
	changed.Pay.Original, changed.Address = "6000-8000元", "工业四路18号"
	w.bring(t, changed)
	w.calls = []fleet.Call{
		{ID: 1, Site: "chashan", Posting: w.ids["1"], Asked: now.Add(-3 * time.Hour)},
		{ID: 2, Site: "ganlu", Posting: w.ids["3"], Asked: now.Add(-30 * time.Hour)},
	}
	w.phones[1], w.phones[2] = "13800138000", "13900139000"
	slip, err := kiosk.NewCode(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	w.fakeFleet.referrals = []fleet.Referral{
		{Incarnation: 1, Code: slip, Site: "chashan", Posting: w.ids["1"], Issued: now.Add(-5 * time.Hour), State: kiosk.Printed},
	}
	w.complain = []fleet.Complaint{{Posting: w.ids["1"], Why: kiosk.FeePosting, Times: 3, Sites: 2, Last: now.Add(-time.Hour)}}
	w.empty = []fleet.Empty{{Words: "月嫂", Times: 17}, {Words: "张三", Times: 4}}
	w.rows = []fleet.Row{
		{Site: "chashan", Name: "茶山街道就业之家", Tier: kiosk.TierTown, Area: "360482001", Terminals: 1, Days: 31},
		{Site: "ganlu", Name: "甘露镇就业之家", Tier: kiosk.TierTown, Area: "360482100", Terminals: 1, Days: 12},
	}
	w.rows[0].Cells[fleet.Visits], w.rows[0].Cells[fleet.Calls] = fleet.Cell{N: 412}, fleet.Cell{Hidden: true}
	return w
}
