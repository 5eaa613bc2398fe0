package ledger

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/internal/sqlite"
)

// marks is a Sealer whose sealed bytes say what they are bound to.
type marks struct {
	key  string
	fail func() error
}

func (m marks) Seal(incarnation string, seq uint64, kind string, payload []byte) (string, []byte, error) {
	if m.fail != nil {
		if err := m.fail(); err != nil {
			return "", nil, err
		}
	}
	sum := 0
	for _, b := range payload {
		sum += int(b)
	}
	return m.key, fmt.Appendf(nil, "%s %d %s %d", incarnation, seq, kind, sum), nil
}

func pending(t testing.TB, l *Ledger) []Record {
	t.Helper()
	p, err := l.Pending(t.Context(), 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// A hub waits for the number behind the last, so a number that a transaction
// took with it when it was undone would hold up the terminal for ever.
func TestNumbersHaveNoGap(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	dice := mrand.New(mrand.NewPCG(3, 4))
	no := errors.New("no")
	if err := l.SealWith(ctx, marks{"k", func() error {
		if dice.IntN(4) == 0 {
			return no
		}
		return nil
	}}); err != nil {
		t.Fatal(err)
	}
	written, undone, delivered := 0, 0, uint64(0)
	for range 400 {
		var err error
		switch dice.IntN(4) {
		case 0:
			err = l.Request(ctx, kiosk.Request{Posting: "p", Site: "s", Phone: "13800138000", Consent: "c", At: noon})
		case 1: // undone behind what it wrote
			_ = l.tx(ctx, func(tx *writing) error {
				_ = tx.send(ctx, kindBad, noon, complaint{})
				_ = tx.send(ctx, kindBad, noon, complaint{})
				return no
			})
			err = no
		case 2: // the context ends in the middle
			ctx, cancel := context.WithCancel(ctx)
			err = l.tx(ctx, func(tx *writing) error {
				err := tx.send(ctx, kindBad, noon, complaint{})
				cancel()
				return err
			})
		case 3:
			_, err = l.Issue(ctx, draft(), rand.Reader)
		}
		if err != nil {
			undone++
		} else {
			written++
		}
		if dice.IntN(10) == 0 {
			p := pending(t, l)
			for i, r := range p {
				if r.Seq != delivered+1+uint64(i) {
					t.Fatalf("record %d of %d behind %d has the number %d", i, len(p), delivered, r.Seq)
				}
			}
			if int(delivered)+len(p) != written {
				t.Fatalf("%d records for %d transactions", int(delivered)+len(p), written)
			}
			delivered += uint64(dice.IntN(len(p) + 1))
			if err := l.Delivered(ctx, delivered); err != nil {
				t.Fatal(err)
			}
		}
	}
	if written < 100 || undone < 100 {
		t.Fatalf("%d written, %d undone: the test tells nothing", written, undone)
	}
}

func TestIncarnation(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	seen := map[string]bool{}
	for range 2 {
		l, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		seen[l.Incarnation()] = true
		_ = l.Close()
	}
	seen[open(t).Incarnation()] = true
	if len(seen) != 2 || seen[""] {
		t.Errorf("one ledger opened twice, and another: %v", seen)
	}
}

// What waits in clear is sealed when the key comes, and keeps its place.
func TestSealWith(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	for range 250 {
		issue(t, l)
	}
	if err := l.Quarantine(ctx, 3, "bad-payload"); err != nil {
		t.Fatal(err)
	}
	plain := pending(t, l)
	if plain[0].Key != "" || !json.Valid(plain[0].Payload) {
		t.Fatalf("without a sealer: %+v", plain[0])
	}
	no, calls := errors.New("no"), 0
	if err := l.SealWith(ctx, marks{"a", func() error {
		if calls++; calls == 200 {
			return no
		}
		return nil
	}}); !errors.Is(err, no) {
		t.Fatal(err)
	}
	issue(t, l)
	if p := pending(t, l); p[0].Key != "" || p[250].Key != "" {
		t.Error("a sealer that failed has sealed")
	}
	if err := l.SealWith(ctx, marks{"", nil}); err == nil {
		t.Error("a sealer without a key was taken")
	}
	for _, key := range []string{"a", "b"} { // the second one finds nothing in clear
		if err := l.SealWith(ctx, marks{key, nil}); err != nil {
			t.Fatal(err)
		}
	}
	issue(t, l)
	p := pending(t, l)
	for i, r := range p {
		want := fmt.Sprintf("%s %d %s ", l.Incarnation(), r.Seq, r.Kind)
		key := "a"
		if i == len(p)-1 {
			key = "b"
		}
		if r.Kind == kindVoid && r.Seq == 3 {
			continue
		}
		if r.Key != key || !strings.HasPrefix(string(r.Payload), want) || r.Seq != uint64(i+1) {
			t.Fatalf("record %d: key %s, %s", r.Seq, r.Key, r.Payload)
		}
	}
	if len(p) != 252 {
		t.Errorf("%d records", len(p))
	}
}

func TestQuarantine(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	for range 3 {
		issue(t, l)
	}
	before := pending(t, l)
	for range 2 {
		if err := errors.Join(l.Quarantine(ctx, 2, "bad-payload"), l.Quarantine(ctx, 99, "bad-payload")); err != nil {
			t.Fatal(err)
		}
	}
	after := pending(t, l)
	if len(after) != 3 || after[1].Seq != 2 || after[1].Kind != "void" || after[1].Key != "" ||
		string(after[1].Payload) != `{"v":1,"why":"bad-payload","at":"2026-11-23T12:00:00.123Z"}` {
		t.Errorf("in its place: %+v, %s", after, after[1].Payload)
	}
	if err := l.Delivered(ctx, 3); err != nil {
		t.Fatal(err)
	}
	q, err := l.Quarantined(ctx, 10)
	if err != nil || len(q) != 1 || q[0].Why != "bad-payload" || q[0].Seq != 2 || !bytes.Equal(q[0].Payload, before[1].Payload) {
		t.Errorf("put aside: %+v, %v", q, err)
	}
	if pending, aside, err := l.Backlog(ctx); pending != 0 || aside != 1 || err != nil {
		t.Errorf("backlog %d, %d aside, %v", pending, aside, err)
	}
}

func TestComplainAndSurvey(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	b := kiosk.BadPosting{Posting: "p-1", Site: "s-1", Why: kiosk.FeePosting, At: noon}
	if err := l.Complain(ctx, b); err != nil {
		t.Fatal(err)
	}
	if err := l.Survey(ctx, []byte(`{"v": 1, "survey": "s", "answers": {"q1": "a"}}`), noon); err != nil {
		t.Fatal(err)
	}
	p := pending(t, l)
	for i, want := range []string{
		`{"v":1,"posting":"p-1","site":"s-1","why":"fee","at":"2026-11-23T12:00:00.123Z"}`,
		`{"v":1,"survey":"s","answers":{"q1":"a"}}`,
	} {
		if string(p[i].Payload) != want || p[i].Kind != []string{"bad", "survey"}[i] {
			t.Errorf("%s: %s", p[i].Kind, p[i].Payload)
		}
	}
	b.Why = "ugly"
	if l.Complain(ctx, b) == nil {
		t.Error("a complaint that is none was taken")
	}
	for _, payload := range []string{"", "[]", `{"v":0}`, `{"v":1}{`, `{"v":1,"x":"` + strings.Repeat("x", mostSurvey) + `"}`} {
		if l.Survey(ctx, []byte(payload), noon) == nil {
			t.Errorf("a survey of %.20q was taken", payload)
		}
	}
	if len(pending(t, l)) != 2 {
		t.Error("what was refused was written")
	}
}

func TestOutcomes(t *testing.T) {
	l := open(t)
	ctx := t.Context()
	a, b := issue(t, l), issue(t, l)
	if o, at, err := l.Outcome(ctx, a.Code); o != kiosk.NoOutcome || !at.IsZero() || err != nil {
		t.Errorf("before any word: %q, %v, %v", o, at, err)
	}
	if _, _, err := l.Outcome(ctx, "2222222222"); !errors.Is(err, ErrUnknown) {
		t.Errorf("of an unknown referral: %v", err)
	}
	later := noon.Add(time.Hour)
	for _, notes := range [][]Note{
		{{a.Code, kiosk.Interviewed, later}, {"2222222222", kiosk.Hired, noon}},
		{{a.Code, kiosk.Contacted, noon}}, // an older word comes late
	} {
		if err := l.SetOutcomes(ctx, notes...); err != nil {
			t.Fatal(err)
		}
	}
	if o, at, err := l.Outcome(ctx, a.Code); o != kiosk.Interviewed || !at.Equal(later) || err != nil {
		t.Errorf("%q, %v, %v", o, at, err)
	}
	if _, _, err := l.Outcome(ctx, "2222222222"); !errors.Is(err, ErrUnknown) {
		t.Errorf("a foreign referral was kept: %v", err)
	}
	if l.SetOutcomes(ctx, Note{b.Code, "promoted", noon}) == nil || l.SetOutcomes(ctx, Note{b.Code, kiosk.NoOutcome, noon}) == nil {
		t.Error("an outcome that is none was taken")
	}
	awaited := func(since time.Time, after kiosk.Code, limit int) []kiosk.Code {
		list, err := l.Awaited(ctx, since, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	first := awaited(noon, "", 1)
	if len(first) != 1 || len(awaited(noon, first[0], 5)) != 1 || len(awaited(noon.Add(time.Second), "", 5)) != 0 {
		t.Errorf("awaited: %v first", first)
	}
	if err := l.SetOutcomes(ctx, Note{a.Code, kiosk.Filled, later}); err != nil {
		t.Fatal(err)
	}
	if left := awaited(noon, "", 5); len(left) != 1 || left[0] != b.Code {
		t.Errorf("the last word about one is said, awaited: %v", left)
	}
}

// A ledger of the second version, whose outbox was plain and had lost its first
// records, goes on under a new name and from number 1.
func TestLedgerOfTheSecondVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	db, err := sqlite.Open(path, sqlite.Opts{Synchronous: sqlite.Full})
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlite.Migrate(t.Context(), db, schema[:2]); err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{
		`INSERT INTO outbox (kind, payload, created) VALUES ('referral','{"v":1,"n":1}',1),('state','{"v":1,"n":2}',2),('rating','{"v":1,"n":3}',3)`,
		`DELETE FROM outbox WHERE id = 1`,
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	_ = db.Close()
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	issue(t, l)
	var got []string
	for _, r := range pending(t, l) {
		got = append(got, fmt.Sprintf("%d %s %.13s %d", r.Seq, r.Kind, r.Payload, r.Created.UnixMilli()))
	}
	want := `1 state {"v":1,"n":2} 2|2 rating {"v":1,"n":3} 3|3 referral {"v":1,"code" 1795435200123`
	if s := strings.Join(got, "|"); s != want {
		t.Errorf("records %s\nwant    %s", s, want)
	}
	if len(l.Incarnation()) != 32 {
		t.Errorf("incarnation %q", l.Incarnation())
	}
}
