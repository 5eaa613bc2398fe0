package gate

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFeed(t *testing.T) {
	dir := t.TempDir()
	put := func(path, text string) {
		t.Helper()
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	object := strings.Repeat("base ", 100)
	sum := sha256.Sum256([]byte(object))
	hash := hex.EncodeToString(sum[:])
	at := "o/" + hash[:2] + "/" + hash
	put(at, object)
	put("root/1.json", `{"root":1}`)
	put("b/gongqing/head", `{"head":1}`)
	for _, secret := range []string{"secret", "root/secret.json", "b/gongqing/secret", "o/" + hash[:2] + "/secret", "b/UPPER/head"} {
		put(secret, "secret")
	}
	if err := os.MkdirAll(filepath.Join(dir, "b/dir/head"), 0o755); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	h := one(t, root.FS())
	k := h.terminal()
	get := func(path string, header ...string) (*http.Response, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), "GET", h.url+"/"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		resp := k.do(req)
		text, _ := io.ReadAll(resp.Body)
		return resp, string(text)
	}

	resp, text := get(at)
	if resp.StatusCode != 200 || text != object || resp.Header.Get("Cache-Control") != forEver || resp.Header.Get("ETag") != `"`+hash+`"` {
		t.Errorf("object: %d, %v", resp.StatusCode, resp.Header)
	}
	if resp, text = get(at, "Range", "bytes=490-"); resp.StatusCode != 206 || text != object[490:] {
		t.Errorf("its end: %d %q", resp.StatusCode, text)
	}
	if resp, _ = get(at, "Range", "bytes=900-"); resp.StatusCode != 416 {
		t.Errorf("behind its end: %d", resp.StatusCode)
	}
	if resp, _ = get(at, "If-None-Match", `"`+hash+`"`); resp.StatusCode != 304 {
		t.Errorf("unchanged: %d", resp.StatusCode)
	}
	if resp, text = get("root/1.json"); resp.StatusCode != 200 || text != `{"root":1}` || resp.Header.Get("Cache-Control") != forEver {
		t.Errorf("root: %d %q", resp.StatusCode, text)
	}

	// A head that has changed, in the same second and with the same length, is told
	// from the one before.
	resp, text = get("b/gongqing/head")
	etag := resp.Header.Get("ETag")
	if resp.StatusCode != 200 || text != `{"head":1}` || etag == "" || resp.Header.Get("Cache-Control") != never {
		t.Errorf("head: %d %q %v", resp.StatusCode, text, resp.Header)
	}
	if resp, _ = get("b/gongqing/head", "If-None-Match", etag); resp.StatusCode != 304 || resp.Header.Get("ETag") != etag {
		t.Errorf("unchanged: %d", resp.StatusCode)
	}
	put("b/gongqing/head", `{"head":2}`)
	if resp, text = get("b/gongqing/head", "If-None-Match", etag); resp.StatusCode != 200 || text != `{"head":2}` {
		t.Errorf("changed: %d %q", resp.StatusCode, text)
	}
	old := time.Now().Add(-time.Hour)
	_ = os.Chtimes(filepath.Join(dir, "b/gongqing/head"), old, old)
	for range 2 { // the second one from memory
		if _, text = get("b/gongqing/head"); text != `{"head":2}` {
			t.Errorf("%q", text)
		}
	}
	put("b/gongqing/head", `{"head":3}`)
	if _, text = get("b/gongqing/head"); text != `{"head":3}` {
		t.Errorf("%q", text)
	}

	for _, path := range []string{
		"secret", "root/secret.json", "root/2.json", "root/", "root/01.json", "b/gongqing/secret", "b/UPPER/head", "b/dir/head", "b/other/head", "b/",
		"o/" + hash[:2] + "/secret", "o/00/" + hash, "o/" + hash[:2] + "/" + strings.ToUpper(hash), "o/" + hash[:2] + "/", "o/%2e%2e/secret", "o/..%2fsecret", "b/..%2f..%2fsecret/head",
	} {
		if resp, text = get(path); resp.StatusCode != 404 || strings.Contains(text, "secret") && !strings.Contains(text, "problem") || strings.Contains(resp.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %q", path, resp.StatusCode, text)
		}
	}
	k.is("method", k.ask("POST", "/root/1.json", nil), methodNotAllowed)
	if resp := k.ask("HEAD", "/"+at, nil); resp.StatusCode != 200 || resp.ContentLength != int64(len(object)) {
		t.Errorf("HEAD: %d", resp.StatusCode)
	}
}

func TestServedDocument(t *testing.T) {
	k := one(t, nil).terminal()
	resp := k.ask("GET", "/v1/openapi.json", nil)
	text, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != 200 || !bytes.Equal(text, openAPI) {
		t.Errorf("%d, %d bytes", resp.StatusCode, len(text))
	}
	if resp = k.ask("GET", "/healthz", nil); resp.StatusCode != 200 {
		t.Errorf("health: %d", resp.StatusCode)
	}
	k.is("no feed is served here", k.ask("GET", "/root/1.json", nil), notFound)
}
