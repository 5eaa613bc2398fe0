package main

import (
	"context"
	"errors"
	"image"
	"log/slog"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
	"jobhome/kiosk"
	"jobhome/kiosk/app"
	"jobhome/kiosk/session"
	"jobhome/kiosk/slip"
)

// slipPrinter prints referral slips on a receipt printer.
type slipPrinter struct {
	dev     *printer.Dev
	profile escpos.Profile
	encoder *escpos.Encoder
	glyphs  escpos.Glyphs
	options slip.Options
	log     *slog.Logger
}

// Print lays the slip out, prints it, and says what became of it.
func (p *slipPrinter) Print(ctx context.Context, s kiosk.Slip) app.Outcome {
	doc, err := slip.Layout(s, p.options)
	if err != nil {
		p.log.Error("lay a slip out", "code", s.Code, "error", err)
		return app.Outcome{State: kiosk.Failed, Cause: session.PrinterUnknown}
	}
	enc, err := p.encoder.Encode(doc)
	if err != nil {
		p.log.Error("encode a slip", "code", s.Code, "error", err)
		return app.Outcome{State: kiosk.Failed, Cause: session.PrinterUnknown}
	}
	if len(enc.Missing) > 0 {
		p.log.Warn("characters that neither printer nor font has", "count", len(enc.Missing))
	}
	out, err := p.dev.Print(ctx, enc.Bytes)
	if err != nil {
		p.log.Warn("print a slip", "code", s.Code, "state", out.State, "error", err)
	}
	return app.Outcome{State: referralState(out.State), Cause: printerState(out.Cause, err)}
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
	switch {
	case errors.Is(err, printer.ErrUnplugged), errors.Is(err, printer.ErrClosed):
		return session.PrinterOffline
	case s.PaperOut:
		return session.PrinterPaperOut
	case s.CoverOpen:
		return session.PrinterCoverOpen
	case s.Cutter, s.Jam:
		return session.PrinterCutter
	case s.Overheated:
		return session.PrinterOverheated
	case s.SlipNotTaken:
		return session.PrinterSlipNotTaken
	case s.Fault(), s.Unknown():
		return session.PrinterOffline
	case s.PaperLow:
		return session.PrinterPaperLow
	case s.Ready():
		return session.PrinterReady
	}
	return session.PrinterOffline
}

// Draft draws the slip for the screen; nil where it cannot be drawn.
func (p *slipPrinter) Draft(s kiosk.Slip) app.Picture {
	doc, err := slip.Layout(s, p.options)
	if err != nil {
		p.log.Error("lay a slip out", "error", err)
		return nil
	}
	dots, err := escpos.Preview(doc, p.profile, p.glyphs)
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
