package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
	"jobhome/ui/uitest"
)

// masked is what screens and slips may show of a name, as the consent page
// says it: the surname.
func masked(name string) string { return string([]rune(name)[:1]) + "**" }

// consent goes from the home page to the page that asks for the card.
func (r *rig) consent() {
	r.Helper()
	r.touch(say("home.card"))
	r.see(say("consent.title"))
	r.touch(say("consent.yes"))
	r.see(say("tap.title"))
}

func (r *rig) home() {
	r.Helper()
	r.touchFirst(uitest.Query{Role: "button", NamePrefix: say("attract.title")})
	r.see(say("home.title"))
}

// guided answers the six questions, and ends at the list.
func (r *rig) guided() {
	r.Helper()
	r.see(say("ask.trades.title"))
	r.touch(say("trade.garment"))
	r.touch(say("ask.next"))
	for _, q := range [][2]string{
		{"ask.when.title", say("when.day")},
		{"ask.pay.title", "4000 " + say("unit.month")},
		{"ask.distance.title", say("km", "10")},
		{"ask.school.title", say("edu.70")},
		{"ask.certificates.title", say("cert.health")},
	} {
		r.see(say(q[0]))
		r.touch(q[1])
	}
	r.touch(say("ask.next"))
	r.see(say("list.again"))
}

// toPosting goes from the attract page to a posting near here.
func (r *rig) toPosting() string {
	r.Helper()
	r.home()
	r.touch(say("tile.nearby"))
	r.see(say("list.filter"))
	card := r.choose()
	r.gone(say("list.filter"))
	r.fits()
	return card
}

// toConfirm goes on to the page that asks whether to print.
func (r *rig) toConfirm() {
	r.Helper()
	r.touch(say("posting.print"))
	r.see(say("confirm.title"))
}

// The whole way with a card, on narrow paper, where the code stands as text.
func TestWalkWithCard(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{profile: "generic58", speed: 150})
	r.start()
	r.shot("1-attract")
	chen := somebody(t, "chen")
	r.home()
	r.shot("2-home")
	r.consent()
	r.shot("3-tap")
	r.reader.Place(chen)
	r.see(say("card.title", masked(chen.Name)))
	r.hides(chen.Name)
	r.shot("4-greeting")
	r.touch(say("card.match"))
	r.guided()
	r.shot("5-list")
	card := r.choose()
	r.see(say("posting.scan"))
	r.shot("6-posting")
	r.whyItFits(say("why.trade.met", say("trade.garment")))
	r.toConfirm()
	r.shot("7-confirm")
	r.touch(say("confirm.print"))
	r.see(say("take.title"))
	code := r.code()
	r.shot("8-take")
	r.touch(say("rate.good"))
	r.see(say("rate.thanks"))
	r.touch(say("take.done"))
	r.see(say("attract.title"))
	r.hides(masked(chen.Name))

	r.printer.Tear()
	got := r.referral(code)
	if got.State != kiosk.Printed {
		t.Errorf("the ledger says %s, want printed", got.State)
	}
	if !strings.HasPrefix(card, got.Title+", ") || !strings.Contains(card, got.Employer) {
		t.Errorf("the ledger has %q of %q, the card said %q", got.Title, got.Employer, card)
	}
	r.compare(got)
	slip := r.paper(1)
	for _, w := range []string{code.Grouped(), masked(chen.Name)} {
		if !says(slip, w) {
			t.Errorf("the slip does not say %q:\n%s", w, slip.Text)
		}
	}
	for _, w := range []string{chen.Name, chen.Number, chen.Address, chen.NewAddress, slipAgain} {
		if says(slip, w) {
			t.Errorf("the slip says %q:\n%s", w, slip.Text)
		}
	}
	r.stop()
	if kinds := r.outgoing(code); !slices.Equal(kinds, []string{"referral", "state", "rating"}) {
		t.Errorf("outgoing records: %q", kinds)
	}
}

