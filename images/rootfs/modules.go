package rootfs

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
)

// Kernel returns the release of the one kernel whose modules are in root.
func Kernel(root string) (string, error) {
	entries, err := os.ReadDir(filepath.Join(root, "usr/lib/modules"))
	if err != nil {
		return "", err
	}
	if len(entries) != 1 {
		return "", fmt.Errorf("%s holds the modules of %d kernels in place of one", root, len(entries))
	}
	return entries[0].Name(), nil
}

// pruneModules keeps the modules that wanted names, by name or by directory,
// and those that they need, and makes the indexes for the rest (depmod(8)).
func pruneModules(ctx context.Context, root, kernel string, wanted []string) error {
	if err := depmod(ctx, root, kernel); err != nil {
		return err
	}
	dir := filepath.Join(root, "usr/lib/modules", kernel)
	deps, err := readDeps(filepath.Join(dir, "modules.dep"))
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	for file, needs := range deps {
		if wants(wanted, file) {
			keep[file] = true
			for _, n := range needs {
				keep[n] = true
			}
		}
	}
	err = filepath.WalkDir(dir, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if name, _ := filepath.Rel(dir, p); strings.Contains(name, ".ko") && !keep[name] {
			return os.Remove(p)
		}
		return nil
	})
	return errors.Join(err, depmod(ctx, root, kernel))
}

func wants(wanted []string, file string) bool {
	name := moduleName(file)
	for _, w := range wanted {
		if strings.HasSuffix(w, "/") && strings.Contains(file, "/"+w) || moduleName(w) == name {
			return true
		}
	}
	return false
}

// moduleName is a module's name: - and _ are one.
func moduleName(file string) string {
	name, _, _ := strings.Cut(strings.TrimSuffix(path.Base(file), "?"), ".ko")
	return strings.ReplaceAll(name, "-", "_")
}

func readDeps(file string) (map[string][]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	deps := map[string][]string{}
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if name, rest, ok := strings.Cut(s.Text(), ":"); ok {
			deps[name] = strings.Fields(rest)
		}
	}
	return deps, s.Err()
}

func depmod(ctx context.Context, root, kernel string) error {
	out, err := exec.CommandContext(ctx, "depmod", "-b", root, "-m", "/usr/lib/modules", kernel).CombinedOutput()
	if err != nil {
		// Older ones know no -m and look below lib/modules, which is the same.
		out, err = exec.CommandContext(ctx, "depmod", "-b", root, kernel).CombinedOutput()
	}
	if err != nil {
		return fmt.Errorf("depmod: %w: %s", err, out)
	}
	return nil
}
