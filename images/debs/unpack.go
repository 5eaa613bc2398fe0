package debs

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Unpack writes the files of a package below dir for which keep says so; keep
// gets their paths as usr/bin/x. What becomes of a link to a file that was left
// out is its keeper's matter. Owners, setuid and setgid bits and times are not
// kept. A directory comes with the first file in it.
func Unpack(ctx context.Context, deb, dir string, keep func(name string) bool) error {
	f, err := os.Open(deb)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	name, data, err := member(f, "data.tar")
	if err != nil {
		return fmt.Errorf("%s: %w", deb, err)
	}
	plain, end, err := decompress(ctx, name, data)
	if err != nil {
		return fmt.Errorf("%s: %w", deb, err)
	}
	if err := errors.Join(untar(tar.NewReader(plain), dir, keep), end()); err != nil {
		return fmt.Errorf("%s: %w", deb, err)
	}
	return nil
}

// member finds the member of a package's ar archive with that beginning.
func member(f io.ReadSeeker, prefix string) (string, io.Reader, error) {
	head := make([]byte, 60)
	if _, err := io.ReadFull(f, head[:8]); err != nil || string(head[:8]) != "!<arch>\n" {
		return "", nil, errors.New("is no Debian package")
	}
	for {
		if _, err := io.ReadFull(f, head); err != nil {
			return "", nil, fmt.Errorf("has no %s: %w", prefix, err)
		}
		name := strings.TrimRight(string(head[:16]), " /")
		size, err := strconv.ParseInt(strings.TrimSpace(string(head[48:58])), 10, 64)
		if err != nil || size < 0 {
			return "", nil, fmt.Errorf("member %s has no size", name)
		}
		if strings.HasPrefix(name, prefix) {
			return name, io.LimitReader(f, size), nil
		}
		if _, err := f.Seek(size+size%2, io.SeekCurrent); err != nil {
			return "", nil, err
		}
	}
}

// decompress unpacks by a member's extension. end must be called when all is
// read.
func decompress(ctx context.Context, name string, r io.Reader) (plain io.Reader, end func() error, err error) {
	none := func() error { return nil }
	switch path.Ext(name) {
	case ".tar":
		return r, none, nil
	case ".gz":
		z, err := gzip.NewReader(r)
		return z, none, err
	case ".zst":
		z, err := zstd.NewReader(r)
		if err != nil {
			return nil, nil, err
		}
		return z, func() error { z.Close(); return nil }, nil
	case ".xz":
		cmd := exec.CommandContext(ctx, "xz", "-dc")
		var diag bytes.Buffer
		cmd.Stdin, cmd.Stderr = r, &diag
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		return out, func() error {
			_, _ = io.Copy(io.Discard, out)
			if err := cmd.Wait(); err != nil {
				return fmt.Errorf("xz: %w: %s", err, diag.String())
			}
			return nil
		}, err
	}
	return nil, nil, fmt.Errorf("member %s is compressed in an unknown way", name)
}

func untar(t *tar.Reader, dir string, keep func(string) bool) error {
	for {
		h, err := t.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		name := path.Clean(strings.TrimPrefix(h.Name, "./"))
		if !fs.ValidPath(name) {
			return fmt.Errorf("holds a path %q", h.Name)
		}
		if h.Typeflag == tar.TypeDir || !keep(name) {
			continue
		}
		if err := place(t, h, dir, name); err != nil {
			return err
		}
	}
}

func place(t *tar.Reader, h *tar.Header, dir, name string) error {
	to := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeReg:
		f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644|fs.FileMode(h.Mode)&0o111)
		if err != nil {
			return err
		}
		_, err = io.Copy(f, t)
		return errors.Join(err, f.Close())
	case tar.TypeSymlink:
		return os.Symlink(h.Linkname, to)
	case tar.TypeLink:
		from := filepath.Join(dir, path.Clean("/"+h.Linkname))
		if _, err := os.Lstat(from); errors.Is(err, fs.ErrNotExist) {
			return nil // it was left out
		}
		return os.Link(from, to)
	}
	return fmt.Errorf("%s is neither a file nor a link", name)
}
