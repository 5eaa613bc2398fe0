package main

import (
	"image"
	"io"
	"os"
	"path/filepath"
	"testing"

	"jobhome/images/calm"
	"jobhome/kiosk/config"
	"jobhome/kiosk/demo"
)

// The page has the site's colours when its settings can be read, and is drawn
// all the same when they cannot.
func TestPictureWithAndWithoutSettings(t *testing.T) {
	if _, err := calm.OpenFont(calm.FontPaths()...); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	s := config.Demo(demo.Site())
	s.Theme.Ground = config.Colour{R: 0xFF, G: 0xFF, B: 0xF0}
	f, err := os.Create(filepath.Join(dir, "good.toml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(f); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	if err := os.WriteFile(filepath.Join(dir, "bad.toml"), []byte("half of a sett"), 0o600); err != nil {
		t.Fatal(err)
	}
	usual := config.Colour{R: calm.Usual().Ground.R, G: calm.Usual().Ground.G, B: calm.Usual().Ground.B}
	for name, want := range map[string]config.Colour{
		"good.toml": s.Theme.Ground, "bad.toml": usual, "none.toml": usual,
	} {
		for _, rotate := range []int{0, 90} {
			img, err := picture(image.Pt(800, 480), options{settings: filepath.Join(dir, name), rotate: rotate})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if img.Rect.Dx() != 800 || img.Rect.Dy() != 480 || img.RGBAAt(0, 0) != rgba(want) {
				t.Errorf("%s turned by %d: %v, its ground %v, not %v", name, rotate, img.Rect, img.RGBAAt(0, 0), want)
			}
		}
	}
}

func TestFlags(t *testing.T) {
	for _, args := range [][]string{{"-rotate", "45"}, {"-again", "soon"}, {"more"}} {
		if _, err := parse(args, io.Discard); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
	t.Setenv("JOBHOME_ROTATION", "90")
	if o, err := parse(nil, io.Discard); err != nil || o.rotate != 90 {
		t.Errorf("turned by the environment: %+v, %v", o, err)
	}
	if o, err := parse([]string{"-rotate", "270"}, io.Discard); err != nil || o.rotate != 270 || o.settings == "" {
		t.Errorf("%+v, %v", o, err)
	}
}
