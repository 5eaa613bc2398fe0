package main

import (
	"context"
	"maps"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"jobhome/kiosk"
	"jobhome/kiosk/session"
)

// tally counts what is done at the terminal, for its hub. It knows nobody: it
// counts pages and effects, and keeps the words of searches that found nothing.
type tally struct {
	mu      sync.Mutex
	counts  map[string]int64
	empty   []string
	page    session.Page
	devices map[string]string
}

// mostEmpty is how many fruitless searches are kept; the newest count.
const mostEmpty = 50

func newTally() *tally { return &tally{counts: map[string]int64{}, devices: map[string]string{}} }

// saw counts a state that is shown, and tells whether it ends something that was
// written down.
func (t *tally) saw(s session.State) (ended bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, d := range s.Devices {
		health := string(d.Health)
		if d.Fault != "" {
			health = d.Fault
		}
		t.devices[string(d.Part)] = health
	}
	t.devices["printer"] = string(s.Printer)
	if s.Page == t.page {
		return false
	}
	if t.page == session.Attract {
		t.counts["visits"]++
	}
	switch s.Page {
	case session.List:
		t.counts["lists"]++
	case session.Posting:
		t.counts["postings"]++
	case session.Take:
		t.counts["prints"]++
	case session.Trouble:
		t.counts["troubles"]++
	}
	t.page = s.Page
	return s.Page == session.Take || s.Page == session.Attract
}

// counted is a board whose searches are counted.
type counted struct {
	*postings
	tally *tally
}

// Search counts what was typed, once for all pages of it.
func (c *counted) Search(ctx context.Context, q kiosk.Query) (kiosk.Results, error) {
	r, err := c.postings.Search(ctx, q)
	if err == nil && q.Text != "" && q.Offset == 0 && q.Limit > 1 {
		found := r.Total
		if r.Rescue != nil {
			found = 0
		}
		c.tally.searched(q.Text, found)
	}
	return r, err
}

// searched counts a search for a text, and keeps the words if nothing was found.
// What could be a number or a name of somebody is not kept: digits, and more than
// eight characters.
func (t *tally) searched(text string, found int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts["searches"]++
	if found > 0 {
		return
	}
	t.counts["searches-empty"]++
	if n := utf8.RuneCountInString(text); n < 2 || n > 8 || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		return
	}
	t.empty = append(t.empty, text)
	t.empty = t.empty[max(0, len(t.empty)-mostEmpty):]
}

func (t *tally) snapshot() (devices map[string]string, counts map[string]int64, empty []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.devices), maps.Clone(t.counts), append([]string(nil), t.empty...)
}
