package board

import (
	"context"
	"database/sql"
	"time"

	"jobhome/kiosk/segment"
)

// schema is explained in DESIGN.md. Steps are only ever added at the end.
var schema = []string{`
CREATE TABLE posting (
	rowid          INTEGER PRIMARY KEY, -- never used twice: it is the key of words and term
	id             TEXT NOT NULL UNIQUE,
	digest         INTEGER NOT NULL,    -- of everything: has the posting changed?
	words_digest   INTEGER NOT NULL,    -- of the searched text: must it be indexed again?
` + postingColumns + `);
CREATE TABLE words (rowid INTEGER PRIMARY KEY, folded TEXT NOT NULL);
CREATE VIRTUAL TABLE term USING fts4(content="", body, matchinfo=fts3);
CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('updated', 0), ('next', 1), ('indexed', 0);
`, `
DROP TABLE term; -- the index is in memory now
DROP TABLE words;
ALTER TABLE posting RENAME TO old;
CREATE TABLE posting (
	rowid          INTEGER PRIMARY KEY, -- never used twice, and another one after every change
	id             TEXT NOT NULL,
	digest         INTEGER NOT NULL,    -- of everything: has the posting changed?
` + postingColumns + `);
INSERT INTO posting SELECT rowid, id, digest, ` + oldColumns[len("id, "):] + `, description FROM old ORDER BY rowid;
DROP TABLE old;
CREATE TABLE gone (rowid INTEGER PRIMARY KEY); -- postings that were removed or changed; see DESIGN.md
DELETE FROM meta WHERE key = 'indexed';
INSERT INTO meta VALUES ('cleared', 1);        -- the state in which the rows of gone were last deleted
CREATE TABLE state (number INTEGER PRIMARY KEY, mark INTEGER NOT NULL); -- one row a commit, the last ones
INSERT INTO state VALUES (1, random());
`, `
ALTER TABLE posting ADD COLUMN certificates INTEGER NOT NULL DEFAULT 0; -- bits, see kiosk.Certificates
ALTER TABLE posting ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0;      -- Unix seconds: when its id came to this board
UPDATE posting SET arrived = published;
INSERT INTO meta VALUES ('sequence', 0);       -- of the feed's last delta that was applied
`, `
CREATE TABLE segment (
	first INTEGER PRIMARY KEY, -- the rowid of its first row; a rowid is never used twice, and a changed posting gets another
	count INTEGER NOT NULL,    -- rows
	size  INTEGER NOT NULL,    -- bytes, before they were deflated
	dict  INTEGER NOT NULL,    -- 0: none
	sum   INTEGER NOT NULL,    -- see kiosk/segment
	data  BLOB NOT NULL
);
CREATE TABLE dict (id INTEGER PRIMARY KEY, sum INTEGER NOT NULL, data BLOB NOT NULL); -- sum: CRC-32C
CREATE TABLE delta (           -- one row a commit
	number   INTEGER PRIMARY KEY, -- one more than the one before
	mark     INTEGER NOT NULL, -- random
	sequence INTEGER NOT NULL, -- of the feed
	at       INTEGER NOT NULL, -- Unix seconds
	first    INTEGER NOT NULL, -- the next rowid before it
	next     INTEGER NOT NULL, -- and after it
	living   INTEGER NOT NULL, -- postings after it
	sum      INTEGER NOT NULL, -- CRC-32C of the one before's and of all of this
	origin   INTEGER NOT NULL, -- see delta.origin
	gone     BLOB NOT NULL     -- rowids of postings that it removed or changed
); -- what there was before is taken over by takeOver
`}

// tables are those of the last step.
var tables = []string{"delta", "dict", "segment"}

// postingColumns are the columns that the first three schemas have.
const postingColumns = `	title          TEXT NOT NULL,
	employer       TEXT NOT NULL,
	credit_code    TEXT NOT NULL,
	occupation     TEXT NOT NULL,
	occupation_name TEXT NOT NULL,
	channel        TEXT NOT NULL,
	headcount      INTEGER NOT NULL,
	area           TEXT NOT NULL,
	address        TEXT NOT NULL,
	lat            REAL NOT NULL,
	lon            REAL NOT NULL,
	pay_min        INTEGER NOT NULL,    -- fen
	pay_max        INTEGER NOT NULL,
	pay_unit       TEXT NOT NULL,
	pay_original   TEXT NOT NULL,
	pay_month_min  INTEGER NOT NULL,
	pay_month_max  INTEGER NOT NULL,
	education      INTEGER NOT NULL,    -- GB/T 4658
	experience     INTEGER NOT NULL,    -- months
	shifts         INTEGER NOT NULL,    -- bits, see kiosk.Shifts
	hours          TEXT NOT NULL,
	benefits       INTEGER NOT NULL,    -- bits, see kiosk.Benefits
	requirements   TEXT NOT NULL,
	contact_person TEXT NOT NULL,
	contact_phone  TEXT NOT NULL,
	contact_rule   TEXT NOT NULL,
	starts         INTEGER NOT NULL,    -- Unix seconds; 0 not said
	published      INTEGER NOT NULL,
	refreshed      INTEGER NOT NULL,    -- 0 not said
	valid_through  INTEGER NOT NULL,
	source         TEXT NOT NULL,
	source_ref     TEXT NOT NULL,
	description    TEXT NOT NULL        -- last: a list reads all but this
`

// columns are a posting's columns of the third schema but the description.
const columns = `certificates, ` + oldColumns

// oldColumns are those of the first two schemas.
const oldColumns = `id, title, employer, credit_code, occupation, occupation_name, channel, headcount,
	area, address, lat, lon, pay_min, pay_max, pay_unit, pay_original, pay_month_min, pay_month_max,
	education, experience, shifts, hours, benefits, requirements, contact_person, contact_phone, contact_rule,
	starts, published, refreshed, valid_through, source, source_ref`

// selectPostings reads what scanPosting takes in.
const selectPostings = `SELECT arrived, ` + columns + `, description FROM posting `

// scanPosting reads a row of selectPostings.
func scanPosting(ctx context.Context, rows *sql.Rows) (segment.Row, error) {
	var starts, published, refreshed, valid int64
	var row segment.Row
	p := &row.Posting
	err := scanRow(ctx, rows,
		&row.Arrived, &p.Certificates, &p.ID, &p.Title, &p.Employer.Name, &p.Employer.CreditCode, &p.Occupation.Code, &p.Occupation.Name,
		&p.Channel, &p.Headcount, &p.Area, &p.Address, &p.Location.Lat, &p.Location.Lon,
		&p.Pay.Min, &p.Pay.Max, &p.Pay.Unit, &p.Pay.Original, &p.Pay.EstMin, &p.Pay.EstMax,
		&p.Education, &p.Experience, &p.Shifts, &p.Hours, &p.Benefits, &p.Requirements,
		&p.Contact.Person, &p.Contact.Phone, &p.Contact.Rule,
		&starts, &published, &refreshed, &valid, &p.Source.Name, &p.Source.Ref,
		&p.Description)
	p.Starts, p.Published, p.Refreshed, p.ValidThrough = moment(starts), moment(published), moment(refreshed), moment(valid)
	return row, err
}

// zone is China's one time zone; it has had no summer time since 1991.
var zone = time.FixedZone("CST", 8*60*60)

func seconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func moment(s int64) time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.Unix(s, 0).In(zone)
}
