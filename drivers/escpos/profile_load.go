package escpos

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

const (
	maxFile  = 64 << 10 // bytes of a profile file
	maxFiles = 200
	maxName  = 32 // characters of a profile's name: the settings take no more
	maxDepth = 8  // profiles that one inherits from
)

// loader resolves the profile files of one directory.
type loader struct {
	base  *Catalogue          // profiles to inherit from besides; nil for none
	files map[string]*rawFile // by name, those that can be read as TOML
	done  map[string]entry    // worked out
	bad   map[string]error    // by name
	path  func(string) string // name to path
}

// load reads the *.toml files of a directory on top of base. With bad files it returns
// a badFiles and the rest.
func load(base *Catalogue, dir fs.FS, at string) (*Catalogue, error) {
	out := &Catalogue{}
	if base != nil {
		out.all = slices.Clone(base.all)
	}
	list, err := fs.ReadDir(dir, at)
	if err != nil {
		return out, err
	}
	l := &loader{
		base: base, files: map[string]*rawFile{}, done: map[string]entry{}, bad: map[string]error{},
		path: func(name string) string { return path.Join(at, name+".toml") },
	}
	var names []string
	for _, f := range list {
		name, ok := strings.CutSuffix(f.Name(), ".toml")
		if !ok || f.IsDir() {
			continue
		}
		names = append(names, name)
		if len(names) > maxFiles {
			l.bad[name] = fmt.Errorf("more than %d profile files", maxFiles)
		} else if raw, err := l.read(dir, name); err != nil {
			l.bad[name] = err
		} else {
			l.files[name] = raw
		}
	}
	for _, name := range names {
		if e, err := l.resolve(name, nil); err == nil {
			out.put(e)
		} else {
			l.bad[name] = err
		}
	}
	out.sort()
	return out, l.errors(names)
}

func (l *loader) errors(names []string) error {
	var bad badFiles
	for _, name := range names {
		if err := l.bad[name]; err != nil {
			bad = append(bad, badFile{l.path(name), err})
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return bad
}

func (c *Catalogue) put(e entry) {
	if i := c.find(e.profile.Name); i >= 0 {
		c.all[i] = e
		return
	}
	c.all = append(c.all, e)
}

func (l *loader) read(dir fs.FS, name string) (*rawFile, error) {
	if !goodName(name) {
		return nil, fmt.Errorf("a profile's name is 1 to %d of a-z, 0-9 and -", maxName)
	}
	f, err := dir.Open(l.path(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	return parseFile(text)
}

func goodName(s string) bool {
	return s != "" && len(s) <= maxName && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// resolve works out a profile and those it inherits from. heirs are the profiles that
// wait for this one.
func (l *loader) resolve(name string, heirs []string) (entry, error) {
	if e, ok := l.done[name]; ok {
		return e, nil
	}
	if err := l.bad[name]; err != nil {
		return entry{}, err
	}
	raw := l.files[name]
	e := entry{profile: blank(), own: l.base != nil}
	if raw.inherits != "" {
		parent, err := l.parent(name, raw.inherits, append(heirs, name))
		if err != nil {
			return entry{}, fmt.Errorf("inherits: %w", err)
		}
		if parent.depth == maxDepth {
			return entry{}, fmt.Errorf("inherits: more than %d profiles in a row", maxDepth)
		}
		e.profile, e.depth = parent.profile.clone(), parent.depth+1
		e.profile.Title, e.profile.Match = "", nil // are of that printer alone
	}
	e.profile.Name = name
	if err := raw.apply(&e.profile); err != nil {
		return entry{}, err
	}
	if err := e.profile.check(); err != nil {
		return entry{}, err
	}
	l.done[name] = e
	return e, nil
}

// parent finds the profile that name inherits from. A file that has the name of a
// built-in profile may inherit from that.
func (l *loader) parent(name, from string, heirs []string) (entry, error) {
	_, here := l.files[from]
	here = here || l.bad[from] != nil
	switch {
	case here && from != name:
		if slices.Contains(heirs, from) {
			return entry{}, fmt.Errorf("a circle: %s", strings.Join(append(heirs, from), " inherits "))
		}
		e, err := l.resolve(from, heirs)
		if err != nil {
			return entry{}, fmt.Errorf("%s is wrong itself: %w", from, err)
		}
		return e, nil
	case l.base != nil && l.base.find(from) >= 0:
		return l.base.all[l.base.find(from)], nil
	case from == name:
		return entry{}, fmt.Errorf("a circle: %s inherits %s", name, name)
	}
	return entry{}, fmt.Errorf("there is no profile %q", from)
}
