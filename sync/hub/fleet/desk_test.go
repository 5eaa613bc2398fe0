package fleet

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	mrand "math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/sync/hub/hubdb"
	"jobhome/sync/record"
	"jobhome/sync/trust"
	"jobhome/sync/wire"
)

const phone = "13800138000"

func TestCallBack(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		ctx := t.Context()
		k := h.enrol("360482001")
		k.send(k.batch(k.call(phone)))
		if err := h.AddCall(ctx, kiosk.Request{Posting: "p-2", Site: "360482001", Phone: "079288888888", Consent: "call.consent", At: noon}); err != nil {
			t.Fatal(err)
		}
		calls, err := h.Calls(ctx, Scope{Area: "3604"}, true, 10)
		if err != nil || len(calls) != 2 || calls[0].Posting != "p-1" || calls[0].Terminal != k.id || calls[1].Terminal != "" || calls[0].Opened != 0 {
			t.Fatalf("calls %+v, %v", calls, err)
		}
		id := calls[0].ID
		if got, err := h.OpenCall(ctx, "36", id, "li"); err != nil || got != phone {
			t.Errorf("told %q, %v", got, err)
		}
		if got, err := h.OpenCall(ctx, "", calls[1].ID, "li"); err != nil || got != "079288888888" {
			t.Errorf("told %q, %v", got, err)
		}
		_, err = h.OpenCall(ctx, "37", id, "wang")
		refused(t, "another area's staff", err, ErrUnknown)
		h.deny = errors.New("the log is full")
		got, err := h.OpenCall(ctx, "36", id, "li")
		refused(t, "not audited", err, h.deny)
		if got != "" || len(h.audit) != 3 || h.audit[0] != fmt.Sprintf("li call.open %d", id) {
			t.Errorf("told %q, audit %q", got, h.audit)
		}
		h.deny = nil
		h.phonesAreNowhere(phone, "079288888888")

		refused(t, "no answer", h.CloseCall(ctx, id, NoAnswer, "li"), ErrInvalid)
		refused(t, "no request", h.CloseCall(ctx, 99, Reached, "li"), ErrUnknown)
		if err := errors.Join(h.CloseCall(ctx, id, Reached, "li"), h.CloseCall(ctx, calls[1].ID, Withdrawn, "li")); err != nil {
			t.Fatal(err)
		}
		_, err = h.OpenCall(ctx, "", calls[1].ID, "li")
		refused(t, "withdrawn", err, ErrForgotten)
		sweep := func(d time.Duration) error {
			h.wait(d)
			if err := h.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			_, err := h.OpenCall(ctx, "", id, "li")
			return err
		}
		if err := sweep(30 * 24 * time.Hour); err != nil {
			t.Errorf("forgotten too early: %v", err)
		}
		refused(t, "after its time", sweep(time.Hour), ErrForgotten)
		if open, err := h.Calls(ctx, Scope{}, true, 10); err != nil || len(open) != 0 {
			t.Errorf("open %+v, %v", open, err)
		}
		if all, err := h.Calls(ctx, Scope{}, false, 10); err != nil || len(all) != 2 || !all[0].Forgotten || all[0].Answer != Reached || all[0].Opened != 3 {
			t.Errorf("all %+v, %v", all, err)
		}
	})
}

// A request that nobody closes is not kept for ever.
func TestOpenCallIsForgotten(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		k.send(k.batch(k.call(phone)))
		h.wait(181 * 24 * time.Hour)
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		calls, err := h.Calls(t.Context(), Scope{}, true, 9)
		if err != nil || len(calls) != 1 || !calls[0].Forgotten {
			t.Errorf("%+v, %v", calls, err)
		}
	})
}

