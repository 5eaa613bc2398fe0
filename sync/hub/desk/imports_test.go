package desk_test

import (
	"bytes"
	"encoding/csv"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

// upload sends a file as a browser does.
func (b *browser) upload(name, text string, form url.Values) *browser {
	b.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	if form.Get("csrf") == "" {
		form.Set("csrf", b.csrf)
	}
	for k, v := range form {
		if err := m.WriteField(k, v[0]); err != nil {
			b.t.Fatal(err)
		}
	}
	f, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = f.Write([]byte(text))
	}
	if err != nil || m.Close() != nil {
		b.t.Fatal(err)
	}
	return b.take(b.http.Post(b.w.server.URL+"/desk/imports", m.FormDataContentType(), &body))
}

func source() url.Values {
	return url.Values{"source": {"园区"}, "area": {"360482001"}, "channel": {"market"}, "days": {"30"}}
}

func TestImport(t *testing.T) {
	w := newWorld(t)
	w.account(t, "town", people.Town, "360482001", "")
	w.account(t, "other", people.Town, "360482001", "")
	b := w.login(t, "town").get("/desk/imports").want(http.StatusOK)
	b.upload("岗位.csv", badRows, source())
	if b.code != http.StatusSeeOther {
		t.Fatalf("%d %s", b.code, b.page)
	}
	at := b.to
	b.get(at).want(http.StatusOK, "共 6 行：可收 3，不收 2，空行或说明 1", "第 4 行", "看不出是哪一天", "收下 3 条")
	if n, err := w.postings.Counts(t.Context(), "36"); err != nil || len(n.By) != 0 {
		t.Errorf("a dry run has kept postings: %v, %v", n, err)
	}
	b.get(at+"/report.csv").want(http.StatusOK, "\ufeff工作表,行,编号,列", "4,A3,有效期至,有效期至,昨天,看不出是哪一天")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.page, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Errorf("the report has %d rows, %v", len(rows), err)
	}
	w.login(t, "other").get(at).want(http.StatusNotFound)
	b.get(at).post(at+"/take", nil)
	if b.to != at+"?done=taken" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	b.get(b.to).want(http.StatusOK, "已收下", "<dt>新岗位</dt><dd>3</dd>").wantNot(at + "/take")
	b.post(at+"/take", nil).want(http.StatusConflict, "已经收下过了")
	n, err := w.postings.Counts(t.Context(), "36")
	if err != nil || n.By[postings.Review] != 3 || n.Blocked != 1 {
		t.Errorf("%+v, %v", n, err)
	}
	if log := strings.Join(w.logged(t), "\n"); !strings.Contains(log, "town import.take ") {
		t.Errorf("the log has: %s", log)
	}
}

// Whoever brings a file brings nothing from outside the own area.
func TestImportOutside(t *testing.T) {
	w := newWorld(t)
	w.account(t, "town", people.Town, "360482001", "")
	b := w.login(t, "town").get("/desk/imports")
	form := source()
	form.Set("area", "360482100")
	b.upload("x.csv", badRows, form).want(http.StatusUnprocessableEntity, "在您的辖区（江西省九江市共青城市茶山街道）之内")
	b.upload("x.csv", strings.Replace(badRows, "360482001,5000", "360482100,5000", 1), source())
	at := b.to
	b.get(at).want(http.StatusOK, "可收 2，不收 3", "不在您的辖区", "360482100")
	b.post(at+"/take", nil)
	list, _, err := w.postings.Search(t.Context(), postings.Query{})
	if err != nil || len(list) != 2 {
		t.Fatalf("%d postings, %v", len(list), err)
	}
	for _, r := range list {
		if !r.Area.Within("360482001") {
			t.Errorf("%s lies in %s", r.Title, r.Area)
		}
	}
}

func TestImportForm(t *testing.T) {
	w := newWorld(t)
	w.account(t, "town", people.Town, "360482001", "")
	b := w.login(t, "town").get("/desk/imports")
	for _, c := range []struct{ field, value, want string }{
		{"source", " ", "请填来源名称"},
		{"source", strings.Repeat("园", 10), "请填来源名称"},
		{"days", "x", "有效天数"},
		{"days", "999", "有效天数"},
		{"channel", "x", "请选岗位类别"},
		{"area", "36048", "区划代码"},
	} {
		form := source()
		form.Set(c.field, c.value)
		b.upload("x.csv", badRows, form).want(http.StatusUnprocessableEntity, c.want)
	}
	b.upload("x.csv", "", source()).want(http.StatusUnprocessableEntity, "请选一个有内容的文件")
	form := source()
	form.Set("csrf", "forged")
	b.upload("x.csv", badRows, form).want(http.StatusForbidden, "这个表单已经失效")
	b.upload("x.pdf", "%PDF-1.7", source())
	b.get(b.to).want(http.StatusOK, "这个文件读不了").wantNot("/take")
	b.get("/desk/imports/sample.csv").want(http.StatusOK, "岗位名称", "缝纫工（熟手）")
}

