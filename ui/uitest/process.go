package uitest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// endGrace is how long a program may take to leave after SIGTERM.
const endGrace = 2 * time.Second

// child is one server of the desk. A nil child is one never started.
type child struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has been waited for
}

type childOpts struct {
	pkg string // Debian package that holds the program
	log string // file for its output
}

// startChild starts cmd and returns the first line it writes to file
// descriptor 3. The process dies with this one.
func startChild(ctx context.Context, cmd *exec.Cmd, o childOpts) (*child, string, error) {
	name := filepath.Base(cmd.Args[0])
	if cmd.Err != nil {
		return nil, "", fmt.Errorf("%s is not installed (Debian package %s): %w", name, o.pkg, cmd.Err)
	}
	log, err := os.Create(o.log)
	if err != nil {
		return nil, "", err
	}
	defer log.Close()
	r, w, err := os.Pipe()
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = log, log, []*os.File{w}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	c := &child{cmd: cmd, done: make(chan struct{})}
	err = c.start()
	w.Close()
	if err != nil {
		return nil, "", fmt.Errorf("start %s: %w", name, err)
	}
	stop := context.AfterFunc(ctx, func() { _ = r.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		return c, "", fmt.Errorf("%s did not come up: %w%s", name, errors.Join(err, ctx.Err()), logTail(o.log))
	}
	return c, strings.TrimSpace(line), nil
}

// start runs the process from an operating system thread that lives as long as
// it: Pdeathsig is sent when the thread that forked ends (prctl(2)).
func (c *child) start() error {
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		started <- err
		if err == nil {
			_ = c.cmd.Wait() // how a server ended says nothing new
		}
		close(c.done)
	}()
	return <-started
}

// pid is 0 for a child never started.
func (c *child) pid() int {
	if c == nil || c.cmd.Process == nil {
		return 0
	}
	return c.cmd.Process.Pid
}

// stop ends the child's process group, first kindly, so that Xvfb removes its
// lock file, then by force.
func (c *child) stop() error {
	if c.pid() == 0 {
		return nil
	}
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		select {
		case <-c.done: // the id may belong to someone else by now
			return nil
		default:
		}
		_ = syscall.Kill(-c.pid(), sig)
		select {
		case <-c.done:
			return nil
		case <-time.After(endGrace):
		}
	}
	return fmt.Errorf("uitest: %s does not end", filepath.Base(c.cmd.Path))
}

// logTail returns the end of a log for an error text, with a leading newline.
func logTail(path string) string {
	b, _ := os.ReadFile(path)
	b = bytes.TrimSpace(b)
	if len(b) == 0 {
		return ""
	}
	return "\n" + string(b[max(0, len(b)-1000):])
}

// endByEnv ends every process whose environment holds the entry kv, except
// those in keep. Bus-activated servers and the programs they start have left
// our process group and are no longer our children, but they cannot lose the
// directory's unique name from their environment.
func endByEnv(kv string, keep []int) error {
	deadline := time.Now().Add(endGrace)
	told := map[int]bool{}
	for {
		pids := pidsByEnv(kv, keep)
		if len(pids) == 0 {
			return nil
		}
		late := time.Now().After(deadline)
		for _, pid := range pids {
			switch {
			case late:
				_ = syscall.Kill(pid, syscall.SIGKILL)
			case !told[pid]:
				told[pid] = true
				_ = syscall.Kill(pid, syscall.SIGTERM)
			}
		}
		if time.Now().After(deadline.Add(endGrace)) {
			return fmt.Errorf("uitest: processes do not end: %v", pids)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// pidsByEnv reads /proc; processes of other users are unreadable and skipped,
// and a zombie has an empty environment (proc(5)).
func pidsByEnv(kv string, keep []int) []int {
	entries, _ := os.ReadDir("/proc")
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || slices.Contains(keep, pid) {
			continue
		}
		b, err := os.ReadFile("/proc/" + e.Name() + "/environ")
		if err == nil && hasEnv(b, kv) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// hasEnv looks for an entry in the zero-separated text of /proc/PID/environ.
func hasEnv(environ []byte, kv string) bool {
	for e := range bytes.SplitSeq(environ, []byte{0}) {
		if string(e) == kv {
			return true
		}
	}
	return false
}
