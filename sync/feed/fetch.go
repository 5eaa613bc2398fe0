package feed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"jobhome/sync/wire"
)

// maxHead is the greatest head that is read, in bytes as it travels.
const maxHead = 4 << 20

// small reads a file of at most limit bytes into memory. A longer one is refused.
func (r *round) small(ctx context.Context, path string, limit int64, etag string) (text []byte, rep Reply, err error) {
	r.rep.Gets++
	rep, err = r.from.Get(ctx, path, Range{Limit: limit + 1, ETag: etag})
	if err != nil || rep.Unchanged {
		return nil, rep, fetching(err)
	}
	text, err = io.ReadAll(io.LimitReader(rep.Body, limit+1))
	r.count(int64(len(text)))
	if err = errors.Join(err, rep.Body.Close()); err != nil {
		return nil, rep, fetching(fmt.Errorf("feed: read %s: %w", path, err))
	}
	if int64(len(text)) > limit {
		return nil, rep, refuse(BadObject, "%s has more than %d bytes", path, limit)
	}
	return text, rep, nil
}

// count adds bytes that were read.
func (r *round) count(n int64) {
	r.rep.Bytes += n
	if !r.free {
		r.st.Used += n
	}
}

// left is how many bytes may be read today.
func (r *round) left() int64 {
	if r.free || r.opts.Budget <= 0 {
		return 1 << 62
	}
	return max(0, r.opts.Budget-r.st.Used)
}

// errBudget tells that the bytes of today are used up. What was read is kept.
var errBudget = errors.New("feed: the bytes of today are used up")

// object fetches an object into a file of this machine, going on where it was left,
// and proves its hash. An object that is too large for the day is fetched as far
// as it goes, unless urgent.
func (r *round) object(ctx context.Context, o wire.Object, urgent bool) (string, error) {
	path := r.objectPath(o)
	for try := 0; ; try++ {
		resumed, err := r.fill(ctx, path, o, urgent)
		if err != nil {
			return "", err
		}
		err = prove(path, o)
		if err == nil {
			return path, nil
		}
		if err := os.Remove(path); err != nil {
			return "", as(Local, fmt.Errorf("feed: %w", err))
		}
		// What was here before may be what is wrong.
		if !resumed || try > 0 {
			return "", err
		}
	}
}

func (r *round) objectPath(o wire.Object) string {
	return filepath.Join(r.opts.Dir, "objects", o.Hash.String())
}

// fill appends to the file until it has the size of the object. It tells whether
// something was there before.
func (r *round) fill(ctx context.Context, path string, o wire.Object, urgent bool) (resumed bool, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return false, as(Local, fmt.Errorf("feed: %w", err))
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false, as(Local, fmt.Errorf("feed: %w", err))
	}
	have, err := f.Seek(0, io.SeekEnd)
	if err == nil && have > o.Size {
		have, err = 0, f.Truncate(0)
	}
	if err != nil {
		return false, errors.Join(as(Local, fmt.Errorf("feed: %w", err)), f.Close())
	}
	resumed = have > 0
	if have < o.Size {
		err = r.append(ctx, f, o, part{have, urgent})
	}
	if e := f.Close(); err == nil && e != nil {
		err = as(Local, fmt.Errorf("feed: %w", e))
	}
	return resumed, err
}

// part says how much of an object is here already, and whether the rest is read
// whatever the day has left.
type part struct {
	have   int64
	urgent bool
}

func (r *round) append(ctx context.Context, f *os.File, o wire.Object, p part) error {
	want := o.Size - p.have
	if !p.urgent {
		want = min(want, r.left())
	}
	if want == 0 {
		return errBudget
	}
	r.rep.Gets++
	reply, err := r.from.Get(ctx, o.Path(), Range{From: p.have, Limit: want, Part: p.have+want < o.Size})
	if err != nil {
		return fetching(err)
	}
	defer func() { _ = reply.Body.Close() }()
	if reply.From != p.have { // from the start again
		if err := f.Truncate(0); err != nil {
			return as(Local, fmt.Errorf("feed: %w", err))
		}
		if p.have = 0; p.urgent || o.Size <= r.left() {
			want = o.Size
		}
	}
	if _, err := f.Seek(p.have, io.SeekStart); err != nil {
		return as(Local, fmt.Errorf("feed: %w", err))
	}
	n, err := r.copy(f, io.LimitReader(reply.Body, want))
	switch {
	case err != nil:
		return err
	case n < want:
		return refuse(BadObject, "%s has %d bytes and should have %d", o.Path(), p.have+n, o.Size)
	case p.have+n < o.Size:
		return errBudget
	}
	return nil
}

// copy tells errors of the source from those of the disk.
func (r *round) copy(to io.Writer, from io.Reader) (n int64, err error) {
	buf := make([]byte, 64<<10)
	for {
		got, rerr := from.Read(buf)
		r.count(int64(got))
		if _, err := to.Write(buf[:got]); err != nil {
			return n, as(Local, fmt.Errorf("feed: %w", err))
		}
		n += int64(got)
		if rerr == io.EOF {
			return n, nil
		}
		if rerr != nil {
			return n, fetching(fmt.Errorf("feed: read an object: %w", rerr))
		}
	}
}

// prove compares the file with the name of the object.
func prove(path string, o wire.Object) error {
	f, err := os.Open(path)
	if err != nil {
		return as(Local, fmt.Errorf("feed: %w", err))
	}
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return as(Local, fmt.Errorf("feed: %w", err))
	}
	if n != o.Size || !bytes.Equal(h.Sum(nil), o.Hash[:]) {
		return refuse(BadObject, "%s has other bytes", o.Path())
	}
	return nil
}

// tidy removes objects that are not among those to keep.
func (r *round) tidy(keep map[wire.Hash]bool) {
	dir := filepath.Join(r.opts.Dir, "objects")
	all, err := os.ReadDir(dir)
	if err != nil {
		return // none was ever fetched, or the next round says what is wrong
	}
	for _, e := range all {
		var h wire.Hash
		if h.UnmarshalText([]byte(e.Name())) == nil && keep[h] {
			continue
		}
		_ = os.Remove(filepath.Join(dir, e.Name()))
	}
}

// day is the date in China, by which bytes are counted.
func day(t time.Time) string { return t.UTC().Add(8 * time.Hour).Format(time.DateOnly) }
