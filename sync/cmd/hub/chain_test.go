package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/board"
	"jobhome/kiosk/config"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/ledger"
	"jobhome/kiosk/link"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/postings"
	"jobhome/sync/internal/churn"
	"jobhome/sync/wire"
)

// chain is a hub that serves and a terminal that is in step with it, both whole.
type chain struct {
	*testing.T
	office *office
	site   kiosk.Site

	board  *board.Board
	ledger *ledger.Ledger
	link   *link.Link
	dir    string // of the terminal
}

func newChain(t *testing.T) *chain {
	t.Helper()
	c := &chain{T: t, site: demo.Site(), dir: t.TempDir()}
	data := t.TempDir()
	public, gate, staff := freePort(t), freePort(t), freePort(t)
	d := &demonstration{demoFlags: demoFlags{dir: data, public: public, terminals: gate, staff: staff}, out: io.Discard}
	s := d.settings()
	if err := makeKeys(s.Data, time.Now()); err != nil {
		t.Fatal(err)
	}
	var err error
	if c.office, err = openOffice(t.Context(), s, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.office.close)
	d.office = c.office
	if err := errors.Join(d.staffed(t.Context()), d.sited(t.Context())); err != nil {
		t.Fatal(err)
	}
	c.serve()
	return c
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func (c *chain) serve() {
	ctx, stop := context.WithCancel(context.Background())
	ready, left, ended := make(chan struct{}), 3, make(chan error, 1)
	go func() {
		ended <- c.office.serve(ctx, func(string, string) {
			if left--; left == 0 {
				close(ready)
			}
		})
	}()
	select {
	case <-ready:
	case err := <-ended:
		c.Fatal(err)
	}
	c.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			c.Error(err)
		}
	})
}

// enrol makes the terminal, and opens its link.
func (c *chain) enrol() {
	c.Helper()
	var err error
	if c.board, err = board.Open(filepath.Join(c.dir, "board.db"), c.site); err != nil {
		c.Fatal(err)
	}
	if c.ledger, err = ledger.Open(filepath.Join(c.dir, "ledger.db")); err != nil {
		c.Fatal(err)
	}
	s := c.office.settings
	o := link.Options{
		Hub: config.Hub{
			URL: s.Terminals.URL, Feed: s.Public.URL + "/feed", Board: demoBoard, Root: rootPath(s.Data, 1),
		},
		Dir: filepath.Join(c.dir, "hub"), Board: c.board, Ledger: c.ledger, Program: "test",
	}
	code, err := c.office.fleet.NewCode(c.Context(), fleet.Draft{Site: c.site.ID, By: "wangfang"})
	if err != nil {
		c.Fatal(err)
	}
	if err := link.Enrol(c.Context(), o, code.Code, code.Pin); err != nil {
		c.Fatal(err)
	}
	if c.link, err = link.Open(c.Context(), o); err != nil {
		c.Fatal(err)
	}
	c.Cleanup(func() { c.link.Close(); _ = c.ledger.Close(); _ = c.board.Close() })
}

// day takes a day's postings in, has them approved, and publishes.
func (c *chain) day(all []kiosk.Posting) {
	c.Helper()
	_, err := c.office.postings.Import(c.Context(), "wangfang", postings.Batch{Source: "市局", Full: true, Shrunk: true, Items: func(yield func(kiosk.Posting, error) bool) {
		for _, p := range all {
			p.Source.Ref = p.ID
			if !yield(p, nil) {
				return
			}
		}
	}})
	if err == nil {
		err = approveAll(c.Context(), c.office.postings, "liqiang")
	}
	if err == nil {
		err = c.office.boards.Publish(c.Context())
	}
	if err != nil {
		c.Fatal(err)
	}
}

func (c *chain) sync() {
	c.Helper()
	rep, err := c.link.Sync(c.Context())
	if !rep.OK() || err != nil {
		c.Fatalf("%s: %v, %v", rep.Code, rep.Err, err)
	}
}

