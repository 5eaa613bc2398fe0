package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
)

// newLog logs to w. Where that is systemd's journal, which says so by
// $JOURNAL_STREAM (systemd.exec(5)), every line begins with its severity as
// sd-daemon(3) has it, so that warnings can be told from the rest there.
func newLog(w io.Writer) *slog.Logger {
	if os.Getenv("JOURNAL_STREAM") == "" {
		return slog.New(slog.NewTextHandler(w, nil))
	}
	p := &severities{w: w}
	return slog.New(journal{Handler: slog.NewTextHandler(p, &slog.HandlerOptions{ReplaceAttr: timeless}), to: p})
}

// timeless leaves the time out: the journal knows it.
func timeless(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

// journal is a handler whose lines carry their severity.
type journal struct {
	slog.Handler
	to *severities
}

func (j journal) Handle(ctx context.Context, r slog.Record) error {
	j.to.mu.Lock()
	defer j.to.mu.Unlock()
	j.to.next = r.Level
	return j.Handler.Handle(ctx, r)
}

func (j journal) WithAttrs(attrs []slog.Attr) slog.Handler {
	return journal{j.Handler.WithAttrs(attrs), j.to}
}

func (j journal) WithGroup(name string) slog.Handler { return journal{j.Handler.WithGroup(name), j.to} }

// severities puts the severity before a line. A handler writes each in one piece.
type severities struct {
	w    io.Writer
	mu   sync.Mutex
	next slog.Level // guarded by mu, as long as a record is handled
}

func (s *severities) Write(line []byte) (int, error) {
	severity := 7 // LOG_DEBUG of syslog(3), and so on
	switch {
	case s.next >= slog.LevelError:
		severity = 3
	case s.next >= slog.LevelWarn:
		severity = 4
	case s.next >= slog.LevelInfo:
		severity = 6
	}
	_, err := s.w.Write(fmt.Appendf(nil, "<%d>%s", severity, line))
	return len(line), err
}
