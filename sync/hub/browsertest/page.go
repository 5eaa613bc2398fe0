package browsertest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Size sets the window in CSS pixels at zoom 1, and the zoom, at which fewer of
// them fit: 1280x800 at 2 is the layout of 640x400.
func (b *Browser) Size(width, height int, zoom float64) {
	b.t.Helper()
	b.do("Emulation.setDeviceMetricsOverride", map[string]any{
		"width": int(float64(width) / zoom), "height": int(float64(height) / zoom), "deviceScaleFactor": zoom, "mobile": false,
	}, nil)
}

// Go opens an address and waits until it has loaded.
func (b *Browser) Go(address string) {
	b.t.Helper()
	b.loading(func() { b.do("Page.navigate", map[string]any{"url": address}, nil) })
}

// loading does something that opens another page, and waits for that.
func (b *Browser) loading(do func()) {
	b.t.Helper()
	for len(b.loads) > 0 {
		<-b.loads
	}
	do()
	select {
	case <-b.loads:
	case <-time.After(patience):
		b.t.Fatalf("no page has loaded; this one says: %.2000s", b.Text())
	}
}

// Eval returns what an expression of JavaScript gives, read into result.
func (b *Browser) Eval(expression string, result any) {
	b.t.Helper()
	var got struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		ExceptionDetails *struct {
			Text string `json:"text"`
		} `json:"exceptionDetails"`
	}
	b.do("Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true}, &got)
	if got.ExceptionDetails != nil {
		b.t.Fatalf("%s: %s", expression, got.ExceptionDetails.Text)
	}
	if result != nil && got.Result.Value != nil {
		if err := json.Unmarshal(got.Result.Value, result); err != nil {
			b.t.Fatalf("%s: %v", expression, err)
		}
	}
}

// Text is what the page says to a person.
func (b *Browser) Text() string {
	b.t.Helper()
	var s string
	b.Eval(`document.body.innerText`, &s)
	return s
}

// Want fails unless the page says every one of the words.
func (b *Browser) Want(words ...string) {
	b.t.Helper()
	text := b.Text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			b.t.Fatalf("the page does not say %q: %s", w, text)
		}
	}
}

// keys are those that are not characters.
var keys = map[string]struct {
	code int
	text string
}{"Tab": {9, ""}, "Enter": {13, "\r"}, " ": {32, " "}, "ArrowDown": {40, ""}, "Escape": {27, ""}}

// Press presses one of Tab, Enter, blank, ArrowDown, Escape.
func (b *Browser) Press(key string) {
	b.t.Helper()
	k, ok := keys[key]
	if !ok {
		b.t.Fatalf("no key %q", key)
	}
	event := map[string]any{"type": "keyDown", "key": key, "windowsVirtualKeyCode": k.code}
	if k.text != "" {
		event["text"] = k.text
	}
	b.do("Input.dispatchKeyEvent", event, nil)
	b.do("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "windowsVirtualKeyCode": k.code}, nil)
}

// Type types a text where the focus is.
func (b *Browser) Type(text string) {
	b.t.Helper()
	b.do("Input.insertText", map[string]any{"text": text}, nil)
}

// focus describes what has the focus, and whether that can be seen.
type focus struct {
	Match   bool
	Name    string
	Outline bool
	Inside  bool // within the window
}

// TabTo presses Tab until what a CSS selector names has the focus, and fails when
// that takes more than a page's worth, or when the focus could not be seen on the
// way.
func (b *Browser) TabTo(selector string) {
	b.t.Helper()
	for range 150 {
		b.Press("Tab")
		var f focus
		b.Eval(fmt.Sprintf(`(() => {
			const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
			return {Match: e.matches(%q), Name: e.tagName + ' ' + (e.id || e.name || e.innerText || '').slice(0, 40),
				Outline: e === document.body || s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2,
				Inside: e === document.body || r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth};
		})()`, selector), &f)
		if !f.Outline || !f.Inside {
			b.t.Errorf("the focus on %q cannot be seen (outline %v, in the window %v)", f.Name, f.Outline, f.Inside)
		}
		if f.Match {
			return
		}
	}
	b.t.Fatalf("no Tab leads to %s: %s", selector, b.Text())
}

// Enter goes to what the selector names by Tab, presses Enter, and waits for the
// page that opens.
func (b *Browser) Enter(selector string) {
	b.t.Helper()
	b.TabTo(selector)
	b.loading(func() { b.Press("Enter") })
}

// Fill goes to a field by Tab and types, over what is there.
func (b *Browser) Fill(selector, text string) {
	b.t.Helper()
	b.TabTo(selector)
	b.Eval(`document.activeElement.select && document.activeElement.select()`, nil)
	b.Type(text)
}

// Upload puts a file into the field that the selector names, which is what the
// window of the system would do.
func (b *Browser) Upload(selector, path string) {
	b.t.Helper()
	var doc struct{ Root struct{ NodeID int } }
	b.do("DOM.getDocument", nil, &doc)
	var node struct{ NodeID int }
	b.do("DOM.querySelector", map[string]any{"nodeId": doc.Root.NodeID, "selector": selector}, &node)
	b.do("DOM.setFileInputFiles", map[string]any{"nodeId": node.NodeID, "files": []string{path}}, nil)
}

// Sideways is by how many pixels the page is wider than the window: what a person
// would have to scroll for on every line.
func (b *Browser) Sideways() int {
	b.t.Helper()
	var n int
	b.Eval(`document.documentElement.scrollWidth - innerWidth`, &n)
	return n
}

// Picture writes the whole page as a PNG into the directory that the environment
// variable JOBHOME_PICTURES names; without it nothing is written.
func (b *Browser) Picture(name string) {
	b.t.Helper()
	dir := os.Getenv("JOBHOME_PICTURES")
	if dir == "" {
		return
	}
	var shot struct{ Data string }
	b.do("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, &shot)
	raw, err := base64.StdEncoding.DecodeString(shot.Data)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), raw, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
