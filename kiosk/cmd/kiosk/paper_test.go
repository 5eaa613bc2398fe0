package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"jobhome/drivers/sim"
	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/ledger"
)

const (
	slipTitle = "推荐单"
	slipAgain = "补打"
)

// scan reads the codes of a picture as a phone does.
func scan(t *testing.T, picture string) []string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture)
	out, err := cmd.Output()
	const noCode = 4 // zbarimg(1)
	if err != nil && cmd.ProcessState.ExitCode() != noCode {
		t.Fatalf("zbarimg (package zbar-tools): %v", err)
	}
	return strings.Fields(string(out))
}

func oneCode(t *testing.T, picture string) string {
	t.Helper()
	codes := scan(t, picture)
	if len(codes) != 1 {
		t.Fatalf("%s: a phone reads %d codes: %q", picture, len(codes), codes)
	}
	return codes[0]
}

// picture draws a slip from the bytes that the printer received.
func picture(t *testing.T, s sim.Slip) string {
	t.Helper()
	dir := os.Getenv("JOBHOME_SHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	path := filepath.Join(dir, strings.TrimPrefix(strings.ReplaceAll(t.Name(), "/", "-"), "Test")+"-slip.png")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PNG(f); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// paper waits until n pieces of paper have come out, and returns the last.
func (r *rig) paper(n int) sim.Slip {
	r.Helper()
	r.eventually("a slip", func() bool { return len(r.printer.Slips()) >= n })
	slips := r.printer.Slips()
	if len(slips) != n {
		r.Errorf("%d pieces of paper came out, want %d", len(slips), n)
	}
	return slips[len(slips)-1]
}

// squeeze takes out white space, so that words broken across lines are whole.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func says(s sim.Slip, words string) bool {
	return strings.Contains(squeeze(s.Text), squeeze(words))
}

// whole reports whether a piece of paper is a slip from head to foot.
func whole(s sim.Slip) bool {
	return says(s, slipTitle) && says(s, demo.Site().StaffPhone)
}

// tally counts the whole slips that came out, with and without the mark of a
// second copy.
func (r *rig) tally() (plain, marked int) {
	for _, s := range r.printer.Slips() {
		switch {
		case !whole(s):
		case says(s, slipAgain):
			marked++
		default:
			plain++
		}
	}
	return plain, marked
}

// address is what a slip's code points to.
func address(posting string, code kiosk.Code) string {
	a := demo.Site().BaseURL + "/p/" + posting
	if code != "" {
		a += "?r=" + string(code)
	}
	return a
}

// outgoing lists the kinds of records that the hub must hear of for a code.
// The terminal has to be stopped.
func (r *rig) outgoing(code kiosk.Code) []string {
	r.Helper()
	l, err := ledger.Open(filepath.Join(r.data, "ledger.db"))
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	records, err := l.Pending(r.Context(), 10000)
	if err != nil {
		r.Fatal(err)
	}
	var kinds []string
	for _, rec := range records {
		if strings.Contains(string(rec.Payload), string(code)) {
			kinds = append(kinds, rec.Kind)
		}
	}
	return kinds
}

// boardHas reports whether url is the page of the posting that a card showed.
func (r *rig) boardHas(url, card string) bool {
	r.Helper()
	id, ok := strings.CutPrefix(url, address("", ""))
	if !ok || id == "" {
		return false
	}
	title, _, _ := strings.Cut(card, ", ")
	return r.posting(kiosk.Referral{Posting: id, Title: title}).Title == title
}
