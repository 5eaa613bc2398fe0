package feed_test

import (
	"testing"

	"jobhome/sync/feed"
	"jobhome/sync/feed/feedtest"
)

// The board that all other tests rely on is held to what a real one is held to.
func TestMemory(t *testing.T) {
	feedtest.Board(t, func(*testing.T) feed.Board { return feed.NewMemory() })
}
