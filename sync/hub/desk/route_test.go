package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/sync/hub/desk"
	"jobhome/sync/hub/people"
)

var pathValue = regexp.MustCompile(`\{[a-z]+\}`)

// address is a route's address, of things that there are none of.
func address(r desk.Route) string {
	return pathValue.ReplaceAllString(strings.TrimSuffix(r.Path, "{$}"), "nothing")
}

// Every route asks for its right: each role is let in where it has it and turned
// away where not, whoever is not logged in goes to the door, and no form is taken
// that was not made for the session.
func TestRightsOfEveryRoute(t *testing.T) {
	w := newWorld(t)
	routes := (&desk.Desk{}).Routes()
	if len(routes) < 45 {
		t.Fatalf("%d routes", len(routes))
	}
	stranger := w.browser(t)
	for _, r := range routes {
		if r.Anybody {
			continue
		}
		if r.Method == http.MethodGet {
			stranger.get(address(r))
		} else {
			stranger.post(address(r), nil)
		}
		if stranger.code != http.StatusSeeOther || !strings.HasPrefix(stranger.to, "/desk/login") {
			t.Errorf("%s %s: a stranger gets %d, %s", r.Method, r.Path, stranger.code, stranger.to)
		}
	}
	for _, role := range people.Roles() {
		area := map[people.Role]string{people.Village: "360482001001"}[role]
		if area == "" {
			area = "360482"
		}
		site := ""
		if role == people.Zone || role == people.College {
			site = "chashan"
		}
		w.account(t, string(role), role, areaCode(area), site)
		b := w.login(t, string(role))
		for _, r := range routes {
			if r.Anybody || strings.Contains(r.Path, "logout") {
				continue
			}
			if r.Method == http.MethodPost {
				b.post(address(r), url.Values{"csrf": {"forged"}})
				if b.code != http.StatusForbidden || !strings.Contains(b.page, "这个表单已经失效") {
					t.Errorf("%s: %s takes a forged form: %d", role, r.Path, b.code)
				}
				b.get("/desk/").post(address(r), nil)
			} else {
				b.get(address(r))
			}
			refused := b.code == http.StatusForbidden && strings.Contains(b.page, "您的账号不能办这件事")
			if may := r.Staff || role.May(r.Right); may == refused {
				t.Errorf("%s: %s %s: may %v, but the answer is %d", role, r.Method, r.Path, may, b.code)
			}
			if b.code >= 500 {
				t.Errorf("%s: %s %s: %d\n%s", role, r.Method, r.Path, b.code, w.log.String())
			}
		}
	}
}

// The way through the site shows what the account may open, and nothing else.
func TestNavigation(t *testing.T) {
	w := newWorld(t)
	w.account(t, "village", people.Village, "360482001001", "")
	b := w.login(t, "village")
	b.want(http.StatusOK, "/desk/callbacks", "/desk/postings")
	b.wantNot(`href="/desk/review"`, `href="/desk/imports"`, `href="/desk/accounts"`, `href="/desk/audit"`, `href="/desk/publish"`)
	for _, m := range regexp.MustCompile(`<li><a href="([^"]+)"`).FindAllStringSubmatch(b.page, -1) {
		if b.get(m[1]); b.code != http.StatusOK {
			t.Errorf("the navigation leads to %s, which answers %d", m[1], b.code)
		}
	}
}

// What is sent with every page keeps scripts, frames and caches out.
func TestHeaders(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/desk/login", "/desk/static/desk.css", "/desk/nothing", "/desk/"} {
		r, err := w.browser(t).http.Get(w.server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = r.Body.Close()
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff",
			"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
		} {
			if got := r.Header.Get(name); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if csp := r.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || strings.Contains(csp, "script-src") {
			t.Errorf("scripts or inline styles may run: %s", csp)
		}
	}
}

// A page of another site cannot make a browser do anything here, even where it
// has a token.
func TestOtherSitesArePutOff(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	b := w.login(t, "city")
	form := strings.NewReader(url.Values{"csrf": {b.csrf}}.Encode())
	r, err := http.NewRequest(http.MethodPost, w.server.URL+"/desk/publish", form)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "https://elsewhere.example")
	b.take(b.http.Do(r)).want(http.StatusForbidden)
	if w.boards[0].Postings != 812 {
		t.Error("another site has published")
	}
}

func areaCode(s string) kiosk.Area { return kiosk.Area(s) }
