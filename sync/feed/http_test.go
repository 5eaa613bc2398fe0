package feed

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a network in memory, which a synctest bubble can hold.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes"} }

// server serves a handler in memory, and is the source that reads from it.
func server(t *testing.T, h http.Handler) *HTTP {
	t.Helper()
	p := &pipes{make(chan net.Conn), make(chan struct{})}
	srv := &http.Server{Handler: h}
	go func() { _ = srv.Serve(p) }()
	tr := &http.Transport{DisableCompression: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		p.conns <- theirs
		return ours, nil
	}}
	t.Cleanup(func() { tr.CloseIdleConnections(); _ = srv.Close() })
	src, err := NewHTTP("http://hub.example/feed/", tr)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

// files serves a tree as a web server does.
func files(t tree) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := t[strings.TrimPrefix(r.URL.Path, "/feed/")]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(text)))
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(text))
	})
}

func TestHTTP(t *testing.T) {
	h := newHub(t, 60)
	c := h.terminal(nil)
	c.opts.From = server(t, files(h.tree))
	c.sync(Applied)
	h.next(usual)
	c.clock = h.days.Now()
	c.sync(Applied)
	c.equals(h)
	if rep := c.sync(UpToDate); rep.Bytes != 0 || rep.Gets != 2 {
		t.Errorf("nothing new costs %d bytes, %d questions", rep.Bytes, rep.Gets)
	}
}

// A line that breaks after so many bytes: the next round goes on from there, and
// in the end every byte of the base has come once.
func TestResume(t *testing.T) {
	for what, ranges := range map[string]bool{"a server that can begin anywhere": true, "one that cannot": false} {
		h := newHub(t, 300)
		most := int(h.head.Base.Size * 2 / 5)
		var sent atomic.Int64
		c := h.terminal(nil)
		c.opts.From = server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !strings.Contains(r.URL.Path, "/o/") {
				files(h.tree).ServeHTTP(w, r)
				return
			}
			if !ranges {
				r.Header.Del("Range")
			}
			files(h.tree).ServeHTTP(&breaking{w, most, &sent}, r)
		}))
		if !ranges {
			c.sync(Unreachable)
			most = 1 << 30
			c.sync(Applied)
			continue
		}
		rounds := 0
		for c.Sync(t.Context()).Code == Unreachable {
			rounds++
		}
		c.equals(h)
		if all := sent.Load(); rounds != 2 || all > h.head.Base.Size+10 {
			t.Errorf("%s: %d rounds and %d bytes for a base of %d", what, rounds, all, h.head.Base.Size)
		}
	}
}

// breaking is an answer that breaks off.
type breaking struct {
	http.ResponseWriter
	left int
	sent *atomic.Int64
}

func (b *breaking) Write(p []byte) (int, error) {
	n := min(len(p), b.left)
	b.left -= n
	b.sent.Add(int64(n))
	if n < len(p) {
		_, _ = b.ResponseWriter.Write(p[:n])
		b.ResponseWriter.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	return b.ResponseWriter.Write(p)
}

// Over a metered line a server is not let begin to send more than the day has left.
func TestBudgetOverHTTP(t *testing.T) {
	h := newHub(t, 300)
	var sent atomic.Int64
	c := h.terminal(nil)
	c.opts.From = server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		files(h.tree).ServeHTTP(&breaking{w, 1 << 30, &sent}, r)
	}))
	c.opts.Budget = h.head.Base.Size / 2
	c.sync(Waiting)
	if n := sent.Load(); n > c.opts.Budget+1500 {
		t.Errorf("%d bytes were sent, %d were allowed", n, c.opts.Budget)
	}
	c.clock = c.clock.AddDate(0, 0, 1)
	c.opts.Budget *= 2
	c.sync(Applied)
	c.equals(h)
}

// What was left half on the disk may be wrong: then it is fetched anew.
func TestResumeOfOtherBytes(t *testing.T) {
	h := newHub(t, 60)
	c := h.terminal(h.tree)
	c.opts.Budget = h.head.Base.Size / 2
	c.sync(Waiting)
	r := round{Client: c.Client}
	path := r.objectPath(h.head.Base.Object)
	spoilFile(t, path)
	c.opts.Budget = 0
	c.sync(Applied)
	c.equals(h)
}

