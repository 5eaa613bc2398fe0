package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"jobhome/kiosk/board"
	"jobhome/kiosk/config"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/ledger"

	"golang.org/x/sys/unix"
)

// place is an opened site: its settings, board and ledger.
type place struct {
	settings config.Settings
	demo     bool // the embedded demonstration
	board    *board.Board
	ledger   *ledger.Ledger
	log      *slog.Logger
	held     *os.File // the lock of the devices; nil until they are opened
}

// lock takes the devices for this program: a printer on the network, or a bus,
// would serve two and mix what they print.
func (p *place) lock() error {
	if p.held != nil {
		return nil
	}
	path := filepath.Join(p.settings.DataDir, "devices.lock")
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("lock the devices: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return errors.New("the terminal is running and has the devices; end it first")
		}
		return fmt.Errorf("lock the devices: %w", err)
	}
	p.held = f
	return nil
}

// demoPostings is the size of the demonstration's board.
const demoPostings = 10000

// open opens the site that the command line names.
func (m *Main) open(ctx context.Context) (*place, error) {
	p, err := m.openBoard(ctx)
	if err != nil {
		return nil, err
	}
	if p.ledger, err = ledger.Open(filepath.Join(p.settings.DataDir, "ledger.db")); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// openBoard opens the site without its ledger. The demonstration's board is
// made anew for the day, since its day work is for today.
func (m *Main) openBoard(ctx context.Context) (*place, error) {
	p := &place{log: newLog(m.Err)}
	var err error
	if p.settings, p.demo, err = m.load(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(p.settings.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	if p.board, err = board.Open(p.boardPath(), p.settings.Site); err != nil {
		return nil, err
	}
	if aside := p.board.Aside(); aside.Path != "" {
		p.log.Warn("the board could not be used and was put aside; import it again",
			"file", aside.Path, "reason", aside.Reason)
	}
	if p.demo {
		if err := p.fillDemo(ctx, time.Now()); err != nil {
			p.close()
			return nil, fmt.Errorf("make the demonstration board: %w", err)
		}
	}
	return p, nil
}

func (p *place) boardPath() string { return filepath.Join(p.settings.DataDir, "board.db") }

func (m *Main) load() (s config.Settings, isDemo bool, err error) {
	if m.Settings == "" {
		s, isDemo = config.Demo(demo.Site()), true
	} else if s, err = config.Load(m.Settings); err != nil {
		return s, false, err
	}
	if m.Data != "" {
		s.DataDir = m.Data
	}
	return s, isDemo, nil
}

func (p *place) close() {
	if p.held != nil {
		_ = p.held.Close() // which lets go of the lock
	}
	if p.board != nil {
		_ = p.board.Close()
	}
	if p.ledger != nil {
		_ = p.ledger.Close()
	}
}

func (p *place) fillDemo(ctx context.Context, now time.Time) error {
	at := p.board.Freshness()
	same := at.Year() == now.Year() && at.YearDay() == now.YearDay()
	if same && p.board.Stats(now).Open > 0 {
		return nil
	}
	p.log.Info("making the demonstration board", "postings", demoPostings)
	_, err := p.board.Apply(ctx, demo.Postings(now, demoPostings, 1), board.ImportOpts{Replace: true, Now: now})
	return err
}
