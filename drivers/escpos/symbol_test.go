package escpos

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"

	"jobhome/drivers/glyph"
)

// TestSymbolAgainstLibrary makes symbols of every length and looks for the library's one
// among the eight masks: which mask is best is for each to judge.
func TestSymbolAgainstLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	same := 0
	for n := 1; n <= 106; n++ {
		b := make([]byte, n) // lower case letters: the library, too, has only byte mode for them
		for i := range b {
			b[i] = 'a' + byte(r.IntN(26))
		}
		q, err := qrcode.New(string(b), qrcode.Medium)
		if err != nil {
			t.Fatal(err)
		}
		q.DisableBorder = true
		want := q.Bitmap()
		got, ok := smallSymbol(string(b))
		if !ok || got.n != len(want) {
			t.Fatalf("%d bytes: made %v, want %d modules", n, ok, len(want))
		}
		if slices.EqualFunc(got.matrix().dark, want, slices.Equal) {
			same++
		} else if !amongMasks(string(b), want) {
			t.Errorf("%d bytes: the library's symbol is none of the eight", n)
		}
	}
	t.Logf("%d of 106 with the same mask", same)
	if _, ok := smallSymbol(strings.Repeat("a", 107)); ok {
		t.Error("107 bytes fit version 6")
	}
}

func amongMasks(payload string, want [][]bool) bool {
	for i, v := range levelM {
		if len(payload) > v.data*v.blocks-2 {
			continue
		}
		s := &symbol{n: 21 + 4*i}
		s.patterns()
		s.place(v.codewords(payload))
		for k := range 8 {
			if c := s.under(k); slices.EqualFunc(c.matrix().dark, want, slices.Equal) {
				return true
			}
		}
		break
	}
	return false
}

// TestPenaltyModuleByModule scores symbols and noise again as table 11 of ISO/IEC 18004
// has it, one module at a time.
func TestPenaltyModuleByModule(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for i := range 60 {
		s := symbol{n: 21 + 4*(i%6)}
		for y := range s.n {
			s.rows[y] = r.Uint64() & r.Uint64() >> (i % 2) & ones(s.n) // every other one mostly light
		}
		if i < 20 {
			made, _ := smallSymbol(strings.Repeat("q", 1+5*i))
			s = *made
		}
		if got, want := s.penalty(), slowPenalty(s.matrix().dark); got != want {
			t.Fatalf("%d modules: penalty %d, want %d", s.n, got, want)
		}
	}
}

func slowPenalty(dark [][]bool) int {
	p, black, n := 0, 0, len(dark)
	for y := range n {
		across, down := "", ""
		for x := range n {
			bit := map[bool]string{true: "1", false: "0"}
			across, down = across+bit[dark[y][x]], down+bit[dark[x][y]]
			if dark[y][x] {
				black++
			}
			if x > 0 && y > 0 && dark[y][x] == dark[y-1][x] && dark[y][x] == dark[y][x-1] && dark[y][x] == dark[y-1][x-1] {
				p += 3
			}
		}
		for _, line := range []string{across, down} {
			for i := 0; i < n; {
				k := i + 1
				for k < n && line[k] == line[i] {
					k++
				}
				if k-i >= 5 {
					p += k - i - 2
				}
				i = k
			}
			for i := range n {
				if strings.HasPrefix(line[i:], "10111010000") || strings.HasPrefix(line[i:], "00001011101") {
					p += 40
				}
			}
		}
	}
	return p + int(math.Abs(float64(black)/float64(n*n)-0.5)*20+1e-9)*10
}

// TestReedSolomon holds the polynomials to the standard's (ISO/IEC 18004, annex A and
// the example of annex I) and to doing it coefficient by coefficient.
func TestReedSolomon(t *testing.T) {
	gen := generator(10)
	want := []byte{216, 194, 159, 111, 199, 94, 95, 113, 157, 193} // x^10+a^251x^9+a^67x^8+...
	for i, c := range want {
		if gen.at(i) != c {
			t.Fatalf("coefficient %d is %d, want %d", i, gen.at(i), c)
		}
	}
	m := multiplesOf(gen)
	r := m.remainder([]byte{0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11})
	for i, c := range []byte{0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55} {
		if r.at(i) != c {
			t.Fatalf("error correction %d is %02x, want %02x", i, r.at(i), c)
		}
	}
}

// TestSymbolsAreRead has a reader that is not ours read every version.
func TestSymbolsAreRead(t *testing.T) {
	zbar, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed")
	}
	p := profile(t, "xprinter")
	for _, n := range []int{1, 14, 15, 26, 27, 42, 43, 62, 63, 84, 85, 106, 107, 200} {
		want := ("https://jy.example.cn/p/" + strings.Repeat("Gq-2026_0187x", 20))[:n]
		out, err := Encode(Doc{Blocks: []Block{QR{Payload: want}}}, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), fmt.Sprintf("%d.png", n))
		read(t, out.Bytes, p, nil).picture(t, path)
		got, err := exec.Command(zbar, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", path).Output()
		if err != nil || strings.TrimSuffix(string(got), "\n") != want {
			t.Errorf("%d bytes: read %q, %v", n, got, err)
		}
	}
}

func BenchmarkSymbol(b *testing.B) {
	b.Run("ours", func(b *testing.B) {
		for b.Loop() {
			if _, ok := smallSymbol(link); !ok {
				b.Fatal("too long")
			}
		}
	})
	b.Run("go-qrcode", func(b *testing.B) {
		for b.Loop() {
			q, err := qrcode.New(link, qrcode.Medium)
			if err != nil {
				b.Fatal(err)
			}
			q.Bitmap()
		}
	})
}

var _ Glyphs = (*glyph.Face)(nil)