// A server that moves is waited for as long as it takes; one that dribbles, says
// nothing or never ends is left within bounded time, and the board is usable.
func TestSlowServers(t *testing.T) {
	for _, v := range []struct {
		name  string
		piece int
		every time.Duration
		want  error
	}{
		{"a slow line (the control)", 1 << 10, time.Second, nil},
		{"dribbles", 1, time.Second, errStuck},
		{"stops after a piece", 1 << 10, 10 * time.Minute, errStuck},
		{"says nothing", 0, 10 * time.Minute, errStuck},
	} {
		synctest.Test(t, func(t *testing.T) {
			text := bytes.Repeat([]byte("x"), 200<<10)
			src := server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				for at := 0; at < len(text) && r.Context().Err() == nil; at += v.piece {
					if v.piece > 0 {
						_, _ = w.Write(text[at:min(at+v.piece, len(text))])
						w.(http.Flusher).Flush()
					}
					select {
					case <-time.After(v.every):
					case <-r.Context().Done():
					}
				}
			}))
			began := time.Now()
			rep, err := src.Get(t.Context(), "o/x", Range{Limit: 1 << 20})
			if err == nil {
				var got []byte
				got, err = io.ReadAll(rep.Body)
				_ = rep.Body.Close()
				if v.want == nil && !bytes.Equal(got, text) {
					t.Errorf("%s: %d bytes, %v", v.name, len(got), err)
				}
			}
			took := time.Since(began)
			if !errors.Is(err, v.want) || v.want != nil && took > 3*window || v.want == nil && took < 3*window {
				t.Errorf("%s: %v after %s", v.name, err, took)
			}
		})
	}
}

// A server that never ends is read no further than the head says.
func TestEndlessObject(t *testing.T) {
	h := newHub(t, 60)
	c := h.terminal(nil)
	c.opts.From = server(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.URL.Path, "/o/") {
			files(h.tree).ServeHTTP(w, r)
			return
		}
		_, _ = w.Write(h.tree[strings.TrimPrefix(r.URL.Path, "/feed/")])
		for r.Context().Err() == nil {
			if _, err := w.Write(make([]byte, 32<<10)); err != nil {
				return
			}
		}
	}))
	rep := c.sync(Applied) // the bytes that were asked for are the right ones
	c.equals(h)
	var most int64
	for _, text := range h.tree {
		most += int64(len(text))
	}
	if rep.Bytes > most {
		t.Errorf("%d bytes read, the tree has %d", rep.Bytes, most)
	}
}

func TestAnswers(t *testing.T) {
	answer := func(status int, header ...string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			_, _ = w.Write([]byte("body"))
		})
	}
	date := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC) // the server's clock is wrong too
	for _, v := range []struct {
		name string
		from http.Handler
		want Range
		err  string
	}{
		{"as it should be", answer(200), Range{Limit: 9}, ""},
		{"packed on the way", answer(200, "Content-Encoding", "gzip"), Range{Limit: 9}, "which was not asked for"},
		{"not packed", answer(200, "Content-Encoding", "identity"), Range{Limit: 9}, ""},
		{"not there", answer(404), Range{Limit: 9}, ErrNone.Error()},
		{"not there, says a bucket", answer(403), Range{Limit: 9}, ErrNone.Error()},
		{"gone", answer(410), Range{Limit: 9}, ErrNone.Error()},
		{"broken", answer(500), Range{Limit: 9}, "answered 500"},
		{"later", answer(503, "Retry-After", "120"), Range{Limit: 9}, "again in 2m0s"},
		{"later, by date", answer(429, "Retry-After", date.Add(time.Hour).Format(http.TimeFormat), "Date", date.Format(http.TimeFormat)), Range{Limit: 9}, "again in 1h0m0s"},
		{"in a hundred years", answer(503, "Retry-After", "2147483647"), Range{Limit: 9}, "again in 6h0m0s"},
		{"later, without a time", answer(503, "Retry-After", "soon"), Range{Limit: 9}, "answered 503"},
		{"in the past", answer(503, "Retry-After", "-5"), Range{Limit: 9}, "answered 503"},
		{"a part nobody asked for", answer(206, "Content-Range", "bytes 0-3/4"), Range{Limit: 9}, "asked for were those from 0"},
		{"another part", answer(206, "Content-Range", "bytes 5-8/9"), Range{From: 4, Limit: 5}, "asked for were those from 4"},
		{"the right part", answer(206, "Content-Range", "bytes 4-7/8"), Range{From: 4, Limit: 5}, ""},
		{"the first part", answer(206, "Content-Range", "bytes 0-3/8"), Range{Limit: 4, Part: true}, ""},
		{"a part of nothing", answer(206), Range{From: 4, Limit: 5}, "no Content-Range"},
		{"unchanged", answer(304), Range{Limit: 9, ETag: `"1"`}, ""},
		{"unchanged from what", answer(304), Range{Limit: 9}, "which was not asked for"},
		{"in a circle", http.RedirectHandler("/feed/x", 302), Range{Limit: 9}, "more than 3 redirects"},
		{"to a file", http.RedirectHandler("file:///etc/passwd", 302), Range{Limit: 9}, "redirect from http to file"},
	} {
		rep, err := server(t, v.from).Get(t.Context(), "x", v.want)
		if (v.err == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), v.err) {
			t.Errorf("%s: %v", v.name, err)
		}
		if err == nil && (rep.Body == nil) != rep.Unchanged {
			t.Errorf("%s: %+v", v.name, rep)
		}
		if rep.Body != nil {
			_ = rep.Body.Close()
		}
	}
	for _, bad := range []string{"", "hub.example", "ftp://hub.example", "https://", "https://hub.example?x=1", "https://hub.example/#x"} {
		if _, err := NewHTTP(bad, nil); err == nil {
			t.Errorf("%q is taken for a server", bad)
		}
	}
}
