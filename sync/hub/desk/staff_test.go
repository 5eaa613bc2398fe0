package desk_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"jobhome/sync/hub/hubdb"
	"jobhome/sync/hub/people"
)

func TestSites(t *testing.T) {
	w := fullWorld(t)
	b := w.login(t, "city").get("/desk/sites").want(http.StatusOK, "茶山街道就业之家", "没有消息", "缺纸", "快用完", "1.4.0", "31")
	b.get("/desk/sites?health=silent").want(http.StatusOK, "甘露镇").wantNot("茶山街道就业之家")
	form := func() url.Values {
		return url.Values{
			"id": {"zeyuan"}, "name": {"泽泉乡就业之家"}, "tier": {"town"}, "area": {"360482202"}, "board": {"gqc"}, "lat": {"29.25"}, "lon": {"115.8"},
		}
	}
	for field, bad := range map[string]string{
		"id": "Zeyuan 1", "name": "", "tier": "king", "area": "360481", "board": "", "lat": "x", "lon": "999",
	} {
		f := form()
		f.Set(field, bad)
		b.post("/desk/sites", f).want(http.StatusUnprocessableEntity, `role="alert"`)
	}
	other := form()
	other.Set("id", "ganlu") // would be written over
	b.post("/desk/sites", other).want(http.StatusConflict, "已经有了")
	if b.post("/desk/sites", form()); b.to != "/desk/sites/zeyuan?done=site" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	b.get("/desk/sites/zeyuan").want(http.StatusOK, "泽泉乡")
	b.post("/desk/sites/zeyuan/enrol", url.Values{"terminal": {"Bad Name"}}).want(http.StatusUnprocessableEntity)
	b.post("/desk/sites/zeyuan/enrol", url.Values{"terminal": {"ganlu-1"}}).want(http.StatusConflict, "是别的站点的").wantNot("7K3M")
	b.post("/desk/sites/zeyuan/enrol", nil).want(http.StatusOK, "7K3M-9WXH-4FAB", "zeyuan-9", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=", `<svg class="qr"`)
	b.get("/desk/sites/zeyuan").wantNot("7K3M-9WXH-4FAB")
	b.post("/desk/terminals/ganlu-1/revoke", nil).want(http.StatusUnprocessableEntity, "请写明原因")
	if b.post("/desk/terminals/ganlu-1/revoke", url.Values{"why": {"被盗"}}); b.to != "/desk/sites/ganlu?done=shut" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	b.get("/desk/sites/ganlu").want(http.StatusOK, "已停用").wantNot("/revoke")
	if log := strings.Join(w.logged(t), "\n"); !strings.Contains(log, "city terminal.revoke ganlu-1") || !strings.Contains(log, "city terminal.code zeyuan") {
		t.Errorf("the log has: %s", log)
	}
	w.login(t, "town").get("/desk/sites").want(http.StatusOK, "茶山街道就业之家").wantNot("甘露镇", "/desk/sites/zeyuan", `action="/desk/sites"`).
		get("/desk/sites/ganlu").want(http.StatusNotFound)
}

// An account of one site has its own site only, wherever its area reaches.
func TestOneSite(t *testing.T) {
	w := fullWorld(t)
	w.account(t, "zone", people.Zone, "360482", "chashan")
	b := w.login(t, "zone")
	b.get("/desk/sites").want(http.StatusOK, "茶山街道就业之家").wantNot("甘露镇")
	b.get("/desk/callbacks").want(http.StatusOK, "缝纫工").wantNot("质检员")
	b.get("/desk/figures?month=2026-10").want(http.StatusOK, "茶山街道就业之家").wantNot("甘露镇", ">合计<")
}

// What is exported is what is shown, as a spreadsheet reads it.
func TestFigures(t *testing.T) {
	w := fullWorld(t)
	b := w.login(t, "city").get("/desk/figures").want(http.StatusOK, "2026-10", "茶山街道就业之家", "412", "&lt;5", "合计")
	b.get("/desk/figures?month=2026-09").want(http.StatusOK, "这个月没有数据")
	b.get("/desk/figures.csv?month=2026-10").want(http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.page, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 4 || rows[1][2] != "茶山街道就业之家" || rows[1][6] != "412" || rows[1][10] != "<5" || rows[3][2] != "合计" {
		t.Errorf("%q, %v", rows, err)
	}
	b.get("/desk/figures.xlsx?month=2026-10").want(http.StatusOK)
	book, err := excelize.OpenReader(bytes.NewReader([]byte(b.page)))
	if err != nil {
		t.Fatal(err)
	}
	same, err := book.GetRows("2026-10")
	if err != nil || len(same) != len(rows) {
		t.Fatalf("%q, %v", same, err)
	}
	for i := range rows {
		if strings.Join(rows[i], "|") != strings.Join(same[i], "|") {
			t.Errorf("row %d: %q in CSV, %q in XLSX", i, rows[i], same[i])
		}
	}
	if kind, err := book.GetCellType("2026-10", "G2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("412 is of the type %v, %v", kind, err)
	}
	b.get("/desk/searches").want(http.StatusOK, "月嫂", "17").wantNot("张三")
}

var madeUp = regexp.MustCompile(`<p class="big code">([a-z2-7-]{19})</p>`)

func TestAccounts(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	w.account(t, "province", people.Province, "36", "")
	b := w.login(t, "city").get("/desk/accounts/new").want(http.StatusOK, "运维").wantNot(`value="province"`)
	form := func() url.Values {
		return url.Values{"name": {"li.qiang"}, "person": {"李强"}, "role": {"town"}, "area": {"360482001"}}
	}
	for field, bad := range map[string]string{"name": "李强", "person": "", "area": "3604", "role": "king"} {
		f := form()
		f.Set(field, bad)
		b.post("/desk/accounts/new", f)
		if b.code != http.StatusUnprocessableEntity && b.code != http.StatusForbidden {
			t.Errorf("%s %q: %d", field, bad, b.code)
		}
	}
	b.post("/desk/accounts/new", form()).want(http.StatusOK, "li.qiang 的初始密码", "只显示这一次")
	m := madeUp.FindStringSubmatch(b.page)
	if m == nil {
		t.Fatalf("no password: %s", b.page)
	}
	b.post("/desk/accounts/new", form()).want(http.StatusConflict, "已经有了")
	all := must(w.people.List(t.Context(), people.Console))
	id := map[string]string{}
	for _, a := range all {
		id[a.Name] = a.ID
	}
	login := func(password string) *browser {
		x := w.browser(t).get("/desk/login")
		return x.post("/desk/login", url.Values{"name": {"li.qiang"}, "password": {password}, "door": {x.hidden("door")}})
	}
	if login(m[1]).code != http.StatusSeeOther {
		t.Error("the password that was shown does not open")
	}
	b.get("/desk/accounts").want(http.StatusOK, "li.qiang", "待改初始密码").wantNot(">province<", m[1])
	b.get("/desk/accounts/" + id["province"]).want(http.StatusForbidden)
	b.post("/desk/accounts/"+id["province"]+"/password", nil).want(http.StatusForbidden)
	b.get("/desk/accounts/" + id["city"]).want(http.StatusForbidden) // its own
	up := form()
	up.Set("role", "province")
	b.post("/desk/accounts/"+id["li.qiang"], up).want(http.StatusForbidden, "只能在自己的辖区内")
	b.post("/desk/accounts/"+id["li.qiang"]+"/password", nil).want(http.StatusOK, "初始密码")
	if again := madeUp.FindStringSubmatch(b.page); again == nil || login(m[1]).code != http.StatusUnauthorized || login(again[1]).code != http.StatusSeeOther {
		t.Error("the password was not replaced")
	}
	off := form()
	off.Set("disabled", "1")
	if b.post("/desk/accounts/"+id["li.qiang"], off); b.to != "/desk/accounts?done=changed" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	b.get("/desk/accounts").want(http.StatusOK, "停用")
}

// The page says whether the log is whole, gives the mark to keep, and finds what
// was changed in the database.
func TestAudit(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	b := w.login(t, "city").get("/desk/audit").want(http.StatusOK, "account.add", "login")
	b.post("/desk/audit/verify", nil).want(http.StatusOK, "前后相接，没有被改动")
	mark := regexp.MustCompile(`\d+:[0-9a-f]{64}`).FindString(b.page)
	if mark == "" {
		t.Fatalf("no mark: %s", b.page)
	}
	b.post("/desk/audit/verify", url.Values{"marks": {"x"}}).want(http.StatusUnprocessableEntity, "“x”不是凭证")
	b.post("/desk/audit/verify", url.Values{"marks": {mark}}).want(http.StatusOK, "没有被改动")
	b.get("/desk/audit?action=account.").want(http.StatusOK, "account.add").wantNot(">login<")

	b.post("/desk/audit/file", nil).want(http.StatusOK)
	lines := strings.Split(strings.TrimSpace(b.page), "\n")
	var first struct {
		Seq    int64
		Sha256 string
	}
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || len(lines) < 4 || len(first.Sha256) != 64 || first.Seq != int64(len(lines)) {
		t.Errorf("%d lines, the first %+v, %v", len(lines), first, err)
	}
	err := w.db.Update(t.Context(), func(tx *hubdb.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE people_audit SET actor = 'nobody' WHERE seq = 2`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.get("/desk/audit").post("/desk/audit/verify", nil).want(http.StatusOK, "第 2 条对不上", "内容和指纹不符")
}