// phonesAreNowhere reads every column of every table of the fleet as text.
func (h *hub) phonesAreNowhere(phones ...string) {
	h.t.Helper()
	for _, table := range []string{
		"fleet_site", "fleet_terminal", "fleet_revoked", "fleet_code", "fleet_incarnation", "fleet_record", "fleet_referral",
		"fleet_callback", "fleet_complaint", "fleet_said", "fleet_survey", "fleet_count", "fleet_empty",
	} {
		err := h.db.View(h.t.Context(), func(tx *hubdb.Tx) error {
			rows, err := tx.Query(h.t.Context(), "SELECT * FROM "+table)
			if err != nil {
				return err
			}
			defer func() { _ = rows.Close() }()
			names, _ := rows.Columns()
			for rows.Next() {
				values, into := make([]any, len(names)), make([]any, len(names))
				for i := range values {
					into[i] = &values[i]
				}
				if err := rows.Scan(into...); err != nil {
					return err
				}
				for i, v := range values {
					for _, p := range phones {
						if b, _ := v.([]byte); strings.Contains(fmt.Sprint(v), p) || bytes.Contains(b, []byte(p)) {
							h.t.Errorf("%s.%s holds a phone number in clear", table, names[i])
						}
					}
				}
			}
			return rows.Err()
		})
		if err != nil {
			h.t.Fatal(err)
		}
	}
}

func TestStatus(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		tell := func(s record.Status) Terminal {
			b := k.batch()
			b.Status, _ = json.Marshal(s)
			k.send(b)
			list, err := h.Terminals(t.Context(), "3604")
			if err != nil || len(list) != 1 {
				t.Fatalf("%+v, %v", list, err)
			}
			return list[0]
		}
		s := record.Status{
			At: noon, Program: "1.4", Boot: 100, Board: wire.Version{Epoch: 1, N: 7}, Backlog: 3, Poison: 1,
			Devices: map[string]string{"printer": "paper-out"}, Counters: map[string]int64{"visits": 10, "prints": 4, "Bad Name": 1, "drop": -5},
			Empty: []string{"  焊工 夜班", "焊工 夜班", "13800138000", strings.Repeat("长", 33)},
		}
		got := tell(s)
		if got.Lag != 2 || got.Boots != 1 || got.Stale || got.Stick || got.Status.Devices["printer"] != "paper-out" || got.Status.Backlog != 3 ||
			got.Status.Program != "1.4" || !got.Seen.Equal(noon) || len(got.Status.Empty) != 0 {
			t.Errorf("%+v", got)
		}
		h.wait(time.Hour)
		tell(s)                                                                         // repeated: nothing is counted twice
		tell(record.Status{At: noon.Add(-time.Hour), Boot: 99})                         // an older one
		s.At, s.Counters = h.clock(), map[string]int64{"visits": 13}                    // three more
		tell(s)                                                                         //
		s.At, s.Boot, s.Counters = h.clock().Add(1), 200, map[string]int64{"visits": 2} // begun anew
		h.wait(time.Minute)
		s.At = h.clock()
		s.Board.Epoch = 2
		if got = tell(s); got.Boots != 2 || got.Lag != -1 {
			t.Errorf("%+v", got)
		}
		counts := map[string]int{}
		err := h.db.View(t.Context(), func(tx *hubdb.Tx) error {
			return tx.Each(t.Context(), func(scan func(...any) error) error {
				var name string
				var n int
				err := scan(&name, &n)
				counts[name] = n
				return err
			}, `SELECT name, n FROM fleet_count`)
		})
		if err != nil || len(counts) != 3 || counts["visits"] != 15 || counts["prints"] != 4 || counts[heard] != 3 {
			t.Errorf("counted %v, %v", counts, err)
		}
		if n := h.count("fleet_empty"); n != 1 {
			t.Errorf("%d searches are kept, want one", n)
		}
		h.wait(27 * time.Hour)
		if list, _ := h.Terminals(t.Context(), ""); !list[0].Stale {
			t.Error("not stale")
		}
	})
}

