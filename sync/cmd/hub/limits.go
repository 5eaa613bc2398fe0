package main

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"
)

// How slow whoever is at the other end may be. A board of 50 MB may take an hour
// over a bad line; who neither sends nor takes anything is let go.
const (
	headerTime = 10 * time.Second // to say what is wanted
	idleTime   = 2 * time.Minute  // between two requests
	stillTime  = time.Minute      // without a byte of a body, or a piece of an answer taken
	bodyTime   = 10 * time.Minute // for the whole of a body
	pieceSize  = 256 << 10        // of an answer, in bytes
)

// guarded is a handler behind which nobody holds a connection for nothing, and
// of which a panic is logged without what was asked.
func guarded(name string, log *slog.Logger, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v != http.ErrAbortHandler {
				log.Error("a request ended in a panic", "server", name, "route", r.Pattern, "panic", v, "stack", string(debug.Stack()))
			}
			panic(http.ErrAbortHandler) // the connection ends, so that nobody takes half for the whole
		}()
		rc := http.NewResponseController(w)
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = &patientBody{ReadCloser: r.Body, rc: rc, end: time.Now().Add(bodyTime)}
		}
		_ = rc.SetWriteDeadline(time.Time{}) // of the request before on this connection
		h.ServeHTTP(&patient{ResponseWriter: w, rc: rc, still: stillTime}, r)
		_ = rc.SetWriteDeadline(time.Now().Add(stillTime)) // for what is still in the buffer
	})
}

// patientBody gives the other end a time for each piece, and one for all.
type patientBody struct {
	io.ReadCloser
	rc  *http.ResponseController
	end time.Time
}

func (b *patientBody) Read(p []byte) (int, error) {
	at := time.Now().Add(stillTime)
	if at.After(b.end) {
		at = b.end
	}
	_ = b.rc.SetReadDeadline(at)
	n, err := b.ReadCloser.Read(p)
	if err != nil { // also its end: the connection is read further, for whether it is still there
		_ = b.rc.SetReadDeadline(time.Time{})
	}
	return n, err
}

// patient gives the other end a time to take each piece of an answer. There is
// none while the handler thinks: HTTP/2 would end the answer.
type patient struct {
	http.ResponseWriter
	rc    *http.ResponseController
	still time.Duration
}

// Unwrap is for [http.ResponseController].
func (w *patient) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// FlushError is for [http.ResponseController].
func (w *patient) FlushError() error {
	_ = w.rc.SetWriteDeadline(time.Now().Add(w.still))
	err := w.rc.Flush()
	_ = w.rc.SetWriteDeadline(time.Time{})
	return err
}

func (w *patient) Write(p []byte) (n int, err error) {
	for {
		piece := p[n:min(len(p), n+pieceSize)]
		_ = w.rc.SetWriteDeadline(time.Now().Add(w.still))
		m, err := w.ResponseWriter.Write(piece)
		_ = w.rc.SetWriteDeadline(time.Time{})
		if n += m; err != nil || n == len(p) {
			return n, err
		}
	}
}

// ReadFrom keeps files going from the disk to the network without a copy.
func (w *patient) ReadFrom(r io.Reader) (n int64, err error) {
	for {
		_ = w.rc.SetWriteDeadline(time.Now().Add(w.still))
		m, err := io.CopyN(w.ResponseWriter, r, pieceSize)
		_ = w.rc.SetWriteDeadline(time.Time{})
		if n += m; err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
	}
}

// asker tells where a request comes from: the other end of the connection, or
// with a proxy before the server, whom that names last. What stands before the
// last, anybody can write.
func asker(proxy bool) func(*http.Request) string {
	return func(r *http.Request) string {
		if all := r.Header.Values("X-Forwarded-For"); proxy && len(all) > 0 {
			hops := strings.Split(all[len(all)-1], ",")
			if a, err := netip.ParseAddr(strings.TrimSpace(hops[len(hops)-1])); err == nil {
				return a.Unmap().WithZone("").String()
			}
		}
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if err != nil {
			return r.RemoteAddr
		}
		return host
	}
}
