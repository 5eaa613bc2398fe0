package csvfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// MaxRecord is the greatest length of a record in bytes of the file, with its
// line end.
const MaxRecord = 64 << 10

// record is one row of the file.
type record struct {
	line   int      // where it begins, from 1
	fields []string // where it is broken: its first line cut at every delimiter
	broken string   // why it cannot be read; "" when it can
}

// records reads RFC 4180 with any delimiter. It works on the file's bytes:
// delimiters, quotes and line ends are no part of a longer character in UTF-8
// nor in GB 18030, so that a row is decoded after it was found.
type records struct {
	r      *bufio.Reader
	delim  byte
	line   int // the next line's number
	fields [][]byte
	gb     bool // GB 18030, not UTF-8
	known  bool // gb is decided
	width  int  // fields of a row; 0: not known yet
	idAt   int  // the id's place among them
}

func newRecords(r io.Reader) *records {
	// Room for many records, so that the buffer is seldom moved.
	in := bufio.NewReaderSize(r, 4*MaxRecord)
	start, _ := in.Peek(3)
	switch {
	case bytes.HasPrefix(start, []byte("\ufeff")):
		_, _ = in.Discard(3)
	case bytes.HasPrefix(start, []byte{0xff, 0xfe}), bytes.HasPrefix(start, []byte{0xfe, 0xff}):
		// Excel's "Unicode text".
		utf16 := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
		in = bufio.NewReaderSize(transform.NewReader(in, utf16), 4*MaxRecord)
	}
	return &records{r: in, line: 1}
}

// chooseDelim takes the delimiter that cuts one of the next n records into the
// most fields: one where the header is next, more where titles may stand above.
func (rs *records) chooseDelim(n int) error {
	data, atEnd, err := rs.peek()
	if err != nil {
		return err
	}
	most := -1
	for _, d := range []byte{',', ';', '\t'} {
		if fields := mostFields(data, atEnd, d, n); fields > most {
			most, rs.delim = fields, d
		}
	}
	if most < 0 {
		rs.delim = ','
	}
	return nil
}

// mostFields is the greatest number of fields that one of the first n records
// of data has with a delimiter; -1 where none can be read.
func mostFields(data []byte, atEnd bool, delim byte, n int) int {
	try, most := records{delim: delim}, -1
	for ; n > 0 && len(data) > 0; n-- {
		end, broken := try.split(data, atEnd)
		if broken == "" {
			most = max(most, len(try.fields))
		} else if end = bytes.IndexByte(data, '\n') + 1; end == 0 {
			break
		}
		data = data[end:]
	}
	return most
}

func (rs *records) peek() (data []byte, atEnd bool, err error) {
	data, err = rs.r.Peek(MaxRecord + 1)
	if errors.Is(err, io.EOF) {
		if len(data) == 0 {
			return nil, true, io.EOF
		}
		return data, true, nil
	}
	return data, false, err
}

// next reads one record. After a broken one it goes on at the next line of the
// file, so that a quote that is never closed loses only the line it stands in.
func (rs *records) next() (record, error) {
	data, atEnd, err := rs.peek()
	if err != nil {
		return record{}, err
	}
	rec := record{line: rs.line}
	n, broken := rs.split(data, atEnd)
	if broken == "" && rs.swallows(data[:n]) {
		broken = "a quote is not closed: another row stands inside it"
	}
	if broken != "" {
		rec.broken = broken
		return rs.skipLine(rec, data)
	}
	if !rs.known {
		rs.decide(data[:n])
	}
	for _, f := range rs.fields {
		text, ok := rs.decode(f)
		if !ok {
			rec.broken = "is not valid in the encoding of the file, " + rs.encoding()
		}
		rec.fields = append(rec.fields, text)
	}
	rs.line += lineEnds(data[:n])
	_, err = rs.r.Discard(n)
	return rec, err
}

// skipLine takes the first line of a broken record.
func (rs *records) skipLine(rec record, data []byte) (record, error) {
	rs.line++
	line := data
	n := bytes.IndexAny(data, "\r\n")
	if n >= 0 {
		line = data[:n]
	}
	for _, f := range bytes.Split(line, []byte{rs.delim}) {
		text, _ := rs.decode(bytes.Trim(f, `"`))
		rec.fields = append(rec.fields, text)
	}
	for n < 0 {
		if _, err := rs.r.Discard(len(data)); err != nil {
			return rec, err
		}
		var err error
		if data, _, err = rs.peek(); errors.Is(err, io.EOF) {
			return rec, nil
		} else if err != nil {
			return rec, err
		}
		n = bytes.IndexAny(data, "\r\n")
	}
	if _, err := rs.r.Discard(n); err != nil {
		return rec, err
	}
	end, _ := rs.r.Peek(2) // only now, since data may end between \r and \n
	_, err := rs.r.Discard(lineEnd(end))
	return rec, err
}

