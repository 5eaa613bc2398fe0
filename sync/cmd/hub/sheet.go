package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"jobhome/kiosk/durable"
	"jobhome/kiosk/profile"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/sheet"
)

// sheetHub is what a new terminal is told of this hub.
func (o *office) sheetHub() (sheet.Hub, error) {
	text, err := os.ReadFile(rootPath(o.settings.Data, o.keys.root.N))
	if err != nil {
		return sheet.Hub{}, err
	}
	root, err := profile.RootOf(text)
	if err != nil {
		return sheet.Hub{}, err
	}
	h := sheet.Hub{URL: o.settings.Terminals.URL, Pages: o.settings.Public.URL, Phone: o.settings.Phone, Root: root}
	if o.settings.Public.Listen != "" {
		h.Feed = o.settings.Public.URL + "/feed"
	}
	return h, nil
}

// enrolledProfile is what a terminal is told that was enrolled by hand: everything
// but its network and its devices, which it sees itself.
func (o *office) enrolledProfile(e fleet.Enrolled) (string, error) {
	hub, err := o.sheetHub()
	if err != nil {
		return "", err
	}
	p, err := sheet.Make(hub, e.Site, fleet.Code{Terminal: e.Terminal}, sheet.Wishes{})
	if err != nil {
		return "", err
	}
	return p.Text()
}

// runProfile writes what a terminal is set up with: the file for a stick or the
// boot partition, or the code. It gives out an enrolment code for it.
func runProfile(ctx context.Context, m *Main, args []string) error {
	var w sheet.Wishes
	flags := flag.NewFlagSet("profile", flag.ContinueOnError)
	out := flags.String("o", "", "write to this `file`, which only its owner reads; else to standard output")
	code := flags.Bool("code", false, "write what the QR code says, instead of a commented file")
	secret := flags.String("passphrase-file", "", "`file` with the Wi-Fi's passphrase; - for standard input")
	flags.StringVar(&w.SSID, "ssid", "", "`name` of the Wi-Fi")
	flags.BoolVar(&w.Hidden, "hidden", false, "the Wi-Fi does not announce its name")
	flags.StringVar(&w.Reader, "reader", "", "`address` of the card reader, as in the terminal's settings")
	flags.StringVar(&w.Printer, "printer", "", "`address` of the printer")
	flags.StringVar(&w.Scanner, "scanner", "", "`address` of the scanner")
	flags.BoolVar(&w.Panel, "panel", false, "lamp, sensors and key are wired as in the manual")
	flags.StringVar(&w.Rotation, "rotation", "", "`degrees` by which the picture is turned clockwise")
	flags.StringVar(&w.Address, "address", "", "fixed `address/prefix` on the wire")
	flags.StringVar(&w.Gateway, "gateway", "", "`address` of the way out")
	flags.StringVar(&w.DNS, "dns", "", "`addresses` of name servers, with blanks between")
	flags.StringVar(&w.DayMB, "day-mb", "", "the most `MB` that the feed may take a day")
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) < 1 || len(rest) > 2 {
		return errUsage
	}
	if w.Passphrase, err = secretOf(*secret); err != nil {
		return err
	}
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	p, err := o.profile(ctx, w, rest)
	if err != nil {
		return err
	}
	text, err := profileText(p, *code)
	if err != nil {
		return err
	}
	if *out != "" {
		return durable.Replace(*out, text)
	}
	_, err = m.Out.Write(text)
	return err
}

// profile gives out a code for a terminal, SITE or SITE TERMINAL, and makes its
// profile.
func (o *office) profile(ctx context.Context, w sheet.Wishes, names []string) (*profile.Profile, error) {
	sites, err := o.fleet.Sites(ctx, "")
	if err != nil {
		return nil, err
	}
	d := fleet.Draft{Site: names[0], By: people.Console.Name}
	if len(names) > 1 {
		d.Terminal = names[1]
	}
	hub, err := o.sheetHub()
	if err != nil {
		return nil, err
	}
	for _, s := range sites {
		if s.ID != d.Site {
			continue
		}
		if err := sheet.Check(hub, s, w); err != nil {
			return nil, err
		}
		if err := o.people.Log(ctx, people.Entry{Actor: d.By, Action: "terminal.sheet", Subject: s.ID, Note: d.Terminal}); err != nil {
			return nil, err
		}
		c, err := o.fleet.NewCode(ctx, d)
		if err != nil {
			return nil, err
		}
		return sheet.Make(hub, s, c, w)
	}
	return nil, fmt.Errorf("there is no site %q", d.Site)
}

func profileText(p *profile.Profile, code bool) ([]byte, error) {
	if code {
		text, err := p.Text()
		return []byte(text + "\n"), err
	}
	var b bytes.Buffer
	err := p.Write(&b)
	return b.Bytes(), err
}

// secretOf reads a passphrase from a file, never from the command line, which
// others could see.
func secretOf(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	in := io.Reader(os.Stdin)
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	b, err := io.ReadAll(io.LimitReader(in, 200))
	if err != nil {
		return "", err
	}
	text := strings.TrimRight(string(b), "\r\n")
	if strings.ContainsAny(text, "\r\n") {
		return "", errors.New("the passphrase has more than one line")
	}
	return text, nil
}
