package station

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/sim"
	"jobhome/kiosk"
	"jobhome/kiosk/app"
	"jobhome/kiosk/ledger"
	"jobhome/kiosk/match"
	"jobhome/kiosk/session"
)

// everyByteEnv asks for every byte of a slip instead of a sample.
const everyByteEnv = "JOBHOME_EVERY_BYTE"

// oneJob is a board with one posting.
type oneJob struct{}

func (oneJob) posting() kiosk.Posting {
	return kiosk.Posting{
		ID: "p-1", Title: "缝纫工", Employer: kiosk.Employer{Name: "某某服饰有限公司"}, Channel: kiosk.Market,
		Pay:       kiosk.Pay{Min: kiosk.Yuan(5000), Max: kiosk.Yuan(7000), Unit: kiosk.PerMonth},
		Published: time.Date(1999, 12, 1, 0, 0, 0, 0, time.UTC), ValidThrough: time.Date(2000, 2, 1, 0, 0, 0, 0, time.UTC),
	}
}

func (b oneJob) Search(context.Context, kiosk.Query) (kiosk.Results, error) {
	return kiosk.Results{Total: 1, Items: []kiosk.Item{{Posting: b.posting()}}}, nil
}

func (b oneJob) Get(_ context.Context, id string) (kiosk.Posting, bool, error) {
	return b.posting(), id == "p-1", nil
}
func (b oneJob) Rank(match.Ask) []kiosk.Match                           { return nil }
func (b oneJob) Spell(context.Context, kiosk.Query) (none app.Spelling) { return }
func (b oneJob) News(_ context.Context, now time.Time) (session.BoardNews, bool) {
	return session.BoardNews{Updated: now, Total: 1, Top: []kiosk.Item{{Posting: b.posting()}}}, true
}

// terminal is the loop with its real ledger and the rig's devices.
type terminal struct {
	*rig
	app    *app.App
	ledger *ledger.Ledger
	state  session.State
	ctx    context.Context
	ended  chan error
	cancel func()
}

func newTerminal(r *rig, l *ledger.Ledger) *terminal {
	t := &terminal{rig: r, ledger: l, ended: make(chan error, 1)}
	t.ctx, t.cancel = context.WithCancel(context.Background())
	t.app = app.New(app.Options{
		Session: session.Options{
			Site: r.s.o.Settings.Site, Lang: "zh", Idle: time.Hour, Warn: time.Minute, Linger: time.Hour, Slow: 90 * time.Second,
			Fits: func(bool) session.Capacity { return session.Capacity{Cards: 4, Trades: 12, Keys: 20, Top: 2} },
		},
		Board: oneJob{}, Ledger: l, Printer: r.s.Printer(),
		Show: func(s session.State) { r.mu.Lock(); t.state = s; r.mu.Unlock() },
	})
	go func() { t.ended <- t.app.Run(t.ctx) }()
	return t
}

func (t *terminal) close() { t.cancel(); <-t.ended }

func (t *terminal) shown() session.State {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state
}

func (t *terminal) touch(do session.Action, arg string) {
	t.app.Touch(t.ctx, do, arg)
	synctest.Wait()
}

// until lets time pass until a page is shown.
func (t *terminal) until(pages ...session.Page) session.Page {
	t.Helper()
	for range 200 {
		synctest.Wait()
		if p := t.shown().Page; slices.Contains(pages, p) {
			return p
		}
		time.Sleep(time.Second)
	}
	t.Fatalf("after 200 s the page is %s (%s)\n%s", t.shown().Page, t.shown().Why.Key, t.log)
	return ""
}

