// Package debs fetches Debian packages and unpacks them (deb(5)) into a
// directory, without dpkg's database, without maintainer scripts and without
// root: what an image needs of those it does itself, the same way on every
// machine.
package debs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"sync"
)

// Item is a file to fetch.
type Item struct {
	Name   string // for messages
	URL    string
	Size   int64 // bytes
	SHA256 string
}

// at once, so that a slow mirror does not make the machine wait.
const atOnce = 4

// Store keeps fetched packages by their SHA-256.
type Store struct {
	Dir    string
	Client *http.Client
	// Said is told of every package that is there, with how many there are.
	Said func(name string, done, all int)
}

// Path is where a package with that SHA-256 is.
func (s *Store) Path(sum string) string { return filepath.Join(s.Dir, sum+".deb") }

// Fetch brings what is not there yet. What was fetched before an interruption
// stays. The error names every package that could not be had.
func (s *Store) Fetch(ctx context.Context, items []Item) error {
	if err := os.MkdirAll(s.Dir, 0o755); err != nil {
		return err
	}
	var mu sync.Mutex
	var errs []error
	done := 0
	queue := make(chan Item)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for item := range queue {
				err := s.fetch(ctx, item)
				mu.Lock()
				if done++; err != nil {
					errs = append(errs, fmt.Errorf("package %s: %w", item.Name, err))
				} else if s.Said != nil {
					s.Said(item.Name, done, len(items))
				}
				mu.Unlock()
			}
		})
	}
	for _, item := range items {
		queue <- item
	}
	close(queue)
	workers.Wait()
	return errors.Join(errs...)
}

// ErrGone is the error for a package that the mirror no longer has: newer
// versions have taken its place, and the lock must be made again.
var ErrGone = errors.New("the mirror has this version no longer; make the lock again with mkimage lock")

func (s *Store) fetch(ctx context.Context, item Item) error {
	path := s.Path(item.SHA256)
	if info, err := os.Stat(path); err == nil && info.Size() == item.Size {
		return nil // it was checked before it got this name
	}
	var err error
	for range 3 {
		if err = s.get(ctx, item, path); err == nil || errors.Is(err, ErrGone) || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (s *Store) get(ctx context.Context, item Item, path string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, item.URL, nil)
	if err != nil {
		return err
	}
	resp, err := s.Client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return fmt.Errorf("%s: %w", item.URL, ErrGone)
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("%s: %s", item.URL, resp.Status)
	}
	f, err := os.CreateTemp(s.Dir, ".part-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(f, sum), io.LimitReader(resp.Body, item.Size+1))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("%s: %w", item.URL, err)
	}
	if got := hex.EncodeToString(sum.Sum(nil)); n != item.Size || got != item.SHA256 {
		return fmt.Errorf("%s: %d bytes with SHA-256 %s, the lock says %d and %s", item.URL, n, got, item.Size, item.SHA256)
	}
	return os.Rename(f.Name(), path)
}
