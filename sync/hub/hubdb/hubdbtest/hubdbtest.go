// Package hubdbtest runs a test against both databases of the hub: SQLite, and a
// PostgreSQL that it starts for the test's process from the programs that Debian
// installs in /usr/lib/postgresql, and that ends with the process.
package hubdbtest

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"jobhome/sync/hub/hubdb"
)

// Each runs f once for each database, as a subtest with an empty database of its
// own. Where PostgreSQL is not installed its subtest is skipped.
func Each(t *testing.T, f func(t *testing.T, db *hubdb.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, open(t, SQLite(t))) })
	t.Run("postgres", func(t *testing.T) { f(t, open(t, Postgres(t))) })
}

// SQLite returns the address of an empty database.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "hub.db")
}

// Postgres returns the address of an empty database, or skips the test.
func Postgres(t testing.TB) string {
	t.Helper()
	s, err := server()
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	if s.missing != "" {
		t.Skip(s.missing)
	}
	return s.schema(t)
}

func open(t *testing.T, address string) *hubdb.DB {
	t.Helper()
	db, err := hubdb.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// server is started by the first test that asks, and ends with the process.
var server = sync.OnceValues(start)

var schemas atomic.Int64

// schema makes an empty schema, which is what a test takes for the database.
func (s *postgres) schema(t testing.TB) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", schemas.Add(1))
	if _, err := s.admin.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	return s.address + "&search_path=" + name
}
