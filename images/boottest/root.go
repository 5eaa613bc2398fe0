package boottest

import (
	"bytes"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"jobhome/images/verity"
)

// Blob is in the root's file /blob, of a MiB, in its midst.
const Blob = "here is a byte to flip"

// makeRoot makes the root with erofs, whole blocks of it.
func (m *Machine) makeRoot(t *testing.T, dir string, o Options) []byte {
	t.Helper()
	tree := filepath.Join(dir, "tree")
	for _, d := range []string{"dev", "proc", "sys", "run", "data", "tmp", "usr/bin", "usr/lib/systemd"} {
		if err := os.MkdirAll(filepath.Join(tree, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	m.build(t, filepath.Join(tree, "usr/lib/systemd/systemd"), o.Init)
	for path, pkg := range o.Programs {
		m.build(t, filepath.Join(tree, path), pkg)
	}
	for _, p := range o.Host {
		copyProgram(t, tree, p)
	}
	blob := make([]byte, mib)
	rand.New(rand.NewSource(1)).Read(blob)
	copy(blob[mib/2:], Blob)
	writeFile(t, filepath.Join(tree, "blob"), blob)
	file := filepath.Join(dir, "erofs")
	if out, err := exec.Command("mkfs.erofs", file, tree).CombinedOutput(); err != nil {
		t.Fatalf("mkfs.erofs: %v\n%s", err, out)
	}
	b := readFile(t, file)
	return append(b, make([]byte, -len(b)&(verity.Block-1))...)
}

var library = regexp.MustCompile(`/\S+\.so\S*`)

// copyProgram copies a program of this machine, and what ldd says that it needs.
func copyProgram(t *testing.T, tree, name string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatal(err)
	}
	put := func(to string, b []byte) {
		to = filepath.Join(tree, to)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		writeFile(t, to, b)
		if err := os.Chmod(to, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	put(filepath.Join("usr/bin", name), readFile(t, path))
	needs, err := exec.Command("ldd", path).Output()
	if err != nil {
		t.Fatalf("ldd %s: %v", path, err)
	}
	for _, l := range library.FindAllString(string(needs), -1) {
		put(l, readFile(t, l))
	}
}

// build builds a Go program for the machine.
func (m *Machine) build(t *testing.T, out, pkg string) {
	t.Helper()
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+m.Arch)
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build %s: %v\n%s", pkg, err, b)
	}
}

func readFile(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func writeFile(t *testing.T, file string, b []byte) {
	t.Helper()
	if err := os.WriteFile(file, b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// memory is a file in memory that grows.
type memory []byte

func (m *memory) ReadAt(p []byte, off int64) (int, error) { return bytes.NewReader(*m).ReadAt(p, off) }

func (m *memory) WriteAt(p []byte, off int64) (int, error) {
	if need := int(off) + len(p); need > len(*m) {
		*m = append(*m, make([]byte, need-len(*m))...)
	}
	return copy((*m)[off:], p), nil
}
