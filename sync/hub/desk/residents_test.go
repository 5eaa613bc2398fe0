package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
)

// A number is shown to whoever has taken the call on, one at a time, and the log
// says so before. Nobody else's list or page has it.
func TestCallBack(t *testing.T) {
	w := fullWorld(t)
	w.account(t, "village", people.Village, "360482001001", "chashan")
	b := w.login(t, "city").get("/desk/callbacks").want(http.StatusOK, "缝纫工（熟手）", "质检员", "由我回电")
	b.wantNot("13800138000", "13900139000")
	b.post("/desk/callbacks/1/phone", nil).want(http.StatusConflict, "请先点“由我回电”").wantNot("13800138000")
	b.post("/desk/callbacks/1/finish", url.Values{"answer": {"reached"}}).want(http.StatusConflict)
	if b.post("/desk/callbacks/1/claim", nil); b.to != "/desk/callbacks?done=claimed" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	town := w.login(t, "town").get("/desk/callbacks").want(http.StatusOK, "city 正在回电").wantNot("质检员")
	town.post("/desk/callbacks/1/claim", nil).want(http.StatusConflict, "别的同事已经在回")
	town.post("/desk/callbacks/1/phone", nil).want(http.StatusConflict).wantNot("13800138000")
	town.post("/desk/callbacks/2/claim", nil).want(http.StatusNotFound)
	before := len(w.logged(t))
	b.get("/desk/callbacks").post("/desk/callbacks/1/phone", nil).want(http.StatusOK, "13800138000", "已记入操作记录").wantNot("13900139000")
	if log := w.logged(t)[before:]; len(log) != 1 || log[0] != "city call.open 1" {
		t.Errorf("the log has: %q", log)
	}
	b.post("/desk/callbacks/1/finish", url.Values{"answer": {"perhaps"}}).want(http.StatusUnprocessableEntity, "请选一个结果")
	if b.post("/desk/callbacks/1/finish", url.Values{"answer": {"reached"}}); b.to != "/desk/callbacks?done=called" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	b.get("/desk/callbacks").want(http.StatusOK).wantNot("缝纫工（熟手）")
	b.get("/desk/callbacks?state=done").want(http.StatusOK, "缝纫工（熟手）", "已接通")
	b.post("/desk/callbacks/1/phone", nil).want(http.StatusNotFound).wantNot("13800138000")
	for _, e := range must(w.people.Entries(t.Context(), people.Filter{Limit: 1000})) {
		if strings.Contains(e.Subject+e.Note, "138001") {
			t.Errorf("the log has a number: %+v", e)
		}
	}
}

// Where it cannot be written that a number is shown, it is not.
func TestNoNumberWithoutLog(t *testing.T) {
	w := fullWorld(t)
	b := w.login(t, "city").get("/desk/callbacks").post("/desk/callbacks/1/claim", nil)
	w.audit = func(string, string, string) error { return errTest }
	b.post("/desk/callbacks/1/phone", nil).want(http.StatusInternalServerError).wantNot("13800138000")
}

// A call that was taken on and forgotten can be taken on by another after a while.
func TestClaimsEnd(t *testing.T) {
	w := fullWorld(t)
	w.login(t, "city").get("/desk/callbacks").post("/desk/callbacks/1/claim", nil)
	old := now
	t.Cleanup(func() { now = old })
	now = now.Add(4*time.Hour - time.Second)
	town := w.login(t, "town").get("/desk/callbacks")
	town.post("/desk/callbacks/1/claim", nil).want(http.StatusConflict)
	now = now.Add(time.Second)
	if town.post("/desk/callbacks/1/claim", nil); town.code != http.StatusSeeOther {
		t.Errorf("%d %s", town.code, town.page)
	}
}

func TestReferrals(t *testing.T) {
	w := fullWorld(t)
	slip := w.fakeFleet.referrals[0].Code
	b := w.login(t, "town").get("/desk/referrals").want(http.StatusOK, string(slip), "缝纫工（熟手）", "已打印")
	path := "/desk/referrals/1/" + string(slip) + "/outcome"
	b.post(path, url.Values{"outcome": {""}}).want(http.StatusUnprocessableEntity, "请选一个结果")
	b.post("/desk/referrals/2/"+string(slip)+"/outcome", url.Values{"outcome": {"hired"}}).want(http.StatusNotFound)
	if b.post(path, url.Values{"outcome": {"hired"}}); b.to != "/desk/referrals?done=outcome" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	if r := w.fakeFleet.referrals[0]; r.Outcome != kiosk.Hired || r.OutcomeBy != "town" {
		t.Errorf("%+v", r)
	}
	b.get("/desk/referrals").want(http.StatusOK).wantNot(string(slip))
	b.get("/desk/referrals?code="+url.QueryEscape(strings.ToLower(slip.Grouped()))).want(http.StatusOK, string(slip), `value="hired" selected`)
	b.get("/desk/referrals?code=ABC").want(http.StatusUnprocessableEntity, "这不是推荐码")
	w.account(t, "far", people.Town, "360482100", "")
	far := w.login(t, "far").get("/desk/referrals?code="+string(slip)).want(http.StatusOK, "没有找到推荐单")
	far.post(path, url.Values{"outcome": {"filled"}}).want(http.StatusNotFound)
}

func TestComplaints(t *testing.T) {
	w := fullWorld(t)
	b := w.login(t, "town").get("/desk/complaints").want(http.StatusOK, "缝纫工（熟手）", "收取费用、押金或证件", "3")
	path := "/desk/complaints/" + w.ids["1"] + "/fee"
	b.post(path, url.Values{"note": {" "}}).want(http.StatusUnprocessableEntity, "请写明原因")
	if b.post(path, url.Values{"note": {"已核实，没有收费"}}); b.to != "/desk/complaints?done=settled" {
		t.Fatalf("%d %s", b.code, b.page)
	}
	b.get("/desk/complaints").want(http.StatusOK, "没有待查的投诉")
	b.post(path, url.Values{"note": {"x"}}).want(http.StatusNotFound)
	w.complain[0].Times, w.complain[0].Last = 4, now
	b.get("/desk/complaints").want(http.StatusOK, "缝纫工（熟手）")
	w.account(t, "far", people.Town, "360482100", "")
	w.login(t, "far").get("/desk/complaints").want(http.StatusOK, "没有待查的投诉")
}

// What an account does not see, its first page does not count.
func TestHomeCounts(t *testing.T) {
	w := fullWorld(t)
	w.account(t, "village", people.Village, "360482001001", "chashan")
	b := w.login(t, "city")
	for path, want := range map[string]string{
		"/desk/review": "3", "/desk/callbacks": "2", "/desk/referrals": "1", "/desk/complaints": "1", "/desk/sites?health=silent": "1", "/desk/publish": "0",
	} {
		if !strings.Contains(b.page, `<span class="count">`+want+`</span><a href="`+path+`"`) {
			t.Errorf("%s is not %s", path, want)
		}
	}
	w.login(t, "village").wantNot("/desk/review", "/desk/publish")
	w.failing = errTest
	b.get("/desk/").want(http.StatusInternalServerError, "系统出了问题")
	w.failing = nil
	w.calls = append(w.calls, fleet.Call{ID: 3, Site: "chashan", Posting: "gone", Asked: now, Forgotten: true})
	b.get("/desk/callbacks").want(http.StatusOK, "gone")
}
