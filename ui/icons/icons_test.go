package icons_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"jobhome/ui/icons"
)

const maxBytes = 1500

// needed lists what the screens ask for; a missing picture would leave a tile
// blank for the very people who depend on it.
var needed = map[string]string{
	"trades": `garment textile electronics machinery welding electrician construction chemical food
		woodwork warehouse driver courier shop restaurant cook cleaning security care childcare medical
		teacher office sales beauty repair farming environment it finance property other`,
	"channels": `market gig policy welfare internship`,
	"benefits": `dorm meals bus insurance overtime-pay holidays training day-shift night-shift
		rotating-shift flexible`,
	"actions": `nearby today match search policy-tile more card card-tap print slip scan back home
		large-type contrast language help end prev next check cross info warning clock pay people
		distance education sort filter skip delete keyboard smile neutral sad star heart paper-out
		cover-open unplugged network-off refresh phone flag plus minus list lock settings badge lamp stick`,
	"station": `mark`,
}

func TestNeededPicturesExist(t *testing.T) {
	var all []string
	for group, list := range needed {
		for _, name := range strings.Fields(list) {
			if _, ok := icons.SVG(name); !ok {
				t.Errorf("%s: no picture called %q", group, name)
			}
			all = append(all, name)
		}
	}
	for _, name := range icons.Names() {
		if !slices.Contains(all, name) {
			t.Errorf("picture %q is in no group: a file nobody shows, or the list above is old", name)
		}
	}
}

func TestNamesAreSortedAndPlain(t *testing.T) {
	names := icons.Names()
	if len(names) == 0 || !slices.IsSorted(names) {
		t.Fatalf("want sorted names, got %v", names)
	}
	plain := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	for _, name := range names {
		if !plain.MatchString(name) {
			t.Errorf("name %q: want lower-case words joined by hyphens", name)
		}
	}
}

func TestUnknownNames(t *testing.T) {
	for _, name := range []string{"", ".", "..", "garment.svg", "../svg/garment", "svg/garment", `a\b`, "Garment"} {
		if b, ok := icons.SVG(name); ok || b != nil {
			t.Errorf("SVG(%q): got %d bytes, %v; want nothing", name, len(b), ok)
		}
	}
}

func TestCallerMayChangeTheBytes(t *testing.T) {
	a, ok := icons.SVG("mark")
	if !ok {
		t.Fatal("no mark")
	}
	clear(a)
	if b, _ := icons.SVG("mark"); bytes.Equal(a, b) {
		t.Error("changing the returned bytes changed the picture")
	}
}

func TestEveryPictureKeepsTheRules(t *testing.T) {
	for _, name := range icons.Names() {
		t.Run(name, func(t *testing.T) {
			b, ok := icons.SVG(name)
			if !ok {
				t.Fatal("listed but not found")
			}
			if len(b) >= maxBytes {
				t.Errorf("%d bytes, want fewer than %d", len(b), maxBytes)
			}
			for _, problem := range check(b) {
				t.Error(problem)
			}
		})
	}
}

// TestTheRulesCatch keeps check honest: each of these must be refused.
func TestTheRulesCatch(t *testing.T) {
	const root = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none" stroke="currentColor" ` +
		`stroke-width="3" stroke-linecap="round" stroke-linejoin="round">`
	if p := check([]byte(root + `<path d="M1 1h2"/></svg>`)); len(p) != 0 {
		t.Fatalf("a good picture was refused: %v", p)
	}
	for name, svg := range map[string]string{
		"cut short":     root + `<path d="M1 1h2"/>`,
		"element":       root + `<text>A</text></svg>`,
		"text":          root + `大</svg>`,
		"colour":        root + `<path fill="#fff" d="M1 1h2"/></svg>`,
		"style":         root + `<path style="fill:red" d="M1 1h2"/></svg>`,
		"thin line":     root + `<path stroke-width="1" d="M1 1h2"/></svg>`,
		"outside":       root + `<circle cx="24" cy="60" r="3"/></svg>`,
		"path letters":  root + `<path d="M1 1x2"/></svg>`,
		"nothing drawn": root + `</svg>`,
		"view box":      strings.Replace(root, "48 48", "24 24", 1) + `<path d="M1 1h2"/></svg>`,
		"empty":         ``,
	} {
		if len(check([]byte(svg))) == 0 {
			t.Errorf("%s: not refused", name)
		}
	}
}

func FuzzSVG(f *testing.F) {
	for _, name := range []string{"garment", "mark", "", "..", "a/b", "x\x00"} {
		f.Add(name)
	}
	names := icons.Names()
	f.Fuzz(func(t *testing.T, name string) {
		if _, ok := icons.SVG(name); ok != slices.Contains(names, name) {
			t.Errorf("SVG(%q) and Names disagree", name)
		}
	})
}

// check returns every way in which one picture breaks the family's rules.
func check(svg []byte) []string {
	var problems []string
	shapes, root := 0, true
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return append(problems, "not XML: "+err.Error())
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			problems = append(problems, checkElement(tok, root)...)
			if n := tok.Name.Local; n != "svg" && n != "g" {
				shapes++
			}
			root = false
		case xml.CharData:
			if len(bytes.TrimSpace(tok)) != 0 {
				problems = append(problems, "text inside: fonts differ between machines")
			}
		case xml.ProcInst, xml.Directive:
			problems = append(problems, "a prolog: small pictures need none")
		}
	}
	if shapes == 0 {
		problems = append(problems, "nothing is drawn")
	}
	return problems
}

var (
	rootAttrs = map[string]string{
		"xmlns":           "http://www.w3.org/2000/svg",
		"viewBox":         "0 0 48 48",
		"fill":            "none",
		"stroke":          "currentColor",
		"stroke-width":    "3",
		"stroke-linecap":  "round",
		"stroke-linejoin": "round",
	}
	shapes    = strings.Fields("g path circle rect line polyline polygon ellipse")
	onGrid    = regexp.MustCompile(`^([0-9]|[1-3][0-9]|4[0-7])(\.[0-9]+)?$|^48$`)
	pathData  = regexp.MustCompile(`^[Mm][MmLlHhVvAaZzCcSs0-9 .,-]+$`)
	pointData = regexp.MustCompile(`^[0-9 .,]+$`)
)

func checkElement(e xml.StartElement, root bool) []string {
	var problems []string
	if root {
		if e.Name.Local != "svg" {
			problems = append(problems, "the root is "+e.Name.Local)
		}
		got := map[string]string{}
		for _, a := range e.Attr {
			got[a.Name.Local] = a.Value
		}
		for k, want := range rootAttrs {
			if got[k] != want {
				problems = append(problems, "root "+k+` is "`+got[k]+`", want "`+want+`"`)
			}
		}
		if len(got) != len(rootAttrs) {
			problems = append(problems, "the root has an attribute more or less than the family's")
		}
		return problems
	}
	if !slices.Contains(shapes, e.Name.Local) {
		problems = append(problems, "element "+e.Name.Local+" is not allowed")
	}
	for _, a := range e.Attr {
		if !attrAllowed(a.Name.Local, a.Value) {
			problems = append(problems, e.Name.Local+": "+a.Name.Local+`="`+a.Value+`" is not allowed`)
		}
	}
	return problems
}

func attrAllowed(name, value string) bool {
	switch name {
	case "fill", "stroke":
		return value == "currentColor" || value == "none"
	case "fill-rule":
		return value == "evenodd"
	case "d":
		return pathData.MatchString(value)
	case "points":
		return pointData.MatchString(value)
	case "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height":
		return onGrid.MatchString(value)
	}
	return false
}
