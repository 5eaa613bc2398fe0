package main

import (
	"slices"
	"testing"

	"jobhome/kiosk/session"
)

func TestTally(t *testing.T) {
	c := newTally()
	ended := 0
	for _, page := range []session.Page{
		session.Attract, session.Home, session.List, session.List, session.Posting, session.Confirm,
		session.Printing, session.Take, session.Attract, session.Home, session.Attract,
	} {
		s := session.State{Printer: session.PrinterPaperLow, Devices: []session.DeviceReport{
			{Part: session.PartReader, Health: session.Fine}, {Part: session.PartScanner, Health: session.Faulty, Fault: "scanner-gone"},
		}}
		s.Page = page
		if c.saw(s) {
			ended++
		}
	}
	for text, found := range map[string]int{
		"缝纫": 3, "焊工": 0, "13907920000": 0, "张三 2026": 0, "很长很长很长很长很长": 0, "x": 0,
	} {
		c.searched(text, found)
	}
	devices, counts, empty := c.snapshot()
	if counts["visits"] != 2 || counts["prints"] != 1 || counts["lists"] != 1 || counts["searches"] != 6 || counts["searches-empty"] != 5 || ended != 4 {
		t.Errorf("%v, %d ended", counts, ended)
	}
	if !slices.Equal(empty, []string{"焊工"}) {
		t.Errorf("kept %q", empty)
	}
	if devices["printer"] != "paper-low" || devices["reader"] != "fine" || devices["scanner"] != "scanner-gone" {
		t.Errorf("%v", devices)
	}
	for range 2 * mostEmpty {
		c.searched("焊工", 0)
	}
	if _, _, empty = c.snapshot(); len(empty) != mostEmpty {
		t.Errorf("%d searches are kept", len(empty))
	}
}
