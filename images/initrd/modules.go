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
	wants   map[string][]string // names or aliases that a module asks for while it starts, by its name
	alias   map[string][]string // names, by alias
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
	r := resolver{kernel: k, seen: map[string]bool{}}
	for _, name := range o.Modules {
		name, optional := strings.CutSuffix(canonical(name), "?")
		if _, ok := k.file[name]; !ok && !optional && !k.builtin[name] {
			return nil, fmt.Errorf("initrd: kernel %s has no module %s", o.Kernel, name)
		}
		r.visit(name)
	}
	return r.out, nil
}

// resolver collects modules in the order in which they are loaded.
type resolver struct {
	*kernel
	seen map[string]bool
	out  []module
}

// visit takes a module after what it needs. What it wants is taken as far as the
// kernel has it: often one generic module, and others for processors that are not
// there, which fail quietly.
func (r *resolver) visit(name string) {
	if r.seen[name] || r.builtin[name] || r.file[name] == "" {
		return
	}
	r.seen[name] = true
	for _, want := range r.wants[name] {
		r.visit(canonical(want))
		for _, n := range r.alias[want] {
			r.visit(n)
		}
	}
	for _, n := range slices.Backward(r.needs[name]) {
		r.visit(n)
	}
	r.out = append(r.out, module{name, filepath.Join(r.folder, r.file[name])})
}

// readKernel reads what depmod makes (modules.dep, and softdep and alias, which
// it makes too) and modules.builtin, which the kernel's package brings.
func readKernel(folder string) (*kernel, error) {
	k := &kernel{
		folder: folder, file: map[string]string{}, needs: map[string][]string{}, wants: map[string][]string{},
		alias: map[string][]string{}, builtin: map[string]bool{},
	}
	for name, read := range map[string]func(line []string){
		"modules.dep":     k.readDep,
		"modules.softdep": k.readSoftdep,
		"modules.alias":   k.readAlias,
		"modules.builtin": func(line []string) { k.builtin[nameOf(line[0])] = true },
	} {
		b, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return nil, fmt.Errorf("initrd: %w (depmod makes it)", err)
		}
		for line := range strings.Lines(string(b)) {
			if words := strings.Fields(line); len(words) > 0 && words[0] != "#" {
				read(words)
			}
		}
	}
	return k, nil
}

// readDep reads "FILE: FILE ...": what a module needs, the last to be loaded
// first.
func (k *kernel) readDep(line []string) {
	file := strings.TrimSuffix(line[0], ":")
	name := nameOf(file)
	k.file[name] = file
	for _, n := range line[1:] {
		k.needs[name] = append(k.needs[name], nameOf(n))
	}
}

// readSoftdep reads "softdep NAME pre: WANT ... post: ...". What comes after is
// not needed by what is here.
func (k *kernel) readSoftdep(line []string) {
	if len(line) < 3 || line[0] != "softdep" {
		return
	}
	name, before := canonical(line[1]), false
	for _, w := range line[2:] {
		if strings.HasSuffix(w, ":") {
			before = w == "pre:"
		} else if before {
			k.wants[name] = append(k.wants[name], w)
		}
	}
}

// readAlias reads "alias ALIAS NAME".
func (k *kernel) readAlias(line []string) {
	if len(line) == 3 && line[0] == "alias" {
		k.alias[line[1]] = append(k.alias[line[1]], canonical(line[2]))
	}
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
