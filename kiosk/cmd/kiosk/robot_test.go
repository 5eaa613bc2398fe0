package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"jobhome/drivers/sim"
	"jobhome/kiosk"
	"jobhome/kiosk/app"
	"jobhome/kiosk/ledger"
	"jobhome/kiosk/session"
	"jobhome/ui/screen"
)

// robotEnv names the settings file of a terminal without a window.
const robotEnv = "JOBHOME_ROBOT"

// TestRobot is no test but the process that TestKillTheLoop kills: the loop
// with its real board, ledger and printer driver, and a robot that prints one
// slip after the other. It says every code that it has been shown.
func TestRobot(t *testing.T) {
	file := os.Getenv(robotEnv)
	if file == "" {
		t.Skip("runs only as a process of TestKillTheLoop")
	}
	m := &Main{Settings: file, Out: os.Stdout, Err: os.Stderr}
	p, err := m.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	term := &terminal{place: p, metrics: screen.NewMetrics(1280, 800, 217)}
	if err := term.recoverSlips(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := term.openDevices(runFlags{}); err != nil {
		t.Fatal(err)
	}
	if err := term.openStation(); err != nil {
		t.Fatal(err)
	}
	term.printMark()
	o := term.appOptions()
	states := make(chan session.State, 1)
	o.Rest = nil
	o.Show = func(s session.State) {
		select {
		case <-states: // only the newest counts
		default:
		}
		states <- s
	}
	term.app = app.New(o)
	term.watch(t.Context())
	go robot(t.Context(), term, states)
	t.Log(term.app.Run(t.Context()))
}

// robot touches what leads to the next slip.
func robot(ctx context.Context, t *terminal, states <-chan session.State) {
	said := kiosk.Code("")
	for s := range states {
		if c := s.Referral.Code; c != "" && c != said {
			said = c
			fmt.Printf("issued %s\n", c)
		}
		do, arg := session.DoStay, ""
		switch s.Page {
		case session.Attract:
			if n := len(s.Board.Top); n > 0 && s.Printer.CanPrint() {
				do, arg = session.DoPosting, s.Board.Top[rand.IntN(n)].Posting.ID
			}
		case session.Posting:
			do = session.DoPrint
		case session.Confirm:
			do = session.DoConfirm
		case session.Take:
			if do = session.DoDone; s.Rated == "" {
				do, arg = session.DoRate, string(kiosk.Good)
			}
		case session.Trouble:
			if do = session.DoDone; s.Why.Retry && rand.IntN(2) == 0 {
				do = session.DoRetry
			}
		case session.Printing:
			continue
		}
		if do != session.DoStay {
			t.app.Touch(ctx, do, arg)
		}
	}
}

// loopKillsEnv is how often TestKillTheLoop kills.
const loopKillsEnv = "JOBHOME_KILLS"

// The power goes at random moments of a terminal that prints slip after slip.
// No referral that was shown is lost, none is printed twice without the mark,
// and what the ledger says of a slip is true of the paper.
func TestKillTheLoop(t *testing.T) {
	t.Parallel()
	kills := 5
	if n, err := strconv.Atoi(os.Getenv(loopKillsEnv)); err == nil {
		kills = n
	}
	r := newRig(t, rigOpts{speed: 400, slow: 30000})
	var shown []kiosk.Code
	for i := range kills {
		shown = append(shown, r.robotUntilKilled()...)
		r.cutLines(i%2 == 0)
		r.settled(r.T)
		if i%20 == 19 || i == kills-1 {
			r.reprintOne()
		}
	}
	r.account(kills, shown)
}

// robotUntilKilled starts a robot, kills it some time after it began to print,
// and returns the codes that it was shown.
func (r *rig) robotUntilKilled() []kiosk.Code {
	r.Helper()
	cmd := exec.CommandContext(r.Context(), os.Args[0], "-test.run=^TestRobot$", "-test.v")
	cmd.Env = append(os.Environ(), robotEnv+"="+r.settings, "JOBHOME_KIOSK="+program)
	log, err := os.OpenFile(r.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		r.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		r.Fatal(err)
	}
	late := time.AfterFunc(patience, func() { _ = cmd.Process.Kill() })
	defer late.Stop()
	var codes []kiosk.Code
	for lines := bufio.NewScanner(out); lines.Scan(); {
		code, ok := strings.CutPrefix(lines.Text(), "issued ")
		if !ok {
			continue
		}
		codes = append(codes, kiosk.Code(code))
		if len(codes) == 1 {
			// The random moment of the kill: up to two slips later.
			time.AfterFunc(time.Duration(rand.IntN(1500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		}
	}
	_ = cmd.Wait() // killed
	if len(codes) == 0 {
		r.Fatal("the robot printed nothing")
	}
	return codes
}

// cutLines loses what is still on the wires, as when the terminal's own power
// goes; a program that only crashes leaves it to the kernel, which sends it.
// Where the tests are not run by root the lines must go anyhow: what the dead
// process had opened for its exclusive use stays so on a pseudo terminal,
// because the simulator holds its other end.
func (r *rig) cutLines(powerCut bool) {
	r.Helper()
	if !powerCut && os.Geteuid() == 0 {
		return
	}
	for i := range r.cables {
		r.cables[i].pull()
		r.plug(i)
	}
}

// recovered settles the ledger after a kill, as
// the next start does.
func (r *rig) recovered() {
	r.Helper()
	l, err := ledger.Open(filepath.Join(r.data, "ledger.db"))
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if _, err := l.Recover(r.Context(), time.Now()); err != nil {
		r.Fatal(err)
	}
}

// reprintOne settles the ledger as the next start does, and prints the newest
// slip again that is not known to be out.
func (r *rig) reprintOne() {
	r.Helper()
	r.recovered()
	r.eventually("the printer stands still", r.still())
	before := len(r.printer.Slips())
	for _, ref := range r.referrals() {
		if ref.State != kiosk.Unconfirmed {
			continue
		}
		must(r.T, "-settings", r.settings, "reprint", string(ref.Code))
		got := r.referral(ref.Code)
		if got.State != kiosk.Printed {
			r.Errorf("%s is %s after a reprint", ref.Code.Grouped(), got.State)
		}
		slips := r.printer.Slips()
		last := slips[len(slips)-1]
		if len(slips) == before || !whole(last) || !says(last, slipAgain) {
			r.Errorf("a reprint after a kill gave %d pieces of paper, the last:\n%s", len(slips)-before, last.Text)
		}
		return
	}
}

// still returns a function that reports whether nothing moved since its last
// call.
func (r *rig) still() func() bool {
	rows, slips, calls := -1, -1, 0
	return func() bool {
		p, n := r.printer.Progress(), len(r.printer.Slips())
		now := 0
		if p.Image != nil {
			now = p.Image.Bounds().Dy()
		}
		if now != rows || n != slips {
			rows, slips, calls = now, n, 0
		}
		calls++
		return calls > 100 // half a second
	}
}

// account holds paper, ledger and what residents were shown against each other.
func (r *rig) account(kills int, shown []kiosk.Code) {
	r.Helper()
	l, err := ledger.Open(filepath.Join(r.data, "ledger.db"))
	if err != nil {
		r.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if _, err := l.Recover(r.Context(), time.Now()); err != nil {
		r.Fatal(err)
	}
	list, err := l.List(r.Context(), 1<<20)
	if err != nil {
		r.Fatal(err)
	}
	records, err := l.Pending(r.Context(), 1<<20)
	if err != nil {
		r.Fatal(err)
	}
	outbox := map[string]int{}
	for _, rec := range records {
		for _, ref := range list {
			if rec.Kind == "referral" && strings.Contains(string(rec.Payload), string(ref.Code)) {
				outbox[string(ref.Code)]++
			}
		}
	}
	plain, marked := r.codesOnPaper()
	states := map[kiosk.ReferralState]int{}
	known := map[kiosk.Code]bool{}
	for _, ref := range list {
		states[ref.State]++
		known[ref.Code] = true
		switch n := plain[ref.Code] + marked[ref.Code]; {
		case plain[ref.Code] > 1:
			r.Errorf("%s came out %d times without the mark", ref.Code, plain[ref.Code])
		case ref.State == kiosk.Printed && n == 0:
			r.Errorf("%s is printed, and no whole slip of it came out", ref.Code)
		case ref.State == kiosk.Failed && n > 0:
			r.Errorf("%s has failed, and came out %d times", ref.Code, n)
		}
		if outbox[string(ref.Code)] != 1 {
			r.Errorf("%s has %d outgoing records of its issue", ref.Code, outbox[string(ref.Code)])
		}
	}
	for code := range plain {
		if !known[code] {
			r.Errorf("%s is on paper and not in the ledger", code)
		}
	}
	for _, code := range shown {
		if !known[code] {
			r.Errorf("%s was shown and is lost", code)
		}
	}
	r.Logf("%d kills: %d referrals %v, %d whole slips without the mark, %d with it, %d codes shown",
		kills, len(list), states, len(plain), len(marked), len(shown))
}

// codesOnPaper counts the whole slips of each code, by their QR codes.
func (r *rig) codesOnPaper() (plain, marked map[kiosk.Code]int) {
	r.Helper()
	plain, marked = map[kiosk.Code]int{}, map[kiosk.Code]int{}
	for _, s := range r.printer.Slips() {
		if !whole(s) {
			continue
		}
		code := r.codeOf(s)
		if says(s, slipAgain) {
			marked[code]++
		} else {
			plain[code]++
		}
	}
	return plain, marked
}

func (r *rig) codeOf(s sim.Slip) kiosk.Code {
	r.Helper()
	_, code, ok := strings.Cut(oneCode(r.T, picture(r.T, s)), "?r=")
	if !ok {
		r.Errorf("a slip without a code:\n%s", s.Text)
	}
	return kiosk.Code(code)
}
