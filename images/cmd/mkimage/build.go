package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"jobhome/images/debs"
	"jobhome/images/initrd"
	"jobhome/images/overlay"
	"jobhome/images/recipe"
	"jobhome/images/rootfs"
)

// builder makes one image.
type builder struct {
	options
	steps
	t       recipe.Target
	lock    recipe.Lock
	mirrors recipe.Mirrors
	store   *debs.Store
	time    time.Time // of everything in the image
	native  bool      // this machine runs the target's programs
	kernel  string
}

func build(ctx context.Context, out io.Writer, o options) error {
	b, err := newBuilder(ctx, out, o)
	if err != nil {
		return err
	}
	for _, s := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"fetch", b.fetch}, {"programs", b.programs}, {"root", b.root}, {"slot", b.slot}, {"image", b.image},
	} {
		if err := s.run(ctx); err != nil {
			return err
		}
		if s.name == o.upTo {
			return nil
		}
	}
	return fmt.Errorf("there is no step %q", o.upTo)
}

func newBuilder(ctx context.Context, out io.Writer, o options) (*builder, error) {
	t, err := recipe.Find(o.target)
	if err != nil {
		return nil, err
	}
	l, err := recipe.ReadLock(t.Name)
	if err != nil {
		return nil, err
	}
	if o.source, err = filepath.Abs(o.source); err != nil {
		return nil, err
	}
	if o.work == "" {
		o.work = filepath.Join(o.source, "out/image", t.Name)
	}
	if o.work, err = filepath.Abs(o.work); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.work, 0o755); err != nil {
		return nil, err
	}
	b := &builder{options: o, t: t, lock: l, mirrors: o.mirrors(ctx), native: t.Arch == runtime.GOARCH}
	b.steps = steps{dir: o.work, say: out, now: time.Now}
	b.store = &debs.Store{Dir: filepath.Join(filepath.Dir(o.work), "debs"), Client: http.DefaultClient, Said: func(name string, done, all int) {
		if done%50 == 0 || done == all {
			fmt.Fprintf(out, "   %d of %d packages\n", done, all)
		}
	}}
	return b, b.stamp(ctx)
}

// stamp finds the version and the time of the image: those of the commit.
func (b *builder) stamp(ctx context.Context) error {
	git := func(args ...string) (string, error) {
		cmd := exec.CommandContext(ctx, "git", args...)
		cmd.Dir = b.source
		out, err := cmd.Output()
		return strings.TrimSpace(string(out)), err
	}
	at, err := git("log", "-1", "--format=%ct")
	if e := os.Getenv("SOURCE_DATE_EPOCH"); e != "" {
		at, err = e, nil
	}
	if err != nil {
		return fmt.Errorf("no git commit to take the time from, and no SOURCE_DATE_EPOCH: %w", err)
	}
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return fmt.Errorf("the time %q is no number of seconds", at)
	}
	b.time = time.Unix(seconds, 0).UTC()
	if b.serial == 0 {
		b.serial = uint64(seconds)
	}
	if b.version == "" {
		if b.version, err = git("describe", "--always", "--dirty"); err != nil {
			b.version = b.time.Format("20060102150405")
		}
	}
	return nil
}

func (b *builder) items(packages []recipe.Package) []debs.Item {
	items := make([]debs.Item, 0, len(packages))
	for _, p := range packages {
		items = append(items, debs.Item{Name: p.Name + " " + p.Version, URL: b.mirrors.URL(p), Size: p.Size, SHA256: p.SHA256})
	}
	return items
}

// fetch brings all packages here.
func (b *builder) fetch(ctx context.Context) error {
	need := b.items(b.wanted())
	if !b.native {
		need = append(need, b.items(b.lock.Sysroot)...)
	}
	var text bytes.Buffer
	if err := b.lock.Write(&text); err != nil {
		return err
	}
	return b.do(ctx, step{"fetch", []string{text.String()}, b.store.Dir}, func(ctx context.Context) error { return b.store.Fetch(ctx, need) })
}