// TestThePowerGoesAtEveryByte: the printer dies at a byte of somebody's slip and
// comes back, and they print it again as the screen offers. They get a whole slip,
// at most one of them has no mark, and what the ledger says is true of the paper.
func TestThePowerGoesAtEveryByte(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l, err := ledger.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	size := 0
	counts := map[string]int{}
	for at := 0; at == 0 || at <= size; at += step(at, size) {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, t.TempDir(), nil)
			defer r.end()
			r.wait(3 * time.Second)
			term := newTerminal(r, l)
			defer term.close()
			term.app.Send(term.ctx, session.PrinterNews{At: now(), State: session.PrinterReady})
			if at > 0 {
				script, err := sim.ParsePrinterScript(fmt.Sprintf("after %d bytes: power off\nafter 20s: power on\n", at))
				if err != nil {
					t.Fatal(err)
				}
				r.printer.Play(script)
			}
			how := term.oneSlip(at)
			counts[how]++
			if at == 0 { // nothing happened: this is how long a slip is
				slips := r.printer.Slips()
				size = len(slips[len(slips)-1].Bytes)
			}
		})
		if t.Failed() {
			t.Fatalf("at byte %d of %d", at, size)
		}
	}
	t.Logf("%d bytes: %v", size, counts)
	if counts["at once"] == 0 || counts["marked"] == 0 {
		t.Errorf("the test has not seen both ways to a slip: %v", counts)
	}
}

// step is how far the next byte to die at lies: everyone where that is asked for,
// else those at both ends and some between.
func step(at, size int) int {
	if os.Getenv(everyByteEnv) != "" || at < 12 || at > size-12 {
		return 1
	}
	return min(97, max(1, size-12-at))
}

// oneSlip prints one slip as a person would who does not give up, and says how
// it came.
func (t *terminal) oneSlip(at int) string {
	t.Helper()
	t.touch(session.DoPosting, "p-1")
	t.touch(session.DoPrint, "")
	t.touch(session.DoConfirm, "")
	tries := 0
	for t.until(session.Take, session.Trouble) == session.Trouble {
		if tries++; tries > 5 {
			t.Fatalf("byte %d: no slip after %d tries: %s\n%s", at, tries, t.shown().Why.Key, t.log)
		}
		time.Sleep(25 * time.Second) // it gets its power back
		t.app.Send(t.ctx, session.PrinterNews{At: now(), State: session.PrinterReady})
		t.touch(session.DoRetry, "")
	}
	code := t.shown().Referral.Code
	got, err := t.ledger.Get(t.ctx, code)
	if err != nil || got.State != kiosk.Printed {
		t.Fatalf("byte %d: the ledger says %s, %v", at, got.State, err)
	}
	plain, marked := t.whole()
	jobs := t.jobs(code)
	last := jobs[0]
	switch {
	case plain > 1, plain+marked == 0:
		t.Fatalf("byte %d: %d whole slips without the mark, %d with it", at, plain, marked)
	case last.State != ledger.Done || last.Marked != (marked > 0), marked > 1:
		t.Fatalf("byte %d: the last job is %+v; %d slips without the mark, %d with it", at, last, plain, marked)
	case len(jobs) == 1 && (plain != 1 || marked != 0):
		t.Fatalf("byte %d: one job, %d and %d slips", at, plain, marked)
	}
	for _, j := range jobs[1:] {
		if j.State != ledger.Unknown && j.State != ledger.Interrupted && j.State != ledger.Unsent {
			t.Fatalf("byte %d: a job that did not print is %s", at, j.State)
		}
	}
	switch {
	case len(jobs) == 1:
		return "at once"
	case marked > 0 && plain > 0:
		return "marked, after a whole one"
	case marked > 0:
		return "marked"
	}
	return "unmarked, after nothing was sent"
}

// jobs are the attempts to print a slip, newest first.
func (t *terminal) jobs(code kiosk.Code) []ledger.Job {
	t.Helper()
	all, err := t.ledger.Jobs(t.ctx, 10)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(j ledger.Job) bool { return j.Code != code })
}

// whole counts the whole slips; there is one referral.
func (t *terminal) whole() (plain, marked int) {
	for _, s := range t.printer.Slips() {
		text := strings.Join(strings.Fields(s.Text), "")
		title, end := strings.Index(text, "推荐单"), strings.Index(text, "0792-5550100")
		switch {
		case !s.Cut || title < 0 || end < title:
		case strings.Contains(text, "补打"):
			marked++
		default:
			plain++
		}
	}
	return plain, marked
}