func TestEmptySearchesFromFiveOn(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		ks := []*term{h.enrol("360482001"), h.enrol("360482001")}
		for d := range 4 {
			for i, k := range ks {
				b := k.batch()
				words := []string{"叉车"}
				if i == 0 {
					words = append(words, "张三")
				}
				b.Status, _ = json.Marshal(record.Status{At: h.clock(), Boot: 1, Empty: words})
				k.send(b)
			}
			got, err := h.EmptySearches(t.Context(), Scope{Area: "36", From: noon, To: noon.AddDate(0, 1, 0)}, 10)
			if want := d >= 2; err != nil || (len(got) == 1) != want || want && (got[0].Words != "叉车" || got[0].Times != 2*(d+1)) {
				t.Errorf("after %d days: %+v, %v", d+1, got, err)
			}
			h.wait(24 * time.Hour)
		}
	})
}

func TestEvaluate(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		h.site("A", "360482", kiosk.TierTown)
		h.site("B", "360483", kiosk.TierTown)
		h.site("C", "370101", kiosk.TierTown)
		for site, n := range map[string]int{"360482001": 2, "A": 7, "B": 9, "C": 50} {
			k := h.enrol(site)
			var r []record.Record
			for range n {
				c := code(t)
				r = append(r, k.referral(c), k.rating(c, kiosk.Good), k.call(phone))
			}
			b := k.batch(r...)
			b.Status, _ = json.Marshal(record.Status{At: noon, Boot: 1, Counters: map[string]int64{"visits": int64(n), "prints": 100, "searches": 0}})
			k.send(b)
		}
		calls, err := h.Calls(t.Context(), Scope{Area: "360483"}, true, 10)
		if err != nil || len(calls) != 9 {
			t.Fatalf("%d, %v", len(calls), err)
		}
		for _, c := range calls[:6] {
			if err := h.CloseCall(t.Context(), c.ID, Reached, "li"); err != nil {
				t.Fatal(err)
			}
		}
		e, err := h.Evaluate(t.Context(), "36", noon)
		if err != nil || len(e.Sites) != 3 || len(e.Tiers) != 1 {
			t.Fatalf("%+v, %v", e, err)
		}
		got := map[string]string{}
		for _, r := range append(e.Sites, e.Tiers...) {
			var cells []string
			for _, c := range r.Cells {
				cells = append(cells, c.String())
			}
			got[r.Site] = fmt.Sprint(r.Terminals, r.Days, cells)
		}
		for site, want := range map[string]string{
			"360482001": "1 1 [<5 0 100 <5 <5 0 <5 <5]",
			"A":         "1 1 [<5 0 100 <5 <5 0 <5 <5]", // or 18 - 9 - 7 would tell the 2
			"B":         "1 1 [9 0 100 9 9 6 9 9]",
			"":          "3 3 [18 0 300 18 18 6 18 18]",
		} {
			if got[site] != want {
				t.Errorf("site %q: %s, want %s", site, got[site], want)
			}
		}
		if e, err = h.Evaluate(t.Context(), "", noon.AddDate(0, 1, 0)); err != nil || e.Sites[0].Cells[Referrals].N != 0 || e.Sites[0].Days != 0 {
			t.Errorf("another month: %+v, %v", e, err)
		}
		if _, err := h.Evaluate(t.Context(), "%", noon); !errors.Is(err, ErrInvalid) {
			t.Errorf("a pattern passed for an area: %v", err)
		}
	})
}

// Nobody who sees the cells that are shown, and the sum, can tell one that is
// hidden: at least two assignments of it fit.
func TestHiddenCellsCannotBeComputed(t *testing.T) {
	dice := mrand.New(mrand.NewPCG(1, 2))
	for range 20_000 {
		cells := make([]Cell, 1+dice.IntN(6))
		real := make([]int, len(cells))
		for i := range cells {
			real[i] = dice.IntN(1 + dice.IntN(20))
			cells[i].N = real[i]
		}
		sum := hide(cells)
		hidden, together, total := 0, 0, 0
		for i, c := range cells {
			total += real[i]
			switch {
			case c.Hidden:
				hidden++
				together += real[i]
				if c.N != 0 {
					t.Fatalf("%v: a hidden cell still has its number", real)
				}
			case c.N != real[i] || c.N > 0 && c.N < K:
				t.Fatalf("%v: %v", real, cells)
			}
		}
		if !sum.Hidden && (sum.N != total || hidden == 1 || hidden > 0 && together < K) {
			t.Fatalf("%v: %v with sum %v tells what is hidden", real, cells, sum)
		}
	}
}

