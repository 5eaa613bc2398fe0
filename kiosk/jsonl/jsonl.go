// Package jsonl reads and writes postings as JSON Lines, the form in which a
// board is imported by hand: one JSON object a line, UTF-8
// (https://jsonlines.org). The fields are described in kiosk/board/README.md.
package jsonl

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"jobhome/kiosk"
)

// MaxLine is the greatest length of a line in bytes, without its end.
const MaxLine = 64 << 10

// Problem is one thing that is wrong with a line. Field is empty when the line
// is no JSON object at all.
type Problem struct{ Field, Reason string }

// Parse reads one line. When anything is wrong with it, the posting is not to
// be used, except for its ID, which is kept when it could be read.
func Parse(text []byte) (kiosk.Posting, []Problem) {
	switch {
	case len(text) > MaxLine:
		return kiosk.Posting{}, []Problem{{"", fmt.Sprintf("the line is longer than %d bytes", MaxLine)}}
	case !utf8.Valid(text):
		return kiosk.Posting{}, []Problem{{"", "the line is not valid UTF-8"}}
	}
	var l line
	if p := decode(text, &l); p != nil {
		return kiosk.Posting{ID: l.ID}, []Problem{*p}
	}
	var c conversion
	p := l.posting(&c)
	if err := p.Check(); err != nil {
		c.add(err)
	}
	return p, c.problems
}

func decode(text []byte, into *line) *Problem {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	err := dec.Decode(into)
	if err == nil {
		if _, err = dec.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		return &Problem{"", "there is something after the object"}
	}
	var wrong *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	const unknown = "json: unknown field "
	switch {
	case errors.As(err, &wrong):
		return &Problem{wrong.Field, fmt.Sprintf("a %s was given, not a %s", wrong.Value, kindOf(wrong))}
	case errors.As(err, &syntax):
		return &Problem{"", fmt.Sprintf("no JSON at byte %d: %s", syntax.Offset, syntax.Error())}
	case strings.HasPrefix(err.Error(), unknown):
		return &Problem{strings.Trim(strings.TrimPrefix(err.Error(), unknown), `"`), "no such field"}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Problem{"", "no JSON: the line ends too early"}
	}
	return &Problem{"", strings.TrimPrefix(err.Error(), "json: ")}
}

func kindOf(e *json.UnmarshalTypeError) string {
	switch e.Type.Kind().String() {
	case "struct", "map":
		return "object"
	case "slice":
		return "list"
	case "int", "float64":
		return "number"
	}
	return "string"
}

// Append appends the posting as one line with its line end. It reads back as
// the same posting, times to the second.
func Append(dst []byte, p *kiosk.Posting) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(fromPosting(p)); err != nil {
		return dst, fmt.Errorf("jsonl: write posting %s: %w", p.ID, err)
	}
	return append(dst, buf.Bytes()...), nil
}

// conversion collects what cannot be turned into a posting's field.
type conversion struct{ problems []Problem }

func (c *conversion) bad(field, format string, args ...any) {
	c.problems = append(c.problems, Problem{field, fmt.Sprintf(format, args...)})
}

// add takes over the lines of a joined error, "field: reason" each, without
// those about a field that was already found wrong.
func (c *conversion) add(err error) {
	for text := range strings.SplitSeq(err.Error(), "\n") {
		field, reason, _ := strings.Cut(text, ": ")
		if !c.has(field) {
			c.bad(field, "%s", reason)
		}
	}
}

func (c *conversion) has(field string) bool {
	for _, p := range c.problems {
		if p.Field == field || strings.HasPrefix(p.Field, field+".") || field == "dates" && dateField(p.Field) {
			return true
		}
	}
	return false
}

func dateField(f string) bool {
	return f == "published" || f == "refreshed" || f == "valid_through" || f == "starts"
}

// zone is China's one time zone; it has had no summer time since 1991.
var zone = time.FixedZone("CST", 8*60*60)

// time reads an RFC 3339 time, or a day in China. A day that something lasts
// through ends at its last second.
func (c *conversion) time(field, s string, through bool) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t, err = time.ParseInLocation(time.DateOnly, s, zone)
		if err == nil && through {
			t = t.AddDate(0, 0, 1).Add(-time.Second)
		}
	}
	if err != nil {
		c.bad(field, "%q is neither a day like 2026-11-23 nor an RFC 3339 time", s)
		return time.Time{}
	}
	if t.Year() < 2000 || t.Year() > 2199 {
		c.bad(field, "the year %d is not between 2000 and 2199", t.Year())
		return time.Time{}
	}
	return t.In(zone)
}

// yuan reads an amount in yuan with at most two decimals, exactly.
func (c *conversion) yuan(field string, n json.Number) kiosk.Fen {
	if n == "" {
		return 0
	}
	whole, frac, _ := strings.Cut(string(n), ".")
	digits := whole + (frac + "00")[:max(2, len(frac))]
	if len(frac) > 2 || len(whole) > 8 || whole == "" {
		c.bad(field, "%s is not an amount in yuan with at most 8 digits and 2 decimals", n)
		return 0
	}
	var fen kiosk.Fen
	for _, d := range digits {
		if d < '0' || d > '9' {
			c.bad(field, "%s is not an amount in yuan such as 5000 or 0.35", n)
			return 0
		}
		fen = fen*10 + kiosk.Fen(d-'0')
	}
	return fen
}
