package initrd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// module is one module of a kernel.
type module struct {
	name, file string
}

// kernel is what depmod and the kernel's package say of its modules.
type kernel struct {
	folder  string
	file    map[string]string   // by name
	needs   map[string][]string // names, by name
	builtin map[string]bool
}

// resolve gives the modules asked for and what they need, in the order in which
// they are loaded.
func resolve(o Options) ([]module, error) {
	if len(o.Modules) == 0 {
		return nil, nil
	}
	k, err := readKernel(filepath.Join(o.Tree, "usr/lib/modules", o.Kernel))
	if err != nil {
		return nil, err
	}
	var out []module
	seen := map[string]bool{}
	var visit func(name string) error
	visit = func(name string) error {
		if seen[name] || k.builtin[name] {
			return nil
		}
		seen[name] = true
		file, ok := k.file[name]
		if !ok {
			return fmt.Errorf("initrd: kernel %s has no module %s", o.Kernel, name)
		}
		for _, n := range slices.Backward(k.needs[name]) {
			if err := visit(n); err != nil {
				return err
			}
		}
		out = append(out, module{name, filepath.Join(k.folder, file)})
		return nil
	}
	for _, name := range o.Modules {
		if err := visit(canonical(name)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// readKernel reads modules.dep, which depmod makes, and modules.builtin.
func readKernel(folder string) (*kernel, error) {
	k := &kernel{folder: folder, file: map[string]string{}, needs: map[string][]string{}, builtin: map[string]bool{}}
	dep, err := os.ReadFile(filepath.Join(folder, "modules.dep"))
	if err != nil {
		return nil, fmt.Errorf("initrd: %w (depmod makes it)", err)
	}
	for line := range strings.Lines(string(dep)) {
		file, needs, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok {
			continue
		}
		name := nameOf(file)
		k.file[name] = file
		for _, n := range strings.Fields(needs) {
			k.needs[name] = append(k.needs[name], nameOf(n))
		}
	}
	built, err := os.ReadFile(filepath.Join(folder, "modules.builtin"))
	if err != nil {
		return nil, fmt.Errorf("initrd: %w", err)
	}
	for _, f := range strings.Fields(string(built)) {
		k.builtin[nameOf(f)] = true
	}
	return k, nil
}

// nameOf is the module's name in the kernel: the file's, without folders and
// endings.
func nameOf(file string) string {
	name, _, _ := strings.Cut(filepath.Base(file), ".ko")
	return canonical(name)
}

// canonical writes a name as the kernel does: "-" and "_" are the same in it.
func canonical(name string) string { return strings.ReplaceAll(name, "-", "_") }

// read gives the module's bytes, uncompressed.
func (m module) read() ([]byte, error) {
	b, err := os.ReadFile(m.file)
	if err != nil {
		return nil, fmt.Errorf("initrd: module %s: %w", m.name, err)
	}
	switch filepath.Ext(m.file) {
	case ".xz":
		cmd := exec.Command("xz", "--decompress", "--stdout")
		cmd.Stdin = bytes.NewReader(b)
		b, err = cmd.Output()
	case ".zst":
		var d *zstd.Decoder
		if d, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1)); err == nil {
			b, err = d.DecodeAll(b, nil)
			d.Close()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("initrd: uncompress module %s: %w", m.name, err)
	}
	return b, nil
}