// same compares the terminal's board with the hub's, byte for byte.
func (c *chain) same(when string) []wire.Row {
	c.Helper()
	scope, err := c.office.boards.scope(c.Context(), &c.office.settings.Boards[0])
	if err != nil {
		c.Fatal(err)
	}
	want, _, err := c.office.postings.Rows(c.Context(), scope, time.Now())
	if err != nil {
		c.Fatal(err)
	}
	got, err := link.Board{Board: c.board}.Rows(c.Context(), nil)
	if err != nil {
		c.Fatal(err)
	}
	if !slices.EqualFunc(got, want, func(a, b wire.Row) bool {
		return a.ID == b.ID && bytes.Equal(a.Body, b.Body) && a.Refreshed == b.Refreshed
	}) {
		c.Fatalf("%s: the terminal has %d rows, the hub %d, and they are not the same", when, len(got), len(want))
	}
	return got
}

func TestFiveDaysThroughTheWholeChain(t *testing.T) {
	c := newChain(t)
	world := churn.New(time.Now().Add(-6*24*time.Hour), 500, 200, 7)
	c.day(world.Postings())
	c.enrol()
	c.sync()
	if rows := c.same("day 0"); len(rows) < 300 { // day work of last week is over
		t.Fatalf("only %d of 500 postings are on the board", len(rows))
	}
	for day := 1; day <= 5; day++ {
		if err := world.Next(churn.Day{New: 5, Gone: 4, Edited: 3, Dated: 150, OwnMinute: 10}); err != nil {
			t.Fatal(err)
		}
		c.day(world.Postings())
		c.sync()
		c.same(world.Now().Format(time.DateOnly))
	}
}

