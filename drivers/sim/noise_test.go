package sim_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"jobhome/drivers/sim"
)

// noisy is a wire with noise and its far end.
func noisy(t testing.TB, script string) (*sim.Noise, *sim.PipeEnd) {
	t.Helper()
	host, far := sim.Pipe()
	n, err := sim.NewNoise(host, script)
	if err != nil {
		t.Fatal(err)
	}
	return n, far
}

// all reads until nothing comes for a second.
func all(t testing.TB, w interface {
	Read([]byte) (int, error)
	SetReadDeadline(time.Time) error
},
) (out string, pieces int) {
	t.Helper()
	var b [64]byte
	for {
		_ = w.SetReadDeadline(time.Now().Add(time.Second))
		n, err := w.Read(b[:])
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return out, pieces
		}
		if err != nil {
			t.Fatal(err)
		}
		out += string(b[:n])
		pieces++
	}
}

func TestNoise(t *testing.T) {
	for _, tt := range []struct {
		script, want string
		pieces       int // read at most so many
	}{
		{"", "abcdefgh", 1},
		{"read 0: lose 3", "defgh", 1},
		{"read 2: duplicate 2", "abccddefgh", 1},
		{"read 7: insert 21 3f", "abcdefg!?h", 1},
		{"read 4: delay 500ms", "abcdefgh", 2},
		{"read 0: split 3 # and so on\nread 6: split 0", "abcdefgh", 3},
		{"read 1: lose 1\nread 1: insert 2d\nread 2: duplicate 1", "a-ccdefgh", 1},
		{"read 99: lose 1\nwrite 0: lose 8", "abcdefgh", 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			n, far := noisy(t, tt.script)
			defer n.Close()
			_, _ = far.Write([]byte("abcdefgh"))
			if got, pieces := all(t, n); got != tt.want || pieces != tt.pieces {
				t.Errorf("%q read: %q in %d pieces, want %q in %d", tt.script, got, pieces, tt.want, tt.pieces)
			}
			n2, far2 := noisy(t, strings.NewReplacer("read", "write", "write", "read").Replace(tt.script))
			defer n2.Close()
			if m, err := n2.Write([]byte("abcdefgh")); m != 8 || err != nil {
				t.Errorf("%q: wrote %d, %v", tt.script, m, err)
			}
			if got, _ := all(t, far2); got != tt.want {
				t.Errorf("%q written: %q, want %q", tt.script, got, tt.want)
			}
		})
	}
}

// A delay meets the deadlines: it never holds a driver longer than it said.
func TestNoiseDeadlines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n, far := noisy(t, "read 0: delay 10s\nwrite 0: delay 10s")
		defer n.Close()
		_, _ = far.Write([]byte("x"))
		begin := time.Now()
		_ = n.SetReadDeadline(begin.Add(time.Second))
		for range 2 {
			if _, err := n.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin) != time.Second {
				t.Errorf("read returns %v after %v", err, time.Since(begin))
			}
		}
		_ = n.SetReadDeadline(time.Time{})
		go func() { // a deadline that is moved counts at once
			time.Sleep(time.Second)
			_ = n.SetReadDeadline(time.Now())
		}()
		if _, err := n.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) || time.Since(begin) != 2*time.Second {
			t.Errorf("read returns %v after %v", err, time.Since(begin))
		}
		_ = n.SetWriteDeadline(time.Now().Add(time.Second))
		if _, err := n.Write([]byte("y")); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("write returns %v", err)
		}
		_ = n.SetReadDeadline(time.Time{})
		if m, err := n.Read(make([]byte, 9)); m != 1 || err != nil || time.Since(begin) != 10*time.Second {
			t.Errorf("read %d, %v after %v", m, err, time.Since(begin))
		}
		far.Close()
		if _, err := n.Read(make([]byte, 1)); err == nil {
			t.Error("the wire's end is not told")
		}
	})
}

func TestNoiseErrors(t *testing.T) {
	for script, want := range map[string]string{
		"\nread 0: loose 3": "line 2: \"loose 3\" is no action",
		"read x: lose 3":    "want a number",
		"lose 3":            "want \"read POSITION",
		"read 1: insert q":  "hexadecimal",
		"write 1: delay 1":  "want a time",
	} {
		host, _ := sim.Pipe()
		if _, err := sim.NewNoise(host, script); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", script, err, want)
		}
	}
}

// FuzzNoise: bytes that no line of the script names come through, in their order.
func FuzzNoise(f *testing.F) {
	f.Add("read 0: lose 3\nread 5: duplicate 1\nread 6: split 1", []byte("abcdefgh"))
	f.Add("read 1: insert 00ff\nread 1: delay 2s", []byte("ab"))
	f.Fuzz(func(t *testing.T, script string, in []byte) {
		synctest.Test(t, func(t *testing.T) {
			host, far := sim.Pipe()
			n, err := sim.NewNoise(host, script)
			if err != nil {
				return
			}
			defer n.Close()
			_, _ = far.Write(in)
			time.Sleep(time.Hour)
			far.Close()
			var got []byte
			for b := make([]byte, 7); ; {
				m, err := n.Read(b)
				got = append(got, b[:m]...)
				if err != nil {
					break
				}
			}
			if !strings.Contains(script, "read") && string(got) != string(in) {
				t.Fatalf("%q became %q", in, got)
			}
		})
	})
}
