package fb

import (
	"bytes"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"
	"unsafe"
)

// The modes that screens of the supported computers have.
var (
	xrgb   = Mode{Width: 2, Height: 2, Stride: 12, Bits: 32, Red: Channel{16, 8}, Green: Channel{8, 8}, Blue: Channel{0, 8}}
	rgb565 = Mode{Width: 2, Height: 2, X: 1, Y: 3, Stride: 8, Bits: 16, Red: Channel{11, 5}, Green: Channel{5, 6}, Blue: Channel{0, 5}}
	bgr24  = Mode{Width: 2, Height: 2, Stride: 6, Bits: 24, Red: Channel{0, 8}, Green: Channel{8, 8}, Blue: Channel{16, 8}}
)

// four is a picture of red, green, blue and white.
func four() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 2, 2))
	img.SetRGBA(0, 0, color.RGBA{0xFF, 0, 0, 0xFF})
	img.SetRGBA(1, 0, color.RGBA{0, 0xFF, 0, 0xFF})
	img.SetRGBA(0, 1, color.RGBA{0, 0, 0xFF, 0xFF})
	img.SetRGBA(1, 1, color.RGBA{0xFF, 0xFF, 0xFF, 0xFF})
	return img
}

func TestEncode(t *testing.T) {
	for name, c := range map[string]struct {
		mode Mode
		want []byte
		at   int64
	}{
		"32 bits": {xrgb, []byte{0, 0, 0xFF, 0, 0, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0}, 0},
		"16 bits": {rgb565, []byte{0, 0, 0, 0xF8, 0xE0, 0x07, 0, 0, 0, 0, 0x1F, 0, 0xFF, 0xFF, 0, 0}, 24},
		"24 bits": {bgr24, []byte{0xFF, 0, 0, 0, 0xFF, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			rows, at, err := c.mode.Encode(four())
			if err != nil || at != c.at || !bytes.Equal(rows, c.want) {
				t.Errorf("% x at %d, %v; want % x at %d", rows, at, err, c.want, c.at)
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	gray, narrow, none := xrgb, xrgb, xrgb
	gray.Bits, narrow.Stride, none.Green = 8, 7, Channel{}
	for name, m := range map[string]Mode{"8 bits": gray, "short rows": narrow, "no green": none, "another size": {
		Width: 3, Height: 2, Stride: 12, Bits: 32, Red: xrgb.Red, Green: xrgb.Green, Blue: xrgb.Blue,
	}} {
		if _, _, err := m.Encode(four()); err == nil {
			t.Errorf("%s: it was encoded", name)
		}
	}
}

// The kernel's structures have these sizes on 64-bit computers.
func TestSizes(t *testing.T) {
	if v, x := unsafe.Sizeof(varScreenInfo{}), unsafe.Sizeof(fixScreenInfo{}); v != 160 || x != 80 {
		t.Errorf("fb_var_screeninfo has %d bytes, fb_fix_screeninfo %d; want 160 and 80", v, x)
	}
}

// A file is no framebuffer, and no console.
func TestNoDevice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path); err == nil {
		t.Error("a file was taken for a framebuffer")
	}
	if err := HideConsole(path); err == nil {
		t.Error("a file was taken for a console")
	}
}
