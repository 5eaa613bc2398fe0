package uarttest

import (
	"bytes"
	"errors"
	"os"
	"sync"
	"time"
)

// Log writes a transcript of the wires it listens to, one after the other: a
// driver that opens its wire again is one log. The zero value is ready.
//
// A log holds whatever went over the wire. Of a card reader that is a card: clear
// it of that before it is kept.
type Log struct {
	mu    sync.Mutex
	begin time.Time
	t     Transcript
}

// Listen passes everything on to w and writes it down.
func (l *Log) Listen(w Wire) *Record {
	l.note(Opened, nil)
	return &Record{Wire: w, log: l}
}

// Transcript returns what was written down so far. The bytes are the caller's.
func (l *Log) Transcript() Transcript {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := make(Transcript, len(l.t))
	for i, e := range l.t {
		e.Bytes = bytes.Clone(e.Bytes)
		t[i] = e
	}
	return t
}

// note writes an event down; a nil Log does not.
func (l *Log) note(k Kind, b []byte) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.begin.IsZero() {
		l.begin = time.Now()
	}
	if last := len(l.t) - 1; k != Opened && last >= 0 && l.t[last].Kind == Ended {
		return // it can only go on failing
	}
	l.t = append(l.t, Event{Kind: k, At: time.Since(l.begin), Bytes: bytes.Clone(b)})
}

// call writes down what a Read or Write did.
func (l *Log) call(k Kind, b []byte, err error) {
	if len(b) > 0 {
		l.note(k, b)
	}
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		l.note(Ended, nil)
	}
}
