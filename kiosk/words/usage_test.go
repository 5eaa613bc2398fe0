package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// keyRE is what a key of the catalogue looks like; a prefix ends with a dot.
var keyRE = regexp.MustCompile(`^[a-z]+\.([a-z0-9-]+\.?)*$`)

// Every key that the module's sources name is in the catalogue, so that nobody
// ever reads ⟦brackets⟧. In the packages that import this one it looks at the
// words handed to T, Has and their short forms named t, and at every other text
// that looks like a key of ours, because keys are passed on in variables.
func TestEveryKeyInUseIsThere(t *testing.T) {
	var direct, other int
	for _, dir := range packagesWithWords(t) {
		for where, use := range keysIn(t, dir) {
			if use.direct {
				direct++
			} else {
				other++
			}
			if !known(use.key) {
				t.Errorf("%s: the catalogue has no %q", where, use.key)
			}
		}
	}
	if direct < 20 || other < 5 {
		t.Errorf("only %d keys and %d texts like keys were found: the test looks in the wrong place", direct, other)
	}
}

// known reports whether key is there, or begins keys that are.
func known(key string) bool {
	return Has(key) || strings.HasSuffix(key, ".") &&
		slices.ContainsFunc(Keys(), func(k string) bool { return strings.HasPrefix(k, key) })
}

type use struct {
	key    string
	direct bool // handed to T or Has, not just a text that looks like a key
}

// packagesWithWords are the directories of the module with sources that speak.
func packagesWithWords(t *testing.T) []string {
	t.Helper()
	root, err := filepath.Abs(".")
	for err == nil {
		if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
			break
		}
		if root == filepath.Dir(root) {
			t.Fatal("no go.mod above this package")
		}
		root = filepath.Dir(root)
	}
	dirs := map[string]bool{}
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && path != root):
			return filepath.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return nil // the compiler says what is wrong with it
		}
		switch dir, _ := filepath.Rel(root, filepath.Dir(path)); dir {
		case "sync/hub/desk":
			return nil // staff's pages have a catalogue of their own, and their own test of it
		case "sync/cmd/hub":
			return nil // it names keys of its settings in the same way, and no words
		}
		for _, imp := range f.Imports {
			if imp.Path.Value == `"jobhome/kiosk/words"` {
				dirs[filepath.Dir(path)] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for dir := range dirs {
		all = append(all, dir)
	}
	return append(all, filepath.Join(root, "kiosk", "words"))
}

// keysIn finds what is used as a key in the sources of dir, by its place.
func keysIn(t *testing.T, dir string) map[string]use {
	t.Helper()
	uses := map[string]use{}
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		note := func(lit *ast.BasicLit, direct bool) {
			s, err := strconv.Unquote(lit.Value)
			if err != nil {
				return
			}
			where := set.Position(lit.Pos()).String()
			if _, again := uses[where]; !again && (direct || looksLikeKey(s)) {
				uses[where] = use{s, direct}
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.CallExpr:
				if lit := keyOf(n); lit != nil {
					note(lit, true)
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING {
					note(n, false)
				}
			}
			return true
		})
	}
	return uses
}

// keyOf is the text at the place of the key in a call that looks one up.
func keyOf(call *ast.CallExpr) *ast.BasicLit {
	name, at := "", 0
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		name = fun.Sel.Name
		if name == "T" || name == "Has" {
			if pkg, ok := fun.X.(*ast.Ident); !ok || pkg.Name != "words" {
				return nil
			}
		}
	case *ast.Ident:
		name = fun.Name
	}
	switch name {
	case "T":
		at = 1
	case "Has", "t":
	default:
		return nil
	}
	if at >= len(call.Args) {
		return nil
	}
	arg := call.Args[at]
	if sum, ok := arg.(*ast.BinaryExpr); ok { // "trade." + name
		for ok {
			arg = sum.X
			sum, ok = arg.(*ast.BinaryExpr)
		}
	}
	lit, _ := arg.(*ast.BasicLit)
	if lit == nil || lit.Kind != token.STRING {
		return nil
	}
	return lit
}

// fields are names in the files that a board is imported from, which look like
// keys; package csvfile has both.
var fields = []string{"pay.min", "pay.max", "pay.unit", "pay.original"}

// looksLikeKey reports whether s could be a key: dotted, and its first part is
// one of the catalogue's.
func looksLikeKey(s string) bool {
	first, rest, dotted := strings.Cut(s, ".")
	if !dotted || !keyRE.MatchString(s) || rest == "" || slices.Contains(fields, s) {
		return false
	}
	return slices.ContainsFunc(Keys(), func(k string) bool { return strings.HasPrefix(k, first+".") })
}

// The search itself: what it finds in a piece of source, and what it knows.
func TestKeysAreFound(t *testing.T) {
	for src, want := range map[string]string{
		`words.T(l, "bar.back")`:      "bar.back",
		`words.T(l, "trade."+x+y, 1)`: "trade.",
		`p.t("page.of", 1, 2)`:        "page.of",
		`T(l, "metres", 5)`:           "metres",
		`words.Has("trouble.cutter")`: "trouble.cutter",
		`time.T("now", "never")`:      "",
		`words.T(l, key)`:             "",
	} {
		expr, err := parser.ParseExpr(src)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if lit := keyOf(expr.(*ast.CallExpr)); lit != nil {
			got, _ = strconv.Unquote(lit.Value)
		}
		if got != want {
			t.Errorf("%s: key %q, want %q", src, got, want)
		}
	}
	for s, want := range map[string]bool{"bar.bak": true, "bar.back": true, "ledger.db": false, "bar": false, "Bar.back": false} {
		if looksLikeKey(s) != want {
			t.Errorf("%q looks like a key: %v", s, !want)
		}
	}
	if known("bar.bak") || known("nothing.") || !known("bar.") || !known("bar.back") {
		t.Error("what is in the catalogue is told wrongly")
	}
}
