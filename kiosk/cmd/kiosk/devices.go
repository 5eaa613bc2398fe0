package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/glyph"
	"jobhome/drivers/idcard"
	"jobhome/drivers/printer"
	"jobhome/drivers/uart"
	"jobhome/kiosk/config"
	"jobhome/kiosk/session"
	"jobhome/kiosk/slip"
)

// defaultProfile is right for most printers, if slow on some.
const defaultProfile = "generic80"

// openPrinter opens the printer that the settings name; nil for none. sims
// gives the path of a simulated one.
func openPrinter(s config.Settings, sims *bench, log *slog.Logger) (*slipPrinter, error) {
	d := s.Devices.Printer
	if d.Scheme == config.None || d.Scheme == "" {
		return nil, nil
	}
	name := d.Profile
	if name == "" {
		name = defaultProfile
	}
	profile, err := escpos.ProfileByName(name)
	if err != nil {
		return nil, fmt.Errorf("printer %s: %w", d, err)
	}
	path, baud := d.Path, d.Baud
	if d.Scheme == config.Sim {
		path = sims.printerPath()
	}
	glyphs, err := openGlyphs()
	if err != nil {
		log.Warn("no font for rare characters; they will be printed as 〓", "error", err)
	}
	encoder, err := escpos.NewEncoder(profile, glyphs)
	if err != nil {
		return nil, err
	}
	open := func() (printer.Wire, error) { return openPort(path, baud) }
	return &slipPrinter{
		dev:     printer.New(open, profile, printer.Opts{Baud: baud}),
		profile: profile, encoder: encoder, glyphs: glyphs,
		options: slip.Options{Columns: profile.Columns, Lang: s.Language},
		log:     log,
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

func openReader(s config.Settings, sims *bench) *idcard.Dev {
	d := s.Devices.Reader
	if d.Scheme == config.None || d.Scheme == "" {
		return nil
	}
	path := d.Path
	if d.Scheme == config.Sim {
		path = sims.readerPath()
	}
	open := func() (idcard.Wire, error) { return openPort(path, d.Baud) }
	return idcard.New(open, idcard.Opts{Baud: d.Baud})
}

// openPort opens a serial port. The error is not a nil *uart.Port in an
// interface.
func openPort(path string, baud int) (interface {
	io.ReadWriteCloser
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}, error,
) {
	p, err := uart.Open(path, uart.Opts{Baud: baud})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// watch runs the devices and tells the loop what they say, until ctx ends.
func (t *terminal) watch(ctx context.Context) {
	if t.printer != nil {
		go t.watchPrinter(ctx)
	}
	if t.reader != nil {
		go t.watchReader(ctx)
	}
}

// watchPrinter first gets a printer going again that was cut off in the middle
// of a slip: half a command would spoil the next one.
func (t *terminal) watchPrinter(ctx context.Context) {
	if t.cutOff {
		if err := t.printer.dev.Recover(ctx); err != nil {
			t.log.Warn("recover the printer after a cut-off slip", "error", err)
		}
	}
	last := session.PrinterUnknown
	err := t.printer.dev.Run(ctx, func(s escpos.Status) {
		state := printerState(s, nil)
		if state != last {
			t.log.Info("printer", "state", state, "status", s.String())
		}
		last = state
		t.app.Send(ctx, session.PrinterNews{At: session.At{Time: time.Now()}, State: state})
	})
	t.log.Info("printer driver ended", "reason", err)
}

func (t *terminal) watchReader(ctx context.Context) {
	err := t.reader.Run(ctx, func(e idcard.Event) {
		logReader(t.log, e)
		if news, ok := cardNews(e); ok {
			t.app.Send(ctx, news)
		}
	})
	t.log.Info("reader driver ended", "reason", err)
}

// logReader notes the health of the reader, and of cards only that one could
// not be read and why.
func logReader(log *slog.Logger, e idcard.Event) {
	switch e.Kind {
	case idcard.Ready:
		log.Info("reader ready", "sam", e.SAM)
	case idcard.Down:
		log.Warn("reader down", "reason", e.Err)
	case idcard.Failed, idcard.NotResident:
		log.Info("card not read", "kind", e.Kind, "status", e.Status, "reason", e.Err)
	}
}
