package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	"jobhome/kiosk"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
)

// runUser adds an account, or sets its password. The password is read from the
// standard input, so that it stands in no list of processes and no history.
func runUser(ctx context.Context, m *Main, args []string) error {
	if len(args) == 0 || args[0] != "add" {
		return errUsage
	}
	flags := flag.NewFlagSet("user add", flag.ContinueOnError)
	person := flags.String("person", "", "the person's `name`")
	role := flags.String("role", "county", "one of "+roleNames())
	area := flags.String("area", "", "area `code` that the account is for")
	site := flags.String("site", "", "`id` of the one site that it is for; empty: all of the area")
	rest, err := m.parse(flags, args[1:])
	if err != nil {
		return err
	}
	if len(rest) != 1 || *person == "" || *area == "" {
		return errUsage
	}
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	fmt.Fprint(m.Err, "密码（输入后回车）：")
	password, err := bufio.NewReader(m.In).ReadString('\n')
	if err != nil && password == "" {
		return errors.New("no password was given on the standard input")
	}
	a := people.Account{
		Name: rest[0], Person: *person, Role: people.Role(*role), Area: kiosk.Area(*area), Site: *site,
	}
	if _, err := o.people.Add(ctx, people.Console, a, strings.TrimRight(password, "\r\n")); err != nil {
		return err
	}
	fmt.Fprintf(m.Out, "账号 %s（%s）已建立\n", a.Name, a.Person)
	return nil
}

func roleNames() string {
	var names []string
	for _, r := range people.Roles() {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
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

// runAudit verifies the audit log.
func runAudit(ctx context.Context, m *Main, args []string) error {
	var marks []people.Mark
	for _, a := range args {
		mark, err := people.ParseMark(a)
		if err != nil {
			return err
		}
		marks = append(marks, mark)
	}
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	v, err := o.people.Verify(ctx, marks...)
	if err != nil {
		return err
	}
	if !v.Whole() {
		return fmt.Errorf("the audit log was changed: %+v", v)
	}
	fmt.Fprintf(m.Out, "审计日志完整。请把这一行抄到别处，以后核对：%s\n", v.Head)
	return nil
}
