package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"jobhome/images/netconf"
	"jobhome/kiosk/durable"
	"jobhome/kiosk/profile"

	"golang.org/x/sys/unix"
)

// Files of the terminal's own directory. The terminal writes all of them but
// offered, and owns the directory: what lies there is a stranger's word.
const (
	offeredFile = "offered.txt"  // a profile that somebody put on the boot partition; the terminal asks whether to take it
	networkFile = "network.toml" // of the profile that was taken
	mostFile    = 64 << 10       // bytes of either
)

// site is where keeper finds and puts what a site's profile says.
type site struct {
	esp     string // where the boot partition is mounted, read-only
	data    string // the terminal's directory
	run     string // /run
	remount func(writable bool) error
	command func(ctx context.Context, name string, args ...string) error
	radios  string // /sys/class/net
	bootID  string // the file with the id of this boot (random(4))
}

func newSite() *site {
	const esp = "/run/esp"
	return &site{
		esp: esp, data: "/data/kiosk", run: "/run", radios: "/sys/class/net", bootID: "/proc/sys/kernel/random/boot_id",
		remount: func(writable bool) error { return remount(esp, writable) },
		command: func(ctx context.Context, name string, args ...string) error {
			if out, err := exec.CommandContext(ctx, name, args...).CombinedOutput(); err != nil {
				return fmt.Errorf("%s: %w: %.200s", name, err, bytes.TrimSpace(out))
			}
			return nil
		},
	}
}

func remount(dir string, writable bool) error {
	flags := uintptr(unix.MS_REMOUNT | unix.MS_NODEV | unix.MS_NOSUID | unix.MS_NOEXEC)
	if !writable {
		flags |= unix.MS_RDONLY
	}
	if err := unix.Mount("", dir, "", flags, ""); err != nil {
		return fmt.Errorf("remount %s: %w", dir, err)
	}
	return nil
}

// runSite sets network, time and screen from what the site's profile says.
func runSite(ctx context.Context, out io.Writer, args []string) error {
	s := newSite()
	switch {
	case len(args) == 0:
		return s.start(out)
	case len(args) == 1 && args[0] == "apply":
		return s.apply(ctx, out)
	}
	return errUsage
}

// start is what is done before the network comes up. A profile that cannot be
// used keeps no terminal from starting: it says so itself on its first page.
func (s *site) start(out io.Writer) error {
	if err := s.takeOver(); err != nil {
		fmt.Fprintf(out, "site.txt: %v\n", err)
	}
	if err := s.sayBoot(); err != nil {
		fmt.Fprintf(out, "the terminal cannot ask for a reset: %v\n", err)
	}
	_, err := s.render(out)
	return err
}

// bootFile is the id of this boot, below /run: the terminal's sandbox hides the
// kernel's own, and a wish of the terminal is good in one boot only.
const bootFile = "jobhome/boot-id"

func (s *site) sayBoot() error {
	id, err := os.ReadFile(s.bootID)
	if err != nil {
		return err
	}
	return replace(filepath.Join(s.run, bootFile), netconf.File{Mode: 0o644, Text: string(id)})
}

// apply is what is done when the terminal wrote another network: the same files,
// and whoever reads them is told.
func (s *site) apply(ctx context.Context, out io.Writer) error {
	changed, err := s.render(out)
	if err != nil {
		return err
	}
	var errs []error
	do := func(name string, args ...string) { errs = append(errs, s.command(ctx, name, args...)) }
	if changed[netconf.Wire] || changed[netconf.Wireless] || changed[netconf.Modem] {
		do("systemctl", "--no-block", "restart", "systemd-networkd.service") // networkctl would need the bus, which may not run yet
	}
	if changed[netconf.Supplicant] {
		for _, radio := range s.wireless() {
			do("systemctl", "--no-block", "restart", "jobhome-wifi@"+radio+".service")
		}
	}
	if changed[netconf.Time] {
		do("systemctl", "--no-block", "try-restart", "systemd-timesyncd.service")
	}
	if changed[netconf.Touch] {
		do("udevadm", "control", "--reload")
		do("udevadm", "trigger", "--subsystem-match=input", "--action=change")
	}
	if changed[netconf.Screen] {
		do("systemctl", "--no-block", "try-restart", "kiosk.service")
	}
	return errors.Join(errs...)
}

// wireless lists the radios. Names of interfaces hold no slash.
func (s *site) wireless() []string {
	found, _ := filepath.Glob(filepath.Join(s.radios, "*", "phy80211"))
	var all []string
	for _, path := range found {
		all = append(all, filepath.Base(filepath.Dir(path)))
	}
	return all
}

