package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"time"

	"jobhome/kiosk"
)

// runReferrals lists what was given out, for staff who are asked about a slip.
func runReferrals(ctx context.Context, m *Main, args []string) error {
	flags := flag.NewFlagSet("referrals", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "write JSON")
	n := flags.Int("n", 50, "most referrals written")
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 0 {
		return errUsage
	}
	p, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	list, err := p.ledger.List(ctx, *n)
	if err != nil {
		return err
	}
	if *asJSON {
		return writeReferrals(m.Out, list)
	}
	for _, r := range list {
		fmt.Fprintf(m.Out, "%s  %s  %-11s %s · %s\n", r.Code.Grouped(),
			r.Issued.Local().Format("2006-01-02 15:04"), r.State, r.Title, r.Employer)
	}
	return nil
}

// runReprint prints a slip again, on purpose and marked. The terminal must not
// be running, since it holds the printer.
func runReprint(ctx context.Context, m *Main, args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	code, err := kiosk.ParseCode(args[0])
	if err != nil {
		return err
	}
	p, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	t := &terminal{place: p}
	if err := t.openDevices(runFlags{out: "out"}); err != nil {
		return err
	}
	defer t.closeDevices()
	if err := t.openStation(); err != nil {
		return err
	}
	if t.printer == nil {
		return fmt.Errorf("the settings name no printer")
	}
	// A printer that cannot be asked is told before anything is written down.
	if _, err := t.printer.Dev().Status(ctx); err != nil {
		return err
	}
	if err := t.recoverSlips(ctx); err != nil {
		return err
	}
	return t.reprint(ctx, code, m.Out)
}

func (t *terminal) reprint(ctx context.Context, code kiosk.Code, out io.Writer) error {
	r, err := t.ledger.Get(ctx, code)
	if err != nil {
		return err
	}
	post, ok, err := t.board.Get(ctx, r.Posting)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("posting %s of this referral is no longer on the board, so its slip cannot be laid out", r.Posting)
	}
	// The slip before may have been cut off in the middle of a command, which
	// would spoil this one.
	if err := t.printer.Dev().Recover(ctx); err != nil {
		return fmt.Errorf("the slip was not printed: %w", err)
	}
	marked, err := t.ledger.Reprint(ctx, code, time.Now())
	if err != nil {
		return err
	}
	got := t.printer.Print(ctx, kiosk.Slip{
		Site: t.settings.Site, Posting: post, Code: code, Issued: r.Issued, Reprint: marked,
		Metres: t.settings.Site.Location.Metres(post.Location),
	}, func() {
		if err := t.ledger.MarkFenced(ctx, code); err != nil {
			t.log.Warn("write down that a slip has been sent", "error", err)
		}
	})
	if got.State, err = got.Mark(context.WithoutCancel(ctx), t.ledger, code, time.Now()); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s: %s\n", code.Grouped(), got.State)
	if got.State != kiosk.Printed {
		return fmt.Errorf("the slip was not printed: printer %s", got.Cause)
	}
	return nil
}

// runSettings writes the settings in force as a commented file.
func runSettings(_ context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	s, _, err := m.load()
	if err != nil {
		return err
	}
	return s.Write(m.Out)
}
