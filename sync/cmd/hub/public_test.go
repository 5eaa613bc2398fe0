package main

import (
	"testing"

	"jobhome/kiosk"
)

// What is asked for on the pages has an area whose staff look at it, whichever
// board is the first.
func TestPagesHaveSomebodyWhoLooks(t *testing.T) {
	o := newOffice(t)
	policy := Board{Name: "policy", Channels: []kiosk.Channel{kiosk.Policy}}
	for _, c := range []struct {
		boards []Board
		looked bool
	}{
		{nil, false},
		{[]Board{policy}, false},
		{[]Board{policy, {Name: "b", Areas: []kiosk.Area{"360482"}}}, true},
	} {
		o.settings.Boards = c.boards
		if looked, err := o.putWeb(t.Context()); looked != c.looked || err != nil {
			t.Errorf("%v: %v, %v", c.boards, looked, err)
		}
	}
	sites, err := o.fleet.Sites(t.Context(), "")
	if err != nil || len(sites) != 1 || sites[0].ID != webSite || sites[0].Area != "360482" || sites[0].Board != "b" {
		t.Errorf("%+v, %v", sites, err)
	}
}
