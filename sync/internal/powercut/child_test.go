package powercut

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver

	"jobhome/kiosk"
	"jobhome/kiosk/board"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/durable"
	"jobhome/kiosk/ledger"
	"jobhome/sync/outbox"
	"jobhome/sync/seal"
)

// TestMain lets the test binary play the terminal whose power is cut.
func TestMain(m *testing.M) {
	if dir := os.Getenv("POWERCUT_DIR"); dir != "" {
		steps, _ := strconv.Atoi(os.Getenv("POWERCUT_STEPS"))
		work := map[string]func(string, int) error{"stores": stores, "controls": controls}[os.Getenv("POWERCUT_WORK")]
		if err := work(dir, steps); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// The numbers that residents type, and one that is written in clear on purpose.
const phone, planted = "13912345678", "15987654321"

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

// terminal is everything of a terminal that must survive.
type terminal struct {
	dir    string
	ledger *ledger.Ledger
	board  *board.Board
	state  outbox.File
	sample kiosk.Posting
	last   uint64 // number of the last record
}

// say reports that something is done, and waits until that is noted: the place in
// the disk's log is exact.
func say(what string, which any) {
	fmt.Println(what, which)
	_, _ = os.Stdin.Read(make([]byte, 1))
}

// stores is a terminal at work: walk-ins, requests, confirmations, states, deltas.
// Each thing is said on the standard output after the store said that it is done.
func stores(dir string, steps int) error {
	ctx := context.Background()
	t := &terminal{dir: dir, state: outbox.File(filepath.Join(dir, "outbox.json")), sample: sample()}
	if err := durable.Replace(filepath.Join(dir, "planted"), []byte(planted)); err != nil {
		return err
	}
	var err error
	if t.ledger, err = ledger.Open(filepath.Join(dir, "ledger.db")); err != nil {
		return err
	}
	if t.board, err = board.Open(filepath.Join(dir, "board.db"), demo.Site()); err != nil {
		return err
	}
	key, err := seal.NewKey()
	if err != nil {
		return err
	}
	if err := t.ledger.SealWith(ctx, seal.Terminal{Kiosk: "k-1", Key: key.Key()}); err != nil {
		return err
	}
	for n := 1; n <= steps; n++ {
		if err := t.walkIn(ctx, n); err != nil {
			return err
		}
		if err := t.sync(ctx, n); err != nil {
			return err
		}
	}
	return nil // nothing is closed: the power goes at any moment
}

// walkIn writes four records.
func (t *terminal) walkIn(ctx context.Context, n int) error {
	l := t.ledger
	r, err := l.Issue(ctx, kiosk.Referral{Posting: "p-1", Title: "缝纫工", Employer: "某厂", Site: "s-1", Issued: noon}, rand.Reader)
	if err != nil {
		return err
	}
	t.last++
	say("issued", r.Code)
	if _, err := l.MarkPrinting(ctx, r.Code, noon); err != nil {
		return err
	}
	if err := l.MarkPrinted(ctx, r.Code, noon); err != nil {
		return err
	}
	t.last++
	say("printed", r.Code)
	if err := l.Request(ctx, kiosk.Request{Posting: "p-1", Site: "s-1", Phone: phone, Consent: "c", At: noon}); err != nil {
		return err
	}
	if err := l.Rate(ctx, r.Code, kiosk.Good, noon); err != nil {
		return err
	}
	t.last += 2
	say("written", t.last)
	return nil
}

// sync does what outbox and feed do to the disk.
func (t *terminal) sync(ctx context.Context, n int) error {
	if n%3 == 0 {
		if err := t.ledger.Delivered(ctx, t.last-5); err != nil {
			return err
		}
		say("delivered", t.last-5)
	}
	if err := t.state.Save(counted(n, 200)); err != nil {
		return err
	}
	say("outbox", n)
	if err := durable.Replace(filepath.Join(t.dir, "feed.json"), counted(n, 20_000)); err != nil {
		return err
	}
	say("feed", n)
	if n%4 != 0 {
		return nil
	}
	list, gone := delta(t.sample, n/4)
	_, err := t.board.Apply(ctx, list, board.ImportOpts{Remove: gone, Sequence: int64(n / 4), Now: noon})
	if err == nil {
		say("board", n/4)
	}
	return err
}

// counted is a file that says its number at both ends.
func counted(n, size int) []byte {
	return fmt.Appendf(nil, `{"n":%d,"fill":"%s","again":%d}`, n, bytes.Repeat([]byte{'x'}, size), n)
}

func sample() kiosk.Posting {
	for _, p := range demo.Postings(noon, 50, 1) {
		if p.Check() == nil {
			return p
		}
	}
	panic("no posting of the demonstration is right")
}

// rows is how many postings each delta changes.
const rows = 30

func title(version int) string { return fmt.Sprintf("缝纫工第%d版", version) }

// delta changes the titles of all postings, adds one and removes the last one
// that was added.
func delta(sample kiosk.Posting, version int) (list []kiosk.Posting, gone []string) {
	for i := range rows {
		p := sample
		p.ID, p.Title = fmt.Sprintf("fixed-%d", i), title(version)
		list = append(list, p)
	}
	p := sample
	p.ID, p.Title = fmt.Sprintf("only-%d", version), title(version)
	return append(list, p), []string{fmt.Sprintf("only-%d", version-1)}
}

// controls are stores that must lose: SQLite that waits for the disk at
// checkpoints alone, SQLite that never does, and a file that is renamed into its
// place without being flushed.
func controls(dir string, steps int) error {
	dbs := map[string]*sql.DB{}
	for _, level := range []string{"NORMAL", "OFF"} {
		db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, level+".db")+"?_journal_mode=WAL&_synchronous="+level)
		if err != nil {
			return err
		}
		db.SetMaxOpenConns(1)
		if _, err := db.Exec("CREATE TABLE t (n INTEGER PRIMARY KEY, fill TEXT)"); err != nil {
			return err
		}
		dbs[level] = db
	}
	for n := 1; n <= 10*steps; n++ {
		for level, db := range dbs {
			if _, err := db.Exec("INSERT INTO t VALUES (?, ?)", n, string(bytes.Repeat([]byte{'x'}, 300))); err != nil {
				return err
			}
			say(level, n)
		}
		path := filepath.Join(dir, "lazy")
		if err := os.WriteFile(path+".new", counted(n, 200), 0o600); err != nil {
			return err
		}
		if err := os.Rename(path+".new", path); err != nil {
			return err
		}
		say("lazy", n)
	}
	return nil
}
