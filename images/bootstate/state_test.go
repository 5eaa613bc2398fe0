package bootstate

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// card is a partition whose power goes after some writes; the last one is torn.
type card struct {
	b      [second + length]byte
	writes int // left; < 0: no end
	torn   int // bytes of the last write that arrive
}

var errPower = errors.New("the power is gone")

func (c *card) ReadAt(p []byte, off int64) (int, error) { return copy(p, c.b[off:]), nil }
func (c *card) Sync() error                             { return nil }

func (c *card) WriteAt(p []byte, off int64) (int, error) {
	if c.writes == 0 {
		copy(c.b[off:], p[:c.torn])
		return 0, errPower
	}
	c.writes--
	return copy(c.b[off:], p), nil
}

// Whenever the power goes, the state is the old or the new one; a sector is
// written whole or in part.
func TestCutAtEveryWrite(t *testing.T) {
	old := New(5)
	next := old
	next.Install("b", 6)
	for writes := range 2 {
		for _, torn := range []int{0, 7, 100, sector, sector + 9, length} {
			c := &card{writes: -1}
			if err := old.Write(c); err != nil {
				t.Fatal(err)
			}
			c.writes, c.torn = writes, torn
			if err := next.Write(c); !errors.Is(err, errPower) {
				t.Fatal(err)
			}
			got, err := Read(c)
			if err != nil || got != old && got != next {
				t.Errorf("cut in write %d after %d bytes: %+v, %v", writes, torn, got, err)
			}
		}
	}
}

func TestReadsNothing(t *testing.T) {
	c := &card{writes: -1}
	if _, err := Read(c); !errors.Is(err, ErrNone) {
		t.Errorf("an empty partition: %v", err)
	}
	if err := New(1).Write(c); err != nil {
		t.Fatal(err)
	}
	c.b[first+30] ^= 0xff
	if s, err := Read(c); err != nil || s != New(1) {
		t.Errorf("the first block is torn: %+v, %v", s, err)
	}
	c.b[second+30] ^= 0xff
	if _, err := Read(c); !errors.Is(err, ErrNone) {
		t.Errorf("both are torn: %v", err)
	}
}

func TestSteps(t *testing.T) {
	s := New(5)
	s.Begin("b")
	if s.First != "a" || s.B.Serial != 0 || s.B.Left != 0 {
		t.Errorf("while b is written: %+v", s)
	}
	s.Install("b", 6)
	if s.First != "b" || s.B != (Slot{Trial, false, 6}) || !s.A.OK {
		t.Errorf("b is new: %+v", s)
	}
	s.Confirm("a") // b failed, a runs
	if s.First != "a" || s.A.Left != Confirmed || s.B.OK {
		t.Errorf("a runs again: %+v", s)
	}
}

// GRUB's own program reads what we write, and we read what it writes.
func TestAgainstGrubEditenv(t *testing.T) {
	program, err := exec.LookPath("grub-editenv")
	if err != nil {
		t.Skip(err)
	}
	if _, err := exec.LookPath("mcopy"); err != nil {
		t.Skip(err)
	}
	img := filepath.Join(t.TempDir(), "state")
	s := New(1764000000)
	s.Install("b", 1764000001)
	s.Reset = true
	if err := Partition(t.Context(), img, s, time.Unix(1e9, 0)); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(img)
	if err != nil {
		t.Fatal(err)
	}
	env := img + ".env"
	if err := os.WriteFile(env, data[first:first+length], 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(program, env, "set", "b_left=2").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.Command(program, env, "list").Output()
	if err != nil || !strings.Contains(string(out), "b_serial=1764000001\n") || !strings.Contains(string(out), "reset=1\n") {
		t.Errorf("grub-editenv lists %q, %v", out, err)
	}
	block, err := os.ReadFile(env)
	if err != nil {
		t.Fatal(err)
	}
	c := &card{}
	copy(c.b[first:], block)
	s.B.Left = 2
	if got, err := Read(c); err != nil || got != s {
		t.Errorf("after grub-editenv: %+v, %v; want %+v", got, err, s)
	}
}

func FuzzDecode(f *testing.F) {
	block, _ := encode(New(7).vars())
	f.Add(block)
	f.Fuzz(func(_ *testing.T, b []byte) {
		if vars, err := decode(b); err == nil {
			_, _ = parse(vars)
		}
	})
}
