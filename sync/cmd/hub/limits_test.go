package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestGuardedGivesWhatTheHandlerGives(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789"), 100_000)
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, want, 0o600); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/bytes", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(want) })
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, path) })
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		b, err := io.ReadAll(r.Body)
		if err != nil || r.Context().Err() != nil {
			t.Error(err, r.Context().Err())
		}
		_, _ = w.Write(b)
	})
	s := httptest.NewServer(guarded("test", slog.New(slog.DiscardHandler), mux))
	defer s.Close()
	for _, path := range []string{"/bytes", "/file", "/echo", "/echo"} {
		var body io.Reader
		if path == "/echo" {
			body = bytes.NewReader(want)
		}
		res, err := http.Post(s.URL+path, "application/octet-stream", body)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(res.Body)
		if res.Body.Close(); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("%s: %d bytes, %v", path, len(got), err)
		}
	}
}

// deadlines notes the deadlines that are set.
type deadlines struct {
	http.ResponseWriter
	read, write []time.Time
}

func (d *deadlines) SetReadDeadline(t time.Time) error  { d.read = append(d.read, t); return nil }
func (d *deadlines) SetWriteDeadline(t time.Time) error { d.write = append(d.write, t); return nil }

func TestGuardedWaitsForNobodyForEver(t *testing.T) {
	d := &deadlines{ResponseWriter: httptest.NewRecorder()}
	h := guarded("test", slog.New(slog.DiscardHandler), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, struct{ io.Reader }{r.Body})
		_, _ = w.Write(make([]byte, 3*pieceSize))
	}))
	h.ServeHTTP(d, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("body")))
	if len(d.read) < 2 || d.read[0].IsZero() || !d.read[len(d.read)-1].IsZero() {
		t.Errorf("deadlines of reading: %v", d.read)
	}
	if len(d.write) != 1+2*4+1 {
		t.Fatalf("%d deadlines of writing four pieces", len(d.write))
	}
	for i, at := range d.write { // none while the handler thinks, one while it writes
		if at.IsZero() != (i%2 == 0) {
			t.Errorf("deadline %d of writing is %v", i, at)
		}
	}
	b := &patientBody{ReadCloser: io.NopCloser(strings.NewReader("x")), rc: http.NewResponseController(d), end: time.Unix(1000, 0)}
	_, _ = b.Read(make([]byte, 1))
	if last := d.read[len(d.read)-1]; !last.Equal(time.Unix(1000, 0)) {
		t.Errorf("a body that drips is read until %v", last)
	}
}

func TestPanicIsLoggedWithoutWhatWasAsked(t *testing.T) {
	var log bytes.Buffer
	mux := http.NewServeMux()
	mux.HandleFunc("/p/{id}", func(http.ResponseWriter, *http.Request) { panic("broken") })
	s := httptest.NewUnstartedServer(guarded("test", slog.New(slog.NewTextHandler(&log, nil)), mux))
	s.Start()
	if res, err := http.Get(s.URL + "/p/secret?tel=13812345678"); err == nil {
		_ = res.Body.Close()
		t.Errorf("answered %d", res.StatusCode)
	}
	s.Close()
	if text := log.String(); !strings.Contains(text, "broken") || !strings.Contains(text, "/p/{id}") ||
		strings.Contains(text, "secret") || strings.Contains(text, "13812345678") {
		t.Errorf("the log says %s", text)
	}
}

func TestAsker(t *testing.T) {
	for _, c := range []struct {
		proxy bool
		head  []string
		want  string
	}{
		{false, nil, "192.0.2.7"},
		{false, []string{"203.0.113.9"}, "192.0.2.7"},
		{true, nil, "192.0.2.7"},
		{true, []string{"203.0.113.9"}, "203.0.113.9"},
		{true, []string{"10.0.0.1, 203.0.113.9"}, "203.0.113.9"},
		{true, []string{"10.0.0.1", "10.0.0.2,  203.0.113.9 "}, "203.0.113.9"},
		{true, []string{"::ffff:203.0.113.9"}, "203.0.113.9"},
		{true, []string{"203.0.113.9, nobody"}, "192.0.2.7"},
	} {
		r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
		r.RemoteAddr = "192.0.2.7:4711"
		for _, v := range c.head {
			r.Header.Add("X-Forwarded-For", v)
		}
		if got := asker(c.proxy)(r); got != c.want {
			t.Errorf("proxy %v, %q: %q, want %q", c.proxy, c.head, got, c.want)
		}
	}
}

func TestStaffNeedTLSFromElsewhere(t *testing.T) {
	for url, good := range map[string]bool{
		"http://127.0.0.1:8081": true, "http://localhost:8081": true, "http://[::1]:8081": true,
		"https://staff.example.cn": true, "http://staff.example.cn": false, "http://192.168.1.7:8081": false,
	} {
		_, err := Parse(strings.Replace(Example, "https://staff.example.cn", url, 1))
		if (err == nil) != good {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// Who takes nothing of a long answer is let go, however long the answer is.
func TestSlowReaderIsLetGo(t *testing.T) {
	ended := make(chan error, 1)
	s := httptest.NewServer(guarded("test", slog.New(slog.DiscardHandler), http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p := w.(*patient)
		p.still = 50 * time.Millisecond
		var err error
		for err == nil {
			_, err = p.Write(make([]byte, pieceSize))
		}
		ended <- err
	})))
	defer s.Close()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("it ended with %v", err)
	}
}
