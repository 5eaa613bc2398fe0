package hubdbtest

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// postgres is a running server, or why there is none.
type postgres struct {
	missing string
	address string
	admin   *sql.DB
	hold    io.WriteCloser // the server ends when this is closed
}

// watch starts a server in a directory of its own, says where, and waits for its
// input to end: however the test's process ends, the server is stopped and the
// directory is removed. No durability is asked for: the directory does not
// outlive the process. The order of texts is not that of bytes, so that a query
// that silently relies on it fails.
const watch = `
dir=$(mktemp -d -p "$1") || exit
trap 'exit 1' INT TERM HUP
trap '"$2/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1; rm -rf "$dir"' EXIT
set -e
"$2/initdb" -D "$dir/data" -A trust -U postgres -E UTF8 --no-sync \
	--locale=C.UTF-8 --locale-provider=icu --icu-locale=zh-CN >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
"$2/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-k '$dir' -c listen_addresses='' -c fsync=off \
	-c full_page_writes=off -c shared_buffers=16MB -c max_connections=80" start >"$dir/start" 2>&1 ||
	{ cat "$dir/start" "$dir/log"; exit 1; }
echo "ready $dir"
read -r _ || true
`

// programs is the directory of the newest PostgreSQL that is installed, or "".
func programs() string {
	all, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	if len(all) == 0 {
		return ""
	}
	return filepath.Dir(slices.MaxFunc(all, func(a, b string) int { return version(a) - version(b) }))
}

func start() (*postgres, error) {
	bin := programs()
	if bin == "" {
		return &postgres{missing: "PostgreSQL is not installed (Debian's package postgresql)"}, nil
	}
	cmd := exec.Command("/bin/sh", "-c", watch, "watch", socketDir(), bin)
	cmd.Dir = "/"
	// In a session of its own: what interrupts the test does not reach it, so that
	// it can clean up.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		id, err := postgresUser()
		if err != nil {
			return &postgres{missing: "PostgreSQL does not run as root, and " + err.Error()}, nil
		}
		cmd.SysProcAttr.Credential = id
	}
	hold, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	dir, ok := strings.CutPrefix(strings.TrimSpace(line), "ready ")
	if !ok {
		rest, _ := io.ReadAll(out)
		return nil, fmt.Errorf("%w: %s%s", errors.Join(err, cmd.Wait()), line, rest)
	}
	p := &postgres{
		address: "postgres:///postgres?user=postgres&sslmode=disable&host=" + url.QueryEscape(dir),
		hold:    hold,
	}
	config, err := pgx.ParseConfig(p.address)
	if err != nil {
		return nil, err
	}
	p.admin = stdlib.OpenDB(*config)
	return p, nil
}

// socketDir is a directory whose name leaves room for that of a socket, which has
// 107 bytes at most, and which another user may write to.
func socketDir() string {
	dir := os.TempDir()
	info, err := os.Stat(dir)
	if err != nil || len(dir) > 60 || info.Mode().Perm()&0o002 == 0 {
		return "/tmp"
	}
	return dir
}

func postgresUser() (*syscall.Credential, error) {
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}
