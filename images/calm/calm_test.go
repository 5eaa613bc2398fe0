package calm

import (
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/image/font/sfnt"
)

var (
	pictures = flag.String("pictures", "", "`directory` where the pages are left as PNG, to be looked at")
	fontFile = flag.String("font", "", "`file` of a font to draw with, instead of an installed one")
)

// pages are what is known of a site, from everything to nothing.
func pages() map[string]Page {
	return map[string]Page{
		"known":   {Site: "茶山街道就业之家", Phone: "0792-5550100", Again: 10 * time.Minute},
		"long":    {Site: "九江市柴桑区某某街道某某社区公共就业创业服务中心就业之家（第二服务点）", Phone: "0792-5550100 转 8012", Again: 10 * time.Minute},
		"unknown": {},
	}
}

var sizes = []image.Point{{X: 1280, Y: 800}, {X: 1080, Y: 1920}, {X: 1024, Y: 600}}

func openFont(t *testing.T) *sfnt.Font {
	t.Helper()
	paths := FontPaths()
	if *fontFile != "" {
		paths = []string{*fontFile}
	}
	f, err := OpenFont(paths...)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("neither fonts-wqy-microhei nor fonts-noto-cjk is installed")
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Every line is on the page, inside it, below the one before, and there is ink
// in its box and none outside of all boxes.
func TestEveryLineHasItsPlace(t *testing.T) {
	f := openFont(t)
	for _, size := range sizes {
		for name, p := range pages() {
			t.Run(fmt.Sprintf("%s %dx%d", name, size.X, size.Y), func(t *testing.T) {
				img, boxes, err := Draw(size, p, f, Usual())
				if err != nil {
					t.Fatal(err)
				}
				leave(t, fmt.Sprintf("%s-%dx%d.png", name, size.X, size.Y), img)
				if len(boxes) != len(p.lines()) {
					t.Fatalf("%d boxes for %d lines", len(boxes), len(p.lines()))
				}
				for i, b := range boxes {
					if !b.In(img.Rect) {
						t.Errorf("%q stands at %v, outside of the picture", b.Text, b.Rectangle)
					}
					if i > 0 && b.Min.Y < boxes[i-1].Max.Y {
						t.Errorf("%q stands on %q", b.Text, boxes[i-1].Text)
					}
					if inked(img, b.Rectangle) == 0 {
						t.Errorf("nothing is drawn of %q", b.Text)
					}
				}
				outside(t, img, boxes)
			})
		}
	}
}

func inked(img *image.RGBA, r image.Rectangle) (n int) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			if img.RGBAAt(x, y) != Usual().Ground {
				n++
			}
		}
	}
	return n
}

// overhang is by how many pixels a letter may reach over its line's box.
const overhang = 2

func outside(t *testing.T, img *image.RGBA, boxes []Box) {
	t.Helper()
	all, in := inked(img, img.Rect), 0
	for _, b := range boxes {
		in += inked(img, b.Inset(-overhang)) // lines stand further apart
	}
	if all != in {
		t.Errorf("%d dots of %d are outside of the lines' boxes", all-in, all)
	}
}

// Without a site only what is true of every terminal is said.
func TestUnknownSite(t *testing.T) {
	for _, l := range (Page{}).lines() {
		if strings.ContainsAny(l.text, "%⟦0123456789") {
			t.Errorf("it says %q", l.text)
		}
	}
	if a, b := len(pages()["known"].lines()), len(Page{}.lines()); a != b+5 {
		t.Errorf("%d lines with a site, %d without", a, b)
	}
}

// A dot comes to where a panel mounted turned shows it upright.
func TestTurned(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 3, 2))
	dot := color.RGBA{1, 2, 3, 0xFF}
	img.SetRGBA(0, 0, dot)
	for degrees, want := range map[int]image.Point{0: {X: 0, Y: 0}, 90: {X: 1, Y: 0}, 180: {X: 2, Y: 1}, 270: {X: 0, Y: 2}} {
		if got := Turned(img, degrees); got.RGBAAt(want.X, want.Y) != dot {
			t.Errorf("turned by %d the dot is not at %v of %v", degrees, want, got.Rect)
		}
	}
}

// What is no font is refused, wherever it ends.
func TestNoFont(t *testing.T) {
	if _, err := OpenFont("testdata/none.ttf"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a font that is not there: %v", err)
	}
	whole, err := os.ReadFile(FontPaths()[1])
	if err != nil {
		t.Skip("fonts-noto-cjk is not installed")
	}
	for _, n := range []int{0, 4, 15, 40, 300, 5000, len(whole) / 2} {
		if _, err := parseFont(whole[:n]); err == nil {
			t.Errorf("%d bytes of a font were taken", n)
		}
	}
}

// leave leaves a picture to be looked at.
func leave(t *testing.T, name string, img image.Image) {
	t.Helper()
	if *pictures == "" {
		return
	}
	f, err := os.Create(filepath.Join(*pictures, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(f, img); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// What stands on the page, in its order.
func TestLines(t *testing.T) {
	var got []string
	for _, l := range pages()["known"].lines() {
		got = append(got, l.text)
	}
	want := []string{
		"茶山街道就业之家",
		"暂停服务，请找工作人员", "Out of service. Please ask the staff.",
		"工作人员电话 0792-5550100", "Staff phone 0792-5550100",
		"机器会在 10 分钟后自己再试一次", "This machine will try again by itself in 10 minutes",
		"已经打印的推荐单照样有效", "Slips already printed remain valid",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the page says\n%q, not\n%q", got, want)
	}
}
