package commission

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jobhome/kiosk/durable"
	"jobhome/kiosk/profile"
	"jobhome/sync/enrol"
	"jobhome/sync/feed"
	"jobhome/sync/trust"
)

// Why a terminal is not enrolled yet, for errors.Is.
var (
	// ErrRoot tells that what the hub gives for its root is another one.
	ErrRoot = errors.New("the root of trust is not the one that the profile names")
	// errNoRoot tells that neither network nor stick has it yet.
	errNoRoot = errors.New("the root of trust is not there yet")
)

// Pending reports whether the hub has not answered yet.
func (pl Place) Pending() bool { return there(pl.path(pendingFile)) }

// pending reads the invitation that waits.
func (pl Place) pending() (profile.Profile, error) {
	text, err := readFile(pl.path(pendingFile))
	if err != nil {
		return profile.Profile{}, err
	}
	return profile.Parse(pendingFile, text)
}

// Enrol does once what is left to do: it fetches the hub's root from the feed or
// from a stick, proves it by the profile's fingerprint, spends the invitation, and
// forgets it. dir is where the link to the hub keeps its keys. When there is
// nothing to do it returns nil.
func (pl Place) Enrol(ctx context.Context, dir string) error {
	p, err := pl.pending()
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("commission: %w", err)
	}
	text, _ := readFile(pl.path(rootFile))
	if have, err := profile.RootOf(text); err != nil || have != p.Root {
		if err := pl.fetchRoot(ctx, &p); err != nil {
			return fmt.Errorf("commission: %w", err)
		}
	}
	if p.Code != "" {
		inv := enrol.Invitation{Hub: p.Wanted.Hub.URL, Code: p.Code, Pin: p.Pin}
		if _, err := enrol.Enrol(ctx, dir, inv, time.Now); err != nil {
			return fmt.Errorf("commission: %w", err)
		}
	}
	return pl.remove(pendingFile)
}

// fetchRoot takes the root from whoever has it. Nobody is believed: it must have
// the fingerprint that the profile names.
func (pl Place) fetchRoot(ctx context.Context, p *profile.Profile) error {
	name := fmt.Sprintf("root/%d.json", p.Root.N)
	err := errNoRoot
	if where := p.Wanted.Hub.Feed; strings.HasPrefix(where, "http") {
		from, errHTTP := feed.NewHTTP(where, nil)
		if errHTTP != nil {
			return errHTTP
		}
		if err = pl.takeRoot(ctx, p, from, name); err == nil {
			return nil
		}
	}
	for _, dir := range append(pl.stickDirs(), p.Wanted.Hub.Feed) {
		if !filepath.IsAbs(dir) {
			continue
		}
		from, errDir := feed.OpenDir(dir)
		if errDir != nil {
			continue
		}
		errDir = pl.takeRoot(ctx, p, from, name)
		_ = from.Close()
		if errDir == nil {
			return nil
		}
	}
	return err
}

func (pl Place) takeRoot(ctx context.Context, p *profile.Profile, from feed.Source, name string) error {
	rep, err := from.Get(ctx, name, feed.Range{Limit: trust.MaxRoot + 1})
	if err != nil {
		return err
	}
	if rep.Body == nil || rep.From != 0 {
		return errNoRoot
	}
	text, err := io.ReadAll(io.LimitReader(rep.Body, trust.MaxRoot+1))
	if err := errors.Join(err, rep.Body.Close()); err != nil {
		return err
	}
	got, err := profile.RootOf(text)
	if err != nil {
		return err
	}
	if got != p.Root {
		return ErrRoot
	}
	return durable.Replace(pl.path(rootFile), text)
}

// How long to wait between tries: at first somebody stands there.
const (
	firstPause   = 5 * time.Second
	longestPause = 5 * time.Minute
	refusedPause = time.Hour
)

// Keep tries until the terminal is enrolled or ctx ends, and tells after every try
// what came of it. A hub that refuses is asked again now and then: its clock may
// have been wrong.
func (pl Place) Keep(ctx context.Context, dir string, said func(error)) {
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		err := pl.Enrol(ctx, dir)
		if ctx.Err() != nil {
			return
		}
		said(err)
		switch {
		case err == nil:
			return
		case errors.Is(err, enrol.ErrRefused):
			pause = refusedPause
		}
		t := time.NewTimer(pause)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return
		}
	}
}

// Refused reports whether the hub itself gives no certificate: somebody has to get
// another code.
func Refused(err error) bool { return errors.Is(err, enrol.ErrRefused) }

// readFile reads a plain file of no more than its due.
func readFile(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|oNonblock, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > mostFileSize {
		return nil, fmt.Errorf("%s is no file of at most %d bytes", filepath.Base(path), mostFileSize)
	}
	return io.ReadAll(io.LimitReader(f, mostFileSize))
}

// discard stands for no log.
var discard = slog.New(slog.DiscardHandler)
