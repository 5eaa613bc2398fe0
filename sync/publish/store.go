package publish

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"

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
// all. A link that leads out of the directory is not followed.
type Dir struct{ root string }

// NewDir makes the directory when it is not there.
func NewDir(root string) (*Dir, error) {
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, fmt.Errorf("publish: %w", err)
	}
	return &Dir{root}, nil
}

const half = ".half-" // begins the name of a file that is being written

// in does something to a file of the tree. The directory is opened anew each time:
// it may have been put in another's place, such as an old copy's.
func (d *Dir) in(path string, do func(root *os.Root) error) error {
	if !fs.ValidPath(path) {
		return fmt.Errorf("publish: %q is no path in a tree", path)
	}
	root, err := os.OpenRoot(d.root)
	if err == nil {
		err = errors.Join(do(root), root.Close())
	}
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// Get implements Store.
func (d *Dir) Get(_ context.Context, path string) (content []byte, err error) {
	err = d.in(path, func(root *os.Root) error {
		content, err = root.ReadFile(path)
		return err
	})
	return content, err
}

// Put implements Store: the bytes are synced under another name, the file is
// renamed, the directories that are new or changed are synced.
func (d *Dir) Put(_ context.Context, name string, content []byte) error {
	return d.in(name, func(root *os.Root) error {
		if err := mkdir(root, path.Dir(name)); err != nil {
			return err
		}
		temp := path.Join(path.Dir(name), half+rand.Text())
		f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		err = errors.Join(f.Chmod(0o644), durable.Fill(f, content))
		if err == nil {
			err = root.Rename(temp, name)
		}
		if err != nil {
			return errors.Join(err, root.Remove(temp))
		}
		return syncDir(root, path.Dir(name))
	})
}

// mkdir makes a directory below the root, and makes it last.
func mkdir(root *os.Root, dir string) error {
	if _, err := root.Stat(dir); err == nil || dir == "." {
		return err
	}
	if err := mkdir(root, path.Dir(dir)); err != nil {
		return err
	}
	if err := root.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(root, path.Dir(dir))
}

// syncDir makes new names last. FAT under some kernels cannot be asked to.
func syncDir(root *os.Root, dir string) error {
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	if err = f.Sync(); errors.Is(err, syscall.EINVAL) {
		err = nil
	}
	return errors.Join(err, f.Close())
}

// List implements Store.
func (d *Dir) List(_ context.Context, prefix string) (out []string, err error) {
	err = d.in(".", func(root *os.Root) error {
		return fs.WalkDir(root.FS(), ".", func(name string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), half) {
				return err
			}
			if strings.HasPrefix(name, prefix) {
				out = append(out, name)
			}
			return nil
		})
	})
	return out, err
}

// Delete implements Store.
func (d *Dir) Delete(_ context.Context, path string) error {
	return d.in(path, func(root *os.Root) error {
		if err := root.Remove(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}