// A file that is all of a source closes what it no longer has, of this area only.
func TestFullFileClosesOnlyItsOwn(t *testing.T) {
	w := newWorld(t)
	w.account(t, "town", people.Town, "360482001", "")
	w.account(t, "far", people.Town, "360482100", "")
	take := func(name, text string, full bool) {
		t.Helper()
		b := w.login(t, name).get("/desk/imports")
		form := source()
		if form.Set("area", "360482001"); name == "far" {
			form.Set("area", "360482100")
		}
		if full {
			form.Set("full", "1")
		}
		b.upload("x.csv", text, form)
		at := b.to
		if b.get(at).post(at+"/take", nil); b.code != http.StatusSeeOther {
			t.Fatalf("%d %s", b.code, b.page)
		}
	}
	take("far", strings.ReplaceAll(badRows, "360482001", "360482100"), false)
	take("town", badRows, false)
	lines := strings.SplitAfter(badRows, "\n")
	// The row that is refused and has no id may be any of those that seem missing.
	take("town", lines[0]+lines[1]+strings.Replace(lines[3], ",A3", ",", 1), true)
	if n, err := w.postings.Counts(t.Context(), "360482001"); err != nil || n.By[postings.Review] != 3 {
		t.Errorf("a file with a refused row without a name has closed postings: %v, %v", n.By, err)
	}
	take("town", lines[0]+lines[1], true)
	for area, want := range map[string]int{"360482001": 1, "360482100": 3} {
		if n, err := w.postings.Counts(t.Context(), areaCode(area)); err != nil || n.By[postings.Review] != want {
			t.Errorf("%s has %v, %v; want %d in review", area, n.By, err, want)
		}
	}
}

// A column that was misread is told what it is.
func TestMapping(t *testing.T) {
	w := newWorld(t)
	w.account(t, "town", people.Town, "360482001", "")
	b := w.login(t, "town").get("/desk/imports")
	b.upload("x.csv", strings.Replace(badRows, "岗位名称", "喊他干啥", 1), source())
	at := b.to
	b.get(at).want(http.StatusOK, "没有找到表头").wantNot("/take")
	b.post(at+"/mapping", url.Values{"heading": {"喊他干啥"}, "field": {"title"}})
	b.get(at).want(http.StatusOK, "可收 3", `<option value="title" selected>`, "要求")
	form := url.Values{"heading": {"要求", "", "说明"}, "field": {"-", "title", "nothing"}}
	if b.post(at+"/mapping", form); b.to != at+"?done=mapped" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	b.get(at).want(http.StatusOK, "可收 3", `<option value="title" selected>`)
	b.post(at+"/take", nil)
	list, _, err := w.postings.Search(t.Context(), postings.Query{Text: "质检员"})
	if err != nil || len(list) != 1 || list[0].Requirements != "" {
		t.Errorf("%+v, %v", list, err)
	}
	b.get("/desk/imports").upload("x.csv", badRows, source())
	at = b.to
	b.get(at).post(at+"/drop", nil)
	b.get(at).want(http.StatusNotFound)
}

// The same file again changes nothing, also where its rows have no ids.
func TestSameFileAgain(t *testing.T) {
	w := newWorld(t)
	w.account(t, "town", people.Town, "360482001", "")
	b := w.login(t, "town")
	var bare strings.Builder
	for line := range strings.Lines(badRows) {
		bare.WriteString(line[:strings.LastIndexByte(line, ',')] + "\n")
	}
	for _, want := range []string{"<dt>新岗位</dt><dd>3</dd>", "<dt>新岗位</dt><dd>0</dd>"} {
		b.get("/desk/imports").upload("x.csv", bare.String(), source())
		at := b.to
		b.get(at).post(at+"/take", nil)
		b.get(at).want(http.StatusOK, want)
	}
}

// A cell that a spreadsheet would run is only text.
func TestReportRunsNothing(t *testing.T) {
	w := newWorld(t)
	w.account(t, "town", people.Town, "360482001", "")
	b := w.login(t, "town").get("/desk/imports")
	b.upload("x.csv", strings.Replace(badRows, "昨天", `"=HYPERLINK(""http://x"")"`, 1), source())
	at := b.to
	if b.get(at + "/report.csv"); !strings.Contains(b.page, `"'=HYPERLINK(`) || strings.Contains(b.page, `,"=HYP`) {
		t.Errorf("the report: %s", b.page)
	}
}
