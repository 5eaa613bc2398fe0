package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"jobhome/kiosk/link"
	"jobhome/kiosk/session"
	"jobhome/sync/feed"
	"jobhome/sync/record"
)

// version and built are set when a release is built (-ldflags -X).
var version, built string

// programVersion is the version of this program, as the hub is told.
func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "dev"
}

// builtAt is when this program was built: it is never earlier than that.
func builtAt() time.Time {
	t, _ := time.Parse(time.RFC3339, built)
	return t
}

// hubDir is where the link to the hub keeps its keys and state.
func hubDir(data string) string { return filepath.Join(data, "hub") }

func (p *place) linkOptions() link.Options {
	return link.Options{
		Hub: p.settings.Hub, Dir: hubDir(p.settings.DataDir), Board: p.board, Ledger: p.ledger,
		Program: programVersion(), Build: builtAt(), Log: p.log,
	}
}

// openLink opens the link to the hub; nil where the settings name none. A
// terminal whose link cannot be opened serves residents all the same.
func (t *terminal) openLink(ctx context.Context) {
	if !t.settings.Hub.Fitted() || t.pending() && !t.rooted() {
		return
	}
	o := t.linkOptions()
	o.Status = t.fleetStatus
	l, err := link.Open(ctx, o)
	if err != nil {
		t.log.Error("the terminal has no link to its hub", "error", err)
		return
	}
	t.link.Store(l)
}

// fleetStatus adds devices and counters to what the hub is told.
func (t *terminal) fleetStatus(s *record.Status) {
	s.Devices, s.Counters, s.Empty = t.tally.snapshot()
}

// runLink keeps the terminal in step with its hub until ctx ends.
func (t *terminal) runLink(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		t.serveLink(ctx, func(e session.Event) { t.app.Send(ctx, e) })
	}()
	return done
}

var errNoHub = errors.New("the settings name no hub: [hub] board is empty")

// runCommission enrols the terminal at its hub with a one-time code.
func runCommission(ctx context.Context, m *Main, args []string) error {
	code, pin, ok := invitation(args)
	if !ok {
		return errUsage
	}
	s, _, err := m.load()
	if err != nil {
		return err
	}
	if !s.Hub.Fitted() || s.Hub.URL == "" {
		return errNoHub
	}
	p := &place{settings: s}
	if err := link.Enrol(ctx, p.linkOptions(), code, pin); err != nil {
		return err
	}
	fmt.Fprintln(m.Out, "本机已在就业之家登记，可以启动了。")
	return nil
}

// enrolScheme begins what the QR code of an enrolment says, as the hub's staff
// see it: jobhome-enrol:CODE?pin=PIN&terminal=NAME.
const enrolScheme = "jobhome-enrol"

// invitation reads the code and the hub's pin: two words, or what the QR code
// says as one, such as a scanner at this machine types it.
func invitation(args []string) (code, pin string, ok bool) {
	switch len(args) {
	case 2:
		return args[0], args[1], args[0] != "" && args[1] != ""
	case 1:
		u, err := url.Parse(strings.TrimSpace(args[0]))
		if err != nil || u.Scheme != enrolScheme {
			return "", "", false
		}
		code, pin = u.Opaque, u.Query().Get("pin")
		return code, pin, code != "" && pin != ""
	}
	return "", "", false
}

// runSync brings the terminal in step once: by the network, or with a directory
// such as a stick's.
func runSync(ctx context.Context, m *Main, args []string) error {
	flags := flag.NewFlagSet("sync", flag.ContinueOnError)
	rest, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	if len(rest) > 1 {
		return errUsage
	}
	p, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer p.close()
	if !p.settings.Hub.Fitted() {
		return errNoHub
	}
	l, err := link.Open(ctx, p.linkOptions())
	if err != nil {
		return err
	}
	defer l.Close()
	if len(rest) == 1 {
		rep := l.Stick(ctx, rest[0])
		m.told(rep.Board)
		fmt.Fprintf(m.Out, "记录：写到介质 %d 条，就业之家确认 %d 条\n", rep.Out.Records, rep.In.Records)
		return errors.Join(rep.Board.Err, rep.Err)
	}
	rep, err := l.Sync(ctx)
	m.told(rep)
	pending, aside, backlog := p.ledger.Backlog(ctx)
	fmt.Fprintf(m.Out, "记录：还有 %d 条没送到，%d 条被退回\n", pending, aside)
	return errors.Join(rep.Err, err, backlog)
}

// told says what became of a round of the feed.
func (m *Main) told(rep feed.Report) {
	fmt.Fprintf(m.Out, "岗位：%s，版本 %s → %s，新增或变更 %d，撤下 %d，仅日期 %d，紧急撤下 %d，读了 %d 字节\n",
		rep.Code, rep.From, rep.To, rep.Added, rep.Removed, rep.Dated, rep.Revoked, rep.Bytes)
}
