package people

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"jobhome/sync/hub/hubdb"
)

func fill(t *testing.T, p *People, c *clock, n int) {
	t.Helper()
	for i := range n {
		c.forward(time.Second)
		e := Entry{Actor: "wang", Action: "posting.revoke", Subject: fmt.Sprint("P", i), Note: "收费"}
		if err := p.Log(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
}

func tamper(t *testing.T, p *People, statements ...string) {
	t.Helper()
	err := p.db.Update(t.Context(), func(tx *hubdb.Tx) error {
		for _, s := range statements {
			if _, err := tx.Exec(t.Context(), s); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever is changed afterwards is found, at the entry where it begins.
func TestTamperingShows(t *testing.T) {
	cases := []struct {
		name, how string
		broken    int64
		why       string
	}{
		{"nothing", `UPDATE people_audit SET note = note`, 0, ""},
		{"the note", `UPDATE people_audit SET note = 'x' WHERE seq = 3`, 3, "hash"},
		{"the actor", `UPDATE people_audit SET actor = 'li' WHERE seq = 4`, 4, "hash"},
		{"words moved to the next field", `UPDATE people_audit SET actor = 'wan', action = 'gposting.revoke' WHERE seq = 4`, 4, "hash"},
		{"the time", `UPDATE people_audit SET at = at + 1 WHERE seq = 5`, 5, "hash"},
		{"the hash", `UPDATE people_audit SET hash = 'ff' WHERE seq = 6`, 6, "hash"},
		{"one is missing", `DELETE FROM people_audit WHERE seq = 4`, 4, "gap"},
		{"the first is missing", `DELETE FROM people_audit WHERE seq = 1`, 1, "gap"},
		{"the end is missing", `DELETE FROM people_audit WHERE seq > 6`, 7, "head"},
		{"the head", `UPDATE people_audit_head SET seq = 7`, 9, "head"},
		{"one too many", `INSERT INTO people_audit VALUES (9, 0, 'li', 'x', '', '', 'ff')`, 9, "hash"},
	}
	each(t, func(t *testing.T, p *People, k *clock) {
		for _, c := range cases {
			tamper(t, p, `DELETE FROM people_audit`, `UPDATE people_audit_head SET seq = 0, hash = ''`)
			fill(t, p, k, 8)
			tamper(t, p, c.how)
			v, err := p.Verify(t.Context())
			if err != nil || v.Broken != c.broken || v.Why != c.why || v.Whole() != (c.broken == 0) {
				t.Errorf("%s: %+v, %v; want %d, %s", c.name, v, err, c.broken, c.why)
			}
		}
	})
}

// Whoever can write the whole database can make a log that fits itself. A mark
// that was kept elsewhere shows it.
func TestMarksShowARewrittenLog(t *testing.T) {
	each(t, func(t *testing.T, p *People, k *clock) {
		fill(t, p, k, 5)
		v, err := p.Verify(t.Context())
		if err != nil || !v.Whole() || v.Entries != 5 || v.Head.Seq != 5 {
			t.Fatalf("%+v, %v", v, err)
		}
		mark, err := ParseMark(v.Head.String())
		if err != nil || mark != v.Head {
			t.Fatalf("a mark reads back as %v, %v", mark, err)
		}
		fill(t, p, k, 2)
		if v, err := p.Verify(t.Context(), mark); err != nil || !v.Whole() {
			t.Errorf("a log that went on: %+v, %v", v, err)
		}
		tamper(t, p, `DELETE FROM people_audit`, `UPDATE people_audit_head SET seq = 0, hash = ''`)
		if v, err := p.Verify(t.Context(), mark); err != nil || v.Whole() || v.Why != "mark" {
			t.Errorf("an emptied log: %+v, %v", v, err)
		}
		fill(t, p, k, 7)
		if v, err := p.Verify(t.Context()); err != nil || !v.Whole() {
			t.Errorf("the test's own log does not fit: %+v, %v", v, err)
		}
		if v, err := p.Verify(t.Context(), mark); err != nil || v.Broken != 5 || v.Why != "mark" {
			t.Errorf("a log written anew: %+v, %v", v, err)
		}
	})
	for _, bad := range []string{"", "5", "5:", "5:ff", "0:" + strings.Repeat("0", 64), "x:" + strings.Repeat("0", 64)} {
		if m, err := ParseMark(bad); err == nil {
			t.Errorf("%q is read as %v", bad, m)
		}
	}
}

// Writers at the same time get numbers without a gap and a chain that fits.
func TestLogTogether(t *testing.T) {
	each(t, func(t *testing.T, p *People, _ *clock) {
		var all sync.WaitGroup
		for w := range 4 {
			all.Go(func() {
				for i := range 5 {
					if err := p.Log(t.Context(), Entry{Actor: fmt.Sprint("w", w), Action: "x", Subject: fmt.Sprint(i)}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if v, err := p.Verify(t.Context()); err != nil || !v.Whole() || v.Entries != 20 {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// What is undone leaves no entry, and an entry that cannot be written undoes
// what it tells of.
func TestLogStandsOrFalls(t *testing.T) {
	each(t, func(t *testing.T, p *People, _ *clock) {
		failed := errors.New("x")
		err := p.db.Update(t.Context(), func(tx *hubdb.Tx) error {
			return errors.Join(p.Append(t.Context(), tx, Entry{Actor: "wang", Action: "x"}), failed)
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		for _, bad := range []Entry{{}, {Actor: "x"}, {Action: "x"}} {
			if err := p.Log(t.Context(), bad); !errors.Is(err, ErrEntry) {
				t.Errorf("%.40v: %v", bad, err)
			}
		}
		if v, err := p.Verify(t.Context()); err != nil || !v.Whole() || v.Entries != 0 || v.Head.Seq != 0 {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

// Whatever is said, it is written: long texts are cut, broken ones mended.
func TestAnyWordsAreWritten(t *testing.T) {
	each(t, func(t *testing.T, p *People, _ *clock) {
		for _, note := range []string{strings.Repeat("岗位 ", 5000), "a\x00b", "\xff\xfe"} {
			if err := p.Log(t.Context(), Entry{Actor: "wang", Action: "x", Subject: note, Note: note}); err != nil {
				t.Errorf("%.10q: %v", note, err)
			}
		}
		all, err := p.Entries(t.Context(), Filter{})
		if err != nil || len(all) != 3 || len(all[2].Note) > 2000 || !strings.HasSuffix(all[2].Note, "… (35000)") || all[1].Note != "a?b" {
			t.Errorf("%.200v, %v", all, err)
		}
		if v, err := p.Verify(t.Context()); err != nil || !v.Whole() {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

func TestEntries(t *testing.T) {
	each(t, func(t *testing.T, p *People, k *clock) {
		fill(t, p, k, 5)
		for _, e := range []Entry{{Actor: "li", Action: "posting.approve", Subject: "P1"}, {Actor: "li", Action: "postings", Subject: "P9"}} {
			if err := p.Log(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct {
			f    Filter
			want string
		}{
			{Filter{}, "7 6 5 4 3 2 1"},
			{Filter{Limit: 2}, "7 6"},
			{Filter{Limit: 2, Before: 6}, "5 4"},
			{Filter{Actor: "li"}, "7 6"},
			{Filter{Action: "posting."}, "6 5 4 3 2 1"},
			{Filter{Action: "posting.approve"}, "6"},
			{Filter{Subject: "P1", Actor: "wang"}, "2"},
			{Filter{Actor: "' OR 1 = 1"}, ""},
		} {
			all, err := p.Entries(t.Context(), c.f)
			var got []string
			for _, e := range all {
				got = append(got, fmt.Sprint(e.Seq))
			}
			if s := strings.Join(got, " "); err != nil || s != c.want {
				t.Errorf("%+v: %s, %v; want %s", c.f, s, err, c.want)
			}
		}
	})
}

func TestBlackOut(t *testing.T) {
	for in, want := range map[string]string{
		"打了13800138000没人接":            "打了***没人接",
		"138 0013 8000、138-0013-8000": "***、***",
		"+86 13800138000":             "***",
		"座机0792-4341234和079243412345": "座机***和***",
		"身份证36048219900101123X":       "身份证***",
		"360482001001":                "360482001001", // an area
		"91360482MA35HQ4K1W":          "91360482MA35HQ4K1W",
		"P20261125001":                "P20261125001",
		"月薪5000-8000元，招12人":           "月薪5000-8000元，招12人",
	} {
		if got := blackOut(in); got != want {
			t.Errorf("%s: %s, not %s", in, got, want)
		}
	}
	each(t, func(t *testing.T, p *People, _ *clock) {
		err := p.Log(t.Context(), Entry{Actor: "wang", Action: "x", Subject: "13800138000", Note: "打13900139000"})
		if all := dump(t, p); err != nil || strings.Contains(all, "138001") || strings.Contains(all, "139001") {
			t.Errorf("a number is in the log: %v, %s", err, all)
		}
		if v, err := p.Verify(t.Context()); err != nil || !v.Whole() {
			t.Errorf("the hash is over other words than those that are kept: %+v, %v", v, err)
		}
	})
}

func TestPrune(t *testing.T) {
	each(t, func(t *testing.T, p *People, k *clock) {
		ctx := t.Context()
		fill(t, p, k, 5)
		old := k.now()
		mark := Mark{}
		if v, err := p.Verify(ctx); err == nil {
			mark = v.Head
		}
		k.forward(KeepAudit)
		fill(t, p, k, 3)
		if _, err := p.Prune(ctx, Console, k.now().Add(-KeepAudit+time.Second)); !errors.Is(err, ErrKeep) {
			t.Errorf("younger than six months: %v", err)
		}
		if _, err := p.Prune(ctx, Account{Role: City, ID: "x"}, old); !errors.Is(err, ErrNotYours) {
			t.Errorf("by an account: %v", err)
		}
		n, err := p.Prune(ctx, Console, old)
		if err != nil || n != 4 {
			t.Fatalf("%d entries went, %v; four are older than the fifth", n, err)
		}
		v, err := p.Verify(ctx, mark, Mark{Seq: 1, Hash: strings.Repeat("0", 64)})
		if err != nil || !v.Whole() || v.From != 5 || v.Entries != 5 {
			t.Errorf("%+v, %v", v, err)
		}
		tamper(t, p, `UPDATE people_audit SET note = 'x' WHERE seq = 7`)
		k.forward(2 * KeepAudit)
		if _, err := p.Prune(ctx, Console, k.now().Add(-KeepAudit)); err == nil {
			t.Error("a log that does not fit was pruned, which would hide it")
		}
	})
}
