package ledger

import (
	"crypto/rand"
	"errors"
	"path/filepath"
	"testing"

	"jobhome/kiosk"
)

// FuzzMoves drives one referral by random calls and compares it with a model
// that is written the other way round: by what each state allows.
func FuzzMoves(f *testing.F) {
	f.Add([]byte{0, 1})
	f.Add([]byte{0, 2, 0, 1, 4, 1})
	f.Add([]byte{5, 0, 3, 0, 5, 0, 1, 0, 4, 5})
	f.Fuzz(func(t *testing.T, calls []byte) {
		if len(calls) > 24 {
			return
		}
		l, err := Open(filepath.Join(t.TempDir(), "ledger.db"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		ctx := t.Context()
		r, err := l.Issue(ctx, draft(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		m := model{state: kiosk.Issued}
		for i, c := range calls {
			var marked bool
			var err error
			switch c % 7 {
			case 0:
				marked, err = l.MarkPrinting(ctx, r.Code, noon)
			case 1:
				err = l.MarkPrinted(ctx, r.Code, noon)
			case 2:
				err = l.MarkUnconfirmed(ctx, r.Code, noon)
			case 3:
				err = l.MarkFailed(ctx, r.Code, noon)
			case 4:
				marked, err = l.Reprint(ctx, r.Code, noon)
			case 5:
				_, err = l.Recover(ctx, noon)
			case 6:
				err = l.MarkInterrupted(ctx, r.Code, noon)
			}
			wantMarked, ok := m.step(c % 7)
			if ok != (err == nil) || !ok && !errors.Is(err, ErrMove) || marked != wantMarked {
				t.Fatalf("call %d (%d): marked %v, %v; model allows %v, marked %v", i, c%7, marked, err, ok, wantMarked)
			}
			got, err := l.Get(ctx, r.Code)
			if err != nil || got.State != m.state || got.Attempts != m.attempts {
				t.Fatalf("call %d: %s, %d attempts, %v; model %+v", i, got.State, got.Attempts, err, m)
			}
		}
		jobs, err := l.Jobs(ctx, 100)
		if err != nil || len(jobs) != max(m.attempts, 1) && len(jobs) != m.attempts+1 {
			t.Fatalf("%d jobs, %v, of %d attempts", len(jobs), err, m.attempts)
		}
		for i, j := range jobs {
			if j.Ended.IsZero() != (i == 0 && (m.state == kiosk.Issued || m.state == kiosk.Printing)) {
				t.Fatalf("job %d of %+v is open in state %s", i, jobs, m.state)
			}
		}
		p, err := l.Pending(ctx, 100)
		if err != nil || len(p) != 1+m.told {
			t.Fatalf("%d records, %v; want %d", len(p), err, 1+m.told)
		}
	})
}

type model struct {
	state    kiosk.ReferralState
	attempts int
	told     int
	ink      bool
}

func (m *model) step(call byte) (marked, ok bool) {
	end := func(s kiosk.ReferralState) { m.state = s; m.told++; m.ink = m.ink || s != kiosk.Failed }
	switch m.state {
	case kiosk.Printing:
		switch call {
		case 1:
			end(kiosk.Printed)
		case 2, 5, 6:
			end(kiosk.Unconfirmed)
		case 3:
			end(kiosk.Failed)
		default:
			return false, false
		}
		return false, true
	case kiosk.Issued:
		if call == 5 {
			end(kiosk.Failed)
			return false, true
		}
		if call != 0 {
			return false, false
		}
	case kiosk.Printed:
		if call == 5 {
			return false, true
		}
		if call != 4 {
			return false, false
		}
	default:
		if call == 5 {
			return false, true
		}
		if call != 0 && call != 4 {
			return false, false
		}
	}
	m.state = kiosk.Printing
	m.attempts++
	return m.ink, true
}
