package session

import (
	"slices"
	"strings"
	"testing"

	"jobhome/kiosk"
)

func TestLists(t *testing.T) {
	for name, script := range map[string]string{
		"nearby": walk(List) + `
			is from=nearby within=5000 sort=nearest items=6 !waiting filters=1`,
		"today and policy": walk(Home) + `
			touch tile today  -> list: Search
			is from=today filters=1
			touch home        -> home
			touch tile policy -> list: Search
			is from=policy sort=newest`,
		"a trade": walk(Trades) + `
			touch trade garment -> list: Search
			is from=garment
			touch back          -> trades`,
		"pages": walk(List) + `
			touch page prev -> list
			touch page next -> list: Search
			is offset=6 waiting
			found 9         -> list
			touch page next -> list
			touch page prev -> list: Search
			is offset=0`,
		"orders start at the front": walk(List) + `
			touch page next -> list: Search
			touch sort pay  -> list: Search
			is sort=pay offset=0`,
		"farther and farther": walk(List) + `
			touch farther -> list: Search
			is within=10000
			touch farther -> list: Search
			is within=20000
			touch farther -> list: Search
			is within=0`,
		"no filters": walk(List) + `
			touch unfilter -> list: Search
			is within=0 filters=0`,
		"filters": walk(Filter) + `
			touch page next                -> filter
			is sheet=1
			touch filter pay=500000        -> filter: Search
			touch filter distance=1000     -> filter: Search
			touch filter school=70         -> filter: Search
			touch filter benefit=3         -> filter: Search
			touch filter channel=gig       -> filter: Search
			is filters=5 within=1000
			touch filter channel=gig       -> filter: Search
			touch filter nonsense          -> filter
			touch filter pay=0             -> filter: Search
			is filters=3
			touch show                     -> list
			touch back                     -> home`,
		"a stale answer": walk(Home) + `
			touch tile nearby -> list: Search
			found 9 stale     -> list
			is waiting items=0
			found 9           -> list
			is items=6`,
		"an answer to the one before": walk(Home) + `
			touch tile nearby -> list: Search
			touch sort pay    -> list: Search
			found 3 stale     -> list
			is waiting items=0`,
		"an answer twice": walk(List) + `
			found 3 -> list
			is items=6`,
		"postings expired under the page": walk(List) + `
			touch page next -> list: Search
			found 5         -> list: Search
			is offset=0 waiting`,
		"nothing found": walk(Home) + `
			touch tile nearby -> list: Search
			found 0           -> list
			is items=0 !waiting`,
		"the board fails, and back asks again": walk(Home) + `
			touch tile nearby -> list: Search
			found error       -> trouble
			is why=board !retry
			touch back        -> list: Search
			found 9           -> list
			is items=6`,
		"the board fails, and more asks again": walk(List) + `
			touch page next -> list: Search
			found error     -> trouble
			touch more      -> list: Search`,
		"the board fails under the filters": walk(Filter) + `
			touch filter pay=300000 -> filter: Search
			found error             -> trouble
			touch back              -> filter: Search`,
		"the board fails for a page that was left": walk(Home) + `
			touch tile nearby -> list: Search
			touch home        -> home
			found error       -> home`,
		"the board fails while a slip prints": walk(List) + `
			touch page next   -> list: Search
			touch posting p1  -> posting: Open p1
			touch print       -> confirm: Draft
			touch confirm     -> printing: Issue p1
			found error       -> printing
			written C1        -> printing: Print C1
			ended C1 printed ready -> take
			touch more        -> list: Search`,
		"an answer for the last person": walk(Home) + `
			touch tile nearby -> list: Search
			touch end         -> attract: DisarmReader, Forget
			found 9           -> attract
			is nobody`,
		"touches of a page that has gone": walk(Home) + `
			touch posting p1   -> home
			touch confirm      -> home
			touch filter pay=1 -> home
			touch done         -> home
			touch retry        -> home
			touch consent      -> home
			touch tile nowhere -> home
			touch nonsense     -> home`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
	}
}

func TestGuidedMatch(t *testing.T) {
	for name, script := range map[string]string{
		"all answered": walk(Ask) + `
			touch answer garment  -> ask
			touch answer textile  -> ask
			touch answer garment  -> ask
			is trades=1 step=0
			touch answer driver   -> ask
			touch answer cook     -> ask
			touch answer shop     -> ask
			is trades=3
			touch next            -> ask
			touch answer day      -> ask
			is when=day step=2
			touch answer 400000   -> ask
			touch answer 5000     -> ask
			touch answer 70       -> list: Rank
			is matched waiting
			found 6               -> list
			touch sort pay        -> list
			touch filters         -> list
			touch back            -> ask
			is step=4
			touch back            -> ask
			is step=3
			touch skip            -> ask
			touch answer 70       -> list: Rank`,
		"all skipped": walk(Ask) + `
			touch skip -> ask
			touch skip -> ask
			touch skip -> ask
			touch skip -> ask
			touch skip -> list: Rank`,
		"again": walk(Ask) + `
			touch answer cook -> ask
			touch next        -> ask
			touch skip        -> ask
			touch skip        -> ask
			touch skip        -> ask
			touch skip        -> list: Rank
			found 3           -> list
			touch tile match  -> ask
			is step=0 trades=0
			touch back        -> list
			touch back        -> home`,
		"pages of trades": walk(Ask) + `
			touch page prev -> ask
			is sheet=0
			touch page next -> ask
			touch page next -> ask
			touch page next -> ask
			is sheet=16
			touch next      -> ask
			is sheet=0`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
	}
}

