package pages_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/postings"
)

func TestAnOpenPosting(t *testing.T) {
	r := newRig(t)
	id := r.publish(posting("a"))[0]
	g := r.get("/p/" + id)
	g.want(t, 200, "缝纫工（熟手）a", "共青城某某服饰有限公司", "5000–8000 元/月", "计件 5000-8000，多劳多得", `href="tel:07920000123"`,
		"打电话 <span class=\"number\">0792-0000123</span>", "找王主管", "下午 2–5 点", "江西省九江市共青城市茶山街道 工业三路 8 号", "早8–晚6，单休，白班", "招 12 人",
		"初中，1 年经验，会平车", "包住、有班车", "有效到 12月20日", "昨天核对过", "来源：某某人才网", "数据截至 2026-11-25", "不得收费", `href="tel:12333"`,
		"&lt;b&gt;不收任何费用&lt;/b&gt; &amp; 有师傅带", `rel="canonical" href="https://h.example/p/`+id+`"`, `lang="zh-CN"`)
	g.without(t, "<b>不收", "您的推荐单", "http://", "Set-Cookie")
	if g.Header.Get("Set-Cookie") != "" || g.Header.Get("Referrer-Policy") != "no-referrer" || g.Header.Get("X-Robots-Tag") != "" {
		t.Errorf("%v", g.Header)
	}
	en := r.get("/p/" + id + "?lang=en")
	en.want(t, 200, `lang="en"`, "Call <span class=\"number\">0792-0000123", "Ask for 王主管", "Middle school", "Dorm, Bus", "Beware of fraud")
	if h := attr(elements(en.doc, "header")[0].FirstChild.NextSibling, "href"); h != "/p/"+id {
		t.Errorf("the way back to Chinese is %q", h)
	}
}

// The policy allows the one style that is there, by its hash, and no script.
func TestThePolicyFitsThePage(t *testing.T) {
	r := newRig(t)
	g := r.get("/p/" + r.publish(posting("a"))[0])
	css := elements(g.doc, "style")[0].FirstChild.Data
	sum := sha256.Sum256([]byte(css))
	policy := g.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'") ||
		!strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "script-src") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %s", policy)
	}
}

func TestJSONLD(t *testing.T) {
	r := newRig(t)
	p := posting("a")
	p.Title = `</script><script>alert(1)//`
	g := r.get("/p/" + r.publish(p)[0])
	scripts := elements(g.doc, "script")
	if len(scripts) != 1 {
		t.Fatalf("%d scripts", len(scripts))
	}
	var m struct {
		Type         string `json:"@type"`
		Title        string
		ValidThrough time.Time
		BaseSalary   struct {
			Value struct {
				MinValue, MaxValue float64
				UnitText           string
			}
		}
		TotalJobOpenings int
	}
	if err := json.Unmarshal([]byte(scripts[0].FirstChild.Data), &m); err != nil {
		t.Fatal(err)
	}
	if m.Type != "JobPosting" || m.Title != p.Title || !m.ValidThrough.Equal(p.ValidThrough) || m.BaseSalary.Value.UnitText != "MONTH" ||
		m.BaseSalary.Value.MaxValue != 8000 || m.TotalJobOpenings != 12 {
		t.Errorf("%+v", m)
	}
}

func TestASlip(t *testing.T) {
	r := newRig(t)
	id := r.publish(posting("a"))[0]
	code := string(r.code)
	g := r.get("/p/" + id + "?r=" + code)
	g.want(t, 200, "您的推荐单", r.code.Grouped(), "约了面试", "昨天更新", "缝纫工")
	if g.Header.Get("Cache-Control") != "no-store" || g.Header.Get("ETag") != "" || g.Header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("%v", g.Header)
	}
	if !strings.Contains(g.body, `<link rel="canonical" href="https://h.example/p/`+id+`">`) {
		t.Error("the canonical address is not without the code")
	}
	r.slips[r.code] = kiosk.NoOutcome
	g = r.get("/p/" + id + "?r=" + strings.ToLower(r.code.Grouped()))
	g.want(t, 200, "还没有消息")
	delete(r.slips, r.code)
	g = r.get("/p/" + id + "?r=" + code)
	g.want(t, 200, "还没送到就业之家")
	g = r.get("/p/" + id + "?r=" + code[:9])
	g.want(t, 200, "推荐码不对", "缝纫工")
	g.without(t, code[:9])
	g = r.get("/p/nosuch?r=" + code)
	g.want(t, 404, "没有找到这个岗位", "您的推荐单")
	r.fail = errors.New("no line for " + code)
	r.slips[r.code] = kiosk.Hired
	g = r.get("/p/" + id + "?r=" + code)
	g.want(t, 200, "缝纫工")
	for range 60 { // ten times PerHour
		g = r.get("/p/" + id + "?r=" + code)
	}
	g.want(t, 200, "请求太多了", "缝纫工")
	if text := r.log.String(); strings.Contains(text, code) || strings.Contains(text, r.code.Grouped()) || strings.Contains(text, "127.0.0.1") {
		t.Errorf("the log has the code or the address:\n%s", text)
	}
}

