package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"jobhome/sync/hub/gate"
)

// feedBench lets terminals fetch a day's feed: the head and a delta, and on
// another day a head that has not changed. Every terminal opens a connection of
// its own, as it does when it calls once a day.
type feedBench struct {
	terminals, at, rounds int
	nginx                 string

	dir, delta string
}

// deltaSize is that of a day's delta of 100,000 postings.
const deltaSize = 104 << 10

// tick is one unit of the times in /proc/<pid>/stat on Linux.
const tick = 10 * time.Millisecond

func (b *feedBench) run(ctx context.Context) error {
	var err error
	if b.dir, err = os.MkdirTemp("", "benchhub-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.dir) }()
	if err := b.lay(); err != nil {
		return err
	}
	servers := []struct {
		name  string
		start func(ctx context.Context) (*server, error)
	}{{"nginx, 1 worker", b.startNginx}, {"the hub", b.startHub}}
	fmt.Printf("%d terminals, %d at once, plain HTTP, the middle of %d rounds\n\n", b.terminals, b.at, b.rounds)
	fmt.Print("| server | head + delta, CPU a terminal | terminals/s | unchanged, CPU a terminal | terminals/s | memory at most |\n|---|---|---|---|---|---|\n")
	for _, s := range servers {
		if err := b.measure(ctx, s.name, s.start); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return nil
}

// lay writes the tree.
func (b *feedBench) lay() error {
	delta := make([]byte, deltaSize)
	_, _ = rand.Read(delta) // never fails
	sum := sha256.Sum256(delta)
	hash := hex.EncodeToString(sum[:])
	b.delta = "o/" + hash[:2] + "/" + hash
	for path, text := range map[string][]byte{"tree/" + b.delta: delta, "tree/b/bench/head": make([]byte, 4<<10)} {
		path = filepath.Join(b.dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, text, 0o644)); err != nil {
			return err
		}
	}
	old := time.Now().Add(-time.Hour)
	// nginx's worker is another user.
	return errors.Join(os.Chtimes(filepath.Join(b.dir, "tree/b/bench/head"), old, old), os.Chmod(b.dir, 0o755))
}

func (b *feedBench) measure(ctx context.Context, name string, start func(ctx context.Context) (*server, error)) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := start(ctx)
	if err != nil {
		return err
	}
	defer s.stop()
	var times, walls [2][]time.Duration
	for range b.rounds {
		etag, err := s.etag(ctx)
		if err != nil {
			return err
		}
		for i, tag := range []string{"", etag} {
			before, err := s.cpu()
			if err != nil {
				return err
			}
			begun := time.Now()
			if err := b.day(ctx, s.url, tag); err != nil {
				return err
			}
			walls[i] = append(walls[i], time.Since(begun))
			after, err := s.cpu()
			if err != nil {
				return err
			}
			times[i] = append(times[i], after-before)
		}
	}
	memory, err := s.memory()
	if err != nil {
		return err
	}
	n := time.Duration(b.terminals)
	fmt.Printf("| %s | %v | %.0f | %v | %.0f | %.1f MB |\n", name,
		middle(times[0])/n, float64(b.terminals)/middle(walls[0]).Seconds(), middle(times[1])/n, float64(b.terminals)/middle(walls[1]).Seconds(), memory)
	return nil
}

// day is one of all terminals. With the tag of the head nothing has changed.
func (b *feedBench) day(ctx context.Context, url, etag string) error {
	next := make(chan int)
	fail := make(chan error, b.at)
	var all sync.WaitGroup
	for range b.at {
		all.Go(func() {
			for range next {
				if err := b.visit(ctx, url, etag); err != nil {
					select {
					case fail <- err:
					default:
					}
				}
			}
		})
	}
	for i := range b.terminals {
		next <- i
	}
	close(next)
	all.Wait()
	select {
	case err := <-fail:
		return err
	default:
		return nil
	}
}

