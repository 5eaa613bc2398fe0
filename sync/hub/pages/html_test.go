package pages_test

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// void are the elements that have no end.
var void = []string{"meta", "link", "br", "input", "img", "hr"}

// parse reads a page, and fails when a browser would have to mend it: an element
// that is not closed in its turn, an id that is there twice, a label or description
// that leads nowhere, a control without a name.
func parse(t testing.TB, text string) *html.Node {
	t.Helper()
	var open []string
	z := html.NewTokenizer(strings.NewReader(text))
	for tt := z.Next(); tt != html.ErrorToken; tt = z.Next() {
		name, _ := z.TagName()
		switch tag := string(name); tt {
		case html.StartTagToken:
			if !slices.Contains(void, tag) {
				open = append(open, tag)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != tag {
				t.Fatalf("</%s> closes %v", tag, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Fatalf("%v are not closed", open)
	}
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	checkRefs(t, doc)
	return doc
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func elements(doc *html.Node, tags ...string) []*html.Node {
	var all []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && (len(tags) == 0 || slices.Contains(tags, n.Data)) {
			all = append(all, n)
		}
	}
	return all
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

func checkRefs(t testing.TB, doc *html.Node) {
	t.Helper()
	ids := map[string]bool{}
	for _, n := range elements(doc) {
		if id := attr(n, "id"); id != "" {
			if ids[id] {
				t.Errorf("the id %s is there twice", id)
			}
			ids[id] = true
		}
	}
	labelled := map[string]bool{}
	for _, n := range elements(doc, "label") {
		labelled[attr(n, "for")] = true
	}
	for _, n := range elements(doc) {
		refs := strings.Fields(attr(n, "aria-describedby") + " " + attr(n, "for"))
		if h := attr(n, "href"); strings.HasPrefix(h, "#") {
			refs = append(refs, h[1:])
		}
		for _, id := range refs {
			if !ids[id] {
				t.Errorf("<%s> names %s, which is not there", n.Data, id)
			}
		}
		switch n.Data {
		case "input":
			inLabel := n.Parent.Data == "label"
			if attr(n, "type") != "hidden" && !inLabel && !labelled[attr(n, "id")] {
				t.Errorf("the field %s has no label", attr(n, "name"))
			}
		case "a", "button", "summary", "h1", "h2", "title":
			if textOf(n) == "" {
				t.Errorf("<%s> says nothing", n.Data)
			}
		case "script":
			if attr(n, "type") != "application/ld+json" {
				t.Error("there is a script")
			}
		case "img", "iframe", "object", "embed", "video", "audio":
			t.Errorf("there is <%s>", n.Data)
		}
		if attr(n, "style") != "" || strings.HasPrefix(attr(n, "onclick"), "") && attr(n, "onclick") != "" {
			t.Errorf("<%s> has a style or a script of its own, which the policy forbids", n.Data)
		}
	}
	if len(elements(doc, "h1")) != 1 {
		t.Errorf("there are %d <h1>", len(elements(doc, "h1")))
	}
	if l := attr(elements(doc, "html")[0], "lang"); l != "zh-CN" && l != "en" {
		t.Errorf("the language is %q", l)
	}
}
