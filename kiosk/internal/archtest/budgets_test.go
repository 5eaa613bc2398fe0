package archtest

import (
	"go/ast"
	"strings"
	"testing"
)

// A package says in its first sentence what it is for, or the next engineer
// puts things where they do not belong.
func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	for _, p := range packages(t) {
		doc := ""
		for _, f := range p.files {
			if !f.test && f.doc != "" {
				doc = f.doc
			}
		}
		want := "Package "
		if strings.Contains(p.dir+"/", "/cmd/") {
			want = "Command "
		}
		if !strings.HasPrefix(doc, want) {
			t.Errorf("package %s: its comment begins %.30q, not %q", p.dir, doc, want)
		}
	}
}

const (
	mostLines    = 400 // of a file: more than one noun lives in it
	mostFunction = 60  // lines of a function: it cannot be seen at once
	mostParams   = 4
	mostNames    = 20 // exported names of a package: it does too much
)

// manyNames are the packages that have more exported names than the budget.
var manyNames = map[string]string{
	"kiosk":          "the vocabulary of the field is one leaf package on purpose",
	"kiosk/words":    "one catalogue: a function for each kind of value that is said to people",
	"kiosk/setup":    "events, effects and pages of the first boot, as in kiosk/session",
	"kiosk/session":  "events, effects, actions and pages are the words between app and screen",
	"drivers/escpos": "documents, profiles and status are what users of a printer need together",
}

// manyParams are the functions with more parameters than the budget.
var manyParams = map[string]string{
	"Connect": "the signature of periph's uart.Port",
}

func TestBudgets(t *testing.T) {
	for _, p := range packages(t) {
		names := 0
		for _, f := range p.files {
			if f.lines > mostLines {
				t.Errorf("%s has %d lines, more than %d: does more than one noun live in it?", f.path, f.lines, mostLines)
			}
			if f.test {
				continue
			}
			for _, d := range f.syntax.Decls {
				names += exported(d)
				if fn, ok := d.(*ast.FuncDecl); ok {
					checkFunction(t, f, fn)
				}
			}
		}
		if why, ok := manyNames[p.dir]; names > mostNames && !ok {
			t.Errorf("package %s has %d exported names, more than %d: does it do too much?", p.dir, names, mostNames)
		} else if ok && names <= mostNames {
			t.Errorf("package %s no longer needs its exception (%s)", p.dir, why)
		}
	}
}

func checkFunction(t *testing.T, f sourceFile, fn *ast.FuncDecl) {
	t.Helper()
	lines := f.set.Position(fn.End()).Line - f.set.Position(fn.Pos()).Line
	if lines > mostFunction {
		t.Errorf("%s: %s has %d lines, more than %d", f.path, fn.Name.Name, lines, mostFunction)
	}
	if n := fn.Type.Params.NumFields(); n > mostParams && manyParams[fn.Name.Name] == "" {
		t.Errorf("%s: %s has %d parameters, more than %d", f.path, fn.Name.Name, n, mostParams)
	}
}

// exported counts the package-level exported types and functions of a
// declaration; constants count with their type.
func exported(d ast.Decl) int {
	n := 0
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.IsExported() {
			n++
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if ts, ok := s.(*ast.TypeSpec); ok && ts.Name.IsExported() {
				n++
			}
		}
	}
	return n
}

// A mark for later is a promise that nobody keeps; say it in an issue.
func TestNothingIsLeftForLater(t *testing.T) {
	marks := []string{"TO" + "DO", "FIX" + "ME", "X" + "XX"}
	for _, p := range packages(t) {
		for _, f := range p.files {
			for _, group := range f.syntax.Comments {
				for _, m := range marks {
					if strings.Contains(group.Text(), m) {
						t.Errorf("%s has a comment with %s", f.path, m)
					}
				}
			}
		}
	}
}
