package link

import "testing"

// The hub is reached while the last round of the feed went well; one that failed
// takes that back.
func TestReachedFollowsTheFeed(t *testing.T) {
	l := new(Link)
	if l.Reached() {
		t.Error("reached before anything was asked")
	}
	for _, ok := range []bool{true, false, true} {
		l.answered(ok)
		if l.Reached() != ok {
			t.Errorf("a round that ended with %v: reached is %v", ok, !ok)
		}
	}
}
