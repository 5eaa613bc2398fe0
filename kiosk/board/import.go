package board

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
)

// ImportOpts says how a file is taken in.
type ImportOpts struct {
	DryRun  bool // check and count, change nothing
	Replace bool // remove the postings that the file does not mention
	// Remove has the ids of postings that are removed in the same transaction, as
	// far as they are there. Only Apply takes it.
	Remove []string
	// Sequence is the number of the feed's delta, which must be above that of the
	// last one applied; 0: none, and the last one stays. With Restart and Replace
	// it may be any: a feed begins anew, with all that it has.
	Sequence int64
	Restart  bool
	Now      time.Time // noted as the time the board was brought up to date; zero: the clock
}

// Report tells what an import found and did, or would do.
type Report struct {
	Lines   int // that were not empty
	Good    int // postings taken
	Added   int // of them new
	Changed int // of them different from what the board had
	Same    int // of them as the board had them
	Removed int // by Replace or Remove
	Bad     []BadLine
}

// BadLine is one thing that is wrong with one line. A line may have several.
type BadLine struct {
	Line   int // from 1
	Field  string
	Reason string
}

// ErrSequence tells that a delta was applied already, or came too late; nothing
// was changed.
var ErrSequence = errors.New("the delta's sequence is not above the board's")

// ErrNothingGood tells that a file that should replace the board holds no good
// posting; the board was kept.
var ErrNothingGood = errors.New("the file holds no good posting")

// Import reads postings as JSON Lines, as README.md describes. Bad lines are
// reported and skipped, good ones added or changed by their id, all in one
// transaction: after an error, a crash or a power cut the board is as it was.
// With Replace, a posting whose id stands in a bad line is kept.
func (b *Board) Import(ctx context.Context, r io.Reader, o ImportOpts) (Report, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	var rep Report
	err := b.update(ctx, o, func(u *updater) error {
		if err := readLines(ctx, r, u, &rep); err != nil {
			return err
		}
		if o.Replace && rep.Good == 0 {
			return ErrNothingGood
		}
		return u.finish(ctx)
	}, &rep)
	if err != nil {
		return Report{Lines: rep.Lines, Bad: rep.Bad}, fmt.Errorf("board: import: %w", err)
	}
	return rep, nil
}

// Apply adds or changes postings by their id, and removes those of o.Remove, in
// one transaction. With o.Replace it removes all others. Nothing is changed when
// one is wrong, or one is to be added and removed.
func (b *Board) Apply(ctx context.Context, postings []kiosk.Posting, o ImportOpts) (Report, error) {
	return b.ApplyEach(ctx, func(yield func(kiosk.Posting, error) bool) {
		for _, p := range postings {
			if !yield(p, nil) {
				return
			}
		}
	}, o)
}

// ApplyEach is Apply for more postings than should be held in memory. An error
// that they end with changes nothing either.
func (b *Board) ApplyEach(ctx context.Context, postings iter.Seq2[kiosk.Posting, error], o ImportOpts) (Report, error) {
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	var rep Report
	err := b.update(ctx, o, func(u *updater) error {
		for p, err := range postings {
			if err != nil {
				return err
			}
			rep.Lines++
			if err := p.Check(); err != nil {
				return fmt.Errorf("posting %s: %w", p.ID, err)
			}
			if _, twice := u.seen[p.ID]; twice {
				return fmt.Errorf("posting %s is given twice", p.ID)
			}
			if err := u.put(ctx, &p); err != nil {
				return err
			}
			rep.Good++
		}
		if err := u.take(o.Remove); err != nil {
			return err
		}
		return u.finish(ctx)
	}, &rep)
	if err != nil {
		return Report{Lines: rep.Lines}, fmt.Errorf("board: apply: %w", err)
	}
	return rep, nil
}

// readLines gives every good line to u and notes every bad one.
func readLines(ctx context.Context, r io.Reader, u *updater, rep *Report) error {
	lines := newLineReader(r)
	for number := 1; ; number++ {
		text, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read line %d: %w", number, err)
		}
		if number == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff"))
		}
		text = bytes.TrimRight(text, "\r\n")
		if len(text) <= jsonl.MaxLine { // else it is reported as too long
			text = bytes.TrimSpace(text)
		}
		if len(text) == 0 {
			continue
		}
		rep.Lines++
		p, problems := jsonl.Parse(text)
		first, twice := u.seen[p.ID]
		if twice && problems == nil {
			problems = []jsonl.Problem{{Field: "id", Reason: fmt.Sprintf("%s stands in line %d already", p.ID, first)}}
		}
		for _, pr := range problems {
			rep.Bad = append(rep.Bad, BadLine{number, pr.Field, pr.Reason})
		}
		if problems != nil {
			u.keep[p.ID] = struct{}{}
			continue
		}
		u.line = number
		if err := u.put(ctx, &p); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		rep.Good++
	}
}

// lineReader gives lines; of one that is too long only as much as shows it.
type lineReader struct {
	r   *bufio.Reader
	buf []byte
}

func newLineReader(r io.Reader) *lineReader { return &lineReader{r: bufio.NewReaderSize(r, 64<<10)} }

func (l *lineReader) next() ([]byte, error) {
	l.buf = l.buf[:0]
	for {
		part, err := l.r.ReadSlice('\n')
		if room := jsonl.MaxLine + 3 - len(l.buf); room > 0 { // 3: line end, and one to be too long by
			l.buf = append(l.buf, part[:min(room, len(part))]...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF) && (len(l.buf) > 0 || len(part) > 0):
			return l.buf, nil
		default:
			return l.buf, err
		}
	}
}
