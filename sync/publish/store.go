package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"jobhome/kiosk/durable"
)

// Store is where a tree lies. Paths have slashes, and no ".." in them.
type Store interface {
	// Get returns fs.ErrNotExist, wrapped, for what is not there.
	Get(ctx context.Context, path string) ([]byte, error)
	// Put writes or replaces a file so that every reader gets the old one or the
	// new one whole; when it returns, the file outlives a power cut.
	Put(ctx context.Context, path string, content []byte) error
	// List gives the paths of all files that begin with prefix, in any order.
	List(ctx context.Context, prefix string) ([]string, error)
	// Delete removes a file. It may have gone already.
	Delete(ctx context.Context, path string) error
}

// Dir is a tree in a directory, for a web server or a stick. Files are readable by
// all.
type Dir struct{ root string }

// NewDir makes the directory when it is not there.
func NewDir(root string) (*Dir, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	return &Dir{root}, nil
}

const half = ".half-" // begins the name of a file that is being written

func (d *Dir) file(path string) (string, error) {
	if !fs.ValidPath(path) {
		return "", fmt.Errorf("publish: %q is no path in a tree", path)
	}
	return filepath.Join(d.root, filepath.FromSlash(path)), nil
}

// Get implements Store.
func (d *Dir) Get(_ context.Context, path string) ([]byte, error) {
	name, err := d.file(path)
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	return b, nil
}

// Put implements Store: the bytes are synced under another name, the file is
// renamed, the directories that are new or changed are synced.
func (d *Dir) Put(_ context.Context, path string, content []byte) error {
	name, err := d.file(path)
	if err == nil {
		err = d.mkdir(filepath.Dir(name))
	}
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(name), half)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	temp := f.Name()
	err = errors.Join(f.Chmod(0o644), durable.Fill(f, content))
	if err == nil {
		err = os.Rename(temp, name)
	}
	if err != nil {
		os.Remove(temp)
		return fmt.Errorf("publish: write %s: %w", path, err)
	}
	return durable.SyncDir(filepath.Dir(name))
}

// mkdir makes a directory below the root, and makes it last.
func (d *Dir) mkdir(dir string) error {
	if _, err := os.Stat(dir); err == nil || dir == d.root {
		return err
	}
	if err := d.mkdir(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("publish: %w", err)
	}
	return durable.SyncDir(filepath.Dir(dir))
}

// List implements Store.
func (d *Dir) List(_ context.Context, prefix string) ([]string, error) {
	var out []string
	err := filepath.WalkDir(d.root, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), half) {
			return err
		}
		rel, err := filepath.Rel(d.root, name)
		if path := filepath.ToSlash(rel); err == nil && strings.HasPrefix(path, prefix) {
			out = append(out, path)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("publish: list %s: %w", prefix, err)
	}
	return out, nil
}

// Delete implements Store.
func (d *Dir) Delete(_ context.Context, path string) error {
	name, err := d.file(path)
	if err != nil {
		return err
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}
