package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// A server must send at least leastBytes in every window, from the first moment
// of a request to the end of the file: a slow line is waited for as long as it
// takes, one that does not move is not.
const (
	window     = 30 * time.Second
	leastBytes = 8 << 10
)

const (
	mostRedirects = 3
	longestLater  = 6 * time.Hour // of a Retry-After; a forged one must not silence a terminal
)

// HTTP is a tree of files on a web server.
type HTTP struct {
	base   *url.URL
	client *http.Client
}

// NewHTTP reads below a URL of http or https. A nil transport is one of its own;
// the caller gives another for a proxy, or for a client certificate. It must not
// unpack what was sent.
func NewHTTP(base string, transport http.RoundTripper) (*HTTP, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("feed: %q is no address of a web server", base)
	}
	if transport == nil {
		transport = &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			DialContext:            (&net.Dialer{Timeout: window}).DialContext,
			TLSHandshakeTimeout:    window,
			MaxResponseHeaderBytes: 64 << 10,
			DisableCompression:     true,
			ForceAttemptHTTP2:      true,
			MaxIdleConnsPerHost:    1,
			IdleConnTimeout:        window,
		}
	}
	return &HTTP{u, &http.Client{Transport: transport, CheckRedirect: checkRedirect}}, nil
}

// checkRedirect follows a few, and none from https to http.
func checkRedirect(to *http.Request, via []*http.Request) error {
	if len(via) > mostRedirects {
		return fmt.Errorf("more than %d redirects", mostRedirects)
	}
	if last := via[len(via)-1].URL; to.URL.Scheme != "https" && (last.Scheme == "https" || to.URL.Scheme != "http") {
		return fmt.Errorf("a redirect from %s to %s", last.Scheme, to.URL.Scheme)
	}
	return nil
}

// Get implements Source.
func (h *HTTP) Get(ctx context.Context, path string, want Range) (Reply, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	watch := newWatch(func() { cancel(errStuck) })
	rep, err := h.get(ctx, path, want)
	if err != nil || rep.Body == nil {
		if stuck := context.Cause(ctx); errors.Is(stuck, errStuck) {
			err = stuck
		}
		watch.stop()
		cancel(nil)
		return rep, err
	}
	watch.add(leastBytes) // the answer has begun
	rep.Body = &watched{rep.Body, watch, ctx, cancel}
	return rep, nil
}

func (h *HTTP) get(ctx context.Context, path string, want Range) (Reply, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.base.JoinPath(path).String(), nil)
	if err != nil {
		return Reply{}, fmt.Errorf("feed: %w", err)
	}
	req.Header.Set("Accept-Encoding", "identity")
	req.Header.Set("User-Agent", "jobhome")
	if want.ETag != "" {
		req.Header.Set("If-None-Match", want.ETag)
	}
	if want.From > 0 || want.Part {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-%d", want.From, want.From+want.Limit-1))
	}
	resp, err := h.client.Do(req)
	if err != nil {
		return Reply{}, fmt.Errorf("feed: %w", err)
	}
	rep, err := answer(resp, want)
	if err != nil || rep.Body == nil {
		_ = resp.Body.Close()
	}
	return rep, err
}

// answer reads the head of a response.
func answer(resp *http.Response, want Range) (Reply, error) {
	if c := resp.Header.Get("Content-Encoding"); c != "" && !strings.EqualFold(c, "identity") {
		return Reply{}, fmt.Errorf("feed: the server sent %.20q, which was not asked for", c)
	}
	switch resp.StatusCode {
	case http.StatusOK:
		return Reply{Body: resp.Body, ETag: etag(resp)}, nil
	case http.StatusPartialContent:
		from, err := contentRange(resp.Header.Get("Content-Range"))
		if err != nil || from != want.From || want.From == 0 && !want.Part {
			return Reply{}, fmt.Errorf("feed: the server sent bytes from %d (%v), asked for were those from %d", from, err, want.From)
		}
		return Reply{Body: resp.Body, From: from, ETag: etag(resp)}, nil
	case http.StatusNotModified:
		if want.ETag == "" {
			return Reply{}, errors.New("feed: the server says unchanged, which was not asked for")
		}
		return Reply{ETag: want.ETag, Unchanged: true}, nil
	case http.StatusNotFound, http.StatusGone, http.StatusForbidden: // the last is what buckets say that may not be listed
		return Reply{}, ErrNone
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if after := retryAfter(resp.Header); after > 0 {
			return Reply{}, &Later{after}
		}
	}
	return Reply{}, fmt.Errorf("feed: the server answered %d", resp.StatusCode)
}

// etag is the server's name for the file as it is now; one that is not short is
// not worth remembering.
func etag(resp *http.Response) string {
	if tag := resp.Header.Get("ETag"); len(tag) <= 200 {
		return tag
	}
	return ""
}

// contentRange reads where "bytes 100-199/200" begins.
func contentRange(text string) (int64, error) {
	rest, ok := strings.CutPrefix(text, "bytes ")
	first, _, more := strings.Cut(rest, "-")
	if !ok || !more {
		return 0, fmt.Errorf("%.40q is no Content-Range", text)
	}
	return strconv.ParseInt(first, 10, 64)
}

// retryAfter reads how long a server wants to be left alone; 0: it does not say.
// A date is compared with the server's own clock.
func retryAfter(h http.Header) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.ParseInt(text, 10, 32); err == nil {
		return min(max(0, time.Duration(n)*time.Second), longestLater)
	}
	until, err1 := http.ParseTime(text)
	now, err2 := http.ParseTime(h.Get("Date"))
	if err1 != nil || err2 != nil {
		return 0
	}
	return min(max(0, until.Sub(now)), longestLater)
}

var errStuck = fmt.Errorf("feed: the server sent less than %d bytes in %s", leastBytes, window)

// watch ends a request that does not move.
type watch struct {
	got   atomic.Int64
	timer *time.Timer
}

func newWatch(end func()) *watch {
	w := &watch{}
	last := int64(0)
	started := make(chan struct{})
	w.timer = time.AfterFunc(window, func() {
		<-started
		now := w.got.Load()
		if now-last < leastBytes {
			end()
			return
		}
		last = now
		w.timer.Reset(window)
	})
	close(started)
	return w
}

func (w *watch) add(n int) { w.got.Add(int64(n)) }
func (w *watch) stop()     { w.timer.Stop() }

// watched is a body under a watch.
type watched struct {
	io.ReadCloser
	watch  *watch
	ctx    context.Context
	cancel context.CancelCauseFunc
}

func (b *watched) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.watch.add(n)
	if err != nil && errors.Is(context.Cause(b.ctx), errStuck) {
		err = errStuck
	}
	return n, err
}

func (b *watched) Close() error {
	b.watch.stop()
	b.cancel(nil)
	return b.ReadCloser.Close()
}
