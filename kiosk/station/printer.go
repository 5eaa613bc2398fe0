package station

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"log/slog"
	"sync"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/drivers/printer"
	"jobhome/kiosk"
	"jobhome/kiosk/app"
	"jobhome/kiosk/config"
	"jobhome/kiosk/session"
	"jobhome/kiosk/slip"
)

const (
	// autoProfile asks the printer for its name and takes the profile for that.
	autoProfile = "auto"
	// plainProfile is right for most printers, if slow on some.
	plainProfile = "generic80"
	// slowLine is the speed up to which a slip's bytes, and not its paper, are
	// what somebody waits for.
	slowLine = 19200
	// usualBaud is the speed of a printer whose profile names none.
	usualBaud = 9600
)

// Printer prints referral slips on a receipt printer.
type Printer struct {
	dev     *printer.Dev
	glyphs  escpos.Glyphs
	options slip.Options
	log     *slog.Logger
	count   *counterFile // nil: not kept

	mu      sync.Mutex
	encoder *escpos.Encoder
	profile escpos.Profile
}

// openPrinter makes the printer that the settings name; nil for none.
func (s *Station) openPrinter() (*Printer, error) {
	d := s.o.Settings.Devices.Printer
	if !d.Fitted() {
		return nil, nil
	}
	known, err := escpos.LoadDir(s.o.Settings.Profiles)
	if err != nil {
		// The others can be used. That of this printer may be among the bad ones,
		// which is said then.
		s.o.Log.Error("printer profiles that cannot be used", "error", err)
	}
	o := printer.Opts{
		TakeWithin: s.o.Settings.Paper.Retract, Roll: float64(s.o.Settings.Paper.RollMetres),
	}
	name := d.Profile
	if name == autoProfile || name == "" {
		name = plainProfile
	}
	if d.Profile == autoProfile {
		o.Identify = known.Identify
	}
	profile, err := known.ByName(name)
	if err != nil {
		return nil, fmt.Errorf("printer %s: %w", d, err)
	}
	if d.Scheme == config.UART && d.Baud == 0 {
		d.Baud = cmp.Or(profile.Baud, usualBaud)
	}
	o.Baud, o.Fast = d.Baud, d.Scheme != config.UART
	if d.Scheme == config.UART && d.Flow == "" && profile.Flow == escpos.FlowRTSCTS {
		d.Flow = string(escpos.FlowRTSCTS)
	}
	o.NoFlow = d.Scheme == config.UART && d.Flow != string(escpos.FlowRTSCTS)
	p, err := newPrinter(profile, s.o.Settings, s.o.Log)
	if err != nil {
		return nil, err
	}
	p.options.SlowLine = d.Scheme == config.UART && d.Baud <= slowLine
	p.dev = printer.New(func() (printer.Wire, error) { return s.openWire(session.PartPrinter, d) }, profile, o)
	p.count = openCounters(s.o.Settings.DataDir, s.o.Log)
	p.dev.SetCounters(p.count.read())
	return p, nil
}

// DrawingPrinter is a printer without a device: it draws slips as the plain one
// for wide paper would print them, and prints none.
func DrawingPrinter(s config.Settings) (*Printer, error) {
	profile, err := escpos.ProfileByName(plainProfile)
	if err != nil {
		return nil, err
	}
	return newPrinter(profile, s, slog.New(slog.DiscardHandler))
}

func newPrinter(profile escpos.Profile, s config.Settings, log *slog.Logger) (*Printer, error) {
	glyphs, err := openGlyphs()
	if err != nil {
		log.Warn("no font for rare characters; they will be printed as 〓", "error", err)
	}
	encoder, err := escpos.NewEncoder(profile, glyphs)
	if err != nil {
		return nil, err
	}
	return &Printer{
		glyphs: glyphs, log: log, encoder: encoder, profile: profile,
		options: slip.Options{Columns: profile.Columns, Lang: s.Language},
	}, nil
}

// openGlyphs opens the fonts for characters that a printer lacks. The result
// is nil where there is none.
func openGlyphs() (escpos.Glyphs, error) {
	face, err := glyph.Open()
	if err != nil {
		return nil, err
	}
	return face, nil
}

func (p *Printer) close() {
	if p.dev != nil {
		_ = p.dev.Close()
	}
}

// Dev is the printer's driver; nil for one that only draws.
func (p *Printer) Dev() *printer.Dev { return p.dev }

// SetMark puts the site's mark on the slips.
func (p *Printer) SetMark(mark glyph.Bitmap) { p.options.Mark = mark }