// A referral and a request reach the office once, what becomes of it comes back,
// and the number is in no file.
func TestWhatResidentsAskForReachesTheOffice(t *testing.T) {
	c := newChain(t)
	c.day(demo.Postings(time.Now(), 60, 1))
	c.enrol()
	const phone = "13907924321"
	ctx, now := t.Context(), time.Now()
	c.sync()
	id := c.board.IDs()[0]
	r, err := c.ledger.Issue(ctx, kiosk.Referral{Posting: id, Title: "缝纫工", Employer: "某厂", Site: c.site.ID, Issued: now}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	err = errors.Join(
		c.ledger.Request(ctx, kiosk.Request{Posting: id, Site: c.site.ID, Phone: phone, Consent: "callback-1", At: now}),
		c.ledger.Complain(ctx, kiosk.BadPosting{Posting: id, Site: c.site.ID, Why: kiosk.FeePosting, At: now}))
	if err != nil {
		t.Fatal(err)
	}
	c.sync()
	c.sync()
	if pending, aside, err := c.ledger.Backlog(ctx); err != nil || pending != 0 || aside != 0 {
		t.Fatalf("%d wait, %d were put aside, %v", pending, aside, err)
	}
	f := c.office.fleet
	refs, err := f.Find(ctx, "", string(r.Code))
	if err != nil || len(refs) != 1 || refs[0].Posting != id {
		t.Fatalf("%+v, %v", refs, err)
	}
	calls, err := f.Calls(ctx, fleet.Scope{}, true, 9)
	if err != nil || len(calls) != 1 {
		t.Fatalf("%+v, %v", calls, err)
	}
	if got, err := f.OpenCall(ctx, "", calls[0].ID, "wangfang"); err != nil || got != phone {
		t.Errorf("the number is %q, %v", got, err)
	}
	if err := f.SetOutcome(ctx, refs[0], kiosk.Interviewed, "wangfang"); err != nil {
		t.Fatal(err)
	}
	c.sync()
	if o, _, err := c.ledger.Outcome(ctx, r.Code); err != nil || o != kiosk.Interviewed {
		t.Errorf("the terminal knows %q, %v", o, err)
	}
	if where := holds(t, phone, c.dir, c.office.settings.Data); len(where) > 0 {
		t.Errorf("the number is in %v", where)
	}
	plain := filepath.Join(c.dir, "planted")
	if err := os.WriteFile(plain, []byte("x"+phone), 0o600); err != nil {
		t.Fatal(err)
	}
	if where := holds(t, phone, c.dir); !slices.Equal(where, []string{plain}) {
		t.Errorf("a planted number was found in %v", where)
	}
}

// holds finds files below dirs that have a text in them.
func holds(t *testing.T, text string, dirs ...string) (found []string) {
	t.Helper()
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			b, err := os.ReadFile(path)
			if bytes.Contains(b, []byte(text)) {
				found = append(found, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// What was taken down is gone from the terminal and from the page at the next
// round, without a new version of the board.
func TestRevoked(t *testing.T) {
	c := newChain(t)
	c.day(demo.Postings(time.Now(), 60, 1))
	c.enrol()
	c.sync()
	before, _ := c.board.Sequence(t.Context())
	p := c.board.Candidates(kiosk.Query{Now: time.Now()})[0]
	url := c.office.settings.Public.URL + "/p/" + p.ID
	if status, text := get(t, url); status != http.StatusOK || !strings.Contains(text, p.Employer.Name) {
		t.Fatalf("%s: %d", url, status)
	}
	ids, err := judged{c.office.postings, c.office.boards}.Revoke(t.Context(), "wangfang", p.ID, "收费")
	if err != nil || !slices.Contains(ids, p.ID) {
		t.Fatal(ids, err)
	}
	c.sync()
	after, _ := c.board.Sequence(t.Context())
	if _, there, err := c.board.Get(t.Context(), p.ID); err != nil || there || after < before {
		t.Errorf("the terminal still has it: %v, %v; sequence %d after %d", there, err, after, before)
	}
	if status, text := get(t, url); status == http.StatusOK || strings.Contains(text, p.Contact.Phone) && p.Contact.Phone != "" || strings.Contains(text, p.Description) && p.Description != "" {
		t.Errorf("the page of what was taken down answers %d, with its words: %v", status, strings.Contains(text, p.Description))
	}
	c.day(demo.Postings(time.Now(), 60, 1)) // the source still has it
	c.sync()
	if _, there, _ := c.board.Get(t.Context(), p.ID); there {
		t.Error("a posting that was taken down came back")
	}
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// A terminal without a network does both ways with a stick.
func TestStick(t *testing.T) {
	c := newChain(t)
	c.day(demo.Postings(time.Now(), 60, 1))
	c.enrol()
	stick := t.TempDir()
	if n, err := layFeed(t.Context(), c.office.boards.store, stick); err != nil || n < 3 {
		t.Fatalf("%d files, %v", n, err)
	}
	if n, err := layFeed(t.Context(), c.office.boards.store, stick); err != nil || n != 1 {
		t.Fatalf("again: %d files and not the head alone, %v", n, err)
	}
	if _, err := c.ledger.Issue(t.Context(), kiosk.Referral{Posting: "p-1", Title: "缝纫工", Employer: "某厂", Site: c.site.ID, Issued: time.Now()}, rand.Reader); err != nil {
		t.Fatal(err)
	}
	rep := c.link.Stick(t.Context(), stick)
	if !rep.Board.OK() || rep.Err != nil || rep.Out.Records != 1 {
		t.Fatalf("%+v", rep)
	}
	c.same("from the stick")
	err := c.office.fleet.Stick(t.Context(), stick, func(path string, err error) {
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if pending, _, _ := c.ledger.Backlog(t.Context()); pending != 1 {
		t.Errorf("%d records wait before the hub's word has come", pending)
	}
	if rep = c.link.Stick(t.Context(), stick); rep.Err != nil || rep.In.Records != 1 {
		t.Fatalf("%+v", rep)
	}
	if pending, _, _ := c.ledger.Backlog(t.Context()); pending != 0 {
		t.Errorf("%d records wait after the hub's word", pending)
	}
}
