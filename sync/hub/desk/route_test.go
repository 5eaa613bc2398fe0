package desk_test

import (
	"testing"

	"jobhome/sync/hub/people"
)

func TestSmoke(t *testing.T) {
	w := newWorld(t)
	w.account(t, "city", people.City, "360482", "")
	w.bring(t, posting("1", "缝纫工（熟手）"))
	b := w.login(t, "city")
	for _, path := range []string{"/desk/", "/desk/imports", "/desk/review", "/desk/postings", "/desk/postings/" + w.ids["1"], "/desk/publish", "/desk/callbacks", "/desk/referrals", "/desk/complaints", "/desk/sites", "/desk/sites/chashan", "/desk/searches", "/desk/figures", "/desk/accounts", "/desk/accounts/new", "/desk/audit", "/desk/password"} {
		b.get(path).want(200)
	}
}
