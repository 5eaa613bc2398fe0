// Command calm keeps a quiet page on the screen while the terminal cannot be
// run: that it is out of service, whom to ask, and what happens next. It writes
// to the kernel's framebuffer and to nothing else, and runs until it is told to
// end; the picture stays until something else draws.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/color"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"syscall"
	"time"

	"jobhome/images/calm"
	"jobhome/images/fb"
	"jobhome/kiosk/config"
)

// options are the flags.
type options struct {
	settings, device, tty string
	rotate                int
	again                 time.Duration
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o, err := parse(os.Args[1:], os.Stderr)
	if err != nil {
		os.Exit(2)
	}
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "calm:", err)
		os.Exit(1)
	}
}

func parse(args []string, diag io.Writer) (o options, err error) {
	flags := flag.NewFlagSet("calm", flag.ContinueOnError)
	flags.SetOutput(diag)
	flags.StringVar(&o.settings, "settings", "/data/kiosk/terminal.toml", "the terminal's settings `file`; without it the page names no site")
	flags.StringVar(&o.device, "fb", "/dev/fb0", "the framebuffer's `device`")
	flags.StringVar(&o.tty, "tty", "/dev/tty1", "the console on it, whose `device` is kept quiet; empty: none")
	turned, _ := strconv.Atoi(os.Getenv("JOBHOME_ROTATION"))
	flags.IntVar(&o.rotate, "rotate", turned, "by how many `degrees` clockwise the page is turned: 0, 90, 180 or 270; $JOBHOME_ROTATION unless given")
	flags.DurationVar(&o.again, "again", 10*time.Minute, "after what `time` the page says that the terminal is tried again; 0: it does not say")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if !slices.Contains([]int{0, 90, 180, 270}, o.rotate) || flags.NArg() > 0 {
		flags.Usage()
		return o, errors.New("usage")
	}
	return o, nil
}

// redraw is how often the page is drawn again, should the kernel have written
// over it.
const redraw = 15 * time.Second

func run(ctx context.Context, o options) error {
	dev, err := fb.Open(o.device)
	if err != nil {
		return err
	}
	defer func() { _ = dev.Close() }()
	if o.tty != "" {
		if err := fb.HideConsole(o.tty); err != nil {
			fmt.Fprintln(os.Stderr, "calm:", err) // a cursor that blinks is no reason to show nothing
		}
	}
	img, err := picture(dev.Size(), o)
	if err != nil {
		return err
	}
	for {
		if err := dev.Show(img); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(redraw):
		}
	}
}

// picture is the page as the screen of that size has it in its memory.
func picture(size image.Point, o options) (*image.RGBA, error) {
	if o.rotate == 90 || o.rotate == 270 {
		size.X, size.Y = size.Y, size.X
	}
	page, colours := calm.Page{Again: o.again}, calm.Usual()
	s, err := config.Load(o.settings)
	switch {
	case err == nil:
		page.Site, page.Phone = s.Site.Name, s.Site.StaffPhone
		colours = calm.Colours{Ink: rgba(s.Theme.Ink), Accent: rgba(s.Theme.Action), Ground: rgba(s.Theme.Ground)}
	case !errors.Is(err, os.ErrNotExist):
		fmt.Fprintln(os.Stderr, "calm:", err)
	}
	f, err := calm.OpenFont(calm.FontPaths()...)
	if err != nil {
		return nil, err
	}
	img, _, err := calm.Draw(size, page, f, colours)
	if err != nil {
		return nil, err
	}
	return calm.Turned(img, o.rotate), nil
}

func rgba(c config.Colour) color.RGBA { return color.RGBA{c.R, c.G, c.B, 0xFF} }
