package ledger

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/internal/sqlite"
)

// TestJobs follows the attempts of one referral through every way they can end,
// and through a power cut at every state.
func TestJobs(t *testing.T) {
	type stepFn func(*Ledger, context.Context, kiosk.Code) error
	at := func(f func(*Ledger, context.Context, kiosk.Code, time.Time) error) stepFn {
		return func(l *Ledger, ctx context.Context, c kiosk.Code) error { return f(l, ctx, c, noon.Add(time.Second)) }
	}
	send := at(func(l *Ledger, ctx context.Context, c kiosk.Code, now time.Time) error {
		_, err := l.MarkPrinting(ctx, c, now)
		return err
	})
	again := at(func(l *Ledger, ctx context.Context, c kiosk.Code, now time.Time) error {
		_, err := l.Reprint(ctx, c, now)
		return err
	})
	cut := at(func(l *Ledger, ctx context.Context, _ kiosk.Code, now time.Time) error {
		_, err := l.Recover(ctx, now)
		return err
	})
	fence := stepFn((*Ledger).MarkFenced)
	printed, stop := at((*Ledger).MarkPrinted), at((*Ledger).MarkInterrupted)
	doubt, fail := at((*Ledger).MarkUnconfirmed), at((*Ledger).MarkFailed)
	type job struct {
		state  JobState
		marked bool
	}
	for _, tt := range []struct {
		name  string
		steps []stepFn
		want  []job // newest first
	}{
		{"written down", nil, []job{{Queued, false}}},
		{"being sent", []stepFn{send}, []job{{Sending, false}}},
		{"all is out", []stepFn{send, fence}, []job{{Fenced, false}}},
		{"printed", []stepFn{send, fence, printed}, []job{{Done, false}}},
		{"interrupted, marked", []stepFn{send, stop, send, fence, printed}, []job{{Done, true}, {Interrupted, false}}},
		{"silent, marked", []stepFn{send, fence, doubt, send}, []job{{Sending, true}, {Unknown, false}}},
		{"nothing sent, unmarked", []stepFn{send, fail, send}, []job{{Sending, false}, {Unsent, false}}},
		{"second copy", []stepFn{send, printed, again, printed}, []job{{Done, true}, {Done, false}}},
		{"power cut before a byte", []stepFn{cut, send}, []job{{Sending, false}, {Unsent, false}}},
		{"power cut while sending", []stepFn{send, cut}, []job{{Unknown, false}}},
		{"power cut behind the fence", []stepFn{send, fence, cut, send}, []job{{Sending, true}, {Unknown, false}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := open(t)
			r := issue(t, l)
			issue(t, l) // another referral's job is left alone
			for i, s := range tt.steps {
				if err := s(l, t.Context(), r.Code); err != nil {
					t.Fatalf("step %d: %v", i, err)
				}
			}
			all, err := l.Jobs(t.Context(), 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []job
			for _, j := range all {
				if j.Code != r.Code {
					continue
				}
				got = append(got, job{j.State, j.Marked})
				open := j.State == Queued || j.State == Sending || j.State == Fenced
				if open != j.Ended.IsZero() {
					t.Errorf("job %+v: ended %v", j, j.Ended)
				}
			}
			if len(got) != len(tt.want) {
				t.Fatalf("jobs %v, want %v", got, tt.want)
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("jobs %v, want %v", got, tt.want)
				}
			}
		})
	}
}

func TestFencedNeedsASlipOnItsWay(t *testing.T) {
	l := open(t)
	r := issue(t, l)
	if err := l.MarkFenced(t.Context(), r.Code); !errors.Is(err, ErrMove) {
		t.Errorf("a queued job was fenced: %v", err)
	}
}

// A ledger of the first version is taken over: its referrals have no attempts
// written down, and can be printed.
func TestLedgerOfTheFirstVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	db, err := sqlite.Open(path, sqlite.Opts{Synchronous: sqlite.Full})
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlite.Migrate(t.Context(), db, schema[:1]); err != nil {
		t.Fatal(err)
	}
	_, err = db.Exec(`INSERT INTO referral (code, posting, title, employer, site, issued, state, attempts)
		VALUES ('2222222222', 'p-1', '缝纫工', '某厂', 's-1', 1, 'printing', 1)`)
	if err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if left, err := l.Recover(t.Context(), noon); err != nil || len(left) != 1 || left[0].State != kiosk.Unconfirmed {
		t.Fatalf("recovered %+v, %v", left, err)
	}
	if marked, err := l.MarkPrinting(t.Context(), "2222222222", noon); err != nil || !marked {
		t.Fatalf("marked %v, %v", marked, err)
	}
	if jobs, err := l.Jobs(t.Context(), 9); err != nil || len(jobs) != 1 || jobs[0].State != Sending || !jobs[0].Marked {
		t.Errorf("jobs %+v, %v", jobs, err)
	}
}
