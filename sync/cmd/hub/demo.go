package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"jobhome/kiosk"
	"jobhome/kiosk/config"
	"jobhome/kiosk/demo"
	"jobhome/kiosk/durable"
	"jobhome/sync/hub/fleet"
	"jobhome/sync/hub/people"
	"jobhome/sync/hub/postings"
)

// demoBoard is the board of the demonstration.
const demoBoard = "demo"

// demoPassword is of the demonstration's staff, who have nothing to hide.
const demoPassword = "jiuye-zhijia-demo"

// demoFlags are where the demonstration lies and is served.
type demoFlags struct {
	dir, public, terminals, staff string
	postings                      int
}

// runDemo makes a hub with the demonstration's postings, staff and site, serves
// it, and runs a command meanwhile, such as the terminal.
func runDemo(ctx context.Context, m *Main, args []string) error {
	var f demoFlags
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.StringVar(&f.dir, "dir", "out/hub", "`directory` of everything that it makes")
	flags.StringVar(&f.public, "public", "127.0.0.1:8480", "`address` of the pages and the feed")
	flags.StringVar(&f.terminals, "terminals", "127.0.0.1:8483", "`address` for terminals")
	flags.StringVar(&f.staff, "staff", "127.0.0.1:8481", "`address` of the staff's pages")
	flags.IntVar(&f.postings, "n", 10000, "`number` of postings")
	command, err := m.parse(flags, args)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(m.Err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	d := &demonstration{demoFlags: f, out: m.Out}
	if err := d.begin(ctx, log); err != nil {
		return err
	}
	defer d.office.close()
	return d.run(ctx, command)
}

// demonstration is a hub that shows how one works.
type demonstration struct {
	demoFlags
	out    io.Writer
	office *office
}

func (d *demonstration) path(name string) string { return filepath.Join(d.dir, name) }

// begin makes what is not there yet, and today's postings.
func (d *demonstration) begin(ctx context.Context, log *slog.Logger) error {
	s := d.settings()
	if err := makeKeys(s.Data, time.Now()); err != nil && !errors.Is(err, errHasRoot) {
		return err
	}
	var err error
	if d.office, err = openOffice(ctx, s, log); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{d.staffed, d.sited, d.filled, d.office.boards.Publish, d.terminal} {
		if err := step(ctx); err != nil {
			d.office.close()
			return err
		}
	}
	return nil
}

func (d *demonstration) settings() Settings {
	data := d.path("data")
	host, _, _ := net.SplitHostPort(d.terminals)
	site := demo.Site()
	return Settings{
		Data: data, Store: "sqlite:" + filepath.Join(data, "hub.db"), Feed: filepath.Join(data, "feed"), Name: "共青城市公共就业服务中心（演示）",
		Public:    Listener{Listen: d.public, URL: "http://" + d.public},
		Terminals: Listener{Listen: d.terminals, URL: "https://" + d.terminals, Hosts: []string{host}},
		Staff:     Listener{Listen: d.staff, URL: "http://" + d.staff},
		Publish:   Publish{Every: time.Hour, Expires: 72 * time.Hour},
		Boards:    []Board{{Name: demoBoard, Areas: []kiosk.Area{countyOf(site.Area)}, Ring: 50_000, Centre: site.Location}},
	}
}

// staffed makes the two people whom publishing needs.
func (d *demonstration) staffed(ctx context.Context) error {
	for name, person := range map[string]string{"wangfang": "王芳", "liqiang": "李强"} {
		_, err := d.office.people.Add(ctx, people.Console, people.Account{
			Name: name, Person: person, Role: people.County, Area: countyOf(demo.Site().Area),
		}, demoPassword)
		if err != nil && !errors.Is(err, people.ErrTaken) {
			return err
		}
	}
	return nil
}

func (d *demonstration) sited(ctx context.Context) error {
	s := demo.Site()
	return d.office.fleet.PutSite(ctx, fleet.Site{
		ID: s.ID, Name: s.Name, Tier: s.Tier, Area: s.Area, Location: s.Location, Phone: s.StaffPhone, Board: demoBoard,
	})
}

// filled takes today's postings in, has one person submit and another approve
// them. Those with a finding that forbids them stay in the queue, to be looked at.
func (d *demonstration) filled(ctx context.Context) error {
	today := time.Now().Format(time.DateOnly)
	if text, err := os.ReadFile(d.path("filled")); err == nil && string(text) == fmt.Sprint(today, " ", d.demoFlags.postings) {
		return nil
	}
	fmt.Fprintf(d.out, "正在准备 %d 个演示岗位……\n", d.demoFlags.postings)
	p := d.office.postings
	_, err := d.office.judged().Import(ctx, "wangfang", postings.Batch{Source: "演示", Full: true, Shrunk: true, Items: func(yield func(kiosk.Posting, error) bool) {
		for _, post := range demo.Postings(time.Now(), d.demoFlags.postings, 1) {
			post.Source.Ref = post.ID
			if !yield(post, nil) {
				return
			}
		}
	}})
	if err != nil {
		return err
	}
	if err := approveAll(ctx, p, "liqiang"); err != nil {
		return err
	}
	return durable.Replace(d.path("filled"), fmt.Append(nil, today, " ", d.demoFlags.postings))
}

// approveAll approves what waits for review and may be.
func approveAll(ctx context.Context, p *postings.Postings, who string) error {
	for after := ""; ; {
		list, next, err := p.Search(ctx, postings.Query{Status: postings.Review, After: after, Limit: 500})
		if err != nil {
			return err
		}
		for _, r := range list {
			if err := p.Approve(ctx, who, r.Posting.ID, r.Revision); err != nil && !errors.Is(err, postings.ErrBlocked) {
				return fmt.Errorf("approve %s: %w", r.Posting.ID, err)
			}
		}
		if next == "" {
			return nil
		}
		after = next
	}
}

// terminal writes the settings of the demonstration's terminal, and a code for it
// until it is enrolled.
func (d *demonstration) terminal(ctx context.Context) error {
	dir, err := filepath.Abs(d.dir)
	if err != nil {
		return err
	}
	s := config.Demo(demo.Site())
	s.Site.BaseURL = "http://" + d.public
	s.DataDir = filepath.Join(dir, "terminal")
	s.Hub = config.Hub{
		URL: "https://" + d.terminals, Feed: "http://" + d.public + "/feed", Board: demoBoard,
		Root: filepath.Join(dir, "data", "root", "1.json"),
	}
	var text strings.Builder
	if err := s.Write(&text); err != nil {
		return err
	}
	if err := durable.Replace(d.path("terminal.toml"), []byte(text.String())); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(s.DataDir, "hub", "terminal.crt")); !errors.Is(err, fs.ErrNotExist) {
		return os.RemoveAll(d.path("code"))
	}
	c, err := d.office.fleet.NewCode(ctx, fleet.Draft{Site: s.Site.ID, Terminal: s.Site.ID + "-1", By: people.Console.Name})
	if err != nil {
		return err
	}
	return durable.Replace(d.path("code"), []byte(c.Code+" "+c.Pin))
}

// run serves the hub, and a command beside it if there is one, until either ends.
func (d *demonstration) run(ctx context.Context, command []string) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ready := make(chan struct{})
	left := 3
	served := make(chan error, 1)
	go func() {
		served <- d.office.serve(ctx, func(name, url string) {
			if left--; left == 0 {
				close(ready)
			}
		})
	}()
	select {
	case err := <-served:
		return err
	case <-ready:
	}
	fmt.Fprintf(d.out, "岗位页面 http://%s ，工作人员 http://%s/desk/ （账号 wangfang 或 liqiang，密码 %s）\n", d.public, d.staff, demoPassword)
	if len(command) == 0 {
		return <-served
	}
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	err := cmd.Run()
	stop()
	return errors.Join(err, <-served)
}

// countyOf is the county that an area lies in: its first six digits.
func countyOf(a kiosk.Area) kiosk.Area { return a[:min(6, len(a))] }
