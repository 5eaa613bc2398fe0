package ledger

import (
	"crypto/rand"
	"path/filepath"
	"testing"

	"jobhome/kiosk/internal/sqlite"
)

// BenchmarkIssue measures the transaction that stands between a touch and the
// first byte at the printer.
func BenchmarkIssue(b *testing.B) {
	l := open(b)
	for b.Loop() {
		if _, err := l.Issue(b.Context(), draft(), rand.Reader); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkBareCommit is the bound: one row, one FULL commit, nothing else.
func BenchmarkBareCommit(b *testing.B) {
	db, err := sqlite.Open(filepath.Join(b.TempDir(), "x.db"), sqlite.Opts{Synchronous: sqlite.Full})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if _, err := db.Exec("CREATE TABLE t(a)"); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := db.Exec("INSERT INTO t VALUES (1)"); err != nil {
			b.Fatal(err)
		}
	}
}