// split cuts the first record of data into rs.fields and returns its length
// with its line end, or why it cannot.
func (rs *records) split(data []byte, atEnd bool) (n int, broken string) {
	rs.fields = rs.fields[:0]
	for {
		var field []byte
		if field, n, broken = rs.field(data, n); broken != "" {
			return n, broken
		}
		rs.fields = append(rs.fields, field)
		switch {
		case n == len(data) && !atEnd:
			return n, tooLong
		case n == len(data):
			return n, ""
		case data[n] != rs.delim:
			n += lineEnd(data[n:])
			if n > MaxRecord {
				return n, tooLong
			}
			return n, ""
		}
		n++
	}
}

var tooLong = fmt.Sprintf("the row is longer than %d bytes, or a quote in it is not closed", MaxRecord)

// swallows reports whether a further line of a record is a row by itself. Of
// two stray quotes the first opens a field and the second closes it, which is
// right by RFC 4180, but would lose all rows between them unseen.
func (rs *records) swallows(data []byte) bool {
	if rs.width == 0 {
		return false
	}
	for {
		i := bytes.IndexAny(data, "\r\n")
		if i < 0 {
			return false
		}
		if data = data[i+lineEnd(data[i:]):]; len(data) == 0 {
			return false
		}
		line := data
		if end := bytes.IndexAny(data, "\r\n"); end >= 0 {
			line = data[:end]
		}
		// All quotes inside a field are doubled, so that none cuts a row.
		fields := bytes.Split(line, []byte{rs.delim})
		if len(fields) == rs.width && idRE.Match(bytes.TrimSpace(fields[rs.idAt])) {
			return true
		}
	}
}

// field returns the field that begins at from, and where it ends: at a
// delimiter, a line end or the end of data.
func (rs *records) field(data []byte, from int) (field []byte, end int, broken string) {
	if from < len(data) && data[from] == '"' {
		return rs.quoted(data, from+1)
	}
	for end = from; end < len(data) && !rs.ends(data[end]); end++ {
		if data[end] == '"' {
			return nil, end, `there is a quote inside a field; put the field in quotes and write "" for it`
		}
	}
	return data[from:end], end, ""
}

func (rs *records) quoted(data []byte, from int) (field []byte, end int, broken string) {
	for at := from; ; {
		i := bytes.IndexByte(data[at:], '"')
		if i < 0 && len(data) > MaxRecord {
			return nil, len(data), tooLong
		} else if i < 0 {
			return nil, len(data), "a quote is not closed"
		}
		field = append(field, data[at:at+i]...)
		at += i + 1
		switch {
		case at == len(data) || rs.ends(data[at]):
			return field, at, ""
		case data[at] != '"':
			return nil, at, "there is something after the quote that closes a field, or a quote is not closed"
		}
		field = append(field, '"')
		at++
	}
}

func (rs *records) ends(c byte) bool { return c == rs.delim || c == '\n' || c == '\r' }

// lineEnd is the length of the line end that data begins with.
func lineEnd(data []byte) int {
	if len(data) > 1 && data[0] == '\r' && data[1] == '\n' {
		return 2
	}
	return 1
}

// lineEnds counts the lines of a record.
func lineEnds(data []byte) int {
	return bytes.Count(data, []byte{'\n'}) + bytes.Count(data, []byte{'\r'}) - bytes.Count(data, []byte("\r\n"))
}

// decide takes the first row that is not ASCII for a sample of the file:
// Chinese in GB 18030 is, but for a few words, no valid UTF-8.
func (rs *records) decide(row []byte) {
	for _, c := range row {
		if c >= utf8.RuneSelf {
			rs.known, rs.gb = true, !utf8.Valid(row)
			return
		}
	}
}

func (rs *records) decode(b []byte) (string, bool) {
	if !rs.gb {
		return string(b), utf8.Valid(b)
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(b)
	return string(text), err == nil && !bytes.ContainsRune(text, utf8.RuneError)
}

func (rs *records) encoding() string {
	if rs.gb {
		return "GB 18030"
	}
	return "UTF-8"
}
