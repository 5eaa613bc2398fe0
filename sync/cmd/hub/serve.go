package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"jobhome/sync/hub/desk"
	"jobhome/sync/hub/gate"
	"jobhome/sync/hub/intake"
)

// runServe serves until ctx ends.
func runServe(ctx context.Context, m *Main, args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	o, err := m.open(ctx)
	if err != nil {
		return err
	}
	defer o.close()
	return o.serve(ctx, func(name, url string) { fmt.Fprintf(m.Out, "%s %s\n", name, url) })
}

// serve serves every listener of the settings, publishes on the schedule and
// clears up, until ctx ends. ready is told of each address that is served.
func (o *office) serve(ctx context.Context, ready func(name, url string)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	servers, err := o.servers(ctx)
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	failed := make(chan error, len(servers))
	for _, s := range servers {
		l, err := net.Listen("tcp", s.Addr)
		if err != nil {
			stop()
			all.Wait()
			return fmt.Errorf("serve %s: %w", s.name, err)
		}
		if s.TLSConfig != nil {
			l = tls.NewListener(l, s.TLSConfig)
		}
		ready(s.name, s.url)
		all.Go(func() {
			if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("serve %s: %w", s.name, err)
			}
		})
		all.Go(func() {
			<-ctx.Done()
			end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			if s.Shutdown(end) != nil {
				_ = s.Close() // whoever is still loading goes on later
			}
		})
	}
	all.Go(func() { o.boards.run(ctx) })
	all.Go(func() { o.sweep(ctx) })
	select {
	case <-ctx.Done():
	case err = <-failed:
		stop()
	}
	all.Wait()
	return err
}

// server is one listener.
type server struct {
	http.Server
	name, url string
}

func (o *office) servers(ctx context.Context) ([]*server, error) {
	g, err := gate.New(gate.Opts{Fleet: o.fleet, Feed: o.feedFiles(), Now: time.Now, Log: o.log, Profile: o.enrolledProfile})
	if err != nil {
		return nil, err
	}
	d, err := desk.New(ctx, desk.Options{
		DB: o.db, People: o.people, Postings: o.judged(), Publisher: o.boards,
		Residents: o.fleet, Sites: o.fleet, Figures: o.fleet, Now: time.Now, Hub: o.sheetHub, Read: intake.Read, Log: o.log,
		Address: asker(o.settings.Staff.Proxy),
	})
	if err != nil {
		return nil, err
	}
	public, err := o.public(ctx, g)
	if err != nil {
		return nil, err
	}
	staff := http.NewServeMux()
	staff.Handle("/desk/", d)
	staff.Handle("/metrics", g.Inside())
	staff.Handle("/{$}", http.RedirectHandler("/desk/", http.StatusSeeOther))
	var all []*server
	for _, s := range []struct {
		name string
		l    Listener
		h    http.Handler
		tls  *tls.Config
	}{
		{"public", o.settings.Public, public, nil},
		{"terminals", o.settings.Terminals, g.Handler(), o.ca.Server(time.Now, o.settings.Terminals.Hosts...).Config()},
		{"staff", o.settings.Staff, staff, nil},
	} {
		if s.l.Listen == "" {
			continue
		}
		if s.l.Cert != "" {
			pair, err := tls.LoadX509KeyPair(s.l.Cert, s.l.Key)
			if err != nil {
				return nil, fmt.Errorf("%s.cert: %w", s.name, err)
			}
			s.tls = &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}
		}
		all = append(all, newServer(s.name, s.l, guarded(s.name, o.log, s.h), s.tls))
		all[len(all)-1].ErrorLog = slog.NewLogLogger(o.log.Handler(), slog.LevelDebug) // it names addresses
	}
	return all, nil
}

// newServer has the limits of a server that strangers reach.
func newServer(name string, l Listener, h http.Handler, c *tls.Config) *server {
	s := &server{name: name, url: l.URL}
	s.Addr, s.Handler, s.TLSConfig = l.Listen, h, c
	s.ReadHeaderTimeout, s.IdleTimeout, s.MaxHeaderBytes = headerTime, idleTime, 64<<10
	if c != nil {
		s.TLSConfig = c.Clone()
		s.TLSConfig.NextProtos = []string{"h2", "http/1.1"}
	}
	return s
}

// feedFiles is the feed where it lies in a directory; nil where another server
// has it.
func (o *office) feedFiles() fs.FS {
	if strings.HasPrefix(o.settings.Feed, "s3:") {
		return nil
	}
	return os.DirFS(o.settings.Feed)
}

// keepPostings is how long postings that are over are kept with their history:
// what was offered online has to be on record for three years (人社部令第44号
// 网络招聘服务管理规定).
const keepPostings = 3*365*24*time.Hour + 7*24*time.Hour

// sweep clears up once an hour: copies that came by another way than an import,
// and what is older than it may be.
func (o *office) sweep(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := o.judged().foldCopies(ctx); err != nil && ctx.Err() == nil {
			o.log.Error("copies could not be folded", "error", err)
		}
		if _, err := o.postings.Forget(ctx, "hub", time.Now().Add(-keepPostings)); err != nil && ctx.Err() == nil {
			o.log.Error("old postings could not be deleted", "error", err)
		}
		if err := o.fleet.Sweep(ctx); err != nil && ctx.Err() == nil {
			o.log.Error("old records could not be deleted", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
