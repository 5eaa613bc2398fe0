package glyph

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

func open(t testing.TB) *Face {
	t.Helper()
	f, err := Open()
	if errors.Is(err, ErrNoFont) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func ink(b Bitmap) int {
	n := 0
	for y := range b.H {
		for x := range b.W {
			if b.At(x, y) {
				n++
			}
		}
	}
	return n
}

func TestColumns(t *testing.T) {
	for r, want := range map[rune]int{
		'a': 1, '~': 1, ' ': 1, '中': 2, '㐱': 2, '𠮷': 2, '，': 2, '“': 2, '…': 2, '—': 2, '·': 2, 'é': 2,
		'α': 2, '〓': 2, '￥': 2, '¥': 1, 'ﾊ': 1, '\u0301': 0, '\u200B': 0, '\u2028': 0, '\n': 0, 0x1B: 0, 0x85: 0,
	} {
		if got := Columns(r); got != want {
			t.Errorf("Columns(%U) = %d, want %d", r, got, want)
		}
	}
}

func TestGlyphCells(t *testing.T) {
	f := open(t)
	for _, r := range "茶山街道推荐单硚洑玥燊璟，。“Wmg9" {
		for _, px := range []int{16, 24, 48} {
			b, ok := f.Glyph(r, px)
			if !ok {
				t.Fatalf("no glyph for %q", r)
			}
			if want := px * Columns(r) / 2; b.W != want || b.H != px || len(b.Bits) != (want+7)/8*px {
				t.Errorf("%q at %d: cell %dx%d, %d bytes", r, px, b.W, b.H, len(b.Bits))
			}
			if n := ink(b); n == 0 || n > b.W*b.H*3/4 {
				t.Errorf("%q at %d: %d black dots of %d", r, px, n, b.W*b.H)
			}
		}
	}
	if b, ok := f.Glyph(' ', 24); !ok || ink(b) != 0 {
		t.Errorf("space: ok %v, %d black dots", ok, ink(b))
	}
}

func TestGlyphRefuses(t *testing.T) {
	f := open(t)
	for _, c := range []struct {
		r  rune
		px int
	}{{'中', 0}, {'中', -1}, {'中', MaxPx + 1}, {'\n', 24}, {0x200B, 24}, {0xE123, 24}, {-1, 24}, {0x10FFFF, 24}} {
		if _, ok := f.Glyph(c.r, c.px); ok {
			t.Errorf("Glyph(%U, %d) drew something", c.r, c.px)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	if _, err := Open("/nonexistent.ttf"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	bad := filepath.Join(t.TempDir(), "bad.ttf")
	if err := os.WriteFile(bad, []byte("not a font"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(bad); err == nil {
		t.Error("a text file opened as a font")
	}
}

func TestConcurrentAndDeterministic(t *testing.T) {
	a, b := open(t), open(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for r := rune(0x4E00); r < 0x4E40; r++ {
				a.Glyph(r, 24)
			}
		})
	}
	wg.Wait()
	for r := rune(0x4E00); r < 0x4E40; r++ {
		x, _ := a.Glyph(r, 24)
		y, _ := b.Glyph(r, 24)
		if !bytes.Equal(x.Bits, y.Bits) {
			t.Fatalf("%q drawn in two ways", r)
		}
	}
}

func TestCacheIsBounded(t *testing.T) {
	f := open(t)
	for r := rune(0x4E00); r < 0x4E00+cacheGlyphs+50; r++ {
		f.Glyph(r, 8)
	}
	if len(f.cache) != cacheGlyphs || len(f.order) != cacheGlyphs {
		t.Errorf("cache holds %d glyphs in %d places, want %d", len(f.cache), len(f.order), cacheGlyphs)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, ok := f.Glyph(0x4E00+cacheGlyphs+49, 8); !ok {
		t.Error("cached glyph lost by Close")
	}
	if _, ok := f.Glyph('龘', 8); ok {
		t.Error("glyph drawn from a closed file")
	}
}

func TestDrawScalesAndClips(t *testing.T) {
	src := NewBitmap(2, 1)
	src.Set(1, 0)
	dst := NewBitmap(5, 3)
	dst.Draw(src, Place{X: 1, Y: 1, ScaleX: 2, ScaleY: 3})
	got := fmt.Sprintf("%08b", dst.Bits)
	if want := "[00000000 00011000 00011000]"; got != want {
		t.Errorf("got %s want %s", got, want)
	}
}

// TestDrawDotByDot compares Draw with the same done one dot at a time.
func TestDrawDotByDot(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		src, got, want := NewBitmap(1+r.IntN(40), 1+r.IntN(5)), NewBitmap(1+r.IntN(70), 12), Bitmap{}
		for i := range src.Bits { // dots in the padding too: they must not be drawn
			src.Bits[i] = byte(r.Uint32())
		}
		want = NewBitmap(got.W, got.H)
		at := Place{X: r.IntN(80) - 20, Y: r.IntN(20) - 6, ScaleX: r.IntN(4), ScaleY: r.IntN(3)}
		got.Draw(src, at)
		sx, sy := max(at.ScaleX, 1), max(at.ScaleY, 1)
		for y := range want.H {
			for x := range want.W {
				if x >= at.X && y >= at.Y && src.At((x-at.X)/sx, (y-at.Y)/sy) {
					want.Set(x, y)
				}
			}
		}
		if !bytes.Equal(got.Bits, want.Bits) {
			t.Fatalf("%dx%d on %dx%d at %+v:\n%08b\n%08b", src.W, src.H, got.W, got.H, at, got.Bits, want.Bits)
		}
	}
}

// TestSheet writes a sheet of characters for people to look at, if asked to.
func TestSheet(t *testing.T) {
	dir := os.Getenv("GLYPH_SHEET")
	if dir == "" {
		t.Skip("set GLYPH_SHEET to a directory to get glyphs-*.png")
	}
	for i, paths := range [][]string{DefaultPaths()[:1], DefaultPaths()[1:], {"/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc"}} {
		f, err := Open(paths...)
		if err != nil {
			t.Fatal(err)
		}
		sheet := NewBitmap(24*20, 24*4)
		x, y := 0, 0
		for _, r := range "缝纫工熟手招人月薪计件早单休包住有班车茶山街道工业三路离这里公里，。“…—·需要会平车初中硚洑玥犇芃燊璟Waiting gjpq 0123456789-:;(){}¥%" {
			b, ok := f.Glyph(r, 24)
			if !ok {
				continue
			}
			if x+b.W > sheet.W {
				x, y = 0, y+24
			}
			sheet.Draw(b, Place{X: x, Y: y})
			x += b.W
		}
		img := image.NewGray(image.Rect(0, 0, sheet.W*2, sheet.H*2))
		for y := range sheet.H * 2 {
			for x := range sheet.W * 2 {
				if !sheet.At(x/2, y/2) {
					img.SetGray(x, y, color.Gray{Y: 255})
				}
			}
		}
		w, err := os.Create(filepath.Join(dir, fmt.Sprintf("glyphs-%d.png", i)))
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(w, img); err != nil {
			t.Fatal(err)
		}
		_ = w.Close()
		_ = f.Close()
	}
}

func BenchmarkGlyph(b *testing.B) {
	f := open(b)
	for i := 0; b.Loop(); i++ {
		f.Glyph(rune(0x4E00+i%20000), 24)
	}
}
