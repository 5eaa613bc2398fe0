package recipe

import (
	"bufio"
	"bytes"
	"cmp"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

//go:embed *.lock
var locks embed.FS

// Package is one Debian package, pinned.
type Package struct {
	Name, Version, Arch string
	Size                int64  // bytes
	SHA256              string // hexadecimal
	Path                string // below a mirror's host: debian/pool/… or debian-security/pool/…
}

// Lock is what a target is made of. Root goes into the image; Sysroot is only
// compiled against.
type Lock struct {
	Root, Sysroot []Package
}

// ReadLock returns the lock of a target as it was committed.
func ReadLock(target string) (Lock, error) {
	name := target + ".lock"
	text, err := locks.ReadFile(name)
	if err != nil {
		return Lock{}, fmt.Errorf("%s has no lock file; make it with: mkimage -target %s lock", target, target)
	}
	return ParseLock(name, bytes.NewReader(text))
}

// ParseLock reads a lock file; name is for the errors.
func ParseLock(name string, r io.Reader) (Lock, error) {
	var l Lock
	s := bufio.NewScanner(r)
	for n := 1; s.Scan(); n++ {
		line := strings.TrimSpace(s.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		part, p, err := parsePackage(line)
		if err != nil {
			return Lock{}, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if part == "root" {
			l.Root = append(l.Root, p)
		} else {
			l.Sysroot = append(l.Sysroot, p)
		}
	}
	if err := s.Err(); err != nil {
		return Lock{}, fmt.Errorf("%s: %w", name, err)
	}
	if len(l.Root) == 0 {
		return Lock{}, fmt.Errorf("%s names no package for the root", name)
	}
	return l, nil
}

func parsePackage(line string) (part string, p Package, err error) {
	f := strings.Fields(line)
	if len(f) != 7 {
		return "", p, fmt.Errorf("has %d fields in place of 7", len(f))
	}
	part = f[0]
	p = Package{Name: f[1], Version: f[2], Arch: f[3], SHA256: f[5], Path: f[6]}
	if part != "root" && part != "sysroot" {
		return "", p, fmt.Errorf("%q is neither root nor sysroot", part)
	}
	if p.Size, err = strconv.ParseInt(f[4], 10, 64); err != nil || p.Size <= 0 || p.Size > 1<<30 {
		return "", p, fmt.Errorf("%s: %q is no size in bytes", p.Name, f[4])
	}
	if sum, err := hex.DecodeString(p.SHA256); err != nil || len(sum) != 32 {
		return "", p, fmt.Errorf("%s: %q is no SHA-256", p.Name, p.SHA256)
	}
	if path.Clean(p.Path) != p.Path || path.IsAbs(p.Path) || strings.HasPrefix(p.Path, "..") {
		return "", p, fmt.Errorf("%s: %q is no path below a mirror", p.Name, p.Path)
	}
	return part, p, nil
}

// Write writes the lock, sorted, so that a change of a version is one line.
func (l Lock) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "# What the image is made of. Made by `mkimage lock` from Debian's signed indexes.")
	fmt.Fprintln(b, "# part name version arch bytes sha256 path")
	for _, part := range []struct {
		name string
		of   []Package
	}{{"root", l.Root}, {"sysroot", l.Sysroot}} {
		slices.SortFunc(part.of, func(a, b Package) int { return cmp.Compare(a.Name, b.Name) })
		for _, p := range part.of {
			fmt.Fprintln(b, part.name, p.Name, p.Version, p.Arch, p.Size, p.SHA256, p.Path)
		}
	}
	return b.Flush()
}