func TestMatchAsksForWhatWasAnswered(t *testing.T) {
	w := open(t).play(walk(Ask) + `
		touch answer cook   -> ask
		touch next          -> ask
		touch answer week   -> ask
		touch answer 400000 -> ask
		touch answer 3000   -> ask
		touch answer 60     -> list: Rank`)
	got := w.last[0].(Rank).Profile
	if !slices.Equal(got.Trades, []kiosk.Trade{"cook"}) || got.Term != kiosk.ThisWeek || got.PayAtLeast != kiosk.Yuan(4000) ||
		got.Within != 3000 || got.Education != kiosk.HighSchool {
		t.Errorf("asked for %+v", got)
	}
	for _, when := range Whens() {
		w := open(t).play(walk(Ask) + "\n touch next -> ask \n touch answer " + when + " -> ask")
		if p := w.s.Asked.Profile; p.Term == kiosk.AnyTerm && p.Shifts == 0 {
			t.Errorf("the answer %q says nothing", when)
		}
		if w.play("touch back -> ask \n touch skip -> ask").s.Asked.Profile.Shifts != 0 {
			t.Errorf("the answer %q cannot be taken back", when)
		}
	}
}

func TestSearchKeyboard(t *testing.T) {
	for name, script := range map[string]string{
		"typed": walk(Keys) + `
			touch key 缝  -> search: Suggest 缝
			suggested 7   -> search
			touch key 纫  -> search: Suggest 缝纫
			touch delete  -> search: Suggest 缝
			is text=缝
			suggested 7   -> search
			touch find    -> list: Search
			is sort=fit from=search
			touch back    -> search
			is text=缝
			touch clear   -> search: Suggest
			touch delete  -> search: Suggest
			touch find    -> search`,
		"a word": walk(Keys) + `
			touch suggest 保安 -> list: Search
			found 2            -> list
			touch back         -> search`,
		"nothing has it": walk(Keys) + `
			touch key 鑫  -> search: Suggest 鑫
			suggested 0   -> search
			touch find    -> search`,
		"a stale answer": walk(Keys) + `
			touch key 缝      -> search: Suggest 缝
			suggested 0 stale -> search
			touch find        -> list: Search`,
		"other keys": walk(Keys) + `
			touch keys      -> search
			is letters
			touch keys      -> search
			is !letters
			touch more-keys -> search
			is keys-from=10
			touch more-keys -> search
			is keys-from=0`,
		"after an answer for the last person": walk(Keys) + `
			touch key 缝 -> search: Suggest 缝
			touch end    -> attract: DisarmReader, Forget
			suggested 7  -> attract
			is nobody`,
		"begun anew": walk(Keys) + `
			touch key 缝      -> search: Suggest 缝
			touch home        -> home
			touch tile search -> search: Suggest
			is text=`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
	}
	w := open(t).play(walk(Keys))
	for range 30 {
		w.event([]string{"touch", "key", "缝"})
	}
	if w.s.Typed.Text != strings.Repeat("缝", maxTyped) {
		t.Errorf("%d bytes were typed", len(w.s.Typed.Text))
	}
}

func TestOpened(t *testing.T) {
	for name, script := range map[string]string{
		"whole":            walk(Posting) + "\n is whole",
		"from attract":     "touch posting p1 -> posting: Open p1 \n touch back -> home",
		"nobody knows it":  walk(List) + "\n touch posting p99 -> list",
		"sheets":           walk(Posting) + "\n touch page next -> posting \n is sheet=1 \n touch page prev -> posting \n is sheet=0",
		"while confirming": walk(List) + "\n touch posting p1 -> posting: Open p1 \n touch print -> confirm: Draft \n opened ok p1 -> confirm \n is whole",
		"withdrawn": walk(List) + `
			touch posting p1 -> posting: Open p1
			opened gone p1   -> trouble
			is why=expired !retry
			touch back       -> list: Search`,
		"withdrawn while confirming": walk(List) + `
			touch posting p1 -> posting: Open p1
			touch print      -> confirm: Draft
			opened gone p1   -> trouble
			touch more       -> list: Search`,
		"withdrawn, from attract": `
			touch posting p1 -> posting: Open p1
			opened gone p1   -> trouble
			touch more       -> home`,
		"another one was": walk(List) + `
			touch posting p1 -> posting: Open p1
			touch back       -> list
			touch posting p2 -> posting: Open p2
			opened gone p1   -> posting
			opened ok p1     -> posting
			is !whole`,
		"the board fails": walk(List) + `
			touch posting p1 -> posting: Open p1
			opened error p1  -> trouble
			is why=board
			touch back       -> posting: Open p1`,
		"for the last person": walk(Posting) + `
			touch end    -> attract: DisarmReader, Forget
			opened ok p1 -> attract
			opened gone  -> attract
			is nobody`,
	} {
		t.Run(name, func(t *testing.T) { open(t).play(script) })
	}
}
