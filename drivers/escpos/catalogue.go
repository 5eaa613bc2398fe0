package escpos

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed profiles/*.toml
var profileFiles embed.FS

// Catalogue is the printers known by name. It does not change after it was made, so
// any number of goroutines may read it.
type Catalogue struct {
	all []entry // the most general first
}

type entry struct {
	profile Profile
	depth   int  // how many profiles it inherits from
	own     bool // from the settings directory
}

// Builtin returns the printers this package knows, the files of its profiles directory.
func Builtin() *Catalogue {
	c, err := load(nil, profileFiles, "profiles")
	if err != nil {
		panic(fmt.Sprintf("escpos: built-in profiles: %v", err)) // a test reads them all
	}
	return c
}

// LoadDir returns the built-in printers and those of the *.toml files in dir, which
// take the place of built-in ones of the same name. A directory that is not there, or
// no name at all, adds nothing. The Catalogue is never nil: files that are wrong are
// left out, and the error names each of them and what is wrong with it.
func LoadDir(dir string) (*Catalogue, error) {
	c := Builtin()
	if dir == "" {
		return c, nil
	}
	if _, err := os.Stat(dir); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return c, nil
		}
		return c, fmt.Errorf("escpos: printer profiles: %w", err)
	}
	out, err := load(c, os.DirFS(dir), ".")
	var bad badFiles
	if errors.As(err, &bad) {
		bad.under(dir)
		err = fmt.Errorf("escpos: %w", bad)
	} else if err != nil {
		err = fmt.Errorf("escpos: printer profiles in %s: %w", dir, err)
	}
	return out, err
}

// Profiles returns the printers, the most general first. The values are fresh copies.
func (c *Catalogue) Profiles() []Profile {
	out := make([]Profile, len(c.all))
	for i, e := range c.all {
		out[i] = e.profile.clone()
	}
	return out
}

// ByName finds a printer. The error lists the names there are.
func (c *Catalogue) ByName(name string) (Profile, error) {
	if i := c.find(name); i >= 0 {
		return c.all[i].profile.clone(), nil
	}
	var names []string
	for _, e := range c.all {
		names = append(names, e.profile.Name)
	}
	return Profile{}, fmt.Errorf("escpos: no printer profile %q, there are %s", name, strings.Join(names, ", "))
}

func (c *Catalogue) find(name string) int {
	return slices.IndexFunc(c.all, func(e entry) bool { return e.profile.Name == name })
}

// Identify finds the printer by what it answers to GS I 66 and GS I 67. Of several the
// one with the longest Model counts, then the longest Maker, then one from the settings
// directory.
func (c *Catalogue) Identify(maker, model string) (Profile, bool) {
	best, rank := -1, [3]int{}
	for i, e := range c.all {
		for _, m := range e.profile.Match {
			r := [3]int{len(m.Model), len(m.Maker), 0}
			if e.own {
				r[2] = 1
			}
			if m.fits(maker, model) && (best < 0 || slices.Compare(r[:], rank[:]) > 0) {
				best, rank = i, r
			}
		}
	}
	if best < 0 {
		return Profile{}, false
	}
	return c.all[best].profile.clone(), true
}

func (m Match) fits(maker, model string) bool {
	begins := func(s, prefix string) bool {
		return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
	}
	return (m.Maker != "" || m.Model != "") &&
		begins(strings.TrimSpace(maker), m.Maker) && begins(strings.TrimSpace(model), m.Model)
}

// Profiles returns the built-in printers, the most general first.
func Profiles() []Profile { return Builtin().Profiles() }

// ProfileByName finds a built-in printer. The error lists the names there are.
func ProfileByName(name string) (Profile, error) { return Builtin().ByName(name) }

func (p Profile) clone() Profile {
	p.Init = slices.Clone(p.Init)
	p.Cutter.Command = slices.Clone(p.Cutter.Command)
	p.Presenter.Present, p.Presenter.Retract = slices.Clone(p.Presenter.Present), slices.Clone(p.Presenter.Retract)
	p.BlackMark.ToCut = slices.Clone(p.BlackMark.ToCut)
	p.Status, p.Match = slices.Clone(p.Status), slices.Clone(p.Match)
	return p
}

// badFiles is what is wrong with which file.
type badFiles []badFile

type badFile struct {
	path string
	err  error
}

func (b badFiles) Error() string {
	lines := make([]string, len(b))
	for i, f := range b {
		lines[i] = f.path + ": " + f.err.Error()
	}
	return strings.Join(lines, "\n")
}

func (b badFiles) Unwrap() []error {
	out := make([]error, len(b))
	for i, f := range b {
		out[i] = f.err
	}
	return out
}

func (b badFiles) under(dir string) {
	for i := range b {
		b[i].path = filepath.Join(dir, b[i].path)
	}
}

// sort puts the profiles in order: those that inherit least first, then by name.
func (c *Catalogue) sort() {
	slices.SortFunc(c.all, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.profile.Name, b.profile.Name))
	})
}