func TestWhatIsOver(t *testing.T) {
	r := newRig(t)
	ctx := t.Context()
	ids := r.publish(posting("a"), posting("b"), posting("c"), posting("d"))
	phone := "0000123"
	r.must(r.posts.Close(ctx, "ann", ids[0], postings.Filled))
	g := r.get("/p/" + ids[0])
	g.want(t, 200, "招满了", "今天起", "缝纫工（熟手）a", "类似的岗位", "缝纫工（熟手）b", `href="/p/`+ids[1]+`"`)
	g.without(t, phone, "ld+json", "<form")
	r.must(r.posts.Close(ctx, "ann", ids[1], "不招了"))
	g = r.get("/p/" + ids[1])
	g.want(t, 200, "不招了")
	_, err := r.posts.Revoke(ctx, "ann", ids[2], "收押金")
	r.must(err)
	g = r.get("/p/" + ids[2])
	g.want(t, 410, "已下架，请不要联系", "12333", "缝纫工（熟手）d")
	g.without(t, phone, "缝纫工（熟手）c", "工业三路", "做羽绒服", "ld+json", "收押金", "<form")
	r.now = r.now.AddDate(0, 2, 0)
	g = r.get("/p/" + ids[3])
	g.want(t, 200, "到期了", "附近暂时没有类似的岗位")
	g.without(t, phone)
	for _, id := range []string{"nosuch", "%E5%B2%97", "a%2Fb", strings.Repeat("a", 21), "..%5c"} {
		g = r.get("/p/" + id)
		g.want(t, 404, "没有找到这个岗位", "0792-0000001")
	}
	for i, id := range ids {
		g := r.get("/p/" + id + "?lang=en")
		if g.want(t, []int{200, 200, 410, 200}[i], `lang="en"`); g.Header.Get("X-Robots-Tag") != "noindex" {
			t.Errorf("%s may be indexed", id)
		}
	}
}

func TestAWaitingPostingIsNotThere(t *testing.T) {
	r := newRig(t)
	id := r.publish(posting("a"))[0]
	r.must(r.posts.Edit(t.Context(), "ann", 1, func() kiosk.Posting { p := posting("a"); p.ID, p.Title = id, "电工"; return p }()))
	g := r.get("/p/" + id)
	g.want(t, 200, "缝纫工")
	g.without(t, "电工")
	draft, err := r.posts.Write(t.Context(), "ann", posting("z"))
	r.must(err)
	g = r.get("/p/" + draft)
	g.want(t, 404)
}