// Profile is what the printer is known to do, after it was asked for its name.
func (p *Printer) Profile() escpos.Profile {
	_, profile := p.current()
	return profile
}

// current is the encoder for the printer as it is known now: one that has told
// its name may have another profile than the settings.
func (p *Printer) current() (*escpos.Encoder, escpos.Profile) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dev == nil {
		return p.encoder, p.profile
	}
	now := p.dev.Profile()
	if now.Name == p.profile.Name {
		return p.encoder, p.profile
	}
	encoder, err := escpos.NewEncoder(now, p.glyphs)
	if err != nil {
		p.log.Error("the printer's profile cannot be used", "profile", now.Name, "error", err)
		return p.encoder, p.profile
	}
	p.log.Info("printer identified", "profile", now.Name)
	p.encoder, p.profile = encoder, now
	return encoder, now
}

// lay is what slips are laid out for on this printer.
func (p *Printer) lay(profile escpos.Profile) slip.Options {
	o := p.options
	o.Columns = profile.Columns
	if o.Mark.W > profile.Dots {
		o.Mark = glyph.Bitmap{}
	}
	return o
}

// Print lays the slip out, prints it, and says what became of it.
func (p *Printer) Print(ctx context.Context, s kiosk.Slip, fenced func()) app.Outcome {
	out, err := p.print(ctx, func(o slip.Options) (escpos.Doc, error) { return slip.Layout(s, o) }, fenced)
	if err != nil {
		p.log.Warn("print a slip", "code", s.Code, "state", out.State, "error", err)
	}
	return app.Outcome{
		State: referralState(out.State), Cause: printerState(out.Cause, err),
		Interrupted: out.State == printer.Interrupted,
	}
}

// print lays a document out for the printer as it is known now, and prints it. A
// printer that turns out to be another when it is asked gets it once more, laid
// out for that one; nothing was sent then.
func (p *Printer) print(ctx context.Context, lay func(slip.Options) (escpos.Doc, error), fenced func()) (out printer.Outcome, err error) {
	for range 2 {
		encoder, profile := p.current()
		doc, err := lay(p.lay(profile))
		if err != nil {
			return printer.Outcome{State: printer.Failed}, err
		}
		enc, err := encoder.Encode(doc)
		if err != nil {
			return printer.Outcome{State: printer.Failed}, err
		}
		if len(enc.Missing) > 0 {
			p.log.Warn("characters that neither printer nor font has", "count", len(enc.Missing))
		}
		out, err = p.dev.PrintJob(ctx, printer.Job{Bytes: enc.Bytes, Profile: profile.Name, Phase: func(phase printer.Phase) error {
			if phase == printer.Fenced {
				fenced()
			}
			return nil
		}})
		p.count.write(p.dev.Counters())
		if !errors.Is(err, printer.ErrProfile) {
			return out, err
		}
	}
	return out, errors.New("the printer says another name each time it is asked")
}

// referralState says what a printer's outcome means for a referral. Only a
// slip of which nothing was sent counts as failed.
func referralState(s printer.State) kiosk.ReferralState {
	switch s {
	case printer.Printed:
		return kiosk.Printed
	case printer.Failed:
		return kiosk.Failed
	}
	return kiosk.Unconfirmed
}

// printerState names the one thing about a printer that people have to know.
func printerState(s escpos.Status, err error) session.PrinterState {
	if errors.Is(err, printer.ErrUnplugged) || errors.Is(err, printer.ErrClosed) {
		return session.PrinterOffline
	}
	switch c := s.Condition(); c {
	case escpos.ConditionUnknown:
		return session.PrinterOffline
	default:
		return session.PrinterState(c)
	}
}

// Draft draws the slip for the screen; nil where it cannot be drawn.
func (p *Printer) Draft(s kiosk.Slip) app.Picture {
	_, profile := p.current()
	doc, err := slip.Layout(s, p.lay(profile))
	if err != nil {
		p.log.Error("lay a slip out", "error", err)
		return nil
	}
	dots, err := escpos.Preview(doc, profile, p.glyphs)
	if err != nil {
		p.log.Error("draw a slip", "error", err)
		return nil
	}
	img := image.NewGray(image.Rect(0, 0, dots.W, dots.H))
	for y := range dots.H {
		for x := range dots.W {
			if !dots.At(x, y) {
				img.Pix[y*img.Stride+x] = 0xff
			}
		}
	}
	return img
}
