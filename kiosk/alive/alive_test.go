package alive

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sys/unix"
)

// manager is the service manager's end of the notify socket. It is read without
// waiting, so that a bubble's time can pass beside it.
type manager struct {
	t  *testing.T
	fd int
}

func newManager(t *testing.T, name string) *manager {
	t.Helper()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: name}); err != nil {
		t.Fatal(err)
	}
	t.Setenv("NOTIFY_SOCKET", name)
	return &manager{t, fd}
}

// heard takes what was told since it was last called.
func (m *manager) heard() []string {
	m.t.Helper()
	var lines []string
	buf := make([]byte, 4096)
	for {
		n, _, err := unix.Recvfrom(m.fd, buf, 0)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return lines
		case err != nil:
			m.t.Fatal(err)
		}
		lines = append(lines, strings.Split(string(buf[:n]), "\n")...)
	}
}

// during lets time pass and returns what was told meanwhile.
func (m *manager) during(d time.Duration) []string {
	var lines []string
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(time.Second) // a socket holds ten datagrams
		synctest.Wait()
		lines = append(lines, m.heard()...)
	}
	return lines
}

// part is a part of the terminal that can be stopped.
type part struct{ held atomic.Pointer[chan struct{}] }

func (p *part) beat(ctx context.Context) error {
	held := p.held.Load()
	if held == nil {
		return nil
	}
	select {
	case <-*held:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stop stops the part until what it returns is closed.
func (p *part) stop() chan struct{} {
	held := make(chan struct{})
	p.held.Store(&held)
	return held
}

const second = time.Second

// sockets are the two kinds of address that systemd.exec(5) names.
func sockets(t *testing.T) map[string]string {
	return map[string]string{
		"path":     filepath.Join(t.TempDir(), "notify"),
		"abstract": "@jobhome-alive-" + filepath.Base(t.TempDir()) + t.Name(),
	}
}

// Each part that stops ends the beats, and only its name is told; when it goes
// on, so do they.
func TestAStoppedPartEndsTheBeats(t *testing.T) {
	for kind, name := range sockets(t) {
		for _, stops := range []string{Screen, "loop", "ledger"} {
			t.Run(kind+" "+stops, func(t *testing.T) {
				m := newManager(t, name+stops)
				t.Setenv("WATCHDOG_USEC", "20000000")
				t.Setenv("WATCHDOG_PID", "1") // the compositor's
				synctest.Test(t, func(t *testing.T) { stopAndGo(t, m, stops) })
			})
		}
	}
}

func stopAndGo(t *testing.T, m *manager, stops string) {
	ctx, stop := context.WithCancel(t.Context())
	parts := map[string]*part{Screen: {}, "loop": {}, "ledger": {}}
	o := Options{Beats: map[string]func(context.Context) error{}}
	for name, p := range parts {
		o.Beats[name] = p.beat
	}
	ready := make(chan struct{})
	o.Ready = ready
	done, err := Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.during(30 * second); len(got) > 0 {
		t.Errorf("before the first frame it told %q", got)
	}
	close(ready)
	if got := m.during(second); !slices.Equal(got, []string{"READY=1", "STATUS=serving"}) {
		t.Errorf("at the first frame it told %q", got)
	}
	if got := m.during(60 * second); count(got, "WATCHDOG=1") != 6 || len(got) != 6 {
		t.Errorf("in a minute it told %q, not six beats", got)
	}
	held := parts[stops].stop()
	m.during(20 * second) // one beat may be under way, and what it answered counts for half of the time
	if got := m.during(60 * second); count(got, "WATCHDOG=1") > 0 {
		t.Errorf("it told %q although %s has stopped", got, stops)
	}
	close(held)
	if got := m.during(20 * second); count(got, "WATCHDOG=1") == 0 || count(got, "STATUS=serving") != 1 {
		t.Errorf("it told %q after %s went on", got, stops)
	}
	stop()
	<-done
	if got := m.heard(); !slices.Equal(got, []string{"STOPPING=1"}) {
		t.Errorf("at the end it told %q", got)
	}
}

func count(lines []string, line string) (n int) {
	for _, l := range lines {
		if l == line {
			n++
		}
	}
	return n
}

// A part that answers with an error has not answered, and what the error says
// stays in the journal: the status names parts only.
func TestAnErrorIsNoAnswer(t *testing.T) {
	m := newManager(t, filepath.Join(t.TempDir(), "notify"))
	t.Setenv("WATCHDOG_USEC", "20000000")
	synctest.Test(t, func(t *testing.T) {
		ready := make(chan struct{})
		close(ready)
		ctx, stop := context.WithCancel(t.Context())
		done, err := Start(ctx, Options{Ready: ready, Beats: map[string]func(context.Context) error{
			"ledger": func(context.Context) error { return errors.New("the disk, of 张三") },
		}})
		if err != nil {
			t.Fatal(err)
		}
		got := m.during(60 * second)
		if count(got, "WATCHDOG=1") > 0 || count(got, "STATUS=no answer from: ledger") != 1 {
			t.Errorf("told %q", got)
		}
		if strings.Contains(strings.Join(got, ""), "张三") {
			t.Errorf("told what the error says: %q", got)
		}
		stop()
		<-done
	})
}

// The health file tells when the screen last answered, and keeps telling it when
// it has stopped.
func TestHealthFile(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("NOTIFY_SOCKET", "")
	t.Setenv("RUNTIME_DIRECTORY", dir+":/somewhere/else")
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		screen := &part{}
		done, err := Start(ctx, Options{
			Ready:  make(chan struct{}),
			Beats:  map[string]func(context.Context) error{Screen: screen.beat},
			Health: func() Health { return Health{Printer: OK, Reader: None, Hub: Offline, Busy: true, Program: "1.2"} },
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		first := readHealth(t, dir)
		if age := time.Since(first.Drawn); age < 0 || age > 2*usual {
			t.Errorf("drawn %v ago", age)
		}
		first.Drawn = time.Time{}
		if want := (Health{Printer: OK, Reader: None, Hub: Offline, Busy: true, Program: "1.2"}); first != want {
			t.Errorf("health %+v, not %+v", first, want)
		}
		screen.stop()
		time.Sleep(time.Minute)
		before := readHealth(t, dir).Drawn
		time.Sleep(time.Minute)
		if after := readHealth(t, dir).Drawn; !after.Equal(before) {
			t.Errorf("drawn went from %v to %v although the screen has stopped", before, after)
		}
		stop()
		<-done
	})
}

func readHealth(t *testing.T, dir string) (h Health) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "health.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &h); err != nil {
		t.Fatalf("%s: %v", b, err)
	}
	return h
}

func TestWithoutAManager(t *testing.T) {
	t.Setenv("NOTIFY_SOCKET", "")
	t.Setenv("RUNTIME_DIRECTORY", "")
	ctx, stop := context.WithCancel(t.Context())
	done, err := Start(ctx, Options{Ready: make(chan struct{}), Health: func() Health { return Health{} }})
	if err != nil {
		t.Fatal(err)
	}
	stop()
	<-done
}

func TestAnEnvironmentWithoutSense(t *testing.T) {
	for _, env := range [][2]string{
		{"NOTIFY_SOCKET", "vsock:2:1"}, {"WATCHDOG_USEC", "20s"}, {"WATCHDOG_USEC", "0"}, {"WATCHDOG_USEC", "-1"},
	} {
		t.Run(env[0]+"="+env[1], func(t *testing.T) {
			t.Setenv("NOTIFY_SOCKET", "")
			t.Setenv(env[0], env[1])
			if _, err := Start(t.Context(), Options{Ready: make(chan struct{})}); err == nil {
				t.Error("it was taken")
			}
		})
	}
}
