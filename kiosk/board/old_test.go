package board

import (
	"errors"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/internal/sqlite"
)

const insertPosting = `INSERT INTO posting (rowid, digest, arrived, ` + columns + `, description) VALUES (?,?,?,` +
	`?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`

// values are the posting's values in the order of columns, then the description.
func values(p *kiosk.Posting) []any {
	return []any{
		int(p.Certificates), p.ID, p.Title, p.Employer.Name, p.Employer.CreditCode, p.Occupation.Code, p.Occupation.Name,
		string(p.Channel), p.Headcount, string(p.Area), p.Address, p.Location.Lat, p.Location.Lon,
		int64(p.Pay.Min), int64(p.Pay.Max), string(p.Pay.Unit), p.Pay.Original, int64(p.Pay.EstMin), int64(p.Pay.EstMax),
		int(p.Education), p.Experience, int(p.Shifts), p.Hours, int(p.Benefits), p.Requirements,
		p.Contact.Person, p.Contact.Phone, p.Contact.Rule,
		seconds(p.Starts), seconds(p.Published), seconds(p.Refreshed), seconds(p.ValidThrough),
		p.Source.Name, p.Source.Ref, p.Description,
	}
}

// oldBoard writes postings as a program of an earlier schema wrote them, and
// between them rows that are gone when the schema had such.
func oldBoard(t *testing.T, version int, ps []kiosk.Posting) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "board.db")
	db, err := sqlite.Open(path, sqlite.Opts{Synchronous: sqlite.Normal})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	exec := func(text string, args ...any) {
		t.Helper()
		if _, err := db.Exec(text, args...); err != nil {
			t.Fatal(err)
		}
	}
	if err := sqlite.Migrate(t.Context(), db, schema[:version]); err != nil {
		t.Fatal(err)
	}
	insert := insertPosting
	if version < 3 {
		insert = strings.Replace(insert, "arrived, certificates, ", "", 1)
		insert = strings.Replace(insert, "?,?,?,?,", "?,?,", 1)
	}
	if version == 1 {
		insert = strings.Replace(insert, "digest,", "digest, words_digest,", 1)
		insert = strings.Replace(insert, "?,?,", "?,?,0,", 1)
	}
	add := func(rowid int, p *kiosk.Posting) {
		args := append([]any{rowid, 77, cameBefore(p).Unix()}, values(p)...)
		if version < 3 {
			args = slices.Delete(args, 2, 4) // when it came, and the certificates
		}
		exec(insert, args...)
	}
	for i := range ps {
		add(2000-3*i, &ps[i])
		if version > 1 && i%5 == 0 { // an earlier form of it
			before := ps[i]
			before.Title = "旧的名称"
			add(2000-3*i-1, &before)
			exec("INSERT INTO gone VALUES (?)", 2000-3*i-1)
		}
	}
	exec("UPDATE meta SET value = CASE key WHEN 'updated' THEN ? WHEN 'next' THEN 2001 WHEN 'sequence' THEN 31 ELSE value END", now.Unix())
	return path
}

// cameBefore is when a posting came to a board of the third schema.
func cameBefore(p *kiosk.Posting) time.Time { return p.Published.Add(50 * time.Hour) }

// TestBoardsOfEarlierSchemasAreTakenOver opens files as earlier releases wrote
// them, twice, and gives the board the same postings again.
func TestBoardsOfEarlierSchemasAreTakenOver(t *testing.T) {
	for version := 1; version < len(schema); version++ {
		ps := demo.Postings(now, 300, 4)
		for i := range ps {
			if ps[i].Certificates = 0; version > 2 { // which those before did not have
				ps[i].Certificates = kiosk.Certificates(1+i) & kiosk.AllCertificates
			}
		}
		path := oldBoard(t, version, ps)
		fresh := open1(t)
		if _, err := fresh.Apply(t.Context(), ps, ImportOpts{Now: now}); err != nil {
			t.Fatal(err)
		}
		var want []string
		since := kiosk.Query{Since: now.AddDate(0, 0, -5), Now: now}
		for i := range ps {
			came := ps[i].Published
			if version > 2 {
				came = cameBefore(&ps[i])
			}
			if came.After(since.Since) && ps[i].Open(now) {
				want = append(want, ps[i].ID)
			}
		}
		slices.Sort(want)
		for range 2 {
			b := openAt(t, path)
			sameAnswers(t, b, fresh)
			if got := collectIDs(t, b, since); len(got) == 0 || !slices.Equal(got, want) {
				t.Errorf("schema %d: %d have arrived since, want %d", version, len(got), len(want))
			}
			rep, err := b.Apply(t.Context(), ps, ImportOpts{Now: now, Replace: true})
			if err != nil || rep.Same != len(ps) || !b.Freshness().Equal(now) {
				t.Errorf("schema %d: %+v, %v", version, rep, err)
			}
			if n := sequence(t, b); (n == 31) != (version > 2) {
				t.Errorf("schema %d: the sequence is %d", version, n)
			}
			for i := 0; i < len(ps); i += 7 {
				if p, ok, err := b.Get(t.Context(), ps[i].ID); !ok || err != nil || !reflect.DeepEqual(p, ps[i]) {
					t.Fatalf("schema %d: posting %s: %v, %v", version, ps[i].ID, ok, err)
				}
			}
			var have string
			err = b.db().QueryRow("SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)").Scan(&have)
			if err != nil || have != strings.Join(tables, " ") {
				t.Errorf("the file has the tables %q, %v", have, err)
			}
			if err := b.Check(t.Context()); err != nil {
				t.Error(err)
			}
			_ = b.Close()
		}
	}
}

// A file whose tables are not those of its version is put aside, and does not
// keep the terminal from starting.
func TestForeignBoardIsPutAside(t *testing.T) {
	for text, version := range map[string]int{
		"ALTER TABLE posting ADD COLUMN certificates INTEGER NOT NULL DEFAULT 0": 2,
		"DROP TABLE meta":                             3,
		"ALTER TABLE posting DROP COLUMN arrived":     3,
		"CREATE TABLE segment (a)":                    3,
		"PRAGMA user_version = 4":                     3,
		"PRAGMA user_version = 4; DROP TABLE posting": 3,
		"PRAGMA user_version = 99":                    1,
	} {
		path := oldBoard(t, version, demo.Postings(now, 20, 4))
		db, err := sqlite.Open(path, sqlite.Opts{Synchronous: sqlite.Normal})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(text); err != nil {
			t.Fatal(err)
		}
		_ = db.Close()
		b, err := Open(path, demo.Site())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if a := b.Aside(); a.Path == "" || !errors.Is(a.Reason, sqlite.ErrForeign) && !errors.Is(a.Reason, sqlite.ErrNewer) {
			t.Errorf("%s: put aside: %+v", text, a)
		}
		if st := b.Stats(now); st.Postings != 0 {
			t.Errorf("%s: %d postings", text, st.Postings)
		}
		_ = b.Close()
	}
}
