package pages_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"jobhome/sync/hub/browsertest"
	"jobhome/sync/hub/postings"
)

// window is a size at which people read the pages.
type window struct {
	name          string
	width, height int
	zoom          float64
}

var windows = []window{{"phone", 360, 740, 1}, {"desk", 1280, 800, 1}, {"phone-200", 360, 740, 2}, {"desk-200", 1280, 800, 2}}

// The least that is asked for: text and targets in CSS pixels, contrast by WCAG 2.2.
const (
	minText     = 18
	minTarget   = 48
	minContrast = 7
)

// look tells what a page that everybody reads has wrong with it: it scrolls
// sideways, its text is small or pale, or what is touched is small.
const look = `(() => {
const [text, target, contrast] = [%d, %d, %d], found = [];
const name = e => e.tagName + ' ' + (e.textContent || e.name || '').trim().slice(0, 20);
const visible = e => { const r = e.getBoundingClientRect(); return e.checkVisibility() && r.width > 1 && r.right > 0; };
const rgba = s => s.match(/[\d.]+/g).map(Number);
const light = c => { const f = v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; return .2126*f(c[0]) + .7152*f(c[1]) + .0722*f(c[2]); };
const ground = e => { for (; e; e = e.parentElement) { const c = rgba(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
const root = document.documentElement;
if (root.scrollWidth > root.clientWidth) found.push('it is ' + root.scrollWidth + ' wide on ' + root.clientWidth);
for (const e of document.querySelectorAll('body *')) {
	if (!visible(e) || e.closest('.trap')) continue;
	if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
	const s = getComputedStyle(e);
	if (parseFloat(s.fontSize) < text) found.push(name(e) + ' is ' + s.fontSize);
	const a = light(rgba(s.color)), b = light(ground(e)), ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
	if (ratio < contrast) found.push(name(e) + ' has a contrast of ' + ratio.toFixed(2));
}
for (let e of document.querySelectorAll('a, button, summary, input:not([type=hidden])')) {
	if (!visible(e) || e.closest('.trap')) continue;
	if (e.type === 'checkbox' || e.type === 'radio') e = e.closest('label');
	const r = e.getBoundingClientRect();
	if (r.height < target || r.width < target) found.push(name(e) + ' is ' + r.width.toFixed(0) + ' by ' + r.height.toFixed(0));
}
return found;
})()`

// Whoever reads slowly, sees badly or touches clumsily can use every page at every
// size.
func TestEveryPageAtEverySize(t *testing.T) {
	b := browsertest.Start(t)
	r := newRig(t)
	long := posting("long")
	long.Title = strings.Repeat("缝纫工", 20)
	long.Requirements = "https://very.long.example/" + strings.Repeat("abcdefgh", 20)
	ids := r.publish(posting("a"), posting("b"), posting("c"), posting("d"), long)
	r.must(r.posts.Close(t.Context(), "ann", ids[1], postings.Filled))
	_, err := r.posts.Revoke(t.Context(), "ann", ids[2], "x")
	r.must(err)
	paths := map[string]string{
		"open": "/p/" + ids[0], "slip": "/p/" + ids[0] + "?r=" + string(r.code), "english": "/p/" + ids[0] + "?lang=en&r=" + string(r.code),
		"closed": "/p/" + ids[1], "revoked": "/p/" + ids[2], "unknown": "/p/none", "long": "/p/" + ids[4], "done": "/p/" + ids[0] + "?done=call",
	}
	windows := windows
	if os.Getenv("JOBHOME_PICTURES") == "" { // the two that are hardest to get right, of the pages that differ most
		windows = windows[1:3]
		maps.DeleteFunc(paths, func(name, _ string) bool { return !slices.Contains([]string{"slip", "revoked", "long"}, name) })
	}
	for _, win := range windows {
		b.Size(win.width, win.height, win.zoom)
		for name, path := range paths {
			b.Go(r.server.URL + path)
			b.Eval(`document.querySelectorAll('details').forEach(d => d.open = true)`, nil)
			var found []string
			b.Eval(fmt.Sprintf(look, minText, minTarget, minContrast), &found)
			for _, f := range found {
				t.Errorf("%s at %s: %s", name, win.name, f)
			}
			b.Picture(name + "-" + win.name)
		}
	}
}

// focused says what has the focus, and whether that can be seen.
const focused = `(() => { const e = document.activeElement, s = getComputedStyle(e), r = e.getBoundingClientRect();
	return [e.tagName + ' ' + (e.name || e.textContent.trim()).slice(0, 12),
		e === document.body ? '' : s.outlineStyle + ' ' + parseFloat(s.outlineWidth), String(r.top >= 0 && r.bottom <= innerHeight && r.left >= 0)]; })()`

// With nothing but a keyboard somebody asks to be called back and reports a
// posting.
func TestByKeyboardOnly(t *testing.T) {
	b := browsertest.Start(t)
	r := newRig(t)
	id := r.publish(posting("a"))[0]
	b.Size(360, 740, 1)
	b.Go(r.server.URL + "/p/" + id + "?r=" + string(r.code))
	var order []string
	tab := func() string {
		b.Press("Tab")
		var f []string
		b.Eval(focused, &f)
		if f[1] != "solid 4" || f[2] != "true" {
			t.Errorf("the focus on %s cannot be seen: %v", f[0], f)
		}
		order = append(order, f[0])
		return f[0]
	}
	until := func(what string) {
		t.Helper()
		for range 12 {
			if strings.HasPrefix(tab(), what) {
				return
			}
		}
		t.Fatalf("no way to %s: %v", what, order)
	}
	until("SUMMARY 请就业之家")
	if want := []string{"A 跳到正文", "A English", "A 打电话 0792-000", "A 12333", "SUMMARY 请就业之家打电话给我"}; !slices.Equal(order, want) {
		t.Errorf("the order is %q, want %q", order, want)
	}
	b.Press("Enter")
	b.Fill("#phone", "13800138000")
	b.TabTo("[name=agree]")
	b.Picture("keyboard")
	b.Press(" ")
	b.Enter("#call button")
	text, at := b.Text(), ""
	b.Eval(`location.pathname + location.search`, &at)
	if len(r.requests) != 1 || r.requests[0].Phone != "13800138000" || !strings.Contains(text, "记下了") || !strings.HasPrefix(at, "/p/"+id+"?done=call") {
		t.Errorf("at %s, %d requests\n%s", at, len(r.requests), text)
	}
	b.TabTo("#report summary")
	b.Press("Enter")
	b.TabTo("[name=why]")
	b.Press("ArrowDown")
	b.Press("ArrowDown")
	b.Enter("#report button")
	if len(r.bad) != 1 {
		t.Errorf("%d reports", len(r.bad))
	}
	var cookies, stored string
	b.Eval(`document.cookie`, &cookies)
	b.Eval(`String(performance.getEntriesByType('resource').map(e => e.name))`, &stored)
	if cookies != "" || strings.Contains(strings.ReplaceAll(stored, r.server.URL+"/favicon.ico", ""), "://") {
		t.Errorf("cookies %q, and loaded %s", cookies, fmt.Sprint(stored))
	}
}
