package escpos

import (
	"fmt"
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
			if slices.EqualFunc(s.under(k).matrix().dark, want, slices.Equal) {
				return true
			}
		}
		break
	}
	return false
}

// TestSymbolColumnsAreRows holds the two views of a symbol together.
func TestSymbolColumnsAreRows(t *testing.T) {
	for _, n := range []int{1, 20, 40, 60, 80, 100} {
		s, _ := smallSymbol(strings.Repeat("q", n))
		for y := range s.n {
			for x := range s.n {
				if s.rows[y]>>x&1 != s.cols[x]>>y&1 {
					t.Fatalf("%d bytes: module %d,%d differs between rows and columns", n, x, y)
				}
			}
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
