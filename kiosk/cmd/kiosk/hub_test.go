package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/sync/hub/fleet"
	"jobhome/ui/uitest"
)

// What residents ask for and say reaches the office, once, through a hub that is
// killed meanwhile, and also what they ask for when there is none.
func TestHubFromTheScreenToTheOffice(t *testing.T) {
	t.Parallel()
	const first, second = "13907924321", "079255501234"
	h := newHub(t, "300")
	h.start()
	r := newRig(t, rigOpts{change: h.settings})
	r.commission(h)
	must(t, "-settings", r.settings, "sync")
	r.start()
	r.toPosting()
	r.callMe(first)
	h.kill()
	r.complain()
	code := r.printOne()
	r.eventually("the terminal misses its hub", func() bool { return r.logged("the hub was not reached") })
	h.start()
	office := h.office()
	r.eventually("all records are confirmed", func() bool { return r.waiting() == 0 })
	got := r.reached(office, code)
	if all := calls(t, office); len(all) != 1 || all[first].Posting != got.Posting {
		t.Errorf("the office has these requests: %+v", all)
	}
	r.opensThePage(got)

	h.kill() // and nothing else is there
	r.toPosting()
	r.see(say("posting.scan"))
	r.callMe(second)
	numbers := []string{first, grouped(first, 3, 7), second, grouped(second, 3, 7)}
	r.hasNoNumber(numbers)
	r.stop()
	r.hasNoNumber(numbers)
	r.findsNumbers(numbers)
	if n := r.waiting(); n != 1 {
		t.Errorf("%d records wait for the hub, want the request", n)
	}
	h.start()
	must(t, "-settings", r.settings, "sync")
	if all := calls(t, office); len(all) != 2 || all[second].Posting == "" {
		t.Errorf("the office has these requests: %+v", all)
	}
}

// callMe asks to be called about the posting on the screen.
func (r *rig) callMe(phone string) {
	r.Helper()
	r.touch(say("posting.other"))
	r.see(say("other.title"))
	r.shot("more")
	r.touchFirst(uitest.Query{Role: "button", NamePrefix: say("other.callback")})
	r.see(say("callback.title"))
	r.shot("number asked for")
	for i, digit := range phone {
		r.touch(string(digit))
		r.see(say("callback.typed", phone[:i+1]))
	}
	r.shot("number typed")
	r.touch(say("callback.send"))
	r.see(say("callback.done"))
	r.shot("noted")
	r.hides(phone)
}

// complain goes from there to the page that asks what is wrong, and says that
// money is asked for.
func (r *rig) complain() {
	r.Helper()
	r.touch(say("bar.back"))
	r.see(say("other.title"))
	r.shot("more, once noted")
	r.touchFirst(uitest.Query{Role: "button", NamePrefix: say("other.report")})
	r.see(say("report.title"))
	r.shot("what is wrong")
	r.touch(say("complaint.fee"))
	r.see(say("report.thanks"))
	r.shot("complained")
}

// printOne prints the slip of the posting on the screen, and leaves.
func (r *rig) printOne() kiosk.Code {
	r.Helper()
	r.toConfirm()
	r.touch(say("confirm.print"))
	r.see(say("take.title"))
	code := r.code()
	r.touch(say("take.done"))
	r.see(say("attract.title"))
	return code
}

// reached checks that the office has the referral and the complaint, each once.
func (r *rig) reached(office *fleet.Fleet, code kiosk.Code) fleet.Referral {
	r.Helper()
	list, err := office.Referrals(r.Context(), fleet.Scope{}, 99)
	if err != nil || len(list) != 1 || list[0].Code != code || list[0].State != kiosk.Printed {
		r.Fatalf("the office has these referrals: %+v, %v; want %s", list, err, code)
	}
	bad, err := office.Complaints(r.Context(), fleet.Scope{}, 99)
	if err != nil || len(bad) != 1 || bad[0].Posting != list[0].Posting || bad[0].Why != kiosk.FeePosting || bad[0].Times != 1 {
		r.Fatalf("the office has these complaints: %+v, %v", bad, err)
	}
	return list[0]
}

// opensThePage checks that a phone that is held to the slip opens the hub's page.
func (r *rig) opensThePage(got fleet.Referral) {
	r.Helper()
	url := oneCode(r.T, picture(r.T, r.paper(1)))
	if !strings.Contains(url, got.Posting) || !strings.HasSuffix(url, "?r="+string(got.Code)) {
		r.Errorf("a phone reads %q off the slip of %s", url, got.Code)
	}
	want := r.referral(got.Code)
	status, text := page(r.T, url)
	if status != http.StatusOK || !strings.Contains(text, want.Title) || !strings.Contains(text, want.Employer) {
		r.Errorf("%s answers %d, and names %s of %s: %v", url, status, want.Title, want.Employer, strings.Contains(text, want.Title))
	}
}

// grouped writes spaces into digits, as the screen shows them.
func grouped(digits string, at ...int) string {
	var parts []string
	last := 0
	for _, i := range at {
		parts, last = append(parts, digits[last:i]), i
	}
	return strings.Join(append(parts, digits[last:]), " ")
}

// hasNoNumber searches the terminal's files, its log among them.
func (r *rig) hasNoNumber(numbers []string) {
	r.Helper()
	for _, n := range numbers {
		for _, dir := range []string{r.dir, r.homeOf("HOME")} {
			if at := searchFor(r.T, dir, n); len(at) > 0 {
				r.Errorf("%s lies in %q", n, at)
			}
		}
	}
}

// findsNumbers checks that search.
func (r *rig) findsNumbers(numbers []string) {
	r.Helper()
	path := filepath.Join(r.data, "hub", "planted")
	for _, n := range numbers {
		if err := os.WriteFile(path, []byte(`{"phone":"`+n+`"}`), 0o600); err != nil {
			r.Fatal(err)
		}
		if at := searchFor(r.T, r.dir, n); len(at) == 0 {
			r.Errorf("%s was planted, and not found", n)
		}
	}
	if err := os.Remove(path); err != nil {
		r.Fatal(err)
	}
}