func TestComplaints(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		k := h.enrol("360482001")
		bad := func(why kiosk.Complaint) record.Record {
			return k.sealed(record.Bad, fields{"v": 1, "posting": "p-1", "why": why, "at": noon})
		}
		k.send(k.batch(bad(kiosk.FeePosting), bad(kiosk.FeePosting), bad(kiosk.FilledPosting), k.sealed(record.Survey, fields{"v": 1, "q": "a"})))
		list, err := h.Complaints(t.Context(), Scope{Area: "36"}, 10)
		if err != nil || len(list) != 2 || list[0].Why != kiosk.FeePosting || list[0].Times != 2 || list[0].Sites != 1 || !list[0].Last.Equal(noon) {
			t.Errorf("%+v, %v", list, err)
		}
		n := 0
		err = h.Surveys(t.Context(), Scope{}, func(site string, answers json.RawMessage) error {
			n++
			if site != "360482001" || string(answers) != `{"q":"a","v":1}` {
				t.Errorf("%s: %s", site, answers)
			}
			return nil
		})
		if err != nil || n != 1 {
			t.Errorf("%d surveys, %v", n, err)
		}
	})
}

func TestStick(t *testing.T) {
	each(t, func(t *testing.T, h *hub) {
		dir, outside := t.TempDir(), t.TempDir()
		a, b := h.enrol("360482001"), h.enrol("360482001")
		write := func(name string, e trust.Envelope) {
			text, err := e.Write()
			if err == nil {
				err = os.MkdirAll(filepath.Dir(name), 0o755)
			}
			if err == nil {
				err = os.WriteFile(name, text, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		up := func(k *term, name string) string { return filepath.Join(dir, "up", k.id, name) }
		write(up(a, "x-1-2.json"), a.sign(a.batch(a.referral(code(t)), a.referral(code(t)))))
		write(up(a, "x-3-3.json"), a.sign(a.batch(a.referral(code(t)))))
		write(up(b, "of-a.json"), a.sign(a.batch(a.referral(code(t)))))
		write(filepath.Join(outside, "out.json"), b.sign(b.batch(b.referral(code(t)))))
		if err := os.Symlink(filepath.Join(outside, "out.json"), up(b, "link.json")); err != nil {
			t.Fatal(err)
		}
		_ = os.WriteFile(up(b, "half.json"), []byte(`{"payloadType":`), 0o600)
		for round := range 2 {
			var good, bad []string
			err := h.Stick(t.Context(), dir, func(path string, err error) {
				if err != nil {
					bad = append(bad, filepath.Base(path))
				} else {
					good = append(good, filepath.Base(path))
				}
			})
			if err != nil || strings.Join(good, " ") != "x-1-2.json x-3-3.json" || strings.Join(bad, " ") != "half.json link.json of-a.json" {
				t.Fatalf("good %q, bad %q, %v", good, bad, err)
			}
			acks, _ := filepath.Glob(filepath.Join(dir, "down", a.id, "ack-*.json"))
			all, _ := filepath.Glob(filepath.Join(dir, "down", "*", "*"))
			if len(acks) != 2*(round+1) || len(all) != len(acks) {
				t.Fatalf("acks %v of %v", acks, all)
			}
			text, _ := os.ReadFile(acks[len(acks)-1])
			e, err := trust.ReadEnvelope(text)
			if err != nil {
				t.Fatal(err)
			}
			if ack := h.read(e); ack.Watermark != 3 || ack.Kiosk != a.id {
				t.Errorf("ack %+v", ack)
			}
			h.wait(time.Minute)
		}
		if n := h.count("fleet_referral"); n != 3 {
			t.Errorf("%d referrals", n)
		}
		list, _ := h.Terminals(t.Context(), "")
		if !list[0].Stick {
			t.Errorf("%+v", list[0])
		}
	})
}
