package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"jobhome/kiosk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
)

// runUser looks after accounts. A password is made here and shown once, so that
// none stands in a list of processes, in a history or on a screen while it is
// typed.
func runUser(ctx context.Context, m *Main, args []string) error {
	return m.people(ctx, "user", args)
}

// runAudit verifies the audit log, or shortens it.
func runAudit(ctx context.Context, m *Main, args []string) error {
	return m.people(ctx, "audit", args)
}

func (m *Main) people(ctx context.Context, word string, args []string) error {
	if len(args) == 0 || slices.Contains(args, "-h") || slices.Contains(args, "-help") {
		fmt.Fprintln(m.Err, people.Usage)
		return errUsage
	}
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	return o.people.Command(ctx, m.Out, append([]string{word}, args...)...)
}

// runSite writes a site down.
func runSite(ctx context.Context, m *Main, args []string) error {
	if len(args) == 0 || args[0] != "put" {
		return errUsage
	}
	var s fleet.Site
	flags := flag.NewFlagSet("site put", flag.ContinueOnError)
	flags.StringVar(&s.Name, "name", "", "its `name`")
	tier := flags.String("tier", "town", "province, city, county, town, village, zone or college")
	area := flags.String("area", "", "area `code`")
	flags.Float64Var(&s.Location.Lat, "lat", 0, "`degrees` north")
	flags.Float64Var(&s.Location.Lon, "lon", 0, "`degrees` east")
	flags.StringVar(&s.Phone, "phone", "", "of its desk")
	flags.StringVar(&s.Board, "board", "", "the `board` that its terminals show")
	rest, err := m.parse(flags, args[1:])
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errUsage
	}
	s.ID, s.Tier, s.Area = rest[0], kiosk.Tier(*tier), kiosk.Area(*area)
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	return o.fleet.PutSite(ctx, s)
}

// runCode gives out a code that enrols one terminal at a site, once.
func runCode(ctx context.Context, m *Main, args []string) error {
	flags := flag.NewFlagSet("code", flag.ContinueOnError)
	terminal := flags.String("terminal", "", "`name` of a terminal that is enrolled anew; empty: a new one")
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 {
		return errUsage
	}
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	c, err := o.fleet.NewCode(ctx, fleet.Draft{Site: rest[0], Terminal: *terminal, By: people.Console.Name})
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Out, "终端 %s 的登记码，%s 前用一次：\nbin/kiosk -settings … commission %s %s\n",
		c.Terminal, c.Expires.Local().Format("2006-01-02 15:04"), c.Code, c.Pin)
	return nil
}

// runRevoke takes postings down from every board.
func runRevoke(ctx context.Context, m *Main, args []string) error {
	if len(args) < 2 {
		return errUsage
	}
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	why := strings.Join(args[1:], " ")
	ids, err := o.judged().Revoke(ctx, people.Console.Name, args[0], why)
	if err != nil {
		return err
	}
	fmt.Fprintf(m.Out, "已撤下 %s\n", strings.Join(ids, " "))
	return nil
}

// runPublish brings every board to what is approved now.
func runPublish(ctx context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	if err := o.boards.Publish(ctx); err != nil {
		return err
	}
	all, err := o.boards.Boards(ctx)
	for _, b := range all {
		fmt.Fprintf(m.Out, "%s 版本 %s：%d 个岗位，%d 个已撤下\n", b.Name, b.Version, b.Postings, b.Revoked)
	}
	return err
}
