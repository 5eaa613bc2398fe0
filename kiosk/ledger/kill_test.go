package ledger

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
)

// TestMain lets the test binary play the terminal that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("LEDGER_KILL_TEST"); path != "" {
		if err := busyTerminal(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

// busyTerminal issues and prints without end and says each thing on its
// standard output only after the ledger said that it is written.
func busyTerminal(path string) error {
	l, err := Open(path)
	if err != nil {
		return err
	}
	ctx := context.Background()
	if _, err := l.Recover(ctx, noon); err != nil {
		return err
	}
	for {
		r, err := l.Issue(ctx, draft(), rand.Reader)
		if err != nil {
			return err
		}
		fmt.Println("issued", r.Code)
		if _, err := l.MarkPrinting(ctx, r.Code, noon); err != nil {
			return err
		}
		fmt.Println("printing", r.Code)
		if err := l.MarkPrinted(ctx, r.Code, noon); err != nil {
			return err
		}
		fmt.Println("printed", r.Code)
	}
}

func TestKilledAtAnyMomentLosesNothing(t *testing.T) {
	rounds := 12
	if testing.Short() {
		rounds = 3
	}
	path := filepath.Join(t.TempDir(), "ledger.db")
	said := map[kiosk.Code]kiosk.ReferralState{}
	dice := mrand.New(mrand.NewPCG(1, 2))
	for range rounds {
		runAndKill(t, path, dice.IntN(60), said)
		l, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := l.Recover(t.Context(), noon); err != nil {
			t.Fatal(err)
		}
		checkSaid(t, l, said)
		_ = l.Close()
	}
	if len(said) < rounds {
		t.Fatalf("only %d referrals in %d rounds", len(said), rounds)
	}
}

// runAndKill kills the terminal a random instant after it has said n lines.
func runAndKill(t *testing.T, path string, n int, said map[kiosk.Code]kiosk.ReferralState) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), "LEDGER_KILL_TEST="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for i := 0; lines.Scan(); i++ {
		state, code, ok := strings.Cut(lines.Text(), " ")
		if !ok {
			t.Fatalf("the terminal said %q", lines.Text())
		}
		said[kiosk.Code(code)] = kiosk.ReferralState(state)
		if i == n {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait()
}

// checkSaid compares the ledger after Recover with what the terminal said.
func checkSaid(t *testing.T, l *Ledger, said map[kiosk.Code]kiosk.ReferralState) {
	t.Helper()
	for code, state := range said {
		r, err := l.Get(t.Context(), code)
		if err != nil {
			t.Fatalf("a referral that was reported is lost: %v", err)
		}
		ok := false
		switch state { // the ledger may be one move ahead of what was said
		case kiosk.Issued:
			ok = r.State == kiosk.Failed || r.State == kiosk.Unconfirmed
		case kiosk.Printing:
			ok = r.State == kiosk.Unconfirmed || r.State == kiosk.Printed
		case kiosk.Printed:
			ok = r.State == kiosk.Printed
		}
		if !ok {
			t.Fatalf("the terminal said %s, the ledger says %s", state, r.State)
		}
	}
	var referrals, records int
	err := l.db.QueryRow(`SELECT (SELECT count(*) FROM referral), (SELECT count(*) FROM outbox WHERE kind = 'referral')`).
		Scan(&referrals, &records)
	if err != nil || referrals != records {
		t.Fatalf("%d referrals, %d outgoing records of them, %v", referrals, records, err)
	}
}
