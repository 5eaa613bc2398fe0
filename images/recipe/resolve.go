package recipe

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Mirrors are where packages come from: hosts with the paths debian and
// debian-security below them.
type Mirrors struct {
	Debian, Security string // such as http://deb.debian.org/debian
}

// HostMirrors are the mirrors of this machine's own apt, or Debian's where it
// has none.
func HostMirrors(ctx context.Context) Mirrors {
	m := Mirrors{Debian: "http://deb.debian.org/debian", Security: "http://deb.debian.org/debian-security"}
	out, err := exec.CommandContext(ctx, "apt-get", "indextargets", "--format", "$(REPO_URI)", "Identifier: Packages").Output()
	if err != nil {
		return m
	}
	for uri := range strings.Lines(string(out)) {
		switch uri = strings.TrimRight(strings.TrimSpace(uri), "/"); {
		case strings.HasSuffix(uri, "/debian"):
			m.Debian = uri
		case strings.HasSuffix(uri, "/debian-security"):
			m.Security = uri
		}
	}
	return m
}

// URL is where a package is fetched.
func (m Mirrors) URL(p Package) string {
	if rest, ok := strings.CutPrefix(p.Path, "debian-security/"); ok {
		return m.Security + "/" + rest
	}
	return m.Debian + "/" + strings.TrimPrefix(p.Path, "debian/")
}

// keyring holds the keys that Debian signs its indexes with.
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"

// Resolve asks apt, in a directory of its own and without touching this
// machine's packages, for the newest versions of a target's packages and all
// that they depend on.
func Resolve(ctx context.Context, t Target, m Mirrors, dir string) (Lock, error) {
	a := apt{arch: t.Arch, dir: dir}
	if err := a.prepare(ctx, m); err != nil {
		return Lock{}, err
	}
	var l Lock
	var err error
	if l.Root, err = a.closure(ctx, append(append([]string{}, Common...), t.Packages...), m); err != nil {
		return Lock{}, err
	}
	l.Sysroot, err = a.closure(ctx, t.Sysroot, m)
	return l, err
}

// apt is an apt with a state of its own.
type apt struct{ arch, dir string }

func (a apt) prepare(ctx context.Context, m Mirrors) error {
	for _, d := range []string{"etc", "state/lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(a.dir, d), 0o755); err != nil {
			return err
		}
	}
	var list strings.Builder
	for _, s := range []string{m.Debian + " " + Suite, m.Debian + " " + Suite + "-updates", m.Security + " " + Suite + "-security", m.Debian + " " + Suite + "-backports"} {
		fmt.Fprintf(&list, "deb [signed-by=%s] %s main non-free-firmware\n", keyring, s)
	}
	for name, text := range map[string]string{"etc/sources.list": list.String(), "state/status": ""} {
		if err := os.WriteFile(filepath.Join(a.dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	_, err := a.run(ctx, "apt-get", "update", "-qq")
	return err
}

func (a apt) run(ctx context.Context, program string, args ...string) ([]byte, error) {
	var all []string
	for _, o := range []string{
		"Dir::Etc=" + filepath.Join(a.dir, "etc"), "Dir::Etc::sourceparts=-", "Dir::Etc::parts=-", "Dir::Etc::preferencesparts=-",
		"Dir::State=" + filepath.Join(a.dir, "state"), "Dir::State::status=" + filepath.Join(a.dir, "state/status"),
		"Dir::Cache=" + filepath.Join(a.dir, "cache"), "APT::Architecture=" + a.arch, "APT::Architectures=" + a.arch,
		"APT::Install-Recommends=0", "Acquire::Languages=none", "APT::Sandbox::User=",
	} {
		all = append(all, "-o", o)
	}
	cmd := exec.CommandContext(ctx, program, append(all, args...)...)
	var diag bytes.Buffer
	cmd.Stderr = &diag
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: %s", program, args[0], err, strings.TrimSpace(diag.String()))
	}
	return out, nil
}

// closure is what would be installed for these packages on an empty machine.
func (a apt) closure(ctx context.Context, packages []string, m Mirrors) ([]Package, error) {
	out, err := a.run(ctx, "apt-get", append([]string{"install", "--print-uris", "-y"}, packages...)...)
	if err != nil {
		return nil, err
	}
	var want []string
	for line := range strings.Lines(string(out)) {
		if f := strings.Fields(line); len(f) >= 3 && strings.HasPrefix(f[0], "'") {
			name, version, ok := strings.Cut(strings.TrimSuffix(f[1], ".deb"), "_")
			version, _, _ = strings.Cut(version, "_")
			if version, err = url.PathUnescape(version); !ok || err != nil {
				return nil, fmt.Errorf("apt-get names a file %q", f[1])
			}
			want = append(want, name+"="+version)
		}
	}
	if len(want) == 0 {
		return nil, fmt.Errorf("apt-get names no package for %s", strings.Join(packages, " "))
	}
	if out, err = a.run(ctx, "apt-cache", append([]string{"show"}, want...)...); err != nil {
		return nil, err
	}
	return parseShow(out, m, len(want))
}

// parseShow reads the stanzas of apt-cache show (deb-control(5)). The same
// version of a package may be in two suites.
func parseShow(out []byte, m Mirrors, want int) ([]Package, error) {
	var all []Package
	seen := map[string]bool{}
	field := map[string]string{}
	end := func() error {
		defer clear(field)
		if field["Package"] == "" || seen[field["Package"]] {
			return nil
		}
		size, err := strconv.ParseInt(field["Size"], 10, 64)
		if err != nil {
			return fmt.Errorf("%s: size %q", field["Package"], field["Size"])
		}
		seen[field["Package"]] = true
		base := "debian/"
		if strings.Contains(field["Filename"], "pool/updates/") {
			base = "debian-security/"
		}
		all = append(all, Package{
			Name: field["Package"], Version: field["Version"], Arch: field["Architecture"],
			Size: size, SHA256: field["SHA256"], Path: base + field["Filename"],
		})
		return nil
	}
	s := bufio.NewScanner(bytes.NewReader(out))
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		if s.Text() == "" {
			if err := end(); err != nil {
				return nil, err
			}
			continue
		}
		if name, value, ok := strings.Cut(s.Text(), ": "); ok && name[0] != ' ' {
			field[name] = value
		}
	}
	if err := end(); err != nil {
		return nil, err
	}
	if len(all) != want {
		return nil, fmt.Errorf("apt-cache shows %d of %d packages", len(all), want)
	}
	return all, s.Err()
}
