package people

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"jobhome/kiosk"
)

// Usage is what Command understands.
const Usage = `user add -name <name> -person <name> -role <role> -area <code> [-site <id>]
user password -name <name>
user list
audit verify [<mark> ...]
audit prune -before <yyyy-mm-dd>`

// Command does what whoever sits at the hub's own machine asks for, such as
// making the first account, and writes what came of it to out. A password is
// made here and shown once. The error of a log that is not whole is no nil.
func (p *People) Command(ctx context.Context, out io.Writer, args ...string) error {
	if len(args) < 2 {
		return errors.New("usage:\n" + Usage)
	}
	f := flag.NewFlagSet(args[0]+" "+args[1], flag.ContinueOnError)
	f.SetOutput(io.Discard)
	var a Account
	f.StringVar(&a.Name, "name", "", "")
	f.StringVar(&a.Person, "person", "", "")
	f.StringVar(&a.Site, "site", "", "")
	role, area, before := f.String("role", "", ""), f.String("area", "", ""), f.String("before", "", "")
	if err := f.Parse(args[2:]); err != nil {
		return fmt.Errorf("%w\nusage:\n%s", err, Usage)
	}
	a.Role, a.Area = Role(*role), kiosk.Area(*area)
	switch f.Name() {
	case "user add":
		password := MadePassword()
		if _, err := p.Add(ctx, Console, a, password); err != nil {
			return err
		}
		return say(out, "%s: %s\n", a.Name, password)
	case "user password":
		return p.resetByName(ctx, out, a.Name)
	case "user list":
		return p.listTo(ctx, out)
	case "audit verify":
		return p.verifyTo(ctx, out, f.Args())
	case "audit prune":
		at, err := time.ParseInLocation(time.DateOnly, *before, time.Local)
		if err != nil {
			return err
		}
		n, err := p.Prune(ctx, Console, at)
		if err != nil {
			return err
		}
		return say(out, "%d\n", n)
	}
	return errors.New("usage:\n" + Usage)
}

// MadePassword is 80 random bits in groups that can be read out over a telephone.
func MadePassword() string {
	s := strings.ToLower(rand.Text())[:16]
	return s[:4] + "-" + s[4:8] + "-" + s[8:12] + "-" + s[12:]
}

func (p *People) resetByName(ctx context.Context, out io.Writer, name string) error {
	all, err := p.List(ctx, Console)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Name == name {
			password := MadePassword()
			if err := p.SetPassword(ctx, Console, a.ID, password); err != nil {
				return err
			}
			return say(out, "%s: %s\n", a.Name, password)
		}
	}
	return fmt.Errorf("%s: %w", name, ErrNoAccount)
}

func (p *People) listTo(ctx context.Context, out io.Writer) error {
	all, err := p.List(ctx, Console)
	if err != nil {
		return err
	}
	for _, a := range all {
		if err := say(out, "%s\t%s\t%s\n", a.Name, a.Person, a.scope()); err != nil {
			return err
		}
	}
	return nil
}

func (p *People) verifyTo(ctx context.Context, out io.Writer, texts []string) error {
	var marks []Mark
	for _, s := range texts {
		m, err := ParseMark(s)
		if err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
		marks = append(marks, m)
	}
	v, err := p.Verify(ctx, marks...)
	if err != nil {
		return err
	}
	if !v.Whole() {
		return fmt.Errorf("the audit log was changed: entry %d does not fit (%s)", v.Broken, v.Why)
	}
	return say(out, "%s\n", v.Head)
}

func say(out io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintf(out, format, args...)
	return err
}
