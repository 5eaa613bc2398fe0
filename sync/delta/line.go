package delta

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/jsonl"
	"jobhome/sync/wire"
)

// A row is written as one line of kiosk/jsonl: its body, in which "refreshed" is
// put behind all other fields when the source has said it:
//
//	{"id":"p-1", … ,"refreshed":"2026-11-25T08:00:00+08:00"}
const (
	idPart      = `{"id":"`
	removePart  = `{"remove":"`
	datePart    = `{"date":"`
	refreshPart = `,"refreshed":"`
	endPart     = `"}`
	timeLayout  = "2006-01-02T15:04:05+08:00"
	refreshSize = len(refreshPart) + len(timeLayout) + len(endPart)
)

// maxLine is the greatest line: a body with a refresh date.
const maxLine = jsonl.MaxLine + refreshSize

// zone is China's one time zone.
var zone = time.FixedZone("CST", 8*60*60)

// The dates that jsonl takes: the years 2000 to 2199 in China.
var (
	minDate = time.Date(2000, 1, 1, 0, 0, 0, 0, zone).Unix()
	maxDate = time.Date(2200, 1, 1, 0, 0, 0, 0, zone).Unix() - 1
)

func checkDate(unix int64) error {
	if unix != 0 && (unix < minDate || unix > maxDate) {
		return fmt.Errorf("delta: a refresh date of %d s is not between the years 2000 and 2199", unix)
	}
	return nil
}

// checkRow checks what a line needs: the rest is for wire.Row.Posting.
func checkRow(r wire.Row) error {
	switch id, err := bodyID(r.Body); {
	case err != nil:
		return err
	case id != r.ID:
		return fmt.Errorf("delta: the body of row %s has the id %s", r.ID, id)
	}
	return checkDate(r.Refreshed)
}

// bodyID reads the id from the start of a body.
func bodyID(body []byte) (string, error) {
	rest, ok := bytes.CutPrefix(body, []byte(idPart))
	end := bytes.IndexByte(rest, '"')
	switch {
	case !ok || end < 0 || end > kiosk.MaxPostingID:
		return "", errors.New("delta: a row does not begin with its id")
	case len(body) > jsonl.MaxLine || body[len(body)-1] != '}' || bytes.IndexByte(body, '\n') >= 0:
		return "", fmt.Errorf("delta: row %s is not one line of at most %d bytes", rest[:end], jsonl.MaxLine)
	}
	return string(rest[:end]), nil
}

func appendRefreshed(dst []byte, unix int64) []byte {
	if unix == 0 {
		return dst
	}
	dst = append(dst, refreshPart...)
	dst = time.Unix(unix, 0).In(zone).AppendFormat(dst, timeLayout)
	return append(dst, '"')
}

// LineSize is how many bytes a row has in a base, unpacked.
func LineSize(r wire.Row) int64 {
	n := len(r.Body) + len("\n")
	if r.Refreshed != 0 {
		n += refreshSize - len("}")
	}
	return int64(n)
}

// appendRow appends the row as a line, with its end.
func appendRow(dst []byte, r wire.Row) []byte {
	dst = append(dst, r.Body[:len(r.Body)-1]...)
	return append(appendRefreshed(dst, r.Refreshed), '}', '\n')
}

func appendRemove(dst []byte, id string) []byte {
	dst = append(append(dst, removePart...), id...)
	return append(dst, endPart+"\n"...)
}

func appendDate(dst []byte, d Date) []byte {
	dst = append(append(dst, datePart...), d.ID...)
	return append(appendRefreshed(append(dst, '"'), d.Refreshed), '}', '\n')
}

// cutRefreshed reads the refresh date at the end of a line, and the line without
// it, in front of its closing brace.
func cutRefreshed(line []byte) (rest []byte, unix int64, err error) {
	at := len(line) - refreshSize
	if at < 0 || !bytes.HasPrefix(line[at:], []byte(refreshPart)) || !bytes.HasSuffix(line, []byte(endPart)) {
		return bytes.TrimSuffix(line, []byte("}")), 0, nil
	}
	text := line[at+len(refreshPart) : len(line)-len(endPart)]
	t, err := time.ParseInLocation(timeLayout, string(text), zone)
	if err != nil || t.Format(timeLayout) != string(text) {
		return nil, 0, fmt.Errorf("delta: %q is no date such as %s", text, timeLayout)
	}
	return line[:at], t.Unix(), checkDate(t.Unix())
}

// readRow reads a line of a row. The row shares nothing with the line.
func readRow(line []byte) (wire.Row, error) {
	rest, unix, err := cutRefreshed(line)
	if err != nil {
		return wire.Row{}, err
	}
	body := make([]byte, 0, len(rest)+1)
	r := wire.Row{Body: append(append(body, rest...), '}'), Refreshed: unix}
	if r.ID, err = bodyID(r.Body); err != nil {
		return wire.Row{}, err
	}
	if err := kiosk.CheckPostingID(r.ID); err != nil {
		return wire.Row{}, fmt.Errorf("delta: %w", err)
	}
	// A body that ends with a date of its own, or a line that ends otherwise.
	if again := appendRow(make([]byte, 0, len(line)+1), r); !bytes.Equal(again[:len(again)-1], line) {
		return wire.Row{}, fmt.Errorf("delta: row %s is not written in the one form", r.ID)
	}
	return r, nil
}

// readMark reads a line that removes a row or gives it another date.
func readMark(line []byte, part string) (Date, error) {
	rest, unix, err := cutRefreshed(line)
	if err != nil {
		return Date{}, err
	}
	id := bytes.TrimSuffix(bytes.TrimPrefix(rest, []byte(part)), []byte(`"`))
	d := Date{string(id[:min(len(id), kiosk.MaxPostingID+1)]), unix}
	again := appendDate(nil, d)
	if part == removePart {
		again = appendRemove(nil, d.ID)
	}
	if !bytes.Equal(again[:len(again)-1], line) {
		return Date{}, fmt.Errorf("delta: a line beginning with %s is not written in the one form", part)
	}
	return d, nil
}
