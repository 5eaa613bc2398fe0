package publish

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// testStore is what every store must do.
func testStore(t *testing.T, s Store) {
	ctx := context.Background()
	if _, err := s.Get(ctx, "b/x/head"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	want := map[string]string{"b/x/head": "1", "b/y-2/head": "2", "o/00/aa": "3", "o/00/ab": "", "o/01/ac": "5", "o/02/ad": "6", "o/ff/ae": "7"}
	for path, content := range want {
		if err := s.Put(ctx, path, []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Put(ctx, "b/x/head", []byte("1, again")); err != nil {
		t.Fatal(err)
	}
	want["b/x/head"] = "1, again"
	for path, content := range want {
		if got, err := s.Get(ctx, path); err != nil || string(got) != content {
			t.Errorf("%s: %q, %v; want %q", path, got, err, content)
		}
	}
	for _, prefix := range []string{"o/", "b/", "o/00/", "nothing/", ""} {
		var paths []string
		for path := range want {
			if strings.HasPrefix(path, prefix) {
				paths = append(paths, path)
			}
		}
		got, err := s.List(ctx, prefix)
		slices.Sort(got)
		slices.Sort(paths)
		if err != nil || !slices.Equal(got, paths) {
			t.Errorf("%q: %q, %v; want %q", prefix, got, err, paths)
		}
	}
	for range 2 {
		if err := s.Delete(ctx, "o/01/ac"); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if _, err := s.Get(ctx, "o/01/ac"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that was deleted: %v", err)
	}
	for _, bad := range []string{"", "../x", "/x", "o//x", "o/./x"} {
		if err := s.Put(ctx, bad, nil); err == nil {
			t.Errorf("%q was written", bad)
		}
	}
	canceled, cancel := context.WithCancel(ctx)
	cancel()
	if _, ok := s.(*S3); ok {
		if err := s.Put(canceled, "o/03/af", nil); err == nil {
			t.Error("written after it was called off")
		}
	}
}

func TestDir(t *testing.T) {
	root := filepath.Join(t.TempDir(), "tree")
	d, err := NewDir(root)
	if err != nil {
		t.Fatal(err)
	}
	testStore(t, d)
	// A web server runs as somebody else, and what a crash left is not a file.
	info, err := os.Stat(filepath.Join(root, "b/x/head"))
	if err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(filepath.Join(root, "o/00", half+"123"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := d.List(context.Background(), "o/00/"); err != nil || len(got) != 2 {
		t.Errorf("%q, %v", got, err)
	}
}

func TestS3(t *testing.T) {
	bucket := &bucket{t: t, objects: map[string][]byte{}}
	server := httptest.NewServer(bucket)
	defer server.Close()
	s := &S3{Endpoint: server.URL, Bucket: "feeds", Prefix: "city/", Region: "cn-south-1", Key: testKey.key, Secret: testKey.secret}
	bucket.fail = 2
	testStore(t, s)
	if bucket.fail != 0 {
		t.Error("the server's trouble was not met")
	}
	wrong := *s
	wrong.Secret = "another"
	if err := wrong.Put(context.Background(), "o/00/aa", nil); err == nil || !strings.Contains(err.Error(), "SignatureDoesNotMatch") {
		t.Errorf("a wrong signature: %v", err)
	}
}

// An S3 server that the environment names, e.g. a versitygw:
// JOBHOME_S3=http://127.0.0.1:7070 with the bucket feeds and the key of the test.
func TestS3Server(t *testing.T) {
	endpoint := os.Getenv("JOBHOME_S3")
	if endpoint == "" {
		t.Skip("JOBHOME_S3 names no server")
	}
	prefix := time.Now().UTC().Format("20060102T150405.000000000/")
	testStore(t, &S3{Endpoint: endpoint, Bucket: "feeds", Prefix: prefix, Key: testKey.key, Secret: testKey.secret})
}

var testKey = credentials{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "cn-south-1"}

// bucket is as much of an S3 server as the store uses. It signs what it gets by
// itself, lists three objects a page, and fails as often as it is told.
type bucket struct {
	t       *testing.T
	mu      sync.Mutex
	objects map[string][]byte
	fail    int
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail > 0 {
		b.fail--
		b.refuse(w, http.StatusServiceUnavailable, "SlowDown")
		return
	}
	content, err := io.ReadAll(r.Body)
	if err != nil || !b.signed(r, content) {
		b.refuse(w, http.StatusForbidden, "SignatureDoesNotMatch")
		return
	}
	key, ok := strings.CutPrefix(r.URL.Path, "/feeds")
	if !ok {
		b.refuse(w, http.StatusNotFound, "NoSuchBucket")
		return
	}
	key = strings.TrimPrefix(key, "/")
	switch {
	case r.Method == http.MethodGet && key == "":
		b.list(w, r)
	case r.Method == http.MethodGet && b.objects[key] == nil:
		b.refuse(w, http.StatusNotFound, "NoSuchKey")
	case r.Method == http.MethodGet:
		_, _ = w.Write(b.objects[key])
	case r.Method == http.MethodPut:
		if control := r.Header.Get("Cache-Control"); strings.Contains(control, "immutable") != strings.HasPrefix(key, "city/o/") {
			b.t.Errorf("%s: %s", key, control)
		}
		b.objects[key] = append([]byte{}, content...)
	case r.Method == http.MethodDelete:
		delete(b.objects, key)
		w.WriteHeader(http.StatusNoContent)
	}
}

func (b *bucket) signed(r *http.Request, content []byte) bool {
	when, err := time.Parse(amzTime, r.Header.Get("X-Amz-Date"))
	if err != nil {
		return false
	}
	again := r.Clone(r.Context())
	got := again.Header.Get("Authorization")
	for _, name := range []string{"Authorization", "Accept-Encoding", "User-Agent", "Content-Length"} {
		again.Header.Del(name)
	}
	testKey.sign(again, content, when)
	return got == again.Header.Get("Authorization")
}

func (b *bucket) refuse(w http.ResponseWriter, status int, code string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, "<Error><Code>"+code+"</Code><Message>no</Message></Error>")
}

func (b *bucket) list(w http.ResponseWriter, r *http.Request) {
	type object struct{ Key string }
	var page struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		Contents              []object
		IsTruncated           bool
		NextContinuationToken string `xml:",omitempty"`
	}
	q := r.URL.Query()
	for _, key := range slices.Sorted(maps.Keys(b.objects)) {
		if !strings.HasPrefix(key, q.Get("prefix")) || key <= q.Get("continuation-token") {
			continue
		}
		if page.IsTruncated = len(page.Contents) == 3; page.IsTruncated {
			page.NextContinuationToken = page.Contents[2].Key
			break
		}
		page.Contents = append(page.Contents, object{key})
	}
	var out bytes.Buffer
	if err := xml.NewEncoder(&out).Encode(page); err != nil {
		b.t.Error(err)
	}
	_, _ = w.Write(out.Bytes())
}

// A stick, or a tree that others can write to, leads out of its directory for
// nothing that is read, written or deleted.
func TestDirWithLinksOutOfIt(t *testing.T) {
	root, outside := filepath.Join(t.TempDir(), "tree"), t.TempDir()
	d, err := NewDir(root)
	if err != nil {
		t.Fatal(err)
	}
	kept := filepath.Join(outside, "head")
	if err := errors.Join(os.WriteFile(kept, []byte("mine"), 0o600), os.Symlink(outside, filepath.Join(root, "b"))); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if _, err := d.Get(ctx, "b/head"); err == nil {
		t.Error("read through a link")
	}
	for _, path := range []string{"b/head", "b/x/head"} {
		if err := d.Put(ctx, path, []byte("theirs")); err == nil {
			t.Errorf("%s was written through a link", path)
		}
		if err := d.Delete(ctx, path); err == nil {
			t.Errorf("%s was deleted through a link", path)
		}
	}
	if text, err := os.ReadFile(kept); err != nil || string(text) != "mine" {
		t.Errorf("outside is %q, %v", text, err)
	}
}
