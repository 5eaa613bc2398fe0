package main

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jobhome/kiosk/session"
	"jobhome/kiosk/setup"
	"jobhome/kiosk/words"
	"jobhome/ui/screen"
	"jobhome/ui/text"
	"jobhome/ui/uitest"
	"jobhome/ui/window"
)

// painter takes pictures of one panel's pages.
type painter struct {
	desk    *uitest.Desk
	dir     string
	only    string // the beginning of a page's name; "" for all pages
	panel   panel
	metrics screen.Metrics
	window  *window.Window
	painted chan struct{}
}

func (g *painter) open(p *place) error {
	theme, err := windowTheme(p.settings.Theme)
	if err != nil {
		return err
	}
	g.painted = make(chan struct{}, 16)
	done := make(chan error, 1)
	window.Post(func() {
		var err error
		g.window, err = window.New(window.Options{
			Metrics: g.metrics, Theme: theme, Title: p.settings.Site.Name,
			Width: g.panel.width, Height: g.panel.height, HidePointer: true,
			Painted: func() {
				select {
				case g.painted <- struct{}{}:
				default:
				}
			},
		})
		done <- err
	})
	return <-done
}

// view is a state worth a picture.
type view struct {
	name  string
	state session.State
	boot  *setup.State // of a first boot, instead of state
}

// draw takes a page's picture in every language and look, and returns a line
// for each that does not fit.
func (g *painter) draw(v view) (misfits []string, err error) {
	for _, lang := range words.Langs() {
		for _, look := range []string{"", "large", "contrast"} {
			s := v.state
			if v.boot != nil && lang != v.boot.Lang {
				continue
			}
			s.Visit.Lang, s.Visit.Large, s.Visit.Contrast = lang, look == "large", look == "contrast"
			if look == "large" && v.boot == nil {
				s = refitted(s)
			}
			name := strings.Trim(strings.Join([]string{g.panel.name, v.name, string(lang), look}, "-"), "-")
			shown := screen.Of(s, g.metrics)
			if b := v.boot; b != nil {
				b.Large, b.Contrast = look == "large", look == "contrast"
				shown = screen.OfSetup(*b, g.metrics)
			}
			over, err := g.shoot(shown, name)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			if over != "" {
				misfits = append(misfits, over)
			}
		}
	}
	return misfits, nil
}

// refitted shows as many items as the list asks for in large type.
func refitted(s session.State) session.State {
	n := s.Fits().Cards
	items := s.Visit.List.Results.Items
	s.Visit.List.Results.Items = items[:min(n, len(items))]
	s.Visit.List.Query.Limit = n
	return s
}

func (g *painter) shoot(s screen.Screen, name string) (misfit string, err error) {
	for len(g.painted) > 0 {
		<-g.painted
	}
	g.window.Show(s)
	select {
	case <-g.painted:
	case <-time.After(5 * time.Second):
		return "", fmt.Errorf("the page was not painted")
	}
	over := make(chan [2]int, 1)
	window.Post(func() {
		w, h := g.window.Overflow()
		over <- [2]int{w, h}
	})
	if o := <-over; o != [2]int{} {
		misfit = fmt.Sprintf("%s: %d pixels too wide, %d too high", name, o[0], o[1])
	}
	shot, err := g.desk.Screenshot()
	if err != nil {
		return misfit, err
	}
	if err := savePNG(filepath.Join(g.dir, name+".png"), shot.SubImage(image.Rect(0, 0, g.panel.width, g.panel.height))); err != nil {
		return misfit, err
	}
	return misfit, os.WriteFile(filepath.Join(g.dir, name+".txt"), []byte(text.Write(s)), 0o644)
}

func savePNG(path string, img image.Image) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, img); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
