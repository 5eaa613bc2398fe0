package pages_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// Whatever is asked, the answer is a page that is whole, and nothing that was asked
// stands in it as a tag.
func FuzzAnyAddress(f *testing.F) {
	r := newRig(f)
	id := r.publish(posting("a"))[0]
	f.Add(id, "zh", string(r.code), "call", "13800138000", "fee")
	f.Add(`"><x-evil>`, `"><x-evil>`, `"><x-evil>`, `"><x-evil>`, `"><x-evil>`, `"><x-evil>`)
	f.Add("岗", "en", "１２３", "report", "＋86 138", "")
	f.Add("..%2f", "", "\x00", "", "", "")
	h := r.server.Config.Handler
	f.Fuzz(func(t *testing.T, posting, lang, code, done, phone, why string) {
		q := url.Values{"lang": {lang}, "r": {code}, "done": {done}}
		form := url.Values{"lang": {lang}, "r": {code}, "phone": {phone}, "agree": {"web.agree"}, "why": {why}}
		at := "/p/" + url.PathEscape(posting)
		for _, path := range []string{at + "?" + q.Encode(), at + ".json", "POST " + at + "/call", "POST " + at + "/report", "POST /p/" + id + "/call", "POST /p/" + id + "/report"} {
			method, body := http.MethodGet, ""
			if to, post := strings.CutPrefix(path, "POST "); post {
				method, path, body = http.MethodPost, to, form.Encode()
			}
			req := httptest.NewRequest(method, path, strings.NewReader(body))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, req)
			if w.Code >= 500 {
				t.Errorf("%s: %d", path, w.Code)
			}
			if kind := w.Header().Get("Content-Type"); strings.HasPrefix(kind, "text/html") && w.Code/100 != 3 {
				if doc := parse(t, w.Body.String()); len(elements(doc, "x-evil")) > 0 {
					t.Errorf("%s: what was asked stands on the page:\n%s", path, w.Body)
				}
			}
		}
	})
}
