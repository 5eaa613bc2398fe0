// Command stage0 is /init of the image's initramfs: it loads the modules it was
// given, finds the slot's root, opens it through dm-verity against the hash on
// the kernel's command line, and becomes the system's init on it. When that
// cannot be, it says why in one line and reboots, so that the boot loader's
// counter comes to the other slot: never a shell, never a wait without an end.
//
// The command line (Documentation/admin-guide/kernel-parameters.rst says how the
// kernel hands it on):
//
//	jobhome.root=NAME       the partition's name, jobhome-root-a or -b
//	jobhome.roothash=HEX    the root hash of its dm-verity tree
//	jobhome.hashstart=N     where the tree's superblock is, in bytes
//	jobhome.slot=a|b        what /run/jobhome/slot will say
//	jobhome.disk=GUID       optional: the disk's, when several have such a partition
//	jobhome.wait=SECONDS    optional: for the partition to appear, 20; at most 50
//	jobhome.watchdog=1      optional: start the watchdog, which init must take over
//	init=PATH               optional: /usr/lib/systemd/systemd
//
// The kernel needs two more: "panic=5", because it waits for ever otherwise, and
// "gpt", without which it does not look at the table's backup.
//
// What was booted is told in /run/jobhome: the files slot and disk, and in part
// the links to the disk's partitions by their names.
package main

import (
	"errors"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

const (
	deadline = 60 * time.Second // for everything; then the machine is rebooted
	linger   = 3 * time.Second  // so that a person can read why
)

// stage0 is on its way to exactly one of two ends.
type stage0 struct {
	end atomic.Int32 // 0: not yet
}

const (
	handedOver = 1
	gaveUp     = 2
)

func main() {
	if os.Getpid() != 1 {
		os.Stderr.WriteString("stage0 is the init of an initramfs, and nothing else\n")
		os.Exit(2)
	}
	s := &stage0{}
	time.AfterFunc(deadline, func() { s.giveUp(errors.New("not done after " + deadline.String())) })
	s.giveUp(s.boot())
}

// boot comes back only with an error.
func (s *stage0) boot() error {
	if err := mountBasics(); err != nil {
		return err
	}
	line, err := os.ReadFile("/proc/cmdline")
	if err != nil {
		return err
	}
	p, err := parse(string(line))
	if err != nil {
		return err
	}
	missed := loadModules("/modules.list")
	if p.watchdog {
		if err := s.feed("/dev/watchdog"); err != nil {
			missed += " (" + err.Error() + ")"
		}
	}
	root, err := waitFor(p)
	if err != nil {
		return errors.New(err.Error() + missed)
	}
	if err := mountRoot(p, root); err != nil {
		return errors.New(err.Error() + missed)
	}
	say("<6>", p.root+" on "+root.part+" is the root, slot "+p.slot+missed)
	if err := changeRoot(p, root); err != nil {
		return err
	}
	if !s.end.CompareAndSwap(0, handedOver) {
		select {} // the deadline was first
	}
	err = unix.Exec(p.init, []string{p.init}, []string{"TERM=linux", "PATH=/usr/sbin:/usr/bin"})
	s.end.Store(0)
	return errors.New("exec " + p.init + " on " + p.root + ": " + err.Error())
}

// giveUp says why and reboots. Nothing in it waits for a disk: what hangs there
// must not keep the machine from rebooting. It does not come back, but where the
// init has the machine already.
func (s *stage0) giveUp(why error) {
	if !s.end.CompareAndSwap(0, gaveUp) {
		if s.end.Load() == gaveUp {
			select {} // for the other reason
		}
		return
	}
	say("<2>", why.Error()+"; rebooting")
	go unix.Sync()
	time.Sleep(linger)
	go func() {
		_ = unix.Reboot(unix.LINUX_REBOOT_CMD_RESTART)
	}()
	time.Sleep(linger)
	_ = os.WriteFile("/proc/sysrq-trigger", []byte("b"), 0) // when a device keeps it from going down
	os.Exit(1)                                              // and the kernel panics
}

// feed keeps the machine's watchdog quiet until the init is there. What takes
// longer than its patience after that, or a reboot that hangs, ends with it: the
// init must open it too, soon (systemd: RuntimeWatchdogSec).
func (s *stage0) feed(device string) error {
	f, err := os.OpenFile(device, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	go func() {
		for s.end.Load() != gaveUp {
			_, _ = f.Write([]byte{0})
			time.Sleep(2 * time.Second)
		}
	}()
	return nil
}

// say puts a line into the kernel's log, which every console shows, with its
// level in front.
func say(level, line string) {
	f, err := os.OpenFile("/dev/kmsg", os.O_WRONLY, 0)
	if err != nil {
		os.Stderr.WriteString("stage0: " + line + "\n")
		return
	}
	defer f.Close()
	_, _ = f.WriteString(level + "stage0: " + line + "\n")
}
