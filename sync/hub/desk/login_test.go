package desk_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"jobhome/sync/hub/people"
)

func TestLogin(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	b := w.browser(t).get("/desk/review?after=7.x")
	if b.code != http.StatusSeeOther || b.to != "/desk/login?to=%2Fdesk%2Freview%3Fafter%3D7.x" {
		t.Fatalf("%d %s", b.code, b.to)
	}
	b.get(b.to)
	door, to := b.hidden("door"), "/desk/review?after=7.x"
	try := func(name, password, door string) *browser {
		return b.post("/desk/login", url.Values{"name": {name}, "password": {password}, "door": {door}, "to": {to}})
	}
	try("city", secret, "forged").want(http.StatusForbidden, "这个表单已经失效")
	try("city", "a wrong phrase", door).want(http.StatusUnauthorized, "账号或密码不对", `value="city"`)
	b.wantNot("a wrong phrase")
	try("nobody", secret, door).want(http.StatusUnauthorized, "账号或密码不对")
	if try(" City ", secret, door); b.code != http.StatusSeeOther || b.to != to {
		t.Fatalf("%d %s", b.code, b.to)
	}
	for _, c := range b.http.Jar.Cookies(must(url.Parse(w.server.URL + "/"))) {
		t.Errorf("the cookie %s goes to the whole host", c.Name)
	}
	b.get("/desk/").want(http.StatusOK, "王city", "江西省九江市共青城市")
	b.post("/desk/logout", nil)
	b.get("/desk/")
	if b.code != http.StatusSeeOther {
		t.Errorf("logged out, and yet %d", b.code)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Cookies are sent over TLS only, not to scripts and not from other sites.
func TestCookies(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	b := w.browser(t).get("/desk/login")
	r, err := b.http.PostForm(w.server.URL+"/desk/login", url.Values{"name": {"city"}, "password": {secret}, "door": {b.hidden("door")}})
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	all := r.Cookies()
	if len(all) != 2 {
		t.Fatalf("%d cookies", len(all))
	}
	for _, c := range all {
		if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || c.Path != "/desk/" || !strings.HasPrefix(c.Name, "__Secure-") {
			t.Errorf("%+v", c)
		}
	}
}

// After the login nobody is sent elsewhere, whatever the link said.
func TestNobodyIsSentElsewhere(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	for _, to := range []string{
		"https://elsewhere.example/desk/", "//elsewhere.example/desk/", "/\\elsewhere.example", "/desk/\\..", "/other", "javascript:alert(1)",
		"/desk/x\r\nSet-Cookie: a=b", "",
	} {
		b := w.browser(t).get("/desk/login")
		b.post("/desk/login", url.Values{"name": {"city"}, "password": {secret}, "door": {b.hidden("door")}, "to": {to}})
		if b.code != http.StatusSeeOther || b.to != "/desk/" {
			t.Errorf("%q leads to %d %q", to, b.code, b.to)
		}
		if b.get("/desk/language?to=en&back=" + url.QueryEscape(to)); b.to != "/desk/" {
			t.Errorf("%q leads to %q", to, b.to)
		}
	}
}

func TestTooManyTries(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	b := w.browser(t).get("/desk/login")
	form := url.Values{"name": {"city"}, "password": {"a wrong phrase"}, "door": {b.hidden("door")}}
	for range 5 {
		b.post("/desk/login", form).want(http.StatusUnauthorized)
	}
	form.Set("password", secret)
	b.post("/desk/login", form).want(http.StatusTooManyRequests, "试的次数太多，请到 10:01:00 之后再试")
}

// Who was given a password changes it before anything else.
func TestFirstPassword(t *testing.T) {
	w := newWorld(t)
	city := w.account(t, "city", people.City, "360482", "")
	if _, err := w.people.Add(t.Context(), city, people.Account{Name: "town", Person: "李", Role: people.Town, Area: "360482001"}, secret); err != nil {
		t.Fatal(err)
	}
	b := w.browser(t).get("/desk/login")
	b.post("/desk/login", url.Values{"name": {"town"}, "password": {secret}, "door": {b.hidden("door")}})
	for _, path := range []string{"/desk/", "/desk/callbacks"} {
		if b.get(path); b.to != "/desk/password" {
			t.Errorf("%s: %d %s", path, b.code, b.to)
		}
	}
	b.get("/desk/password").want(http.StatusOK, "请先改成只有您知道的")
	change := func(old, fresh, again string) *browser {
		return b.post("/desk/password", url.Values{"old": {old}, "new": {fresh}, "again": {again}})
	}
	change(secret, "short", "short").want(http.StatusUnprocessableEntity, "密码太短")
	change(secret, "a good new phrase", "another new phrase").want(http.StatusUnprocessableEntity, "两遍新密码不一样")
	change("not the old one", "a good new phrase", "a good new phrase").want(http.StatusUnprocessableEntity, "现在的密码不对")
	change(secret, secret, secret).want(http.StatusUnprocessableEntity, "新密码和旧的一样")
	if change(secret, "a good new phrase", "a good new phrase"); b.to != "/desk/login?done=password" {
		t.Fatalf("%d %s %s", b.code, b.to, b.page)
	}
	b.get(b.to).want(http.StatusOK, "密码已改")
	b.post("/desk/login", url.Values{"name": {"town"}, "password": {"a good new phrase"}, "door": {b.hidden("door")}})
	b.get("/desk/").want(http.StatusOK, "李，您好")
}

func TestLanguage(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	b := w.login(t, "city")
	if b.get("/desk/language?to=en&back=" + url.QueryEscape("/desk/review?done=taken")); b.to != "/desk/review?done=taken" {
		t.Fatal(b.to)
	}
	b.get(b.to).want(http.StatusOK, `<html lang="en">`, "Nothing waits for review", "Taken in.")
	b.get("/desk/language?to=zh&back=/desk/").get("/desk/review").want(http.StatusOK, `<html lang="zh-CN">`, "没有等审核的岗位")
	b.get("/desk/review?done=<b>").wantNot("<b>", "role=\"status\"")
}
