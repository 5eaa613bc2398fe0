package session

import (
	"testing"

	"jobhome/kiosk"
)

// The way back from what is like a posting leads to the list that it was in,
// as it stood, however far somebody went.
func TestWayBackFromSimilarWork(t *testing.T) {
	w := open(t).play(walk(List) + `
		found 30          -> list
		touch page next   -> list: Search
		found 30          -> list
		touch posting p2  -> posting: Open p2
		touch other -> other
		touch similar     -> list: Rank
		is from=similar matched offset=0
		found 9           -> list
		touch posting p1  -> posting: Open p1
		touch other -> other
		touch similar     -> list: Rank
		found 9           -> list
		touch page next   -> list: Rank
		found 9           -> list
		touch posting p0  -> posting: Open p0
		touch back        -> list
		is from=similar offset=6
		touch back        -> list
		is from=nearby !matched offset=6
		touch back        -> home`)
	if w.s.List.Outer != nil {
		t.Error("a list is kept that no way back leads to")
	}
}

func TestSimilarWorkIsAskedForByOccupation(t *testing.T) {
	w := open(t).play(walk(List) + "\n found 30 -> list")
	w.s.List.Results.Items[3].Posting.Occupation = kiosk.Occupation{Code: "6-05-01-03", Name: "缝纫工"}
	w.play("touch posting p3 -> posting: Open p3\n touch other -> other\n touch similar -> list: Rank")
	e := w.last[0].(Rank)
	if e.Profile.Occupation.Code != "6-05-01-03" || e.Except != "p3" || len(e.Profile.Trades) != 0 {
		t.Errorf("asked for %+v", e)
	}
}

// What was folded into a row is listed by itself, with the filters of the list.
func TestFoldedPostings(t *testing.T) {
	w := open(t).play(walk(List) + "\n touch sort pay -> list: Search\n found 30 -> list")
	w.s.List.Results.Items[3].More = 2
	w.play(`touch posting p3 -> posting: Open p3
		touch like           -> list: Search`)
	q := w.last[0].(Search).Query
	if q.Like != "p3" || q.Fold || q.Sort != kiosk.SortPay || q.Within != 5000 || q.Offset != 0 {
		t.Errorf("asked for %+v", q)
	}
	w.play(`is from=like
		found 3           -> list
		touch back        -> list
		touch posting p2  -> posting: Open p2
		touch like        -> posting`)
	if q := w.s.List.Query; !q.Fold || q.Like != "" {
		t.Errorf("the list before asks for %+v", q)
	}
}

// After a rescue the postings that were folded are those of what was asked in
// the end.
func TestFoldedPostingsOfARescue(t *testing.T) {
	w := open(t).play(walk(List) + "\n touch sort pay -> list: Search")
	q := w.s.List.Query
	q.Within = 10000
	r := kiosk.Results{Total: 1, Items: items(1), Rescue: &kiosk.Rescue{Step: kiosk.RescueDistance, Query: q}}
	r.Items[0].More = 1
	w.send(Found{At: w.at(), Seq: w.s.List.seq, Results: r})
	w.play("touch posting p0 -> posting: Open p0\n touch like -> list: Search")
	if got := w.last[0].(Search).Query.Within; got != 10000 {
		t.Errorf("within %v", got)
	}
}

// A list whose answer came while another was shown is asked for again.
func TestListThatWaits(t *testing.T) {
	open(t).play(walk(List) + `
		found 30         -> list
		touch posting p2 -> posting: Open p2
		touch other -> other
		touch similar    -> list: Rank
		touch back       -> list
		is !waiting from=nearby`)
	w := open(t).play(walk(List) + `
		found 30         -> list
		touch page next  -> list: Search`)
	w.s.List.Results.Items = items(6)
	w.play(`touch posting p2 -> posting: Open p2
		touch other -> other
		touch similar    -> list: Rank
		found 4          -> list
		touch back       -> list: Search
		is waiting`)
}

// A code that is typed is that of a slip, and nothing is searched for.
func TestCodeIsTyped(t *testing.T) {
	random := countingReader(3)
	code, err := kiosk.NewCode(&random)
	if err != nil {
		t.Fatal(err)
	}
	w := open(t).play(walk(Keys))
	for _, r := range string(code) {
		w.event([]string{"touch", "key", string(r)})
	}
	w.play("touch find -> referral: Lookup  " + string(code))
	w.play("looked printed gone -> referral\n touch done -> attract: DisarmReader, Forget")

	w = open(t).play(walk(Keys))
	w.s.Typed.Text = string(code)
	w.play("touch find -> referral: Lookup  " + string(code))
	w.send(LookedUp{At: w.at(), Seq: w.s.Scan.seq, Typed: true})
	w.play("is why=code\n touch back -> search")
}

