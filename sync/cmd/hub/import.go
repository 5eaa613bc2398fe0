package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/words"
	"jobhome/sync/hub/intake"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

// runImport takes a file of postings in, or says what it would.
func runImport(ctx context.Context, m *Main, args []string) error {
	flags := flag.NewFlagSet("import", flag.ContinueOnError)
	source := flags.String("source", "", "the hub's `name` of where the file is from")
	area := flags.String("area", "", "area `code` where a row gives none")
	days := flags.Int("days", 0, "how long a row holds that gives no end")
	full := flags.Bool("full", false, "the source has no other postings: those missing are closed")
	dry := flags.Bool("dry-run", false, "say what would be taken in, and take nothing")
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || *source == "" {
		return errUsage
	}
	f, err := os.Open(rest[0])
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	res, err := intake.Read(ctx, f, intake.Options{Source: *source, Area: kiosk.Area(*area), Days: *days, Now: time.Now()})
	if err != nil {
		return err
	}
	if err := res.WriteText(m.Out, words.Zh); err != nil || *dry {
		return err
	}
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	report, err := o.judged().Import(ctx, people.Console.Name, batch(*source, *full, res))
	fmt.Fprintf(m.Out, "新增 %d，变更 %d，仅刷新 %d，不变 %d，关闭 %d，未收 %d；等待审核\n",
		report.New, report.Changed, report.Refreshed+report.Moved, report.Same, report.Closed, report.Bad)
	return err
}

// batch is what a file gave, as the postings take it.
func batch(source string, full bool, res *intake.Result) postings.Batch {
	refused, all := res.Refused()
	return postings.Batch{Source: source, Full: full && all, Unread: refused, Items: res.Postings()}
}
