package intake

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"regexp"
	"strings"
)

// schema.org JobPosting (https://schema.org/JobPosting): the properties that a
// posting has are put into the cells of a record, and read as those of a table.

// mostDeep is how deep an object may lie in others.
const mostDeep = 32

// readLinked reads JSON-LD: an object, a list, a @graph, or lists of items.
func (in *intake) readLinked(data []byte) error {
	n := 0
	if err := in.readObjects(bytes.TrimPrefix(data, bom), &n); err != nil {
		return err
	}
	if n == 0 {
		return NoPosting
	}
	return nil
}

var scriptRE = regexp.MustCompile(`(?is)<script\b[^>]*\btype\s*=\s*["']?application/ld\+json[^>]*>(.*?)</script\s*>`)

// readPage reads the JSON-LD in a page's scripts. A script that is no JSON is a
// problem of its own.
func (in *intake) readPage(data []byte) error {
	n := 0
	for _, m := range scriptRE.FindAllSubmatch(data, -1) {
		err := in.readObjects(bytes.TrimSpace(m[1]), &n)
		if err == BrokenFile {
			n++
			if err := in.count(); err != nil {
				return err
			}
			in.reject(Problem{Line: n, Value: string(m[1][:min(200, len(m[1]))]), Reason: RowBroken, Detail: "the script is no JSON"})
			continue
		}
		if err != nil {
			return err
		}
	}
	if n == 0 {
		return NoPosting
	}
	return nil
}

// readObjects reads every JobPosting in a JSON text; n counts them.
func (in *intake) readObjects(data []byte, n *int) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	for {
		var v any
		err := dec.Decode(&v)
		if err == io.EOF {
			return nil
		} else if err != nil {
			return BrokenFile
		}
		if err := in.walk(v, n, 0); err != nil {
			return err
		}
	}
}

// walk looks for postings in a value and what lies in it.
func (in *intake) walk(v any, n *int, depth int) error {
	if depth > mostDeep {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if err := in.walk(e, n, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		if isType(v, "JobPosting") {
			*n++
			if err := in.count(); err != nil {
				return err
			}
			in.linkedPosting(v, *n)
			return nil
		}
		for _, key := range []string{"@graph", "itemListElement", "item", "mainEntity", "mainEntityOfPage", "hasPart"} {
			if err := in.walk(v[key], n, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

func isType(v map[string]any, name string) bool {
	for _, t := range list(v["@type"]) {
		if s, ok := t.(string); ok && (s == name || strings.HasSuffix(s, "/"+name) || strings.HasSuffix(s, ":"+name)) {
			return true
		}
	}
	return false
}

// list is a property's values: schema.org lets every one be a list.
func list(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{v}
}

// at finds a value by the names of properties, through lists and objects.
func at(v any, path ...string) any {
	for _, key := range path {
		if l, ok := v.([]any); ok && len(l) > 0 {
			v = l[0]
		}
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	if l, ok := v.([]any); ok && len(l) > 0 {
		return l[0]
	}
	return v
}

// word is a value as text: a string, a number, or the name of an object.
func word(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case json.Number:
		return v.String()
	case map[string]any:
		for _, key := range []string{"name", "value", "@value", "credentialCategory"} {
			if s := word(v[key]); s != "" {
				return s
			}
		}
	}
	return ""
}

// wordsOf are all values of a property, with a sign between them.
func wordsOf(v any, between string) string {
	var all []string
	for _, e := range list(v) {
		if s := word(e); s != "" {
			all = append(all, s)
		}
	}
	return strings.Join(all, between)
}

var (
	breakRE = regexp.MustCompile(`(?i)<\s*(?:br|/p|/li|/div|/h\d|/tr)\b[^>]*>`)
	tagRE   = regexp.MustCompile(`(?s)<[a-zA-Z/!][^>]*>`)
	emptyRE = regexp.MustCompile(`\n\s*\n+`)
)

// plainText is the words of a description, which may be HTML.
func plainText(s string) string {
	s = breakRE.ReplaceAllString(s, "\n")
	s = html.UnescapeString(tagRE.ReplaceAllString(s, ""))
	return strings.TrimSpace(emptyRE.ReplaceAllString(strings.ReplaceAll(s, "\u00a0", " "), "\n"))
}
