package link

import (
	"path/filepath"
	"testing"

	"jobhome/kiosk/board"
	"jobhome/kiosk/demo"
	"jobhome/sync/feed"
	"jobhome/sync/feed/feedtest"
)

// The terminal's own board does what a feed asks of one.
func TestBoardFitsTheFeed(t *testing.T) {
	feedtest.Board(t, func(t *testing.T) feed.Board {
		b, err := board.Open(filepath.Join(t.TempDir(), "board.db"), demo.Site())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = b.Close() })
		return Board{b}
	})
}
