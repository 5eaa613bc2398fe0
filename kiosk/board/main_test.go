package board

import (
	"context"
	"fmt"
	"os"
	"testing"

	"jobhome/kiosk/demo"
)

var removeAtEnd []string

// TestMain lets the test binary play the terminal that is killed, and removes
// the shared board.
func TestMain(m *testing.M) {
	if path := os.Getenv("BOARD_KILL_TEST"); path != "" {
		if err := importForever(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(1)
	}
	code := m.Run()
	if shared.board != nil {
		_ = shared.board.Close()
	}
	for _, dir := range removeAtEnd {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// importForever replaces the board by two others in turn and says so.
func importForever(path string) error {
	b, err := Open(path, demo.Site())
	if err != nil {
		return err
	}
	for {
		for seed := range uint64(2) {
			if _, err := b.Apply(context.Background(), demo.Postings(now, killSize, seed), ImportOpts{Replace: true, Now: now}); err != nil {
				return err
			}
			fmt.Println("applied", seed)
			if os.Getenv("BOARD_KILL_COMPACT") == "" {
				continue
			}
			if err := b.Compact(context.Background()); err != nil {
				return err
			}
		}
	}
}
