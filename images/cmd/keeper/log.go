package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"jobhome/kiosk/durable"
)

// The journal is in memory and goes with the power. Of it, what is a warning or
// worse in our own units is brought to the disk every quarter of an hour and at
// the end: a flash card wears with every write, however small.
const (
	logEvery = 15 * time.Minute
	logFile  = 256 << 10 // bytes of one file
	logFiles = 4
	logDaily = 64 << 10 // bytes in one day; a loop of errors must not wear the card out
)

// logUnits are the units whose words are kept.
var logUnits = []string{"kiosk.service", "calm.service", "seatd.service", "keeper-*", "data.mount", "init.scope"}

// keptLog is the log that survives.
type keptLog struct {
	dir     string // of log, log.1, log.2, log.3
	cursor  string // file with the journal's place; goes with the journal
	journal func(ctx context.Context, args ...string) ([]byte, error)
	now     func() time.Time
}

func logCommand() command {
	return command{"log", "[once]", "keep the warnings of the journal", func(ctx context.Context, out io.Writer, args []string) error {
		l := &keptLog{dir: "/data/log", cursor: "/run/jobhome/log.cursor", journal: journalctl, now: time.Now}
		switch {
		case len(args) == 0:
			l.run(ctx, out)
			return nil
		case len(args) == 1 && args[0] == "once":
			return l.append(ctx)
		}
		return errUsage
	}}
}

// maxJournal is more than is ever kept of one reading.
const maxJournal = 1 << 20

func journalctl(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "journalctl", args...)
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(pipe, maxJournal))
	_, rest := io.Copy(io.Discard, pipe)
	return b, errors.Join(err, rest, cmd.Wait())
}

// run appends until ctx ends, and once more then.
func (l *keptLog) run(ctx context.Context, out io.Writer) {
	tick := time.NewTicker(logEvery)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case <-ctx.Done():
			ended = true
		case <-tick.C:
		}
		some, stop := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		if err := l.append(some); err != nil {
			fmt.Fprintf(out, "log: %v\n", err)
		}
		stop()
	}
}

// append keeps what came since the last time. Nothing is written when nothing
// came. The place in the journal is noted after: a cut in between keeps lines
// twice, and loses none.
func (l *keptLog) append(ctx context.Context) error {
	lines, cursor, err := l.read(ctx)
	if err != nil || len(lines) == 0 {
		return err
	}
	now := l.now()
	spent := 0
	for _, name := range []string{"log.1", "log"} {
		b, err := os.ReadFile(filepath.Join(l.dir, name))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		spent += spentOn(b, now)
	}
	if text := batch(lines, now, logDaily-spent); len(text) > 0 {
		if err := l.write(text); err != nil {
			return err
		}
	}
	return os.WriteFile(l.cursor, []byte(cursor), 0o600)
}

// read reads the journal from where it was left.
func (l *keptLog) read(ctx context.Context) (lines []string, cursor string, err error) {
	args := []string{"--quiet", "--no-pager", "--no-hostname", "--boot", "--priority=warning", "--output=short-iso", "--show-cursor"}
	for _, u := range logUnits {
		args = append(args, "--unit="+u)
	}
	if b, err := os.ReadFile(l.cursor); err == nil && len(b) > 0 {
		args = append(args, "--after-cursor="+string(b))
	}
	b, err := l.journal(ctx, args...)
	if err != nil {
		return nil, "", fmt.Errorf("read the journal: %w", err)
	}
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\n")
		if c, ok := strings.CutPrefix(line, "-- cursor: "); ok {
			cursor = c
			continue
		}
		lines = append(lines, nameless(line))
	}
	if cursor == "" && len(lines) > 0 {
		return nil, "", errors.New("read the journal: it did not end with its place")
	}
	return lines, cursor, nil
}

// batchHead begins what is written at one time, with its size, by which a day's
// share is counted even after a restart.
const batchHead = "== 2006-01-02 15:04:05 "

// batch is the text for lines, at most room bytes of it; the first lines are
// kept, for they name the cause. Empty when there is no room for anything.
func batch(lines []string, now time.Time, room int) []byte {
	const head = len(batchHead) + len("12345 bytes, 12345 lines left out\n")
	var body bytes.Buffer
	kept := 0
	for _, line := range lines {
		if body.Len()+len(line)+1 > room-head {
			break
		}
		body.WriteString(line + "\n")
		kept++
	}
	if kept == 0 {
		return nil
	}
	out := 0
	if out = len(lines) - kept; out > 0 {
		return fmt.Appendf(nil, "%s%d bytes, %d lines left out\n%s", now.Format(batchHead), body.Len(), out, &body)
	}
	return fmt.Appendf(nil, "%s%d bytes\n%s", now.Format(batchHead), body.Len(), &body)
}

// spentOn is how many bytes of a file were written on the day of now.
func spentOn(text []byte, now time.Time) int {
	sum, day := 0, "== "+now.Format("2006-01-02")+" "
	for line := range strings.Lines(string(text)) {
		rest, ok := strings.CutPrefix(line, day)
		if !ok {
			continue
		}
		var clock string
		var n int
		if _, err := fmt.Sscanf(rest, "%s %d bytes", &clock, &n); err == nil && n > 0 {
			sum += n + len(line)
		}
	}
	return sum
}

// write appends to the log in one write and one fsync, and begins a new file
// before one would get too large.
func (l *keptLog) write(text []byte) error {
	path := filepath.Join(l.dir, "log")
	info, err := os.Stat(path)
	if err == nil && info.Size()+int64(len(text))+1 > logFile {
		if err := l.rotate(); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	if info, err := f.Stat(); err == nil && info.Size() > 0 {
		last := make([]byte, 1)
		if _, err := f.ReadAt(last, info.Size()-1); err == nil && last[0] != '\n' {
			text = append([]byte("\n"), text...) // the power went in the middle of a line
		}
	}
	return durable.Fill(f, text)
}

// rotate moves every file on by one; the oldest goes. A cut in between leaves a
// number free, and all files.
func (l *keptLog) rotate() error {
	for n := logFiles - 1; n > 0; n-- {
		from := filepath.Join(l.dir, "log")
		if n > 1 {
			from = fmt.Sprintf("%s.%d", from, n-1)
		}
		err := os.Rename(from, filepath.Join(l.dir, fmt.Sprintf("log.%d", n)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return durable.SyncDir(l.dir)
}

// personal is what may be a person's: a number of a resident's card (GB 11643:
// 17 digits and one more or X, formerly 15), of a mobile or a fixed telephone,
// and every other run of 11 digits or more.
var personal = regexp.MustCompile(`\p{Nd}{17}[\p{Nd}Xx]|\p{Nd}{11,}|\b1[3-9]\d[- ]\d{4}[- ]\d{4}\b|\b0\d{2,3}[- ]\d{7,8}\b`)

// nameless takes out what could be somebody's number. The terminal logs none; this
// is the second wall.
func nameless(line string) string { return personal.ReplaceAllString(line, "[…]") }
