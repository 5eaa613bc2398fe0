package intake

import (
	"bytes"
	"encoding/json"
)

var bom = []byte("\ufeff")

// formatOf tells the format by what the source holds; "" for none that is read
// here.
func formatOf(data []byte) Format {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return XLSX
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0")), bytes.HasPrefix(data, []byte("%PDF")),
		bytes.HasPrefix(data, []byte("\x1f\x8b")), bytes.HasPrefix(data, []byte("Rar!")), bytes.HasPrefix(data, []byte("7z\xbc\xaf")):
		return ""
	}
	text := bytes.TrimSpace(bytes.TrimPrefix(data, bom))
	switch {
	case len(text) == 0:
		return CSV
	case text[0] == '<':
		return HTMLPage
	case text[0] == '[':
		return JSONLD
	case text[0] != '{':
		return CSV
	}
	// One object over all lines is JSON-LD, one a line is JSON Lines.
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if looksLinked(first) || !json.Valid(first) && looksLinked(text) && json.Valid(text) {
		return JSONLD
	}
	return JSONL
}

// looksLinked reports whether the members of a JSON object speak of schema.org.
func looksLinked(text []byte) bool {
	return bytes.Contains(text, []byte(`"@type"`)) || bytes.Contains(text, []byte(`"@graph"`)) || bytes.Contains(text, []byte(`"@context"`))
}