// visit is one terminal's.
func (b *feedBench) visit(ctx context.Context, url, etag string) error {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	head := wanted{url + "/b/bench/head", etag, http.StatusOK, 4 << 10}
	if etag != "" {
		head.status, head.size = http.StatusNotModified, 0
	}
	if err := head.fetch(ctx, client); err != nil || etag != "" {
		return err
	}
	return wanted{url + "/" + b.delta, "", http.StatusOK, deltaSize}.fetch(ctx, client)
}

// wanted is a file, and the answer that is right.
type wanted struct {
	url, etag string
	status    int
	size      int64
}

func (a wanted) fetch(ctx context.Context, c *http.Client) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.url, nil)
	if err != nil {
		return err
	}
	if a.etag != "" {
		req.Header.Set("If-None-Match", a.etag)
	}
	resp, err := c.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	n, err := io.Copy(io.Discard, resp.Body)
	if err == nil && (resp.StatusCode != a.status || n != a.size) {
		err = fmt.Errorf("%s: %s with %d bytes", a.url, resp.Status, n)
	}
	return err
}

// server is a process that serves the tree.
type server struct {
	url  string
	pid  int // of what does the work
	stop func()
}

func (s *server) etag(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodHead, s.url+"/b/bench/head", nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	return resp.Header.Get("ETag"), resp.Body.Close()
}

// cpu is what the process has used, user and system.
func (s *server) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		return 0, err
	}
	// The name may hold spaces; it ends with the last parenthesis.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick, errors.Join(err1, err2)
}

// memory is the most that was resident, in MB.
func (s *server) memory() (float64, error) {
	file, err := os.Open(fmt.Sprintf("/proc/%d/status", s.pid))
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var kb float64
		if _, err := fmt.Sscanf(lines.Text(), "VmHWM: %f kB", &kb); err == nil {
			return kb / 1024, nil
		}
	}
	return 0, errors.New("no VmHWM")
}

// startHub starts this program as a hub.
func (b *feedBench) startHub(ctx context.Context) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "serve", b.dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	stop := func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }
	if err != nil {
		stop()
		return nil, err
	}
	return &server{strings.TrimSpace(line), cmd.Process.Pid, stop}, nil
}

// serve is the hub: a gate on a database of its own.
func serve(ctx context.Context, dir string) error {
	f, err := openFleet(ctx, dir)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(filepath.Join(dir, "tree"))
	if err != nil {
		return err
	}
	g, err := gate.New(gate.Opts{Fleet: f, Feed: root.FS(), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", l.Addr())
	s := &http.Server{Handler: g.Handler(), ReadHeaderTimeout: 10 * time.Second}
	return s.Serve(l)
}

// nginxConfig is that of Debian as far as it matters for files: sendfile, one
// worker, no log.
const nginxConfig = `daemon off; worker_processes 1; pid %[1]s/nginx.pid; error_log %[1]s/error.log;
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; types { } default_type application/octet-stream;
	client_body_temp_path %[1]s/t1; proxy_temp_path %[1]s/t2; fastcgi_temp_path %[1]s/t3; uwsgi_temp_path %[1]s/t4; scgi_temp_path %[1]s/t5;
	server { listen 127.0.0.1:%[2]d backlog=1024; root %[1]s/tree; } }
`

func (b *feedBench) startNginx(ctx context.Context) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	config := filepath.Join(b.dir, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, b.dir, port), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, b.nginx, "-p", b.dir, "-c", config)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	stop := func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() }
	s := &server{fmt.Sprintf("http://127.0.0.1:%d", port), 0, stop}
	for range 100 {
		time.Sleep(50 * time.Millisecond)
		text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", cmd.Process.Pid, cmd.Process.Pid))
		if n, _ := fmt.Sscan(string(text), &s.pid); n == 1 {
			if _, err := s.etag(ctx); err == nil {
				return s, nil
			}
		}
	}
	stop()
	return nil, errors.New("nginx does not answer")
}
