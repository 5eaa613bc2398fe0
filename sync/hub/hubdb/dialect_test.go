package hubdb

import (
	"strings"
	"testing"
)

func TestRewrite(t *testing.T) {
	d := &dialect{words: postgresWords, numbered: true}
	for in, want := range map[string]string{
		`a = ? AND b = ?`:               `a = $1 AND b = $2`,
		`a = '?' AND "?" = ? -- ?`:      `a = '?' AND "?" = $1 -- ?`,
		`a = 'it''s ?' AND b = ?`:       `a = 'it''s ?' AND b = $1`,
		"-- ? it's\n? /* ? ' */ ?":      "-- ? it's\n$1 /* ? ' */ $2",
		`a {{like}} ?`:                  `a ILIKE $1`,
		`a = '{{like}}'`:                `a = '{{like}}'`,
		`岗 = ?`:                         `岗 = $1`,
		`'never closed ?`:               `'never closed ?`,
		`x {{without_rowid}};{{bool}}?`: `x ;BOOLEAN$1`,
	} {
		if got, err := d.query(in); err != nil || got != want {
			t.Errorf("%s\n%s, %v; want\n%s", in, got, err, want)
		}
	}
	for _, bad := range []string{`{{no}}`, `{{like`} {
		if got, err := d.query(bad); err == nil {
			t.Errorf("%s: %s", bad, got)
		}
	}
}

func TestBothDialectsHaveTheSameWords(t *testing.T) {
	for w := range sqliteWords {
		if _, ok := postgresWords[w]; !ok {
			t.Errorf("PostgreSQL has no {{%s}}", w)
		}
	}
	if len(sqliteWords) != len(postgresWords) {
		t.Errorf("%d words and %d", len(sqliteWords), len(postgresWords))
	}
}

// What is rewritten twice stays as it is, and no question mark is lost: it is
// quoted, or it has become a number.
func FuzzRewrite(f *testing.F) {
	f.Add(`SELECT '?' FROM a WHERE b = ? -- ?`)
	f.Add(`{{blob}} "?" /* ? */ ''`)
	d := &dialect{words: map[string]string{"blob": "BYTEA"}, numbered: true}
	f.Fuzz(func(t *testing.T, text string) {
		out, err := d.rewrite(text, true)
		if err != nil {
			return
		}
		again, err := d.rewrite(out, true)
		if !strings.Contains(out, "{{") && (err != nil || again != out) {
			t.Errorf("%q gives %q, then %q, %v", text, out, again, err)
		}
		if same, err := d.rewrite(text, false); err != nil || strings.Count(same, "?") < strings.Count(out, "?") {
			t.Errorf("%q gives %q and %q, %v", text, same, out, err)
		}
	})
}
