package rootfs

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// libraries are the directories below which shared libraries lie. Those of
// programs beside them, such as systemd's own, are found by their path.
func libraries(triplet string) []string {
	return []string{"usr/lib/" + triplet, "usr/lib/" + triplet + "/systemd", "usr/lib"}
}

// prune takes out every shared library that no program needs: programs are all
// ELF files outside of the libraries' directory and those that opened names,
// and what a kept file needs is kept.
func prune(root, triplet string, opened []string) (removed int, err error) {
	t := &needs{root: root, dirs: libraries(triplet), kept: map[string]bool{}}
	libdir := path.Join("usr/lib", triplet)
	var libs []string
	err = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name := strings.TrimPrefix(p, root+"/")
		if !strings.HasPrefix(name, libdir+"/") {
			return t.need(name)
		}
		rest := strings.TrimPrefix(name, libdir+"/")
		for _, glob := range opened {
			if ok, _ := path.Match(glob, rest); ok {
				return t.need(name)
			}
		}
		if strings.Contains(path.Base(name), ".so") {
			libs = append(libs, name)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	for _, name := range libs {
		if !t.kept[name] {
			removed++
			if err := os.Remove(filepath.Join(root, name)); err != nil {
				return removed, err
			}
		}
	}
	return removed, nil
}

// needs follows what ELF files name as needed.
type needs struct {
	root string
	dirs []string
	kept map[string]bool
}

func (t *needs) need(name string) error {
	if t.kept[name] {
		return nil
	}
	info, err := os.Lstat(filepath.Join(t.root, name))
	if err != nil {
		return err
	}
	t.kept[name] = true
	if info.Mode()&fs.ModeSymlink != 0 {
		to, err := os.Readlink(filepath.Join(t.root, name))
		if err != nil {
			return err
		}
		if path.IsAbs(to) {
			to = strings.TrimPrefix(to, "/")
		} else {
			to = path.Join(path.Dir(name), to)
		}
		if _, err := os.Lstat(filepath.Join(t.root, to)); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return t.need(to)
	}
	if !info.Mode().IsRegular() {
		return nil
	}
	return t.follow(name)
}

func (t *needs) follow(name string) error {
	f, err := os.Open(filepath.Join(t.root, name))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	magic := make([]byte, 4)
	if _, err := io.ReadFull(f, magic); err != nil || string(magic) != elf.ELFMAG {
		return nil
	}
	e, err := elf.NewFile(f)
	if err != nil || (e.Type != elf.ET_EXEC && e.Type != elf.ET_DYN) {
		return nil // firmware, a kernel module
	}
	wanted, err := e.ImportedLibraries()
	if err != nil {
		return nil // static
	}
	for _, lib := range wanted {
		if err := t.library(name, lib); err != nil {
			return err
		}
	}
	return nil
}

// library keeps a library by its name, wherever it is.
func (t *needs) library(by, lib string) error {
	for _, dir := range t.dirs {
		name := path.Join(dir, lib)
		if _, err := os.Lstat(filepath.Join(t.root, name)); err == nil {
			return t.need(name)
		}
	}
	return fmt.Errorf("%s needs %s, which is in no package that is kept", by, lib)
}
