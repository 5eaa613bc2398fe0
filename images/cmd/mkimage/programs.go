package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"jobhome/images/debs"
)

// ours are our own programs: package, place in the root, and whether it is
// compiled with C.
var ours = []struct {
	pkg, to string
	c       bool
}{
	{"./kiosk/cmd/kiosk", "usr/bin/kiosk", true},
	{"./drivers/cmd/probe", "usr/bin/probe", false},
	{"./images/cmd/keeper", "usr/bin/keeper", false},
	{"./images/cmd/calm", "usr/bin/calm", false},
	{"./images/cmd/stage0", "", false},
}

func (b *builder) bin(pkg string) string { return filepath.Join(b.work, "bin", filepath.Base(pkg)) }

// binaries are our programs in the root, by their place in it.
func (b *builder) binaries() map[string]string {
	m := map[string]string{}
	for _, p := range ours {
		if p.to != "" {
			m[p.to] = b.bin(p.pkg)
		}
	}
	return m
}

// programs compiles our programs for the target. Go itself knows what has
// changed.
func (b *builder) programs(ctx context.Context) error {
	if err := b.sysroot(ctx); err != nil {
		return err
	}
	for _, p := range ours {
		if err := b.compile(ctx, p.pkg, p.c); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) sysrootDir() string { return filepath.Join(b.work, "sysroot") }

// sysroot unpacks what the terminal is compiled against, where this machine's
// own libraries are another machine's.
func (b *builder) sysroot(ctx context.Context) error {
	if b.native {
		return nil
	}
	dir := b.sysrootDir()
	var from []string
	for _, p := range b.lock.Sysroot {
		from = append(from, p.SHA256)
	}
	return b.do(ctx, step{"sysroot", from, dir}, func(ctx context.Context) error {
		if err := os.RemoveAll(dir); err != nil {
			return err
		}
		for _, d := range []string{"lib", "bin", "sbin"} {
			if err := os.MkdirAll(filepath.Join(dir, "usr", d), 0o755); err != nil {
				return err
			}
			if err := os.Symlink("usr/"+d, filepath.Join(dir, d)); err != nil {
				return err
			}
		}
		for _, p := range b.lock.Sysroot {
			err := debs.Unpack(ctx, b.store.Path(p.SHA256), dir, func(name string) bool {
				return strings.HasPrefix(name, "usr/include/") || strings.HasPrefix(name, "usr/lib/") || strings.HasPrefix(name, "usr/share/pkgconfig/")
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *builder) compile(ctx context.Context, pkg string, c bool) error {
	stamp := fmt.Sprintf("-s -w -buildid= -X main.version=%s -X main.built=%s", b.version, b.time.Format("2006-01-02T15:04:05Z07:00"))
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", stamp, "-o", b.bin(pkg), pkg)
	cmd.Dir = b.source
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH="+b.t.Arch, "CGO_ENABLED=0")
	if c {
		cmd.Env = append(cmd.Env, "CGO_ENABLED=1")
		if !b.native {
			cmd.Env = append(cmd.Env, b.cross()...)
		}
		fmt.Fprintf(b.say, "   compiling %s (GTK's bindings take some minutes the first time)\n", filepath.Base(pkg))
	}
	var diag bytes.Buffer
	cmd.Stderr = &diag
	if err := cmd.Run(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return err
		}
		return fmt.Errorf("compile %s: %w\n%s", pkg, err, diag.String())
	}
	return nil
}

// cross is the environment in which cgo compiles for the target against the
// sysroot.
func (b *builder) cross() []string {
	s := b.sysrootDir()
	return []string{
		"CC=" + b.t.CC, "PKG_CONFIG_PATH=", "PKG_CONFIG_SYSROOT_DIR=" + s,
		"PKG_CONFIG_LIBDIR=" + filepath.Join(s, "usr/lib", b.t.Triplet, "pkgconfig") + ":" + filepath.Join(s, "usr/share/pkgconfig"),
		"CGO_CFLAGS=-O1 --sysroot=" + s, "CGO_LDFLAGS=--sysroot=" + s,
	}
}
