package escpos

import (
	"bytes"
	"math/bits"
	"math/rand/v2"
	"testing"

	"jobhome/drivers/glyph"
)

// hostile fills a bitmap with the bytes that make real-time commands.
func hostile(r *rand.Rand, w, h int, doubled bool) glyph.Bitmap {
	b := glyph.NewBitmap(w, h)
	set := []byte{0x10, 0x04, 0x05, 0x14, 0x10, 0x00, 0x01, 0xFF}
	for i := range b.Bits {
		b.Bits[i] = set[r.IntN(len(set))]
	}
	for y := 0; doubled && y+1 < h; y += 2 {
		copy(row(b, y), appendTwice(nil, halved(row(b, y)))[:b.Stride()])
		copy(row(b, y+1), row(b, y))
	}
	return b
}

func halved(r []byte) []byte { return appendHalf(nil, r, (len(r)+1)/2) }

func printed(t *testing.T, stream []byte, p Profile) glyph.Bitmap {
	t.Helper()
	return read(t, stream, p, nil).dots
}

func TestGuardHostileBitmaps(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	p := profile(t, "xprinter")
	for range 200 {
		w, h := 8*(1+r.IntN(p.Dots/8)), 1+r.IntN(80)
		b := hostile(r, w, h, false)
		hits := 0
		for y := range h {
			for x := range b.Stride() - 1 {
				if realtime(row(b, y)[x], row(b, y)[x+1]) {
					hits++
				}
			}
		}
		before := bytes.Clone(b.Bits)
		out := appendBitmap(nil, b, p)
		if !bytes.Equal(b.Bits, before) {
			t.Fatalf("%dx%d: the picture itself was changed", w, h)
		}
		if i := findRealtime(out); i >= 0 {
			t.Fatalf("%dx%d: real-time command at %d", w, h, i)
		}
		got, changed := printed(t, out, p), 0
		for y := range h {
			for x := range b.Stride() {
				changed += bits.OnesCount8(row(got, y)[x] ^ row(b, y)[x])
			}
		}
		if changed > hits {
			t.Errorf("%dx%d: %d dots changed for %d commands", w, h, changed, hits)
		}
	}
}

func TestGuardIsLossless(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	p := profile(t, "xprinter")
	// One byte wide: commands only between rows. Doubled: sent in full size instead.
	for _, b := range []glyph.Bitmap{hostile(r, 8, 400, false), hostile(r, 576, 120, true), hostile(r, 16, 600, true)} {
		stream := appendBitmap(nil, b, p)
		if i := findRealtime(stream); i >= 0 {
			t.Fatalf("real-time command at %d", i)
		}
		got := printed(t, stream, p)
		for y := range b.H {
			if !bytes.Equal(row(got, y)[:b.Stride()], row(b, y)) {
				t.Fatalf("%dx%d: row %d changed from % x to % x", b.W, b.H, y, row(b, y), row(got, y))
			}
		}
	}
}

// TestGuardIsNeeded shows that the same bitmap unguarded has commands in it.
func TestGuardIsNeeded(t *testing.T) {
	b := glyph.NewBitmap(8, 2)
	b.Bits[0], b.Bits[1] = 0x10, 0x04
	raw := append([]byte("\x1dv0\x00\x01\x00\x02\x00"), b.Bits...)
	if findRealtime(raw) < 0 || verify(raw) == nil {
		t.Errorf("no real-time command found in % x", raw)
	}
	if err := verify(appendBitmap(nil, b, profile(t, "generic80"))); err != nil {
		t.Error(err)
	}
}

func TestRepairChangesTheLoneDot(t *testing.T) {
	for _, c := range []struct{ in, want []byte }{
		{[]byte{0x10, 0x04}, []byte{0x00, 0x04}},
		{[]byte{0x10, 0x05}, []byte{0x00, 0x05}},
	} {
		got := bytes.Clone(c.in)
		repair(got)
		if !bytes.Equal(got, c.want) {
			t.Errorf("repair(% x) = % x, want % x", c.in, got, c.want)
		}
	}
}

func TestHalveAndTwice(t *testing.T) {
	for v := range 256 {
		in := []byte{byte(v)}
		twice := appendTwice(nil, in)
		if got := halved(twice); !bytes.Equal(got, in) {
			t.Fatalf("%02x: % x -> % x", v, twice, got)
		}
	}
	if got := appendTwice(nil, []byte{0b1010_0110}); !bytes.Equal(got, []byte{0b1100_1100, 0b0011_1100}) {
		t.Errorf("twice: %08b", got)
	}
}

func TestDoubledBandsSaveBytes(t *testing.T) {
	p := profile(t, "xprinter")
	f, err := p.fitQR(QR{Payload: link}, newMatrix)
	if err != nil {
		t.Fatal(err)
	}
	b := glyph.NewBitmap(p.Dots, f.side)
	f.draw(b)
	small := appendBitmap(nil, b, p)
	p.Raster.Double = false
	big := appendBitmap(nil, b, p)
	if len(small)*3 > len(big) {
		t.Errorf("%d bytes doubled, %d plain", len(small), len(big))
	}
	if !bytes.Equal(printed(t, small, p).Bits, printed(t, big, p).Bits) {
		t.Error("the two print different dots")
	}
}

func FuzzGuard(f *testing.F) {
	f.Add([]byte{0x10, 0x04, 0x10, 0x05, 0x10, 0x14}, uint8(2), uint8(3))
	f.Add([]byte{0x10, 0x10, 0x04, 0x04, 0x14, 0x10}, uint8(1), uint8(255))
	p := profile(f, "xprinter")
	f.Fuzz(func(t *testing.T, data []byte, stride, rows uint8) {
		w := 1 + int(stride)%72
		b := glyph.Bitmap{W: w * 8, H: len(data) / w, Bits: bytes.Clone(data)}
		p := p
		p.Raster.Rows = 1 + int(rows)
		out := appendBitmap(nil, b, p)
		if i := findRealtime(out); i >= 0 {
			t.Fatalf("real-time command at %d", i)
		}
		read(t, out, p, nil)
	})
}
