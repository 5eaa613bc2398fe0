package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// steps carries out the steps of one build and remembers which are done, by a
// key over what each is made of.
type steps struct {
	dir string
	say io.Writer
	now func() time.Time
}

// step is one step: what it is made of, and the file that it makes.
type step struct {
	name  string
	from  []string
	makes string
}

// do carries a step out when what it is made of differs from the last time, or
// what it makes is not there.
func (s *steps) do(ctx context.Context, d step, f func(ctx context.Context) error) error {
	name, makes := d.name, d.makes
	sum := sha256.Sum256([]byte(strings.Join(d.from, "\x00")))
	key := hex.EncodeToString(sum[:])
	stamp := filepath.Join(s.dir, "."+name)
	if old, err := os.ReadFile(stamp); err == nil && string(old) == key {
		if _, err := os.Stat(makes); err == nil {
			fmt.Fprintf(s.say, "== %-9s as before\n", name)
			return nil
		}
	}
	_ = os.Remove(stamp)
	start := s.now()
	fmt.Fprintf(s.say, "== %-9s ...\n", name)
	if err := f(ctx); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	fmt.Fprintf(s.say, "== %-9s done in %s\n", name, s.now().Sub(start).Round(100*time.Millisecond))
	return os.WriteFile(stamp, []byte(key), 0o644)
}

// digest is the SHA-256 of a file, in hexadecimal.
func digest(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
