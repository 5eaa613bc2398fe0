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
//	init=PATH               optional: /usr/lib/systemd/systemd
package main

import (
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

const (
	deadline = 60 * time.Second // for everything; then the machine is rebooted
	linger   = 3 * time.Second  // so that a person can read why
)

func main() {
	if os.Getpid() != 1 {
		os.Stderr.WriteString("stage0 is the init of an initramfs, and nothing else\n")
		os.Exit(2)
	}
	time.AfterFunc(deadline, func() { giveUp(errors.New("not done after " + deadline.String())) })
	giveUp(boot())
}

// boot comes back only with an error.
func boot() error {
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
	root, err := waitFor(p)
	if err != nil {
		return errors.New(err.Error() + missed)
	}
	if err := mountRoot(p, root); err != nil {
		return errors.New(err.Error() + missed)
	}
	say("<6>", p.root+" on "+root.part+" is the root, slot "+p.slot+missed)
	return become(p, root)
}

// giveUp says why and reboots. Nothing in it waits for a disk: what hangs there
// must not keep the machine from rebooting.
func giveUp(why error) {
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
