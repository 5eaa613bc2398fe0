package station

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"jobhome/drivers/escpos"
	"jobhome/drivers/printer"
	"jobhome/kiosk/session"
	"jobhome/kiosk/slip"
)

// watchPrinter tells how the printer is, until ctx ends. It first gets a printer
// going again that was cut off in the middle of a slip: half a command would
// spoil the next one.
func (s *Station) watchPrinter(ctx context.Context, send func(session.Event)) {
	s.reports.health(session.PartPrinter, session.Checking, "")
	if _, err := os.Stat(s.testing()); err == nil || s.o.Recover {
		_ = os.Remove(s.testing())
		if err := s.printer.dev.Recover(ctx); err != nil {
			s.o.Log.Warn("recover the printer after a cut-off slip", "error", err)
		}
	}
	last, lastWhy := session.PrinterUnknown, ""
	err := s.printer.dev.Run(ctx, func(st escpos.Status) {
		why := s.printer.dev.Trouble()
		state := printerState(st, why)
		if text := fmt.Sprint(why); state != last || text != lastWhy {
			last, lastWhy = state, text
			s.o.Log.Info("printer", "state", state, "status", st.String(), "reason", why)
		}
		s.notePrinter(st, why)
		s.printer.count.write(s.printer.dev.Counters())
		send(session.PrinterNews{At: now(), State: state})
	})
	s.ended(ctx, "printer", err)
}

// notePrinter reports a status of the printer, or why there is none.
func (s *Station) notePrinter(st escpos.Status, why error) {
	health, fault := printerFault(st)
	if why != nil {
		health, fault = session.Faulty, printerTrouble(st, why)
	}
	s.reports.set(session.PartPrinter, func(d *session.DeviceReport) {
		d.Health, d.Fault, d.Detail = health, fault, s.printer.detail()
	})
}

// detail is what the printer is and has done, in no language.
func (p *Printer) detail() string {
	var parts []string
	if maker, model, ok := p.dev.Identity(); ok {
		parts = append(parts, strings.TrimSpace(maker+" "+model))
	}
	parts = append(parts, p.Profile().Name)
	if c := p.dev.Counters(); c.AllSlips > 0 {
		parts = append(parts, fmt.Sprintf("%d · %.1f m", c.Slips, c.MM/1000))
	}
	return strings.Join(parts, " · ")
}

// printerFault names what staff have to do about a status. The order is that of
// escpos.Condition; what it puts together is told apart here.
func printerFault(st escpos.Status) (session.Health, string) {
	switch st.Condition() {
	case escpos.ConditionReady:
		return session.Fine, ""
	case escpos.ConditionPaperLow:
		if st.Predicted {
			return session.Care, "paper-predicted"
		}
		return session.Care, "paper-low"
	case escpos.ConditionSlipNotTaken:
		return session.Care, "slip-not-taken"
	case escpos.ConditionCutter:
		if st.Jam && !st.Cutter {
			return session.Faulty, "jam"
		}
		return session.Faulty, "cutter"
	case escpos.ConditionUnknown:
		return session.Faulty, "printer-unknown"
	case escpos.ConditionOffline:
		switch {
		case st.Unrecoverable:
			return session.Faulty, "unrecoverable"
		case st.FeedKey:
			return session.Faulty, "feed-key"
		}
		return session.Faulty, "printer-offline"
	case escpos.ConditionPaperOut, escpos.ConditionCoverOpen, escpos.ConditionOverheated:
		return session.Faulty, string(st.Condition())
	}
	return session.Faulty, "printer-unknown"
}

// printerTrouble names what is wrong with a printer that could not be asked.
func printerTrouble(st escpos.Status, err error) string {
	switch {
	case errors.Is(err, errWriteOnly):
		return "printer-write-only"
	case errors.Is(err, printer.ErrUnplugged), errors.Is(err, printer.ErrClosed):
		return "printer-unplugged"
	case errors.Is(err, printer.ErrGarbled):
		return "printer-garbled"
	case errors.Is(err, printer.ErrSilent):
		return "printer-unknown"
	}
	if _, fault := printerFault(st); fault != "" {
		return fault
	}
	return "self-test"
}

// testPrinter asks the printer how it is, without using paper.
func (s *Station) testPrinter(ctx context.Context) (fault string, err error) {
	st, err := s.printer.dev.Status(ctx)
	if err != nil {
		return printerTrouble(st, err), err
	}
	if !st.Ready() {
		_, fault := printerFault(st)
		return fault, fmt.Errorf("printer: %s", st)
	}
	return "", nil
}

// printTest prints a slip that says that it is a test, what the printer is
// taken for, and what it has done.
func (s *Station) printTest(ctx context.Context) (fault string, err error) {
	// No ledger follows it. Should the power go meanwhile, the next start has to
	// cut off what is left of it.
	if err := os.WriteFile(s.testing(), nil, 0o600); err != nil {
		s.o.Log.Warn("note that a test slip is printing", "error", err)
	}
	defer func() {
		if ctx.Err() == nil {
			_ = os.Remove(s.testing())
		}
	}()
	out, err := s.printer.print(ctx, func(o slip.Options) (escpos.Doc, error) {
		about := []string{s.printer.Profile().Title, s.o.Settings.Devices.Printer.String(), s.printer.detail()}
		return slip.TestPage(s.o.Settings.Site, about, time.Now(), o), nil
	}, func() {})
	if err != nil {
		return printerTrouble(out.Cause, err), err
	}
	return "", nil
}

// testing is a file that is there while a test slip prints.
func (s *Station) testing() string { return filepath.Join(s.o.Settings.DataDir, "testslip.open") }

// PaperChanged tells that a new roll is in the printer.
func (s *Station) PaperChanged() {
	if s.printer == nil {
		return
	}
	s.o.Log.Info("a new roll of paper")
	s.printer.dev.PaperChanged()
	s.printer.count.write(s.printer.dev.Counters())
	s.reports.set(session.PartPrinter, func(d *session.DeviceReport) {
		d.Detail = s.printer.detail()
		if d.Fault == "paper-predicted" {
			d.Health, d.Fault = session.Fine, ""
		}
	})
}
