package archtest

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

const root = "../../.."

type sourceFile struct {
	path    string
	test    bool
	imports []string
	doc     string
	lines   int
	syntax  *ast.File
	set     *token.FileSet
}

type sourcePackage struct {
	dir   string
	files []sourceFile
}

// packages parses every Go file of the repository, imports and all. Nothing is
// compiled, so no cgo is needed.
func packages(t *testing.T) []sourcePackage {
	t.Helper()
	byDir := map[string]*sourcePackage{}
	err := filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if p != root && (strings.HasPrefix(name, ".") || name == "testdata" || name == "bin" || name == "out") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		f, err := parse(p)
		if err != nil {
			return err
		}
		dir, _ := filepath.Rel(root, filepath.Dir(p))
		if byDir[dir] == nil {
			byDir[dir] = &sourcePackage{dir: dir}
		}
		byDir[dir].files = append(byDir[dir].files, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var all []sourcePackage
	for _, p := range byDir {
		all = append(all, *p)
	}
	if len(all) < 10 {
		t.Fatalf("found only %d packages below %s; the test looks in the wrong place", len(all), root)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].dir < all[j].dir })
	return all
}

func parse(p string) (sourceFile, error) {
	src, err := os.ReadFile(p)
	if err != nil {
		return sourceFile{}, err
	}
	set := token.NewFileSet()
	syntax, err := parser.ParseFile(set, p, src, parser.ParseComments)
	if err != nil {
		return sourceFile{}, err
	}
	rel, _ := filepath.Rel(root, p)
	f := sourceFile{
		path: rel, test: strings.HasSuffix(p, "_test.go"), lines: bytes.Count(src, []byte("\n")),
		syntax: syntax, set: set,
	}
	for _, imp := range syntax.Imports {
		s, err := strconv.Unquote(imp.Path.Value)
		if err != nil {
			return sourceFile{}, err
		}
		f.imports = append(f.imports, s)
	}
	if syntax.Doc != nil {
		f.doc = syntax.Doc.Text()
	}
	return f, nil
}

func topLevel(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