// wanted are the packages of which anything goes into the image, or into its
// first partition.
func (b *builder) wanted() []recipe.Package {
	var all []recipe.Package
	for _, p := range b.lock.Root {
		if !recipe.Apart[p.Name] || recipe.Boot[p.Name] {
			all = append(all, p)
		}
	}
	return all
}

// root makes the tree of the root.
func (b *builder) root(ctx context.Context) error {
	files, err := overlayKey()
	if err != nil {
		return err
	}
	var lock bytes.Buffer
	if err := b.lock.Write(&lock); err != nil {
		return err
	}
	from := []string{lock.String(), files, b.version, fmt.Sprint(b.serial, b.time)}
	programs := b.binaries()
	for _, to := range slices.Sorted(maps.Keys(programs)) {
		sum, err := digest(programs[to])
		if err != nil {
			return err
		}
		from = append(from, sum)
	}
	self, err := b.self()
	if err != nil {
		return err
	}
	dir := filepath.Join(b.work, "root")
	err = b.do(ctx, step{"root", append(from, self), dir}, func(ctx context.Context) error { return b.makeRoot(ctx, dir, programs) })
	if err != nil {
		return err
	}
	b.kernel, err = rootfs.Kernel(dir)
	return err
}

func (b *builder) makeRoot(ctx context.Context, dir string, programs map[string]string) error {
	making := dir + ".part"
	if err := errors.Join(os.RemoveAll(making), os.RemoveAll(dir)); err != nil {
		return err
	}
	var kept []recipe.Package
	for _, p := range b.lock.Root {
		if !recipe.Apart[p.Name] {
			kept = append(kept, p)
		}
	}
	kernel, err := rootfs.Build(ctx, making, rootfs.Options{
		Target: b.t, Packages: kept, Overlay: overlay.Files, Programs: programs, Time: b.time, Native: b.native,
		Drivers: append(slices.Clone(recipe.Drivers), initrd.Modules(b.t.Arch)...),
		Deb:     func(p recipe.Package) string { return b.store.Path(p.SHA256) },
		Files:   map[string][]byte{"usr/lib/os-release": b.release()},
	})
	if err != nil {
		return err
	}
	if err := b.takeBoot(making, kernel); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(making, "boot")); err != nil {
		return err
	}
	return os.Rename(making, dir)
}

// takeBoot moves what lies in the slot's boot and on the first partition out of
// the root: the kernel, which newer packages keep beside its modules, and the
// device trees.
func (b *builder) takeBoot(root, kernel string) error {
	at := filepath.Join(root, "usr/lib/modules", kernel)
	from := filepath.Join(root, "boot", "vmlinuz-"+kernel)
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		from = filepath.Join(at, "vmlinuz")
	}
	if err := os.Rename(from, filepath.Join(b.dir, "kernel")); err != nil {
		return err
	}
	trees := filepath.Join(b.dir, "dtb")
	if err := os.RemoveAll(trees); err != nil {
		return err
	}
	for _, dir := range []string{filepath.Join(at, "dtb"), filepath.Join(root, "usr/lib/linux-image-"+kernel)} {
		if err := os.Rename(dir, trees); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// self is the digest of this program: what is left out of a root, and GRUB's
// script, are part of it.
func (b *builder) self() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	return digest(path)
}

// release is os-release(5), by which the running system says what it is.
func (b *builder) release() []byte {
	return fmt.Appendf(nil, "ID=jobhome\nID_LIKE=debian\nNAME=\"jobhome terminal\"\nPRETTY_NAME=\"jobhome terminal %s\"\nVERSION_CODENAME=%s\nIMAGE_ID=%s\nIMAGE_VERSION=%s\nJOBHOME_SERIAL=%d\nJOBHOME_BUILT=%s\n",
		b.version, recipe.Suite, b.t.Name, b.version, b.serial, b.time.Format(time.RFC3339))
}

func overlayKey() (string, error) {
	var all bytes.Buffer
	err := fs.WalkDir(overlay.Files, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(overlay.Files, p)
		fmt.Fprintf(&all, "%s %d\n%s", p, len(data), data)
		return err
	})
	return all.String(), err
}
