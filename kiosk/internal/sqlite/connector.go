package sqlite

import (
	"context"
	"database/sql/driver"

	"github.com/mattn/go-sqlite3"
)

// connector opens the connections of one database.
type connector struct {
	dsn    string
	around func(ctx context.Context, open func() error) error
}

func (c *connector) Driver() driver.Driver { return &sqlite3.SQLiteDriver{} }

func (c *connector) Connect(ctx context.Context) (conn driver.Conn, err error) {
	if c.around == nil {
		return c.Driver().Open(c.dsn)
	}
	err = c.around(ctx, func() error {
		conn, err = c.open()
		return err
	})
	if err != nil && conn != nil {
		_ = conn.Close()
		conn = nil
	}
	return conn, err
}

// open opens a connection and reads, because SQLite opens the -wal and -shm
// files, by their names, no sooner than it first reads.
func (c *connector) open() (driver.Conn, error) {
	conn, err := c.Driver().Open(c.dsn)
	if err != nil {
		return nil, err
	}
	if _, err := conn.(*sqlite3.SQLiteConn).Exec("SELECT count(*) FROM sqlite_schema", nil); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}
