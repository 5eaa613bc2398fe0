package debs

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
)

// deb is a package with these entries, uncompressed.
func deb(t *testing.T, entries ...tar.Header) []byte {
	t.Helper()
	var data bytes.Buffer
	w := tar.NewWriter(&data)
	for _, h := range entries {
		h.Size = 0
		if h.Typeflag == tar.TypeReg {
			h.Size = int64(len(h.Name))
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := w.Write([]byte(h.Name)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var ar bytes.Buffer
	ar.WriteString("!<arch>\n")
	for _, m := range []struct {
		name string
		data []byte
	}{{"debian-binary", []byte("2.0\n")}, {"control.tar", []byte("odd")}, {"data.tar", data.Bytes()}} {
		fmt.Fprintf(&ar, "%-16s%-12d%-6d%-6d%-8s%-10d`\n", m.name, 0, 0, 0, "100644", len(m.data))
		ar.Write(m.data)
		if len(m.data)%2 == 1 {
			ar.WriteByte('\n')
		}
	}
	return ar.Bytes()
}

func unpack(t *testing.T, data []byte, keep func(string) bool) (string, error) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "x.deb")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(dir, "root")
	return root, Unpack(t.Context(), file, root, keep)
}

func TestUnpack(t *testing.T) {
	root, err := unpack(t, deb(t,
		tar.Header{Name: "./usr/", Typeflag: tar.TypeDir, Mode: 0o755},
		tar.Header{Name: "./usr/bin/su", Typeflag: tar.TypeReg, Mode: 0o4755},
		tar.Header{Name: "./usr/bin/hard", Typeflag: tar.TypeLink, Linkname: "./usr/bin/su"},
		tar.Header{Name: "./usr/bin/soft", Typeflag: tar.TypeSymlink, Linkname: "su"},
		tar.Header{Name: "./usr/share/doc/x", Typeflag: tar.TypeReg, Mode: 0o644},
		tar.Header{Name: "./usr/bin/orphan", Typeflag: tar.TypeLink, Linkname: "./usr/share/doc/x"},
	), func(name string) bool { return name != "usr/share/doc/x" })
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(root, "usr/bin/su"))
	if err != nil || info.Mode()&os.ModeSetuid != 0 || info.Mode()&0o111 == 0 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	for name, there := range map[string]bool{"usr/bin/hard": true, "usr/bin/soft": true, "usr/share/doc": false, "usr/bin/orphan": false} {
		if _, err := os.Stat(filepath.Join(root, name)); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUnpackRefuses(t *testing.T) {
	all := func(string) bool { return true }
	for name, data := range map[string][]byte{
		"no package": []byte("PK\x03\x04"),
		"outside":    deb(t, tar.Header{Name: "../../etc/passwd", Typeflag: tar.TypeReg}),
		"a device":   deb(t, tar.Header{Name: "./dev/sda", Typeflag: tar.TypeBlock}),
		"cut off":    deb(t, tar.Header{Name: "./usr/bin/x", Typeflag: tar.TypeReg})[:300],
	} {
		if _, err := unpack(t, data, all); err == nil {
			t.Errorf("%s was unpacked", name)
		}
	}
}

// What is fetched is what the lock says, or nothing; what is there is not
// fetched again.
func TestFetch(t *testing.T) {
	good, asked := []byte("a package"), 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		switch r.URL.Path {
		case "/good", "/other":
			_, _ = w.Write(good)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	sum := sha256.Sum256(good)
	item := Item{Name: "good", URL: server.URL + "/good", Size: int64(len(good)), SHA256: hex.EncodeToString(sum[:])}
	s := &Store{Dir: t.TempDir(), Client: server.Client()}
	for range 2 {
		if err := s.Fetch(t.Context(), []Item{item}); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 1 {
		t.Errorf("it was fetched %d times", asked)
	}
	other := item
	other.URL, other.SHA256 = server.URL+"/other", hex.EncodeToString(make([]byte, 32))
	if err := s.Fetch(t.Context(), []Item{other}); err == nil {
		t.Error("another package was taken")
	}
	gone := other
	gone.URL = server.URL + "/gone"
	if err := s.Fetch(t.Context(), []Item{gone, item}); !errors.Is(err, ErrGone) {
		t.Errorf("a package that is gone: %v", err)
	}
	if left, _ := os.ReadDir(s.Dir); len(left) != 1 {
		t.Errorf("%d files are left", len(left))
	}
}