// whyItFits turns the sheets of a posting to the one that has the reason.
func (r *rig) whyItFits(reason string) {
	r.Helper()
	sheet, _, _ := strings.Cut(say("posting.more.short", 1, 1), " ")
	for range 4 {
		if r.shows(reason) {
			return
		}
		more := r.find(uitest.Query{Role: "button", NamePrefix: sheet})
		r.touch(more.Name)
		r.gone(more.Name)
	}
	r.Errorf("the posting does not say %q", reason)
}

// compare holds the first slip against the ledger and the board.
func (r *rig) compare(got kiosk.Referral) {
	r.Helper()
	slip := r.paper(1)
	if url := oneCode(r.T, picture(r.T, slip)); url != address(got.Posting, got.Code) {
		r.Errorf("a phone reads %q off the slip, want %q", url, address(got.Posting, got.Code))
	}
	if !whole(slip) {
		r.Errorf("the slip is not whole:\n%s", slip.Text)
	}
	if odd := r.printer.Oddities(); len(odd) > 0 {
		r.Errorf("the printer was sent odd things: %q", odd)
	}
	post := r.posting(got)
	if post.Title != got.Title || post.Employer.Name != got.Employer {
		r.Errorf("the board has %q of %q, the ledger %q of %q", post.Title, post.Employer.Name, got.Title, got.Employer)
	}
	for _, w := range []string{post.Title, post.Employer.Name, post.Address, post.Contact.Phone} {
		if !says(slip, w) {
			r.Errorf("the slip does not say %q:\n%s", w, slip.Text)
		}
	}
}

// posting asks bin/kiosk for the posting of a referral.
func (r *rig) posting(got kiosk.Referral) kiosk.Posting {
	r.Helper()
	var found searchJSON
	text := must(r.T, "-settings", r.settings, "search", "-json", "-n", "500", got.Title)
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		r.Fatal(err)
	}
	for _, it := range found.Items {
		post, problems := jsonl.Parse(it.Posting)
		if len(problems) > 0 {
			r.Fatalf("search -json writes what the import refuses: %v", problems)
		}
		if post.ID == got.Posting {
			return post
		}
	}
	r.Fatalf("a search for %q does not find %s", got.Title, got.Posting)
	return kiosk.Posting{}
}

// The way without a card, on the upright panel, by the keyboard in the window.
func TestWalkWithKeyboard(t *testing.T) {
	t.Parallel()
	r := newRig(t, rigOpts{portrait: true})
	r.start()
	r.shot("1-attract")
	r.home()
	r.touch(say("tile.search"))
	r.see(say("search.hint"))
	r.shot("2-keys")
	typed := ""
	for range 2 {
		typed += r.key()
		r.find(uitest.Query{Name: typed})
	}
	r.fits()
	r.shot("3-typed")
	r.touch(r.find(uitest.Query{Role: "button", NamePrefix: strings.Split(say("search.go", 7), "7")[0]}).Name)
	r.see("“" + typed + "”")
	r.shot("4-list")
	r.choose()
	r.see(say("posting.scan"))
	r.shot("5-posting")
	r.toConfirm()
	r.shot("6-confirm")
	r.touch(say("confirm.print"))
	r.see(say("take.title"))
	r.shot("7-take")
	got := r.referral(r.code())
	r.touch(say("take.done"))
	r.see(say("attract.title"))
	r.compare(got)
	if !strings.Contains(squeeze(got.Title+got.Employer), typed) {
		t.Logf("found %q of %q for %q by its other words", got.Title, got.Employer, typed)
	}
	r.stop()
	if kinds := r.outgoing(got.Code); !slices.Equal(kinds, []string{"referral", "state"}) {
		t.Errorf("outgoing records: %q", kinds)
	}
}

// key touches the first character on the keyboard, and returns it.
func (r *rig) key() string {
	r.Helper()
	nodes, err := r.app.FindAll(r.Context(), uitest.Query{Role: "button"})
	if err != nil {
		r.Fatal(err)
	}
	for _, n := range nodes {
		if len([]rune(n.Name)) == 1 {
			if err := r.desk.Touch(n); err != nil {
				r.Fatal(err)
			}
			return n.Name
		}
	}
	r.Fatal("no key to touch")
	return ""
}
