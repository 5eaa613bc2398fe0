package gate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"regexp"
	"sync"
	"time"

	"jobhome/sync/wire"
)

// feed serves the tree of files of ../../DESIGN.md. Whatever else lies in the
// directory is not there.
type feed struct {
	tree    fs.FS
	missing func(w http.ResponseWriter, r *http.Request)

	mu    sync.Mutex
	heads map[string]mutable
}

func newFeed(tree fs.FS, missing func(w http.ResponseWriter, r *http.Request)) *feed {
	return &feed{tree: tree, missing: missing, heads: map[string]mutable{}}
}

// mutable is a file that changes, with the date and size by which it is seen that
// it has.
type mutable struct {
	changed time.Time
	size    int64
	text    []byte
	etag    string
}

// How long a copy may be used without asking: objects and roots are never written
// again, a head may change at any time.
const (
	forEver = "public, max-age=31536000, immutable"
	never   = "no-cache"
)

// mostHead is the greatest head that is served.
const mostHead = 16 << 20

var (
	rootName = regexp.MustCompile(`^[1-9][0-9]{0,9}\.json$`)
	twoName  = regexp.MustCompile(`^[0-9a-f]{2}$`)
	hashName = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// serve answers GET and HEAD, with ranges and conditions as http.ServeContent
// does them.
func (f *feed) serve(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Path[1:]
	file, board, two, hash := r.PathValue("file"), r.PathValue("board"), r.PathValue("two"), r.PathValue("hash")
	switch {
	case rootName.MatchString(file), hashName.MatchString(hash) && twoName.MatchString(two) && hash[:2] == two:
		f.immutable(w, r, path, hash)
	case board != "" && wire.CheckBoard(board) == nil:
		f.head(w, r, path)
	default:
		f.missing(w, r)
	}
}

func (f *feed) immutable(w http.ResponseWriter, r *http.Request, path, hash string) {
	file, err := f.tree.Open(path)
	if err != nil {
		f.missing(w, r)
		return
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	content, ok := file.(io.ReadSeeker)
	if err != nil || !ok || !info.Mode().IsRegular() {
		f.missing(w, r)
		return
	}
	w.Header().Set("Cache-Control", forEver)
	w.Header().Set("Content-Type", "application/json")
	if hash != "" {
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("ETag", `"`+hash+`"`)
	}
	http.ServeContent(w, r, "", info.ModTime(), content)
}

func (f *feed) head(w http.ResponseWriter, r *http.Request, path string) {
	m, err := f.read(path)
	if err != nil {
		f.missing(w, r)
		return
	}
	w.Header().Set("Cache-Control", never)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("ETag", m.etag)
	// Without a date: two heads of one second have the same.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(m.text))
}

// read reads a file that changes, once for each change.
func (f *feed) read(path string) (mutable, error) {
	info, err := fs.Stat(f.tree, path)
	if err != nil {
		return mutable{}, err
	}
	if !info.Mode().IsRegular() || info.Size() > mostHead {
		return mutable{}, errors.New("no head")
	}
	f.mu.Lock()
	m, ok := f.heads[path]
	f.mu.Unlock()
	if ok && m.changed.Equal(info.ModTime()) && m.size == info.Size() {
		return m, nil
	}
	text, err := fs.ReadFile(f.tree, path)
	if err != nil {
		return mutable{}, err
	}
	sum := sha256.Sum256(text)
	m = mutable{info.ModTime(), info.Size(), text, `"` + hex.EncodeToString(sum[:]) + `"`}
	f.mu.Lock()
	defer f.mu.Unlock()
	// One that was written in this very moment may be written again in it.
	if time.Since(m.changed) > 2*time.Second {
		f.heads[path] = m
	}
	return m, nil
}
