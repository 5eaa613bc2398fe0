package link

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"jobhome/kiosk/session"
	"jobhome/sync/feed"
	"jobhome/sync/outbox"

	"golang.org/x/sys/unix"
)

// StickFolder is the folder of a stick that is the hub's. A stick without it is
// somebody's own: nothing of it is read, and nothing is written to it.
const StickFolder = "jobhome"

// StickReport is what was done with a stick.
type StickReport struct {
	Board feed.Report  // how far the board came by it
	In    outbox.Stick // the hub's word that it brought
	Out   outbox.Stick // records that were laid on it
	Err   error        // of the two ways of records
}

// Stick does both ways with a directory: the board from it, the hub's word from
// it, and what waits onto it.
func (l *Link) Stick(ctx context.Context, dir string) StickReport {
	rep := StickReport{Board: l.feed.FromDir(ctx, dir)}
	if rep.Board.OK() { // a stick without a board says nothing of the hub
		l.answered(true)
	}
	l.took(rep.Board)
	if l.outbox == nil {
		return rep
	}
	var err error
	if rep.In, err = l.outbox.ReadAcks(ctx, dir); err != nil {
		rep.Err = fmt.Errorf("read the hub's word: %w", err)
	}
	if rep.Out, err = l.outbox.WriteTo(ctx, dir); err != nil {
		rep.Err = errors.Join(rep.Err, fmt.Errorf("lay records on the stick: %w", err))
	}
	return rep
}

// stickEvery is how often it is looked whether a stick was put in.
const stickEvery = 2 * time.Second

// watchSticks serves every stick that is mounted below the directory, once each
// time that it is put in.
func (l *Link) watchSticks(ctx context.Context) {
	seen := map[string]uint64{}
	tick := time.NewTicker(stickEvery)
	defer tick.Stop()
	for {
		now := mounted(l.o.Hub.Sticks)
		for dir, dev := range now {
			if seen[dir] != dev {
				l.serve(ctx, dir)
			}
		}
		for dir := range seen {
			if _, there := now[dir]; !there {
				l.o.Log.Info("a stick was taken out") // its name may be its owner's
			}
		}
		seen = now
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (l *Link) serve(ctx context.Context, dir string) {
	folder := filepath.Join(dir, StickFolder)
	if info, err := os.Lstat(folder); err != nil || !info.IsDir() {
		return
	}
	l.mu.Lock()
	tell := l.tell
	l.mu.Unlock()
	tell(session.Stick{At: session.At{Time: l.o.Now()}, State: session.StickReading})
	rep := l.Stick(ctx, folder)
	state := said(rep.Board, rep)
	l.o.Log.Info("a stick was served", "state", state, "board", rep.Board.Code, "version", rep.Board.To,
		"laid", rep.Out.Records, "confirmed", rep.In.Records, "error", errors.Join(rep.Board.Err, rep.Err))
	tell(session.Stick{At: session.At{Time: l.o.Now()}, State: state})
}

// mounted are the directories below dir that are other file systems than dir
// itself, with their devices.
func mounted(dir string) map[string]uint64 {
	found := map[string]uint64{}
	var above unix.Stat_t
	if unix.Stat(dir, &above) != nil {
		return found
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		var st unix.Stat_t
		if e.IsDir() && unix.Lstat(path, &st) == nil && st.Dev != above.Dev {
			found[path] = uint64(st.Dev)
		}
	}
	return found
}