type countingReader byte

func (c *countingReader) Read(p []byte) (int, error) {
	for i := range p {
		*c++
		p[i] = byte(*c)
	}
	return len(p), nil
}

// What is new since an old slip is a list like others.
func TestNewSinceASlip(t *testing.T) {
	w := open(t).play("scan p7 C9 -> referral: Lookup p7 C9")
	e := w.lookedEvent([]string{"looked", "printed", "gone"})
	e.New, e.NewQuery = 4, kiosk.Query{Since: nine.AddDate(0, 0, -9), Trades: []kiosk.Trade{"garment"}}
	w.send(e)
	w.play("touch since -> list: Search")
	if q := w.last[0].(Search).Query; !q.Since.Equal(nine.AddDate(0, 0, -9)) || len(q.Trades) != 1 || q.Limit == 0 || !q.Fold {
		t.Errorf("asked for %+v", q)
	}
	w.play(`found 4 -> list
		touch back -> referral`)
	open(t).play("scan p7 C9 -> referral: Lookup p7 C9\n looked printed open -> referral\n touch since -> referral")
}

func TestCertificatesAreAsked(t *testing.T) {
	w := open(t).play(walk(Ask))
	for w.s.Question() != AskCertificates {
		w.play("touch skip -> ask")
	}
	w.play("touch answer forklift -> ask\n touch answer nonsense -> ask\n touch answer welder -> ask\n touch answer forklift -> ask")
	if p := w.s.Asked.Profile; p.Certificates != kiosk.WelderCert || !p.CertificatesSaid {
		t.Errorf("%+v", p)
	}
	w.play("touch answer none -> ask")
	if p := w.s.Asked.Profile; p.Certificates != 0 || !p.CertificatesSaid {
		t.Errorf("none: %+v", p)
	}
	w.play("touch answer none -> ask")
	if p := w.s.Asked.Profile; p.CertificatesSaid {
		t.Errorf("none, taken back: %+v", p)
	}
	w.play("touch answer cook -> ask\n touch next -> list: Rank")
	if p := w.last[0].(Rank).Profile; p.Certificates != kiosk.CookCert || !p.CertificatesSaid {
		t.Errorf("asked for %+v", p)
	}
}

// Lists that were shown before anybody in particular was there are asked for again
// when a card was read: the law may keep its holder from night work.
func TestListsBeforeAMinorsCard(t *testing.T) {
	w := open(t).play(walk(List) + `
		found 30          -> list
		touch posting p2  -> posting: Open p2
		touch other -> other
		touch similar     -> list: Rank
		found 9           -> list
		touch home        -> home
		touch card        -> consent
		touch consent     -> tap-card: ArmReader`)
	w.send(w.card("read", "2010-06-03"))
	w.play("is minor\n touch home -> home")
	w.play("scan p7 C9 -> referral: Lookup p7 C9\n looked printed gone -> referral\n touch more -> list: Rank\n found 9 -> list")
	w.play("touch back -> list: Search")
	if q := w.last[0].(Search).Query; q.Lawful != minorShifts {
		t.Errorf("asked for %+v", q)
	}
}

// What a minor is told of numbers honours the hours that the law leaves, as lists do.
func TestMinorsAreToldLawfulNumbers(t *testing.T) {
	w := open(t).play(withCard(Keys, "2009-01-01") + "\n touch key 缝 -> search: Suggest 缝")
	if e := w.last[0].(Suggest); e.Lawful != minorShifts {
		t.Errorf("asked for hours %b", e.Lawful)
	}
	w.play("scan p7 C9 -> referral: Lookup p7 C9")
	if e := w.last[0].(Lookup); e.Lawful != minorShifts {
		t.Errorf("a slip is looked up with hours %b", e.Lawful)
	}
	if e := open(t).play(walk(Keys) + "\n touch key 缝 -> search: Suggest 缝").last[0].(Suggest); e.Lawful != 0 {
		t.Errorf("somebody without a card is asked for hours %b", e.Lawful)
	}
}
