package ledger

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/internal/sqlite"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 123e6, time.UTC)

func draft() kiosk.Referral {
	return kiosk.Referral{Posting: "p-1", Title: "缝纫工（熟手）", Employer: "某某服饰", Site: "s-1", Issued: noon}
}

func open(t testing.TB) *Ledger {
	t.Helper()
	l, err := Open(filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func issue(t testing.TB, l *Ledger) kiosk.Referral {
	t.Helper()
	r, err := l.Issue(t.Context(), draft(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestIssueWritesReferralAndRecord(t *testing.T) {
	l := open(t)
	r := issue(t, l)
	if _, err := kiosk.ParseCode(string(r.Code)); err != nil {
		t.Error(err)
	}
	got, err := l.Get(t.Context(), r.Code)
	if err != nil || !got.Issued.Equal(noon) {
		t.Fatalf("Get = %+v, %v", got, err)
	}
	got.Issued = r.Issued
	if got != r || r.State != kiosk.Issued {
		t.Errorf("Get = %+v, want %+v", got, r)
	}
	p, err := l.Pending(t.Context(), 10)
	if err != nil || len(p) != 1 || p[0].Kind != "referral" {
		t.Fatalf("Pending = %+v, %v", p, err)
	}
	want := `{"v":1,"code":"` + string(r.Code) + `","posting":"p-1","site":"s-1","state":"issued","at":"2026-11-23T12:00:00.123Z"}`
	if string(p[0].Payload) != want {
		t.Errorf("payload %s\nwant    %s", p[0].Payload, want)
	}
	if _, err := l.Get(t.Context(), "2222222222"); !errors.Is(err, ErrUnknown) {
		t.Errorf("Get of an unknown code: %v", err)
	}
}

func TestIssueDrawsAgainWhenTheCodeIsTaken(t *testing.T) {
	l := open(t)
	same := bytes.Repeat([]byte{7}, kiosk.CodeLength-1)
	other := bytes.Repeat([]byte{8}, kiosk.CodeLength-1)
	a, err := l.Issue(t.Context(), draft(), bytes.NewReader(same))
	if err != nil {
		t.Fatal(err)
	}
	b, err := l.Issue(t.Context(), draft(), bytes.NewReader(slices.Concat(same, same, other)))
	if err != nil || b.Code == a.Code {
		t.Fatalf("second code %q after %q, %v", b.Code, a.Code, err)
	}
	if _, err := l.Issue(t.Context(), draft(), bytes.NewReader(bytes.Repeat(same, 20))); err == nil {
		t.Error("issued with a broken source of randomness")
	}
	if p, _ := l.Pending(t.Context(), 10); len(p) != 2 {
		t.Errorf("%d records for 2 referrals", len(p))
	}
}

func TestMarked(t *testing.T) {
	type stepFn func(*Ledger, kiosk.Code) error
	at := noon.Add(time.Minute)
	printing := func(want bool) stepFn {
		return func(l *Ledger, c kiosk.Code) error {
			marked, err := l.MarkPrinting(context.Background(), c, at)
			if err == nil && marked != want {
				return errors.New("marked is wrong")
			}
			return err
		}
	}
	reprint := func(want bool) stepFn {
		return func(l *Ledger, c kiosk.Code) error {
			marked, err := l.Reprint(context.Background(), c, at)
			if err == nil && marked != want {
				return errors.New("marked is wrong")
			}
			return err
		}
	}
	end := func(f func(*Ledger, context.Context, kiosk.Code, time.Time) error) stepFn {
		return func(l *Ledger, c kiosk.Code) error { return f(l, context.Background(), c, at) }
	}
	printed, failed, doubt := end((*Ledger).MarkPrinted), end((*Ledger).MarkFailed), end((*Ledger).MarkUnconfirmed)
	restart := func(l *Ledger, _ kiosk.Code) error { _, err := l.Recover(context.Background(), at); return err }
	for _, tt := range []struct {
		name     string
		steps    []stepFn
		state    kiosk.ReferralState
		attempts int
	}{
		{"plain", []stepFn{printing(false), printed}, kiosk.Printed, 1},
		{"failed, then plain", []stepFn{printing(false), failed, printing(false), printed}, kiosk.Printed, 2},
		{"in doubt, then marked", []stepFn{printing(false), doubt, printing(true), printed}, kiosk.Printed, 2},
		{"in doubt, failed, marked", []stepFn{printing(false), doubt, printing(true), failed, printing(true)}, kiosk.Printing, 3},
		{"second copy", []stepFn{printing(false), printed, reprint(true), printed}, kiosk.Printed, 2},
		{"power cut while printing", []stepFn{printing(false), restart, printing(true)}, kiosk.Printing, 2},
		{"power cut before printing", []stepFn{restart, printing(false)}, kiosk.Printing, 1},
		{"reprint of a failed one", []stepFn{printing(false), failed, reprint(false)}, kiosk.Printing, 2},
		{"power cut after printing", []stepFn{printing(false), printed, restart}, kiosk.Printed, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := open(t)
			r := issue(t, l)
			for i, s := range tt.steps {
				if err := s(l, r.Code); err != nil {
					t.Fatalf("step %d: %v", i, err)
				}
			}
			got, err := l.Get(t.Context(), r.Code)
			if err != nil || got.State != tt.state || got.Attempts != tt.attempts {
				t.Errorf("state %s after %d attempts, %v; want %s after %d", got.State, got.Attempts, err, tt.state, tt.attempts)
			}
		})
	}
}

func TestRecover(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	a, b, c := issue(t, l), issue(t, l), issue(t, l)
	for _, r := range []kiosk.Referral{b, c} {
		if _, err := l.MarkPrinting(ctx, r.Code, noon); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.MarkPrinted(ctx, c.Code, noon); err != nil {
		t.Fatal(err)
	}
	got, err := l.Recover(ctx, noon)
	if err != nil || len(got) != 2 {
		t.Fatalf("Recover = %+v, %v", got, err)
	}
	states := map[kiosk.Code]kiosk.ReferralState{}
	for _, r := range got {
		states[r.Code] = r.State
	}
	if states[a.Code] != kiosk.Failed || states[b.Code] != kiosk.Unconfirmed {
		t.Errorf("states %v", states)
	}
	if again, err := l.Recover(ctx, noon); err != nil || len(again) != 0 {
		t.Errorf("a second Recover changed %v, %v", again, err)
	}
	list, err := l.List(ctx, 2)
	if err != nil || len(list) != 2 {
		t.Errorf("List = %v, %v", list, err)
	}
}

func TestOutbox(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	r := issue(t, l)
	if _, err := l.MarkPrinting(ctx, r.Code, noon); err != nil {
		t.Fatal(err)
	}
	if err := l.MarkPrinted(ctx, r.Code, noon.Add(3*time.Second)); err != nil {
		t.Fatal(err)
	}
	for _, rating := range []kiosk.Rating{kiosk.Good, kiosk.Good, kiosk.Poor} {
		if err := l.Rate(ctx, r.Code, rating, noon.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if l.Rate(ctx, r.Code, "great", noon) == nil || !errors.Is(l.Rate(ctx, "2222222222", kiosk.Good, noon), ErrUnknown) {
		t.Error("a rating that is none, or of nothing, was taken")
	}
	p, err := l.Pending(ctx, 10)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, rec := range p {
		kinds = append(kinds, rec.Kind)
		var o outgoing
		if err := json.Unmarshal(rec.Payload, &o); err != nil || o.V != 1 || o.Code != r.Code || o.Posting != "p-1" {
			t.Errorf("payload %s: %v", rec.Payload, err)
		}
		if bytes.Contains(rec.Payload, []byte("服饰")) || bytes.Contains(rec.Payload, []byte("缝纫")) {
			t.Errorf("payload says more than it must: %s", rec.Payload)
		}
	}
	if got := strings.Join(kinds, " "); got != "referral state rating rating" {
		t.Errorf("kinds %q", got)
	}
	for range 2 { // a confirmation may come twice
		if err := l.Delivered(ctx, p[1].Seq); err != nil {
			t.Fatal(err)
		}
	}
	rest, _ := l.Pending(ctx, 2)
	if len(rest) != 2 || rest[0].Seq != p[2].Seq || rest[1].Seq != p[3].Seq {
		t.Errorf("after one confirmation: %+v", rest)
	}
	if err := l.Delivered(ctx, p[3].Seq+100); err != nil {
		t.Fatal(err)
	}
	issue(t, l)
	if rest, _ = l.Pending(ctx, 10); len(rest) != 1 || rest[0].Seq != p[3].Seq+1 {
		t.Errorf("a number was used twice or left out: %+v", rest)
	}
	if pending, aside, err := l.Backlog(ctx); err != nil || pending != 1 || aside != 0 {
		t.Errorf("backlog %d, %d aside, %v", pending, aside, err)
	}
}

func TestDiskFullLeavesNothingHalfWritten(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	if _, err := l.db.Exec("PRAGMA max_page_count = 14"); err != nil {
		t.Fatal(err)
	}
	d := draft()
	d.Title = strings.Repeat("长", 200)
	var issued int
	var full error
	for range 500 {
		if _, full = l.Issue(ctx, d, rand.Reader); full != nil {
			break
		}
		issued++
	}
	if !sqlite.IsFull(full) || issued == 0 {
		t.Fatalf("after %d referrals: %v, want a full disk", issued, full)
	}
	list, err := l.List(ctx, 1000)
	if err != nil {
		t.Fatal(err)
	}
	p, err := l.Pending(ctx, 1000)
	if err != nil || len(list) != issued || len(p) != issued {
		t.Errorf("%d issued, %d referrals, %d records, %v", issued, len(list), len(p), err)
	}
	if err := l.Check(ctx); err != nil {
		t.Error(err)
	}
	if _, err := l.db.Exec("PRAGMA max_page_count = 1000"); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Issue(ctx, d, rand.Reader); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestNewerLedgerIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	r := issue(t, l)
	if _, err := l.db.Exec("PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	if _, err := Open(path); !errors.Is(err, sqlite.ErrNewer) {
		t.Fatalf("Open = %v", err)
	}
	db, err := sqlite.Open(path, sqlite.Opts{Synchronous: sqlite.Full})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var n int
	if err := db.QueryRow("SELECT count(*) FROM referral WHERE code = ?", r.Code).Scan(&n); err != nil || n != 1 {
		t.Errorf("the referral is gone: %d, %v", n, err)
	}
}

func TestSynchronousIsFull(t *testing.T) {
	var level int
	if err := open(t).db.QueryRow("PRAGMA synchronous").Scan(&level); err != nil || level != 2 {
		t.Errorf("synchronous = %d, %v", level, err)
	}
}
