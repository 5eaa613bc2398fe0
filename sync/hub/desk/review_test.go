package desk_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

func (w *world) record(t *testing.T, ref string) postings.Record {
	t.Helper()
	r, err := w.postings.Get(t.Context(), w.ids[ref])
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// judge is a form that decides about what is there now.
func (w *world) judge(t *testing.T, ref, verdict, note string) (string, url.Values) {
	r := w.record(t, ref)
	return "/desk/postings/" + r.ID + "/judge", url.Values{
		"verdict": {verdict}, "note": {note}, "revision": {fmt.Sprint(r.Revision)},
	}
}

func TestReview(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	w.account(t, "importer", people.City, "360482", "")
	bad := posting("2", "包装工")
	bad.Description = "入职交押金200元"
	w.bring(t, posting("1", "缝纫工"), bad, posting("3", "质检员"), posting("4", "文员"))

	b := w.login(t, "importer").get("/desk/review").want(http.StatusOK, "您提交的，由别人审核").wantNot("type=\"checkbox\"")
	path, form := w.judge(t, "1", "approve", "")
	b.post(path, form).want(http.StatusConflict, "要由另一位同事审核")
	b.post("/desk/review", url.Values{"posting": {w.ids["1"] + ":1"}}).want(http.StatusOK, "要由另一位同事审核")

	b = w.login(t, "city")
	b.get("/desk/postings/"+w.ids["2"]).want(http.StatusOK, `入职交<mark class="block">押金`, "《劳动合同法》第九条").wantNot(`value="approve"`)
	path, form = w.judge(t, "2", "approve", "")
	b.post(path, form).want(http.StatusConflict, "法律禁止的内容")
	path, form = w.judge(t, "2", "return", " ")
	b.post(path, form).want(http.StatusUnprocessableEntity, "请写明原因")
	path, form = w.judge(t, "2", "return", "押金不合法")
	if b.post(path, form); b.to != "/desk/review?done=return" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	path, form = w.judge(t, "4", "reject", "重复")
	b.post(path, form)
	path, form = w.judge(t, "1", "approve", "")
	stale := url.Values{"verdict": {"approve"}, "revision": {"9"}}
	b.post(path, stale).want(http.StatusConflict, "您看的时候它又变了")
	if b.post(path, form); b.to != "/desk/review?done=approve" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	b.post(path, form).want(http.StatusConflict, "它现在的状态不能这样办")
	path, form = w.judge(t, "3", "revoke", "x")
	b.post(path, form).want(http.StatusBadRequest)
	for ref, want := range map[string]postings.Status{"1": postings.Approved, "2": postings.Draft, "3": postings.Review, "4": postings.Closed} {
		if got := w.record(t, ref).Status; got != want {
			t.Errorf("posting %s is %s, not %s", ref, got, want)
		}
	}
}

// Bulk approval takes what was ticked and has no finding; what was never shown
// with a box is refused although the form names it.
func TestBulk(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	warned, elsewhere := posting("2", "包装工"), posting("3", "外地岗位")
	warned.Requirements, elsewhere.Area = "985优先", "360481001"
	w.bring(t, posting("1", "缝纫工"), warned, elsewhere, posting("4", "文员"))
	b := w.login(t, "city").get("/desk/review").want(http.StatusOK, "逐条看").wantNot("外地岗位")
	if n := strings.Count(b.page, `type="checkbox"`); n != 2 {
		t.Errorf("%d boxes", n)
	}
	b.post("/desk/review", url.Values{"posting": {
		w.ids["1"] + ":1", w.ids["2"] + ":1", w.ids["3"] + ":1", w.ids["4"] + ":7", "nothing:1",
	}}).want(http.StatusOK, "已通过 1 条", w.ids["2"]+": 有问题的岗位不能一起通过", w.ids["3"]+": 没有找到", w.ids["4"]+": 您看的时候", "nothing: 没有找到")
	for ref, want := range map[string]postings.Status{"1": postings.Approved, "2": postings.Review, "3": postings.Review, "4": postings.Review} {
		if got := w.record(t, ref).Status; got != want {
			t.Errorf("posting %s is %s, not %s", ref, got, want)
		}
	}
	b.post("/desk/review", nil).want(http.StatusUnprocessableEntity, "没有勾选任何岗位")
}

// What changed is shown beside what is on the board.
func TestSideBySide(t *testing.T) {
	w := fullWorld(t)
	b := w.login(t, "city").get("/desk/postings/"+w.ids["1"]).want(http.StatusOK, "板上的内容", `<ins>6</ins>000-8000元`, `<del>5</del>000-8000元`)
	if strings.Count(b.page, `<span class="tag warn">改</span>`) != 2 {
		t.Error("not just pay and address are said to have changed")
	}
}

// A village reads what is on the board in its town, and no more.
func TestPostingOfElsewhere(t *testing.T) {
	w := fullWorld(t)
	w.account(t, "village", people.Village, "360482001001", "")
	b := w.login(t, "village")
	b.get("/desk/postings/"+w.ids["1"]).want(http.StatusOK, "缝纫工（熟手）", "5000-8000元").wantNot("6000-8000元", "importer", "/judge", "/takedown")
	b.get("/desk/postings/" + w.ids["2"]).want(http.StatusNotFound)
}

func TestTakingDown(t *testing.T) {
	w := newWorld(t)
	w.account(t, "town", people.Town, "360482001", "")
	w.account(t, "village", people.Village, "360482001001", "")
	w.account(t, "far", people.Town, "360482100", "")
	w.bring(t, posting("1", "缝纫工"), posting("2", "文员"))
	w.publish(t, "1")
	w.publish(t, "2")
	path := func(ref string) string { return "/desk/postings/" + w.ids[ref] + "/takedown" }
	form := url.Values{"verdict": {"revoke"}, "reason": {"fee"}, "note": {"查实"}, "revision": {"1"}}
	w.login(t, "far").post(path("1"), form).want(http.StatusNotFound)
	b := w.login(t, "town")
	for _, reason := range []string{"", "other", "x"} {
		b.post(path("1"), url.Values{"verdict": {"revoke"}, "reason": {reason}, "revision": {"1"}}).want(http.StatusUnprocessableEntity, "请写明原因")
	}
	b.post(path("1"), url.Values{"verdict": {"approve"}, "reason": {"fee"}, "revision": {"1"}}).want(http.StatusBadRequest)
	form.Del("csrf")
	if b.post(path("1"), form); b.to != "/desk/postings/"+w.ids["1"]+"?done=revoke" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	b.post(path("2"), url.Values{"verdict": {"close"}, "reason": {"filled"}, "revision": {"1"}})
	if r := w.record(t, "1"); r.Status != postings.Revoked || r.Why != "收取费用、押金或扣押证件 查实" || r.EndedBy != "town" || r.Live != nil {
		t.Errorf("%+v", r)
	}
	if r := w.record(t, "2"); r.Status != postings.Closed || r.Why != postings.Filled {
		t.Errorf("%+v", r)
	}
	b.get("/desk/postings?state=revoked").want(http.StatusOK, "缝纫工", "已下架").wantNot(">文员<")
	b.get("/desk/postings?q=文员").want(http.StatusOK, ">文员<").wantNot(">缝纫工<")
	b.get("/desk/postings?area=36").want(http.StatusOK, "茶山街道）")
	if log := strings.Join(w.logged(t), "\n"); !strings.Contains(log, "town posting.revoke "+w.ids["1"]) {
		t.Errorf("the log has: %s", log)
	}
}

func TestPublish(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	w.bring(t, posting("1", "缝纫工"))
	b := w.login(t, "city").get("/desk/publish").want(http.StatusOK, "812", "今天 09:40")
	b.post("/desk/publish", nil)
	b.get("/desk/publish").want(http.StatusOK, "813", "今天 10:00")
	w.failing = errTest
	b.post("/desk/publish", nil).want(http.StatusInternalServerError, "系统出了问题").wantNot(errTest.Error())
	if !strings.Contains(w.log.String(), errTest.Error()) {
		t.Error("the hub's log does not say what went wrong")
	}
	if log := w.logged(t); log[len(log)-1] != "city board.publish.failed all" || log[len(log)-2] != "city board.publish all" {
		t.Errorf("the log ends: %q", log[len(log)-2:])
	}
}
