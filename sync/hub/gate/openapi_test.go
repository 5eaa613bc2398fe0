package gate

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// document is what the tests ask of openapi.json.
type document struct {
	OpenAPI string `json:"openapi"`
	Paths   map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Responses   map[string]struct {
			Problems []string       `json:"x-problems"`
			Content  map[string]any `json:"content"`
			Headers  map[string]any `json:"headers"`
		} `json:"responses"`
	} `json:"paths"`
	Components struct {
		Schemas map[string]struct {
			Properties map[string]struct {
				Enum []string `json:"enum"`
			} `json:"properties"`
		} `json:"schemas"`
	} `json:"components"`
}

var readDocument = sync.OnceValues(func() (document, error) {
	var d document
	return d, json.Unmarshal(openAPI, &d)
})

// documented holds an answer against the document: method, path, status, the
// problem and the type of the content must stand in it.
func documented(t *testing.T, req *http.Request, resp *http.Response, text []byte) {
	t.Helper()
	d, err := readDocument()
	if err != nil {
		t.Fatal(err)
	}
	path := ""
	for p := range d.Paths {
		if regexp.MustCompile("^" + regexp.MustCompile(`\{\w+\}`).ReplaceAllString(p, `[^/]+`) + "$").MatchString(req.URL.Path) {
			path = p
		}
	}
	if path == "" || path == "/metrics" && resp.StatusCode == http.StatusNotFound {
		if resp.StatusCode != http.StatusNotFound {
			t.Errorf("%s is not documented and answers %d", req.URL.Path, resp.StatusCode)
		}
		return
	}
	methods := d.Paths[path]
	op, ok := methods[strings.ToLower(strings.Replace(req.Method, "HEAD", "GET", 1))]
	if !ok { // what is not allowed is documented with what is
		for _, op = range methods {
		}
	}
	r, ok := op.Responses[strconv.Itoa(resp.StatusCode)]
	if !ok {
		t.Errorf("%s %s: status %d is not documented", req.Method, path, resp.StatusCode)
		return
	}
	kind, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	if kind == "application/problem+json" {
		var p struct {
			Type string `json:"type"`
		}
		_ = json.Unmarshal(text, &p)
		if !slices.Contains(r.Problems, strings.TrimPrefix(p.Type, problemType)) && req.Method != http.MethodHead {
			t.Errorf("%s %s %d: problem %q is not documented", req.Method, path, resp.StatusCode, p.Type)
		}
	}
	if _, ok := r.Content[kind]; !ok && len(r.Content) > 0 {
		t.Errorf("%s %s %d: content %q is not documented", req.Method, path, resp.StatusCode, kind)
	}
	if _, ok := r.Headers["Retry-After"]; ok != (resp.Header.Get("Retry-After") != "") {
		t.Errorf("%s %s %d: Retry-After %q", req.Method, path, resp.StatusCode, resp.Header.Get("Retry-After"))
	}
}

// Every route and every problem of the code stands in the document, and nothing
// else does.
func TestDocumentIsTheCode(t *testing.T) {
	d, err := readDocument()
	if err != nil || !strings.HasPrefix(d.OpenAPI, "3.1") {
		t.Fatalf("OpenAPI %q, %v", d.OpenAPI, err)
	}
	g := &Gate{feed: &feed{}}
	code, doc := map[string]bool{}, map[string]bool{}
	for _, r := range append(g.routes(), g.inside()...) {
		code[strings.ToLower(r.method)+" "+r.path] = true
	}
	used := map[string]bool{}
	byName := map[string]problem{}
	for _, p := range problems() {
		if byName[p.name].name != "" || p.title == "" || p.status < 400 {
			t.Errorf("problem %+v", p)
		}
		byName[p.name] = p
	}
	for path, methods := range d.Paths {
		for method, op := range methods {
			doc[method+" "+path] = true
			for status, r := range op.Responses {
				for _, name := range r.Problems {
					used[name] = true
					if p, ok := byName[name]; !ok || strconv.Itoa(p.status) != status {
						t.Errorf("%s %s: problem %s has status %d, not %s", method, path, name, p.status, status)
					}
				}
			}
		}
	}
	if fmt.Sprint(code) != fmt.Sprint(doc) {
		t.Errorf("routes of the code %v\nof the document %v", code, doc)
	}
	types := map[string]bool{}
	for _, uri := range d.Components.Schemas["Problem"].Properties["type"].Enum {
		types[strings.TrimPrefix(uri, problemType)] = true
	}
	for name := range byName {
		if !used[name] || !types[name] {
			t.Errorf("problem %s: used in the document %v, in its list of types %v", name, used[name], types[name])
		}
	}
	if len(types) != len(byName) {
		t.Errorf("%d types in the document, %d problems in the code", len(types), len(byName))
	}
}

// The fields of the bodies are those of the schemas.
func TestSchemasAreTheBodies(t *testing.T) {
	d, err := readDocument()
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]any{
		"Enrolment": enrolment{"x", []byte("x")}, "Renewal": enrolment{CSR: []byte("x")}, "Certified": certified{Profile: "x"},
	} {
		var fields map[string]any
		if err := json.Unmarshal(asJSON(body), &fields); err != nil {
			t.Fatal(err)
		}
		properties := d.Components.Schemas[name].Properties
		for f := range fields {
			if _, ok := properties[f]; !ok {
				t.Errorf("%s: %s is not documented", name, f)
			}
		}
		if len(fields) != len(properties) {
			t.Errorf("%s: %d fields, %d documented", name, len(fields), len(properties))
		}
	}
}
