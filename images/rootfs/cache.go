package rootfs

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"jobhome/images/recipe"
)

// caches makes what a program would otherwise look for anew at every start on a
// read-only root, and takes out the programs that made it.
func caches(ctx context.Context, dir string, o Options) error {
	if err := loaders(ctx, dir, o); err != nil {
		return err
	}
	if err := fonts(ctx, dir, o); err != nil {
		return err
	}
	for _, glob := range recipe.Builders {
		found, err := filepath.Glob(filepath.Join(dir, glob))
		if err != nil {
			return err
		}
		for _, f := range found {
			if err := os.Remove(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// foreign is a command that runs a program of the tree: with the tree's own
// loader, so that nothing of this machine is used.
func (o Options) foreign(ctx context.Context, dir, program string, args ...string) (*exec.Cmd, error) {
	found, err := filepath.Glob(filepath.Join(dir, "usr/lib", o.Target.Triplet, "ld-linux-*.so.*"))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("the tree has %d loaders in place of one", len(found))
	}
	lib := filepath.Join(dir, "usr/lib", o.Target.Triplet)
	all := append([]string{"--library-path", lib, filepath.Join(dir, program)}, args...)
	if o.Native {
		return exec.CommandContext(ctx, found[0], all...), nil
	}
	return exec.CommandContext(ctx, o.Target.QEMU, append([]string{found[0]}, all...)...), nil
}

// loaders writes the table of the loaders of gdk-pixbuf, which draws our icons.
func loaders(ctx context.Context, dir string, o Options) error {
	base := filepath.Join("usr/lib", o.Target.Triplet, "gdk-pixbuf-2.0")
	plugins, err := filepath.Glob(filepath.Join(dir, base, "*/loaders/*svg.so"))
	if err != nil || len(plugins) != 1 {
		return fmt.Errorf("the tree has %d loaders of SVG in place of one", len(plugins))
	}
	cmd, err := o.foreign(ctx, dir, filepath.Join(base, "gdk-pixbuf-query-loaders"), plugins[0])
	if err != nil {
		return err
	}
	var diag bytes.Buffer
	cmd.Stderr = &diag
	out, err := cmd.Output()
	if err != nil || !bytes.Contains(out, []byte("svg")) {
		return fmt.Errorf("gdk-pixbuf-query-loaders: %w: %s", err, diag.String())
	}
	// Where the tree is here is nowhere in the image.
	text := strings.ReplaceAll(string(out), dir, "")
	var kept strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			kept.WriteString(line)
		}
	}
	name, err := filepath.Rel(dir, filepath.Join(filepath.Dir(filepath.Dir(plugins[0])), "loaders.cache"))
	if err != nil {
		return err
	}
	return write(dir, name, []byte(kept.String()), 0o644)
}

// fontCache is where fontconfig finds its cache: /var is empty at every start.
const fontCache = "usr/lib/fontconfig/cache"

func fonts(ctx context.Context, dir string, o Options) error {
	conf := filepath.Join(dir, "etc/fonts/fonts.conf")
	text, err := os.ReadFile(conf)
	if err != nil {
		return err
	}
	moved := strings.Replace(string(text), "<cachedir>/var/cache/fontconfig</cachedir>", "<cachedir>/"+fontCache+"</cachedir>", 1)
	if moved == string(text) {
		return fmt.Errorf("%s names no cache that could be moved", conf)
	}
	if err := write(dir, "etc/fonts/fonts.conf", []byte(moved), 0o644); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, fontCache), 0o755); err != nil {
		return err
	}
	// A cache is good for a directory with that time.
	err = filepath.WalkDir(filepath.Join(dir, "usr/share/fonts"), func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(p, o.Time, o.Time)
	})
	if err != nil {
		return err
	}
	cmd, err := o.foreign(ctx, dir, "usr/bin/fc-cache", "--system-only", "--force", "--sysroot", dir)
	if err != nil {
		return err
	}
	cmd.Env = append(os.Environ(), fmt.Sprintf("SOURCE_DATE_EPOCH=%d", o.Time.Unix()), "XDG_CACHE_HOME=/nonexistent")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("fc-cache: %w: %s", err, out)
	}
	return settle(filepath.Join(dir, fontCache), o.Time)
}

// settle gives everything below dir one time.
func settle(dir string, at time.Time) error {
	return filepath.WalkDir(dir, func(p string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(p, at, at)
	})
}
