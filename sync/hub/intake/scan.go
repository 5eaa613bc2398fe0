package intake

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Before a workbook is opened, its parts are read once as a stream: what they
// unpack to is counted, not believed, and sheets and texts that would take more
// memory than they should are refused. The same pass finds the merged cells,
// without a tree of the sheet in memory.

// mostMerges is how many merged ranges a sheet may have, mostParts how many
// files a workbook.
const (
	mostMerges = 20_000
	mostParts  = 2_000
)

// sheetMarks is what the pass found in a sheet.
type sheetMarks struct {
	last   int // the last row that has something in it; 0: none
	merges []span
}

// span is a merged range, from 1.
type span struct{ top, left, bottom, right int }

// limited counts what is read from all parts, and stops in time.
type limited struct {
	ctx  context.Context
	r    io.Reader
	left *int64
}

func (l *limited) Read(p []byte) (int, error) {
	if err := l.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := l.r.Read(p)
	if *l.left -= int64(n); *l.left < 0 {
		return n, Unpacks
	}
	return n, err
}

// scanWorkbook returns the marks of each sheet by its name.
func scanWorkbook(ctx context.Context, data []byte) (map[string]*sheetMarks, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, BrokenFile
	}
	if len(z.File) > mostParts {
		return nil, Unpacks
	}
	left := int64(MaxUnpacked)
	parts, texts := map[string]*sheetMarks{}, map[string][]byte{}
	for _, f := range z.File {
		open, err := f.Open()
		if err != nil {
			return nil, BrokenFile
		}
		r := &limited{ctx, open, &left}
		name := strings.TrimPrefix(f.Name, "/")
		switch base := path.Base(name); {
		case strings.HasSuffix(base, ".rels"), strings.HasPrefix(base, "workbook") && strings.HasSuffix(base, ".xml"):
			texts[name], err = io.ReadAll(r)
		case strings.Contains(name, "worksheets/") && strings.HasSuffix(base, ".xml"):
			parts[name], err = scanSheet(r)
		case strings.EqualFold(base, "sharedStrings.xml"):
			err = scanTexts(r)
		default:
			_, err = io.Copy(io.Discard, r)
		}
		_ = open.Close()
		if err != nil {
			return nil, refusal(err)
		}
	}
	return nameSheets(texts, parts)
}

// refusal is a Cause or the end of the time; anything else says that the file is
// damaged.
func refusal(err error) error {
	var c Cause
	if errors.As(err, &c) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return err
	}
	return BrokenFile
}

// relations is a part that says where others lie.
type relations struct {
	All []struct {
		ID     string `xml:"Id,attr"`
		Type   string `xml:"Type,attr"`
		Target string `xml:"Target,attr"`
	} `xml:"Relationship"`
}

// nameSheets finds the names of the sheets' parts: the package names its
// workbook, the workbook its sheets.
func nameSheets(texts map[string][]byte, parts map[string]*sheetMarks) (map[string]*sheetMarks, error) {
	var root, rels relations
	if xml.Unmarshal(texts["_rels/.rels"], &root) != nil {
		return nil, BrokenFile
	}
	at := "xl/workbook.xml"
	for _, r := range root.All {
		if strings.HasSuffix(r.Type, "/officeDocument") {
			at = strings.TrimPrefix(r.Target, "/")
		}
	}
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			Rel  string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	if xml.Unmarshal(texts[at], &book) != nil || xml.Unmarshal(texts[path.Join(path.Dir(at), "_rels", path.Base(at)+".rels")], &rels) != nil {
		return nil, BrokenFile
	}
	named := map[string]*sheetMarks{}
	for _, s := range book.Sheets {
		for _, r := range rels.All {
			target := strings.TrimPrefix(r.Target, "/")
			if target == r.Target {
				target = path.Join(path.Dir(at), target)
			}
			if m := parts[target]; r.ID == s.Rel && m != nil {
				named[s.Name] = m
			}
		}
	}
	return named, nil
}

// scanSheet reads the part of a sheet.
func scanSheet(r io.Reader) (*sheetMarks, error) {
	m := &sheetMarks{}
	dec := xml.NewDecoder(r)
	row, col, text, value := 0, 0, 0, false
	for {
		tok, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			return m, nil
		} else if err != nil {
			return nil, err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			switch tok.Name.Local {
			case "row":
				row, col = rowNumber(tok.Attr, row+1), 0
			case "c":
				col, text = columnNumber(tok.Attr, col+1), 0
			case "v", "t", "f":
				value = tok.Name.Local != "f"
			case "mergeCell":
				if err := m.merge(tok.Attr); err != nil {
					return nil, err
				}
			}
		case xml.EndElement:
			value = value && tok.Name.Local != "v" && tok.Name.Local != "t"
		case xml.CharData:
			if text += len(tok); text > MaxText {
				return nil, TooLongText
			}
			if value && len(bytes.TrimSpace(tok)) > 0 {
				m.last = row
				if col > MaxColumns {
					return nil, TooWide
				}
			}
			if m.last > MaxRows {
				return nil, TooManyRows
			}
		}
	}
}

func rowNumber(attrs []xml.Attr, otherwise int) int {
	for _, a := range attrs {
		if a.Name.Local == "r" {
			n := 0
			for _, c := range a.Value {
				if c < '0' || c > '9' || n > 1<<24 {
					return otherwise
				}
				n = 10*n + int(c-'0')
			}
			return n
		}
	}
	return otherwise
}

func columnNumber(attrs []xml.Attr, otherwise int) int {
	for _, a := range attrs {
		if a.Name.Local == "r" {
			if col, _, err := excelize.CellNameToCoordinates(a.Value); err == nil {
				return col
			}
		}
	}
	return otherwise
}

func (m *sheetMarks) merge(attrs []xml.Attr) error {
	for _, a := range attrs {
		if a.Name.Local != "ref" {
			continue
		}
		from, to, ok := strings.Cut(a.Value, ":")
		if !ok {
			return nil
		}
		left, top, err := excelize.CellNameToCoordinates(from)
		right, bottom, err2 := excelize.CellNameToCoordinates(to)
		if err != nil || err2 != nil || left > right || top > bottom {
			return nil // nothing that could be filled
		}
		if m.merges = append(m.merges, span{top, left, bottom, right}); len(m.merges) > mostMerges {
			return TooManyRows
		}
	}
	return nil
}

// scanTexts reads the shared texts.
func scanTexts(r io.Reader) error {
	dec := xml.NewDecoder(r)
	size := 0
	for {
		tok, err := dec.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if tok.Name.Local == "si" {
				size = 0
			}
		case xml.CharData:
			if size += len(tok); size > MaxText {
				return TooLongText
			}
		}
	}
}
