// Package browsertest is a headless Chromium for tests of pages: what a person
// would see there, and what their keyboard does. It speaks the Chrome DevTools
// Protocol (https://chromedevtools.github.io/devtools-protocol/) over the pipe of
// --remote-debugging-pipe, so that it needs nothing but Debian's chromium.
package browsertest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long anything may take on a busy machine.
const patience = 60 * time.Second

// Browser is a running Chromium that ends with its test.
type Browser struct {
	t       testing.TB
	in      *os.File
	session string // of the one page

	mu      sync.Mutex
	next    int
	waiting map[int]chan answer
	loads   chan struct{} // a page has loaded
	dead    chan struct{}
}

type answer struct {
	Result json.RawMessage
	Err    error
}

// message is one message of the protocol, either way.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// Start starts a Chromium with one empty page, or skips the test where there is
// none. Certificates are not checked: tests make their own.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: apt install chromium fonts-noto-cjk")
	}
	down, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	out, up, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	// Not the test's own directory: Chromium's children write there for a moment
	// after it has been killed, and the test would fail because of that.
	dir, err := os.MkdirTemp("", "browsertest")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
		"--disable-extensions", "--disable-background-networking", "--hide-scrollbars", "--ignore-certificate-errors",
		"--user-data-dir="+dir, "--remote-debugging-pipe", "about:blank")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.ExtraFiles = []*os.File{down, up} // 3: it reads, 4: it writes
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = down.Close()
	_ = up.Close()
	b := &Browser{t: t, in: in, waiting: map[int]chan answer{}, loads: make(chan struct{}, 64), dead: make(chan struct{})}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // with its children
		_ = in.Close()
		_ = out.Close()
		_ = cmd.Wait()
		for range 100 {
			if os.RemoveAll(dir) == nil {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
	})
	go b.listen(out)
	b.open()
	return b
}

// open attaches to a new page.
func (b *Browser) open() {
	b.t.Helper()
	var target struct{ TargetID string }
	b.do("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var attached struct{ SessionID string }
	b.do("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &attached)
	b.session = attached.SessionID
	b.do("Page.enable", nil, nil)
	b.do("Runtime.enable", nil, nil)
	b.do("DOM.enable", nil, nil)
}

func (b *Browser) listen(out *os.File) {
	defer close(b.dead)
	r := bufio.NewReaderSize(out, 1<<20)
	for {
		raw, err := r.ReadBytes(0)
		if err != nil {
			return
		}
		var m message
		if json.Unmarshal(bytes.TrimSuffix(raw, []byte{0}), &m) != nil {
			continue
		}
		if m.Method == "Page.loadEventFired" {
			select {
			case b.loads <- struct{}{}:
			default:
			}
		}
		b.mu.Lock()
		c := b.waiting[m.ID]
		delete(b.waiting, m.ID)
		b.mu.Unlock()
		if c == nil {
			continue
		}
		a := answer{Result: m.Result}
		if m.Error != nil {
			a.Err = errors.New(m.Error.Message)
		}
		c <- a
	}
}

// call sends a command and waits for its answer.
func (b *Browser) call(method string, params, result any) error {
	b.mu.Lock()
	b.next++
	id, c := b.next, make(chan answer, 1)
	b.waiting[id] = c
	raw, err := json.Marshal(message{ID: id, Session: b.session, Method: method, Params: params})
	if err == nil {
		_, err = b.in.Write(append(raw, 0))
	}
	b.mu.Unlock()
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case a := <-c:
		if a.Err != nil || result == nil {
			return a.Err
		}
		return json.Unmarshal(a.Result, result)
	case <-b.dead:
		return fmt.Errorf("%s: chromium has ended", method)
	case <-time.After(patience):
		return fmt.Errorf("%s: chromium does not answer", method)
	}
}

func (b *Browser) do(method string, params, result any) {
	b.t.Helper()
	if err := b.call(method, params, result); err != nil {
		b.t.Fatalf("chromium: %s: %v", method, err)
	}
}
