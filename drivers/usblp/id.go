package usblp

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxValue is how much of a value of a device id is kept, in bytes.
const maxValue = 128

// ID is what a printer says of itself: IEEE 1284-2000, 7.6, as far as it is of
// use. A field that it leaves out is "".
type ID struct {
	Maker       string // MFG
	Model       string // MDL
	Commands    string // CMD, the languages it knows, with commas: "ESC/POS"
	Serial      string // SN
	Class       string // CLS, "PRINTER"
	Description string // DES
}

// String names maker and model.
func (id ID) String() string {
	s := strings.TrimSpace(id.Maker + " " + id.Model)
	if s == "" {
		s = id.Description
	}
	if s == "" {
		s = "unnamed printer"
	}
	return s
}

// ParseID reads a device id without its two bytes of length:
//
//	MFG:EPSON;MDL:TM-T88V;CMD:ESC/POS;CLS:PRINTER;
//
// Keys may be written out (MANUFACTURER, MODEL, COMMAND SET), in either case and
// in any order; of a key given twice the first counts. Control characters and
// bytes that are not UTF-8 are left out. What is not a device id gives the zero
// ID.
func ParseID(s string) (id ID) {
	for pair := range strings.SplitSeq(s, ";") {
		key, value, ok := strings.Cut(pair, ":")
		if !ok {
			continue
		}
		var field *string
		switch strings.ToUpper(clean(key)) {
		case "MFG", "MANUFACTURER":
			field = &id.Maker
		case "MDL", "MODEL":
			field = &id.Model
		case "CMD", "COMMAND SET":
			field = &id.Commands
		case "SN", "SERN", "SERIALNUMBER":
			field = &id.Serial
		case "CLS", "CLASS":
			field = &id.Class
		case "DES", "DESCRIPTION":
			field = &id.Description
		default:
			continue
		}
		if *field == "" {
			*field = clean(value)
		}
	}
	return id
}

// clean keeps what can be shown.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	for len(s) > maxValue {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// cutLength takes the two bytes of length off, which count themselves, high byte
// first. Printers are known that write them the other way round, or wrong; then
// everything up to the first NUL is taken.
func cutLength(b []byte) string {
	if len(b) < 2 {
		return ""
	}
	n := int(b[0])<<8 | int(b[1])
	if swapped := int(b[1])<<8 | int(b[0]); n < 2 || n > len(b) {
		n = swapped
	}
	body := b[2:]
	if n >= 2 && n <= len(b) {
		body = b[2:n]
	}
	if end := bytes.IndexByte(body, 0); end >= 0 {
		body = body[:end]
	}
	return string(body)
}
