package verity

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// random gives blocks of data that are the same in every run.
func random(blocks int) []byte {
	b := make([]byte, blocks*Block)
	rand.New(rand.NewSource(1)).Read(b)
	return b
}

func super(blocks int, salt string) Superblock {
	s, err := hex.DecodeString(salt)
	if err != nil {
		panic(err)
	}
	return Superblock{UUID: [16]byte{0xde, 0xad, 0xbe, 0xef, 5: 7, 15: 9}, Salt: s, DataBlocks: uint64(blocks)}
}

const uuid = "deadbeef-0007-0000-0000-000000000009"

// format writes data and tree into one file.
func format(t *testing.T, data []byte, sb Superblock, hashStart int64) (file string, root [32]byte) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "root")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if root, err = Format(f, f, sb, hashStart); err != nil {
		t.Fatal(err)
	}
	return file, root
}

var rootLine = regexp.MustCompile(`Root hash:\s+([0-9a-f]{64})`)

// The same bytes as the program that everybody uses, and it says they are right.
func TestAgainstVeritysetup(t *testing.T) {
	veritysetup, err := exec.LookPath("veritysetup")
	if err != nil {
		t.Skip("no veritysetup here")
	}
	const salt = "00112233445566778899aabbccddeeff"
	for _, blocks := range []int{1, 2, 3, 127, 128, 129, 1000, 128*128 + 1} {
		data := random(blocks)
		start := int64(blocks+2) * Block // a hole before the tree
		ours, root := format(t, data, super(blocks, salt), start)
		theirs := filepath.Join(t.TempDir(), "theirs")
		if err := os.WriteFile(theirs, data, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(veritysetup, "format", "--data-block-size", "4096", "--hash-block-size", "4096",
			"--data-blocks", strconv.Itoa(blocks), "--hash-offset", strconv.FormatInt(start, 10),
			"--salt", salt, "--uuid", uuid, theirs, theirs).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if m := rootLine.FindSubmatch(out); m == nil || string(m[1]) != hex.EncodeToString(root[:]) {
			t.Errorf("%d blocks: root %x, and veritysetup says\n%s", blocks, root, out)
		}
		a, _ := os.ReadFile(ours)
		b, _ := os.ReadFile(theirs)
		if !bytes.Equal(a, append(b, make([]byte, max(0, len(a)-len(b)))...)) {
			t.Errorf("%d blocks: not the same bytes", blocks)
		}
		if got := start + Size(uint64(blocks)); got != int64(len(a)) {
			t.Errorf("%d blocks: Size says the end is at %d, and it is at %d", blocks, got, len(a))
		}
		out, err = exec.Command(veritysetup, "verify", "--hash-offset", strconv.FormatInt(start, 10),
			ours, ours, hex.EncodeToString(root[:])).CombinedOutput()
		if err != nil {
			t.Errorf("%d blocks: verify: %v\n%s", blocks, err, out)
		}
	}
}

// One changed bit anywhere is found.
func TestVerify(t *testing.T) {
	const blocks = 300
	file, root := format(t, random(blocks), super(blocks, "0102"), blocks*Block)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(bytes.NewReader(good), blocks*Block, root); err != nil {
		t.Fatal(err)
	}
	for _, off := range []int{
		0, 299*Block + 4095, // data
		blocks*Block + 88, // the salt
		blocks*Block + 72, // the number of blocks
		(blocks+1)*Block + 5, (blocks+2)*Block + 5, len(good) - 1,
	} {
		bad := bytes.Clone(good)
		bad[off] ^= 0x10
		if err := Verify(bytes.NewReader(bad), blocks*Block, root); !errors.Is(err, ErrCorrupt) && !errors.Is(err, ErrNone) {
			t.Errorf("byte %d changed: %v", off, err)
		}
	}
	if err := Verify(bytes.NewReader(good[:len(good)-1]), blocks*Block, root); err == nil {
		t.Error("a tree cut short was taken")
	}
	root[0] ^= 1
	if err := Verify(bytes.NewReader(good), blocks*Block, root); !errors.Is(err, ErrCorrupt) {
		t.Errorf("another root: %v", err)
	}
}

func TestSuperblock(t *testing.T) {
	want := super(5, "0a0b0c")
	b, err := want.encode()
	if err != nil {
		t.Fatal(err)
	}
	area := append(make([]byte, 5*Block), b...)
	got, err := Read(bytes.NewReader(area), 5*Block)
	if err != nil || got.UUID != want.UUID || !bytes.Equal(got.Salt, want.Salt) || got.DataBlocks != 5 {
		t.Errorf("read %+v, %v", got, err)
	}
	for name, spoil := range map[string]func(b []byte){
		"magic":     func(b []byte) { b[0]++ },
		"version":   func(b []byte) { b[8]++ },
		"hash type": func(b []byte) { b[12] = 0 },
		"algorithm": func(b []byte) { b[37] = '7' },
		"data size": func(b []byte) { b[65]++ },
		"hash size": func(b []byte) { b[69]++ },
		"salt":      func(b []byte) { b[81] = 2 },
		"blocks":    func(b []byte) { b[72] = 6 },
		"no blocks": func(b []byte) { b[72] = 0 },
	} {
		bad := bytes.Clone(area)
		spoil(bad[5*Block:])
		if _, err := Read(bytes.NewReader(bad), 5*Block); !errors.Is(err, ErrNone) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Format(bytes.NewReader(area), nil, super(1, hex.EncodeToString(make([]byte, 257))), Block); err == nil {
		t.Error("a salt of 257 bytes was taken")
	}
}

func TestParameters(t *testing.T) {
	d := Device{Path: "/dev/vda5", HashStart: 8 * Block, Root: [32]byte{0xab}, RestartOnCorruption: true}
	want := "1 /dev/vda5 /dev/vda5 4096 4096 7 9 sha256 ab" + hex.EncodeToString(make([]byte, 31)) +
		" 0c 2 restart_on_corruption ignore_zero_blocks"
	if got := d.parameters(super(7, "0c")); got != want {
		t.Errorf("%s", got)
	}
	d.RestartOnCorruption = false
	if got := d.parameters(super(7, "")); !strings.HasSuffix(got, " - 1 ignore_zero_blocks") {
		t.Errorf("%s", got)
	}
}