// takeOver brings a profile from the boot partition, where everybody who takes the
// card out can read it, to the terminal's directory, and overwrites its bytes
// there. It is copied first: a cut leaves both, and the next start goes on. A file
// that cannot be read as a profile is copied too, so that the terminal can say what
// is wrong with it, and stays for whoever mends it. What the card's own controller
// keeps of the old bytes is out of reach.
func (s *site) takeOver() error {
	path := filepath.Join(s.esp, "jobhome", "site.txt")
	text, err := readRegular(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && bare(text) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.put(offeredFile, text); err != nil {
		return err
	}
	if _, err := profile.Parse("site.txt", text); err != nil {
		return err
	}
	if err := s.remount(true); err != nil {
		return err
	}
	return errors.Join(blank(path, len(text)), s.remount(false))
}

// bare reports whether a file says nothing: blank lines and comments.
func bare(text []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF")))
		if len(line) > 0 && line[0] != '#' {
			return false
		}
	}
	return true
}

const taken = "# 已读入本机，密码已从这里清除。\r\n# Taken over by the terminal; its secrets were wiped here.\r\n"

// blank overwrites n bytes of a file where they lie, and then says that they were
// taken over. Blanks alone are no profile either, if it is cut in between.
func blank(path string, n int) error {
	f, err := os.OpenFile(path, os.O_WRONLY|unix.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(bytes.Repeat([]byte(" "), n), 0)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		_, err = f.WriteAt([]byte(taken), 0)
	}
	if err == nil {
		err = errors.Join(f.Truncate(int64(len(taken))), f.Sync())
	}
	return errors.Join(err, f.Close())
}

// readRegular reads a file of the boot partition.
func readRegular(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	return readAll(f)
}

// readAll reads an open file that must be a plain one of no more than its due, and
// closes it.
func readAll(f *os.File) ([]byte, error) {
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > mostFile {
		return nil, fmt.Errorf("%s is no file of at most %d bytes", f.Name(), mostFile)
	}
	return io.ReadAll(io.LimitReader(f, mostFile))
}

// put writes a file into the terminal's directory for it to own. The directory is
// the terminal's: nothing outside is reached by a link in it, and no file of
// another is written into.
func (s *site) put(name string, text []byte) error {
	root, err := os.OpenRoot(s.data)
	if err != nil {
		return err
	}
	defer root.Close()
	info, err := root.Stat(".")
	if err != nil {
		return err
	}
	temp := name + ".keeper"
	if err := root.RemoveAll(temp); err != nil {
		return err
	}
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 {
		err = f.Chown(int(st.Uid), int(st.Gid))
	}
	if err := errors.Join(err, durable.Fill(f, text)); err != nil {
		return err
	}
	if err := root.Rename(temp, name); err != nil {
		return err
	}
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// get reads a file of the terminal's directory.
func (s *site) get(name string) ([]byte, error) {
	root, err := os.OpenRoot(s.data)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.OpenFile(name, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	return readAll(f)
}

// machine is what the profile on offer says, so that a terminal has a network when
// it is asked about it; else what the terminal has taken; else the usual.
func (s *site) machine(out io.Writer) profile.Machine {
	text, err := s.get(offeredFile)
	if err == nil {
		p, err := profile.Parse(offeredFile, text)
		if err == nil {
			return p.Machine
		}
		fmt.Fprintf(out, "%v\n", err)
	}
	if text, err = s.get(networkFile); err == nil {
		m, err := profile.ParseMachine(networkFile, text)
		if err == nil {
			return m
		}
		fmt.Fprintf(out, "%v\n", err)
	} else if !errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(out, "%s: %v\n", networkFile, err)
	}
	return profile.Machine{Zone: "Asia/Shanghai"}
}

// render writes the files that the system reads, takes away those that there must
// not be, and tells which have changed.
func (s *site) render(out io.Writer) (changed map[string]bool, err error) {
	files, err := netconf.Render(s.machine(out))
	if err != nil {
		return nil, err
	}
	changed = map[string]bool{}
	wanted := map[string]netconf.File{}
	for _, f := range files {
		wanted[f.Path] = f
	}
	for _, path := range netconf.Paths() {
		f, ok := wanted[path]
		old, err := os.ReadFile(filepath.Join(s.run, path))
		there := err == nil
		switch {
		case ok && there && string(old) == f.Text || !ok && !there:
			continue
		case !ok:
			err = os.Remove(filepath.Join(s.run, path))
		default:
			err = replace(filepath.Join(s.run, path), f)
		}
		if err != nil {
			return nil, err
		}
		changed[path] = true
		fmt.Fprintf(out, "%s\n", path)
	}
	return changed, nil
}

// mode755 lets the system's own programs, which are not all root, read below /run.
const mode755 = 0o755

func replace(path string, file netconf.File) error {
	if err := os.MkdirAll(filepath.Dir(path), mode755); err != nil {
		return err
	}
	temp := path + ".new"
	_ = os.Remove(temp) // of an older mode, perhaps
	if err := os.WriteFile(temp, []byte(file.Text), file.Mode); err != nil {
		return err
	}
	if err := os.Chmod(temp, file.Mode); err != nil { // whatever the umask
		return err
	}
	return os.Rename(temp, path)
}