func TestCaches(t *testing.T) {
	r := newRig(t)
	id := r.publish(posting("a"))[0]
	for _, path := range []string{"/p/" + id, "/p/" + id + ".json"} {
		g := r.get(path)
		tag := g.Header.Get("ETag")
		if tag == "" || g.Header.Get("Cache-Control") != "public, max-age=60" {
			t.Errorf("%v", g.Header)
		}
		if again := r.get(path, "If-None-Match", tag); again.StatusCode != http.StatusNotModified || again.body != "" {
			t.Errorf("%d", again.StatusCode)
		}
		if head := r.do(http.MethodHead, path, nil); head.StatusCode != 200 || head.Header.Get("ETag") != tag {
			t.Errorf("HEAD: %d %v", head.StatusCode, head.Header)
		}
		_, err := r.posts.Revoke(t.Context(), "ann", id, "x")
		if err == nil {
			if again := r.get(path, "If-None-Match", tag); again.StatusCode != http.StatusGone {
				t.Errorf("taken down: %d", again.StatusCode)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	r := newRig(t)
	id := r.publish(posting("a"))[0]
	var m struct {
		ID, Status, Leader string
		Job                map[string]any
	}
	g := r.get("/p/" + id + ".json?r=" + string(r.code))
	r.must(json.Unmarshal([]byte(g.body), &m))
	if m.ID != id || m.Status != "published" || m.Leader != id || m.Job["title"] != "缝纫工（熟手）a" || g.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%s", g.body)
	}
	_, err := r.posts.Revoke(t.Context(), "ann", id, "x")
	r.must(err)
	g = r.get("/p/" + id + ".json")
	if want := `{"id":"` + id + `","status":"revoked","ended":"2026-11-25T01:00:00Z"}`; g.body != want {
		t.Errorf("%s\nwant %s", g.body, want)
	}
	g = r.get("/p/nosuch.json")
	g.want(t, 404, `"status":404`)
	if g.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%v", g.Header)
	}
}

var goodCall = url.Values{"phone": {" +86 138-0013 8000"}, "agree": {"web.agree"}}

func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for k, v := range form {
		out[k] = v
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

func TestACallBack(t *testing.T) {
	r := newRig(t)
	id := r.publish(posting("a"))[0]
	g := r.do(http.MethodPost, "/p/"+id+"/call", with(goodCall, "r", string(r.code), "lang", "en"))
	if to := g.Header.Get("Location"); g.StatusCode != 303 || to != "/p/"+id+"?done=call&lang=en&r="+string(r.code) {
		t.Fatalf("%d, to %s", g.StatusCode, to)
	}
	want := kiosk.Request{Posting: id, Site: "web", Phone: "13800138000", Consent: "web.agree", At: r.now}
	if len(r.requests) != 1 || !r.requests[0].At.Equal(want.At) {
		t.Fatalf("%+v", r.requests)
	}
	if got := r.requests[0]; got.Phone != want.Phone || got.Consent != want.Consent || got.Posting != id || got.Site != "web" {
		t.Errorf("%+v", got)
	}
	done := r.get("/p/" + id + "?done=call")
	done.want(t, 200, "记下了，等电话就行")
	if done.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%v", done.Header)
	}
	for what, form := range map[string]url.Values{
		"号码不对":    with(goodCall, "phone", "12345"),
		"请先勾选":    with(goodCall, "agree", ""),
		"<script": with(goodCall, "phone", `"><script>`),
	} {
		g := r.do(http.MethodPost, "/p/"+id+"/call", form)
		if g.StatusCode != 422 || len(r.requests) != 1 {
			t.Errorf("%s: %d, %d requests", what, g.StatusCode, len(r.requests))
		}
		if strings.HasPrefix(what, "<") {
			g.without(t, `"><script>`)
		} else {
			g.want(t, 422, what, `<details open id="call">`, `role="alert"`)
		}
	}
}

func TestWhatNoPersonSends(t *testing.T) {
	r := newRig(t)
	id := r.publish(posting("a"))[0]
	g := r.do(http.MethodPost, "/p/"+id+"/call", with(goodCall, "website", "http://spam"))
	g.want(t, 303)
	g = r.do(http.MethodPost, "/p/"+id+"/call", goodCall, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
	g.want(t, 403)
	g = r.do(http.MethodPost, "/p/"+id+"/call", with(goodCall, "x", strings.Repeat("y", 5000)))
	g.want(t, 400)
	g = r.do(http.MethodPost, "/p/nosuch/call", goodCall)
	g.want(t, 404)
	if len(r.requests) != 0 {
		t.Errorf("%+v", r.requests)
	}
	for i := range 7 {
		g := r.do(http.MethodPost, "/p/"+id+"/call", goodCall)
		if want := map[bool]int{true: 303, false: 429}[i < 5]; g.StatusCode != want {
			t.Errorf("the %dth: %d, want %d", i+1, g.StatusCode, want)
		}
		if i == 6 && (g.Header.Get("Retry-After") == "" || !strings.Contains(g.body, "请求太多了")) {
			t.Errorf("%v", g.Header)
		}
	}
	r.now = r.now.Add(61 * time.Minute)
	g = r.do(http.MethodPost, "/p/"+id+"/call", goodCall)
	g.want(t, 303)
	if len(r.requests) != 6 {
		t.Errorf("%d requests", len(r.requests))
	}
	_, err := r.posts.Revoke(t.Context(), "ann", id, "x")
	r.must(err)
	g = r.do(http.MethodPost, "/p/"+id+"/call", goodCall)
	g.want(t, 410, "已下架")
}

func TestAReport(t *testing.T) {
	r := newRig(t)
	id := r.publish(posting("a"))[0]
	g := r.do(http.MethodPost, "/p/"+id+"/report", url.Values{"why": {"fee"}})
	if to := g.Header.Get("Location"); g.StatusCode != 303 || to != "/p/"+id+"?done=report" {
		t.Errorf("%d, to %s", g.StatusCode, to)
	}
	if len(r.bad) != 1 || r.bad[0].Why != kiosk.FeePosting || r.bad[0].Posting != id || r.bad[0].Site != "web" {
		t.Errorf("%+v", r.bad)
	}
	g = r.do(http.MethodPost, "/p/"+id+"/report", url.Values{"why": {"ugly"}})
	g.want(t, 422, "请选一个问题", `<details open id="report">`)
	g = r.get("/p/" + id + "?done=report")
	g.want(t, 200, "谢谢，已经记下")
}

// What is broken says so, and the log tells neither the number nor the code.
func TestABrokenInbox(t *testing.T) {
	r := newRig(t)
	id := r.publish(posting("a"))[0]
	r.fail = errors.New("disk full")
	g := r.do(http.MethodPost, "/p/"+id+"/call", with(goodCall, "r", string(r.code)))
	g.want(t, 503, "没能记下来", "138-0013 8000")
	if text := r.log.String(); !strings.Contains(text, "hand over a call") || strings.Contains(text, "13800138000") || strings.Contains(text, string(r.code)) {
		t.Errorf("log:\n%s", text)
	}
}
